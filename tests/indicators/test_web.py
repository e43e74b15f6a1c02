"""The pages of indicators: figures as doors, scope, exports, numbers of statements."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from tests.factories.access import make_grant
from tests.factories.ledger import make_record
from tests.factories.people import make_account, make_person
from tests.factories.units import make_post, make_term, make_unit


class Federation:
    """A province with two communes, a grassroots union each, and administrators of the province and of one commune."""

    def __init__(self, db) -> None:
        self.province = make_unit(db, "LĐLĐ tỉnh An Sơn", "provincial", code="AS")
        self.commune = make_unit(db, "Công đoàn phường Tân Khê", "direct_upper", self.province, code="AS-P1")
        self.other = make_unit(db, "Công đoàn xã Đồng Sậy", "direct_upper", self.province, code="AS-P2")
        make_term(db, self.commune, "2023-01-01")
        self.grassroots = make_unit(db, parent=self.commune, members=300, code="AS-C1")
        far = make_unit(db, "CĐCS xa", parent=self.other, members=300, code="AS-C2")
        self.chair = make_post(db, self.grassroots, "chair", make_person(db, "Đỗ Thị Huế", code="CB-HUE"))
        make_post(db, far, "chair", make_person(db, "Hà Văn Quý", code="CB-QUY"))
        make_record(
            db, self.chair.person, delivered_by_id=self.commune.id, title="Lớp kỹ năng", certificate_no="12/2026"
        )
        self.administrator = make_account(db, make_person(db, "Trần Giang"))
        self.local = make_account(db, make_person(db, "Lò Bóng"))
        make_grant(db, self.administrator, unit=self.province)
        make_grant(db, self.local, unit=self.commune)
        db.commit()


@pytest.fixture
def federation(db) -> Federation:
    return Federation(db)


def test_home_leads_to_the_unit_one_is_in_charge_of(client, federation):
    assert client.sign_in(federation.local).get("/chi-tieu").location.endswith("/chi-tieu/D2/don-vi/AS-P1")
    chosen = client.get("/chi-tieu?chuong_trinh=D4&don_vi=phuong tan khe&ngay=22/06/2026").location
    assert chosen.endswith("/chi-tieu/D4/don-vi/AS-P1?ngay=22/06/2026")
    assert "Các đơn vị khớp" in client.get("/chi-tieu?don_vi=tan khe").text
    assert "Không có đơn vị nào" in client.get("/chi-tieu?don_vi=dong say").text
    assert client.get("/chi-tieu?chuong_trinh=D9").status_code == 404


def test_the_programme_page_shows_every_indicator_as_a_door(client, federation):
    page = client.sign_in(federation.administrator).get("/chi-tieu/D2/don-vi/AS").text
    for code in ("D2-1", "D2-2", "D2-3", "D2-4a", "D2-4b", "D2-4c"):
        assert f"{code} · mục" in page
    for listed, number in (("trained", "1"), ("everybody", "2 chủ tịch"), ("untrained", "Còn 1 đồng chí")):
        assert re.search(rf'href="/chi-tieu/D2/D2-4c/danh-sach/AS\?nhom={listed}">{number}<', page), listed
    assert "50,0" in page
    assert "Không đặt mức" in page
    assert "Bồi dưỡng trực tuyến năm 2026" in page
    assert '<a href="/chi-tieu/D2/don-vi/AS-P1">Công đoàn phường Tân Khê</a>' in page


def test_the_day_goes_along_in_every_link(client, federation):
    page = client.sign_in(federation.administrator).get("/chi-tieu/D2/don-vi/AS?ngay=28/02/2026").text
    assert "nhom=trained&amp;ngay=28/02/2026" in page
    assert "0 / " not in page.split("D2-4c")[0]
    assert "0,0" in page
    wrong = client.get("/chi-tieu/D2/don-vi/AS?ngay=31/02/2026").text
    assert "“31/02/2026” không phải là một ngày" in wrong


def test_a_programme_that_has_ended_opens_on_its_last_day(client, federation):
    page = client.sign_in(federation.administrator).get("/chi-tieu/D1/don-vi/AS").text
    assert 'value="31/12/2023"' in page


def test_a_day_without_the_unit_says_so(client, db, federation):
    make_unit(db, "LĐLĐ huyện", "direct_upper", federation.province, code="AS-H1", ended="2025-07-01")
    db.commit()
    answer = client.sign_in(federation.administrator).get("/chi-tieu/D2/don-vi/AS-H1")
    assert answer.status_code == 404
    assert "không hoạt động vào ngày 21/11/2026" in answer.text
    assert client.get("/chi-tieu/D2/don-vi/AS-H1?ngay=30/06/2025").status_code == 200


def test_the_names_with_their_evidence(client, federation):
    client.sign_in(federation.administrator)
    page = client.get("/chi-tieu/D2/D2-4c/danh-sach/AS?nhom=trained").text
    assert "Đỗ Thị Huế" in page
    assert "Hà Văn Quý" not in page
    assert "01/03/2026 · Lớp kỹ năng" in page
    assert "Giấy số 12/2026" in page
    assert "Nghị quyết Hội nghị lần thứ Bảy" in page
    rest = client.get("/chi-tieu/D2/D2-4c/danh-sach/AS").text
    assert "Hà Văn Quý" in rest
    assert "Đỗ Thị Huế" not in rest
    assert "Không có ai trong danh sách này" in client.get("/chi-tieu/D2/D2-4c/danh-sach/AS?tim=zzz").text
    narrowed = client.get("/chi-tieu/D2/D2-4c/danh-sach/AS?nhom=everybody&thuoc=AS-P2").text
    assert "Hà Văn Quý" in narrowed
    assert "Đỗ Thị Huế" not in narrowed
    assert client.get("/chi-tieu/D2/D9-9/danh-sach/AS").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/chi-tieu/D2/don-vi/{}",
        "/chi-tieu/D2/xlsx/{}",
        "/chi-tieu/D2/D2-4c/danh-sach/{}",
        "/chi-tieu/D2/truc-tuyen/{}",
        "/chi-tieu/D2/D2-4c/xlsx/{}",
        "/don-vi/{}",
        "/don-vi/xlsx/{}",
    ],
)
def test_units_out_of_scope_are_unknown(client, federation, path):
    client.sign_in(federation.local)
    assert client.get(path.format("AS-P1")).status_code == 200
    for outside in ("AS", "AS-P2", "AS-C2", "NONE"):
        assert client.get(path.format(outside)).status_code == 404


def _rows(answer) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))


def test_workbooks(client, federation):
    client.sign_in(federation.administrator)
    people = _rows(client.get("/chi-tieu/D2/D2-4c/xlsx/AS?nhom=everybody"))
    assert [row[0] for row in people[1:]] == ["CB-HUE", "CB-QUY"]
    assert people[1][5:9] == ("Có", people[1][6], "Lớp kỹ năng", "12/2026")
    units = [row for row in _rows(client.get("/chi-tieu/D2/xlsx/AS")) if row[0] == "D2-4c"]
    assert [(row[2], row[4], row[5], row[6]) for row in units] == [
        ("AS", 1, 2, 50),
        ("AS-P1", 1, 1, 100),
        ("AS-P2", 0, 1, 0),
    ]


def test_strange_addresses_do_no_harm(client, federation):
    client.sign_in(federation.administrator)
    for path in (
        "/chi-tieu/D2/D2-4c/danh-sach/AS",
        "/chi-tieu/D2/truc-tuyen/AS",
        "/chi-tieu/D2/don-vi/AS",
        "/don-vi/AS",
    ):
        answer = client.get(
            path + "?code=x&programme_code=y&_external=1&trang=999999&nhom=zz&thuoc=zz&chi_tieu=zz&biet_den=zz"
        )
        assert answer.status_code == 200


def test_who_learned_online(client, db, federation):
    make_record(db, federation.chair.person, mode="online", achieved="2026-05-05")
    db.commit()
    client.sign_in(federation.administrator)
    page = client.get("/chi-tieu/D2/truc-tuyen/AS").text
    assert "Đỗ Thị Huế" in page
    assert "05/05/2026" in page
    rest = client.get("/chi-tieu/D2/truc-tuyen/AS?nhom=chua").text
    assert "Hà Văn Quý" in rest
    assert "Đỗ Thị Huế" not in rest
    assert _rows(client.get("/chi-tieu/D2/truc-tuyen/AS?xlsx=1"))[1][:3] == ("CB-HUE", "Đỗ Thị Huế", 1)
    assert client.get("/chi-tieu/D4/truc-tuyen/AS").status_code == 404


def test_english(client, db, federation):
    federation.administrator.locale = "en"
    db.merge(federation.administrator)
    db.commit()
    page = client.sign_in(federation.administrator).get("/chi-tieu/D2/don-vi/AS").text
    assert "Chairs of grassroots unions with under 1,000 members" in page
    assert "7th Plenum resolution" in page


@pytest.mark.parametrize(
    "path",
    [
        "/chi-tieu/D2/don-vi/AS",
        "/chi-tieu/D2/D2-4c/danh-sach/AS?nhom=everybody",
        "/chi-tieu/D2/D2-4c/danh-sach/AS?nhom=excluded",
        "/chi-tieu/D2/truc-tuyen/AS?nhom=chua",
        "/don-vi",
        "/don-vi/AS-P1",
    ],
)
def test_the_number_of_statements_does_not_grow(client, db, federation, count_queries, path):
    client.sign_in(federation.administrator)

    def statements() -> int:
        with count_queries() as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    few = statements()
    for number in range(12):
        parent = make_unit(db, f"Xã {number}", "direct_upper", federation.province)
        for unit in (make_unit(db, parent=parent, members=50), make_unit(db, parent=federation.commune, members=70)):
            person = make_post(db, unit, "chair").person
            make_record(db, person, delivered_by_id=federation.commune.id)
            make_post(db, unit, "accountant")
        make_post(db, federation.commune, "specialist", full_time=True)
    make_post(db, make_unit(db, parent=federation.commune), "chair")
    db.commit()
    assert statements() == few
    assert few <= 45
