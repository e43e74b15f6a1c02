"""Makers of rows for tests; each mirrors a slice and flushes what it makes. Dates may be given as ISO text."""

from __future__ import annotations

from datetime import date


def day(value: str | date | None) -> date | None:
    """A date from ISO text, a date as it is, None as None."""
    return date.fromisoformat(value) if isinstance(value, str) else value
