"""The pages of signing in and out, seen from a browser."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.app import create_app
from lms.audit.models import AuditEvent
from lms.people.models import Account, ThrottleCounter
from lms.settings import load_settings
from lms.web.database import _extension
from tests.conftest import NOW
from tests.factories.access import make_grant
from tests.factories.passwords import PASSWORD, give_password
from tests.factories.people import make_account, make_person
from tests.factories.units import make_unit


@pytest.fixture
def account(db):
    person = make_person(db, code="CB-00417", email="hien@congdoan.vn", phone="0912345678")
    made = give_password(db, make_account(db, person))
    db.commit()
    return made


def enter(client, identifier="CB-00417", password=PASSWORD, **more):
    return client.post("/dang-nhap", data={"identifier": identifier, "password": password, **more})


def is_in(client):
    return client.get("/tai-khoan").status_code == 200


def cookie_of(client, name="lms"):
    found = client.get_cookie(name)
    return found.value if found else None


@pytest.mark.parametrize("identifier", ["CB-00417", "hien@congdoan.vn", "0912 345 678"])
def test_signing_in_leads_on(client, account, identifier):
    response = enter(client, identifier)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert is_in(client)


def test_the_page_says_the_same_of_unknown_accounts_and_wrong_passwords(client, account):
    answers = []
    for identifier, password in (("CB-9999", PASSWORD), ("CB-00417", "sai mật khẩu rồi")):
        response = enter(client, identifier, password)
        assert response.status_code == 422
        answers.append(response.text.replace(identifier, "X"))
    assert answers[0] == answers[1]
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in answers[0]
    assert not is_in(client)


def test_what_was_typed_survives_but_not_the_password(client, account):
    page = enter(client, "CB-00417", "sai mật khẩu rồi").text
    assert 'value="CB-00417"' in page
    assert "sai mật khẩu rồi" not in page


def test_an_empty_form_is_answered_beside_its_fields(client):
    response = enter(client, "", "")
    assert response.status_code == 422
    assert "Hãy nhập mật khẩu." in response.text


def test_too_many_tries_are_answered_with_when_to_come_back(client, account, db):
    for _ in range(10):
        assert enter(client, password="sai mật khẩu rồi").status_code == 422
    response = enter(client)
    assert response.status_code == 429
    assert "Hãy thử lại sau 15 phút." in response.text
    assert response.headers["Retry-After"] == "900"
    assert not is_in(client)
    assert {counter.tries for counter in db.scalars(select(ThrottleCounter))} == {10}
    assert len(db.scalars(select(AuditEvent)).all()) == 10


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "http:evil.example",
    "/\x00/evil.example",
    " //evil.example",
    "",
]


def test_no_address_leads_out(client, account):
    enter(client)
    for target in ELSEWHERE:
        assert enter(client, next=target).headers["Location"] == "/"
        assert client.get("/dang-nhap", query_string={"next": target}).headers["Location"] == "/"
        assert client.post("/ngon-ngu", data={"locale": "vi", "next": target}).headers["Location"] == "/"
        assert client.post("/giao-dien", data={"theme": "dark", "next": target}).headers["Location"] == "/"


def test_a_page_asked_for_is_reached_after_signing_in(client, account):
    response = client.get("/tai-khoan?a=1")
    assert response.headers["Location"] == "/dang-nhap?next=/tai-khoan?a%3D1"
    page = client.get(response.headers["Location"]).text
    assert 'value="/tai-khoan?a=1"' in page
    assert enter(client, next="/tai-khoan?a=1").headers["Location"] == "/tai-khoan?a=1"


def test_a_cookie_from_before_is_worth_nothing_after(client, app, account):
    client.post("/ngon-ngu", data={"locale": "en"})
    before = cookie_of(client)
    enter(client)
    assert cookie_of(client) != before
    with client.session_transaction() as cookie:
        assert "locale" not in cookie
    other = app.test_client()
    other.set_cookie("lms", before)
    assert not is_in(other)


def test_signing_out_ends_the_session_and_forgets_the_device(client, account, db):
    enter(client, remember="y")
    assert cookie_of(client, "remember_token")
    assert client.post("/dang-xuat").status_code == 302
    assert not cookie_of(client, "remember_token")
    assert not is_in(client)
    actions = db.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["account.signed_in", "account.signed_out"]


def test_signing_out_is_never_a_link(client, account):
    enter(client)
    assert client.get("/dang-xuat").status_code == 405
    assert is_in(client)


def test_a_remembered_device_stays_signed_in_without_its_session(client, account):
    enter(client, remember="y")
    client.delete_cookie("lms")
    assert is_in(client)


def test_a_device_is_not_remembered_unasked(client, account):
    enter(client)
    client.delete_cookie("lms")
    assert not is_in(client)


def test_signing_out_everywhere_reaches_other_devices_and_keeps_this_one(client, app, account):
    other = app.test_client()
    enter(client, remember="y")
    enter(other, remember="y")
    assert is_in(other)
    assert client.post("/tai-khoan/dang-xuat-moi-noi").status_code == 302
    assert is_in(client)
    assert not is_in(other)
    client.delete_cookie("lms")
    assert is_in(client)


def test_a_forged_or_broken_cookie_is_nobody(client, app, account):
    for value in (f"{account.id}.99", f"{account.id}", "x.y", ".."):
        with client.session_transaction() as cookie:
            cookie["_user_id"] = value
        assert client.get("/tai-khoan").status_code == 302


def test_a_closed_account_is_out_at_once(client, account, db, now):
    enter(client)
    db.get(Account, account.id).disabled_at = now
    db.commit()
    assert not is_in(client)


def test_cookies_keep_to_themselves(client, account):
    response = enter(client, remember="y")
    cookies = response.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_administrators_and_learners_land_on_their_own_page(client, app, db, account):
    boss = give_password(db, make_account(db, make_person(db, "Lương Thị Mỹ", code="QT-1")))
    make_grant(db, boss, "training_admin", make_unit(db))
    db.commit()
    if "indicators.home" not in app.view_functions or "learning.mine" not in app.view_functions:
        pytest.skip("the pages to land on are not here yet")
    with app.test_request_context():
        from flask import url_for

        expected = {"CB-00417": url_for("learning.mine"), "QT-1": url_for("indicators.home")}
    for code, target in expected.items():
        visitor = app.test_client()
        enter(visitor, code)
        assert visitor.get("/").headers["Location"] == target


def test_language_and_look_of_visitors_are_kept_in_the_cookie(client):
    client.post("/ngon-ngu", data={"locale": "en"})
    client.post("/giao-dien", data={"theme": "dark"})
    page = client.get("/dang-nhap").text
    assert re.search(r'<html lang="en" data-theme="dark">', page)
    client.post("/ngon-ngu", data={"locale": "tlh"})
    assert '<html lang="vi"' in client.get("/dang-nhap").text


def test_language_and_look_of_accounts_stay_with_them(client, app, account):
    enter(client)
    client.post("/ngon-ngu", data={"locale": "en"})
    client.post("/giao-dien", data={"theme": "dark"})
    assert client.post("/ngon-ngu", data={"locale": "tlh"}).status_code == 422
    other = app.test_client()
    enter(other)
    assert '<html lang="en" data-theme="dark">' in other.get("/tai-khoan").text
    other.post("/dang-xuat")
    assert '<html lang="en" data-theme="dark">' in other.get("/dang-nhap").text


def test_the_password_is_changed_on_the_account_page(client, app, account):
    other = app.test_client()
    enter(client)
    enter(other)

    def change(current=PASSWORD, new="chín con mèo mướp", again=None):
        data = {"current": current, "password": new, "again": again or new}
        return client.post("/tai-khoan/mat-khau", data=data)

    refused = {
        "Mật khẩu hiện tại chưa đúng": change(current="sai mật khẩu rồi"),
        "chưa giống nhau": change(again="khác hẳn mật khẩu kia"),
        "ít nhất 10 ký tự": change(new="ngắn"),
        "giống họ tên": change(new="Nguyễn Thị Thu Hiền"),
    }
    for words, response in refused.items():
        assert response.status_code == 422
        assert words in response.text
    assert change().status_code == 302
    assert is_in(client)
    assert not is_in(other)
    assert enter(app.test_client(), password="chín con mèo mướp").status_code == 302


def test_guessing_the_current_password_is_throttled(client, account):
    enter(client)
    data = {"current": "sai mật khẩu rồi", "password": "chín con mèo mướp", "again": "chín con mèo mướp"}
    statuses = [client.post("/tai-khoan/mat-khau", data=data).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_a_session_outlives_two_weeks_only_where_remembered(app, account):
    assert app.permanent_session_lifetime == timedelta(days=14)
    assert app.config["REMEMBER_COOKIE_DURATION"] == timedelta(days=60)


def test_asking_for_a_link_is_answered_alike_for_everybody(client, account):
    pages = [client.post("/quen-mat-khau", data={"identifier": code}).text for code in ("CB-00417", "CB-9999")]
    assert pages[0] == pages[1]
    assert client.post("/quen-mat-khau", data={"identifier": ""}).status_code == 422


def test_asking_too_often_is_answered_with_when_to_come_back(client, account):
    for _ in range(3):
        assert client.post("/quen-mat-khau", data={"identifier": "CB-00417"}).status_code == 200
    assert client.post("/quen-mat-khau", data={"identifier": "CB-00417"}).status_code == 429


def test_the_account_page_needs_few_queries(client, account, count_queries):
    enter(client)
    with count_queries() as queries:
        client.get("/tai-khoan")
    assert len(queries) <= 6, queries.statements


def test_a_demo_offers_its_sample_accounts_and_only_a_demo(database, tmp_path, account):
    (tmp_path / "demo-logins.json").write_text(
        json.dumps([{"role": "Chủ tịch CĐCS", "login": "CB-00417", "name": "Hiền", "password": PASSWORD}])
    )
    pages = []
    for demo in ("1", "0"):
        settings = load_settings({"LMS_DATABASE_URL": database, "LMS_INSTANCE": str(tmp_path), "LMS_DEMO": demo})
        app = create_app(settings, clock=lambda: NOW, testing=True)
        pages.append(app.test_client().get("/dang-nhap").text)
        with app.app_context():
            _extension.engine.dispose()
    assert "Chủ tịch CĐCS" in pages[0]
    assert PASSWORD in pages[0]
    assert PASSWORD not in pages[1]
