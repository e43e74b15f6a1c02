"""The day a page is asked for (`?ngay=22/06/2026`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import request


@dataclass(frozen=True)
class AskedDay:
    """The day to show, and the words typed where they were not a day (the page says so and shows the usual day)."""

    on: date
    misread: str | None = None

    @property
    def text(self) -> str:
        """What stands in the date box."""
        return self.misread or self.on.strftime("%d/%m/%Y")


def asked_day(usual: date, parameter: str = "ngay") -> AskedDay:
    """The day in the address, as dd/mm/yyyy or yyyy-mm-dd; the usual day where there is none."""
    typed = request.args.get(parameter, "").strip()
    if not typed:
        return AskedDay(usual)
    found = read_day(typed)
    return AskedDay(found) if found else AskedDay(usual, typed[:40])


def read_day(typed: str) -> date | None:
    """The day that somebody typed, None where it is none."""
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y"):
        try:
            found = datetime.strptime(typed.strip(), form).date()  # noqa: DTZ007 - a day, not a time
        except ValueError:
            continue
        return found if 1900 <= found.year <= 2200 else None
    return None
