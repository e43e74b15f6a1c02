"""Two hundred submissions at once on PostgreSQL: one attempt, one ledger row, one certificate, numbers without gap."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lms.app import wire
from lms.catalogue.models import Lesson, Quiz
from lms.certificates.models import Certificate, RegisterSeries
from lms.db import make_engine
from lms.learning.attempts import save_answer, start_attempt, submit_attempt
from lms.learning.models import Enrolment, QuizAttempt
from lms.learning.operations import enrol, finish_lesson
from lms.ledger.models import TrainingRecord
from tests.conftest import NOW
from tests.factories.people import make_account
from tests.factories.units import make_post
from tests.learning.conftest import World, build_world

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
SUBMISSIONS = 200


def prepare(session: Session, world: World, learners: int) -> list[World]:
    """Learners who have read everything but the last lesson and answered the final test, one world each."""
    from dataclasses import replace

    worlds = [world]
    for _ in range(learners - 1):
        account = make_account(session)
        make_post(session, world.union, "executive_committee_member", account.person)
        worlds.append(replace(world, account=account, chair=account.person))
    from lms.catalogue.models import Course

    course = session.get_one(Course, world.version.course_id)
    for each in worlds:
        enrolment = enrol(session, each.learner, course, at=NOW)
        for lesson in each.lessons(session)[:-1]:
            finish_lesson(session, each.learner, enrolment, lesson, at=NOW)
        attempt = start_attempt(session, each.learner, enrolment, each.final(session), at=NOW)
        for position in range(1, len(attempt.items) + 1):
            save_answer(session, each.learner, attempt, position, "dung", at=NOW)
    session.commit()
    return worlds


@pytest.mark.parametrize("learners", [1, 20])
def test_two_hundred_double_submissions_complete_each_learner_once(database, learners):
    wire()
    engine = make_engine(database, pool_size=25, max_overflow=0, pool_timeout=120)
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions() as session:
        worlds = prepare(session, build_world(session), learners)
    barrier = Barrier(25)

    def hammer(number: int) -> None:
        world = worlds[number % learners]
        if number < 25:
            barrier.wait()
        with sessions() as session:
            enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == world.chair.id)).one()
            if number // learners % 2:
                attempt = session.scalars(select(QuizAttempt).where(QuizAttempt.enrolment_id == enrolment.id)).one()
                submit_attempt(session, world.learner, attempt, at=NOW)
            else:
                last = session.scalars(
                    select(Lesson)
                    .where(Lesson.version_id == enrolment.version_id)
                    .order_by(Lesson.position.desc())
                    .limit(1)
                ).one()
                finish_lesson(session, world.learner, enrolment, last, at=NOW)
            session.commit()

    with ThreadPoolExecutor(25) as pool:
        list(pool.map(hammer, range(SUBMISSIONS)))
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(QuizAttempt)) == learners
        assert session.scalar(select(func.count()).select_from(TrainingRecord)) == learners
        numbers = sorted(session.scalars(select(Certificate.number)))
        assert numbers == list(range(1, learners + 1))
        assert session.scalars(select(RegisterSeries.last_number)).one() == learners
        assert session.scalar(select(func.count()).where(Enrolment.completed_at.is_not(None))) == learners
    engine.dispose()


def test_two_hundred_starts_are_one_sitting(database):
    engine = make_engine(database, pool_size=25, max_overflow=0, pool_timeout=120)
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions() as session:
        world = build_world(session)
        from lms.catalogue.models import Course

        enrol(session, world.learner, session.get_one(Course, world.version.course_id), at=NOW)
        session.commit()

    def begin(_number: int) -> int:
        with sessions() as session:
            enrolment = session.scalars(select(Enrolment)).one()
            quiz = session.scalars(select(Quiz).where(Quiz.module_id.is_(None))).one()
            attempt = start_attempt(session, world.learner, enrolment, quiz, at=NOW)
            session.commit()
            return attempt.id

    with ThreadPoolExecutor(25) as pool:
        assert len(set(pool.map(begin, range(SUBMISSIONS)))) == 1
    engine.dispose()


def test_enrolling_at_once_is_one_enrolment(database):
    engine = make_engine(database, pool_size=20, max_overflow=0)
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions() as session:
        world = build_world(session)
        session.commit()

    def begin(_number: int) -> int:
        from lms.catalogue.models import Course

        with sessions() as session:
            enrolment = enrol(session, world.learner, session.get_one(Course, world.version.course_id), at=NOW)
            session.commit()
            return enrolment.id

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(begin, range(60)))) == 1
    engine.dispose()
