"""Writing the roster workbook: from the database, or empty as a template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.access.rules import SYSTEM
from lms.imports.columns import LAYOUTS, POSTS, TERMS, TRAINING, UNITS, SheetLayout
from lms.imports.known import Known, KnownUnit
from lms.imports.planned import as_written
from lms.imports.queries import load_known
from lms.imports.rows import RosterRead, SheetRead
from lms.imports.vocabulary import KIND_WORDS, LEVEL_WORDS, MODE_WORDS, SECTOR_WORDS, SELECTION_WORDS, UNKNOWN
from lms.ledger.models import TrainingRecord, TrainingRecordVoid
from lms.people.models import Person
from lms.sheets import Cell, SheetOut, write_workbook
from lms.temporal import ALWAYS
from lms.units.models import Post, Selection, Term, UnitCount

_FLAGS: Final = ("full_time", "womens_affairs", "selection", "first_time")
_CHOICES: Final = {
    UNITS.name: {"level": LEVEL_WORDS.official, "sector": SECTOR_WORDS.official, "kind": KIND_WORDS.official},
    POSTS.name: {"gender": ["Nam", "Nữ"], "selection": SELECTION_WORDS.official},
    TRAINING.name: {"mode": MODE_WORDS.official, "delivered_level": LEVEL_WORDS.official},
}


def template() -> bytes:
    """An empty workbook with the four sheets, their headers (* marks what a row needs) and the words to choose from."""
    return write_workbook(_sheet(layout, [], star=True) for layout in LAYOUTS)


def export_roster(session: Session, today: date, unit_id: int | None = None) -> bytes:
    """The four sheets of the roster, everything that was ever true included; it loads back without a change.

    `unit_id`: only that unit and everything below it on `today`; None: the whole installation.
    """
    known = load_known(session, SYSTEM, RosterRead({layout.name: SheetRead() for layout in LAYOUTS}), today, unit_id)
    ids = {unit.id: unit.code for unit in known.units.values() if unit.within}
    _with_dated_rows(session, known)
    units = sorted((unit for unit in known.units.values() if unit.within), key=lambda unit: unit.code)
    terms: list[dict[str, object]] = [
        {"unit": unit.code, "name": name, "starts_on": start, "ends_on": end}
        for unit in units
        for start, (name, end) in sorted(unit.terms.items())
    ]
    posts = [post for post in session.execute(_posts()).all() if post[0].unit_id in ids]
    people = {person.id: person.code for _, person in posts}
    flags = [key for key in _FLAGS if any(getattr(post, key) is not None for post, _ in posts)]
    absent = set(_FLAGS) - set(flags) if posts else set()
    codes = {unit.id: unit.code for unit in known.units.values()}
    return write_workbook(
        [
            _sheet(UNITS, [row for unit in units for row in _unit_rows(unit)]),
            _sheet(TERMS, terms),
            _sheet(POSTS, [_post_row(post, person, ids) for post, person in posts], absent=absent),
            _sheet(TRAINING, _training_rows(session, people, codes)),
        ]
    )


def _sheet(
    layout: SheetLayout, rows: Iterable[dict[str, object]], *, star: bool = False, absent: Iterable[str] = ()
) -> SheetOut:
    left_out = set(absent)
    columns = [column for column in layout.columns if column.exported and column.key not in left_out]
    choices = _CHOICES.get(layout.name, {})
    return SheetOut(
        layout.name,
        [column.header + ("*" if star and column.required else "") for column in columns],
        ([_cell(row.get(column.key)) for column in columns] for row in rows),
        [column.width for column in columns],
        {place: choices[column.key] for place, column in enumerate(columns) if column.key in choices},
    )


def _cell(value: object) -> Cell:
    if value is None or (isinstance(value, str | int | float | date) and not isinstance(value, bool)):
        return value
    return as_written(value) or None


def _with_dated_rows(session: Session, known: Known) -> None:
    by_id = {unit.id: unit for unit in known.units.values()}
    for count in session.scalars(select(UnitCount).order_by(UnitCount.unit_id, UnitCount.counted_on)):
        by_id[count.unit_id].counts[count.counted_on] = (count.members, count.workers)
    for term in session.scalars(select(Term).order_by(Term.unit_id, Term.starts_on)):
        by_id[term.unit_id].terms[term.starts_on] = (term.name, term.ends_on)


def _unit_rows(unit: KnownUnit) -> list[dict[str, object]]:
    """One row per version, and more where there are more counts than versions (they repeat the last version)."""
    counts = [
        (None if day == ALWAYS else day, *numbers)
        for day, numbers in sorted(unit.counts.items())
        if numbers != (None, None) and not (day == ALWAYS and unit.founded_on in unit.counts)
    ]
    rows = []
    for place in range(max(len(unit.versions), len(counts))):
        day, facts = unit.versions[min(place, len(unit.versions) - 1)]
        counted_on, members, workers = counts[place] if place < len(counts) else (None, None, None)
        rows.append(
            {
                "code": unit.code,
                "name": facts.name,
                "level": facts.level,
                "parent": facts.parent,
                "sector": facts.sector,
                "kind": facts.kind,
                "members": members,
                "workers": workers,
                "counted_on": counted_on,
                "founded_on": unit.founded_on,
                "ended_on": unit.ended_on,
                "valid_from": None if day == ALWAYS else day,
            }
        )
    return rows


def _posts() -> Select[Post, Person]:
    return (
        select(Post, Person)
        .join(Person, Person.id == Post.person_id)
        .order_by(Person.sort_key, Person.code, Post.starts_on, Post.id)
    )


def _post_row(post: Post, person: Person, units: dict[int, str]) -> dict[str, object]:
    return {
        "person": person.code,
        "full_name": person.full_name,
        "born": person.born_on or person.born_year,
        "gender": person.gender,
        "ethnicity": person.ethnicity,
        "email": person.email,
        "phone": person.phone,
        "unit": units[post.unit_id],
        "title": post.title,
        "full_time": UNKNOWN if post.full_time is None else post.full_time,
        "womens_affairs": UNKNOWN if post.womens_affairs is None else post.womens_affairs,
        "selection": UNKNOWN
        if post.selection is None
        else None
        if post.selection is Selection.unstated
        else post.selection,
        "first_time": UNKNOWN if post.first_time is None else post.first_time,
        "starts_on": post.starts_on,
        "ends_on": post.ends_on,
    }


def _training_rows(session: Session, people: dict[int, str], codes: dict[int, str]) -> Sequence[dict[str, object]]:
    voided = select(TrainingRecordVoid.record_id)
    query = (
        select(TrainingRecord)
        .where(TrainingRecord.id.not_in(voided))
        .order_by(TrainingRecord.achieved_on, TrainingRecord.id)
    )
    return [
        {
            "person": people[record.person_id],
            "areas": frozenset(area.area for area in record.areas),
            "title": record.title,
            "mode": record.mode,
            "delivered_by": codes[record.delivered_by_id] if record.delivered_by_id else None,
            "delivered_level": record.delivered_level,
            "achieved_on": record.achieved_on,
            "hours": float(record.hours) if record.hours is not None else None,
            "certificate_no": record.certificate_no,
            "evidence": record.evidence,
        }
        for record in session.scalars(query)
        if record.person_id in people
    ]
