"""The page of a one-time link, and giving links out for a unit."""

import io
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from lms.people.links import make_links
from lms.people.models import Account, LinkPurpose, SignInLink
from tests.factories.access import make_world
from tests.factories.passwords import CHEAP, PASSWORD, give_password
from tests.factories.people import make_account, make_person

NEW = {"password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def account(db):
    made = make_account(db, make_person(db, code="CB-00417"))
    db.commit()
    return made


@pytest.fixture
def world(db):
    made = make_world(db)
    db.commit()
    return made


def give_link(db, account, at, purpose=LinkPurpose.first_password):
    token = make_links(db, [account], purpose, actor_id=None, at=at)[account.id][0]
    db.commit()
    return f"/mat-khau/{token}"


def hash_of(db, account):
    db.expire_all()
    return db.get(Account, account.id).password_hash


def test_the_page_says_whose_password_and_looking_changes_nothing(client, db, account, now):
    url = give_link(db, account, now)
    for _ in range(2):
        response = client.get(url)
        assert response.status_code == 200
        assert "Nguyễn Thị Thu Hiền, mã cán bộ CB-00417" in response.text
    assert db.scalars(select(SignInLink.used_at)).one() is None


def test_setting_the_password_signs_in(client, db, account, now):
    url = give_link(db, account, now)
    assert client.post(url, data=NEW).status_code == 302
    assert client.get("/tai-khoan").status_code == 200
    assert CHEAP.verify(hash_of(db, account), PASSWORD)


def test_the_second_use_is_refused_and_changes_nothing(client, app, db, account, now):
    url = give_link(db, account, now)
    client.post(url, data=NEW)
    thief = app.test_client()
    other = {"password": "chín con mèo mướp", "again": "chín con mèo mướp"}
    for response in (thief.get(url), thief.post(url, data=other)):
        assert response.status_code == 410
        assert "đã được dùng" in response.text
    assert thief.get("/tai-khoan").status_code == 302
    assert CHEAP.verify(hash_of(db, account), PASSWORD)


def test_an_expired_link_is_refused(client, db, account, now):
    url = give_link(db, account, now - timedelta(days=30))
    for response in (client.get(url), client.post(url, data=NEW)):
        assert response.status_code == 410
        assert "hết hạn" in response.text
    assert hash_of(db, account) is None


def test_a_revoked_link_is_refused(client, db, account, now):
    url, newer = give_link(db, account, now), give_link(db, account, now)
    response = client.post(url, data=NEW)
    assert response.status_code == 410
    assert "thay bằng một liên kết mới hơn" in response.text
    assert client.post(newer, data=NEW).status_code == 302


def test_an_unknown_link_is_refused(client):
    assert client.get("/mat-khau/abcde-fghjk-mnpqr-stuvw").status_code == 410


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"password": "ngắn", "again": "ngắn"}, "ít nhất 10 ký tự"),
        ({"password": PASSWORD, "again": "khác hẳn"}, "chưa giống nhau"),
        ({"password": "matkhau123", "again": "matkhau123"}, "quá phổ biến"),
        ({"password": "CB-00417-cb", "again": "CB-00417-cb"}, "giống họ tên, mã cán bộ"),
        ({"password": "", "again": ""}, "Hãy nhập mật khẩu mới."),
    ],
)
def test_a_weak_password_is_refused_and_the_link_still_works(client, db, account, now, data, words):
    url = give_link(db, account, now)
    response = client.post(url, data=data)
    assert response.status_code == 422
    assert words in response.text
    assert hash_of(db, account) is None
    assert client.post(url, data=NEW).status_code == 302


def test_the_token_is_told_to_nobody_else(client, db, account, now):
    url = give_link(db, account, now)
    for response in (client.get(url), client.post(url, data={}), client.post(url, data=NEW), client.get(url)):
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"


def test_somebody_elses_link_on_my_device_changes_their_password_not_mine(client, db, account, now):
    mine = give_password(db, make_account(db, make_person(db, "Trần Văn Bình", code="CB-2")))
    db.commit()
    before = mine.password_hash
    url = give_link(db, account, now)
    client.sign_in(mine)
    assert "đang đăng nhập bằng tài khoản của đồng chí Trần Văn Bình" in client.get(url).text
    client.post(url, data=NEW)
    assert "Nguyễn Thị Thu Hiền" in client.get("/tai-khoan").text
    assert hash_of(db, mine) == before


def test_a_reset_ends_the_sessions_of_whoever_was_in(client, app, db, account, now):
    give_password(db, account)
    db.commit()
    intruder = app.test_client().sign_in(account)
    assert intruder.get("/tai-khoan").status_code == 200
    client.post(give_link(db, account, now, LinkPurpose.reset), data=NEW)
    assert intruder.get("/tai-khoan").status_code == 302


