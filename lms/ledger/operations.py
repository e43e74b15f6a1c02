"""Writing the ledger: rows are added and taken back, never changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms import events
from lms.audit.operations import record as audit
from lms.errors import Refused
from lms.ledger.events import LedgerRowAdded
from lms.ledger.models import Area, Mode, Source, TrainingRecord, TrainingRecordArea, TrainingRecordVoid
from lms.temporal import vn_today
from lms.units.models import Level


def add_record(
    session: Session,
    actor_id: int | None,
    *,
    person_id: int,
    areas: Collection[Area],
    achieved_on: date,
    source: Source,
    source_key: str,
    mode: Mode | None = None,
    title: str | None = None,
    hours: Decimal | None = None,
    delivered_by_id: int | None = None,
    delivered_level: Level | None = None,
    certificate_no: str | None = None,
    evidence: str | None = None,
    at: datetime,
) -> TrainingRecord:
    """Add one achievement with all its areas; the row of that `source_key` is returned when it is there already.

    Publishes `LedgerRowAdded` for a new row, in the same transaction. Refused: achieved_in_future, no_areas.
    """
    if achieved_on > vn_today(at):
        raise Refused("achieved_in_future", field="achieved_on")
    if not areas:
        raise Refused("no_areas", field="areas")
    same = select(TrainingRecord).where(TrainingRecord.source_key == source_key)
    found = session.scalar(same)
    if found is not None:
        return found
    row = TrainingRecord(
        person_id=person_id,
        mode=mode,
        title=title,
        hours=hours,
        achieved_on=achieved_on,
        delivered_by_id=delivered_by_id,
        delivered_level=delivered_level,
        certificate_no=certificate_no,
        evidence=evidence,
        source=source,
        source_key=source_key,
        recorded_at=at,
        recorded_by_id=actor_id,
        areas=[TrainingRecordArea(area=area) for area in sorted(areas, key=lambda area: area.value)],
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return session.scalars(same).one()
    events.publish(session, LedgerRowAdded(row))
    return row


def void_record(
    session: Session, actor_id: int | None, record: TrainingRecord, *, reason: str, at: datetime
) -> TrainingRecordVoid:
    """Take a row back: it stays, with the reason, and never counts again. Voiding it twice changes nothing."""
    found = session.scalar(select(TrainingRecordVoid).where(TrainingRecordVoid.record_id == record.id))
    if found is not None:
        return found
    void = TrainingRecordVoid(record_id=record.id, voided_at=at, voided_by_id=actor_id, reason=reason)
    session.add(void)
    session.flush()
    audit(session, actor_id, "record.voided", "training_record", record.id, at=at, reason=reason)
    return void
