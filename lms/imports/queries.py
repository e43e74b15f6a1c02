"""Reading what is known of the codes in a workbook, in a fixed number of statements per 500 codes; uploads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lms.access.reach import out_of_reach
from lms.access.rules import Actor
from lms.imports.columns import POSTS, TERMS, TRAINING, UNITS
from lms.imports.known import (
    Known,
    KnownPerson,
    KnownTraining,
    KnownUnit,
    PersonFacts,
    PostFacts,
    TrainingFacts,
    TrainingKey,
    VersionFacts,
    in_force,
)
from lms.imports.rows import PostRow, RosterRead, TermRow, TrainingRow, UnitRow
from lms.ledger.models import Source, TrainingRecord, TrainingRecordVoid
from lms.people.models import Person
from lms.text import clean, normal_phone
from lms.units.models import Post, Term, Unit, UnitCount, UnitVersion

T = TypeVar("T")
_CHUNK = 500


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    items = list(values)
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def load_known(session: Session, actor: Actor, read: RosterRead, today: date, unit_id: int | None = None) -> Known:
    """What the database holds about the codes of a workbook that the actor loads.

    `unit_id`: the loader answers for that unit and everything below it on `today`; None: the whole installation.
    """
    known = Known(scoped=unit_id is not None)
    codes = _load_units(session, known)
    if unit_id is not None:
        _mark_scope(known, codes[unit_id], today)
    unit_rows = [row for name in (UNITS.name, TERMS.name) for row in read.sheets[name].rows.values()]
    named = {
        row.code if isinstance(row, UnitRow) else row.unit for row in unit_rows if isinstance(row, UnitRow | TermRow)
    }
    _load_counts_and_terms(session, known, named & known.units.keys())
    training = [row for row in read.sheets[TRAINING.name].rows.values() if isinstance(row, TrainingRow)]
    people = {row.person for row in read.sheets[POSTS.name].rows.values() if isinstance(row, PostRow)}
    _load_people(session, actor, known, people | {row.person for row in training}, codes, today)
    _load_training(session, known, {row.person for row in training} & known.people.keys(), codes)
    _load_certificates(session, known, {row.certificate_no for row in training if row.certificate_no}, codes)
    known.person_codes = _PersonCodes(session, unit_ids_within(known) if known.scoped else None)
    return known


def unit_ids_within(known: Known) -> set[int]:
    """The ids of the units in the loader's scope."""
    return {unit.id for unit in known.units.values() if unit.within}


def _load_units(session: Session, known: Known) -> dict[int, str]:
    codes: dict[int, str] = {}
    for id_, code, founded_on, ended_on in session.execute(
        select(Unit.id, Unit.code, Unit.founded_on, Unit.ended_on).order_by(Unit.id)
    ):
        codes[id_] = code
        known.units[code] = KnownUnit(id_, code, founded_on, ended_on, [])
    version = UnitVersion
    for row in session.execute(
        select(
            version.unit_id,
            version.valid_from,
            version.name,
            version.level,
            version.parent_id,
            version.sector,
            version.kind,
        ).order_by(version.unit_id, version.valid_from)
    ):
        parent = codes[row.parent_id] if row.parent_id is not None else None
        facts = VersionFacts(row.name, row.level, parent, row.sector, row.kind)
        known.units[codes[row.unit_id]].versions.append((row.valid_from, facts))
    return codes


def _mark_scope(known: Known, top: str, today: date) -> None:
    below: dict[str, list[str]] = {}
    parents: dict[str, str | None] = {}
    for code, unit in known.units.items():
        facts = in_force(unit.versions, today)
        parents[code] = facts.parent if facts else None
        if facts and facts.parent:
            below.setdefault(facts.parent, []).append(code)
    within, waiting = {top}, [top]
    while waiting:
        for child in below.get(waiting.pop(), []):
            if child not in within:
                within.add(child)
                waiting.append(child)
    for code, unit in known.units.items():
        unit.within = code in within
    above: set[str] = set()
    parent = parents.get(top)
    while parent and parent not in above:
        above.add(parent)
        parent = parents.get(parent)
    known.above = frozenset(above)


def _load_counts_and_terms(session: Session, known: Known, codes: set[str]) -> None:
    by_id = {known.units[code].id: known.units[code] for code in codes}
    for ids in _chunks(sorted(by_id)):
        for unit_id, day, members, workers in session.execute(
            select(UnitCount.unit_id, UnitCount.counted_on, UnitCount.members, UnitCount.workers).where(
                UnitCount.unit_id.in_(ids)
            )
        ):
            by_id[unit_id].counts[day] = (members, workers)
        for unit_id, start, name, end in session.execute(
            select(Term.unit_id, Term.starts_on, Term.name, Term.ends_on).where(Term.unit_id.in_(ids))
        ):
            by_id[unit_id].terms[start] = (clean(name), end)


