"""Writing people: made and corrected one by one with an audit event, or in bulk within somebody else's act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.audit.operations import record as audit
from lms.errors import Refused
from lms.people.models import Gender, Person
from lms.text import clean


@dataclass(frozen=True)
class PersonDetails:
    """What is kept of a person besides the code. `born_year` goes with `born_on`, or stands alone."""

    full_name: str
    born_on: date | None = None
    born_year: int | None = None
    gender: Gender | None = None
    ethnicity: str | None = None
    email: str | None = None
    phone: str | None = None


def create_person(session: Session, actor_id: int | None, code: str, details: PersonDetails, *, at: datetime) -> Person:
    """Make a person. Refused: person_code_taken (field code), name_missing (field full_name)."""
    code = clean(code)
    if not clean(details.full_name):
        raise Refused("name_missing", field="full_name")
    if session.scalar(select(Person.id).where(Person.code == code)) is not None:
        raise Refused("person_code_taken", field="code", taken=code)
    person = add_people(session, {code: details}, at=at)[0]
    audit(session, actor_id, "person.created", "person", person.id, at=at, after={"code": code, **asdict(details)})
    return person


def change_person(
    session: Session, actor_id: int | None, person: Person, details: PersonDetails, *, at: datetime
) -> Person:
    """Correct what is kept of a person; the same details change and record nothing. Refused: name_missing."""
    if not clean(details.full_name):
        raise Refused("name_missing", field="full_name")
    before = {key: getattr(person, key) for key in asdict(details)}
    if before == asdict(details):
        return person
    apply_details(session, {person.id: details})
    after = asdict(details)
    changed = [key for key in after if before[key] != after[key]]
    audit(
        session,
        actor_id,
        "person.changed",
        "person",
        person.id,
        at=at,
        before={key: before[key] for key in changed},
        after={key: after[key] for key in changed},
    )
    return person


def add_people(session: Session, people: Mapping[str, PersonDetails], *, at: datetime) -> Sequence[Person]:
    """Make many people by code, in order, without audit events: the caller's act records one for all."""
    made = [Person(code=code, created_at=at, **asdict(details)) for code, details in people.items()]
    session.add_all(made)
    session.flush()
    return made


def apply_details(session: Session, changes: Mapping[int, PersonDetails]) -> None:
    """Write the details of many people by id, without audit events: the caller's act records one for all."""
    ids = sorted(changes)
    for start in range(0, len(ids), 500):
        for person in session.scalars(select(Person).where(Person.id.in_(ids[start : start + 500]))):
            for key, value in asdict(changes[person.id]).items():
                if getattr(person, key) != value:
                    setattr(person, key, value)
    session.flush()
