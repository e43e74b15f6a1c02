"""Every shipped course taken in a browser on a phone, from the first lesson to the certificate."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from lms.access.rules import SYSTEM
from lms.audiences.rules import LearnerGroup
from lms.catalogue.answers import right_response
from lms.catalogue.models import Course, Lesson, Quiz
from lms.catalogue.questions import (
    ChoiceQuestion,
    Cloze,
    Matching,
    Ordering,
    Question,
    TrueFalse,
    from_json,
)
from lms.db import make_engine
from lms.learning.models import QuizAttempt
from lms.learning.operations import assign_course
from lms.ledger.models import TrainingRecord
from lms.people.passwords import HASHER, set_password
from lms.settings import resource
from lms.temporal import utc_now
from tests.factories.people import make_account, make_person
from tests.factories.units import make_post, make_unit
from tests.journeys.conftest import PHONE, Installation

pytestmark = [pytest.mark.browser, pytest.mark.long]
PASSWORD = "mùa lúa chín vàng đồng"
SLUGS = sorted(path.parent.name for path in resource("courses").glob("*/course.yaml"))


def fill(page: Page, name: str, question: Question) -> None:
    """Answer a question in its form, as a person would."""
    response = right_response(question)
    if isinstance(question, TrueFalse):
        page.locator(f"input[name='{name}'][value='{str(response).lower()}']").check()
    elif isinstance(question, ChoiceQuestion):
        for value in response if isinstance(response, list) else [response]:
            page.locator(f"input[name='{name}'][value='{value}']").check()
    elif isinstance(question, Matching):
        for key, value in response.items():
            page.locator(f"select[name='{name}-{key}']").select_option(value)
    elif isinstance(question, Ordering):
        for place, key in enumerate(response, start=1):
            page.locator(f"select[name='{name}-{place}']").select_option(key)
    elif isinstance(question, Cloze):
        for blank, text in response.items():
            page.locator(f"input[name='{name}-{blank}']").fill(text)
    else:
        page.locator(f"input[name='{name}']").fill(response)


@pytest.fixture
def opened(installation: Installation):
    engine = make_engine(installation.database)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def arrange(session: Session, installation: Installation, slug: str) -> None:
    """A chair with a password, and the course required of her."""
    province = make_unit(session, "LĐLĐ tỉnh An Sơn", "provincial", code="AS")
    union = make_unit(session, "CĐCS Công ty TNHH May Tân Khê", "grassroots", province, members=640)
    account = make_account(session, make_person(session, code="CB-1"))
    make_post(session, union, "chair", account.person, first_time=True)
    given = {"hasher": HASHER, "action": "account.password_set", "actor_id": None}
    set_password(session, account, account.person, PASSWORD, **given, at=utc_now())
    session.commit()
    installation.lms("courses", "load", str(resource("courses") / slug), "--owner", "AS")
    course = session.scalars(select(Course).where(Course.slug == slug)).one()
    assign_course(session, SYSTEM, course, province.id, learner_group=LearnerGroup.grassroots_chair, at=utc_now())
    session.commit()


def read_lesson(page: Page, lesson: Lesson) -> None:
    """Answer the questions in the flow of reading, then go on."""
    expect(page.locator("h1")).to_have_text(lesson.titles["vi"])
    stored = {segment["question"]["key"]: segment["question"] for segment in lesson.body if "question" in segment}
    for key, question in stored.items():
        form = page.locator("form", has=page.locator(f"input[name=key][value='{key}']"))
        name = form.locator("input[name=name]").get_attribute("value") or ""
        fill(page, name, from_json(question))
        form.get_by_role("button").last.click()
        expect(page.locator(f"fieldset#{name} .note")).to_contain_text("Đúng rồi.")
    page.locator(".foot .btn.go").click()


def sit(page: Page, session: Session) -> None:
    """Take a test with every answer right."""
    page.locator("main .btn.go").click()
    found = re.search(r"/lam-bai/(\d+)/", page.url)
    assert found
    session.rollback()
    attempt = session.get_one(QuizAttempt, int(found[1]))
    quiz = session.get_one(Quiz, attempt.quiz_id, options=[undefer(Quiz.questions)])
    pool = {stored["key"]: stored for stored in quiz.questions}
    for item in attempt.items:
        fill(page, "cau", from_json(pool[item["key"]]))
        page.locator(".foot .btn.go").click()
    page.get_by_role("button", name="Nộp bài").click()


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_shipped_course_can_be_completed_on_a_phone(
    installation: Installation, browser: Browser, opened: Session, slug: str
) -> None:
    arrange(opened, installation, slug)
    page = browser.new_context(viewport=PHONE, locale="vi-VN").new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(f"{installation.url}/dang-nhap")
    page.locator("input[name=identifier]").fill("CB-1")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.locator("main button.go").click()
    page.locator(".hero .btn.go").click()
    page.locator("main .btn.go").first.click()
    lessons = list(
        opened.scalars(
            select(Lesson).join(Course, Course.slug == slug).options(undefer(Lesson.body)).order_by(Lesson.position)
        )
    )
    for lesson in lessons:
        read_lesson(page, lesson)
        while "/kiem-tra/" in page.url:
            sit(page, opened)
            if "/hoan-thanh" in page.url:
                break
            expect(page.locator("h1")).to_contain_text("Đạt rồi")
            page.goto(f"{installation.url}/hoc/{slug}")
            page.locator("main .btn.go").first.click()
    expect(page.locator("h1")).to_contain_text("Chúc mừng đồng chí")
    opened.rollback()
    assert opened.scalars(select(TrainingRecord)).one().source_key.startswith("enrolment:")
    assert faults == []
