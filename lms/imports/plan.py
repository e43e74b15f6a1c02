"""Planning a load: what was read, against what is known. Pure; the same inputs give the same plan."""

from __future__ import annotations

from datetime import date

from lms.imports.cells import shown
from lms.imports.columns import UNITS
from lms.imports.known import Known, KnownUnit
from lms.imports.plan_posts import PostPlanner
from lms.imports.plan_terms import plan_terms
from lms.imports.plan_training import TrainingPlanner
from lms.imports.plan_units import UnitPlanner
from lms.imports.planned import Plan, started
from lms.imports.rows import RosterRead
from lms.temporal import ALWAYS


def make_plan(read: RosterRead, known: Known, today: date) -> Plan:
    """What loading on `today` would do; only good rows are in its changes."""
    plan = started(read)
    units = UnitPlanner(plan, read, known, today)
    units.run()
    plan_terms(plan, read, units)
    people = PostPlanner(plan, read, known, units)
    people.run()
    TrainingPlanner(plan, read, known, units, people).run()
    _warn_of_orphans(plan, units)
    order = {name: place for place, name in enumerate(read.sheets)}
    for findings in (plan.refused, plan.warnings):
        findings.sort(key=lambda finding: (order.get(finding.sheet, -1), finding.row or 0))
    return plan


def _warn_of_orphans(plan: Plan, units: UnitPlanner) -> None:
    """Units of the file, and units below them, whose parent has ended while they go on under it."""
    after = {**units.known.units, **units.final}
    rows = {code: min(row.row for row in found) for code, found in units.rows.items() if found}
    for code, unit in after.items():
        for place, (start, facts) in enumerate(unit.versions):
            parent = after.get(facts.parent) if facts.parent else None
            if parent is None or parent.ended_on is None or not (code in rows or parent.code in rows):
                continue
            if _goes_on(unit, place, start, parent.ended_on):
                row = rows.get(code) or rows[parent.code]
                name = f"{code} {facts.name}"
                plan.warn(UNITS, row, "parent", "orphan", unit=name, parent=parent.code, ended=shown(parent.ended_on))


def _goes_on(unit: KnownUnit, place: int, start: date, ended: date) -> bool:
    until = unit.versions[place + 1][0] if place + 1 < len(unit.versions) else None
    last = min((day for day in (until, unit.ended_on) if day), default=None)
    first = max(start, unit.founded_on or ALWAYS)
    return (last is None or last > ended) and (last is None or last > first)
