"""Planning the sheet Bồi dưỡng: rows for the training ledger."""

from __future__ import annotations

from dataclasses import fields, replace

from lms.imports.columns import TRAINING
from lms.imports.known import Known, KnownTraining, TrainingFacts, TrainingKey
from lms.imports.plan_posts import PostPlanner
from lms.imports.plan_units import UnitPlanner
from lms.imports.planned import Plan, RowState, TrainingChange, as_written
from lms.imports.rows import RosterRead, TrainingRow

_KEYS = tuple(field.name for field in fields(TrainingFacts))


class TrainingPlanner:
    """Plans the ledger rows of a workbook."""

    def __init__(self, plan: Plan, read: RosterRead, known: Known, units: UnitPlanner, people: PostPlanner) -> None:
        self.plan, self.known, self.units, self.people = plan, known, units, people
        sheet = read.sheets[TRAINING.name]
        self.columns = sheet.columns
        self.rows = [row for row in sheet.rows.values() if isinstance(row, TrainingRow)]
        self._stated: dict[TrainingKey, tuple[TrainingRow, TrainingFacts]] = {}
        self._certificates: dict[str, TrainingKey] = {}

    def run(self) -> None:
        """Refuse what cannot be, lay out the rest."""
        for row in self.rows:
            if not self.people.exists(row.person):
                self._missing_person(row)
            elif row.delivered_by and not self._deliverer_stands(row.delivered_by):
                self._missing_deliverer(row, row.delivered_by)
            else:
                self._plan(row)

    def _deliverer_stands(self, code: str) -> bool:
        return self.units.exists(code) or code in self.known.above

    def _missing_deliverer(self, row: TrainingRow, code: str) -> None:
        self.units.missing(
            lambda key, why, **params: self.plan.refuse(TRAINING, row.row, key, why, **params), "delivered_by", code
        )

    def _missing_person(self, row: TrainingRow) -> None:
        code = row.person
        if code in self.known.people:
            self.plan.refuse(TRAINING, row.row, "person", "code_elsewhere", value=code)
        elif code in self.people.refused_codes:
            self.plan.refuse(TRAINING, row.row, "person", "depends_on_refused", value=code)
        elif near := self.people.near.find(code):
            words = "; ".join(f"{other} {self.people.names.get(other, '')}".strip() for other in near)
            self.plan.refuse(TRAINING, row.row, "person", "unknown_person_near", value=code, near=words)
        else:
            self.plan.refuse(TRAINING, row.row, "person", "unknown_person", value=code)

    def _plan(self, row: TrainingRow) -> None:
        key: TrainingKey = (
            row.person,
            row.achieved_on,
            row.areas,
            row.delivered_by or row.delivered_level,
            row.certificate_no,
        )
        facts = TrainingFacts(**{name: getattr(row, name) for name in _KEYS})
        twin = self._stated.setdefault(key, (row, facts))
        if twin[0] is not row:
            if any(not record.voided and record.facts == facts for record in self.known.training.get(key, [])):
                self.plan.settle(TRAINING, row.row, RowState.unchanged)
                return
            what = [name for name in _KEYS if getattr(twin[1], name) != getattr(facts, name)]
            if what:
                headers = ", ".join(TRAINING.header(name) for name in what)
                self.plan.refuse(TRAINING, row.row, what[0], "duplicate_training", other=twin[0].row, what=headers)
            else:
                self.plan.settle(TRAINING, row.row, RowState.unchanged)
            return
        self._remark(row, key)
        self._compare(row, key, facts)

    def _compare(self, row: TrainingRow, key: TrainingKey, facts: TrainingFacts) -> None:
        found = self.known.training.get(key, [])
        standing = self._nearest([record for record in found if not record.voided], facts)
        if standing is None:
            if found:
                self.plan.warn(TRAINING, row.row, "", "voided_before")
                self.plan.settle(TRAINING, row.row, RowState.unchanged)
            else:
                self.plan.training.append(TrainingChange(key, facts, None, 0))
                told = [
                    (TRAINING.header(name), "", as_written(getattr(row, name))) for name in ("areas", "achieved_on")
                ]
                self.plan.settle(TRAINING, row.row, RowState.new, told)
            return
        wanted = self._wanted(standing, facts)
        if standing.fixed or wanted == standing.facts:
            self.plan.settle(TRAINING, row.row, RowState.unchanged)
            return
        self.plan.training.append(TrainingChange(key, wanted, standing.id, len(found)))
        details = [
            (TRAINING.header(name), as_written(getattr(standing.facts, name)), as_written(getattr(wanted, name)))
            for name in _KEYS
            if getattr(standing.facts, name) != getattr(wanted, name)
        ]
        self.plan.settle(TRAINING, row.row, RowState.changed, details)

    def _wanted(self, record: KnownTraining, facts: TrainingFacts) -> TrainingFacts:
        """What the record should say; absent columns leave what it says."""
        return replace(facts, **{name: getattr(record.facts, name) for name in _KEYS if name not in self.columns})

    def _nearest(self, standing: list[KnownTraining], facts: TrainingFacts) -> KnownTraining | None:
        """Of several rows of one identity the one that says the same, else one that a workbook may correct."""
        same = (record for record in standing if self._wanted(record, facts) == record.facts)
        free = (record for record in standing if not record.fixed)
        return next(same, None) or next(free, None) or next(iter(standing), None)

    def _remark(self, row: TrainingRow, key: TrainingKey) -> None:
        if row.delivered_by:
            unit = self.units.unit(row.delivered_by)
            day = row.achieved_on
            if (unit.founded_on and day < unit.founded_on) or (unit.ended_on and day >= unit.ended_on):
                self.plan.warn(TRAINING, row.row, "delivered_by", "deliverer_not_in_force", value=row.delivered_by)
        number = row.certificate_no
        if number:
            others = self.known.certificates.get(number, set()) - {key}
            if self._certificates.setdefault(number, key) != key or others:
                self.plan.warn(TRAINING, row.row, "certificate_no", "repeated_certificate", value=number)
