"""Reading the audit trail and checking its chain."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.audit.models import AuditEvent, AuditSeal
from lms.audit.operations import GENESIS, chain_hash, payload_digest


def broken_seal(session: Session) -> int | None:
    """The id of the first seal that does not fit its predecessor or its events; None when the chain is whole."""
    previous = GENESIS
    for link in session.scalars(select(AuditSeal).order_by(AuditSeal.id)):
        events = list(session.scalars(select(AuditEvent).where(AuditEvent.seal_id == link.id).order_by(AuditEvent.id)))
        altered = len(events) != link.events or any(map(_altered, events))
        if altered or link.previous_hash != previous or link.hash != chain_hash(previous, events):
            return link.id
        previous = link.hash
    return None


def unsealed(session: Session) -> int:
    """How many events wait to be sealed."""
    return session.scalar(select(func.count()).where(AuditEvent.seal_id.is_(None))) or 0


def _altered(event: AuditEvent) -> bool:
    """Whether the payload is not the one recorded; only a payload erased as such may be missing."""
    if event.payload is None:
        return event.erased_at is None
    return payload_digest(event.payload) != event.digest


def history_of(session: Session, subject_type: str, subject_id: int) -> list[AuditEvent]:
    """What happened to one thing, newest first."""
    return list(
        session.scalars(
            select(AuditEvent)
            .where(AuditEvent.subject_type == subject_type, AuditEvent.subject_id == subject_id)
            .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        )
    )
