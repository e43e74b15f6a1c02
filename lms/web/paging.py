"""Pages of long lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session


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
        arguments: dict[str, Any] = {
            **request.args.to_dict(flat=False),
            **(request.view_args or {}),
            self.parameter: number,
        }
        return url_for(request.endpoint or "", **arguments)


def page_of(total: int, *, size: int = 50, parameter: str = "trang") -> Page:
    """The page asked for by the address (`?trang=2`), held within the list."""
    pages = max(1, -(-total // size))
    asked = request.args.get(parameter, 1, type=int)
    return Page(min(max(asked, 1), pages), pages, total, size, parameter)


def paginate(session: Session, query: Any, *, size: int = 50) -> tuple[list[Any], Page]:
    """The rows of the page asked for, and the page; the query carries its own deterministic order."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    page = page_of(total, size=size)
    return list(session.execute(query.limit(size).offset(page.offset)).all()), page
