"""Courses and their immutable published versions."""

from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Base, Id, Keyed, coded


class LessonKind(enum.Enum):
    """Reading, a branching situation, or an assignment."""

    reading = "reading"
    situation = "situation"
    assignment = "assignment"


class Course(Keyed, Base):
    """A course's permanent identity; what it says lies in its versions, the newest of which new learners get.

    `owner_id` is the unit that publishes it; null: shipped with the installation.
    """

    __tablename__ = "course"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class CourseVersion(Keyed, Base):
    """What was published: immutable, numbered, known by the hash of its content.

    `manifest` is course.yaml as read (titles, objectives, references, pass rule … in both languages); what is queried
    stands in columns of its own.
    """

    __tablename__ = "course_version"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        UniqueConstraint("course_id", "content_hash"),
        CheckConstraint("hours > 0", name="hours"),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(Id)
    title: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str | None] = mapped_column(String(300))
    hours: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    lesson_count: Mapped[int]
    areas: Mapped[list[Any]]
    learner_groups: Mapped[list[Any]]
    manifest: Mapped[dict[str, Any]]

    course: Mapped[Course] = relationship(lazy="raise")


class Module(Keyed, Base):
    """A numbered part of a version; `titles` and `objectives` by language."""

    __tablename__ = "course_module"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(String(80))
    titles: Mapped[dict[str, Any]]
    objectives: Mapped[dict[str, Any]]


class Lesson(Keyed, Base):
    """A lesson as published: sanitised HTML and the questions in its flow.

    `position` counts through the whole version. `body` is a list of segments in reading order: `{"html": "…"}` or
    `{"question": {…}}` (a question's full JSON, practice only); for situations and assignments plain reading segments
    plus `source` with their structure for playing them.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        UniqueConstraint("module_id", "slug"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("course_module.id"))
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(String(80))
    kind: Mapped[LessonKind] = mapped_column(coded(LessonKind, "kind"))
    titles: Mapped[dict[str, Any]]
    minutes: Mapped[int]
    optional: Mapped[bool] = mapped_column(default=False)
    body: Mapped[list[Any]] = mapped_column(deferred=True)
    source: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    plain_text: Mapped[str] = mapped_column(Text, deferred=True)


class Quiz(Keyed, Base):
    """A module quiz (`module_id` set) or the final test (null) of a version.

    `questions` is the pool: a list of full question JSON with their `key`s. `draw` questions are drawn for an attempt;
    `max_attempts` 0 = not limited; `wait_hours` is the pause after which used-up attempts are granted anew.
    """

    __tablename__ = "quiz"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        CheckConstraint("pass_percent BETWEEN 0 AND 100", name="pass_percent"),
        CheckConstraint("draw > 0", name="draw"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    module_id: Mapped[int | None] = mapped_column(ForeignKey("course_module.id"), unique=True)
    position: Mapped[int]
    pass_percent: Mapped[int]
    draw: Mapped[int]
    max_attempts: Mapped[int]
    wait_hours: Mapped[int]
    questions: Mapped[list[Any]] = mapped_column(deferred=True)


class Media(Keyed, Base):
    """A file of a version, kept by content; `width`/`height` in pixels for pictures."""

    __tablename__ = "course_media"
    __table_args__ = (UniqueConstraint("version_id", "path"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    path: Mapped[str] = mapped_column(String(200))
    storage_key: Mapped[str] = mapped_column(String(80), index=True)
    content_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
