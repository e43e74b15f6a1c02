"""Rules of learning."""

import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.rules import (
    AssigningUnit,
    delivering_unit,
    draw,
    missing,
    next_attempt_at,
    passes,
    responsible_level,
)
from lms.units.models import Level

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def test_what_is_missing_is_listed_in_course_order():
    left = missing([1, 2, 3], {2}, [7, 8], {8})
    assert (left.lessons, left.quizzes) == ((1, 3), (7,))
    assert not left.nothing
    assert missing([1], {1, 9}, [7], {7}).nothing


@pytest.mark.parametrize(
    ("done", "most", "hours_ago", "opens_in"),
    [
        (0, 3, 0, None),
        (2, 3, 0, None),
        (3, 3, 1, 23),
        (3, 3, 25, None),
        (4, 3, 0, None),
        (6, 3, 2, 22),
        (9, 0, 0, None),
    ],
)
def test_attempts_come_in_rounds_with_a_pause_between(done, most, hours_ago, opens_in):
    submitted = [NOW - timedelta(hours=hours_ago + place) for place in range(done)]
    expected = None if opens_in is None else NOW + timedelta(hours=opens_in)
    assert next_attempt_at(submitted, most, 24, NOW) == expected


@given(st.integers(1, 40), st.integers(1, 60), st.randoms(use_true_random=False))
def test_a_draw_has_no_repetition_and_stays_in_the_pool(size, count, dice):
    pool = [{"key": str(number)} for number in range(size)]
    drawn = [question["key"] for question in draw(pool, count, dice)]
    assert len(drawn) == len(set(drawn)) == min(size, count)
    assert set(drawn) <= {question["key"] for question in pool}


def test_two_draws_differ():
    pool = [{"key": str(number)} for number in range(50)]
    assert draw(pool, 20, random.Random(1)) != draw(pool, 20, random.Random(2))


@given(st.integers(1, 60), st.integers(0, 100))
def test_the_pass_mark_is_exact(max_points, percent):
    needed = Fraction(percent * max_points, 100)
    assert passes(needed, max_points, percent)
    assert not passes(needed - Fraction(1, 10**6), max_points, percent)


@pytest.mark.parametrize(
    ("members", "level"),
    [
        (None, None),
        (0, Level.direct_upper),
        (999, Level.direct_upper),
        (1000, Level.provincial),
        (2499, Level.provincial),
        (2500, Level.central),
    ],
)
def test_bands_of_responsibility(members, level):
    assert responsible_level(members) is level


def test_the_deliverer_is_the_responsible_assigner_else_the_first_else_the_owner():
    province, commune = AssigningUnit(1, Level.provincial, 0), AssigningUnit(2, Level.direct_upper, 1)
    assert delivering_unit([province, commune], Level.direct_upper, 9) == 2
    assert delivering_unit([province, commune], Level.central, 9) == 1
    assert delivering_unit([commune, province], None, 9) == 1
    assert delivering_unit([], Level.central, 9) == 9
    assert delivering_unit([], None, None) is None
