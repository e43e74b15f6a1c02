"""Publishing and withdrawing courses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.access.operations import require
from lms.access.rules import Actor, Permission
from lms.audit.operations import record
from lms.catalogue import serial
from lms.catalogue.media import prepare
from lms.catalogue.models import Course, CourseVersion, Lesson, LessonKind, Media, Module, Quiz
from lms.catalogue.package import CoursePackage, ModulePart
from lms.catalogue.questions import AUTO_GRADED, Question, to_json
from lms.catalogue.rendering import Renderer
from lms.errors import Refused
from lms.markup_tree import Media as Served
from lms.storage import Storage
from lms.temporal import vn_today


def publish_course(
    session: Session, actor: Actor, package: CoursePackage, storage: Storage, *, owner_unit_id: int | None, at: datetime
) -> CourseVersion:
    """Publish a package as the course's next immutable version; the same content again is the version it already is.

    Needs the permission in the unit that owns the course. Publishing a withdrawn course opens it again.
    Raises Refused("course_has_problems") for a package with faults, Refused("course_owned_elsewhere") when another unit
    owns the course, NotAllowed.
    """
    if package.problems:
        raise Refused("course_has_problems", count=len(package.problems), first=str(package.problems[0]))
    require(session, actor, Permission.publish_courses, owner_unit_id, vn_today(at))
    course = _course(session, package.slug, owner_unit_id, at)
    if course.owner_id != owner_unit_id:
        raise Refused("course_owned_elsewhere", slug=package.slug)
    if course.withdrawn_at is not None:
        course.withdrawn_at = None
        record(session, actor.account_id, "course.reopened", "course", course.id, at=at, unit_id=course.owner_id)
    same = select(CourseVersion).where(
        CourseVersion.course_id == course.id, CourseVersion.content_hash == package.content_hash
    )
    if known := session.scalar(same):
        return known
    try:
        with session.begin_nested():
            version = _add_version(session, actor, course, package, storage, at)
    except IntegrityError:
        if known := session.scalar(same):
            return known
        raise
    record(
        session, actor.account_id, "course.published", "course_version", version.id, at=at, unit_id=course.owner_id,
        slug=course.slug, number=version.number, content_hash=version.content_hash,
    )  # fmt: skip
    return version


def withdraw_course(session: Session, actor: Actor, course: Course, *, at: datetime) -> None:
    """Offer the course to nobody any more; who is enrolled goes on. Withdrawing it again changes nothing."""
    require(session, actor, Permission.publish_courses, course.owner_id, vn_today(at))
    if course.withdrawn_at is None:
        course.withdrawn_at = at
        session.flush()
        record(
            session, actor.account_id, "course.withdrawn", "course", course.id, at=at, unit_id=course.owner_id,
            slug=course.slug,
        )  # fmt: skip


def _course(session: Session, slug: str, owner_unit_id: int | None, at: datetime) -> Course:
    """The course of that slug, made where there is none, locked for whoever publishes."""
    wanted = select(Course).where(Course.slug == slug).with_for_update()
    if course := session.scalar(wanted):
        return course
    try:
        with session.begin_nested():
            made = Course(slug=slug, owner_id=owner_unit_id, created_at=at)
            session.add(made)
            session.flush()
    except IntegrityError:
        return session.scalars(wanted).one()
    return made


def _add_version(
    session: Session, actor: Actor, course: Course, package: CoursePackage, storage: Storage, at: datetime
) -> CourseVersion:
    last = session.scalar(select(func.max(CourseVersion.number)).where(CourseVersion.course_id == course.id)) or 0
    version = CourseVersion(
        course_id=course.id,
        number=last + 1,
        content_hash=package.content_hash,
        published_at=at,
        published_by_id=actor.account_id,
        title=package.title.vi,
        title_en=package.title.en,
        hours=package.hours,
        lesson_count=sum(1 for _ in package.lessons()),
        areas=list(package.areas),
        learner_groups=list(package.learner_groups),
        manifest=manifest_of(package),
    )
    session.add(version)
    session.flush()
    renderer = Renderer(package, _add_media(session, version, package, storage))
    version.manifest = {**version.manifest, "marked_by_people": _marked_by_people(package, renderer)}
    place = 0
    for position, part in enumerate(package.modules, start=1):
        module = Module(
            version_id=version.id,
            position=position,
            slug=part.slug,
            titles=serial.dump(part.title),
            objectives=serial.dump(part.objectives),
        )
        session.add(module)
        session.flush()
        place = _add_lessons(session, version, module, part, renderer, place)
        if part.pool and package.pass_rule.quiz:
            rule = package.pass_rule.quiz
            pool = _pool(renderer, part.pool, f"{part.path}/quiz.gift")
            session.add(
                Quiz(
                    version_id=version.id,
                    module_id=module.id,
                    position=position,
                    pass_percent=rule.pass_percent,
                    draw=rule.draw,
                    max_attempts=0,
                    wait_hours=0,
                    questions=pool,
                )
            )
    if final := package.pass_rule.final:
        session.add(
            Quiz(
                version_id=version.id,
                module_id=None,
                position=len(package.modules) + 1,
                pass_percent=final.pass_percent,
                draw=final.draw,
                max_attempts=final.attempts,
                wait_hours=final.wait_hours,
                questions=_pool(renderer, package.final_pool, "final.gift"),
            )
        )
    session.flush()
    return version


def manifest_of(package: CoursePackage) -> dict[str, Any]:
    """What course.yaml says, for the version's `manifest`."""
    rule = package.pass_rule
    manifest: dict[str, Any] = {
        "title": serial.dump(package.title),
        "summary": serial.dump(package.summary),
        "objectives": serial.dump(package.objectives),
        "learner_groups": list(package.learner_groups),
        "areas": list(package.areas),
        "hours": str(package.hours),
        "pass_rule": {"lessons": "all", "quiz": serial.dump(rule.quiz), "final": serial.dump(rule.final)},
        "certificate": {"kind": package.certificate_kind},
        "validity_months": package.validity_months,
        "references": [serial.dump(reference) for reference in package.references],
    }
    return manifest


