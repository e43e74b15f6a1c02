"""Small published courses, made without a package."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from lms.catalogue.models import Course, CourseVersion, Lesson, LessonKind, Module, Quiz
from lms.catalogue.questions import Choice, ChoiceQuestion, Text, TextFormat, to_json
from lms.units.models import Unit
from tests.conftest import NOW

_numbers = itertools.count(1)


def make_question(name: str) -> dict[str, Any]:
    """A single-choice question as published; its right option has the key `dung`, the wrong one `sai`."""

    def safe(text: str) -> Text:
        return Text(text, TextFormat.SAFE)

    return to_json(
        ChoiceQuestion(
            name=name,
            stem=safe(f"Câu hỏi {name}?"),
            multiple=False,
            choices=(
                Choice("dung", safe("Phương án đúng"), marked=True, feedback=safe("Đúng vì Điều 27.")),
                Choice("sai", safe("Phương án sai"), feedback=safe("Chưa đúng, đọc lại Điều 27.")),
            ),
        )
    )


def make_course(
    session: Session,
    slug: str | None = None,
    *,
    owner: Unit | None = None,
    lessons: int = 2,
    pool: int = 4,
    draw: int = 2,
    attempts: int = 3,
    module_quiz: bool = False,
    certificate: str = "completion_certificate",
    areas: tuple[str, ...] = ("chair_skills", "union_practice"),
    groups: tuple[str, ...] = ("grassroots_chair",),
) -> CourseVersion:
    """A published course of one module: lessons with a practice question each, and a final test (80 %)."""
    slug = slug or f"khoa-{next(_numbers)}"
    course = Course(slug=slug, owner_id=owner.id if owner else None, created_at=NOW)
    session.add(course)
    session.flush()
    version = CourseVersion(
        course_id=course.id,
        number=1,
        content_hash=f"{next(_numbers):064d}",
        published_at=NOW,
        title="Kỹ năng, phương pháp hoạt động của Chủ tịch công đoàn cơ sở",
        title_en="Skills and methods of the grassroots union chair",
        hours=Decimal("6.0"),
        lesson_count=lessons,
        areas=list(areas),
        learner_groups=list(groups),
        manifest={
            "title": {"vi": "Kỹ năng, phương pháp hoạt động của Chủ tịch công đoàn cơ sở"},
            "certificate": {"kind": certificate},
            "validity_months": 0,
        },
    )
    session.add(version)
    session.flush()
    module = Module(
        version_id=version.id,
        position=1,
        slug="01-nhiem-vu",
        titles={"vi": "Nhiệm vụ", "en": "Duties"},
        objectives={"vi": []},
    )
    session.add(module)
    session.flush()
    for number in range(1, lessons + 1):
        session.add(
            Lesson(
                version_id=version.id,
                module_id=module.id,
                position=number,
                slug=f"{number:02d}-bai",
                kind=LessonKind.reading,
                titles={"vi": f"Bài {number}", "en": f"Lesson {number}"},
                minutes=8,
                body=[{"html": "<p>Nội dung bài học.</p>"}, {"question": make_question(f"trong-bai-{number}")}],
                plain_text="Nội dung bài học.",
            )
        )
    quizzes = [(None, draw, attempts, 24, 80)]
    if module_quiz:
        quizzes.insert(0, (module.id, 1, 0, 0, 60))
    for position, (module_id, drawn, most, wait, percent) in enumerate(quizzes, start=1):
        session.add(
            Quiz(
                version_id=version.id,
                module_id=module_id,
                position=position,
                pass_percent=percent,
                draw=drawn,
                max_attempts=most,
                wait_hours=wait,
                questions=[make_question(f"kiem-tra-{position}-{n}") for n in range(1, pool + 1)],
            )
        )
    session.flush()
    version.course = course
    return version
