"""The command `lms`, also reached as `flask --app wsgi`; its commands are imported when they are asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from lms import __version__
from lms.errors import Refused

_COMMANDS = {
    "admin": ("lms.cli_admin", "admin"),
    "audit": ("lms.cli_audit", "audit"),
    "backup": ("lms.cli_backup", "backup"),
    "bench": ("lms.cli_bench", "bench"),
    "config": ("lms.cli_install", "config"),
    "courses": ("lms.cli_courses", "courses"),
    "demo": ("lms.cli_demo", "demo"),
    "indicators": ("lms.cli_indicators", "indicators"),
    "init": ("lms.cli_install", "init"),
    "programmes": ("lms.cli_indicators", "programmes"),
    "questions": ("lms.cli_courses", "questions"),
    "restore": ("lms.cli_backup", "restore"),
    "roster": ("lms.cli_roster", "roster"),
    "serve": ("lms.cli_serve", "serve"),
    "worker": ("lms.cli_serve", "worker"),
}


class Commands(AppGroup):
    """Flask's command group; it makes no application and imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in order."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name; None when there is none."""
        if name not in _COMMANDS:
            return None
        module, attribute = _COMMANDS[name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it refuses, and a database out of reach, is told in one line."""
        try:
            return super().invoke(ctx)
        except Refused as refused:
            raise click.ClickException(_words(refused)) from refused
        except OperationalError as error:
            raise click.ClickException(f"cơ sở dữ liệu báo: {str(error.orig).strip()}") from error


def _words(refused: Refused) -> str:
    """The refusal in the words that pages use, and its code."""
    from lms.web.refusals import MESSAGES

    words = MESSAGES.get(refused.code)
    return f"{words % refused.params} ({refused.code})" if words else str(refused)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="lms")
def main() -> None:
    """Học tập Công đoàn: courses, certificates and training indicators for trade-union cadres."""


def register(app: Flask) -> None:
    """Give the application its commands."""
    app.cli = main
