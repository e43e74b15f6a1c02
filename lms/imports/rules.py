"""From the sheets of a workbook to the rows of the roster: which sheet is which, where its header is, what is data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

from lms.imports.cells import shown
from lms.imports.columns import (
    LAYOUTS,
    POSTS,
    TERMS,
    TRAINING,
    UNITS,
    HeaderLine,
    SheetLayout,
    find_header,
    sheet_named,
)
from lms.imports.encodings import legacy_encoding
from lms.imports.findings import Finding
from lms.imports.row_rules import RowReader, post_row, term_row, training_row, unit_row
from lms.imports.rows import RosterRead, Row, SheetRead
from lms.imports.vocabulary import word_key
from lms.sheets import Cell, Sheet

_TOTAL: Final = re.compile(
    r"(tong cong|tong so|tong|cong)( \d[\d ]*)?( (nguoi|dong|don vi|can bo|dong chi|luot|doan vien))?"
)
_CODE_KEYS: Final = {UNITS.name: "code", TERMS.name: "unit", POSTS.name: "person", TRAINING.name: "person"}
_LABEL_KEYS: Final = {UNITS.name: "name", TERMS.name: "unit", POSTS.name: "full_name", TRAINING.name: "person"}


def read_roster(sheets: Sequence[Sheet], today: date) -> RosterRead:
    """Read every sheet of the workbook that the roster knows; `today` is the day of loading."""
    read = RosterRead(sheets={layout.name: SheetRead() for layout in LAYOUTS})
    known = False
    for sheet in sheets:
        layout = sheet_named(sheet.name)
        known = known or layout is not None
        if isinstance(layout, str):
            read.not_loaded.append(layout)
        elif layout is None:
            _strange_sheet(sheet, read)
        elif read.sheets[layout.name].present:
            read.refused.append(Finding(layout.name, None, "", "sheet_twice", {"name": sheet.name}))
        else:
            _read_sheet(layout, sheet, read, today)
    if not known and not read.refused:
        params = {"names": "; ".join(layout.name for layout in LAYOUTS), "found": "; ".join(s.name for s in sheets)}
        read.refused.append(Finding("", None, "", "no_known_sheet", params))
    return read


def _strange_sheet(sheet: Sheet, read: RosterRead) -> None:
    encoding = legacy_encoding(sheet.name)
    if encoding:
        read.refused.append(Finding(sheet.name, None, "", f"encoding_{encoding.lower()}", {"value": sheet.name}))
    elif any(cell is not None for row in sheet.rows for cell in row):
        read.notes.append(Finding(sheet.name, None, "", "unknown_sheet"))


def _filled(row: Sequence[Cell], places: Sequence[int]) -> bool:
    return any(place < len(row) and shown(row[place]) for place in places)


def _read_sheet(layout: SheetLayout, sheet: Sheet, read: RosterRead, today: date) -> None:
    target = read.sheets[layout.name]
    target.present, target.real_name = True, sheet.name
    header = find_header(layout, sheet.rows)
    if header is None:
        _without_header(layout, sheet, read)
        return
    if layout is POSTS:
        sheet, header = _with_whole_names(sheet, header)
    target.header_row = header.row + 1
    target.columns = frozenset(header.places)
    missing = [column for column in layout.columns if column.required and column.key not in header.places]
    for column in missing:
        read.refused.append(Finding(layout.name, header.row + 1, column.header, "missing_column"))
    for name in header.repeated:
        read.refused.append(Finding(layout.name, header.row + 1, name, "repeated_column"))
    if header.unknown:
        read.notes.append(
            Finding(layout.name, header.row + 1, "", "extra_columns", {"names": "; ".join(header.unknown)})
        )
    for index in _data_rows(layout, sheet, header, read):
        target.total += 1
        cells = sheet.rows[index]
        target.labels[index + 1] = _label(layout, header, cells)
        if missing or header.repeated:
            continue
        errors = (
            {column: value for (row, column), value in sheet.errors.items() if row == index} if sheet.errors else {}
        )
        reader = RowReader(layout, index + 1, header.places, cells, errors)
        parsed = _parse(layout, reader, index + 1, today)
        read.refused += reader.refused
        read.warnings += reader.warnings
        if parsed is None:
            target.refused_codes.add(shown(reader.cell(_CODE_KEYS[layout.name])))
        else:
            target.rows[index + 1] = parsed


def _with_whole_names(sheet: Sheet, header: HeaderLine) -> tuple[Sheet, HeaderLine]:
    """Names kept in two columns (Họ đệm and Tên, or one header merged over two) as one more column."""
    places = header.places
    if "full_name" in places:
        first, last = places["full_name"], sheet.wide.get((header.row, places["full_name"]), places["full_name"])
        parts = list(range(first, last + 1))
    else:
        parts = [places[key] for key in ("ho_dem", "ten") if key in places]
    if len(parts) < 2:
        return sheet, header
    width = max(len(row) for row in sheet.rows)
    rows = [
        [*row, *[None] * (width - len(row)), " ".join(shown(row[part]) for part in parts if part < len(row)).strip()]
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows), replace(header, places={**places, "full_name": width})


def _parse(layout: SheetLayout, reader: RowReader, row: int, today: date) -> Row | None:
    if layout is UNITS:
        return unit_row(reader, row)
    if layout is TERMS:
        return term_row(reader, row)
    return post_row(reader, row, today) if layout is POSTS else training_row(reader, row, today)


def _without_header(layout: SheetLayout, sheet: Sheet, read: RosterRead) -> None:
    texts = [shown(cell) for row in sheet.rows[:11] for cell in row if isinstance(cell, str)]
    if not texts:
        read.notes.append(Finding(layout.name, None, "", "empty_sheet"))
        return
    encoding = next((found for text in texts if (found := legacy_encoding(text))), None)
    if encoding:
        value = next(text for text in texts if legacy_encoding(text))
        read.refused.append(Finding(layout.name, 1, "", f"encoding_{encoding.lower()}", {"value": value}))
        return
    names = "; ".join(column.header for column in layout.columns if column.required)
    read.refused.append(Finding(layout.name, 1, "", "header_missing", {"names": names}))


def _data_rows(layout: SheetLayout, sheet: Sheet, header: HeaderLine, read: RosterRead) -> list[int]:
    """The rows that hold data: empty rows, a line of column numbers under the header and totals are left out."""
    places = list(header.places.values())
    indexes = []
    for index in range(header.row + 1, len(sheet.rows)):
        row = sheet.rows[index]
        if not _filled(row, places) and not any((index, place) in sheet.errors for place in places):
            continue
        if index == header.row + 1 and _numbers_columns(row):
            read.notes.append(Finding(layout.name, index + 1, "", "column_numbers"))
        elif _is_total(layout, header, row):
            read.notes.append(Finding(layout.name, index + 1, "", "total_row"))
        else:
            indexes.append(index)
    return indexes


def _numbers_columns(row: Sequence[Cell]) -> bool:
    words = [shown(cell).strip("()") for cell in row if shown(cell)]
    return (
        len(words) >= 3
        and all(word.isdigit() for word in words)
        and all(int(right) - int(left) == 1 for left, right in pairwise(words))
    )


def _is_total(layout: SheetLayout, header: HeaderLine, row: Sequence[Cell]) -> bool:
    """A row of totals says so in some cell and leaves at least two required cells without data."""
    required = [header.places[c.key] for c in layout.columns if c.required and c.key in header.places]
    filled = [place for place in required if place < len(row) and shown(row[place])]
    if len(filled) > len(required) - 2:
        return False
    return any(isinstance(cell, str) and _TOTAL.fullmatch(word_key(cell)) for cell in row)


def _label(layout: SheetLayout, header: HeaderLine, cells: Sequence[Cell]) -> str:
    for key in (_LABEL_KEYS[layout.name], _CODE_KEYS[layout.name]):
        place = header.places.get(key)
        if place is not None and place < len(cells) and shown(cells[place]):
            return shown(cells[place])[:120]
    return ""