def _marked_by_people(package: CoursePackage, renderer: Renderer) -> dict[str, list[Any]]:
    """The questions of each pool that people mark, by the position of its test; shown to think about, not graded."""
    pools = [(part.pool, f"{part.path}/quiz.gift") for part in package.modules] + [(package.final_pool, "final.gift")]
    return {
        str(position): [to_json(renderer.question(q, path)) for q in pool if not isinstance(q, AUTO_GRADED)]
        for position, (pool, path) in enumerate(pools, start=1)
    }


def _pool(renderer: Renderer, pool: tuple[Question, ...], path: str) -> list[Any]:
    return [to_json(renderer.question(question, path)) for question in pool if isinstance(question, AUTO_GRADED)]


def _add_media(session: Session, version: CourseVersion, package: CoursePackage, storage: Storage) -> dict[str, Served]:
    served: dict[str, Served] = {}
    for path, content in sorted(package.media.items()):
        ready = prepare(path, content)
        key = storage.put(ready.content, ready.suffix)
        session.add(
            Media(
                version_id=version.id,
                path=path,
                storage_key=key,
                content_type=ready.content_type,
                size=len(ready.content),
                width=ready.width,
                height=ready.height,
            )
        )
        served[path] = Served(f"/media/{key}", ready.width, ready.height, ready.kind)
    for path, media in list(served.items()):
        captions = served.get(f"{path.rpartition('.')[0]}.vtt")
        if media.kind == "video" and captions:
            served[path] = Served(media.url, kind="video", captions=captions.url)
    return served


def _add_lessons(
    session: Session, version: CourseVersion, module: Module, part: ModulePart, renderer: Renderer, place: int
) -> int:
    for position, lesson in enumerate(part.lessons, start=place + 1):
        body, words = renderer.body(lesson)
        source = lesson.situation or lesson.assignment
        session.add(
            Lesson(
                version_id=version.id,
                module_id=module.id,
                position=position,
                slug=lesson.slug,
                kind=LessonKind(lesson.kind.value),
                titles=serial.dump(lesson.title),
                minutes=lesson.minutes,
                optional=lesson.optional,
                body=body,
                source=serial.dump(source) if source else None,
                plain_text=words,
            )
        )
    return place + len(part.lessons)