def test_a_code_typed_from_paper_leads_to_its_page(client, db, account, now):
    url = give_link(db, account, now)
    typed = url.removeprefix("/mat-khau/").upper().replace("-", " ")
    response = client.post("/mat-khau", data={"token": typed})
    assert response.headers["Location"] == url
    assert client.post("/mat-khau", data={"token": "???"}).headers["Location"] == "/mat-khau/-"
    assert client.post("/mat-khau", data={"token": ""}).status_code == 422


def give_out(client, world, **data):
    return client.post("/cap-tai-khoan", data={"don_vi": world.branches[0].code, **data})


def test_slips_carry_name_code_unit_address_qr_and_expiry_and_work(client, app, db, world):
    client.sign_in(world.admins[0])
    page = give_out(client, world, dang="phieu")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.text.count("<svg") >= 4
    for words in (
        "Nguyễn Thị Thu Hiền",
        "CB-1",
        "CĐCS Công ty TNHH May Tân Khê",
        "127.0.0.1:8000/mat-khau",
        "21/12/2026",
    ):
        assert words in page.text
    slip = re.search(r"Nguyễn Thị Thu Hiền.*?<b>([a-z0-9-]{23})</b>", page.text, re.DOTALL)
    holder = app.test_client()
    assert holder.post(f"/mat-khau/{slip[1]}", data=NEW).status_code == 302
    assert "CB-1" in holder.get("/tai-khoan").text


def test_the_workbook_holds_a_working_link_for_each(client, app, world):
    client.sign_in(world.admins[0])
    response = give_out(client, world, dang="xlsx")
    assert response.headers["Content-Disposition"] == 'attachment; filename="lien-ket-dat-mat-khau-2026-11-21.xlsx"'
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["QT-5", "QT-4", "CB-1", "QT-2"] or {r[0] for r in rows[1:]} == {
        "CB-1",
        "QT-2",
        "QT-4",
        "QT-5",
    }
    link = next(row[5] for row in rows if row[0] == "CB-1").removeprefix("http://127.0.0.1:8000")
    assert app.test_client().post(link, data=NEW).status_code == 302


def test_the_page_shows_who_is_how_far(client, db, world, now):
    give_password(db, world.trainer)
    give_link(db, world.viewer, now)
    client.sign_in(world.admins[0])
    assert "Chưa cấp liên kết 2" in client.get("/cap-tai-khoan").text
    given = client.get("/cap-tai-khoan?tinh_trang=link_given").text
    assert "Phạm Tiến Đạt" in given
    assert "Hoàng Ngọc Lan" in client.get("/cap-tai-khoan?tinh_trang=active").text
    assert "Hoàng Ngọc Lan" not in given


def test_a_unit_is_found_by_name_and_others_are_not(client, world):
    client.sign_in(world.admins[0])
    assert "CĐCS Công ty TNHH May Tân Khê" in client.get("/cap-tai-khoan?don_vi=may tan khe").text
    assert "Hãy chọn một" in client.get("/cap-tai-khoan?don_vi=tan khe").text
    assert "Không có đơn vị nào" in client.get("/cap-tai-khoan?don_vi=AS-02").text
    assert give_out(client, world, don_vi="AS-02").status_code == 404


def test_giving_out_again_with_nobody_left_says_so(client, world):
    client.sign_in(world.admins[0])
    give_out(client, world)
    response = give_out(client, world)
    assert response.status_code == 422
    assert "Không có ai cần cấp liên kết" in response.text


def test_one_person_gets_a_new_slip(client, db, world):
    client.sign_in(world.admins[0])
    assert "Nguyễn Thị Thu Hiền" in client.post("/cap-tai-khoan/CB-1").text
    assert client.post("/cap-tai-khoan/CB-2").status_code == 404
    assert client.post("/cap-tai-khoan/CB-99").status_code == 404


def test_closing_an_account_puts_its_holder_out(client, app, world):
    holder = app.test_client().sign_in(world.learner)
    assert holder.get("/tai-khoan").status_code == 200
    client.sign_in(world.admins[0])
    assert client.post("/khoa-tai-khoan/CB-1", data={"khoa": "1"}).status_code == 302
    assert holder.get("/tai-khoan").status_code == 302
    assert "Đã khoá" in client.get("/can-bo/CB-1").text
    client.post("/khoa-tai-khoan/CB-1", data={"khoa": "0"})
    assert "Khoá tài khoản" in client.get("/can-bo/CB-1").text
    assert client.post("/khoa-tai-khoan/QT-2", data={"khoa": "1"}).status_code == 422
