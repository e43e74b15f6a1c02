"""Dates and periods."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.temporal import Period, add_months, add_years, vn_day_end, vn_day_start, vn_today

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


def test_the_vietnamese_day_begins_at_17_utc():
    assert vn_today(datetime(2026, 12, 31, 16, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert vn_today(datetime(2026, 12, 31, 17, 0, tzinfo=UTC)) == date(2027, 1, 1)


@given(DAYS)
def test_a_day_reaches_from_its_start_to_its_end(day):
    assert vn_today(vn_day_start(day)) == day
    assert (vn_day_end(day) - vn_day_start(day)).days == 1
    assert vn_today(vn_day_end(day)) > day


@pytest.mark.parametrize(("day", "back"), [("2024-02-29", "2023-02-28"), ("2026-11-21", "2025-11-21")])
def test_a_year_before(day, back):
    assert add_years(date.fromisoformat(day), -1) == date.fromisoformat(back)


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-12-15", 1, "2027-01-15"), ("2024-02-29", 12, "2025-02-28")],
)
def test_months_end_where_the_month_ends(day, months, result):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(result)


@given(DAYS, DAYS, DAYS, DAYS, DAYS)
def test_two_periods_overlap_when_they_share_a_day(a, b, c, d, day):
    if a == b or c == d:
        return
    first, second = Period(min(a, b), max(a, b)), Period(min(c, d), max(c, d))
    if day in first and day in second:
        assert first.overlaps(second)
    assert first.overlaps(second) == second.overlaps(first)
    assert first.overlaps(Period(date(1900, 1, 1)))
    assert not Period(min(a, b), max(a, b)).overlaps(Period(max(a, b)))


def test_a_period_ends_after_it_starts():
    with pytest.raises(ValueError, match="ends after"):
        Period(date(2026, 1, 1), date(2026, 1, 1))
