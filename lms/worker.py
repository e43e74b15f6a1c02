"""The worker: takes jobs under a lease and runs their handlers, each step committed, so that it can be killed."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lms.audit.operations import seal
from lms.db import begin_write
from lms.errors import Refused
from lms.jobs.models import Job, JobState
from lms.jobs.operations import claim, fail, finish, report_progress
from lms.settings import Settings
from lms.storage import Storage
from lms.temporal import Clock, utc_now

log = structlog.get_logger("lms.worker")


class LeaseLostError(Exception):
    """The job's lease ran out and another worker has taken it over: what this one did since its last step is void."""


@dataclass
class JobContext:
    """What a handler works with.

    A step begins with reading, and with whatever is slow; `write()` begins its writing, `commit()` ends it.
    """

    session: Session
    settings: Settings
    storage: Storage
    job: Job
    clock: Clock
    lease: str | None
    _writing: bool = False

    @property
    def at(self) -> datetime:
        """The present."""
        return self.clock()

    def write(self) -> None:
        """Begin to write. On SQLite nobody else writes from here to the end of the step, so reading files, making
        documents and talking to other machines come before. What was read so far is read anew when it is used.

        Holds the job's row, so that nobody else takes the job over meanwhile; raises LeaseLostError where that has
        happened.
        """
        if self._writing:
            return
        self.rollback()
        begin_write(self.session)
        held = select(Job.lease).where(Job.id == self.job.id, Job.state == JobState.running).with_for_update()
        if self.session.scalar(held) != self.lease:
            raise LeaseLostError
        self._writing = True

    def commit(self) -> None:
        """End a step: what was done so far survives a kill."""
        self.session.commit()
        self._writing = False

    def rollback(self) -> None:
        """Undo what the step wrote."""
        self.session.rollback()
        self._writing = False

    def progress(self, done: int, total: int | None) -> None:
        """Report progress, prolong the lease, end the step."""
        self.write()
        report_progress(self.session, self.job, done, total, at=self.at)
        self.commit()


Handler = Callable[[JobContext, dict[str, Any]], dict[str, Any] | None]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


class Worker:
    """Runs jobs of one installation. Several workers may run at once."""

    def __init__(self, sessions: sessionmaker[Session], settings: Settings, clock: Clock = utc_now) -> None:
        self._sessions = sessions
        self._settings = settings
        self._storage = Storage(settings.storage_url)
        self._clock = clock
        self._stop = threading.Event()
        self._seal_due = clock()

    def run_next(self) -> bool:
        """Run one due job to its end; False when none is due."""
        with self._sessions() as session:
            begin_write(session)
            job = claim(session, at=self._clock())
            session.commit()
            if job is None:
                return False
            self._run(session, job)
            return True

    def _run(self, session: Session, job: Job) -> None:
        handler, name = _handlers.get(job.kind), {"job": job.id, "kind": job.kind}
        context = JobContext(session, self._settings, self._storage, job, self._clock, job.lease)
        try:
            if handler is None:
                raise Refused("unknown_job_kind", kind=job.kind)
            result = handler(context, job.payload)
            context.write()
            finish(session, job, result, at=self._clock())
            context.commit()
        except LeaseLostError:
            context.rollback()
            log.warning("job taken over by another worker", **name)
        except Exception as error:
            if not isinstance(error, Refused):
                log.exception("job failed", **name)
            reason = str(error) if isinstance(error, Refused) else traceback.format_exc()
            self._fail(context, reason, final=isinstance(error, Refused))

    def _fail(self, context: JobContext, reason: str, *, final: bool) -> None:
        context.rollback()
        try:
            context.write()
        except LeaseLostError:
            context.rollback()
            return
        fail(context.session, context.job, reason, at=self._clock(), final=final)
        context.commit()

    def run_pending(self) -> int:
        """Run every job that is due now; returns how many ran."""
        count = 0
        while self.run_next():
            count += 1
        return count

    def seal_audit(self) -> None:
        """Close the audit events recorded so far into the chain."""
        with self._sessions() as session:
            begin_write(session)
            while seal(session, at=self._clock()):
                session.commit()
                begin_write(session)
            session.commit()

    def run_forever(self, pause: float = 1.0) -> None:
        """Run jobs until `stop()`; the audit trail is sealed once a minute."""
        while not self._stop.is_set():
            try:
                ran = self.run_next()
                if self._clock() >= self._seal_due:
                    self.seal_audit()
                    self._seal_due = self._clock() + timedelta(minutes=1)
            except Exception:
                log.exception("worker step failed")
                ran = False
            if not ran:
                self._stop.wait(pause)

    def stop(self) -> None:
        """Ask `run_forever` to end after the job at hand."""
        self._stop.set()
