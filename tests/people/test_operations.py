"""Making and correcting people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.audit.models import AuditEvent
from lms.errors import Refused
from lms.people.operations import PersonDetails, change_person, create_person
from tests.conftest import NOW

MAI = PersonDetails("Lò Thị Mai", born_year=1986, phone="0912345678")


def test_a_person_is_made_once_per_code(session: Session) -> None:
    person = create_person(session, 1, "CB-1", MAI, at=NOW)
    assert (person.ho_dem, person.ten, person.born_year) == ("Lò Thị", "Mai", 1986)
    with pytest.raises(Refused, match="person_code_taken"):
        create_person(session, 1, "CB-1", MAI, at=NOW)
    with pytest.raises(Refused, match="name_missing"):
        create_person(session, 1, "CB-2", PersonDetails(" "), at=NOW)


def test_a_correction_records_what_stood_before(session: Session) -> None:
    person = create_person(session, 1, "CB-1", MAI, at=NOW)
    change_person(session, 1, person, MAI, at=NOW)
    change_person(session, 1, person, replace(MAI, full_name="Lò Thị Mây"), at=NOW)
    events = list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
    assert [event.action for event in events] == ["person.created", "person.changed"]
    assert events[1].payload == {"before": {"full_name": "Lò Thị Mai"}, "after": {"full_name": "Lò Thị Mây"}}
    assert person.ten == "Mây"
