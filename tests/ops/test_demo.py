"""The sample federation is believable: its size and history, and a chair who has work to do; it loads on any day."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.access.models import Grant, Role
from lms.access.rules import SYSTEM
from lms.certificates.models import Certificate
from lms.demo import federation
from lms.demo.workbook import sample_workbook
from lms.imports.operations import check_roster, load_roster
from lms.indicators.queries import ask, values
from lms.indicators.schema import programmes
from lms.learning.assignments import requirements_of
from lms.learning.models import Enrolment
from lms.ledger.models import TrainingRecord
from lms.people.models import Person
from lms.people.queries import person_by_code
from lms.settings import load_settings
from lms.storage import Storage
from lms.temporal import vn_today
from lms.units.models import Level, Post, Title, Unit, UnitVersion
from lms.units.queries import unit_by_code
from lms.wiring import connect


@pytest.fixture
def made(session: Session, tmp_path: Path, now: datetime) -> Session:
    """A database with the sample federation."""
    connect()
    settings = load_settings({"LMS_INSTANCE": str(tmp_path)})
    federation.build(session, settings, Storage(settings.storage_url), at=now)
    return session


def count(session: Session, *conditions: object) -> int:
    return session.scalar(select(func.count()).where(*conditions)) or 0  # type: ignore[arg-type]


def test_the_sample_federation(made: Session, tmp_path: Path, now: datetime) -> None:
    today = vn_today(now)
    assert count(made, Person.id > 0) >= 1500
    current = (UnitVersion.valid_to.is_(None),)
    levels = dict(
        made.execute(select(UnitVersion.level, func.count()).where(*current).group_by(UnitVersion.level)).all()
    )
    assert levels[Level.grassroots] >= 66
    assert count(made, Unit.ended_on == date(2025, 7, 1)) == 3
    assert count(made, Post.ends_on.is_not(None)) > 15
    assert 2000 < count(made, TrainingRecord.id > 0) < 3500
    assert count(made, Certificate.id > 0) == federation.COMPLETED
    assert count(made, Enrolment.completed_at.is_(None)) == federation.UNDER_WAY
    assert {grant.role for grant in made.scalars(select(Grant))} == set(Role)
    assert (tmp_path / federation.WORKBOOK).stat().st_size > 100_000
    chairs = select(func.count(Post.person_id.distinct())).where(Post.title == Title.chair, Post.ends_on.is_(None))
    assert (made.scalar(chairs) or 0) > 80
    logins = json.loads((tmp_path / federation.LOGINS).read_text())
    learner = person_by_code(made, logins[-1]["login"])
    assert learner is not None
    assert requirements_of(made, learner.id, today)
    province = unit_by_code(made, "AS")
    assert province is not None
    found = {value.indicator.code: value for value in values(made, ask(made, programmes()["D2"], province, today))}
    for code in ("D2-1", "D2-2", "D2-3", "D2-4a", "D2-4b", "D2-4c"):
        assert 0 < found[code].numerator < found[code].denominator, code
    again = load_roster(made, SYSTEM, sample_workbook(today), at=now)
    assert {(counts["new"], counts["changed"], counts["refused"]) for counts in again.sheets.values()} == {(0, 0, 0)}


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2026, 12, 31), date(2028, 2, 29)])
def test_the_workbook_is_good_on_other_days(day: date) -> None:
    report = check_roster(None, SYSTEM, sample_workbook(day), at=datetime.fromisoformat(f"{day}T03:00:00+00:00"))
    assert report.refused == []
    assert report.good_rows > 4000


def test_the_same_day_gives_the_same_federation() -> None:
    from lms.sheets import read_workbook

    day = date(2026, 11, 21)
    assert read_workbook(sample_workbook(day)) == read_workbook(sample_workbook(day))
