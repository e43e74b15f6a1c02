from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from lms.access.models import Grant, Role
from lms.access.rules import SYSTEM
from lms.certificates.models import ActKind, CertificateAct, IssuerProfile
from lms.certificates.operations import revoke_certificate, set_issuer_profile
from lms.certificates.queries import certificate_by_code
from lms.web.certificates.public import LOOKUPS
from tests.certificates.scenes import issue
from tests.conftest import NOW
from tests.factories.certificates import PROVINCE, make_completion, make_scene
from tests.factories.people import make_account, make_person
from tests.factories.units import make_unit


@pytest.fixture
def scene(db):
    made = make_scene(db)
    set_issuer_profile(db, SYSTEM, made.province.id, PROVINCE, valid_from=date(2026, 1, 1), at=NOW)
    db.commit()
    return made


@pytest.fixture
def certificate(db, scene):
    issued = issue(db, scene)
    db.commit()
    return issued


def administrator(db, unit, role=Role.training_admin):
    account = make_account(db, make_person(db, "Phạm Văn Quản"))
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


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())


# the public page


def test_the_code_shows_every_printed_field_and_the_state(client, certificate):
    page = client.get(f"/xac-minh/{certificate.verify_code}")
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex' in page.get_data(as_text=True)
    text = words(page)
    for said in (
        "Giấy chứng nhận hợp lệ",
        "Cấp ngày 21/11/2026, không giới hạn thời gian.",
        "Tra cứu lúc 21/11/2026 10:00",
        "Nguyễn Thị Thu Hiền",
        "04/08/1985",
        "Chủ tịch",
        "CĐCS Công ty TNHH May Tân Khê",
        "Đối thoại tại nơi làm việc",
        "6 giờ",
        "Trực tuyến",
        "11/11/2026",
        "Liên đoàn Lao động tỉnh An Sơn",
        "TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM",
        "An Sơn, 21/11/2026",
        "TM. BAN THƯỜNG VỤ",
        "Trần Quốc Bình",
        "AS-2026-000001",
        "1/2026",
        "không thay chữ ký",
    ):
        assert said in text, said


def test_an_unknown_code_is_not_found(client):
    assert client.get("/xac-minh/khong-co").status_code == 404
    assert client.get("/xac-minh/" + "x" * 300).status_code == 404


def test_a_revoked_certificate_says_so_with_decision_and_day(client, db, certificate):
    day = date(2026, 11, 21)
    revoke_certificate(
        db, SYSTEM, certificate, decision_no="15/QĐ-LĐLĐ", reason="Cấp nhầm người.", effective_on=day, at=NOW
    )
    db.commit()
    text = words(client.get(f"/xac-minh/{certificate.verify_code}"))
    assert "Giấy chứng nhận đã bị thu hồi" in text
    assert "Không còn giá trị từ ngày 21/11/2026, theo Quyết định số 15/QĐ-LĐLĐ. Lý do: Cấp nhầm người." in text
    assert "hợp lệ" not in text


def test_a_revocation_to_come_is_told_while_the_certificate_is_valid(client, db, certificate):
    revoke_certificate(
        db, SYSTEM, certificate, decision_no="15/QĐ", reason="Lý do", effective_on=date(2026, 12, 1), at=NOW
    )
    db.commit()
    text = words(client.get(f"/xac-minh/{certificate.verify_code}"))
    assert "Giấy chứng nhận hợp lệ" in text
    assert "Có Quyết định số 15/QĐ thu hồi từ ngày 01/12/2026." in text


def test_an_expired_certificate_says_until_when_it_held(client, db):
    scene = make_scene(db, validity_months=12)
    issued = issue(db, scene, at=NOW - timedelta(days=400))
    db.commit()
    text = words(client.get(f"/xac-minh/{issued.verify_code}"))
    assert "đã hết hiệu lực" in text
    assert "Có giá trị đến hết ngày 16/10/2026." in text


@pytest.mark.parametrize("factor", ["Nguyễn Thị Thu Hiền", "nguyen thi thu hien", "04/08/1985", "4.8.1985", "4-8-1985"])
def test_lookup_by_serial_and_name_or_birth_date_shows_the_minimum(client, certificate, factor):
    page = client.post("/xac-minh", data={"serial_no": " as-2026-000001 ", "factor": factor})
    assert page.status_code == 200
    result = words(page).partition("Tra cứu giấy khác")[0]
    assert "Giấy chứng nhận hợp lệ" in result
    assert "Nguyễn Thị Thu Hiền" in result
    assert "04/08/1985" not in result
    assert certificate.verify_code not in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("serial_no", "factor"),
    [("AS-2026-000001", "Trần Thị Hoa"), ("AS-2026-000002", "Nguyễn Thị Thu Hiền"), ("AS-2026-000001", "1985")],
)
def test_lookup_does_not_tell_which_of_the_two_was_wrong(client, certificate, serial_no, factor):
    page = client.post("/xac-minh", data={"serial_no": serial_no, "factor": factor})
    assert page.status_code == 422
    assert "Không có giấy nào khớp cả số hiệu và thông tin này." in words(page)
    assert f'value="{serial_no}"' in page.get_data(as_text=True), "what was typed stays"


