"""Ledger rows."""

from __future__ import annotations

import itertools
from datetime import date, datetime

from sqlalchemy.orm import Session

from lms.ledger.models import Area, Mode, Source, TrainingRecord, TrainingRecordArea, TrainingRecordVoid
from lms.people.models import Person
from tests.conftest import NOW
from tests.factories import day

_numbers = itertools.count(1)


def make_record(
    session: Session,
    person: Person,
    areas: str | list[str] = "chair_skills",
    achieved: str | date = "2026-03-01",
    *,
    mode: Mode | str = Mode.in_person,
    recorded_at: datetime = NOW,
    **values: object,
) -> TrainingRecord:
    """One achievement of a person in one or several areas (codes)."""
    record = TrainingRecord(
        person_id=person.id,
        mode=Mode(mode) if isinstance(mode, str) else mode,
        achieved_on=day(achieved),
        recorded_at=recorded_at,
        source=Source.entry,
        source_key=f"test:{next(_numbers)}",
        areas=[TrainingRecordArea(area=Area(code)) for code in ([areas] if isinstance(areas, str) else areas)],
        **values,
    )
    session.add(record)
    session.flush()
    return record


def void_record(session: Session, record: TrainingRecord, at: datetime = NOW) -> TrainingRecordVoid:
    """Take a ledger row back."""
    void = TrainingRecordVoid(record_id=record.id, voided_at=at, reason="Ghi nhầm người")
    session.add(void)
    session.flush()
    return void
