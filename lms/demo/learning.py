"""Learning in the sample federation: a course assigned, some learners on their way, some through to the certificate."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.rules import SYSTEM, Actor
from lms.audiences.rules import LearnerGroup
from lms.catalogue.answers import right_response
from lms.catalogue.models import Course, Lesson, Quiz
from lms.learning.attempts import question_of, save_answer, start_attempt, submit_attempt
from lms.learning.models import Enrolment
from lms.learning.operations import assign_course, enrol, finish_lesson
from lms.people.models import Account, Person
from lms.temporal import vn_today
from lms.units.queries import unit_by_code

ASSIGNING = ("AS", "AS-KCN", "AS-P01", "AS-P02", "AS-P04", "AS-P05")
SURE = 0.82
"""The chance that a sample learner knows an answer."""


def assign_everywhere(session: Session, course: Course, *, at: datetime) -> None:
    """The province and some of its unions require the course of the chairs of their grassroots unions."""
    for place, code in enumerate(ASSIGNING):
        unit = unit_by_code(session, code)
        if unit is not None:
            assign_course(
                session,
                SYSTEM,
                course,
                unit.id,
                learner_group=LearnerGroup.grassroots_chair,
                due_on=vn_today(at) + timedelta(days=75 + 15 * place),
                reason="Kế hoạch bồi dưỡng chủ tịch công đoàn cơ sở năm nay",
                at=at,
            )


def learn(
    session: Session,
    person: Person,
    account: Account,
    course: Course,
    dice: Random,
    *,
    since: datetime,
    lessons: int | None,
) -> Enrolment:
    """One learner takes the course from a moment on, a lesson or test every few hours: the first `lessons` of it, or
    (None) all, and then the tests until they are passed."""
    actor = Actor(account.id, person.id, person.full_name)
    enrolment = enrol(session, actor, course, at=since)
    moment = since
    all_lessons = session.scalars(
        select(Lesson).where(Lesson.version_id == enrolment.version_id).order_by(Lesson.position)
    ).all()
    for lesson in all_lessons[:lessons]:
        moment += timedelta(minutes=lesson.minutes + dice.randint(5, 300))
        finish_lesson(session, actor, enrolment, lesson, at=moment)
    if lessons is not None:
        return enrolment
    for quiz in session.scalars(select(Quiz).where(Quiz.version_id == enrolment.version_id).order_by(Quiz.position)):
        sure = SURE
        while True:
            moment += timedelta(minutes=dice.randint(20, 400))
            if _sit(session, actor, enrolment, quiz, dice, sure=sure, at=moment):
                break
            sure = 1.0
    account.last_sign_in_at = moment
    return enrolment


def _sit(
    session: Session, actor: Actor, enrolment: Enrolment, quiz: Quiz, dice: Random, *, sure: float, at: datetime
) -> bool:
    attempt = start_attempt(session, actor, enrolment, quiz, at=at, dice=dice)
    for place in range(1, len(attempt.items) + 1):
        if dice.random() < sure:
            save_answer(session, actor, attempt, place, right_response(question_of(quiz, attempt, place)), at=at)
    return bool(submit_attempt(session, actor, attempt, at=at + timedelta(minutes=12)).passed)
