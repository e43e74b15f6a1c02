"""Reading the catalogue: the list of courses, one course with its outline, media."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, contains_eager

from lms.access.rules import Actor
from lms.catalogue.models import Course, CourseVersion, Lesson, Media, Module, Quiz
from lms.text import fold


@dataclass(frozen=True)
class OutlineModule:
    """A module with its lessons in order, and its quiz where it has one."""

    module: Module
    lessons: tuple[Lesson, ...]
    quiz: Quiz | None


@dataclass(frozen=True)
class CourseOutline:
    """Everything the course page shows of a version."""

    modules: tuple[OutlineModule, ...]
    final: Quiz | None


def newest_versions(_actor: Actor) -> Select[CourseVersion]:
    """The newest version of each course that is offered, with its course, by title; everybody may see it."""
    later = aliased(CourseVersion)
    newest = select(func.max(later.number)).where(later.course_id == CourseVersion.course_id).scalar_subquery()
    return (
        select(CourseVersion)
        .join(CourseVersion.course)
        .options(contains_eager(CourseVersion.course))
        .where(Course.withdrawn_at.is_(None), CourseVersion.number == newest)
        .order_by(CourseVersion.title, CourseVersion.id)
    )


def offered_courses(session: Session, actor: Actor, *, words: str = "", group: str = "") -> list[CourseVersion]:
    """The courses offered, those whose title or summary has the words (marks do not matter), for a learner group.

    The catalogue of an installation has some hundred courses at most; it is filtered after reading.
    """
    wanted = fold(words)
    found = []
    for version in session.scalars(newest_versions(actor)):
        text = " ".join(str(t) for key in ("title", "summary") for t in (version.manifest.get(key) or {}).values())
        if (not wanted or wanted in fold(text)) and (not group or group in version.learner_groups):
            found.append(version)
    return found


def newest_version(session: Session, actor: Actor, slug: str) -> CourseVersion | None:
    """The newest version of a course that is offered."""
    return session.scalar(newest_versions(actor).where(Course.slug == slug))


def course_by_slug(session: Session, slug: str) -> Course | None:
    """A course, offered or withdrawn; what may be done with it is for the operations to say."""
    return session.scalar(select(Course).where(Course.slug == slug))


def version_by_slug(session: Session, slug: str) -> CourseVersion | None:
    """The newest version of a course, offered or withdrawn; for commands and jobs."""
    return session.scalar(
        select(CourseVersion)
        .join(CourseVersion.course)
        .options(contains_eager(CourseVersion.course))
        .where(Course.slug == slug)
        .order_by(CourseVersion.number.desc())
        .limit(1)
    )


def outline(session: Session, version: CourseVersion) -> CourseOutline:
    """Modules, lessons and tests of a version, in order, without their contents."""
    modules = session.scalars(select(Module).where(Module.version_id == version.id).order_by(Module.position)).all()
    lessons: dict[int, list[Lesson]] = {module.id: [] for module in modules}
    for lesson in session.scalars(select(Lesson).where(Lesson.version_id == version.id).order_by(Lesson.position)):
        lessons[lesson.module_id].append(lesson)
    quizzes: dict[int | None, Quiz] = {
        quiz.module_id: quiz
        for quiz in session.scalars(select(Quiz).where(Quiz.version_id == version.id).order_by(Quiz.position))
    }
    parts = tuple(OutlineModule(m, tuple(lessons[m.id]), quizzes.get(m.id)) for m in modules)
    return CourseOutline(parts, quizzes.get(None))


def media_by_key(session: Session, key: str) -> Media | None:
    """A file by its storage key (versions share files of the same content)."""
    return session.scalar(select(Media).where(Media.storage_key == key).order_by(Media.id).limit(1))
