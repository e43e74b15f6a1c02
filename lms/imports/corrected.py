"""The uploaded workbook once more, with what the check says beside every row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from lms.i18n import N_
from lms.imports.cells import shown
from lms.imports.columns import SheetLayout, find_header, sheet_named
from lms.imports.labels import ROW_STATES
from lms.imports.messages import words_for
from lms.imports.planned import RowState
from lms.imports.report import Report
from lms.imports.vocabulary import word_key
from lms.sheets import Cell, Sheet, SheetOut, read_workbook, write_workbook

RESULT = N_("Kết quả kiểm tra")


def corrected_workbook(content: bytes, report: Report, translate: Callable[[str], str] = str) -> bytes:
    """The same sheets with a column "Kết quả kiểm tra": why a row is refused, remarks, else what becomes of it.

    The column's header stays Vietnamese, so that it is known and left out when the file comes back.
    """
    results = _results(report, translate)
    return write_workbook(_sheet(sheet, results) for sheet in read_workbook(content))


def _results(report: Report, translate: Callable[[str], str]) -> dict[tuple[str, int], str]:
    told: dict[tuple[str, int], list[str]] = defaultdict(list)
    for finding in (*report.refused, *report.warnings):
        if finding.row is not None:
            words = words_for(finding.code, finding.params, translate)
            told[finding.sheet, finding.row].append(f"{finding.column}: {words}" if finding.column else words)
    results = {key: " ".join(words) for key, words in told.items()}
    for name, rows in report.rows.items():
        for row in rows:
            state = translate(ROW_STATES[row.state])
            found = results.get((name, row.row))
            results[name, row.row] = f"{state}. {found}" if found else state
            if row.state is RowState.changed:
                changes = "; ".join(f"{header}: {old or '–'} → {new or '–'}" for header, old, new in row.details)
                results[name, row.row] = f"{results[name, row.row]}. {changes}"
    return results


def _sheet(sheet: Sheet, results: dict[tuple[str, int], str]) -> SheetOut:
    layout = sheet_named(sheet.name)
    name = re.sub(r"[\[\]:*?/\\]", " ", sheet.name)[:31]
    rows = [_with_errors(sheet, index) for index in range(len(sheet.rows))]
    if not isinstance(layout, SheetLayout) or not rows:
        return SheetOut(name, [shown(cell) for cell in rows[0]] if rows else [], rows[1:])
    header = find_header(layout, sheet.rows)
    top = header.row if header else 0
    width = max(len(row) for row in rows)
    known = [
        place for place, cell in enumerate(rows[top]) if isinstance(cell, str) and word_key(cell) == word_key(RESULT)
    ]
    place = known[0] if known else width
    lines: list[Sequence[Cell]] = []
    for index, row in enumerate(rows):
        line = [*row, *[None] * (max(width, place + 1) - len(row))]
        line[place] = RESULT if index == top else results.get((layout.name, index + 1))
        lines.append(line)
    widths = [16] * place + [70]
    return SheetOut(name, [shown(cell) for cell in lines[top]], lines[top + 1 :], widths, {}, lines[:top])


def _with_errors(sheet: Sheet, index: int) -> list[Cell]:
    row = list(sheet.rows[index])
    for (at, column), value in sheet.errors.items():
        if at == index and column < len(row):
            row[column] = value
    return row
