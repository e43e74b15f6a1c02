"""Assignments, enrolments, progress and attempts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.catalogue.models import CourseVersion
from lms.db import Base, Id, Json, Keyed


class CourseAssignment(Keyed, Base):
    """A unit requires a course of a learner group within its subtree, or of the people named in
    `assignment_person`, by a day. It is evaluated live: who joins the group later is included."""

    __tablename__ = "course_assignment"
    __table_args__ = (
        Index(
            "uq_course_assignment_open",
            "course_id",
            "unit_id",
            "learner_group",
            unique=True,
            sqlite_where=text("ended_on IS NULL AND learner_group IS NOT NULL"),
            postgresql_where=text("ended_on IS NULL AND learner_group IS NOT NULL"),
        ),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    learner_group: Mapped[str | None] = mapped_column(String(40))
    starts_on: Mapped[date]
    due_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(Id)


class AssignmentPerson(Base):
    """A person named in an assignment."""

    __tablename__ = "assignment_person"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("course_assignment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Enrolment(Keyed, Base):
    """A person taking a pinned version of a course. State is computed: completed, withdrawn, or in progress.

    `last_lesson_id` is where reading stopped. At most one open enrolment per person and course.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_open",
            "person_id",
            "course_id",
            unique=True,
            sqlite_where=text("completed_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("completed_at IS NULL AND withdrawn_at IS NULL"),
        ),
        CheckConstraint("completed_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        Index(None, "course_id", "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    last_lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"))
    completed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    record_id: Mapped[int | None] = mapped_column(ForeignKey("training_record.id"), unique=True)

    version: Mapped[CourseVersion] = relationship(lazy="raise")


class EnrolmentAssignment(Base):
    """The assignments that applied to the learner while enrolled: they tell which unit delivered the training."""

    __tablename__ = "enrolment_assignment"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("course_assignment.id"), primary_key=True, index=True)
    since: Mapped[datetime]


class LessonProgress(Base):
    """A lesson opened, and read to its end."""

    __tablename__ = "lesson_progress"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class LessonAnswer(Base):
    """The latest answer to a question in the flow of a lesson (practice)."""

    __tablename__ = "lesson_answer"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    question_key: Mapped[str] = mapped_column(String(120), primary_key=True)
    response: Mapped[Any] = mapped_column(Json)
    correct: Mapped[bool]
    tries: Mapped[int] = mapped_column(default=1)
    answered_at: Mapped[datetime]


class QuizAttempt(Keyed, Base):
    """One sitting of a quiz, kept on the server: what was drawn, in which order, what was answered, the result.

    `items` is a list of `{"key": question key, "order": [option keys as shown]}`. Points are out of `max_points`
    (one per question, hundredths kept). At most one open attempt per enrolment and quiz.
    """

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz_id", "number"),
        Index(
            "uq_quiz_attempt_open",
            "enrolment_id",
            "quiz_id",
            unique=True,
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
        CheckConstraint("points IS NULL OR points <= max_points", name="points"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    number: Mapped[int]
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    items: Mapped[list[Any]]
    points: Mapped[float | None] = mapped_column(Numeric(7, 2, asdecimal=False))
    max_points: Mapped[int]
    passed: Mapped[bool | None]


class AttemptAnswer(Base):
    """The answer saved for one question of an attempt; `fraction` 0..1 is set when the attempt is submitted."""

    __tablename__ = "attempt_answer"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    response: Mapped[Any] = mapped_column(Json)
    answered_at: Mapped[datetime]
    fraction: Mapped[float | None] = mapped_column(Numeric(6, 5, asdecimal=False))
