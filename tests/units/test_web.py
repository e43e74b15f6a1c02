"""The tree of units and a unit's page as of a day."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from lms.units.models import UnitVersion
from tests.factories.access import make_grant
from tests.factories.people import make_account, make_person
from tests.factories.units import make_post, make_term, make_unit


class Place:
    """A province, a commune that took over from a district, a grassroots union, an orphan."""

    def __init__(self, db) -> None:
        self.province = make_unit(db, "LĐLĐ tỉnh An Sơn", "provincial", code="AS")
        self.district = make_unit(
            db, "LĐLĐ huyện Tân Khê", "direct_upper", self.province, code="AS-H1", ended="2025-07-01"
        )
        self.commune = make_unit(
            db, "Công đoàn phường Tân Khê", "direct_upper", self.province, code="AS-P1", founded="2025-07-01"
        )
        self.grassroots = make_unit(db, "CĐCS May", parent=self.district, members=300, workers=320, code="AS-C1")
        version = db.scalars(select(UnitVersion).where(UnitVersion.unit_id == self.grassroots.id)).one()
        version.valid_to = date(2025, 7, 1)
        db.flush()
        db.add(
            UnitVersion(
                unit_id=self.grassroots.id,
                name="CĐCS May Tân Khê",
                level=version.level,
                parent_id=self.commune.id,
                valid_from=date(2025, 7, 1),
                decision_no="QĐ 88/QĐ-LĐLĐ",
            )
        )
        make_unit(db, "CĐCS Mồ Côi", parent=self.district, code="AS-C9")
        make_term(db, self.commune, "2025-07-01", "2030-07-01")
        self.chair = make_post(db, self.commune, "chair", make_person(db, "Nguyễn Văn Thành"), full_time=True)
        self.account = make_account(db, make_person(db, "Trần Giang"))
        make_grant(db, self.account, "viewer", self.province)
        db.commit()


@pytest.fixture
def place(db) -> Place:
    return Place(db)


def test_the_tree_opens_branch_by_branch(client, place):
    page = client.sign_in(place.account).get("/don-vi").text
    assert "Công đoàn phường Tân Khê" in page
    assert "CĐCS May Tân Khê" not in page
    assert "/don-vi?mo=AS&amp;mo=AS-P1" in page
    opened = client.get("/don-vi?mo=AS&mo=AS-P1").text
    assert "CĐCS May Tân Khê" in opened
    assert "Công đoàn phường Tân Khê" not in client.get("/don-vi?dong=1").text.split("<tbody>")[1]


def test_the_tree_of_another_day(client, place):
    page = client.sign_in(place.account).get("/don-vi?mo=AS&mo=AS-H1&ngay=30/06/2025").text
    assert "LĐLĐ huyện Tân Khê" in page
    assert "CĐCS May<" in page
    assert "Công đoàn phường Tân Khê" not in page


def test_search_needs_no_marks(client, place):
    client.sign_in(place.account)
    assert "CĐCS May Tân Khê" in client.get("/don-vi?q=may tan khe").text
    assert "CĐCS May Tân Khê" in client.get("/don-vi?q=as-c1").text
    assert "Không tìm thấy đơn vị nào" in client.get("/don-vi?q=khong co").text


def test_orphans_are_told(client, place):
    page = client.sign_in(place.account).get("/don-vi").text
    assert "CĐCS Mồ Côi" in page.split("Đơn vị chưa có cấp trên")[1]
    assert "đứng ngoài cây" in client.get("/don-vi/AS-C9").text


def test_a_unit_on_its_page(client, place):
    page = client.sign_in(place.account).get("/don-vi/AS-P1").text
    for words in (
        "Cấp trên trực tiếp cơ sở, mã AS-P1",
        "Đang hoạt động",
        "Nguyễn Văn Thành",
        "Nhiệm kỳ 2025-2030",
        "CĐCS May Tân Khê",
        "01/07/2025",
    ):
        assert words in page
    assert "LĐLĐ tỉnh An Sơn</a>" in page
    assert 'href="/can-bo?don_vi=AS-P1"' in page, "the number of cadres opens their list"
    assert 'href="/can-bo?don_vi=AS-P1"' not in client.get("/don-vi/AS-P1?ngay=01/08/2025").text
    history = client.get("/don-vi/AS-C1").text
    assert "quyết định QĐ 88/QĐ-LĐLĐ" in history
    assert "thuộc Công đoàn phường Tân Khê" in history


def test_a_unit_on_a_day_out_of_force(client, place):
    page = client.sign_in(place.account).get("/don-vi/AS-P1?ngay=30/06/2025").text
    assert "Đơn vị không hoạt động vào ngày 30/06/2025" in page
    assert "đứng ngoài cây" not in client.get("/don-vi/AS?ngay=01/01/1901").text
    assert "“hôm qua” không phải là một ngày" in client.get("/don-vi/AS-P1?ngay=hôm qua").text


def test_child_units_as_a_workbook(client, place):
    answer = client.sign_in(place.account).get("/don-vi/xlsx/AS-P1")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert rows[1][:2] == ("AS-C1", "CĐCS May Tân Khê")
    assert rows[1][5:7] == (300, 320)


def test_a_learner_sees_no_units(client, db, place):
    learner = make_account(db)
    db.commit()
    assert client.sign_in(learner).get("/don-vi").status_code == 403
