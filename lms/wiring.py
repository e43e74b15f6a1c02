"""Which event is heard by whom, and which modules bring handlers of jobs."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from lms.certificates.handlers import on_ledger_row
from lms.events import subscribe
from lms.ledger.events import LedgerRowAdded
from lms.notifications.operations import note_password_set
from lms.people.passwords import PasswordSet

_JOB_MODULES = ("lms.notifications.jobs", "lms.certificates.jobs", "lms.imports.jobs")


def connect() -> None:
    """Connect everything."""
    for module in _JOB_MODULES:
        if find_spec(module):
            import_module(module)
    subscribe(PasswordSet, note_password_set)
    subscribe(LedgerRowAdded, on_ledger_row)