def test_an_empty_lookup_says_what_is_missing(client):
    page = client.post("/xac-minh", data={})
    assert page.status_code == 422
    assert "Hãy nhập số hiệu in trên giấy." in words(page)
    assert client.get("/xac-minh").status_code == 200


def test_lookups_are_limited(client, certificate):
    wrong = {"serial_no": "AS-2026-000009", "factor": "x"}
    for _try in range(LOOKUPS.tries):
        assert client.post("/xac-minh", data=wrong).status_code == 422
    refused = client.post("/xac-minh", data=wrong)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert client.get(f"/xac-minh/{certificate.verify_code}").status_code == 200, "reading a QR stays possible"


def test_trying_codes_in_turn_is_limited(client, certificate):
    codes = [client.get(f"/xac-minh/thu-{number}").status_code for number in range(62)]
    assert codes[:60] == [404] * 60
    assert codes[60:] == [429, 429]
    assert client.get(f"/xac-minh/{certificate.verify_code}").status_code == 200


def test_the_public_document_is_the_certificate(client, certificate):
    answer = client.get(f"/xac-minh/{certificate.verify_code}/giay.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert 'filename="AS-2026-000001.pdf"' in answer.headers["Content-Disposition"]
    assert "AS-2026-000001" in PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()


# one's own


def test_my_certificates_are_listed_with_their_documents(client, db, scene, certificate):
    client.sign_in(make_account(db, scene.chair))
    db.commit()
    page = client.get("/giay-chung-nhan")
    assert "Đối thoại tại nơi làm việc" in words(page)
    assert "Còn hiệu lực" in words(page)
    assert client.get("/giay-chung-nhan/AS-2026-000001.pdf").data[:5] == b"%PDF-"
    picture = client.get("/giay-chung-nhan/AS-2026-000001.webp")
    assert picture.mimetype == "image/webp"
    assert len(picture.data) < 80_000


def test_who_has_none_is_told_what_to_do(client, db):
    client.sign_in(make_account(db))
    db.commit()
    assert "Đồng chí chưa có giấy chứng nhận" in words(client.get("/giay-chung-nhan"))


def test_documents_are_for_their_holder_and_the_issuers_administrators(client, db, scene, certificate):
    paths = ["/giay-chung-nhan/AS-2026-000001.pdf", "/giay-chung-nhan/AS-2026-000001.webp"]
    assert [client.get(path).status_code for path in paths] == [302, 302]
    allowed = [administrator(db, scene.province, Role.viewer), administrator(db, None, Role.system_admin)]
    refused = [make_account(db, make_person(db)), administrator(db, scene.commune), administrator(db, make_unit(db))]
    db.commit()
    for account in allowed:
        assert [client.sign_in(account).get(path).status_code for path in paths] == [200, 200]
    for account in refused:
        assert [client.sign_in(account).get(path).status_code for path in paths] == [404, 404]


# the register


def test_the_register_shows_what_is_in_charge_and_nothing_else(client, db, scene, certificate):
    page = client.sign_in(administrator(db, scene.province)).get("/so-goc")
    assert "AS-2026-000001" in words(page)
    other = client.sign_in(administrator(db, make_unit(db, "Nơi khác"))).get("/so-goc")
    assert other.status_code == 200
    assert "AS-2026-000001" not in words(other)
    assert client.get("/so-goc/AS-2026-000001").status_code == 404
    nobody = make_account(db)
    db.commit()
    assert client.sign_in(nobody).get("/so-goc").status_code == 403


def test_the_register_is_filtered_searched_and_paged(client, db, scene, certificate):
    names = ["Đỗ Thị Huế", "Lê Văn Ưng"] + [f"Trần Văn {number}" for number in range(60)]
    for name in names:
        scene.chair = make_person(db, name)
        issue(db, scene, at=NOW - timedelta(days=400 if name == "Lê Văn Ưng" else 0))
    db.commit()
    client.sign_in(administrator(db, scene.province))

    def shown(query: str) -> list[str]:
        return re.findall(r"/so-goc/([A-Z0-9-]+)\"", client.get(f"/so-goc?{query}").get_data(as_text=True))

    assert shown("tim=do+thi+hue") == ["AS-2026-000002"]
    assert shown("tim=AS-2026-00001") == [f"AS-2026-0000{number}" for number in range(19, 9, -1)]
    assert len(shown("nam=2025")) == 1
    assert len(shown("nam=2026")) == 50
    assert len(shown("nam=2026&trang=2")) == 12
    assert shown("loai=certificate") == []
    assert len(shown(f"noi-cap={scene.province.id}")) == 50
    assert shown("noi-cap=999999") == []
    assert shown("thu-hoi=1") == []
    assert len(shown("nam=abc&loai=xyz")) == 50


def test_the_register_costs_few_queries_whatever_its_length(client, db, scene, count_queries):
    for number in range(30):
        scene.chair = make_person(db, f"Trần Văn {number}")
        issue(db, scene)
    client.sign_in(administrator(db, scene.province))
    client.get("/so-goc")
    with count_queries() as queries:
        client.get("/so-goc")
    assert len(queries) <= 18


def test_the_register_as_a_workbook(client, db, scene, certificate):
    revoke_certificate(
        db, SYSTEM, certificate, decision_no="15/QĐ", reason="=1+1", effective_on=date(2026, 11, 21), at=NOW
    )
    db.commit()
    answer = client.sign_in(administrator(db, scene.province)).get("/so-goc.xlsx?nam=2026")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)
    assert rows[0][:4] == ("Số vào sổ gốc", "Số hiệu", "Loại", "Họ và tên")
    line = dict(zip(rows[0], rows[1], strict=True))
    assert line["Số hiệu"] == "AS-2026-000001"
    assert line["Tình trạng"] == "Đã thu hồi"
    assert line["Lý do"] == "=1+1"
    assert line["Ngày cấp"].date() == date(2026, 11, 21)
    assert len(rows) == 2


