"""The evaluator: values of a programme for a unit on a day, split by child unit, and the lists behind each value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, Subquery, and_, case, exists, func, select
from sqlalchemy.orm import Session

from lms.audiences.queries import posts_in
from lms.audiences.rules import PostRule
from lms.indicators.population import RANK, Question, people
from lms.indicators.rules import Indicator, Programme, Reason, State, percent, state_of
from lms.people.models import Person
from lms.units.models import Post, Unit, UnitCount, UnitVersion
from lms.units.queries import above, require_in_force
from lms.units.tree import subtree

COLUMNS = ("full_time", "womens_affairs", "selection", "first_time")
"""The columns of a post that a roster may lack."""

_KNOWN = (func.count().label("posts"), *(func.count(getattr(Post, name)).label(name) for name in COLUMNS))


@dataclass(frozen=True)
class Value:
    """An indicator's value. `term_unknown` (among the untrained) and `mapped` count people; `excluded` by reason."""

    indicator: Indicator
    numerator: int
    denominator: int
    state: State
    overdue: bool
    term_unknown: int = 0
    mapped: int = 0
    excluded: dict[Reason, int] = field(default_factory=dict)

    @property
    def percent(self) -> float | None:
        """Percentage with one decimal; None without a denominator."""
        return percent(self.numerator, self.denominator)

    @property
    def remainder(self) -> int:
        """People in the denominator who are not trained."""
        return self.denominator - self.numerator

    @property
    def excluded_total(self) -> int:
        """People left out for a reason."""
        return sum(self.excluded.values())


@dataclass(frozen=True)
class Codes:
    """Cadre codes behind a value, each list sorted; excluded with the reason."""

    trained: list[str]
    untrained: list[str]
    excluded: list[tuple[str, Reason]]


def ask(session: Session, programme: Programme, unit: Unit, on: date, known_by: date | None = None) -> Question:
    """The question about a unit on a day; refuses (`unit_not_in_force`) when the unit has no values that day."""
    require_in_force(unit, on)
    return Question(programme, unit.id, on, known_by, above(session, unit.id, on))


def values(session: Session, question: Question) -> list[Value]:
    """The values of the programme's indicators, in their order; a few statements, however many people there are."""
    known = _known_columns(session, question)
    return [
        _value(
            indicator,
            session.execute(_totals(people(indicator, question))).one(),
            roster=_enough(indicator, known),
            missing=known is not None and _facts_missing(session, indicator.population, question.on),
        )
        for indicator in question.programme.indicators
    ]


def value(session: Session, indicator: Indicator, question: Question) -> Value:
    """One indicator's value."""
    row = session.execute(_totals(people(indicator, question))).one()
    known = _known_columns(session, question)
    missing = known is not None and _facts_missing(session, indicator.population, question.on)
    return _value(indicator, row, roster=_enough(indicator, known), missing=missing)


def roster_size(session: Session, question: Question) -> int:
    """People with a post in force in the subtree on that day."""
    tree = subtree(question.unit_id, question.on)
    posts = posts_in(tree, question.on).add_columns(func.count(Post.person_id.distinct()))
    return int(session.execute(posts).scalar_one())


def _known(row: Row[Any]) -> frozenset[str]:
    return frozenset(name for name in COLUMNS if getattr(row, name))


def _known_columns(session: Session, question: Question) -> frozenset[str] | None:
    """The columns known of at least one post in force in the subtree; None where there is no such post."""
    row = session.execute(posts_in(subtree(question.unit_id, question.on), question.on).add_columns(*_KNOWN)).one()
    return _known(row) if row.posts else None


def _enough(indicator: Indicator, known: frozenset[str] | None) -> bool:
    """Whether the roster can answer: an indicator that needs an absent column has no data (ROSTER.md)."""
    return known is not None and indicator.flags() <= known


