"""Audit: events are recorded, sealed into a chain, and a change of the past is found."""

from sqlalchemy import update

from lms.audit.models import AuditEvent
from lms.audit.operations import erase_payload, record, seal
from lms.audit.queries import broken_seal, history_of


def test_events_are_sealed_in_batches_into_an_unbroken_chain(session, now):
    for number in range(5):
        record(session, 1, "unit.renamed", "unit", number, at=now, before={"name": "a"}, after={"name": "b"})
    session.flush()
    assert seal(session, at=now, limit=3).events == 3
    assert seal(session, at=now, limit=3).events == 2
    assert seal(session, at=now) is None
    assert broken_seal(session) is None


def test_an_altered_event_breaks_the_chain(session, now):
    event = record(session, 1, "unit.renamed", "unit", 7, at=now, after={"name": "b"})
    session.flush()
    link = seal(session, at=now)
    session.execute(update(AuditEvent).where(AuditEvent.id == event.id).values(payload={"after": {"name": "c"}}))
    session.expire_all()
    assert broken_seal(session) == link.id


def test_erasing_a_payload_keeps_the_chain_whole(session, now):
    event = record(session, 1, "person.changed", "person", 7, at=now, after={"email": "a@example.org"})
    session.flush()
    seal(session, at=now)
    erase_payload(session, event, at=now)
    session.expire_all()
    assert broken_seal(session) is None
    assert history_of(session, "person", 7)[0].payload is None
