"""Assigning courses, enrolling, answering in lessons, reading to the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.access.operations import require
from lms.access.rules import Actor, Permission
from lms.audiences.rules import GROUP_RULES, LearnerGroup
from lms.audit.operations import record
from lms.catalogue.grading import Result, grade
from lms.catalogue.models import Course, CourseVersion, Lesson
from lms.catalogue.questions import Question, from_json
from lms.errors import NotAllowed, Refused
from lms.learning.assignments import requirements_of
from lms.learning.completion import complete_if_done, lock_enrolment
from lms.learning.models import (
    AssignmentPerson,
    CourseAssignment,
    Enrolment,
    EnrolmentAssignment,
    LessonAnswer,
    LessonProgress,
)
from lms.ledger.models import TrainingRecord
from lms.temporal import vn_today


def assign_course(
    session: Session,
    actor: Actor,
    course: Course,
    unit_id: int,
    *,
    learner_group: LearnerGroup | None = None,
    person_ids: Sequence[int] = (),
    due_on: date | None = None,
    reason: str | None = None,
    at: datetime,
) -> CourseAssignment:
    """Require a course of a learner group within a unit's subtree, or of named people, from today on.

    Assigning to the same group again while the first assignment is open changes its due date and reason. Refused:
    not_allowed, course_withdrawn, due_in_past, group_has_no_rule, nobody_named.
    """
    today = vn_today(at)
    require(session, actor, Permission.assign_courses, unit_id, today)
    if course.withdrawn_at is not None:
        raise Refused("course_withdrawn", field="course")
    if due_on is not None and due_on < today:
        raise Refused("due_in_past", field="due_on")
    if learner_group is None and not person_ids:
        raise Refused("nobody_named", field="learner_group")
    if learner_group is not None and learner_group not in GROUP_RULES:
        raise Refused("group_has_no_rule", field="learner_group")
    standing = (
        select(CourseAssignment)
        .where(
            CourseAssignment.course_id == course.id,
            CourseAssignment.unit_id == unit_id,
            CourseAssignment.learner_group == (learner_group.value if learner_group else None),
            CourseAssignment.ended_on.is_(None),
        )
        .with_for_update()
    )
    assignment = session.scalar(standing) if learner_group is not None else None
    if assignment is None:
        assignment = CourseAssignment(
            course_id=course.id,
            unit_id=unit_id,
            learner_group=learner_group.value if learner_group else None,
            starts_on=today,
            created_at=at,
            created_by_id=actor.account_id,
        )
        try:
            with session.begin_nested():
                session.add(assignment)
                session.flush()
        except IntegrityError:
            assignment = session.scalars(standing).one()
    assignment.due_on = due_on
    assignment.reason = reason
    session.flush()
    for person_id in sorted(set(person_ids)):
        session.add(AssignmentPerson(assignment_id=assignment.id, person_id=person_id))
    session.flush()
    record(
        session,
        actor.account_id,
        "assignment.given",
        "course_assignment",
        assignment.id,
        at=at,
        unit_id=unit_id,
        after={
            "course": course.slug,
            "group": assignment.learner_group,
            "due_on": due_on,
            "people": len(set(person_ids)),
        },
    )
    return assignment


def end_assignment(session: Session, actor: Actor, assignment: CourseAssignment, *, at: datetime) -> None:
    """End an assignment from today on; what was learnt under it stays. Ending it again changes nothing."""
    today = vn_today(at)
    require(session, actor, Permission.assign_courses, assignment.unit_id, today)
    if assignment.ended_on is not None:
        return
    assignment.ended_on = today
    session.flush()
    record(
        session,
        actor.account_id,
        "assignment.ended",
        "course_assignment",
        assignment.id,
        at=at,
        unit_id=assignment.unit_id,
    )


def enrol(session: Session, actor: Actor, course: Course, *, at: datetime) -> Enrolment:
    """Begin the newest version of a course, or go on with the enrolment that is there (also a completed one).

    Refused: course_withdrawn, course_unpublished; a visitor is not allowed.
    """
    if actor.person_id is None:
        raise NotAllowed("enrol")
    existing = (
        select(Enrolment)
        .where(
            Enrolment.person_id == actor.person_id,
            Enrolment.course_id == course.id,
            Enrolment.withdrawn_at.is_(None),
        )
        .order_by(Enrolment.id.desc())
        .limit(1)
    )
    found = session.scalar(existing)
    if found is not None:
        return found
    if course.withdrawn_at is not None:
        raise Refused("course_withdrawn")
    version = session.scalar(
        select(CourseVersion).where(CourseVersion.course_id == course.id).order_by(CourseVersion.number.desc()).limit(1)
    )
    if version is None:
        raise Refused("course_unpublished")
    first = session.scalar(select(Lesson.id).where(Lesson.version_id == version.id).order_by(Lesson.position).limit(1))
    enrolment = Enrolment(
        person_id=actor.person_id,
        course_id=course.id,
        version_id=version.id,
        started_at=at,
        last_seen_at=at,
        last_lesson_id=first,
    )
    try:
        with session.begin_nested():
            session.add(enrolment)
            session.flush()
    except IntegrityError:
        return session.scalars(existing).one()
    for need in requirements_of(session, actor.person_id, vn_today(at)):
        if need.assignment.course_id == course.id:
            session.add(EnrolmentAssignment(enrolment_id=enrolment.id, assignment_id=need.assignment.id, since=at))
    session.flush()
    return enrolment


def _own(session: Session, actor: Actor, enrolment: Enrolment) -> Enrolment:
    if actor.person_id is None or enrolment.person_id != actor.person_id:
        raise NotAllowed("learn")
    return lock_enrolment(session, enrolment.id)


def question_in(lesson: Lesson, key: str) -> Question:
    """The question of that key in a lesson's flow. Refused: unknown_question."""
    for segment in lesson.body:
        stored = segment.get("question")
        if stored and stored["key"] == key:
            return from_json(stored)
    raise Refused("unknown_question", key=key)