def values_by_child(session: Session, indicator: Indicator, question: Question) -> dict[int, Value]:
    """The values of one indicator for the branches under the unit, by child unit id; at most three statements.

    A person with posts in two branches counts in each. Children without posts are absent.
    """
    persons = people(indicator, question, by_branch=True)
    rows = session.execute(_totals(persons, persons.c.branch_id)).all()
    tree = subtree(question.unit_id, question.on)
    posts = posts_in(tree, question.on).add_columns(tree.c.branch_id, *_KNOWN).group_by(tree.c.branch_id)
    enough = {row.branch_id: _enough(indicator, _known(row)) for row in session.execute(posts)}
    missing = _facts_missing(session, indicator.population, question.on)
    found = {
        row.branch_id: _value(indicator, row, roster=enough[row.branch_id], missing=missing)
        for row in rows
        if row.branch_id is not None
    }
    for branch in enough.keys() - {None} - found.keys():
        state = state_of(0, 0, indicator.target, roster=enough[branch], unknown=missing)
        found[branch] = Value(indicator, 0, 0, state, overdue=False)
    return found


def _totals(persons: Subquery, *keys: Any) -> Select[Any]:
    inside, trained = persons.c.inside == 1, persons.c.trained == 1

    def number(*conditions: Any) -> Any:
        return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)

    query = select(
        *keys,
        number(inside).label("denominator"),
        number(inside, trained).label("numerator"),
        number(inside, ~trained, persons.c.late == 1).label("late"),
        number(inside, ~trained, persons.c.term_unknown == 1).label("term_unknown"),
        number(inside, persons.c.mapped == 1).label("mapped"),
        number(~inside, persons.c.flag_unknown == 1).label("unknown"),
        *(number(~inside, persons.c.reason == RANK[reason]).label(reason.value) for reason in Reason),
    )
    return query.group_by(*keys) if keys else query


def _value(indicator: Indicator, row: Row[Any], *, roster: bool, missing: bool) -> Value:
    excluded = {reason: int(getattr(row, reason.value)) for reason in Reason if getattr(row, reason.value)}
    numerator, denominator = int(row.numerator), int(row.denominator)
    unknown = missing or row.unknown > 0
    state = state_of(numerator, denominator, indicator.target, roster=roster, unknown=unknown)
    return Value(
        indicator,
        numerator,
        denominator,
        state,
        overdue=state is State.not_met and row.late > 0,
        term_unknown=int(row.term_unknown),
        mapped=int(row.mapped),
        excluded=excluded,
    )


def _facts_missing(session: Session, rule: PostRule, on: date) -> bool:
    """Whether the rule needs a fact about units that no unit of the installation has (ROSTER.md: absent column)."""
    known = {
        "members": exists().where(UnitCount.members.is_not(None), UnitCount.counted_on <= on),
        "workers": exists().where(UnitCount.workers.is_not(None), UnitCount.counted_on <= on),
        "sectors": exists().where(UnitVersion.sector.is_not(None)),
        "kinds": exists().where(UnitVersion.kind.is_not(None)),
    }
    needed = [condition for name, condition in known.items() if rule.needs(name)]
    return bool(needed) and not session.scalar(select(and_(*needed)))


def codes(session: Session, indicator: Indicator, question: Question) -> Codes:
    """The cadre codes of the trained, the untrained and the excluded, in one statement."""
    persons = people(indicator, question)
    rows = session.execute(
        select(Person.code, persons.c.inside, persons.c.trained, persons.c.reason)
        .join(persons, persons.c.person_id == Person.id)
        .order_by(Person.code)
    ).all()
    ordered = sorted(rows, key=lambda row: row.code)
    ranked = {rank: reason for reason, rank in RANK.items()}
    return Codes(
        [row.code for row in ordered if row.inside and row.trained],
        [row.code for row in ordered if row.inside and not row.trained],
        [(row.code, ranked[row.reason]) for row in ordered if not row.inside],
    )
