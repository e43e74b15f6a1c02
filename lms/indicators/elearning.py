"""The E-learning section of D2 (I.2.3, II.3.3, III.1): counts without target (PROGRAMMES.md, D2-E1 to D2-E5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lms.audiences.queries import holds, posts_in
from lms.audiences.rules import GROUP_RULES, LearnerGroup
from lms.catalogue.models import Course, CourseVersion
from lms.indicators.population import Question, counting
from lms.indicators.rules import State, percent, year_before
from lms.ledger.models import Mode, TrainingRecord
from lms.people.models import Gender, Person
from lms.temporal import vn_day_end
from lms.text import fold
from lms.units.models import Level, Post, Unit, UnitVersion
from lms.units.queries import is_in_force
from lms.units.tree import subtree

K = TypeVar("K")

ONLINE = (Mode.online, Mode.blended)


@dataclass(frozen=True)
class Built:
    """Content built (D2-E1)."""

    courses: int
    lessons: int


@dataclass(frozen=True)
class Reach:
    """Of some people: how many there are, how many learned online or blended this year, in how many turns (lượt), and
    how many turns of any mode they had, `stated` of them with a known mode."""

    population: int
    learners: int
    turns: int
    all_turns: int
    stated: int

    @property
    def known(self) -> bool:
        """Whether the rows say how people learned: an absent column means unknown, not no (ROSTER.md)."""
        return self.stated > 0 or self.all_turns == 0


@dataclass(frozen=True)
class Count:
    """One count in the form of an indicator; D2-E4's denominator is the year before, its percent the growth."""

    code: str
    numerator: int
    denominator: int | None
    percent: float | None
    state: State


@dataclass(frozen=True)
class Elearning:
    """D2-E1 to D2-E5 for a unit on a day. `learners_before`: the learners on the same day a year before; None when
    the unit was not in force then."""

    built: Built
    built_by_group: dict[LearnerGroup, Built]
    reach: Reach
    learners_before: int | None
    before_on: date

    @property
    def change(self) -> float | None:
        """Growth of learners against the year before, in percent; None without a base."""
        before = self.learners_before
        return percent(self.reach.learners - before, before) if before else None

    def counts(self, *, roster: bool) -> list[Count]:
        """The five counts in the form of indicators."""
        reach, before = self.reach, self.learners_before
        told = roster and reach.known
        fixed = State.no_target if told else State.no_data

        def of(numerator: int, denominator: int) -> tuple[float | None, State]:
            state = State.nobody if told and denominator == 0 else fixed
            return percent(numerator, denominator), state

        return [
            Count("D2-E1", self.built.courses, None, None, State.no_target),
            Count("D2-E2", reach.learners, reach.population, *of(reach.learners, reach.population)),
            Count("D2-E3", reach.turns, None, None, fixed),
            Count("D2-E4", reach.learners, before, self.change, fixed),
            Count("D2-E5", reach.turns, reach.all_turns, *of(reach.turns, reach.all_turns)),
        ]


def elearning(session: Session, question: Question) -> Elearning:
    """The counts for a unit on a day; four statements."""
    before_on = year_before(question.on)
    built, by_group = _built(session, question)
    return Elearning(
        built, by_group, reach(session, question), _learners_before(session, question, before_on), before_on
    )


def _learners_before(session: Session, question: Question, before_on: date) -> int | None:
    unit = session.get_one(Unit, question.unit_id)
    if not is_in_force(unit, before_on):
        return None
    return reach(session, replace(question, on=before_on)).learners


def _built(session: Session, question: Question) -> tuple[Built, dict[LearnerGroup, Built]]:
    """Courses published and not withdrawn by the end of the day, in their newest version of that day."""
    end = vn_day_end(question.on)
    newest = (
        select(CourseVersion.course_id, func.max(CourseVersion.number).label("number"))
        .where(CourseVersion.published_at < end)
        .group_by(CourseVersion.course_id)
        .subquery()
    )
    rows = session.execute(
        select(CourseVersion.lesson_count, CourseVersion.learner_groups)
        .join(newest, and_(newest.c.course_id == CourseVersion.course_id, newest.c.number == CourseVersion.number))
        .join(Course, Course.id == CourseVersion.course_id)
        .where(
            Course.owner_id.in_(select(subtree(question.unit_id, question.on).c.unit_id)),
            or_(Course.withdrawn_at.is_(None), Course.withdrawn_at >= end),
        )
    ).all()
    by_group: dict[LearnerGroup, Built] = {}
    for lessons, groups in rows:
        for group in {LearnerGroup(code) for code in groups}:
            known = by_group.get(group, Built(0, 0))
            by_group[group] = Built(known.courses + 1, known.lessons + lessons)
    ordered = {group: by_group[group] for group in LearnerGroup if group in by_group}
    return Built(len(rows), sum(row[0] for row in rows)), ordered


def reach(session: Session, question: Question, only: ColumnElement[bool] | None = None) -> Reach:
    """People with a post in force in the subtree and their turns from 1 January up to the day.

    `only` narrows the posts: a condition over `Post` and the `UnitVersion` of its unit.
    """
    tree = subtree(question.unit_id, question.on)
    posts = posts_in(tree, question.on).add_columns(Post.person_id.label("person_id")).distinct()
    if only is not None:
        posts = posts.where(only)
    persons = posts.cte("persons")
    online = TrainingRecord.mode.in_(ONLINE)
    row = session.execute(
        select(
            select(func.count()).select_from(persons).scalar_subquery(),
            func.count(case((online, TrainingRecord.person_id)).distinct()),
            func.count(case((online, TrainingRecord.id))),
            func.count(TrainingRecord.id),
            func.count(TrainingRecord.mode),
        )
        .select_from(persons)
        .join(TrainingRecord, TrainingRecord.person_id == persons.c.person_id)
        .where(
            TrainingRecord.achieved_on >= date(question.on.year, 1, 1),
            TrainingRecord.achieved_on <= question.on,
            counting(question),
        )
    ).one()
    return Reach(int(row[0]), int(row[1]), int(row[2]), int(row[3]), int(row[4]))


