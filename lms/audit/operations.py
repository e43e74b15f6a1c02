"""Recording official acts, sealing them into a chain, erasing personal payload."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.audit.models import AuditEvent, AuditSeal

GENESIS = bytes(32)


def payload_digest(payload: dict[str, Any]) -> bytes:
    """SHA-256 of the payload's canonical JSON."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True, ensure_ascii=False, default=str).encode()).digest()


def record(
    session: Session,
    actor_id: int | None,
    action: str,
    subject_type: str,
    subject_id: int | None,
    *,
    at: datetime,
    unit_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    **details: object,
) -> AuditEvent:
    """Record an official act (`subject.action`) in the caller's transaction. `actor_id` None: the system itself."""
    raw: dict[str, Any] = {"before": before, "after": after, **details}
    payload = json.loads(json.dumps({k: v for k, v in raw.items() if v is not None}, default=str))
    event = AuditEvent(
        at=at,
        actor_id=actor_id,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        unit_id=unit_id,
        payload=payload,
        digest=payload_digest(payload),
    )
    session.add(event)
    return event


def chain_hash(previous: bytes, events: list[AuditEvent]) -> bytes:
    """The seal's hash: the previous one, then for each event its identity, action, subject, unit and payload digest."""
    chain = hashlib.sha256(previous)
    for event in events:
        subject = f"{event.subject_type}|{event.subject_id}|{event.unit_id}"
        head = f"{event.id}|{event.at.isoformat()}|{event.actor_id}|{event.action}|{subject}"
        chain.update(head.encode() + event.digest)
    return chain.digest()


def seal(session: Session, *, at: datetime, limit: int = 1000) -> AuditSeal | None:
    """Close up to `limit` unsealed events into the next link of the chain; None when there is nothing to seal.

    Two sealers at once are harmless: each previous hash can be followed only once.
    """
    events = list(
        session.scalars(
            select(AuditEvent)
            .where(AuditEvent.seal_id.is_(None))
            .order_by(AuditEvent.id)
            .limit(limit)
            .with_for_update()
        )
    )
    if not events:
        return None
    last = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    previous = last.hash if last else GENESIS
    link = AuditSeal(sealed_at=at, previous_hash=previous, hash=chain_hash(previous, events), events=len(events))
    session.add(link)
    session.flush()
    for event in events:
        event.seal_id = link.id
    session.flush()
    return link


def erase_payload(session: Session, event: AuditEvent, *, at: datetime) -> None:
    """Erase what an event says about a person; that it happened, and the digest, stay."""
    event.payload = None
    event.erased_at = at
    session.flush()
