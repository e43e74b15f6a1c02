"""Completion: decided in the transaction of the event that completes, exactly once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.rules import Actor
from lms.catalogue.models import Course, CourseVersion
from lms.learning.assignments import assigning_units, responsible_level_of
from lms.learning.models import Enrolment
from lms.learning.queries import missing_of
from lms.learning.rules import delivering_unit
from lms.ledger.models import Area, Mode, Source, TrainingRecord
from lms.ledger.operations import add_record
from lms.temporal import vn_today


def lock_enrolment(session: Session, enrolment_id: int) -> Enrolment:
    """The enrolment, its row locked until the transaction ends: whatever may complete it goes one after another."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def complete_if_done(session: Session, actor: Actor, enrolment: Enrolment, *, at: datetime) -> TrainingRecord | None:
    """Complete the enrolment when nothing is missing: one ledger row, in this transaction.

    `enrolment` must be locked (`lock_enrolment`). Returns the ledger row when the enrolment is complete, whether it
    became so now or before; None while something is missing.
    """
    if enrolment.record_id is not None:
        return session.get(TrainingRecord, enrolment.record_id)
    if enrolment.withdrawn_at is not None or not missing_of(session, enrolment).nothing:
        return None
    version = session.get_one(CourseVersion, enrolment.version_id)
    day = vn_today(at)
    owner_id = session.scalar(select(Course.owner_id).where(Course.id == enrolment.course_id))
    responsible = responsible_level_of(session, enrolment.person_id, day)
    deliverer = delivering_unit(assigning_units(session, enrolment, day), responsible, owner_id)
    record = add_record(
        session,
        actor.account_id,
        person_id=enrolment.person_id,
        areas=[Area(code) for code in version.areas],
        mode=Mode.online,
        title=version.title,
        achieved_on=day,
        hours=version.hours,
        delivered_by_id=deliverer,
        source=Source.course,
        source_key=f"enrolment:{enrolment.id}",
        at=at,
    )
    enrolment.completed_at = at
    enrolment.record_id = record.id
    session.flush()
    return record
