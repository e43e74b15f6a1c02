"""A report as the page shows it: sheets, one sheet's rows under a filter, remarks on the whole file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from lms.imports.findings import Finding
from lms.imports.messages import words_for
from lms.imports.planned import RowState
from lms.imports.report import Report, RowResult
from lms.text import slugify

ORDER = (RowState.refused, RowState.changed, RowState.new, RowState.unchanged)
"""What needs a look comes first."""


def words(finding: Finding) -> str:
    """A finding in the reader's language."""
    return words_for(finding.code, finding.params, gettext)


@dataclass(frozen=True)
class SheetView:
    """A sheet of the report: its slug, counts, its rows that pass the filter, and the remarks on each row."""

    name: str
    slug: str
    counts: dict[str, int]
    rows: Sequence[RowResult]
    remarks: dict[int, list[Finding]]


def sheet_names(report: Report) -> list[tuple[str, str]]:
    """(slug, name) of the sheets that have rows."""
    return [(slugify(name), name) for name, counts in report.sheets.items() if counts["rows"]]


def chosen_sheet(report: Report, slug: str | None) -> str | None:
    """The sheet asked for, else the first with refused rows, else the first that changes something, else the first."""
    names = [name for _, name in sheet_names(report)]
    asked = [name for name in names if slugify(name) == slug]
    bad = [name for name in names if report.sheets[name]["refused"]]
    busy = [name for name in names if report.sheets[name]["new"] + report.sheets[name]["changed"]]
    return next(iter([*asked, *bad, *busy, *names]), None)


def sheet_view(report: Report, name: str, state: RowState | None) -> SheetView:
    """One sheet; `state` leaves only those rows."""
    remarks: dict[int, list[Finding]] = defaultdict(list)
    for finding in (*report.refused, *report.warnings):
        if finding.sheet == name and finding.row is not None:
            remarks[finding.row].append(finding)
    rows = [row for row in report.rows[name] if state is None or row.state is state]
    rows.sort(key=lambda row: (ORDER.index(row.state), row.row))
    return SheetView(name, slugify(name), report.sheets[name], rows, remarks)


def file_findings(report: Report) -> list[Finding]:
    """What is refused about the file or a sheet as a whole, not about a row of data."""
    rows = {(name, row.row) for name, results in report.rows.items() for row in results}
    return [finding for finding in report.refused if (finding.sheet, finding.row) not in rows]
