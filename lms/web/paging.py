"""Pages of long lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Map

MOST = 2**31 - 1
"""The greatest number taken from an address."""


class KeyConverter(IntegerConverter):
    """`<int:…>` in a route: a number that the database can hold; a greater one is an unknown address."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": MOST, **options})


@dataclass(frozen=True)
class Page:
    """One page of a list: its `number` (from 1) of `pages`, `total` rows in all, and the addresses of the others."""

    number: int
    pages: int
    total: int
    size: int
    parameter: str = "trang"

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size

    def url_for(self, number: int) -> str:
        """The address of another page, the rest of the address as it is."""
        arguments: dict[str, Any] = {**kept_arguments(), **(request.view_args or {}), self.parameter: number}
        return url_for(request.endpoint or "", **arguments)


def kept_arguments(*left_out: str) -> dict[str, list[str]]:
    """What the address asks for, to be asked for again by `url_for`: without the arguments named, those of the route,
    and what `url_for` would take as an order to itself (`_external`, `_scheme`, …)."""
    taken = {"endpoint", *left_out, *(request.view_args or {})}
    arguments = request.args.to_dict(flat=False)
    return {key: values for key, values in arguments.items() if key not in taken and not key.startswith("_")}


def asked_number(parameter: str) -> int | None:
    """A whole number in the address, as far as the database can hold it; None for anything else."""
    found = request.args.get(parameter, type=int)
    return found if found is not None and abs(found) <= MOST else None


def page_of(total: int, *, size: int = 50, parameter: str = "trang") -> Page:
    """The page asked for by the address (`?trang=2`), held within the list."""
    pages = max(1, -(-total // size))
    asked = asked_number(parameter) or 1
    return Page(min(max(asked, 1), pages), pages, total, size, parameter)


def paginate(session: Session, query: Any, *, size: int = 50) -> tuple[list[Any], Page]:
    """The rows of the page asked for, and the page; the query carries its own deterministic order."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    page = page_of(total, size=size)
    return list(session.execute(query.limit(size).offset(page.offset)).all()), page
