"""`lms roster`: checking, loading and writing roster workbooks (ROSTER.md)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import migrate
from lms.access.rules import SYSTEM
from lms.cli_context import engine_for, now, open_session, settings
from lms.errors import Refused
from lms.imports.export import export_roster, template
from lms.imports.messages import words_for
from lms.imports.operations import check_roster, load_roster
from lms.imports.report import Report
from lms.temporal import vn_today
from lms.text import clean
from lms.units.models import Unit

roster = click.Group("roster", help="Check, load and export the roster workbook (.xlsx).")

_FILE = click.argument("file", type=click.Path(path_type=Path))
_UNIT = click.option("--unit", "unit", metavar="CODE", help="Only this unit and everything below it.")
_FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result."
)


@roster.command("check")
@_FILE
@_UNIT
@_FORMAT
def check_command(file: Path, unit: str | None, form: str) -> None:
    """Say what loading FILE would do, row by row; change nothing."""
    content = _content(file, form)
    with _readable(form), _maybe_session() as session:
        report = check_roster(session, SYSTEM, content, unit_id=_unit_id(session, unit, form), at=now())
    _print(report, form)


@roster.command("load")
@_FILE
@_UNIT
@_FORMAT
@click.option("--good-rows", is_flag=True, help="Load the good rows of a file that has refused rows.")
def load_command(file: Path, unit: str | None, form: str, good_rows: bool) -> None:
    """Load FILE: all of it, or nothing when a row is refused."""
    content = _content(file, form)
    with _readable(form), open_session() as session:
        report = load_roster(
            session,
            SYSTEM,
            content,
            unit_id=_unit_id(session, unit, form),
            good_rows=good_rows,
            file_name=file.name,
            at=now(),
        )
    _print(report, form)


@roster.command("export")
@_FILE
@_UNIT
def export_command(file: Path, unit: str | None) -> None:
    """Write the roster to FILE; it loads back without a change."""
    with open_session(write=False) as session:
        content = export_roster(session, vn_today(now()), _unit_id(session, unit, "text"))
    _write(file, content)


@roster.command("template")
@_FILE
def template_command(file: Path) -> None:
    """Write an empty workbook to FILE, ready to fill in."""
    _write(file, template())


@contextmanager
def _maybe_session() -> Iterator[Session | None]:
    """A reading session, or None where there is no database yet: then the file is checked by itself."""
    chosen = settings()
    path = chosen.sqlite_path
    if (path is not None and not path.exists()) or migrate.current(engine_for(chosen.database_url)) is None:
        yield None
        return
    with open_session(write=False) as session:
        yield session


def _unit_id(session: Session | None, code: str | None, form: str) -> int | None:
    if code is None:
        return None
    found = session.scalar(select(Unit.id).where(Unit.code == clean(code))) if session else None
    if found is None:
        _fail("unknown_unit", f"Không có đơn vị mang mã {code}.", form)
    return found


def _content(file: Path, form: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        _fail("unreadable", f"Không mở được tệp {file}: {error.strerror}.", form)


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        _fail("unwritable", f"Không ghi được tệp {file}: {error.strerror}.", "text")
    click.echo(f"Đã ghi {file}", err=True)


@contextmanager
def _readable(form: str) -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        if not refused.code.startswith("workbook_"):
            raise
        _fail(refused.code, words_for(refused.code, refused.params), form)
    except click.ClickException as fault:
        if form == "json":
            _fail("no_database", fault.message, form, status=fault.exit_code)
        raise


def _fail(code: str, message: str, form: str, *, status: int = 2) -> NoReturn:
    """Not a readable workbook: the same shape of JSON, status 2."""
    if form == "json":
        fault = {"sheet": "", "row": None, "column": "", "code": code, "message": message}
        empty: dict[str, Any] = {"sheets": {}, "not_loaded": [], "notes": [], "warnings": []}
        click.echo(json.dumps({**empty, "refused": [fault], "loaded": False}, ensure_ascii=False, indent=1))
    else:
        click.echo(message, err=True)
    sys.exit(status)


def _print(report: Report, form: str) -> None:
    summary = report.summary()
    if form == "json":
        click.echo(json.dumps(summary, ensure_ascii=False, indent=1))
    else:
        for name, counts in summary["sheets"].items():
            if counts["rows"]:
                click.echo(
                    f"{name}: {counts['rows']} dòng; mới {counts['new']}, thay đổi {counts['changed']}, "
                    f"không đổi {counts['unchanged']}, từ chối {counts['refused']}"
                )
        for name in summary["not_loaded"]:
            click.echo(f"{name}: chưa nhập được trong phiên bản này")
        for title, key in (("Ghi chú", "notes"), ("Lưu ý", "warnings"), ("Từ chối", "refused")):
            for finding in summary[key]:
                place = ", ".join(_place(finding))
                click.echo(f"{title}: {place}: {finding['message']}" if place else f"{title}: {finding['message']}")
        if summary["loaded"]:
            click.echo("Đã nhập.")
    if report.refused:
        sys.exit(1)


def _place(finding: dict[str, Any]) -> Iterator[str]:
    if finding["sheet"]:
        yield f"trang {finding['sheet']}"
    if finding["row"]:
        yield f"dòng {finding['row']}"
    if finding["column"]:
        yield f"cột {finding['column']}"
