"""Dates and times: half-open periods, the Vietnamese day, calendar arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Việt Nam keeps UTC+7 the whole year."""

ALWAYS = date.min
"""Start of a period without a known start ("from always")."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present as an aware UTC time; the default clock of every edge."""
    return datetime.now(UTC)


def vn_today(at: datetime) -> date:
    """The calendar day in Việt Nam at the moment `at` (aware)."""
    return at.astimezone(VIETNAM).date()


def vn_day_end(day: date) -> datetime:
    """The first moment after `day` in Việt Nam, as UTC: "known by K" means recorded before it."""
    return datetime.combine(day + timedelta(days=1), time.min, VIETNAM).astimezone(UTC)


def vn_day_start(day: date) -> datetime:
    """The first moment of `day` in Việt Nam, as UTC."""
    return datetime.combine(day, time.min, VIETNAM).astimezone(UTC)


def add_years(day: date, years: int) -> date:
    """The same day `years` later (or earlier); 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or the month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


@dataclass(frozen=True)
class Period:
    """Half-open days: `start` is in, `end` is the first day out; no end means still open."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError("a period ends after it starts")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share at least one day."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)
