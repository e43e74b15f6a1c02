"""Planning the sheet Nhiệm kỳ: no two terms of a unit share a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise

from lms.imports.cells import shown
from lms.imports.columns import TERMS
from lms.imports.plan_units import UnitPlanner
from lms.imports.planned import Plan, RowState, TermChange
from lms.imports.rows import RosterRead, TermRow

Terms = dict[date, tuple[str, date | None]]


def plan_terms(plan: Plan, read: RosterRead, units: UnitPlanner) -> None:
    """Lay out the terms; rows whose unit is missing or that overlap are refused."""
    sheet = read.sheets[TERMS.name]
    by_unit: dict[str, list[TermRow]] = defaultdict(list)
    for row in sheet.rows.values():
        assert isinstance(row, TermRow)
        if units.exists(row.unit):
            by_unit[row.unit].append(row)
        else:
            units.missing(
                lambda key, code, r=row, **params: plan.refuse(TERMS, r.row, key, code, **params), "unit", row.unit
            )
    for code, rows in by_unit.items():
        known = units.unit(code).terms
        stated: dict[date, TermRow] = {}
        for row in rows:
            twin = stated.setdefault(row.starts_on, row)
            if twin is not row:
                _settle_twin(plan, row, twin)
        _refuse_overlaps(plan, stated, known, "ends_on" in sheet.columns)
        for start, row in stated.items():
            name, ends_on = _stated(row, known, "ends_on" in sheet.columns)
            before = known.get(start)
            if before == (name, ends_on):
                plan.settle(TERMS, row.row, RowState.unchanged)
                continue
            plan.terms.append(TermChange(code, start, name, ends_on, before is not None))
            old_name, old_end = before or ("", None)
            pairs = (("name", old_name, name), ("ends_on", shown(old_end), shown(ends_on)))
            details = [(TERMS.header(key), old, new) for key, old, new in pairs if old != new]
            plan.settle(TERMS, row.row, RowState.changed if before else RowState.new, details)


def _stated(row: TermRow, known: Terms, with_end: bool) -> tuple[str, date | None]:
    before = known.get(row.starts_on)
    return row.name, row.ends_on if with_end or before is None else before[1]


def _settle_twin(plan: Plan, row: TermRow, twin: TermRow) -> None:
    what = [key for key in ("name", "ends_on") if getattr(row, key) != getattr(twin, key)]
    if what:
        headers = ", ".join(TERMS.header(key) for key in what)
        plan.refuse(TERMS, row.row, what[0], "duplicate_term", other=twin.row, what=headers)
    else:
        plan.settle(TERMS, row.row, RowState.unchanged)


def _refuse_overlaps(plan: Plan, stated: dict[date, TermRow], known: Terms, with_end: bool) -> None:
    """Refuse, of two terms that share a day, the one further down in the file, until none do."""
    while True:
        merged = {**known, **{start: _stated(row, known, with_end) for start, row in stated.items()}}
        starts = sorted(merged)
        for earlier, later in pairwise(starts):
            end = merged[earlier][1]
            rows = [stated[start] for start in (earlier, later) if start in stated]
            if rows and (end is None or end > later):
                guilty = max(rows, key=lambda row: row.row)
                other = earlier if guilty.starts_on == later else later
                name, other_end = merged[other]
                code = "terms_overlap" if other_end else "terms_overlap_open"
                params = {"other": name, "start": shown(other), "end": shown(other_end)}
                plan.refuse(TERMS, guilty.row, "starts_on", code, **params)
                del stated[guilty.starts_on]
                break
        else:
            return
