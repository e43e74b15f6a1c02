"""The training ledger (sổ bồi dưỡng)."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Base, Id, Keyed, coded
from lms.people.models import Person
from lms.units.models import Level


class Area(enum.Enum):
    """Training areas (PROGRAMMES.md, Words)."""

    union_overview = "union_overview"
    union_theory = "union_theory"
    union_practice = "union_practice"
    university_component = "university_component"
    labour_relations = "labour_relations"
    member_development = "member_development"
    dialogue_bargaining = "dialogue_bargaining"
    dispute_resolution = "dispute_resolution"
    chair_skills = "chair_skills"
    labour_law = "labour_law"
    group_leader_skills = "group_leader_skills"
    mobilisation = "mobilisation"
    gender_equality = "gender_equality"
    pedagogy = "pedagogy"
    digital_skills = "digital_skills"
    cadre_briefing = "cadre_briefing"
    emulation_welfare = "emulation_welfare"
    political_theory = "political_theory"
    state_management = "state_management"


class Mode(enum.Enum):
    """How the training was held."""

    online = "online"
    in_person = "in_person"
    blended = "blended"


class Source(enum.Enum):
    """Where a row came from: a course completed here, a class held, a workbook, an entry by hand."""

    course = "course"
    class_ = "class"
    workbook = "workbook"
    entry = "entry"


class TrainingRecord(Keyed, Base):
    """One achievement: who, which areas, how, delivered by whom at which level, achieved when, on what evidence.

    Append-only. `source_key` is the achievement's identity (ROSTER.md, or `enrolment:<id>`), so that retries and
    repeated loads add nothing. `delivered_level`, when recorded, wins over the level of `delivered_by` on the day.
    """

    __tablename__ = "training_record"
    __table_args__ = (
        CheckConstraint("hours IS NULL OR hours >= 0", name="hours"),
        Index(None, "person_id", "achieved_on"),
        Index(None, "achieved_on"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str | None] = mapped_column(String(300))
    mode: Mapped[Mode | None] = mapped_column(coded(Mode, "mode"))
    delivered_by_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    delivered_level: Mapped[Level | None] = mapped_column(coded(Level, "delivered_level"))
    achieved_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(Id)
    hours: Mapped[Decimal | None] = mapped_column(Numeric(6, 1))
    certificate_no: Mapped[str | None] = mapped_column(String(80))
    evidence: Mapped[str | None] = mapped_column(Text)
    source: Mapped[Source] = mapped_column(coded(Source, "source"))
    source_key: Mapped[str] = mapped_column(String(200), unique=True)

    person: Mapped[Person] = relationship(lazy="raise")
    areas: Mapped[list[TrainingRecordArea]] = relationship(order_by="TrainingRecordArea.area", lazy="selectin")


class TrainingRecordArea(Base):
    """An area that the achievement covers."""

    __tablename__ = "training_record_area"
    __table_args__ = (Index(None, "area", "record_id"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("training_record.id"), primary_key=True)
    area: Mapped[Area] = mapped_column(coded(Area, "area"), primary_key=True)


class TrainingRecordVoid(Keyed, Base):
    """A ledger row taken back: the row stays and never counts (before this void was recorded it did)."""

    __tablename__ = "training_record_void"

    record_id: Mapped[int] = mapped_column(ForeignKey("training_record.id"), unique=True)
    voided_at: Mapped[datetime]
    voided_by_id: Mapped[int | None] = mapped_column(Id)
    reason: Mapped[str] = mapped_column(Text)
