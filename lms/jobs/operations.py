"""Queueing, claiming, leasing and finishing jobs."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.jobs.models import Job, JobState

LEASE = timedelta(minutes=2)
RETRY = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    at: datetime,
    created_by_id: int | None = None,
    unique_key: str | None = None,
    run_after: datetime | None = None,
) -> Job:
    """Queue a job in the caller's transaction; it exists if and only if that commits.

    With a `unique_key`, a job of that key which is still to be finished is returned instead.
    """
    job = Job(
        kind=kind,
        payload=payload,
        state=JobState.queued,
        created_at=at,
        created_by_id=created_by_id,
        unique_key=unique_key,
        run_after=run_after or at,
    )
    if unique_key is None:
        session.add(job)
        session.flush()
        return job
    live = select(Job).where(Job.unique_key == unique_key, Job.state.in_((JobState.queued, JobState.running)))
    found = session.scalar(live)
    if found:
        return found
    try:
        with session.begin_nested():
            session.add(job)
            session.flush()
    except IntegrityError:
        return session.scalars(live).one()
    return job


def claim(session: Session, *, at: datetime) -> Job | None:
    """Take the next due job under a lease, also one whose lease ran out because its worker died."""
    due = or_(
        (Job.state == JobState.queued) & (Job.run_after <= at),
        (Job.state == JobState.running) & (Job.leased_until < at),
    )
    query = select(Job).where(due).order_by(Job.run_after, Job.id).limit(1).with_for_update(skip_locked=True)
    while (job := session.scalar(query)) is not None and job.attempts >= job.max_attempts:
        job.state, job.finished_at, job.error = JobState.failed, at, job.error or "lease ran out"
        session.flush()
    if job is None:
        return None
    job.state = JobState.running
    job.attempts += 1
    job.leased_until = at + LEASE
    job.lease = secrets.token_hex(16)
    session.flush()
    return job


def report_progress(session: Session, job: Job, done: int, total: int | None, *, at: datetime) -> None:
    """Say how far a job is, and prolong its lease."""
    job.done, job.total, job.leased_until = done, total, at + LEASE
    session.flush()


def finish(session: Session, job: Job, result: dict[str, Any] | None, *, at: datetime) -> None:
    """Close a job that did what it was for."""
    job.state, job.finished_at, job.result, job.error = JobState.done, at, result, None
    job.leased_until = None
    session.flush()


def fail(session: Session, job: Job, error: str, *, at: datetime, final: bool = False) -> None:
    """Note a failure: tried again later, or failed for good when no try is left or `final` is given."""
    job.error = error[:4000]
    job.leased_until = None
    if final or job.attempts >= job.max_attempts:
        job.state, job.finished_at = JobState.failed, at
    else:
        job.state = JobState.queued
        job.run_after = at + RETRY[min(job.attempts, len(RETRY)) - 1]
    session.flush()