def answer_in_lesson(
    session: Session, actor: Actor, enrolment: Enrolment, lesson: Lesson, key: str, response: Any, *, at: datetime
) -> Result:
    """Answer a question in the flow of a lesson; the latest answer is kept, tries are counted.

    Refused: lesson_elsewhere (not of the pinned version), unknown_question.
    """
    enrolment = _own(session, actor, enrolment)
    if lesson.version_id != enrolment.version_id:
        raise Refused("lesson_elsewhere")
    result = grade(question_in(lesson, key), response)
    answer = session.get(LessonAnswer, (enrolment.id, lesson.id, key))
    if answer is None:
        answer = LessonAnswer(enrolment_id=enrolment.id, lesson_id=lesson.id, question_key=key, tries=0)
        session.add(answer)
    answer.response = response
    answer.correct = result.correct
    answer.tries += 1
    answer.answered_at = at
    enrolment.last_lesson_id = lesson.id
    enrolment.last_seen_at = at
    session.flush()
    return result


def finish_lesson(
    session: Session, actor: Actor, enrolment: Enrolment, lesson: Lesson, *, at: datetime
) -> TrainingRecord | None:
    """Note that a lesson was read to its end; the place to go on is then the next one.

    Finishing it again changes nothing. Returns the ledger row when the course is complete. Refused: lesson_elsewhere.
    """
    enrolment = _own(session, actor, enrolment)
    if lesson.version_id != enrolment.version_id:
        raise Refused("lesson_elsewhere")
    progress = session.get(LessonProgress, (enrolment.id, lesson.id))
    if progress is None:
        progress = LessonProgress(enrolment_id=enrolment.id, lesson_id=lesson.id, opened_at=at)
        session.add(progress)
    progress.done_at = progress.done_at or at
    following = session.scalar(
        select(Lesson.id)
        .where(Lesson.version_id == lesson.version_id, Lesson.position > lesson.position)
        .order_by(Lesson.position)
        .limit(1)
    )
    enrolment.last_lesson_id = following or lesson.id
    enrolment.last_seen_at = at
    session.flush()
    return complete_if_done(session, actor, enrolment, at=at)
