"""The worker: takes jobs under a lease and runs their handlers, each step committed, so that it can be killed."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lms.audit.operations import seal
from lms.db import begin_write
from lms.errors import Refused
from lms.jobs.models import Job
from lms.jobs.operations import claim, fail, finish, report_progress
from lms.settings import Settings
from lms.storage import Storage
from lms.temporal import Clock, utc_now

log = structlog.get_logger("lms.worker")


@dataclass
class JobContext:
    """What a handler works with. `commit()` ends an idempotent step; `progress()` reports and commits."""

    session: Session
    settings: Settings
    storage: Storage
    job: Job
    clock: Clock

    @property
    def at(self) -> datetime:
        """The present."""
        return self.clock()

    def commit(self) -> None:
        """End a step: what was done so far survives a kill."""
        self.session.commit()
        begin_write(self.session)

    def progress(self, done: int, total: int | None) -> None:
        """Report progress, prolong the lease, end the step."""
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
        handler = _handlers.get(job.kind)
        begin_write(session)
        try:
            if handler is None:
                raise Refused("unknown_job_kind", kind=job.kind)
            result = handler(JobContext(session, self._settings, self._storage, job, self._clock), job.payload)
            finish(session, job, result, at=self._clock())
            session.commit()
        except Exception as error:
            session.rollback()
            begin_write(session)
            if not isinstance(error, Refused):
                log.exception("job failed", job=job.id, kind=job.kind)
            reason = str(error) if isinstance(error, Refused) else traceback.format_exc()
            fail(session, job, reason, at=self._clock(), final=isinstance(error, Refused))
            session.commit()

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
