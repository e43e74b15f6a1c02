"""Which event is heard by whom, and which modules bring handlers of jobs."""

from __future__ import annotations

from lms.certificates import jobs as certificates_jobs
from lms.certificates.handlers import on_ledger_row
from lms.events import subscribe
from lms.imports import jobs as imports_jobs
from lms.ledger.events import LedgerRowAdded
from lms.logs import configure_logs
from lms.notifications import jobs as notifications_jobs
from lms.notifications.operations import note_password_set
from lms.people.passwords import PasswordSet

JOBS = (certificates_jobs, imports_jobs, notifications_jobs)
"""Modules whose handlers are registered by importing them."""


def connect() -> None:
    """Connect everything; doing so again is harmless."""
    configure_logs()
    subscribe(PasswordSet, note_password_set)
    subscribe(LedgerRowAdded, on_ledger_row)
