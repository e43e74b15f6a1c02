"""What the ledger tells the slices above it."""

from __future__ import annotations

from dataclasses import dataclass

from lms.events import Event
from lms.ledger.models import TrainingRecord


@dataclass(frozen=True)
class LedgerRowAdded(Event):
    """A row was written to the ledger, in the transaction at hand."""

    record: TrainingRecord
