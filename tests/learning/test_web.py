"""The learner's pages: the whole way through a course by form posts, without JavaScript."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from lms.audiences.rules import LearnerGroup
from lms.catalogue.models import Course
from lms.learning.models import Enrolment, LessonAnswer, QuizAttempt
from lms.learning.operations import assign_course
from lms.ledger.models import TrainingRecord
from tests.factories.people import make_account
from tests.learning.conftest import World, build_world


@pytest.fixture
def world(db, now) -> World:
    """The world, committed, the course assigned to chairs by the commune union."""
    made = build_world(db)
    course = db.get_one(Course, made.version.course_id)
    assign_course(db, made.administrator, course, made.commune.id, learner_group=LearnerGroup.grassroots_chair, at=now)
    db.commit()
    return made


@pytest.fixture
def slug(db, world) -> str:
    found = db.get_one(Course, world.version.course_id).slug
    db.rollback()
    return found


def test_my_learning_says_what_is_required_and_why(client, world):
    page = client.sign_in(world.account).get("/hoc").text
    assert "Vì đồng chí là Chủ tịch CĐCS Công ty TNHH May Tân Khê từ 12/03/2026." in page
    assert world.version.title in page


def test_nothing_assigned_leads_to_the_catalogue(client, db, world):
    other = make_account(db)
    db.commit()
    page = client.sign_in(other).get("/hoc").text
    assert "Chưa có khoá học nào được giao" in page


def test_the_whole_course_by_forms(client, db, world, slug):
    client.sign_in(world.account)
    assert client.post(f"/khoa-hoc/{slug}/bat-dau").location.endswith(f"/hoc/{slug}")
    assert "Còn thiếu để hoàn thành" in client.get(f"/hoc/{slug}").text
    page = client.get(f"/hoc/{slug}/bai/1").text
    assert "Nội dung bài học." in page
    assert "Đúng vì Điều 27." not in page
    wrong = client.post(
        f"/hoc/{slug}/bai/1/tra-loi",
        data={"name": "cau-2", "key": "trong-bai-1", "cau-2": "sai"},
        follow_redirects=True,
    )
    assert "Chưa đúng, đọc lại Điều 27." in wrong.text
    client.post(f"/hoc/{slug}/bai/1/tra-loi", data={"name": "cau-2", "key": "trong-bai-1", "cau-2": "dung"})
    db.rollback()
    assert db.scalars(select(LessonAnswer.correct)).one() is True
    assert client.post(f"/hoc/{slug}/bai/1/xong").location.endswith("/bai/2")
    assert client.post(f"/hoc/{slug}/bai/2/xong").location.endswith("/kiem-tra/1")

    fail = sit(client, slug, "sai")
    assert "Chưa đạt" in fail.text
    assert "Chưa đúng, đọc lại" not in fail.text, "a failed final test keeps its feedback"
    passed = sit(client, slug, "dung")
    assert "Chúc mừng đồng chí" in passed.text
    db.rollback()
    record = db.scalars(select(TrainingRecord)).one()
    assert record.delivered_by_id == world.commune.id
    assert world.version.title in client.get("/so-boi-duong").text
    assert "Đã hoàn thành" in client.get("/hoc").text


def sit(client, slug, choice):
    """Take the final test, the same option everywhere; returns the page after handing in."""
    begun = client.post(f"/hoc/{slug}/kiem-tra/1/bat-dau").location
    attempt = begun.rsplit("/", 2)[1]
    for number in (1, 2):
        assert "Câu hỏi" in client.get(f"/lam-bai/{attempt}/{number}").text
        client.post(f"/lam-bai/{attempt}/{number}", data={"cau": choice, "go": "next"})
    assert "trả lời đủ" in client.get(f"/lam-bai/{attempt}/nop").text
    return client.post(f"/lam-bai/{attempt}/nop", follow_redirects=True)


def test_a_sitting_goes_on_after_signing_out(client, db, world, slug, app):
    client.sign_in(world.account)
    client.post(f"/khoa-hoc/{slug}/bat-dau")
    attempt = client.post(f"/hoc/{slug}/kiem-tra/1/bat-dau").location.rsplit("/", 2)[1]
    client.post(f"/lam-bai/{attempt}/1", data={"cau": "dung"})
    fresh = app.test_client().sign_in(world.account)
    assert "checked" in fresh.get(f"/lam-bai/{attempt}/1").text
    assert "Làm tiếp bài đang dở" in fresh.get(f"/hoc/{slug}/kiem-tra/1").text


def test_going_to_another_question_keeps_the_answer_and_an_emptied_one_is_taken_back(client, db, world, slug):
    client.sign_in(world.account)
    client.post(f"/khoa-hoc/{slug}/bat-dau")
    attempt = client.post(f"/hoc/{slug}/kiem-tra/1/bat-dau").location.rsplit("/", 2)[1]
    first = f"/lam-bai/{attempt}/1"
    page = client.get(first).text
    assert re.search(r'<button form="bai" name="go" value="2"', page), "the numbers send the answer"
    assert 'name="shown"' not in page
    assert client.post(first, data={"cau": "dung", "go": "2"}).location == f"/lam-bai/{attempt}/2"
    assert "checked" in client.get(first).text
    assert 'name="shown"' in client.get(first).text
    client.post(first, data={"go": "next"})
    assert "checked" in client.get(first).text, "a page opened before the answer was given takes nothing back"
    client.post(first, data={"go": "next", "shown": "1"})
    assert "checked" not in client.get(first).text
    client.post(first, data={"go": "next", "shown": "1"})
    for odd in ("999", "0", "-1", "x" * 50, "²"):
        assert client.post(first, data={"go": odd}).status_code == 302
    client.post(f"/lam-bai/{attempt}/nop")
    assert "Chưa đạt, mời đồng chí xem lại bài" in client.get(f"/lam-bai/{attempt}/ket-qua").text


def test_keys_of_a_test_never_reach_the_page(client, world, slug):
    client.sign_in(world.account)
    client.post(f"/khoa-hoc/{slug}/bat-dau")
    attempt = client.post(f"/hoc/{slug}/kiem-tra/1/bat-dau").location.rsplit("/", 2)[1]
    page = client.get(f"/lam-bai/{attempt}/1").text
    assert "Đúng vì" not in page
    assert "marked" not in page


def test_somebody_elses_sitting_is_not_there(client, db, world, slug):
    client.sign_in(world.account)
    client.post(f"/khoa-hoc/{slug}/bat-dau")
    attempt = client.post(f"/hoc/{slug}/kiem-tra/1/bat-dau").location.rsplit("/", 2)[1]
    stranger = make_account(db)
    db.commit()
    client.sign_in(stranger)
    for path in (f"/lam-bai/{attempt}/1", f"/lam-bai/{attempt}/nop", f"/lam-bai/{attempt}/ket-qua"):
        assert client.get(path).status_code == 404
    assert client.post(f"/lam-bai/{attempt}/nop").status_code == 404
    assert client.get(f"/hoc/{slug}").status_code == 404
    assert db.scalars(select(QuizAttempt.submitted_at)).one() is None


def test_bad_addresses_and_answers_change_nothing(client, db, world, slug):
    client.sign_in(world.account)
    client.post(f"/khoa-hoc/{slug}/bat-dau")
    attempt = client.post(f"/hoc/{slug}/kiem-tra/1/bat-dau").location.rsplit("/", 2)[1]
    assert client.get(f"/hoc/{slug}/bai/99").status_code == 404
    assert client.get(f"/lam-bai/{attempt}/99").status_code == 404
    assert client.post(f"/lam-bai/{attempt}/99", data={"cau": "dung"}).status_code == 404
    assert (
        client.post(f"/hoc/{slug}/bai/1/tra-loi", data={"name": "cau-2", "key": "la", "cau-2": "x"}).status_code == 422
    )
    assert client.post(f"/lam-bai/{attempt}/1", data={"cau": "x" * 5000}).status_code == 422
    client.post(f"/lam-bai/{attempt}/1", data={"cau": "khong-phai-dap-an"})
    page = client.post(f"/lam-bai/{attempt}/nop", follow_redirects=True)
    assert page.status_code == 200
    assert db.scalars(select(QuizAttempt.points)).one() == 0


def test_an_administrator_assigns_and_ends(client, db, world):
    client.sign_in(world.admin)
    page = client.get("/giao-khoa-hoc").text
    assert "Công đoàn phường Tân Khê" in page
    data = {"course": world.version.course_id, "unit": world.province.id, "learner_group": "womens_affairs"}
    assert client.post("/giao-khoa-hoc", data={**data, "due_on": "31/12/2025"}).status_code == 422
    misread = client.post("/giao-khoa-hoc", data={**data, "due_on": "hôm qua"})
    assert misread.status_code == 422
    assert "Hãy nhập ngày theo dạng ngày/tháng/năm" in misread.text
    assert "hôm qua" in misread.text
    assert client.post("/giao-khoa-hoc", data={**data, "unit": 99999}).status_code == 422
    done = client.post("/giao-khoa-hoc", data={**data, "due_on": "31/12/2026"}, follow_redirects=True)
    assert "31/12/2026" in done.text


def test_query_budgets(client, db, world, slug, count_queries):
    client.sign_in(world.account)
    client.post(f"/khoa-hoc/{slug}/bat-dau")
    client.post(f"/hoc/{slug}/bai/1/tra-loi", data={"name": "cau-2", "key": "trong-bai-1", "cau-2": "dung"})
    client.post(f"/hoc/{slug}/bai/1/xong")
    client.get("/hoc")
    with count_queries() as lesson:
        client.get(f"/hoc/{slug}/bai/1")
    with count_queries() as mine:
        client.get("/hoc")
    assert len(statements(lesson)) <= 6, "\n\n".join(lesson.statements)
    assert len(statements(mine)) <= 8, "\n\n".join(mine.statements)


def statements(counter):
    """The statements that ask the database something (not BEGIN and the like)."""
    return [
        text for text in counter.statements if text.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE"))
    ]


def test_double_clicks_make_one_of_everything(client, db, world, slug):
    client.sign_in(world.account)
    for _ in range(3):
        client.post(f"/khoa-hoc/{slug}/bat-dau")
        client.post(f"/hoc/{slug}/kiem-tra/1/bat-dau")
        client.post(f"/hoc/{slug}/bai/1/xong")
    assert db.scalar(select(func.count()).select_from(Enrolment)) == 1
    assert db.scalar(select(func.count()).select_from(QuizAttempt)) == 1
