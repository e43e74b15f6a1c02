"""Roster workbooks uploaded."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Id, Keyed, coded


class ImportState(enum.Enum):
    """uploaded: being checked · checked: dry run ready · loading · loaded · failed: unreadable · dropped."""

    uploaded = "uploaded"
    checked = "checked"
    loading = "loading"
    loaded = "loaded"
    failed = "failed"
    dropped = "dropped"


class RosterImport(Keyed, Base):
    """A workbook uploaded by an administrator for a unit's subtree: the file, its dry run, and what became of it."""

    __tablename__ = "roster_import"

    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(Id)
    uploaded_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(200))
    file_size: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(80))
    state: Mapped[ImportState] = mapped_column(coded(ImportState, "state"))
    report: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    loaded_at: Mapped[datetime | None]
