"""The report of a check or a load: counts, findings and the fate of every row; as JSON for people and for keeping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.imports.columns import LAYOUTS
from lms.imports.findings import Finding
from lms.imports.messages import words_for
from lms.imports.planned import Detail, Plan, RowState
from lms.imports.rows import RosterRead


@dataclass(frozen=True)
class RowResult:
    """The fate of a row: its number in Excel, what it is called, state, and for a changed row what changes."""

    row: int
    label: str
    state: RowState
    details: list[Detail] = field(default_factory=list)


@dataclass
class Report:
    """What a check found and whether it was loaded."""

    sheets: dict[str, dict[str, int]]
    rows: dict[str, list[RowResult]]
    refused: list[Finding]
    warnings: list[Finding]
    notes: list[Finding]
    not_loaded: list[str]
    loaded: bool = False

    @classmethod
    def of(cls, read: RosterRead, plan: Plan, names: Mapping[str, str]) -> Report:
        """The report of a plan; `names` gives people's names for rows that know only their code."""
        rows: dict[str, list[RowResult]] = {}
        counts: dict[str, dict[str, int]] = {}
        for layout in LAYOUTS:
            sheet, states = read.sheets[layout.name], plan.states[layout.name]
            details = plan.details[layout.name]
            rows[layout.name] = [
                RowResult(row, names.get(label, label), states.get(row, RowState.refused), details.get(row, []))
                for row, label in sorted(sheet.labels.items())
            ]
            counts[layout.name] = {"rows": sheet.total, **{state.value: 0 for state in RowState}}
            for result in rows[layout.name]:
                counts[layout.name][result.state.value] += 1
        return cls(counts, rows, plan.refused, plan.warnings, read.notes, read.not_loaded)

    @property
    def refused_rows(self) -> int:
        """How many rows were refused."""
        return sum(counts["refused"] for counts in self.sheets.values())

    @property
    def good_rows(self) -> int:
        """How many rows can be loaded."""
        return sum(counts["rows"] - counts["refused"] for counts in self.sheets.values())

    @property
    def total_rows(self) -> int:
        """How many rows there are."""
        return sum(counts["rows"] for counts in self.sheets.values())

    @property
    def changes(self) -> int:
        """How many rows would add or change something."""
        return sum(counts["new"] + counts["changed"] for counts in self.sheets.values())

    def summary(self, translate: Callable[[str], str] = str) -> dict[str, Any]:
        """The report as the command prints it."""

        def told(findings: list[Finding]) -> list[dict[str, Any]]:
            return [
                {
                    "sheet": finding.sheet,
                    "row": finding.row,
                    "column": finding.column,
                    "code": finding.code,
                    "message": words_for(finding.code, finding.params, translate),
                }
                for finding in findings
            ]

        return {
            "sheets": self.sheets,
            "not_loaded": self.not_loaded,
            "notes": told(self.notes),
            "warnings": told(self.warnings),
            "refused": told(self.refused),
            "loaded": self.loaded,
        }

    def stored(self) -> dict[str, Any]:
        """The whole report as JSON to keep with the upload; `restored` reads it back."""

        def kept(findings: list[Finding]) -> list[list[Any]]:
            return [[f.sheet, f.row, f.column, f.code, dict(f.params)] for f in findings]

        return {
            "sheets": self.sheets,
            "rows": {
                name: [[r.row, r.label, r.state.value, r.details] for r in rows] for name, rows in self.rows.items()
            },
            "refused": kept(self.refused),
            "warnings": kept(self.warnings),
            "notes": kept(self.notes),
            "not_loaded": self.not_loaded,
            "loaded": self.loaded,
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Report:
        """A report that was kept (the database may have turned the order of its sheets)."""

        def findings(rows: list[list[Any]]) -> list[Finding]:
            return [Finding(*row) for row in rows]

        return cls(
            {layout.name: kept["sheets"][layout.name] for layout in LAYOUTS},
            {
                name: [
                    RowResult(row, label, RowState(state), [(d[0], d[1], d[2]) for d in details])
                    for row, label, state, details in rows
                ]
                for name, rows in ((layout.name, kept["rows"][layout.name]) for layout in LAYOUTS)
            },
            findings(kept["refused"]),
            findings(kept["warnings"]),
            findings(kept["notes"]),
            kept["not_loaded"],
            kept["loaded"],
        )
