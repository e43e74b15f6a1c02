"""Reading what learners see: their courses, a course's outline with progress, a lesson, tests and attempts, results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import Session, undefer

from lms.access.rules import Actor
from lms.catalogue.models import Course, CourseVersion, Lesson, LessonKind, Module, Quiz
from lms.learning.assignments import Requirement, newest_version, requirements_of
from lms.learning.models import AttemptAnswer, Enrolment, LessonAnswer, LessonProgress, QuizAttempt
from lms.learning.rules import Missing, missing
from lms.ledger.models import Mode, TrainingRecord, TrainingRecordVoid


@dataclass(frozen=True)
class MyCourse:
    """A course on the learner's own page: required or begun, with how far it is."""

    course: Course
    version: CourseVersion
    enrolment: Enrolment | None
    need: Requirement | None
    done: int
    next_lesson: Lesson | None
    """The lesson to go on with; None when only tests are left or nothing was begun."""

    @property
    def percent(self) -> int:
        """Lessons done of all lessons, in whole percent."""
        return self.done * 100 // self.version.lesson_count if self.version.lesson_count else 0


def my_courses(session: Session, person_id: int, on: date) -> list[MyCourse]:
    """Every course that the person must take or has begun, the most urgent first; completed ones last."""
    needs: dict[int, Requirement] = {}
    for need in requirements_of(session, person_id, on):
        needs.setdefault(need.assignment.course_id, need)
    done = (
        select(func.count())
        .select_from(LessonProgress)
        .where(LessonProgress.enrolment_id == Enrolment.id, LessonProgress.done_at.is_not(None))
        .correlate(Enrolment)
        .scalar_subquery()
    )
    latest = (
        select(func.max(Enrolment.id))
        .where(Enrolment.person_id == person_id, Enrolment.withdrawn_at.is_(None))
        .group_by(Enrolment.course_id)
    )
    rows = session.execute(
        select(Course, CourseVersion, Enrolment, done, Lesson)
        .outerjoin(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.id.in_(latest)))
        .join(
            CourseVersion, CourseVersion.id == func.coalesce(Enrolment.version_id, newest_version().scalar_subquery())
        )
        .outerjoin(Lesson, Lesson.id == Enrolment.last_lesson_id)
        .where(Enrolment.id.is_not(None) | Course.id.in_(needs))
    ).all()
    courses = [
        MyCourse(course, version, enrolment, needs.get(course.id), count or 0, lesson)
        for course, version, enrolment, count, lesson in rows
    ]

    def urgency(mine: MyCourse) -> tuple[Any, ...]:
        due = mine.need.assignment.due_on if mine.need else None
        completed = mine.enrolment is not None and mine.enrolment.completed_at is not None
        return completed, mine.enrolment is None, due or date.max, mine.version.title, mine.course.id

    return sorted(courses, key=urgency)


@dataclass(frozen=True)
class Learning:
    """An enrolment of the actor's own, with its course and pinned version."""

    enrolment: Enrolment
    course: Course
    version: CourseVersion


def own_learning(session: Session, actor: Actor, slug: str) -> Learning | None:
    """The actor's latest enrolment in the course of that slug; None when there is none."""
    row = session.execute(
        select(Enrolment, Course, CourseVersion)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Course.slug == slug, Enrolment.person_id == actor.person_id, Enrolment.withdrawn_at.is_(None))
        .order_by(Enrolment.id.desc())
        .limit(1)
    ).first()
    return Learning(*row) if row else None


@dataclass(frozen=True)
class OutlineLesson:
    """A lesson in the outline."""

    id: int
    position: int
    titles: dict[str, Any]
    minutes: int
    optional: bool
    kind: LessonKind
    module_id: int
    done: bool


@dataclass(frozen=True)
class OutlineQuiz:
    """A test in the outline: `best` is the best result in whole percent, None before the first submission."""

    id: int
    position: int
    module_id: int | None
    draw: int
    pass_percent: int
    passed: bool
    best: int | None
    open: bool


@dataclass(frozen=True)
class Outline:
    """A version's modules, lessons and tests with the learner's state."""

    modules: list[Module]
    lessons: list[OutlineLesson]
    quizzes: list[OutlineQuiz]

    @property
    def missing(self) -> Missing:
        """What is still missing for completion."""
        return missing(
            [lesson.id for lesson in self.lessons if not lesson.optional],
            [lesson.id for lesson in self.lessons if lesson.done],
            [quiz.id for quiz in self.quizzes],
            [quiz.id for quiz in self.quizzes if quiz.passed],
        )

    def lessons_of(self, module_id: int) -> list[OutlineLesson]:
        """The lessons of a module, in order."""
        return [lesson for lesson in self.lessons if lesson.module_id == module_id]

    def quiz_of(self, module_id: int | None) -> OutlineQuiz | None:
        """The test of a module; of None the final test."""
        return next((quiz for quiz in self.quizzes if quiz.module_id == module_id), None)


def outline_of(session: Session, enrolment: Enrolment) -> Outline:
    """The outline; two statements."""
    rows = session.execute(
        select(Lesson, Module, LessonProgress.done_at)
        .join(Module, Module.id == Lesson.module_id)
        .outerjoin(
            LessonProgress,
            and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.enrolment_id == enrolment.id),
        )
        .where(Lesson.version_id == enrolment.version_id)
        .order_by(Lesson.position)
    ).all()
    modules = {module.id: module for _, module, _ in rows}
    lessons = [
        OutlineLesson(
            lesson.id,
            lesson.position,
            lesson.titles,
            lesson.minutes,
            lesson.optional,
            lesson.kind,
            lesson.module_id,
            done_at is not None,
        )
        for lesson, _, done_at in rows
    ]
    return Outline(list(modules.values()), lessons, _quizzes(session, enrolment))


