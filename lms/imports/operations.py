"""Checking and loading roster workbooks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.rules import Actor
from lms.audit.operations import record as audit
from lms.imports.apply import Applier
from lms.imports.columns import POSTS, TERMS, UNITS
from lms.imports.known import Known
from lms.imports.plan import make_plan
from lms.imports.planned import Plan
from lms.imports.queries import load_known, named_people
from lms.imports.report import Report
from lms.imports.rows import PostRow, RosterRead, TermRow, TrainingRow, UnitRow
from lms.imports.rules import read_roster
from lms.sheets import read_workbook
from lms.temporal import vn_today
from lms.units.models import Unit


def check_roster(
    session: Session | None, actor: Actor, content: bytes, *, unit_id: int | None = None, at: datetime
) -> Report:
    """What loading the workbook would do now if the actor did it; writes nothing.

    Without a session the file is checked by itself, as for an empty installation. Raises Refused when the file is not
    a readable workbook (see `lms.sheets.read_workbook`).
    """
    read = _read(content, at)
    plan, _ = _planned(session, actor, read, unit_id, at)
    return _report(session, read, plan)


def load_roster(
    session: Session,
    actor: Actor,
    content: bytes,
    *,
    unit_id: int | None = None,
    good_rows: bool = False,
    file_name: str = "",
    before_writing: Callable[[], None] = lambda: None,
    at: datetime,
) -> Report:
    """Load the workbook: all of it, or nothing when rows are refused, unless `good_rows` asks for the good ones.

    `unit_id` restricts the load to that unit and everything below it. One audit event records the counts and the
    file's hash; a load that changes nothing records none. `before_writing` is called when the file has been read and
    nothing has been asked of the database yet. Raises Refused when the file is not a readable workbook.
    """
    read = _read(content, at)
    before_writing()
    _lock_units(session, read)
    plan, known = _planned(session, actor, read, unit_id, at)
    report = _report(session, read, plan)
    report.loaded = good_rows or not plan.refused
    if report.loaded and not plan.empty:
        Applier(session, actor.account_id, plan, known, at).run()
        audit(
            session,
            actor.account_id,
            "roster.loaded",
            "roster",
            None,
            unit_id=unit_id,
            at=at,
            file=file_name,
            sha256=hashlib.sha256(content).hexdigest(),
            counts=report.sheets,
        )
        session.flush()
    return report


def _read(content: bytes, at: datetime) -> RosterRead:
    return read_roster(read_workbook(content), vn_today(at))


def _planned(
    session: Session | None, actor: Actor, read: RosterRead, unit_id: int | None, at: datetime
) -> tuple[Plan, Known]:
    today = vn_today(at)
    known = Known() if session is None else load_known(session, actor, read, today, unit_id)
    return make_plan(read, known, today), known


def _lock_units(session: Session, read: RosterRead) -> None:
    """Keep two loads that speak of the same units from overtaking each other."""
    codes: set[str] = set()
    for name in (UNITS.name, TERMS.name, POSTS.name):
        for row in read.sheets[name].rows.values():
            if isinstance(row, UnitRow):
                codes |= {row.code, row.parent or row.code}
            elif isinstance(row, TermRow | PostRow):
                codes.add(row.unit)
    ordered = sorted(codes)
    for start in range(0, len(ordered), 500):
        part = ordered[start : start + 500]
        session.scalars(select(Unit.id).where(Unit.code.in_(part)).order_by(Unit.id).with_for_update()).all()


def _report(session: Session | None, read: RosterRead, plan: Plan) -> Report:
    names: dict[str, str] = {}
    for row in read.sheets[POSTS.name].rows.values():
        if isinstance(row, PostRow):
            names[row.person] = row.full_name
    for row in read.sheets[UNITS.name].rows.values():
        if isinstance(row, UnitRow):
            names.setdefault(row.code, row.name)
    wanted = {
        row.person
        for sheet in read.sheets.values()
        for row in sheet.rows.values()
        if isinstance(row, TrainingRow) and row.person not in names
    }
    if session is not None and wanted:
        names.update(named_people(session, sorted(wanted)))
    return Report.of(read, plan, names)
