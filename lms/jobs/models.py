"""The job queue."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Id, Keyed, coded


class JobState(enum.Enum):
    """queued: waiting (also between tries) · running: leased by a worker · done · failed: no try left."""

    queued = "queued"
    running = "running"
    done = "done"
    failed = "failed"


class Job(Keyed, Base):
    """Slow work, written in the transaction that asked for it and taken up by a worker under a lease."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_claim", "state", "run_after", "id"),
        Index(
            "uq_job_live_key",
            "unique_key",
            unique=True,
            sqlite_where=text("state IN ('queued','running')"),
            postgresql_where=text("state IN ('queued','running')"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(coded(JobState, "state"), default=JobState.queued)
    unique_key: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(Id)
    run_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=5)
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(40))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None]
