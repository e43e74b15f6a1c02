"""Official acts on units, terms and posts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.audit.models import AuditEvent
from lms.errors import Refused
from lms.temporal import ALWAYS
from lms.units.history import Facts
from lms.units.models import Level, Title, UnitCount, UnitVersion
from lms.units.operations import (
    PostDetails,
    change_post,
    change_unit,
    create_unit,
    end_unit,
    open_post,
    open_term,
    record_count,
)
from tests.conftest import NOW
from tests.factories.people import make_person
from tests.factories.units import make_unit

DAY = date(2026, 7, 1)


def history(session: Session, unit_id: int) -> list[tuple[str, date, date | None]]:
    query = select(UnitVersion).where(UnitVersion.unit_id == unit_id).order_by(UnitVersion.valid_from)
    return [(row.name, row.valid_from, row.valid_to) for row in session.scalars(query)]


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_a_units_history_is_closed_and_opened_never_rewritten(session: Session) -> None:
    unit = create_unit(session, 1, "C1", Facts("Một", Level.grassroots), founded_on=date(2010, 1, 1), at=NOW)
    change_unit(session, 1, unit, Facts("Hai", Level.grassroots), from_day=DAY, decision_no="12/QĐ", at=NOW)
    change_unit(session, 1, unit, Facts("Hai", Level.grassroots), from_day=DAY, at=NOW)
    change_unit(session, 1, unit, Facts("Giữa", Level.grassroots), from_day=date(2020, 1, 1), at=NOW)
    assert history(session, unit.id) == [
        ("Một", ALWAYS, date(2020, 1, 1)),
        ("Giữa", date(2020, 1, 1), DAY),
        ("Hai", DAY, None),
    ]
    assert actions(session) == ["unit.created", "unit.changed", "unit.changed"]


def test_a_code_belongs_to_one_unit(session: Session) -> None:
    make_unit(session, code="C1")
    with pytest.raises(Refused, match="unit_code_taken"):
        create_unit(session, None, " C1 ", Facts("Một", Level.grassroots), at=NOW)


def test_a_parent_does_not_close_a_cycle(session: Session) -> None:
    top = make_unit(session, "Tỉnh", Level.provincial)
    middle = make_unit(session, "Xã", Level.direct_upper, top)
    low = make_unit(session, "Cơ sở", parent=middle)
    for parent in (low, middle, top):
        with pytest.raises(Refused, match="parent_cycle"):
            change_unit(session, None, top, Facts("Tỉnh", Level.provincial, parent.id), from_day=DAY, at=NOW)
    change_unit(session, None, low, Facts("Cơ sở", Level.grassroots, top.id), from_day=DAY, at=NOW)


def test_an_end_lies_after_the_founding_and_can_be_taken_back(session: Session) -> None:
    unit = make_unit(session, founded="2020-01-01")
    with pytest.raises(Refused, match="period_ends_before_start"):
        end_unit(session, None, unit, ended_on=date(2020, 1, 1), at=NOW)
    end_unit(session, None, unit, ended_on=DAY, at=NOW)
    end_unit(session, None, unit, ended_on=None, at=NOW)
    assert unit.ended_on is None


def test_a_second_count_of_a_day_replaces_the_first(session: Session) -> None:
    unit = make_unit(session)
    for members in (10, 12):
        record_count(session, None, unit, counted_on=DAY, members=members, workers=None, at=NOW)
    assert [row.members for row in session.scalars(select(UnitCount))] == [12]
    with pytest.raises(Refused, match="count_negative"):
        record_count(session, None, unit, counted_on=DAY, members=-1, workers=None, at=NOW)


def test_terms_of_a_unit_do_not_overlap(session: Session) -> None:
    unit = make_unit(session)
    open_term(session, None, unit, name="2023-2028", starts_on=date(2023, 1, 1), ends_on=date(2028, 1, 1), at=NOW)
    with pytest.raises(Refused, match="terms_overlap"):
        open_term(session, None, unit, name="x", starts_on=date(2027, 12, 31), ends_on=None, at=NOW)
    open_term(session, None, unit, name="2028-2033", starts_on=date(2028, 1, 1), ends_on=None, at=NOW)


def test_a_post_is_opened_once_and_changed_with_a_trace(session: Session) -> None:
    unit, person = make_unit(session), make_person(session)
    who = {"person_id": person.id, "unit_id": unit.id, "title": Title.chair, "starts_on": date(2024, 1, 1)}
    post = open_post(session, 1, **who, details=PostDetails(full_time=True), at=NOW)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="post_exists"):
        open_post(session, 1, **who, details=PostDetails(), at=NOW)  # type: ignore[arg-type]
    change_post(session, 1, post, PostDetails(full_time=True, ends_on=DAY), at=NOW)
    change_post(session, 1, post, PostDetails(full_time=True, ends_on=DAY), at=NOW)
    with pytest.raises(Refused, match="period_ends_before_start"):
        change_post(session, 1, post, PostDetails(ends_on=date(2024, 1, 1)), at=NOW)
    assert (post.ends_on, post.full_time) == (DAY, True)
    assert actions(session) == ["post.opened", "post.changed"]
