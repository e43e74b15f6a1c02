"""`lms audit check`: whether the sealed audit trail is whole."""

from __future__ import annotations

import sys

import click

from lms.audit.queries import broken_seal, unsealed
from lms.cli_context import open_session


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command()
def check() -> None:
    """Check every seal against the events it closed; exits 1 and names the first seal that does not fit."""
    with open_session(write=False) as session:
        broken, waiting = broken_seal(session), unsealed(session)
    if broken is not None:
        click.echo(f"Nhật ký đã bị sửa: niêm phong số {broken} không khớp.", err=True)
        sys.exit(1)
    click.echo(f"Nhật ký nguyên vẹn; {waiting} việc mới chưa niêm phong.")
