"""Publishing courses, on both databases."""

import io
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.access.models import Grant, Role
from lms.access.rules import SYSTEM, Actor
from lms.audit.models import AuditEvent
from lms.catalogue.grading import grade
from lms.catalogue.models import Course, CourseVersion, Lesson, LessonKind, Media, Module, Quiz
from lms.catalogue.operations import publish_course, withdraw_course
from lms.catalogue.queries import media_by_key, newest_version, offered_courses, outline
from lms.catalogue.questions import ChoiceQuestion, from_json
from lms.db import begin_write, make_engine
from lms.errors import NotAllowed, Refused
from lms.storage import Storage
from tests.catalogue.packages import COURSE, LESSON, package, png
from tests.conftest import NOW
from tests.factories.people import make_account
from tests.factories.units import make_unit


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "media"))


def test_a_course_is_published_with_everything_in_it(session: Session, storage: Storage) -> None:
    version = publish_course(session, SYSTEM, package(), storage, owner_unit_id=None, at=NOW)
    assert (version.number, version.title, version.lesson_count) == (1, "Khoá thử", 3)
    assert version.manifest["certificate"] == {"kind": "completion_certificate"}
    assert version.manifest["references"][0]["checked_on"] == "2026-11-21"
    lessons = session.scalars(select(Lesson).order_by(Lesson.position)).all()
    assert [(lesson.position, lesson.slug, lesson.kind) for lesson in lessons] == [
        (1, "mot", LessonKind.reading), (2, "hai", LessonKind.situation), (3, "ba", LessonKind.assignment)
    ]  # fmt: skip
    first = lessons[0]
    assert [next(iter(segment)) for segment in first.body] == ["html", "question", "html"]
    assert 'href="/hoc/khoa-thu/bai/2"' in first.body[0]["html"]
    assert "Sau câu hỏi" in first.plain_text
    assert "[^1]" not in str(first.body)
    assert first.body[1]["question"]["key"] == "trong-bai"
    assert "Nghĩ lại xem" in str(lessons[1].body)
    assert lessons[1].source is not None
    assert lessons[1].source["scenes"][0]["choices"][0]["points"] == 2
    quizzes = session.scalars(select(Quiz).order_by(Quiz.position)).all()
    assert [(q.max_attempts, q.wait_hours) for q in quizzes] == [(0, 0), (3, 24)]
    assert [(q.position, q.module_id is None, q.draw, q.pass_percent) for q in quizzes] == [
        (1, False, 1, 60), (2, True, 2, 80)
    ]  # fmt: skip
    assert [q["key"] for q in quizzes[0].questions] == ["m1-a", "m1-b", "xep", "dien"]
    assert [q["key"] for q in version.manifest["marked_by_people"]["1"]] == ["viet"]
    question = from_json(quizzes[0].questions[0])
    assert isinstance(question, ChoiceQuestion)
    assert grade(question, question.choices[0].key).feedback == ("tốt",)


def test_media_are_kept_by_content_with_their_size(session: Session, storage: Storage) -> None:
    publish_course(session, SYSTEM, package({"media/anh.png": png(2000, 1000)}), storage, owner_unit_id=None, at=NOW)
    kept = {media.path: media for media in session.scalars(select(Media))}
    picture, drawing = kept["media/anh.png"], kept["media/so-do.svg"]
    assert (picture.width, picture.height, picture.content_type) == (1280, 640, "image/webp")
    assert Image.open(io.BytesIO(storage.get(picture.storage_key))).format == "WEBP"
    assert (drawing.width, drawing.height, drawing.content_type) == (30, 20, "image/svg+xml")
    lesson = session.scalars(select(Lesson).where(Lesson.position == 1)).one()
    assert f'src="/media/{picture.storage_key}"' in str(lesson.body)
    assert 'width="1280"' in str(lesson.body)
    found = media_by_key(session, picture.storage_key)
    assert found is not None
    assert found.id == picture.id


def test_the_same_content_again_changes_nothing(session: Session, storage: Storage) -> None:
    first = publish_course(session, SYSTEM, package(), storage, owner_unit_id=None, at=NOW)
    counts = [session.scalar(select(func.count()).select_from(t)) for t in (CourseVersion, Module, Lesson, AuditEvent)]
    again = publish_course(session, SYSTEM, package(), storage, owner_unit_id=None, at=NOW + timedelta(days=1))
    assert again.id == first.id
    assert counts == [
        session.scalar(select(func.count()).select_from(t)) for t in (CourseVersion, Module, Lesson, AuditEvent)
    ]


def test_changed_content_is_the_next_version_and_the_old_one_stays(session: Session, storage: Storage) -> None:
    first = publish_course(session, SYSTEM, package(), storage, owner_unit_id=None, at=NOW)
    changed = package({"01-mot/01-mot.md": LESSON.replace("Mở đầu", "Bắt đầu")})
    second = publish_course(session, SYSTEM, changed, storage, owner_unit_id=None, at=NOW)
    assert (second.course_id, second.number) == (first.course_id, 2)
    found = newest_version(session, SYSTEM, "khoa-thu")
    assert found is not None
    assert found.id == second.id
    assert session.scalar(select(func.count()).select_from(Lesson)) == 6


def test_a_package_with_faults_is_refused(session: Session, storage: Storage) -> None:
    with pytest.raises(Refused) as refusal:
        publish_course(session, SYSTEM, package({"final.gift": None}), storage, owner_unit_id=None, at=NOW)
    assert refusal.value.code == "course_has_problems"
    assert session.scalar(select(func.count()).select_from(Course)) == 0


def test_only_who_may_publish_in_the_unit_publishes_there(session: Session, storage: Storage, now: datetime) -> None:
    unit, other = make_unit(session, "LĐLĐ tỉnh A"), make_unit(session, "LĐLĐ tỉnh B")
    account = make_account(session)
    actor = Actor(account.id, account.person_id, "x")
    with pytest.raises(NotAllowed):
        publish_course(session, actor, package(), storage, owner_unit_id=unit.id, at=now)
    session.add(Grant(account_id=account.id, role=Role.trainer, unit_id=unit.id, valid_from=now.date(), granted_at=now))
    session.flush()
    version = publish_course(session, actor, package(), storage, owner_unit_id=unit.id, at=now)
    assert version.published_by_id == account.id
    with pytest.raises(NotAllowed):
        publish_course(session, actor, package(), storage, owner_unit_id=other.id, at=now)
    with pytest.raises(Refused, match="course_owned_elsewhere"):
        publish_course(session, SYSTEM, package(), storage, owner_unit_id=other.id, at=now)


def test_a_withdrawn_course_is_offered_no_more_until_published_again(session: Session, storage: Storage) -> None:
    version = publish_course(session, SYSTEM, package(), storage, owner_unit_id=None, at=NOW)
    course = session.get_one(Course, version.course_id)
    withdraw_course(session, SYSTEM, course, at=NOW)
    withdraw_course(session, SYSTEM, course, at=NOW)
    assert newest_version(session, SYSTEM, "khoa-thu") is None
    assert offered_courses(session, SYSTEM) == []
    publish_course(session, SYSTEM, package(), storage, owner_unit_id=None, at=NOW)
    assert [v.id for v in offered_courses(session, SYSTEM)] == [version.id]
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["course.published", "course.withdrawn", "course.reopened"]


def test_courses_are_found_without_marks_and_by_group(session: Session, storage: Storage) -> None:
    publish_course(session, SYSTEM, package(), storage, owner_unit_id=None, at=NOW)
    other = package(
        {"course.yaml": COURSE.replace("Khoá thử", "Đối thoại").replace("grassroots_chair", "trainer")}, "b"
    )
    publish_course(session, SYSTEM, other, storage, owner_unit_id=None, at=NOW)
    assert [v.title for v in offered_courses(session, SYSTEM, words="doi thoai")] == ["Đối thoại"]
    assert [v.title for v in offered_courses(session, SYSTEM, group="grassroots_chair")] == ["Khoá thử"]
    assert len(offered_courses(session, SYSTEM)) == 2


def test_the_outline_has_modules_lessons_and_tests(session: Session, storage: Storage) -> None:
    version = publish_course(session, SYSTEM, package(), storage, owner_unit_id=None, at=NOW)
    found = outline(session, version)
    assert [lesson.slug for lesson in found.modules[0].lessons] == ["mot", "hai", "ba"]
    assert found.modules[0].quiz is not None
    assert found.final is not None


def test_publishing_at_the_same_time_makes_one_version(database: str, storage: Storage) -> None:
    engine = make_engine(database)
    barrier = threading.Barrier(4)
    numbers: list[int] = []
    failures: list[BaseException] = []
    ready = package()

    def publish() -> None:
        try:
            with Session(engine) as session:
                barrier.wait()
                begin_write(session)
                version = publish_course(session, SYSTEM, ready, storage, owner_unit_id=None, at=NOW)
                numbers.append(version.number)
                session.commit()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert numbers == [1, 1, 1, 1]
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(CourseVersion)) == 1
        assert session.scalar(select(func.count()).select_from(Lesson)) == 3
    engine.dispose()
