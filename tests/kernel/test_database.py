"""Times keep their zone, codes are checked, SQLite has the house's manners."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from lms.db import begin_write, make_engine
from lms.people.models import Person
from tests.factories.people import make_person


def test_times_come_back_aware_and_equal(session, now):
    person = make_person(session, created_at=now.astimezone(timezone(timedelta(hours=7))))
    session.expire_all()
    assert session.scalars(select(Person.created_at)).one() == now
    assert person.created_at.utcoffset() == timedelta(0)


def test_a_time_without_zone_is_refused(session):
    with pytest.raises(StatementError, match="without zone"):
        make_person(session, created_at=datetime(2026, 1, 1))


def test_unknown_codes_are_refused_by_the_database(session):
    person = make_person(session)
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE person SET gender = 'x' WHERE id = :id"), {"id": person.id})


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_sqlite_checks_foreign_keys_and_waits(database):
    engine = make_engine(database)
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    engine.dispose()


def test_a_write_transaction_begins_once(session):
    begin_write(session)
    make_person(session)
    begin_write(session)
    assert session.scalars(select(Person.id)).all()
