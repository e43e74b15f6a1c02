"""Units and everything dated about them: versions, counts, terms, posts."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from lms.db import Base, Id, Keyed, coded
from lms.people.models import Person
from lms.text import clean, fold


class Level(enum.Enum):
    """Levels of the union (PROGRAMMES.md, Words), from the top down."""

    central = "central"
    provincial = "provincial"
    direct_upper = "direct_upper"
    grassroots = "grassroots"
    section = "section"
    group = "group"


ABOVE_GRASSROOTS = (Level.central, Level.provincial, Level.direct_upper)


class Sector(enum.Enum):
    """Khu vực."""

    state = "state"
    non_state = "non_state"
    fdi = "fdi"


class UnitKind(enum.Enum):
    """Loại hình."""

    enterprise = "enterprise"
    public_service = "public_service"
    agency = "agency"
    other = "other"


class Title(enum.Enum):
    """Chức danh, as in the roster workbook (ROSTER.md)."""

    chair = "chair"
    vice_chair = "vice_chair"
    standing_committee_member = "standing_committee_member"
    executive_committee_member = "executive_committee_member"
    womens_affairs_head = "womens_affairs_head"
    womens_affairs_member = "womens_affairs_member"
    inspection_head = "inspection_head"
    inspection_member = "inspection_member"
    board_head = "board_head"
    board_deputy = "board_deputy"
    specialist = "specialist"
    accountant = "accountant"
    group_leader = "group_leader"
    group_deputy = "group_deputy"


class Selection(enum.Enum):
    """How a post was filled. `unstated`: the roster has the column and says nothing; null: no such column, unknown."""

    elected = "elected"
    designated = "designated"
    appointed = "appointed"
    unstated = "unstated"


class Unit(Keyed, Base):
    """A unit's permanent identity. In force from `founded_on` (none: always) until `ended_on` (first day out)."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("ended_on IS NULL OR founded_on IS NULL OR ended_on > founded_on", name="life"),)

    code: Mapped[str] = mapped_column(String(40), unique=True)
    founded_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    created_at: Mapped[datetime]


class UnitVersion(Keyed, Base):
    """What a unit was called, its level, parent, sector and kind, over a half-open period.

    `valid_from` of the first row is `temporal.ALWAYS`: it holds from the founding. One open row per unit at most.
    """

    __tablename__ = "unit_version"
    __table_args__ = (
        UniqueConstraint("unit_id", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),
        CheckConstraint("parent_id IS NULL OR parent_id <> unit_id", name="not_own_parent"),
        Index(
            "uq_unit_version_open",
            "unit_id",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(200), index=True)
    level: Mapped[Level] = mapped_column(coded(Level, "level"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    sector: Mapped[Sector | None] = mapped_column(coded(Sector, "sector"))
    kind: Mapped[UnitKind | None] = mapped_column(coded(UnitKind, "kind"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    decision_no: Mapped[str | None] = mapped_column(String(80))

    @validates("name")
    def _derive_name(self, _key: str, value: str) -> str:
        name = clean(value)
        self.name_folded = fold(name)
        return name


class UnitCount(Keyed, Base):
    """Members and workers counted on a day; the latest one on or before D is the count "on D"; null = not counted."""

    __tablename__ = "unit_count"
    __table_args__ = (
        UniqueConstraint("unit_id", "counted_on"),
        CheckConstraint("members >= 0", name="members"),
        CheckConstraint("workers >= 0", name="workers"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    counted_on: Mapped[date]
    members: Mapped[int | None]
    workers: Mapped[int | None]


class Term(Keyed, Base):
    """A unit's term of office (nhiệm kỳ), half-open."""

    __tablename__ = "term"
    __table_args__ = (
        UniqueConstraint("unit_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="period"),
        Index(
            "uq_term_open",
            "unit_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Post(Keyed, Base):
    """Somebody holding a title in a unit, from a day to a day (half-open).

    The flags are null where the roster had no such column: unknown, not no (ROSTER.md).
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("person_id", "unit_id", "title", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="period"),
        Index(None, "unit_id", "starts_on"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[Title] = mapped_column(coded(Title, "title"))
    full_time: Mapped[bool | None]
    womens_affairs: Mapped[bool | None]
    selection: Mapped[Selection | None] = mapped_column(coded(Selection, "selection"))
    first_time: Mapped[bool | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(Id)

    person: Mapped[Person] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")
