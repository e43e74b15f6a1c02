"""Adding and taking back many ledger rows at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.audit.models import AuditEvent
from lms.errors import Refused
from lms.ledger.models import Area, Source, TrainingRecord, TrainingRecordVoid
from lms.ledger.operations import Draft, add_records, void_records
from tests.conftest import NOW
from tests.factories.people import make_person


def test_rows_are_added_once_per_key_and_voided_together(session: Session) -> None:
    person = make_person(session)
    drafts = [Draft(person.id, frozenset({Area.labour_law}), date(2026, 1, day), f"k:{day}") for day in (1, 2, 2)]
    rows = add_records(session, 1, drafts, source=Source.workbook, at=NOW)
    assert [row.source_key for row in rows] == ["k:1", "k:2"]
    assert add_records(session, 1, drafts, source=Source.workbook, at=NOW) == []
    void_records(session, 1, [row.id for row in rows], reason="Nhầm tệp", at=NOW)
    assert session.scalar(select(func.count()).select_from(TrainingRecord)) == 2
    assert session.scalar(select(func.count()).select_from(TrainingRecordVoid)) == 2
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_nothing_is_added_when_one_row_cannot_be(session: Session) -> None:
    person = make_person(session)
    good = Draft(person.id, frozenset({Area.labour_law}), date(2026, 1, 1), "k:1")
    late = Draft(person.id, frozenset({Area.labour_law}), NOW.date() + timedelta(days=2), "k:2")
    empty = Draft(person.id, frozenset(), date(2026, 1, 1), "k:3")
    for bad, code in ((late, "achieved_in_future"), (empty, "no_areas")):
        with pytest.raises(Refused, match=code):
            add_records(session, 1, [good, bad], source=Source.workbook, at=NOW)
    assert session.scalar(select(func.count()).select_from(TrainingRecord)) == 0
