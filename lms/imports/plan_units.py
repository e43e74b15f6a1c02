"""Planning the sheet Đơn vị: dated versions, life, counts, parents, cycles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import fields
from datetime import date

from lms.imports.cells import shown
from lms.imports.columns import UNITS
from lms.imports.cycles import cycles_of
from lms.imports.known import Known, KnownUnit, VersionFacts, Versions, in_force
from lms.imports.near import NearCodes
from lms.imports.planned import Detail, Plan, RowState, UnitChange, as_written
from lms.imports.rows import RosterRead, UnitRow
from lms.temporal import ALWAYS

Counts = dict[date, tuple[int | None, int | None]]
_VERSION_KEYS = tuple(field.name for field in fields(VersionFacts))


class UnitPlanner:
    """Plans the units of a workbook; `refused_codes` and `codes` afterwards tell the other sheets what exists."""

    def __init__(self, plan: Plan, read: RosterRead, known: Known, today: date) -> None:
        self.plan, self.known, self.today = plan, known, today
        sheet = read.sheets[UNITS.name]
        self.columns = sheet.columns
        self.rows: dict[str, list[UnitRow]] = defaultdict(list)
        self.refused_codes = set(sheet.refused_codes) - {""}
        for row in sheet.rows.values():
            assert isinstance(row, UnitRow)
            self.rows[row.code].append(row)
        self.near = NearCodes([*(code for code, unit in known.units.items() if unit.within), *self.rows])
        self.final: dict[str, KnownUnit] = {}

    def run(self) -> None:
        """Refuse what cannot be, then lay out the changes."""
        for code, rows in list(self.rows.items()):
            unit = self.known.units.get(code)
            if unit and not unit.within:
                for row in rows:
                    self._refuse(row, "code", "code_elsewhere", value=code)
            elif unit is None and code in self.refused_codes:
                for row in rows:
                    self._refuse(row, "code", "depends_on_refused", value=code)
            else:
                self._refuse_twins(rows)
                self._refuse_bad_life(rows, unit)
        self._refuse_parents()
        while self._refuse_cycles():
            self._refuse_parents()
        for code, rows in self.rows.items():
            if rows:
                self._lay_out(code, rows)

    def exists(self, code: str) -> bool:
        """Whether the unit is known within the scope or will be made."""
        unit = self.known.units.get(code)
        return bool(self.rows.get(code)) or (unit is not None and unit.within)

    def elsewhere(self, code: str) -> bool:
        """Whether the code belongs to a unit outside the scope."""
        unit = self.known.units.get(code)
        return unit is not None and not unit.within

    def missing(self, refuse: Callable[..., None], key: str, code: str) -> None:
        """Refuse a reference to a unit that does not exist, in the words that help most."""
        if self.elsewhere(code):
            refuse(key, "code_elsewhere", value=code)
        elif code in self.refused_codes:
            refuse(key, "depends_on_refused", value=code)
        elif near := self.near.find(code):
            refuse(key, "unknown_unit_near", value=code, near="; ".join(self._called(other) for other in near))
        else:
            refuse(key, "unknown_unit", value=code)

    def unit(self, code: str) -> KnownUnit:
        """The unit as it will be after loading."""
        return self.final.get(code) or self.known.units[code]

    def _called(self, code: str) -> str:
        rows = self.rows.get(code)
        unit = self.known.units.get(code)
        name = rows[0].name if rows else unit.versions[-1][1].name if unit and unit.versions else ""
        return f"{code} {name}".strip()

    def _refuse(self, row: UnitRow, key: str, code: str, **params: object) -> None:
        self.plan.refuse(UNITS, row.row, key, code, **params)
        rows = self.rows[row.code] = [other for other in self.rows[row.code] if other.row != row.row]
        if not rows and row.code not in self.known.units:
            self.refused_codes.add(row.code)

    def _refuse_twins(self, rows: list[UnitRow]) -> None:
        """The same code twice: once per version and per count; what both rows state must agree."""
        versions: dict[date | None, UnitRow] = {}
        counts: dict[date | None, UnitRow] = {}
        life: dict[str, UnitRow] = {}
        for row in list(rows):
            twin, what = versions.get(row.valid_from), list[str]()
            if twin:
                what = [key for key in _VERSION_KEYS if getattr(twin, key) != getattr(row, key)]
            counted = counts.get(row.counted_on)
            if not what and counted and _states_count(row):
                twin, what = (
                    counted,
                    [key for key in ("members", "workers") if getattr(counted, key) != getattr(row, key)],
                )
            for key in ("founded_on", "ended_on"):
                stated = life.get(key)
                if not what and stated and getattr(row, key) and getattr(stated, key) != getattr(row, key):
                    twin, what = stated, [key]
            if what and twin:
                headers = ", ".join(UNITS.header(key) for key in what)
                self._refuse(row, what[0], "duplicate_code", value=row.code, other=twin.row, what=headers)
                continue
            versions.setdefault(row.valid_from, row)
            if _states_count(row):
                counts.setdefault(row.counted_on, row)
            for key in ("founded_on", "ended_on"):
                if getattr(row, key):
                    life.setdefault(key, row)

    def _refuse_bad_life(self, rows: list[UnitRow], unit: KnownUnit | None) -> None:
        founded, ended = self._life(rows, unit)
        if founded and ended and ended <= founded:
            for row in list(rows):
                if not self.plan.is_refused(UNITS, row.row):
                    self._refuse(row, "ended_on", "end_not_after_start", start=shown(founded), end=shown(ended))

    def _life(self, rows: list[UnitRow], unit: KnownUnit | None) -> tuple[date | None, date | None]:
        ends: list[date | None] = []
        for key in ("founded_on", "ended_on"):
            if key in self.columns or unit is None:
                ends.append(next((value for row in rows if (value := getattr(row, key))), None))
            else:
                ends.append(getattr(unit, key))
        return ends[0], ends[1]

    def _refuse_parents(self) -> None:
        """Refuse rows whose parent does not exist, and then the rows that needed those."""
        waiting = [row for rows in self.rows.values() for row in rows]
        while waiting:
            fallen: set[str] = set()
            for row in waiting:
                if self.plan.is_refused(UNITS, row.row) or self._parent_stands(row):
                    continue
                if row.parent is None:
                    self._refuse(row, "parent", "root_outside_scope")
                else:
                    self.missing(
                        lambda key, code, r=row, **params: self._refuse(r, key, code, **params), "parent", row.parent
                    )
                if self._fell(row.code):
                    fallen.add(row.code)
            waiting = [row for rows in self.rows.values() for row in rows if row.parent in fallen] if fallen else []

    def _fell(self, code: str) -> bool:
        """A new unit of which one dated row was refused is refused whole: its history would be another."""
        if code in self.known.units:
            return False
        for other in list(self.rows[code]):
            self._refuse(other, "code", "depends_on_refused", value=code)
        return True

    def _parent_stands(self, row: UnitRow) -> bool:
        unit = self.known.units.get(row.code)
        if "parent" not in self.columns and unit:
            return True
        if unit and any(facts.parent == row.parent for _, facts in unit.versions):
            return True
        if row.parent is None:
            return not self.known.scoped
        return self.exists(row.parent)

    def _refuse_cycles(self) -> bool:
        trees = {code: unit.versions for code, unit in self.known.units.items()}
        touched = {code: self._versions(code, rows)[0] for code, rows in self.rows.items() if rows}
        trees.update(touched)
        refused = False
        for day, cycle in cycles_of(trees):
            path = " → ".join([*cycle, cycle[0]])
            guilty = {code: in_force(trees[code], day) for code in cycle}
            for code, facts in guilty.items():
                for row in list(self.rows.get(code, [])):
                    if facts and row.parent == facts.parent:
                        self._refuse(row, "parent", "cycle", path=path)
                        self._fell(code)
                        refused = True
        return refused

    def _facts(self, row: UnitRow, before: VersionFacts | None) -> VersionFacts:
        """What the row says; absent columns say nothing, so what stood before goes on."""
        values = {key: getattr(row, key) for key in _VERSION_KEYS}
        if before:
            for key in ("parent", "sector", "kind"):
                if key not in self.columns:
                    values[key] = getattr(before, key)
        return VersionFacts(**values)

    def _versions(self, code: str, rows: list[UnitRow]) -> tuple[Versions, dict[int, list[Detail]]]:
        """The unit's versions after loading, and for each row that brings a change what it changes."""
        unit = self.known.units.get(code)
        ordered = sorted(rows, key=lambda row: (row.valid_from or ALWAYS, row.row))
        found: dict[date, VersionFacts] = dict(unit.versions) if unit else {}
        founded = self._life(rows, unit)[0]
        dated = any(row.valid_from for row in rows)
        changes: dict[int, list[Detail]] = {}
        for place, row in enumerate(ordered):
            if unit is None:
                day = ALWAYS if place == 0 else row.valid_from or ALWAYS
            elif not dated:
                day = self.today
            else:
                day = row.valid_from or ALWAYS
                day = ALWAYS if founded and day <= founded and day not in found else day
            before = in_force(sorted(found.items(), key=lambda item: item[0]), day)
            facts = self._facts(row, before)
            if facts == before:
                continue
            found[day] = facts
            changes[row.row] = [
                (UNITS.header(key), as_written(getattr(before, key)) if before else "", as_written(getattr(facts, key)))
                for key in _VERSION_KEYS
                if before is None or getattr(before, key) != getattr(facts, key)
            ]
        return sorted(found.items(), key=lambda item: item[0]), changes

    def _lay_out(self, code: str, rows: list[UnitRow]) -> None:
        unit = self.known.units.get(code)
        founded, ended = self._life(rows, unit)
        versions, version_changes = self._versions(code, rows)
        counts, count_changes = self._counts(rows, unit, founded)
        life: list[Detail] = []
        if unit:
            life = [
                (UNITS.header(key), shown(old), shown(new))
                for key, old, new in (("founded_on", unit.founded_on, founded), ("ended_on", unit.ended_on, ended))
                if old != new
            ]
        self.final[code] = KnownUnit(
            unit.id if unit else 0,
            code,
            founded,
            ended,
            versions,
            terms=unit.terms if unit else {},
            counts={**(unit.counts if unit else {}), **counts},
        )
        first = min(row.row for row in rows)
        for row in rows:
            details = (
                version_changes.get(row.row, []) + count_changes.get(row.row, []) + (life if row.row == first else [])
            )
            if unit is None and (row.row == first or details):
                told = [
                    (UNITS.header(key), "", as_written(getattr(row, key))) for key in ("level", "parent", "members")
                ]
                self.plan.settle(UNITS, row.row, RowState.new, [detail for detail in told if detail[2]])
            else:
                self.plan.settle(UNITS, row.row, RowState.changed if details else RowState.unchanged, details)
        if unit is None or life or counts or version_changes:
            self.plan.units.append(
                UnitChange(
                    code, unit.id if unit else None, founded, ended, versions if version_changes else None, counts
                )
            )

    def _counts(
        self, rows: list[UnitRow], unit: KnownUnit | None, founded: date | None
    ) -> tuple[Counts, dict[int, list[Detail]]]:
        written: Counts = {}
        changes: dict[int, list[Detail]] = {}
        for row in rows:
            if row.counted_on and founded and row.counted_on < founded:
                self.plan.warn(UNITS, row.row, "counted_on", "count_before_founding", value=shown(row.counted_on))
            if not _states_count(row):
                continue
            day = row.counted_on or founded or ALWAYS
            before = unit.counts.get(day) if unit else None
            if before is None and unit and row.counted_on is None:
                before = unit.counts.get(ALWAYS)
            old = before or (None, None)
            new = (
                row.members if "members" in self.columns else old[0],
                row.workers if "workers" in self.columns else old[1],
            )
            if before == new or written.get(day) == new:
                continue
            written[day] = new
            changes[row.row] = [
                (UNITS.header(key), as_written(was), as_written(now))
                for key, was, now in zip(("members", "workers"), old, new, strict=True)
                if was != now
            ]
        return written, changes


def _states_count(row: UnitRow) -> bool:
    return row.members is not None or row.workers is not None
