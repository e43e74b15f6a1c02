"""Learning from the first lesson to the ledger row."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lms.access.rules import Actor
from lms.audiences.rules import LearnerGroup
from lms.catalogue.models import Course
from lms.errors import NotAllowed, Refused
from lms.learning.assignments import requirements_of
from lms.learning.attempts import save_answer, start_attempt, submit_attempt
from lms.learning.models import LessonAnswer, QuizAttempt
from lms.learning.operations import answer_in_lesson, assign_course, end_assignment, enrol, finish_lesson
from lms.learning.queries import missing_of, my_courses
from lms.ledger.models import Area, Mode, TrainingRecord
from tests.factories.people import make_account
from tests.factories.units import make_post, make_unit

TODAY = date(2026, 11, 21)


def course_of(session, world):
    return session.get_one(Course, world.version.course_id)


def pass_final(session, world, enrolment, at, right=True):
    attempt = start_attempt(session, world.learner, enrolment, world.final(session), at=at)
    for position in range(1, len(attempt.items) + 1):
        save_answer(session, world.learner, attempt, position, "dung" if right else "sai", at=at)
    return submit_attempt(session, world.learner, attempt, at=at)


def test_enrolling_twice_is_one_enrolment(session, world, now):
    course = course_of(session, world)
    assert enrol(session, world.learner, course, at=now) is enrol(session, world.learner, course, at=now)


def test_a_withdrawn_course_takes_nobody_new(session, world, now):
    course = course_of(session, world)
    course.withdrawn_at = now
    with pytest.raises(Refused, match="course_withdrawn"):
        enrol(session, world.learner, course, at=now)


def test_an_answer_in_a_lesson_is_graded_kept_and_replaced(session, world, now):
    enrolment = enrol(session, world.learner, course_of(session, world), at=now)
    lesson = world.lessons(session)[0]
    assert not answer_in_lesson(session, world.learner, enrolment, lesson, "trong-bai-1", "sai", at=now).correct
    assert answer_in_lesson(session, world.learner, enrolment, lesson, "trong-bai-1", "dung", at=now).correct
    kept = session.scalars(select(LessonAnswer)).one()
    assert (kept.response, kept.correct, kept.tries) == ("dung", True, 2)
    with pytest.raises(Refused, match="unknown_question"):
        answer_in_lesson(session, world.learner, enrolment, lesson, "khong-co", "dung", at=now)


def test_completing_writes_one_ledger_row_with_all_areas(session, world, now):
    enrolment = enrol(session, world.learner, course_of(session, world), at=now)
    first, second = world.lessons(session)
    assert finish_lesson(session, world.learner, enrolment, first, at=now) is None
    assert pass_final(session, world, enrolment, now).passed
    assert enrolment.completed_at is None
    assert missing_of(session, enrolment).lessons == (second.id,)
    record = finish_lesson(session, world.learner, enrolment, second, at=now)
    assert record is not None
    assert enrolment.completed_at == now
    assert {area.area for area in record.areas} == {Area.chair_skills, Area.union_practice}
    assert (record.mode, record.achieved_on, record.delivered_by_id) == (Mode.online, TODAY, world.province.id)
    again = finish_lesson(session, world.learner, enrolment, second, at=now + timedelta(days=1))
    assert again is not None
    assert again.id == record.id
    assert session.scalar(select(func.count()).select_from(TrainingRecord)) == 1


def test_achievement_is_dated_by_the_vietnamese_day(session, world, now):
    late = now.replace(month=12, day=31, hour=17, minute=30)
    enrolment = enrol(session, world.learner, course_of(session, world), at=now)
    for lesson in world.lessons(session):
        finish_lesson(session, world.learner, enrolment, lesson, at=late)
    pass_final(session, world, enrolment, late)
    assert session.scalars(select(TrainingRecord.achieved_on)).one() == date(2027, 1, 1)


def test_a_sitting_survives_and_is_submitted_once(session, world, now):
    enrolment = enrol(session, world.learner, course_of(session, world), at=now)
    final = world.final(session)
    attempt = start_attempt(session, world.learner, enrolment, final, at=now)
    save_answer(session, world.learner, attempt, 1, "dung", at=now)
    session.expire_all()
    same = start_attempt(session, world.learner, enrolment, final, at=now + timedelta(hours=5))
    assert same.id == attempt.id
    submitted = submit_attempt(session, world.learner, same, at=now)
    assert (submitted.points, submitted.passed) == (1.0, False)
    assert submit_attempt(session, world.learner, same, at=now + timedelta(hours=1)).submitted_at == now
    with pytest.raises(Refused, match="attempt_closed"):
        save_answer(session, world.learner, same, 2, "dung", at=now)


def test_attempts_run_out_and_come_back_after_the_pause(session, world, now):
    enrolment = enrol(session, world.learner, course_of(session, world), at=now)
    for _ in range(3):
        assert not pass_final(session, world, enrolment, now, right=False).passed
    with pytest.raises(Refused, match="attempts_used"):
        start_attempt(session, world.learner, enrolment, world.final(session), at=now + timedelta(hours=23))
    assert pass_final(session, world, enrolment, now + timedelta(hours=24)).passed
    with pytest.raises(Refused, match="already_passed"):
        start_attempt(session, world.learner, enrolment, world.final(session), at=now + timedelta(days=9))
    assert [a.number for a in session.scalars(select(QuizAttempt).order_by(QuizAttempt.number))] == [1, 2, 3, 4]


def test_nobody_answers_for_somebody_else(session, world, now):
    enrolment = enrol(session, world.learner, course_of(session, world), at=now)
    attempt = start_attempt(session, world.learner, enrolment, world.final(session), at=now)
    other = make_account(session)
    stranger = Actor(other.id, other.person_id, "Người khác")
    lesson = world.lessons(session)[0]
    for act in (
        lambda: save_answer(session, stranger, attempt, 1, "dung", at=now),
        lambda: submit_attempt(session, stranger, attempt, at=now),
        lambda: finish_lesson(session, stranger, enrolment, lesson, at=now),
        lambda: answer_in_lesson(session, stranger, enrolment, lesson, "trong-bai-1", "dung", at=now),
        lambda: start_attempt(session, stranger, enrolment, world.final(session), at=now),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(Refused, match="unknown_question"):
        save_answer(session, world.learner, attempt, 99, "dung", at=now)
    with pytest.raises(Refused, match="answer_too_long"):
        save_answer(session, world.learner, attempt, 1, "x" * 1_000_000, at=now)


def test_an_assignment_reaches_the_group_in_the_subtree_with_its_reason(session, world, now):
    course = course_of(session, world)
    other_union = make_unit(session, "CĐCS Bệnh viện", "grassroots", world.province)
    other = make_post(session, other_union, "chair")
    member = make_post(session, world.union, "executive_committee_member")
    given = assign_course(
        session,
        world.administrator,
        course,
        world.commune.id,
        learner_group=LearnerGroup.grassroots_chair,
        due_on=date(2026, 12, 31),
        at=now,
    )
    needs = requirements_of(session, world.chair.id, TODAY)
    assert [(n.assignment.id, n.post.post_id, n.unit_name) for n in needs] == [
        (given.id, world.post.id, "Công đoàn phường Tân Khê")
    ]
    assert requirements_of(session, other.person_id, TODAY) == []
    assert requirements_of(session, member.person_id, TODAY) == []
    mine = my_courses(session, world.chair.id, TODAY)
    assert [(c.version.id, c.enrolment, c.need.assignment.id) for c in mine] == [(world.version.id, None, given.id)]
    end_assignment(session, world.administrator, given, at=now)
    assert requirements_of(session, world.chair.id, TODAY) == []


def test_people_are_assigned_by_name(session, world, now):
    given = assign_course(
        session, world.administrator, course_of(session, world), world.province.id, person_ids=[world.chair.id], at=now
    )
    needs = requirements_of(session, world.chair.id, TODAY)
    assert [(n.assignment.id, n.post) for n in needs] == [(given.id, None)]


def test_assigning_again_changes_the_open_assignment(session, world, now):
    course = course_of(session, world)
    first, second = (
        assign_course(
            session,
            world.administrator,
            course,
            world.commune.id,
            learner_group=LearnerGroup.grassroots_chair,
            due_on=due,
            at=now,
        )
        for due in (date(2026, 12, 1), date(2026, 12, 31))
    )
    assert first.id == second.id
    assert first.due_on == date(2026, 12, 31)


def test_only_administrators_in_scope_assign(session, world, now):
    outside = make_unit(session, "LĐLĐ tỉnh khác", "provincial")
    course = course_of(session, world)
    with pytest.raises(NotAllowed):
        assign_course(
            session, world.administrator, course, outside.id, learner_group=LearnerGroup.grassroots_chair, at=now
        )
    with pytest.raises(NotAllowed):
        assign_course(
            session, world.learner, course, world.union.id, learner_group=LearnerGroup.grassroots_chair, at=now
        )


@pytest.mark.parametrize(("members", "expected"), [(640, "commune"), (1200, "province"), (None, "province")])
def test_the_deliverer_of_an_assigned_course_follows_the_bands(session, world, now, members, expected):
    from lms.units.models import UnitCount

    session.add(UnitCount(unit_id=world.union.id, counted_on=date(2026, 6, 1), members=members))
    if members is None:
        from sqlalchemy import delete

        session.execute(delete(UnitCount))
    session.flush()
    course = course_of(session, world)
    for unit in (world.province, world.commune):
        assign_course(
            session, world.administrator, course, unit.id, learner_group=LearnerGroup.grassroots_chair, at=now
        )
    enrolment = enrol(session, world.learner, course, at=now)
    for lesson in world.lessons(session):
        finish_lesson(session, world.learner, enrolment, lesson, at=now)
    pass_final(session, world, enrolment, now)
    record = session.scalars(select(TrainingRecord)).one()
    assert record.delivered_by_id == getattr(world, expected).id
