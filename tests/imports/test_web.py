"""The upload page: a workbook in, its dry run, the load."""

from __future__ import annotations

import io
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lms.access.models import Grant, Role
from lms.imports.models import ImportState, RosterImport
from lms.imports.operations import load_roster
from lms.people.models import Account
from lms.sheets import read_workbook
from lms.units.models import Post, Unit
from lms.worker import Worker
from tests.conftest import NOW
from tests.factories.people import make_account, make_person
from tests.imports.workbooks import POST_HEADER, POSTS, UNIT_HEADER, UNITS, small, workbook
from tests.web_client import LintingClient

FAULTY = workbook(
    units=[UNIT_HEADER, *UNITS, ["C2", "CĐCS Hai", "CĐCS", "X9"]],
    posts=[
        [*POST_HEADER, "Ngày sinh"],
        [*POSTS[0], "1986"],
        ["CB-2", "Giàng A Tủa", "C1", "CT", "1/1/2024", "31/02/1986"],
    ],
)


def account_with(db: Session, role: Role, unit: Unit | None = None) -> Account:
    account = make_account(db, make_person(db, "Lê Thị Bích Ngọc"))
    db.add(
        Grant(
            account_id=account.id,
            role=role,
            unit_id=unit.id if unit else None,
            valid_from=date(2020, 1, 1),
            granted_at=NOW,
        )
    )
    db.commit()
    return account


@pytest.fixture
def admin(db: Session, client: LintingClient) -> LintingClient:
    return client.sign_in(account_with(db, Role.system_admin))


def work(app: Flask, db: Session) -> None:
    """Do the jobs that wait."""
    Worker(sessionmaker(db.get_bind()), app.config["SETTINGS"], lambda: NOW).run_pending()
    db.rollback()


def send(client: LintingClient, content: bytes, **fields: str):  # type: ignore[no-untyped-def]
    data = {"unit": "", "file": (io.BytesIO(content), "Danh sách.xlsx"), **fields}
    return client.post("/nhap-danh-sach", data=data, content_type="multipart/form-data")


def test_a_good_file_is_checked_then_loaded(app: Flask, db: Session, admin: LintingClient) -> None:
    assert "Tải tệp mẫu" in admin.get("/nhap-danh-sach").text
    page = send(admin, small()).headers["Location"]
    waiting = admin.get(page).text
    assert "Đang kiểm tra danh sách" in waiting
    assert '<meta http-equiv="refresh" content="2">' in waiting
    work(app, db)
    dry_run = admin.get(page).text
    assert "Chưa có gì được ghi vào hệ thống" in dry_run
    assert "Trang Đơn vị: 3 dòng" in dry_run
    assert db.scalar(select(func.count()).select_from(Unit)) == 0
    assert admin.post(f"{page}/nhap").status_code == 302
    assert "Đang nhập danh sách" in admin.get(page).text
    work(app, db)
    assert "Đã nhập toàn bộ danh sách" in admin.get(page).text
    assert db.scalar(select(func.count()).select_from(Unit)) == 3
    assert "Danh sách.xlsx" in admin.get("/nhap-danh-sach").text
    again = send(admin, small()).headers["Location"]
    work(app, db)
    assert "Danh sách giống hệt dữ liệu đang có" in admin.get(again).text


def test_refused_rows_are_shown_with_their_reasons_and_good_ones_may_be_loaded(
    app: Flask, db: Session, admin: LintingClient
) -> None:
    page = send(admin, FAULTY).headers["Location"]
    work(app, db)
    units = admin.get(page).text
    assert "Mã gần giống: X1 Công đoàn xã Nậm Pao" in units
    people = admin.get(f"{page}?trang_tinh=can-bo&loc=refused").text
    assert "Giàng A Tủa" in people
    assert "Lò Thị Mai" not in people
    assert "Ngày sinh 31/02/1986 không có trong lịch" in people
    assert "Nếu là Chủ tịch, ghi đủ chữ" in people
    assert "Chỉ nhập 4 dòng hợp lệ" in people
    admin.post(f"{page}/nhap")
    assert db.scalar(select(RosterImport.state)) is ImportState.checked
    db.rollback()
    admin.post(f"{page}/nhap", data={"good_rows": "1"})
    admin.post(f"{page}/nhap", data={"good_rows": "1"})
    work(app, db)
    assert "2 dòng bị từ chối chưa được nhập" in admin.get(page).text
    assert db.scalar(select(func.count()).select_from(Post)) == 1


