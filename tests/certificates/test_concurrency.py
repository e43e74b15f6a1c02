from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lms.access.rules import SYSTEM
from lms.certificates.models import Certificate, RegisterSeries
from lms.certificates.operations import issue_certificate
from lms.db import begin_write, make_engine
from lms.jobs.models import Job
from lms.ledger.models import TrainingRecord
from tests.conftest import NOW
from tests.factories.certificates import make_completion, make_scene
from tests.factories.people import make_person

WORKERS = 40


class Abandoned(Exception):
    """The transaction of a completion that fails after its number was taken."""


@pytest.fixture
def sessions(database):
    options = {} if database.startswith("sqlite") else {"pool_size": WORKERS, "max_overflow": 0}
    engine = make_engine(database, **options)
    yield sessionmaker(engine, expire_on_commit=False)
    engine.dispose()


def prepare(sessions: sessionmaker[Session], count: int) -> list[int]:
    with sessions.begin() as session:
        scene = make_scene(session)
        people = [make_person(session, f"Nguyễn Văn {number}") for number in range(count)]
        return [make_completion(session, person, scene.version, scene.commune).id for person in people]


def issue(sessions: sessionmaker[Session], record_id: int, *, abandon: bool = False) -> str:
    with sessions() as session:
        begin_write(session)
        record = session.get_one(TrainingRecord, record_id)
        serial = issue_certificate(session, SYSTEM, record, at=NOW).serial_no
        if abandon:
            session.rollback()
            raise Abandoned
        session.commit()
        return serial


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_200_at_once_for_100_records_give_100_certificates_without_gap(sessions):
    record_ids = prepare(sessions, 100)
    calls = record_ids * 2
    random.Random(7).shuffle(calls)
    gate = threading.Barrier(WORKERS)

    def start() -> None:
        gate.wait(timeout=30)

    with ThreadPoolExecutor(WORKERS, initializer=start) as pool:
        serials = list(pool.map(lambda record_id: issue(sessions, record_id), calls))

    with sessions() as session:
        issued = session.scalars(select(Certificate).order_by(Certificate.number)).all()
        assert [certificate.number for certificate in issued] == list(range(1, 101))
        assert sorted(certificate.record_id for certificate in issued) == sorted(record_ids)
        assert len({certificate.verify_code for certificate in issued}) == 100
        by_record = {certificate.record_id: certificate.serial_no for certificate in issued}
        assert serials == [by_record[record_id] for record_id in calls], "both calls of a record gave the same"
        assert session.scalars(select(RegisterSeries.last_number)).all() == [100]
        assert len(session.scalars(select(Job.id)).all()) == 100


def test_transactions_that_fail_in_between_leave_no_gap(sessions):
    record_ids = prepare(sessions, 30)
    failing = set(record_ids[::3])

    def attempt(record_id: int) -> None:
        try:
            issue(sessions, record_id, abandon=record_id in failing)
        except Abandoned:
            issue(sessions, record_id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(attempt, record_ids))

    with sessions() as session:
        assert session.scalars(select(Certificate.number).order_by(Certificate.number)).all() == list(range(1, 31))