def _load_people(
    session: Session, actor: Actor, known: Known, wanted: set[str], codes: dict[int, str], today: date
) -> None:
    scope = unit_ids_within(known)
    for part in _chunks(sorted(wanted)):
        people = list(session.scalars(select(Person).where(Person.code.in_(part)).order_by(Person.id)))
        posts: dict[int, list[Post]] = {person.id: [] for person in people}
        for post in session.scalars(
            select(Post).where(Post.person_id.in_(list(posts))).order_by(Post.starts_on, Post.id)
        ):
            posts[post.person_id].append(post)
        beyond = out_of_reach(session, actor, posts.keys(), today)
        for person in people:
            held, guarded = posts[person.id], person.id in beyond
            facts = PersonFacts(
                person.full_name,
                person.born_on,
                person.born_on.year if person.born_on else person.born_year,
                person.gender,
                clean(person.ethnicity) if person.ethnicity else None,
                person.email.lower() if person.email else None,
                (normal_phone(person.phone) or person.phone) if person.phone else None,
            )
            within = any(post.unit_id in scope for post in held) or not (held or guarded)
            current = [post for post in held if post.ends_on is None or post.ends_on > today] or held[-1:]
            owned = not held or any(post.unit_id in scope for post in current)
            known.people[person.code] = KnownPerson(person.id, facts, within, owned, guarded)
            for post in held:
                key = (person.code, codes[post.unit_id], post.title, post.starts_on)
                flags = (post.full_time, post.womens_affairs, post.selection, post.first_time)
                known.posts[key] = (post.id, PostFacts(post.ends_on, *flags))


def _training(
    session: Session, condition: ColumnElement[bool], codes: dict[int, str]
) -> Iterator[tuple[TrainingKey, KnownTraining]]:
    query = (
        select(TrainingRecord, Person.code, TrainingRecordVoid.id)
        .join(Person, Person.id == TrainingRecord.person_id)
        .outerjoin(TrainingRecordVoid, TrainingRecordVoid.record_id == TrainingRecord.id)
        .where(condition)
        .order_by(TrainingRecord.id)
    )
    for record, person, void in session.execute(query):
        deliverer = codes[record.delivered_by_id] if record.delivered_by_id else record.delivered_level
        areas = frozenset(area.area for area in record.areas)
        key = (person, record.achieved_on, areas, deliverer, record.certificate_no)
        title = clean(record.title) if record.title else None
        evidence = clean(record.evidence) if record.evidence else None
        facts = TrainingFacts(title, record.mode, record.delivered_level, record.hours, evidence)
        fixed = record.source in (Source.course, Source.class_)
        yield key, KnownTraining(record.id, facts, fixed, void is not None)


def _load_training(session: Session, known: Known, people: set[str], codes: dict[int, str]) -> None:
    for part in _chunks(sorted(people)):
        ids = [known.people[code].id for code in part]
        for key, record in _training(session, TrainingRecord.person_id.in_(ids), codes):
            known.training.setdefault(key, []).append(record)


def _load_certificates(session: Session, known: Known, numbers: set[str], codes: dict[int, str]) -> None:
    for part in _chunks(sorted(numbers)):
        for key, record in _training(session, TrainingRecord.certificate_no.in_(part), codes):
            if not record.voided:
                known.certificates.setdefault(str(key[4]), set()).add(key)


class _PersonCodes:
    """Every person's code within the scope, read when somebody mistyped one."""

    def __init__(self, session: Session, unit_ids: set[int] | None) -> None:
        self._session, self._unit_ids = session, unit_ids

    def __iter__(self) -> Iterator[str]:
        if self._unit_ids is None:
            yield from self._session.scalars(select(Person.code).order_by(Person.id))
            return
        query = select(Person.code, Post.unit_id).join(Post, Post.person_id == Person.id).order_by(Person.id)
        yield from dict.fromkeys(code for code, unit_id in self._session.execute(query) if unit_id in self._unit_ids)


def named_people(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """Code -> name, for rows that name people by code only."""
    found: dict[str, str] = {}
    for part in _chunks(sorted(set(codes))):
        for code, name in session.execute(select(Person.code, Person.full_name).where(Person.code.in_(part))):
            found[code] = name
    return found
