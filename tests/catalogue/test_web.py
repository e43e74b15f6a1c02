"""The catalogue's pages, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.access.rules import SYSTEM
from lms.catalogue.models import Course, Media
from lms.catalogue.operations import publish_course, withdraw_course
from lms.storage import Storage
from tests.catalogue.packages import COURSE, package
from tests.conftest import NOW
from tests.factories.people import make_account


@pytest.fixture
def published(app, db):
    """The good package published in the application."""
    storage = Storage(app.config["SETTINGS"].storage_url)
    version = publish_course(db, SYSTEM, package(), storage, owner_unit_id=None, at=NOW)
    other = package(
        {"course.yaml": COURSE.replace("Khoá thử", "Đối thoại").replace("grassroots_chair", "trainer")}, "b"
    )
    publish_course(db, SYSTEM, other, storage, owner_unit_id=None, at=NOW)
    db.commit()
    return version


@pytest.fixture
def learner(client, db):
    """Somebody signed in."""
    account = make_account(db)
    db.commit()
    client.sign_in(account)
    return account


def test_visitors_see_what_is_offered_and_sign_in_to_learn(client, published):
    assert "Khoá thử" in client.get("/khoa-hoc").text
    assert "Bài một" in client.get("/khoa-hoc/khoa-thu").text
    assert client.post("/khoa-hoc/khoa-thu/bat-dau").status_code == 302
    assert client.get("/media/x").status_code == 302


def test_the_list_shows_what_is_offered_and_finds_without_marks(client, published, learner):
    page = client.get("/khoa-hoc").text
    assert "Khoá thử" in page
    assert "Chủ tịch công đoàn cơ sở" in page
    found = client.get("/khoa-hoc?tim=doi+thoai").text
    assert "/khoa-hoc/b" in found
    assert "/khoa-hoc/khoa-thu" not in found
    assert "/khoa-hoc/b" not in client.get("/khoa-hoc?doi-tuong=grassroots_chair").text
    assert "Không có khoá học nào như vậy" in client.get("/khoa-hoc?tim=khongco").text


def test_an_empty_catalogue_says_so(client, db, learner):
    assert "Chưa có khoá học nào" in client.get("/khoa-hoc").text


def test_the_course_page_tells_what_matters_before_starting(client, published, learner):
    page = client.get("/khoa-hoc/khoa-thu").text
    for words in (
        "Khoá thử", "Mô đun một", "Bài một", "8 phút", "Kiểm tra nhanh", "Bài kiểm tra cuối khoá",
        "Luật Công đoàn 2024",
        "50/2024/QH15", "21/11/2026", "Giấy chứng nhận", "24 tháng", "1,5 giờ học",
        "đúng từ 80 %", "Được làm 3 lượt",
    ):  # fmt: skip
        assert words in page, words
    assert 'action="/khoa-hoc/khoa-thu/bat-dau"' in page
    assert "Đến hạn rà soát" not in page


def test_started_once_the_page_leads_into_the_course(client, published, learner):
    assert client.post("/khoa-hoc/khoa-thu/bat-dau").status_code == 302
    page = client.get("/khoa-hoc/khoa-thu").text
    assert 'href="/hoc/khoa-thu"' in page
    assert "/bat-dau" not in page


def test_a_law_due_for_review_is_marked(app, client, published, learner):
    app.config["CLOCK"] = lambda: NOW + timedelta(days=365)
    assert "Đến hạn rà soát từ 21/05/2027" in client.get("/khoa-hoc/khoa-thu").text


def test_in_english_the_course_speaks_english(client, db, published, learner):
    learner.locale = "en"
    db.commit()
    assert "Trial course" in client.get("/khoa-hoc/khoa-thu").text


def test_a_withdrawn_or_unknown_course_is_not_there(client, db, published, learner):
    withdraw_course(db, SYSTEM, db.get(Course, published.course_id), at=NOW)
    db.commit()
    assert client.get("/khoa-hoc/khoa-thu").status_code == 404
    assert client.get("/khoa-hoc/khong-co").status_code == 404
    assert "Khoá thử" not in client.get("/khoa-hoc").text


def test_media_are_served_for_ever_and_can_do_nothing(client, db, published, learner):
    for media in db.scalars(select(Media)):
        response = client.get(f"/media/{media.storage_key}")
        assert response.status_code == 200
        assert response.mimetype == media.content_type
        assert "immutable" in response.headers["Cache-Control"]
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        part = client.get(f"/media/{media.storage_key}", headers={"Range": "bytes=0-3"})
        assert part.status_code == 206
        assert len(part.data) == 4
    for wrong in ("x", "0" * 64 + ".webp", "..%2f..%2fetc"):
        assert client.get(f"/media/{wrong}").status_code == 404


def test_the_pages_take_few_queries(client, published, learner, count_queries):
    with count_queries() as queries:
        client.get("/khoa-hoc")
    assert len(queries) <= 4
    with count_queries() as queries:
        client.get("/khoa-hoc/khoa-thu")
    assert len(queries) <= 8


def test_what_was_loaded_reads_as_a_lesson(client, published, learner):
    client.post("/khoa-hoc/khoa-thu/bat-dau")
    page = client.get("/hoc/khoa-thu/bai/1").text
    assert "<figcaption>Hình 1</figcaption>" in page
    assert "Đúng không?" in page
    assert client.get("/hoc/khoa-thu/bai/2").status_code == 200
