"""People and accounts."""

from __future__ import annotations

import itertools

from sqlalchemy.orm import Session

from lms.people.models import Account, Gender, Person
from tests.conftest import NOW

_numbers = itertools.count(1)


def make_person(session: Session, name: str = "Nguyễn Thị Thu Hiền", **values: object) -> Person:
    """A person; the code is made up where none is given."""
    fields: dict[str, object] = {"code": f"CB-{next(_numbers):05d}", "gender": Gender.female, "created_at": NOW}
    person = Person(full_name=name, **{**fields, **values})
    session.add(person)
    session.flush()
    return person


def make_account(session: Session, person: Person | None = None, **values: object) -> Account:
    """An account (without password) of a person, who is made where none is given."""
    person = person or make_person(session)
    account = Account(person_id=person.id, created_at=NOW, **values)
    account.person = person
    session.add(account)
    session.flush()
    return account