def _quizzes(session: Session, enrolment: Enrolment) -> list[OutlineQuiz]:
    rows = session.execute(
        select(
            Quiz.id,
            Quiz.position,
            Quiz.module_id,
            Quiz.draw,
            Quiz.pass_percent,
            func.max(case((QuizAttempt.passed.is_(True), 1), else_=0)),
            func.max(QuizAttempt.points * 100 / QuizAttempt.max_points),
            func.max(case((and_(QuizAttempt.id.is_not(None), QuizAttempt.submitted_at.is_(None)), 1), else_=0)),
        )
        .outerjoin(QuizAttempt, and_(QuizAttempt.quiz_id == Quiz.id, QuizAttempt.enrolment_id == enrolment.id))
        .where(Quiz.version_id == enrolment.version_id)
        .group_by(Quiz.id, Quiz.position, Quiz.module_id, Quiz.draw, Quiz.pass_percent)
        .order_by(Quiz.position)
    ).all()
    return [
        OutlineQuiz(
            id_, position, module_id, draw, percent, bool(won), None if best is None else int(best), bool(opened)
        )
        for id_, position, module_id, draw, percent, won, best, opened in rows
    ]


def missing_of(session: Session, enrolment: Enrolment) -> Missing:
    """What the learner still has to do, read from the database."""
    return outline_of(session, enrolment).missing


def lesson_at(session: Session, version_id: int, position: int) -> Lesson | None:
    """A lesson with its body."""
    return session.scalar(
        select(Lesson)
        .options(undefer(Lesson.body), undefer(Lesson.source))
        .where(Lesson.version_id == version_id, Lesson.position == position)
    )


def lesson_answers(session: Session, enrolment_id: int, lesson_id: int) -> dict[str, LessonAnswer]:
    """The learner's answers to the questions in a lesson, by question key."""
    rows = session.scalars(
        select(LessonAnswer).where(LessonAnswer.enrolment_id == enrolment_id, LessonAnswer.lesson_id == lesson_id)
    )
    return {answer.question_key: answer for answer in rows}


def quiz_at(session: Session, version_id: int, position: int) -> Quiz | None:
    """A test by its place in the version, without its pool."""
    return session.scalar(select(Quiz).where(Quiz.version_id == version_id, Quiz.position == position))


def attempts_of(session: Session, enrolment_id: int, quiz_id: int) -> list[QuizAttempt]:
    """Every sitting of a test, in order."""
    return list(
        session.scalars(
            select(QuizAttempt)
            .where(QuizAttempt.enrolment_id == enrolment_id, QuizAttempt.quiz_id == quiz_id)
            .order_by(QuizAttempt.number)
        )
    )


@dataclass(frozen=True)
class Sitting:
    """An attempt of the actor's own with what stands around it."""

    attempt: QuizAttempt
    quiz: Quiz
    enrolment: Enrolment
    course: Course
    version: CourseVersion
    answers: dict[int, AttemptAnswer]


def own_sitting(session: Session, actor: Actor, attempt_id: int) -> Sitting | None:
    """An attempt, if it is the actor's own; two statements. The quiz comes with its pool."""
    row = session.execute(
        select(QuizAttempt, Quiz, Enrolment, Course, CourseVersion)
        .join(Quiz, Quiz.id == QuizAttempt.quiz_id)
        .join(Enrolment, Enrolment.id == QuizAttempt.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .options(undefer(Quiz.questions))
        .where(QuizAttempt.id == attempt_id, Enrolment.person_id == actor.person_id)
    ).first()
    if row is None:
        return None
    answers = session.scalars(select(AttemptAnswer).where(AttemptAnswer.attempt_id == attempt_id))
    return Sitting(*row, {answer.position: answer for answer in answers})


def valid_record() -> Any:
    """Condition: the ledger row was not voided."""
    return ~exists().where(TrainingRecordVoid.record_id == TrainingRecord.id)


def own_records(session: Session, person_id: int) -> list[TrainingRecord]:
    """A person's ledger, newest first, voided rows left out."""
    return list(
        session.scalars(
            select(TrainingRecord)
            .where(TrainingRecord.person_id == person_id, valid_record())
            .order_by(TrainingRecord.achieved_on.desc(), TrainingRecord.id.desc())
        )
    )


@dataclass(frozen=True)
class YearHours:
    """Hours learnt in a year, by month (12 entries each) and in all."""

    online: tuple[Decimal, ...]
    other: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        """All hours of the year."""
        return sum(self.online, Decimal(0)) + sum(self.other, Decimal(0))


def hours_of_year(session: Session, person_id: int, year: int) -> YearHours:
    """Hours from the ledger in one calendar year."""
    online, other = [Decimal(0)] * 12, [Decimal(0)] * 12
    rows = session.execute(
        select(TrainingRecord.achieved_on, TrainingRecord.mode, TrainingRecord.hours).where(
            TrainingRecord.person_id == person_id,
            TrainingRecord.achieved_on >= date(year, 1, 1),
            TrainingRecord.achieved_on < date(year + 1, 1, 1),
            TrainingRecord.hours.is_not(None),
            valid_record(),
        )
    )
    for day, mode, hours in rows:
        (online if mode is Mode.online else other)[day.month - 1] += hours or Decimal(0)
    return YearHours(tuple(online), tuple(other))
