"""How the log is written: one line per event on standard error; of errors the places in the code and nothing else."""

from __future__ import annotations

import sys

import structlog


def configure_logs() -> None:
    """Write plain lines. The values of variables at the place of an error are left out, whatever libraries are
    installed: they may be passwords, tokens or people's data."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )
