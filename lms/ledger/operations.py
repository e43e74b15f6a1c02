"""Writing the ledger: rows are added and taken back, never changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
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


@dataclass(frozen=True)
class Draft:
    """A row to add in bulk; see `add_record` for the meaning of each."""

    person_id: int
    areas: frozenset[Area]
    achieved_on: date
    source_key: str
    mode: Mode | None = None
    title: str | None = None
    hours: Decimal | None = None
    delivered_by_id: int | None = None
    delivered_level: Level | None = None
    certificate_no: str | None = None
    evidence: str | None = None


def add_records(
    session: Session, actor_id: int | None, drafts: Sequence[Draft], *, source: Source, at: datetime
) -> list[TrainingRecord]:
    """Add many rows; those whose `source_key` is there already are left out. Returns the new rows, in order.

    Publishes `LedgerRowAdded` for each of them. Refused: achieved_in_future, no_areas.
    """
    if any(draft.achieved_on > vn_today(at) for draft in drafts):
        raise Refused("achieved_in_future", field="achieved_on")
    if any(not draft.areas for draft in drafts):
        raise Refused("no_areas", field="areas")
    known: set[str] = set()
    for start in range(0, len(drafts), 500):
        keys = [draft.source_key for draft in drafts[start : start + 500]]
        known.update(session.scalars(select(TrainingRecord.source_key).where(TrainingRecord.source_key.in_(keys))))
    rows = []
    for draft in drafts:
        if draft.source_key in known:
            continue
        known.add(draft.source_key)
        values = {item.name: getattr(draft, item.name) for item in fields(draft) if item.name != "areas"}
        areas = [TrainingRecordArea(area=area) for area in sorted(draft.areas, key=lambda area: area.value)]
        rows.append(TrainingRecord(source=source, recorded_at=at, recorded_by_id=actor_id, areas=areas, **values))
    session.add_all(rows)
    session.flush()
    for row in rows:
        events.publish(session, LedgerRowAdded(row))
    return rows


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


def void_records(
    session: Session, actor_id: int | None, record_ids: Collection[int], *, reason: str, at: datetime
) -> None:
    """Take many rows back, without audit events: the caller's act records one for all. None of them is void yet."""
    session.add_all(
        TrainingRecordVoid(record_id=record_id, voided_at=at, voided_by_id=actor_id, reason=reason)
        for record_id in sorted(record_ids)
    )
    session.flush()