def test_an_entry_is_revoked_by_decision(client, db, scene, certificate):
    client.sign_in(administrator(db, scene.province))
    assert "Thu hồi giấy này" in words(client.get("/so-goc/AS-2026-000001"))
    path = "/so-goc/AS-2026-000001/thu-hoi"
    wrong = client.post(path, data={"decision_no": "15/QĐ", "effective_on": "1/1/2026", "reason": "Cấp nhầm"})
    assert wrong.status_code == 422
    assert "Ngày thu hồi không thể trước ngày cấp." in words(wrong)
    unread = client.post(path, data={"decision_no": "15/QĐ", "effective_on": "31/02/2026", "reason": "Cấp nhầm"})
    assert unread.status_code == 422
    assert "Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 22/06/2026." in words(unread)
    assert 'value="31/02/2026"' in unread.get_data(as_text=True)
    done = client.post(path, data={"decision_no": "15/QĐ", "effective_on": "21/11/2026", "reason": "Cấp nhầm"})
    assert done.status_code == 302
    page = client.get("/so-goc/AS-2026-000001")
    assert "Giấy chứng nhận đã bị thu hồi" in words(page)
    assert "Thu hồi giấy này" not in words(page)
    again = client.post(path, data={"decision_no": "16/QĐ", "effective_on": "22/11/2026", "reason": "Lần nữa"})
    assert again.status_code == 422
    acts = db.scalars(select(CertificateAct).where(CertificateAct.kind == ActKind.revoked)).all()
    assert [act.decision_no for act in acts] == ["15/QĐ"]


def test_leaders_see_the_register_and_revoke_nothing(client, db, scene, certificate):
    client.sign_in(administrator(db, scene.province, Role.viewer))
    assert "Thu hồi giấy này" not in words(client.get("/so-goc/AS-2026-000001"))
    assert client.post("/so-goc/AS-2026-000001/thu-hoi", data={}).status_code == 403


def test_completions_without_certificate_are_shown_to_the_administrator(client, db, scene):
    make_completion(db, scene.chair, scene.version, None)
    client.sign_in(administrator(db, scene.commune))
    assert "1 lượt hoàn thành chưa cấp được giấy" in words(client.get("/so-goc"))
    assert "Nguyễn Thị Thu Hiền" in words(client.get("/so-goc/chua-cap"))
    client.sign_in(administrator(db, make_unit(db, "Nơi khác")))
    assert "Nguyễn Thị Thu Hiền" not in words(client.get("/so-goc/chua-cap"))


# how a unit issues


def test_an_administrator_states_how_the_unit_issues(client, db, scene):
    client.sign_in(administrator(db, scene.commune))
    assert "Chưa khai" in words(client.get("/so-goc/noi-cap"))
    path = f"/so-goc/noi-cap/{scene.commune.code}"
    form = client.get(path).get_data(as_text=True)
    assert 'value="Công đoàn phường Tân Khê"' in form
    assert "may_issue_certificate" not in form, "only for whoever answers for the installation"
    typed = {
        "parent_line": "Liên đoàn Lao động tỉnh An Sơn",
        "name_line": "Công đoàn phường Tân Khê",
        "symbol": "AS",
        "place": "Tân Khê",
        "authority_line": "TM. Ban Chấp hành",
        "signer_title": "Chủ tịch",
        "signer_name": "Lê Thị Ưng",
        "valid_from": "21/11/2026",
        "may_issue_certificate": "y",
    }
    taken = client.post(path, data=typed)
    assert taken.status_code == 422
    assert "Ký hiệu AS đã thuộc về nơi cấp khác" in words(taken)
    assert client.post(path, data={**typed, "symbol": "TK"}).status_code == 302
    db.expire_all()
    profile = db.scalars(select(IssuerProfile).where(IssuerProfile.unit_id == scene.commune.id)).one()
    assert (profile.symbol, profile.may_issue_certificate) == ("TK", False)
    assert "Lê Thị Ưng" in words(client.get("/so-goc/noi-cap"))
    assert client.get(f"/so-goc/noi-cap/{scene.province.code}").status_code == 404
    issued = issue(db, scene)
    db.commit()
    assert issued.serial_no == "TK-2026-000001"
    assert certificate_by_code(db, issued.verify_code) is not None
