"""The evaluator against a slow one written apart from it, over random small histories, on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from lms.errors import Refused
from lms.indicators.elearning import elearning, learner_codes, reach
from lms.indicators.lists import Listed, evidence, people_page
from lms.indicators.queries import ask, codes, roster_size, value, values_by_child
from lms.indicators.rules import Reason, year_before
from lms.indicators.schema import programmes
from lms.units.models import Unit
from tests.indicators import naive
from tests.indicators.worlds import load, make_world

EVERY = [(programme, indicator) for programme in programmes().values() for indicator in programme.indicators]
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@st.composite
def asked(draw: st.DrawFn) -> tuple[naive.World, int, date, date | None]:
    """A history, one of its units, a day and perhaps a day of knowledge."""
    chance = Random(draw(st.integers(0, 2**48)))
    world, days = make_world(chance)
    on = chance.choice(days[len(days) // 4 :])
    units = [unit for unit in range(len(world.units)) if naive.alive(world, unit, on)]
    unit = (
        chance.choice([*units[:1] * 2, *units])
        if units and chance.random() < 0.95
        else chance.randrange(len(world.units))
    )
    return world, unit, on, chance.choice([None, chance.choice(days)])


def _names(numbers: set[int] | dict[int, list[int]]) -> list[str]:
    return sorted(f"P{number + 1}" for number in numbers)


def compare(session: Session, world: naive.World, number: int, on: date, known_by: date | None) -> None:
    """Everything the product says about one unit on one day, against the slow evaluator."""
    unit = session.get_one(Unit, number + 1)
    if not naive.alive(world, number, on):
        with pytest.raises(Refused, match="unit_not_in_force"):
            ask(session, programmes()["D2"], unit, on, known_by)
        return
    for place, (programme, indicator) in enumerate(EVERY):
        question = ask(session, programme, unit, on, known_by)
        expected = naive.evaluate(indicator.code, world, number, on, known_by)
        found, named = value(session, indicator, question), codes(session, indicator, question)
        where = f"{indicator.code} of U{number + 1} on {on} known by {known_by}"
        assert named.trained == _names(expected.trained), where
        assert named.untrained == _names(expected.untrained), where
        assert sorted(code for code, _ in named.excluded) == _names(expected.unknown | expected.designated), where
        assert sorted(c for c, r in named.excluded if r is Reason.designated) == _names(expected.designated), where
        assert (found.numerator, found.denominator) == (len(named.trained), len(named.trained) + len(named.untrained))
        assert (found.state.value, found.overdue) == (expected.state, expected.overdue), where
        assert found.percent == (None if expected.percent is None else float(expected.percent)), where
        assert found.excluded_total == len(named.excluded), where
        if place % 4 != len(world.records) % 4:
            continue
        if expected.trained:
            event(f"somebody trained: {indicator.code}")
            proofs = evidence(session, indicator, question, [person + 1 for person in expected.trained])
            assert {p - 1: sorted(e.record_id - 1 for e in rows) for p, rows in proofs.items()} == expected.trained, (
                where
            )
            page = people_page(session, indicator, question, Listed.trained)
            assert sorted(line.code for line in page.lines) == named.trained, where
        split = values_by_child(session, indicator, question)
        for child in range(len(world.units)):
            if naive.alive(world, child, on) and naive.parent(world, child, on) == number:
                part, alone = split.get(child + 1), naive.evaluate(indicator.code, world, child, on, known_by)
                if part is None:
                    assert alone.state == "no_data", where
                else:
                    assert (part.numerator, part.denominator) == (
                        len(alone.trained),
                        len(alone.trained) + len(alone.untrained),
                    ), where
                    assert (part.state.value, part.overdue) == (alone.state, alone.overdue), where
    question = ask(session, programmes()["D2"], unit, on, known_by)
    people, learners, turns, all_turns = naive.elearning(world, number, on, known_by)
    counted = reach(session, question)
    assert (counted.population, counted.learners, counted.turns, counted.all_turns) == (
        people,
        learners,
        turns,
        all_turns,
    )
    assert roster_size(session, question) == people
    learned, others = learner_codes(session, question)
    assert (len(learned), len(others)) == (learners, people - learners)
    before, base = year_before(on), None
    if naive.alive(world, number, before):
        base = naive.elearning(world, number, before, known_by)[1]
    told = elearning(session, question)
    assert told.learners_before == base
    if base:
        change = (Decimal(learners - base) * 100 / base).quantize(Decimal("0.1"), "ROUND_HALF_UP")
        assert told.change == float(change)


def _check(session: Session, case: tuple[naive.World, int, date, date | None]) -> None:
    world, unit, on, known_by = case
    savepoint = session.begin_nested()
    try:
        load(session, world)
        compare(session, world, unit, on, known_by)
    finally:
        savepoint.rollback()
        session.expunge_all()


@settings(max_examples=20, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(asked())
def test_evaluator_agrees_with_the_slow_one(session, case):
    _check(session, case)


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=QUIET)
@given(asked())
def test_evaluator_agrees_with_the_slow_one_at_length(session, case):
    _check(session, case)
