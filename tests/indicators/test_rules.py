from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.indicators.rules import (
    ClockKind,
    State,
    due_before,
    is_met,
    missing_for_target,
    percent,
    state_of,
    window_end,
    window_start,
    year_before,
)
from lms.indicators.schema import programmes
from lms.temporal import add_years


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (1, 16, 6.3),
        (1, 3, 33.3),
        (2, 3, 66.7),
        (1, 2000, 0.1),
        (1, 2001, 0.0),
        (0, 5, 0.0),
        (5, 5, 100.0),
        (0, 0, None),
    ],
)
def test_percent_has_one_decimal_half_up(numerator, denominator, shown):
    assert percent(numerator, denominator) == shown


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_percent_agrees_with_decimal_arithmetic(numerator, denominator):
    exact = Decimal(numerator) * 100 / Decimal(denominator)
    assert percent(numerator, denominator) == float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def test_a_falling_number_rounds_away_from_zero():
    assert percent(-1, 16) == -6.3


def test_a_target_is_met_in_whole_numbers():
    assert is_met(80, 100, 80)
    assert not is_met(79_999, 100_000, 80)
    assert percent(79_999, 100_000) == 80.0
    assert not is_met(0, 0, 100)


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(1, 100))
def test_those_missing_are_just_enough(numerator, denominator, target):
    missing = missing_for_target(min(numerator, denominator), denominator, target)
    assert is_met(min(numerator, denominator) + missing, denominator, target)
    assert missing == 0 or not is_met(min(numerator, denominator) + missing - 1, denominator, target)


@pytest.mark.parametrize(
    ("numerator", "denominator", "target", "roster", "unknown", "state"),
    [
        (0, 0, 100, False, False, State.no_data),
        (0, 0, 100, True, False, State.nobody),
        (0, 0, 100, True, True, State.no_data),
        (1, 1, 100, True, True, State.met),
        (0, 1, None, True, False, State.no_target),
        (3, 4, 80, True, False, State.not_met),
    ],
)
def test_states(numerator, denominator, target, roster, unknown, state):
    assert state_of(numerator, denominator, target, roster=roster, unknown=unknown) is state


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.integers(-800, 800))
def test_a_deadline_has_passed_on_the_day_after_it(start, days):
    on = add_years(start, 2) + timedelta(days=days)
    assert (start < due_before(on, 2)) == (on > add_years(start, 2))


def test_the_year_before_a_leap_day():
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert year_before(date(2027, 3, 1)) == date(2026, 3, 1)


def test_windows():
    old, new = programmes()["D0"], programmes()["D2"]
    on = date(2026, 2, 28)
    assert window_start(ClockKind.programme, old, on) == date(2013, 12, 31)
    assert window_end(ClockKind.programme, old, on) == date(2018, 12, 31)
    assert window_end(ClockKind.ever, old, on) == on
    assert window_start(ClockKind.year, new, on) == date(2026, 1, 1)
    assert window_start(ClockKind.ever, new, on) is None


def test_an_ended_programme_opens_on_its_last_day():
    assert programmes()["D1"].opens_on(date(2026, 11, 21)) == date(2023, 12, 31)
    assert programmes()["D2"].opens_on(date(2026, 11, 21)) == date(2026, 11, 21)
    assert programmes()["D1"].opens_on(date(2020, 1, 1)) == date(2020, 1, 1)
