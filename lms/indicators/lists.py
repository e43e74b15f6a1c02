"""The lists behind a value: people with their posts, the ledger rows that count, and why somebody is left out."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from lms.certificates.models import Certificate
from lms.indicators.population import RANK, Question, candidates, counting, people, record_matches
from lms.indicators.rules import Case, Indicator, Reason
from lms.ledger.models import Area, Mode, TrainingRecord, TrainingRecordArea
from lms.people.models import Person
from lms.text import fold
from lms.units.models import Post, Title, UnitVersion
from lms.units.tree import version_on


class Listed(enum.Enum):
    """Which of the lists; `everybody` is the denominator, trained or not."""

    everybody = "everybody"
    trained = "trained"
    untrained = "untrained"
    excluded = "excluded"


@dataclass(frozen=True)
class PostLine:
    """A post that stands behind somebody's place in a list."""

    title: Title
    unit_id: int
    unit_name: str
    since: date
    term_start: date | None


@dataclass(frozen=True)
class Evidence:
    """A ledger row that counts. `verify_code`: the certificate's public page, where the register has one."""

    record_id: int
    title: str | None
    achieved_on: date
    mode: Mode | None
    areas: tuple[Area, ...]
    certificate_no: str | None
    verify_code: str | None


@dataclass(frozen=True)
class PersonLine:
    """One person in a list. `latest`: the last training of any kind up to the day, whether it counts or not."""

    person_id: int
    code: str
    name: str
    trained: bool
    latest: date | None
    term_unknown: bool
    late: bool
    mapped: bool
    reason: Reason | None
    posts: list[PostLine] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """A part of a list, by the Vietnamese order of names, and how many there are in all."""

    total: int
    lines: list[PersonLine]


def people_page(
    session: Session,
    indicator: Indicator,
    question: Question,
    listed: Listed,
    *,
    words: str = "",
    branch: int | None = None,
    limit: int | None = 50,
    offset: int = 0,
) -> Page:
    """A page of one of the lists; a fixed number of statements.

    `words`: part of the name (marks do not matter) or the cadre code. `branch`: a child unit (with all below it), or
    the unit itself for the posts of its own. No `limit`: everybody, for export.
    """
    persons = people(indicator, question, branch=branch)
    condition = _belongs(persons, listed)
    if words.strip():
        wanted = words.strip()
        condition = and_(
            condition,
            or_(
                Person.name_folded.contains(fold(wanted), autoescape=True),
                func.lower(Person.code) == wanted.lower(),
            ),
        )
    base = select(Person).join(persons, persons.c.person_id == Person.id).where(condition)
    total = session.scalar(select(func.count()).select_from(base.with_only_columns(Person.id).subquery())) or 0
    rows = session.execute(
        base.with_only_columns(
            Person.id,
            Person.code,
            Person.full_name,
            persons.c.inside,
            persons.c.trained,
            persons.c.term_unknown,
            persons.c.late,
            persons.c.mapped,
            persons.c.reason,
        )
        .order_by(Person.sort_key, Person.code)
        .limit(limit)
        .offset(offset)
    ).all()
    ids = [row.id for row in rows]
    posts = _posts(session, indicator, question, ids)
    proven = [row.id for row in rows if row.inside and row.trained]
    proofs = evidence(session, indicator, question, proven) if proven else {}
    latest = _latest(session, question, ids)
    reasons = {rank: reason for reason, rank in RANK.items()}
    return Page(
        total,
        [
            PersonLine(
                row.id,
                row.code,
                row.full_name,
                row.id in proofs,
                latest.get(row.id),
                bool(row.inside and not row.trained and row.term_unknown),
                bool(row.inside and not row.trained and row.late),
                bool(row.mapped),
                None if row.inside else reasons[row.reason],
                posts.get(row.id, []),
                proofs.get(row.id, []),
            )
            for row in rows
        ],
    )


