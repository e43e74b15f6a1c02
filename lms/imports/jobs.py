"""The jobs that check and load uploaded workbooks."""

from __future__ import annotations

from typing import Any

from lms.imports.uploads import CHECK, LOAD, run_check, run_load
from lms.worker import JobContext, handles


@handles(CHECK)
def check(context: JobContext, payload: dict[str, Any]) -> None:
    """Check an uploaded workbook."""
    run_check(context.session, context.storage, payload["upload"], before_writing=context.write, at=context.at)


@handles(LOAD)
def load(context: JobContext, payload: dict[str, Any]) -> None:
    """Load an uploaded workbook."""
    run_load(
        context.session,
        context.storage,
        payload["upload"],
        payload["account"],
        good_rows=payload["good_rows"],
        before_writing=context.write,
        at=context.at,
    )
