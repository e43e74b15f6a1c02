"""Headers, cookies, CSRF, and what is never written down."""

import re
from urllib.parse import quote

import pytest
from werkzeug.routing import IntegerConverter

from lms.app import create_app
from lms.settings import load_settings
from lms.web.database import _extension
from tests.conftest import NOW
from tests.factories.access import make_world
from tests.factories.passwords import CHEAP, PASSWORD, give_password
from tests.factories.people import make_account, make_person
from tests.factories.units import make_post


@pytest.fixture
def account(db):
    made = give_password(db, make_account(db, make_person(db, code="CB-00417")))
    db.commit()
    return made


def token_on(client, path, **options):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path, **options).text)[1]


@pytest.mark.parametrize("path", ["/", "/dang-nhap", "/khong-co", "/suc-khoe", "/static/app.css"])
def test_every_answer_carries_the_security_headers(client, path):
    with client.get(path) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in (
        "default-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
    ):
        assert part in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_pages_are_not_kept_by_shared_caches(client, account):
    client.sign_in(account)
    assert client.get("/tai-khoan").headers["Cache-Control"] == "private, no-cache"
    assert client.get("/khong-co").headers["Cache-Control"] == "no-store"


@pytest.fixture
def tls_client(database, tmp_path, account):
    settings = load_settings({"LMS_DATABASE_URL": database, "LMS_INSTANCE": str(tmp_path / "tls"), "LMS_TLS": "1"})
    app = create_app(settings, clock=lambda: NOW, testing=True)
    app.config["PASSWORD_HASHER"] = CHEAP
    yield app.test_client()
    with app.app_context():
        _extension.engine.dispose()


def test_behind_tls_cookies_are_secure_and_the_browser_stays_there(tls_client):
    options = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/dang-nhap"}}
    data = {"identifier": "CB-00417", "password": PASSWORD, "remember": "y"}
    data["csrf_token"] = token_on(tls_client, "/dang-nhap", **options)
    response = tls_client.post("/dang-nhap", data=data, **options)
    assert response.status_code == 302
    cookies = response.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("__Host-lms=") for cookie in cookies)
    assert all("Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_form_without_referrer_is_taken_with_its_token_alone(tls_client):
    """The page of a one-time link tells browsers to send no referrer; its form must work all the same."""
    options = {"base_url": "https://localhost"}
    token = token_on(tls_client, "/mat-khau", **options)
    response = tls_client.post("/mat-khau", data={"token": "abcde", "csrf_token": token}, **options)
    assert response.status_code == 302


def unsafe_routes(app):
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "POST" in rule.methods:
            values = {name: 1 if isinstance(c, IntegerConverter) else "x" for name, c in rule._converters.items()}
            yield rule.endpoint, rule.build(values)[1]


def test_no_unsafe_request_is_taken_without_its_token(app, client, account):
    app.config["WTF_CSRF_ENABLED"] = True
    client.sign_in(account)
    routes = dict(unsafe_routes(app))
    assert {"accounts.sign_in", "accounts.sign_out", "accounts.language", "roles.give", "accounts.issue"} <= set(routes)
    for endpoint, url in routes.items():
        for data in ({}, {"csrf_token": "made-up"}):
            response = client.post(url, data=data)
            assert response.status_code == 400, endpoint
            assert "Trang đã mở quá lâu" in response.text, endpoint


def test_a_token_of_another_session_is_not_taken(app, account):
    app.config["WTF_CSRF_ENABLED"] = True
    mine, theirs = app.test_client(), app.test_client()
    token = token_on(theirs, "/dang-nhap")
    token_on(mine, "/dang-nhap")
    data = {"identifier": "CB-00417", "password": PASSWORD, "csrf_token": token}
    assert mine.post("/dang-nhap", data=data).status_code == 400
    assert theirs.post("/dang-nhap", data=data).status_code == 302


def test_signing_in_needs_its_token_and_works_with_it(app, client, account):
    app.config["WTF_CSRF_ENABLED"] = True
    data = {"identifier": "CB-00417", "password": PASSWORD, "csrf_token": token_on(client, "/dang-nhap")}
    assert client.post("/dang-nhap", data=data).status_code == 302
    page = client.get("/tai-khoan").text
    tokens = set(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page))
    assert client.post("/dang-xuat", data={"csrf_token": tokens.pop()}).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_failing_page_of_a_link_writes_no_token_and_no_password_into_the_log(
    app, client, capfd, caplog, monkeypatch, method
):
    """Nor the values of variables, which libraries that print errors nicely would show."""
    import lms.web.accounts.links as page

    monkeypatch.setattr(page, "open_link", lambda *args, **kwargs: 1 / 0)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    data = {"password": "chín con mèo mướp", "again": "chín con mèo mướp"}
    options = {"data": data} if method == "post" else {}
    assert getattr(client, method)("/mat-khau/abcde-fghjk-mnpqr-stuvw", **options).status_code == 500
    captured = capfd.readouterr()
    logged = captured.out + captured.err + caplog.text
    assert "ZeroDivisionError" in logged
    assert "/mat-khau/<token>" in logged
    assert "abcde-fghjk" not in logged
    assert "mèo" not in logged


def test_somebody_elses_remembered_sign_in_ends_when_another_signs_in(app, db, account):
    other = give_password(db, make_account(db, make_person(db, code="CB-2")))
    db.commit()
    client = app.test_client()
    client.post("/dang-nhap", data={"identifier": "CB-2", "password": PASSWORD, "remember": "y"})
    assert client.get_cookie("remember_token").value.startswith(f"{other.id}.")
    client.post("/dang-nhap", data={"identifier": "CB-00417", "password": PASSWORD})
    assert client.get_cookie("remember_token") is None


@pytest.mark.parametrize(
    "query", ["_external=1&_scheme=javascript", "_anchor=x", "endpoint=x", "code=x", "_method=x", "trang=9&self=1"]
)
@pytest.mark.parametrize("path", ["/can-bo", "/nhat-ky", "/so-goc", "/don-vi/AS"])
def test_links_to_other_pages_take_no_orders_from_the_address(client, db, path, query):
    world = make_world(db)
    for number in range(60):
        make_post(db, world.federation, "specialist", make_person(db, f"Nguyễn Văn Số {number}"))
    db.commit()
    client.sign_in(world.system_admin)
    page = client.get(f"{path}?{query}")
    assert page.status_code == 200
    assert "javascript:" not in page.text
    assert "trang=" in page.text or path in {"/nhat-ky", "/so-goc"}


@pytest.mark.parametrize("number", [10**12, 10**30])
def test_numbers_that_no_database_holds_are_unknown_addresses(client, db, number):
    client.sign_in(make_world(db).system_admin)
    db.commit()
    for path in ("/nhap-danh-sach/{}", "/lam-bai/{}/1", "/hoc/x/bai/{}"):
        assert client.get(path.format(number)).status_code == 404, path
    for path in ("/so-goc?nam={}", "/so-goc?noi-cap={}", "/can-bo?trang={}", "/nhap-danh-sach/xuat?don_vi={}"):
        assert client.get(path.format(number)).status_code == 200, path


def test_a_units_code_cannot_break_out_of_a_file_name(client, db):
    world = make_world(db)
    world.federation.code = 'LĐ"; x=/..\\é'
    db.commit()
    client.sign_in(world.system_admin)
    response = client.get("/don-vi/xlsx/" + quote(world.federation.code, safe="/"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="don-vi-LD-x-..-e-2026-11-21.xlsx"'
