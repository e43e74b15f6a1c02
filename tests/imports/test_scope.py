"""Loading for a part of the installation: what lies outside, and who stands above the loader, stays as it is."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.models import Role
from lms.access.rules import SYSTEM
from lms.imports.operations import check_roster, load_roster
from lms.imports.report import Report
from lms.people.models import Person
from lms.units.models import Post, Unit
from tests.conftest import NOW
from tests.factories.access import actor_of, make_grant
from tests.factories.people import make_account, make_person
from tests.factories.units import make_post, make_unit
from tests.imports.workbooks import (
    POST_HEADER,
    POSTS,
    TRAINING_HEADER,
    UNIT_HEADER,
    UNITS,
    workbook,
)


def load(session: Session, content: bytes, **options: object) -> Report:
    return load_roster(session, SYSTEM, content, at=NOW, **options)  # type: ignore[arg-type]


def codes(report: Report) -> list[tuple[str, int | None, str]]:
    return [(finding.sheet, finding.row, finding.code) for finding in report.refused]


def states(report: Report, sheet: str) -> list[str]:
    return [row.state.value for row in report.rows[sheet]]


@pytest.fixture
def scope(session: Session) -> Unit:
    """A commune within a province that another commune is part of too."""
    load(
        session,
        workbook(
            units=[UNIT_HEADER, *UNITS, ["X2", "Xã Hai", "Cấp trên trực tiếp cơ sở", "T"]], posts=[POST_HEADER, *POSTS]
        ),
    )
    return session.scalars(select(Unit).where(Unit.code == "X1")).one()


def test_a_loader_stays_within_the_scope(session: Session, scope: Unit) -> None:
    other = session.scalars(select(Unit).where(Unit.code == "X2")).one()
    stranger = make_person(session, "Vàng A Chư", code="CB-9")
    make_post(session, other, person=stranger)
    content = workbook(
        units=[
            UNIT_HEADER,
            ["X1", "Công đoàn xã Nậm Pao", "Cấp trên trực tiếp cơ sở", "T"],
            ["X2", "Chiếm", "Công đoàn cơ sở", "X1"],
            ["N1", "CĐCS Mới", "Công đoàn cơ sở", "X1"],
            ["N2", "CĐCS Gốc", "Công đoàn cơ sở", None],
            ["N3", "CĐCS Ngoài", "Công đoàn cơ sở", "X2"],
        ],
        posts=[
            POST_HEADER,
            ["CB-9", "Vàng A Chư", "C1", "Chủ tịch", date(2024, 1, 1)],
            ["CB-1", "Lò Thị Mai", "X2", "Chủ tịch", date(2024, 1, 1)],
            ["CB-3", "Lò Văn Ba", "N1", "Chủ tịch", date(2024, 1, 1)],
        ],
        training=[
            [*TRAINING_HEADER, "Mã đơn vị tổ chức"],
            ["CB-9", "labour_law", "1/1/2025", None],
            ["CB-1", "labour_law", "1/1/2025", "T"],
        ],
    )
    report = load(session, content, unit_id=scope.id, good_rows=True)
    assert codes(report) == [
        ("Đơn vị", 3, "code_elsewhere"),
        ("Đơn vị", 5, "root_outside_scope"),
        ("Đơn vị", 6, "code_elsewhere"),
        ("Cán bộ", 2, "code_elsewhere"),
        ("Cán bộ", 3, "code_elsewhere"),
        ("Bồi dưỡng", 2, "code_elsewhere"),
    ]
    assert all("Xã Hai" not in str(finding.params) for finding in report.refused)
    assert session.scalar(select(Person.id).where(Person.code == "CB-3")) is not None


def test_somebody_who_moved_away_is_not_renamed_from_the_old_scope(session: Session, scope: Unit) -> None:
    person = session.scalars(select(Person)).one()
    old = session.scalars(select(Post)).one()
    old.ends_on = date(2025, 1, 1)
    make_post(session, make_unit(session, code="Y1"), person=person, starts="2025-01-01")
    header = [*POST_HEADER, "Đến ngày"]
    same = workbook(posts=[header, [*POSTS[0], date(2025, 1, 1)]])
    assert states(load(session, same, unit_id=scope.id), "Cán bộ") == ["unchanged"]
    renamed = workbook(posts=[header, ["CB-1", "Tên Khác", *POSTS[0][2:], date(2025, 1, 1)]])
    assert codes(load(session, renamed, unit_id=scope.id)) == [("Cán bộ", 2, "person_elsewhere")]


CONTACT_HEADER = [*POST_HEADER, "Email", "Điện thoại"]


@pytest.mark.parametrize("place", ["in the scope", "nowhere"])
def test_a_loader_cannot_change_how_somebody_with_a_greater_role_signs_in(
    session: Session, scope: Unit, place: str
) -> None:
    """Else a link to reset the password would go to the loader (or a slip could be given out)."""
    loader = make_account(session, make_person(session, "Hà Văn Quý"))
    make_grant(session, loader, Role.training_admin, scope)
    boss = make_account(session, make_person(session, "Lê Thị Tâm", code="QT-001", email="tam@congdoan.example"))
    make_grant(session, boss, Role.system_admin)
    if place == "in the scope":
        make_post(session, scope, "chair", boss.person, starts="2024-01-01")
    row = ["QT-001", "Lê Thị Tâm", "X1", "Chủ tịch", date(2024, 1, 1), "ke-xau@example.com", "0912345678"]
    content = workbook(posts=[CONTACT_HEADER, row])
    actor = actor_of(loader)
    checked = check_roster(session, actor, content, unit_id=scope.id, at=NOW)
    report = load_roster(session, actor, content, unit_id=scope.id, good_rows=True, at=NOW)
    session.refresh(boss.person)
    assert (boss.person.email, boss.person.phone) == ("tam@congdoan.example", None)
    if place == "nowhere":
        assert codes(report) == [("Cán bộ", 2, "code_elsewhere")]
        return
    assert [(found.row, found.column, found.code) for found in report.warnings] == [
        (2, "Email", "contact_kept"),
        (2, "Điện thoại", "contact_kept"),
    ]
    assert checked.warnings == report.warnings
    assert states(report, "Cán bộ") == ["unchanged"]


def test_the_contacts_of_those_within_reach_are_changed(session: Session, scope: Unit) -> None:
    loader = make_account(session, make_person(session, "Hà Văn Quý", code="QT-2"))
    make_grant(session, loader, Role.training_admin, scope)
    make_post(session, scope, "chair", loader.person, starts="2024-01-01")
    viewer = make_account(session, make_person(session, "Phạm Tiến Đạt", code="QT-4"))
    make_grant(session, viewer, Role.viewer, scope)
    make_post(session, scope, "vice_chair", viewer.person, starts="2024-01-01")
    rows = [
        ["QT-2", "Hà Văn Quý", "X1", "Chủ tịch", date(2024, 1, 1), "quy@congdoan.example", None],
        ["QT-4", "Phạm Tiến Đạt", "X1", "Phó Chủ tịch", date(2024, 1, 1), "dat@congdoan.example", None],
    ]
    content = workbook(posts=[CONTACT_HEADER, *rows])
    report = load_roster(session, actor_of(loader), content, unit_id=scope.id, at=NOW)
    assert (report.loaded, report.warnings) == (True, [])
    assert [person.email for person in (loader.person, viewer.person)] == [
        "quy@congdoan.example",
        "dat@congdoan.example",
    ]
