"""Audit: events are recorded, sealed into a chain, and a change of the past is found."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import null, update
from sqlalchemy.orm import Session

from lms.audit.models import AuditEvent
from lms.audit.operations import erase_payload, record, seal
from lms.audit.queries import broken_seal, history_of
from lms.cli import main
from lms.cli_context import engine_for
from lms.db import make_engine
from lms.settings import load_settings
from tests.conftest import NOW


def test_events_are_sealed_in_batches_into_an_unbroken_chain(session, now):
    for number in range(5):
        record(session, 1, "unit.renamed", "unit", number, at=now, before={"name": "a"}, after={"name": "b"})
    session.flush()
    assert seal(session, at=now, limit=3).events == 3
    assert seal(session, at=now, limit=3).events == 2
    assert seal(session, at=now) is None
    assert broken_seal(session) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"payload": {"after": {"name": "c"}}},
        {"payload": null()},
        {"actor_id": 2},
        {"action": "unit.ended"},
        {"subject_id": 8},
        {"unit_id": 9},
        {"seal_id": None},
        {"at": NOW + timedelta(seconds=1)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_an_altered_event_breaks_the_chain(session, now, changed):
    event = record(session, 1, "unit.renamed", "unit", 7, at=now, unit_id=7, after={"name": "b"})
    record(session, 1, "unit.renamed", "unit", 8, at=now, after={"name": "b"})
    session.flush()
    link = seal(session, at=now)
    session.execute(update(AuditEvent).where(AuditEvent.id == event.id).values(changed))
    session.expire_all()
    assert broken_seal(session) == link.id


@pytest.mark.parametrize("altered", [False, True])
def test_the_command_tells_whether_the_trail_is_whole(database, now, monkeypatch, tmp_path, altered):
    monkeypatch.setenv("LMS_DATABASE_URL", database)
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path))
    monkeypatch.setattr("lms.cli_context.require_database", lambda: None)
    engine = make_engine(database)
    with Session(engine) as session:
        record(session, 1, "unit.renamed", "unit", 7, at=now, after={"name": "b"})
        session.flush()
        seal(session, at=now)
        record(session, 1, "unit.renamed", "unit", 7, at=now, after={"name": "c"})
        if altered:
            session.execute(update(AuditEvent).where(AuditEvent.seal_id.is_not(None)).values(actor_id=9))
        session.commit()
    engine.dispose()
    result = CliRunner().invoke(main, ["audit", "check"])
    engine_for(load_settings().database_url).dispose()
    assert result.exit_code == (1 if altered else 0)
    assert ("không khớp" if altered else "1 việc mới chưa niêm phong") in result.output


def test_erasing_a_payload_keeps_the_chain_whole(session, now):
    event = record(session, 1, "person.changed", "person", 7, at=now, after={"email": "a@example.org"})
    session.flush()
    seal(session, at=now)
    erase_payload(session, event, at=now)
    session.expire_all()
    assert broken_seal(session) is None
    assert history_of(session, "person", 7)[0].payload is None
