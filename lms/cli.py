"""The command `lms` (Flask's command group): each command lies in a module of its own, loaded when it is called."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import click
from flask import Flask
from flask.cli import FlaskGroup

_COMMANDS = {
    "admin": ("lms.cli_admin", "admin"),
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


def register(app: Flask) -> None:
    """Give the application its commands."""
    for name, (module, attribute) in _COMMANDS.items():
        if find_spec(module):
            command: click.Command | None = getattr(import_module(module), attribute, None)
            if command is not None:
                app.cli.add_command(command, name)


def _create_app() -> Flask:
    from lms.app import create_app

    return create_app()


main = FlaskGroup(
    create_app=_create_app,
    add_default_commands=False,
    load_dotenv=False,
    set_debug_flag=False,
    help="Học tập Công đoàn: courses, certificates and training indicators for trade-union cadres.",
)