def learner_codes(session: Session, question: Question) -> tuple[list[str], list[str]]:
    """Cadre codes of the learners of D2-E2 and of the other people of its denominator, each sorted."""
    tree = subtree(question.unit_id, question.on)
    population = posts_in(tree, question.on).add_columns(Post.person_id)
    learned = _learned(question, Person.id)
    rows = session.execute(select(Person.code, case((learned, 1), else_=0)).where(Person.id.in_(population))).all()
    return sorted(row[0] for row in rows if row[1]), sorted(row[0] for row in rows if not row[1])


@dataclass(frozen=True)
class LearnerLine:
    """Somebody of D2-E2's denominator: online and blended turns of the year up to the day, and the last of them."""

    person_id: int
    code: str
    name: str
    turns: int
    last_on: date | None


def learners_page(
    session: Session, question: Question, *, learned: bool, words: str = "", limit: int | None = 50, offset: int = 0
) -> tuple[int, list[LearnerLine]]:
    """How many people learned online in the year (or did not), and a page of them by name; two statements."""
    population = posts_in(subtree(question.unit_id, question.on), question.on).add_columns(Post.person_id)
    found = _learned(question, Person.id)
    query = select(Person.id).where(Person.id.in_(population), found if learned else ~found)
    if words.strip():
        named = Person.name_folded.contains(fold(words), autoescape=True)
        query = query.where(or_(named, func.lower(Person.code) == words.strip().lower()))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    online = and_(TrainingRecord.person_id == Person.id, *_turns_of_the_year(question))
    rows = session.execute(
        query.with_only_columns(
            Person.id,
            Person.code,
            Person.full_name,
            func.count(TrainingRecord.id),
            func.max(TrainingRecord.achieved_on),
        )
        .outerjoin(TrainingRecord, online)
        .group_by(Person.id, Person.code, Person.full_name, Person.sort_key)
        .order_by(Person.sort_key, Person.code)
        .limit(limit)
        .offset(offset)
    ).all()
    return total, [LearnerLine(row[0], row[1], row[2], int(row[3]), row[4]) for row in rows]


def _turns_of_the_year(question: Question) -> tuple[ColumnElement[bool], ...]:
    return (
        TrainingRecord.mode.in_(ONLINE),
        TrainingRecord.achieved_on >= date(question.on.year, 1, 1),
        TrainingRecord.achieved_on <= question.on,
        counting(question),
    )


def _learned(question: Question, person_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    turn = exists().where(TrainingRecord.person_id == person_id, *_turns_of_the_year(question))
    return turn.correlate_except(TrainingRecord)


@dataclass(frozen=True)
class Split:
    """D2-E2 in parts: of each part how many people there are and how many learned online. People with posts of two
    parts stand in both; those whose gender or full-time flag is unknown in neither."""

    groups: dict[LearnerGroup, tuple[int, int]]
    levels: dict[Level, tuple[int, int]]
    genders: dict[Gender, tuple[int, int]]
    full_time: dict[bool, tuple[int, int]]


def reach_split(session: Session, question: Question) -> Split:
    """D2-E2 by learner group (those that are rules over posts), level, gender and full time, in one statement."""

    def of(gender: Gender) -> ColumnElement[bool]:
        return Post.person_id.in_(select(Person.id).where(Person.gender == gender))

    flags: dict[object, ColumnElement[bool]] = {
        **{group: holds(rule, question.on) for group, rule in GROUP_RULES.items()},
        **{level: UnitVersion.level == level for level in Level},
        **{gender: of(gender) for gender in Gender},
        True: Post.full_time.is_(True),
        False: Post.full_time.is_(False),
    }
    found = _split(session, question, flags)
    return Split(
        {group: found[group] for group in GROUP_RULES},
        {level: found[level] for level in Level},
        {gender: found[gender] for gender in Gender},
        {full: found[full] for full in (True, False)},
    )


def _split(session: Session, question: Question, flags: dict[K, ColumnElement[bool]]) -> dict[K, tuple[int, int]]:
    tree = subtree(question.unit_id, question.on)
    names = [f"f{number}" for number in range(len(flags))]
    persons = (
        posts_in(tree, question.on)
        .add_columns(
            Post.person_id.label("person_id"),
            *(func.max(case((flag, 1), else_=0)).label(name) for name, flag in zip(names, flags.values(), strict=True)),
        )
        .group_by(Post.person_id)
        .cte("persons")
    )
    learned = _learned(question, persons.c.person_id)
    marked = select(persons, case((learned, 1), else_=0).label("learned")).subquery()
    totals = [
        column for name in names for column in (func.sum(marked.c[name]), func.sum(marked.c[name] * marked.c.learned))
    ]
    row = session.execute(select(*totals)).one()
    return {key: (int(row[2 * n] or 0), int(row[2 * n + 1] or 0)) for n, key in enumerate(flags)}
