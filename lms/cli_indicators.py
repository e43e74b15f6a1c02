"""`lms indicators compute` and `lms programmes check`."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.orm import Session

from lms.cli_context import now, open_session
from lms.errors import Refused
from lms.indicators.elearning import Elearning, elearning, learner_codes
from lms.indicators.labels import ELEARNING_LABELS, STATE_LABELS
from lms.indicators.population import Question
from lms.indicators.queries import Value, ask, codes, roster_size, values
from lms.indicators.rules import Programme, State
from lms.indicators.schema import ProgrammeFaults, read_programme
from lms.indicators.schema import programmes as shipped
from lms.temporal import vn_today
from lms.units.models import Unit
from lms.units.queries import unit_by_code


@click.group()
def indicators() -> None:
    """Training indicators of the programmes."""


@click.group()
def programmes() -> None:
    """The programmes' files."""


def _fail(message: str, form: str = "table") -> NoReturn:
    """Say what is wrong on standard error and end with status 1; with JSON asked for, standard output has
    `{"error": …}`, so that whoever parses it finds JSON."""
    click.echo(message, err=True)
    if form == "json":
        click.echo(json.dumps({"error": message}, ensure_ascii=False))
    sys.exit(1)


def _day(value: str | None, option: str, form: str) -> date | None:
    if value is None:
        return None
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(value.strip(), pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    _fail(f"{option}: “{value}” không phải là một ngày (dùng 2026-06-30 hoặc 30/06/2026).", form)


@indicators.command()
@click.argument("programme_code", metavar="PROGRAMME")
@click.option("--unit", "unit_code", required=True, help="Code of the unit; everything below it counts.")
@click.option("--on", "on_text", help="As of this day; default today, or the last day of an ended programme.")
@click.option("--known-by", "known_text", help="Leave out what was recorded after this day.")
@click.option("--persons", is_flag=True, help="With the cadre codes behind each value.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def compute(
    programme_code: str, unit_code: str, on_text: str | None, known_text: str | None, persons: bool, form: str
) -> None:
    """Compute every indicator of a programme for a unit as of a day."""
    programme = shipped().get(programme_code.upper())
    if programme is None:
        _fail(f"Không có chương trình “{programme_code}”. Các chương trình: {', '.join(shipped())}.", form)
    on, known_by = _day(on_text, "--on", form), _day(known_text, "--known-by", form)
    try:
        with open_session(write=False) as session:
            unit = unit_by_code(session, unit_code)
            if unit is None:
                _fail(f"Không có đơn vị nào mang mã “{unit_code}”.", form)
            question = ask(session, programme, unit, on or programme.opens_on(vn_today(now())), known_by)
            result = document(session, question, unit, persons=persons)
    except Refused as refusal:
        _fail(f"Đơn vị {unit_code} không hoạt động vào ngày {refusal.params['on']:%d/%m/%Y}.", form)
    except click.ClickException as fault:
        _fail(fault.format_message(), form)
    click.echo(json.dumps(result, ensure_ascii=False, indent=1) if form == "json" else _table(result))


def document(session: Session, question: Question, unit: Unit, *, persons: bool) -> dict[str, Any]:
    """The values of a programme as plain data: what `--format json` prints."""
    programme = question.programme
    entries = [_entry(value) for value in values(session, question)]
    if persons:
        for entry, indicator in zip(entries, programme.indicators, strict=True):
            found = codes(session, indicator, question)
            entry["persons"] = {
                "trained": found.trained,
                "untrained": found.untrained,
                "excluded": [{"code": code, "reason": reason.value} for code, reason in found.excluded],
            }
    if programme.elearning:
        entries += _elearning_entries(session, question, persons=persons)
    return {"programme": programme.code, "unit": unit.code, "on": question.on.isoformat(), "indicators": entries}


def _entry(value: Value) -> dict[str, Any]:
    return {
        "code": value.indicator.code,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "percent": value.percent,
        "target": value.indicator.target,
        "state": value.state.value,
        "overdue": value.overdue,
    }


def _elearning_entries(session: Session, question: Question, *, persons: bool) -> list[dict[str, Any]]:
    found = elearning(session, question)
    entries: list[dict[str, Any]] = []
    learners, others = learner_codes(session, question) if persons else ([], [])
    for count in found.counts(roster=roster_size(session, question) > 0):
        entry: dict[str, Any] = {
            "code": count.code,
            "numerator": count.numerator,
            "denominator": count.denominator,
            "percent": count.percent,
            "target": None,
            "state": count.state.value,
            "overdue": False,
        }
        entry |= _details(count.code, found)
        if persons:
            named = count.code != "D2-E1"
            entry["persons"] = {
                "trained": learners if named else [],
                "untrained": others if named else [],
                "excluded": [],
            }
        entries.append(entry)
    return entries


def _details(code: str, found: Elearning) -> dict[str, Any]:
    if code == "D2-E1":
        groups = {
            group.value: {"courses": built.courses, "lessons": built.lessons}
            for group, built in found.built_by_group.items()
        }
        return {"courses": found.built.courses, "lessons": found.built.lessons, "groups": groups}
    if code == "D2-E3":
        return {"people": found.reach.learners}
    if code == "D2-E4":
        before = found.learners_before
        difference = None if before is None else found.reach.learners - before
        return {"before": before, "before_on": found.before_on.isoformat(), "difference": difference}
    return {}


def _table(result: dict[str, Any]) -> str:
    programme: Programme = shipped()[result["programme"]]
    names = {indicator.code: indicator.name for indicator in programme.indicators} | ELEARNING_LABELS
    lines = [f"{programme.code} · {programme.short_name} · {result['unit']} · {result['on']}", ""]
    for entry in result["indicators"]:
        figure = str(entry["numerator"])
        if entry["denominator"] is not None:
            figure += f"/{entry['denominator']}"
        share = "–" if entry["percent"] is None else f"{entry['percent']:.1f}".replace(".", ",") + " %"
        state = STATE_LABELS[State(entry["state"])]
        late = ", quá hạn" if entry["overdue"] else ""
        lines.append(f"{entry['code']:<6} {figure:>13} {share:>9}  {state}{late}: {names[entry['code']]}")
        for kind, words in (("trained", "đã bồi dưỡng"), ("untrained", "chưa bồi dưỡng")):
            people = entry.get("persons", {}).get(kind)
            if people:
                lines.append(f"{'':8}{words}: {', '.join(people)}")
        for person in entry.get("persons", {}).get("excluded", []):
            lines.append(f"{'':8}không tính: {person['code']} ({person['reason']})")
    return "\n".join(lines)


@programmes.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Check a programme file; prints what is wrong with its place and exits 1."""
    try:
        programme = read_programme(file.read_text("utf-8"))
    except UnicodeDecodeError:
        _fail(f"{file}: không phải là văn bản UTF-8")
    except ProgrammeFaults as faults:
        _fail("\n".join(f"{file}: {fault}" for fault in faults.faults))
    click.echo(f"{file}: {programme.code}, {len(programme.indicators)} chỉ tiêu")