def _belongs(persons: Subquery, listed: Listed) -> ColumnElement[bool]:
    if listed is Listed.excluded:
        return persons.c.inside == 0
    if listed is Listed.everybody:
        return persons.c.inside == 1
    return and_(persons.c.inside == 1, persons.c.trained == int(listed is Listed.trained))


def _latest(session: Session, question: Question, person_ids: Collection[int]) -> dict[int, date]:
    rows = session.execute(
        select(TrainingRecord.person_id, func.max(TrainingRecord.achieved_on))
        .where(
            TrainingRecord.person_id.in_(person_ids),
            TrainingRecord.achieved_on <= question.on,
            counting(question),
        )
        .group_by(TrainingRecord.person_id)
    )
    return {row[0]: row[1] for row in rows}


def _posts(
    session: Session, indicator: Indicator, question: Question, person_ids: Collection[int]
) -> dict[int, list[PostLine]]:
    posts = candidates(indicator, question)
    rows = session.execute(
        select(posts.c.person_id, Post.title, Post.unit_id, UnitVersion.name, Post.starts_on, posts.c.term_start)
        .join(Post, Post.id == posts.c.post_id)
        .join(UnitVersion, and_(UnitVersion.unit_id == Post.unit_id, version_on(question.on)))
        .where(posts.c.person_id.in_(person_ids))
        .order_by(posts.c.verdict, Post.starts_on, Post.id)
    ).all()
    found: dict[int, list[PostLine]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(PostLine(row[1], row[2], row[3], row[4], row[5]))
    return found


def evidence(
    session: Session, indicator: Indicator, question: Question, person_ids: Collection[int]
) -> dict[int, list[Evidence]]:
    """The earliest ledger row that counts for each person; where every area of a list or every post must be met, the
    earliest for each of them. Three statements."""
    posts = candidates(indicator, question)
    rows = session.execute(
        select(posts.c.person_id, posts.c.post_id, posts.c.case_no, TrainingRecord.id, TrainingRecordArea.area)
        .select_from(posts)
        .join(TrainingRecord, record_matches(indicator, question, posts))
        .outerjoin(TrainingRecordArea, TrainingRecordArea.record_id == TrainingRecord.id)
        .where(posts.c.verdict == 0, posts.c.person_id.in_(person_ids))
        .order_by(TrainingRecord.achieved_on, TrainingRecord.id, TrainingRecordArea.area)
    ).all()
    first: dict[tuple[int, int, Area | None], int] = {}
    for person_id, post_id, case_no, record_id, area in rows:
        need = _need(indicator.trained.cases[case_no], area)
        if need is not None:
            post_key = post_id if indicator.trained.all_posts else 0
            first.setdefault((person_id, post_key, need[0]), record_id)
    chosen: dict[int, list[int]] = {}
    for (person_id, _, _), record_id in first.items():
        if record_id not in chosen.setdefault(person_id, []):
            chosen[person_id].append(record_id)
    details = _details(session, {record_id for ids in chosen.values() for record_id in ids})
    return {person_id: [details[record_id] for record_id in ids] for person_id, ids in chosen.items()}


def _need(case: Case, area: Area | None) -> tuple[Area | None] | None:
    """What a row with that area answers: one of the areas asked for each, or the one need there is; None: nothing."""
    if not case.areas:
        return (None,)
    if area not in case.areas:
        return None
    return (area,) if case.every else (None,)


def _details(session: Session, record_ids: Collection[int]) -> dict[int, Evidence]:
    rows = session.execute(
        select(TrainingRecord, Certificate.serial_no, Certificate.verify_code)
        .outerjoin(Certificate, Certificate.record_id == TrainingRecord.id)
        .where(TrainingRecord.id.in_(record_ids))
    ).all()
    return {
        record.id: Evidence(
            record.id,
            record.title,
            record.achieved_on,
            record.mode,
            tuple(one.area for one in record.areas),
            serial_no or record.certificate_no,
            verify_code,
        )
        for record, serial_no, verify_code in rows
    }