def test_the_file_to_mend_says_in_each_row_what_is_wrong(app: Flask, db: Session, admin: LintingClient) -> None:
    page = send(admin, FAULTY).headers["Location"]
    work(app, db)
    for _ in range(2):
        response = admin.get(f"{page}/tep-can-sua")
        sheets = {sheet.name: sheet.rows for sheet in read_workbook(response.data)}
        assert list(sheets) == ["Đơn vị", "Cán bộ"]
        assert [row[-1] for row in sheets["Đơn vị"]][:2] == ["Kết quả kiểm tra", "Mới"]
        assert str(sheets["Đơn vị"][4][-1]).startswith("Từ chối. Mã đơn vị cấp trên: Mã đơn vị X9")
        assert sheets["Cán bộ"][1][4] == date(2024, 3, 12)
        assert sheets["Cán bộ"][0].count("Kết quả kiểm tra") == 1
        page = send(admin, response.data).headers["Location"]
        work(app, db)
        assert "Kết quả kiểm tra" in admin.get(page).text


def test_a_file_that_cannot_be_read_is_refused_beside_its_field(db: Session, admin: LintingClient) -> None:
    for content, words in (
        (b"Ma,Ten\n1,2\n", "không phải tệp Excel"),
        (small()[:2000], "bị cắt ngang"),
        (b"", "Tệp trống"),
    ):
        response = send(admin, content)
        assert response.status_code == 422
        assert words in response.text
    response = admin.post("/nhap-danh-sach", data={"unit": ""})
    assert response.status_code == 422
    assert "Hãy chọn tệp danh sách" in response.text
    assert db.scalar(select(func.count()).select_from(RosterImport)) == 0


def test_a_file_may_be_dropped(app: Flask, db: Session, admin: LintingClient) -> None:
    page = send(admin, small()).headers["Location"]
    work(app, db)
    admin.post(f"{page}/bo")
    assert "đã được bỏ" in admin.get(page).text
    admin.post(f"{page}/nhap")
    work(app, db)
    assert db.scalar(select(func.count()).select_from(Unit)) == 0


def test_template_and_export(db: Session, admin: LintingClient) -> None:
    from lms.access.rules import SYSTEM

    load_roster(db, SYSTEM, small(), at=NOW)
    db.commit()
    for address in ("/nhap-danh-sach/mau", "/nhap-danh-sach/xuat"):
        response = admin.get(address)
        assert [sheet.name for sheet in read_workbook(response.data)] == ["Đơn vị", "Nhiệm kỳ", "Cán bộ", "Bồi dưỡng"]


def test_an_administrator_of_a_part_stays_within_it(app: Flask, db: Session, client: LintingClient) -> None:
    from lms.access.rules import SYSTEM

    load_roster(db, SYSTEM, workbook(units=[UNIT_HEADER, *UNITS, ["X2", "Xã Hai", "CĐCS", "T"]]), at=NOW)
    units = {unit.code: unit for unit in db.scalars(select(Unit))}
    admin = client.sign_in(account_with(db, Role.training_admin, units["X1"]))
    assert "Toàn hệ thống" not in admin.get("/nhap-danh-sach").text
    assert send(admin, small()).status_code == 422
    assert send(admin, small(), unit=str(units["X2"].id)).status_code == 422
    mine = workbook(units=[UNIT_HEADER, ["C9", "CĐCS Chín", "CĐCS", "X1"], ["X2", "Chiếm", "CĐCS", "X1"]])
    page = send(admin, mine, unit=str(units["X1"].id)).headers["Location"]
    work(app, db)
    assert "đã được dùng ở nơi khác trên hệ thống" in admin.get(page).text
    exported = read_workbook(admin.get("/nhap-danh-sach/xuat").data)
    assert [row[0] for row in exported[0].rows] == ["Mã đơn vị", "C1", "X1"]
    assert admin.get(f"/nhap-danh-sach/xuat?don_vi={units['X2'].id}").status_code == 404
    other = app.test_client().sign_in(account_with(db, Role.training_admin, units["X2"]))
    assert other.get(page).status_code == 404
    assert other.post(f"{page}/nhap").status_code == 404
    viewer = app.test_client().sign_in(account_with(db, Role.viewer, units["X1"]))
    assert viewer.get("/nhap-danh-sach").status_code == 403
