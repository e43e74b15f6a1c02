"""Roles and grants."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Id, Keyed, coded


class Role(enum.Enum):
    """What somebody was put in charge of, within a unit and everything below it. Learning needs no role."""

    system_admin = "system_admin"
    """Runs the installation: everything, everywhere."""
    training_admin = "training_admin"
    """Answers for training in a unit and below: roster, courses assigned, indicators, certificates."""
    viewer = "viewer"
    """Leaders and inspectors: sees what a training administrator sees, changes nothing."""
    trainer = "trainer"
    """Giảng viên kiêm chức: writes courses of the unit."""


class Grant(Keyed, Base):
    """A role given to an account over a unit's subtree for a half-open period; ended, never deleted.

    `unit_id` null: the whole installation (system administrators).
    """

    __tablename__ = "access_grant"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        CheckConstraint("unit_id IS NOT NULL OR role = 'system_admin'", name="scope"),
        Index(
            "uq_access_grant_open",
            "account_id",
            "role",
            text("coalesce(unit_id, 0)"),
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(coded(Role, "role"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(Id)
