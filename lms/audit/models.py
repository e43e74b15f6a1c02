"""Audit events and the seals that chain them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Id, Keyed


class AuditEvent(Keyed, Base):
    """One official act: who did what to what, with what stood before and after.

    `actor_id` is an account's id without a foreign key: the trail outlives accounts. The payload can be erased (it may
    hold personal data); its digest stays.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index(None, "subject_type", "subject_id"),
        Index(None, "unit_id", "at"),
    )

    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(Id)
    action: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(Id)
    unit_id: Mapped[int | None] = mapped_column(Id)
    payload: Mapped[dict[str, Any] | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    erased_at: Mapped[datetime | None]
    seal_id: Mapped[int | None] = mapped_column(ForeignKey("audit_seal.id"), index=True)


class AuditSeal(Keyed, Base):
    """A link of the chain: the hash over the seal before it and the events it closes, in their order."""

    __tablename__ = "audit_seal"

    sealed_at: Mapped[datetime]
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    events: Mapped[int]
