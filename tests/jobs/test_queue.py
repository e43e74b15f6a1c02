"""The queue: what is committed is run once, what dies is taken up again, what keeps failing is given up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from lms.audit.models import AuditEvent
from lms.audit.operations import record
from lms.db import begin_write, make_engine
from lms.errors import Refused
from lms.jobs.models import Job, JobState
from lms.jobs.operations import LEASE, claim, enqueue, fail, finish, report_progress
from lms.settings import load_settings
from lms.worker import Worker, handles
from tests.conftest import NOW


@handles("test.note")
def _note(context, payload):
    context.write()
    record(context.session, None, "test.noted", "test", payload["number"], at=context.at)
    context.progress(1, 2)
    if payload.get("fails"):
        raise RuntimeError("half way")
    if payload.get("refuses"):
        raise Refused("never", number=payload["number"])
    return {"number": payload["number"]}


@pytest.fixture
def settings(database, tmp_path):
    return load_settings({"LMS_DATABASE_URL": database, "LMS_INSTANCE": str(tmp_path)})


@pytest.fixture
def sessions(database):
    engine = make_engine(database)
    yield sessionmaker(engine, expire_on_commit=False)
    engine.dispose()


def queue(sessions, **payload):
    with sessions() as session:
        begin_write(session)
        job = enqueue(session, "test.note", payload, at=NOW)
        session.commit()
        return job.id


def test_a_job_runs_once_and_keeps_its_result(sessions, settings):
    job_id = queue(sessions, number=7)
    worker = Worker(sessions, settings, clock=lambda: NOW)
    assert worker.run_pending() == 1
    assert worker.run_pending() == 0
    with sessions() as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.result, job.done, job.total) == (JobState.done, {"number": 7}, 1, 2)


def test_a_failing_job_is_tried_again_later_and_keeps_its_committed_steps(sessions, settings):
    job_id = queue(sessions, number=7, fails=True)
    Worker(sessions, settings, clock=lambda: NOW).run_pending()
    with sessions() as session:
        job = session.get_one(Job, job_id)
        assert job.state is JobState.queued
        assert job.run_after > NOW
        assert "half way" in job.error
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1
    Worker(sessions, settings, clock=lambda: NOW + timedelta(days=1)).run_pending()
    for day in range(2, 10):
        Worker(sessions, settings, clock=lambda day=day: NOW + timedelta(days=day)).run_pending()
    with sessions() as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.attempts) == (JobState.failed, 5)


def test_a_refusal_is_final(sessions, settings):
    job_id = queue(sessions, number=7, refuses=True)
    Worker(sessions, settings, clock=lambda: NOW).run_pending()
    with sessions() as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.error) == (JobState.failed, "never (number=7)")


def test_an_unknown_kind_fails_in_words(sessions, settings):
    with sessions() as session:
        begin_write(session)
        job = enqueue(session, "test.unknown", {}, at=NOW)
        session.commit()
    Worker(sessions, settings, clock=lambda: NOW).run_pending()
    with sessions() as session:
        assert "unknown_job_kind" in session.get_one(Job, job.id).error


def test_a_dead_workers_job_is_taken_up_when_its_lease_runs_out(session, now):
    enqueue(session, "test.note", {}, at=now)
    first = claim(session, at=now)
    assert first is not None
    assert claim(session, at=now + LEASE) is None
    again = claim(session, at=now + LEASE + timedelta(seconds=1))
    assert again is not None
    assert (again.id, again.attempts) == (first.id, 2)
    report_progress(session, again, 1, 9, at=now + timedelta(hours=1))
    assert claim(session, at=now + timedelta(hours=1)) is None
    finish(session, again, None, at=now)
    assert claim(session, at=now + timedelta(days=1)) is None


def test_a_job_whose_worker_dies_every_time_is_given_up(session, now):
    job = enqueue(session, "test.note", {}, at=now)
    at = now
    for _ in range(5):
        assert claim(session, at=at) is not None
        at += LEASE + timedelta(seconds=1)
    assert claim(session, at=at) is None
    assert job.state is JobState.failed


def test_a_unique_key_is_one_live_job(session, now):
    first = enqueue(session, "test.note", {}, at=now, unique_key="a")
    assert enqueue(session, "test.note", {}, at=now, unique_key="a").id == first.id
    claim(session, at=now)
    fail(session, first, "no", at=now, final=True)
    assert enqueue(session, "test.note", {}, at=now, unique_key="a").id != first.id


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_many_workers_run_each_job_once(sessions, settings):
    for number in range(60):
        queue(sessions, number=number)
    with ThreadPoolExecutor(6) as pool:
        ran = list(pool.map(lambda _: Worker(sessions, settings, clock=lambda: NOW).run_pending(), range(6)))
    assert sum(ran) == 60
    with sessions() as session:
        numbers = sorted(session.scalars(select(AuditEvent.subject_id)))
        assert numbers == list(range(60))


def test_the_worker_seals_the_audit_trail(sessions, settings):
    from lms.audit.queries import broken_seal

    queue(sessions, number=1)
    worker = Worker(sessions, settings, clock=lambda: NOW)
    worker.run_pending()
    worker.seal_audit()
    with sessions() as session:
        assert session.scalars(select(AuditEvent.seal_id)).one() is not None
        assert broken_seal(session) is None


@handles("test.slow")
def _slow(context, payload):
    """Somebody else writes (or takes the job over) while the slow part of the step is at work."""
    _slow.meanwhile()
    context.write()
    record(context.session, None, "test.noted", "test", 1, at=context.at)


def queue_slow(sessions, meanwhile):
    _slow.meanwhile = meanwhile
    with sessions() as session:
        begin_write(session)
        job = enqueue(session, "test.slow", {}, at=NOW)
        session.commit()
        return job.id


def test_others_write_while_a_job_does_its_slow_part(sessions, settings):
    def meanwhile():
        with sessions() as session:
            begin_write(session)
            record(session, None, "test.meanwhile", "test", 2, at=NOW)
            session.commit()

    job_id = queue_slow(sessions, meanwhile)
    Worker(sessions, settings, clock=lambda: NOW).run_pending()
    with sessions() as session:
        assert session.get_one(Job, job_id).state is JobState.done
        assert sorted(session.scalars(select(AuditEvent.action))) == ["test.meanwhile", "test.noted"]


def test_what_a_worker_did_after_losing_its_lease_is_void(sessions, settings):
    late = NOW + LEASE + timedelta(seconds=1)

    def taken_over():
        with sessions() as session:
            begin_write(session)
            assert claim(session, at=late) is not None
            session.commit()

    job_id = queue_slow(sessions, taken_over)
    Worker(sessions, settings, clock=lambda: NOW).run_pending()
    with sessions() as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.attempts, job.error) == (JobState.running, 2, None)
        assert session.scalars(select(AuditEvent)).all() == []


def test_jobs_that_are_given_up_do_not_hold_up_the_others(session, now):
    hopeless = enqueue(session, "test.note", {}, at=now)
    hopeless.attempts = hopeless.max_attempts
    waiting = enqueue(session, "test.note", {}, at=now + timedelta(seconds=1))
    assert claim(session, at=now + timedelta(minutes=1)) is waiting
    assert hopeless.state is JobState.failed
