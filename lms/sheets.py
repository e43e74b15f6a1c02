"""Spreadsheets: reading .xlsx files that strangers made, writing .xlsx files that are safe to open.

A workbook is unpacked here first, within limits, and only what was unpacked is handed to the reader; so neither a
file that swells when unpacked nor a cell at the far end of a sheet can exhaust the memory.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Final
from xml.etree import ElementTree as ET

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from lms.errors import Refused
from lms.sheet_limits import MAX_CELLS, MAX_TEXT, SheetExtent, UnreadableSheetError, column_letters, extents, text_size

MB: Final = 1024 * 1024
MAX_UNPACKED: Final = 64 * MB
MAX_ENTRIES: Final = 1000
MAX_RATIO: Final = 100
"""Unpacked to packed, looked at from 4 MB up; sheets that people fill in stay below 40."""
Cell = str | float | int | bool | date | datetime | time | timedelta | None
"""What a cell holds; None: nothing."""

_NEEDED = re.compile(r"\[Content_Types\]\.xml|_rels/[^/]+|xl/[^/]+\.xml|xl/_rels/[^/]+|xl/worksheets/.*\.(xml|rels)")
_KINDS: Final = (
    (b"%PDF", "PDF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"<!DOCTYPE", "HTML"),
    (b"<html", "HTML"),
)


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0]` is the sheet's row 1. `errors`: cells whose formula failed, by (row, column) from 0."""

    name: str
    rows: list[list[Cell]]
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    wide: dict[tuple[int, int], int] = field(default_factory=dict)
    """Cells merged across columns, by (row, column): the last column of each."""


@dataclass(frozen=True)
class SheetOut:
    """A sheet to write: its header line, its rows, the width of each column in characters, notes under the header."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    choices: dict[int, Sequence[str]] = field(default_factory=dict)
    """For a column (from 0): the words that Excel offers there."""
    titles: Sequence[Sequence[Cell]] = ()
    """Lines above the header line."""


def read_workbook(content: bytes) -> list[Sheet]:
    """Every visible or hidden worksheet of an .xlsx file, in the file's order.

    Merged cells that run down one column give their value to each row. Raises Refused `workbook_empty`,
    `workbook_other_kind` (kind), `workbook_old_xls`, `workbook_encrypted`, `workbook_truncated`, `workbook_damaged`,
    `workbook_too_large` (limit, in MB) or `workbook_too_wide` (sheet, cell).
    """
    parts = _unpack(content)
    paths = _sheet_paths(parts)
    found = _extents(parts, paths)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(_pack(parts))) as book:
            sheets = []
            for meta in book.sheets_metadata:
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                rows: list[list[Cell]] = [
                    [None if value == "" else value for value in row] for row in sheet.to_python(skip_empty_area=False)
                ]
                merged = sheet.merged_cell_ranges or []
                _fill_down(rows, merged)
                wide = {(top, left): right for (top, left), (_, right) in merged if right > left}
                extent = found.get(paths.get(meta.name, ""), SheetExtent())
                sheets.append(Sheet(meta.name, rows, extent.errors, wide))
            return sheets
    except (CalamineError, ValueError, OSError, IndexError, KeyError) as error:
        raise Refused("workbook_damaged", field="file") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the reader, written in Rust, stumbled over
            raise
        raise Refused("workbook_damaged", field="file") from error


def _extents(parts: dict[str, bytes], paths: dict[str, str]) -> dict[str, SheetExtent]:
    """What each part that can be a sheet holds; refuses what would exhaust the memory when it is laid out."""
    try:
        found = extents(parts)
        text = text_size(parts, found)
    except UnreadableSheetError as error:
        raise Refused("workbook_damaged", field="file") from error
    for path, extent in found.items():
        if extent.cells > MAX_CELLS:
            name = next((name for name, place in paths.items() if place == path), path)
            cell = f"{column_letters(extent.columns)}{extent.rows}"
            raise Refused("workbook_too_wide", field="file", sheet=name, cell=cell)
    if text > MAX_TEXT:
        raise Refused("workbook_too_large", field="file", limit=MAX_UNPACKED // MB)
    return found


def _unpack(content: bytes) -> dict[str, bytes]:
    if not content.strip(b"\0 \r\n\t"):
        raise Refused("workbook_empty", field="file")
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise Refused("workbook_encrypted" if locked else "workbook_old_xls", field="file")
    if content[:2] != b"PK":
        raise Refused("workbook_other_kind", field="file", kind=_kind(content))
    if len(content) > MAX_UNPACKED:
        raise Refused("workbook_too_large", field="file", limit=MAX_UNPACKED // MB)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _within_limits(archive.infolist(), len(content))
            _is_workbook(set(archive.namelist()))
            if any(entry.flag_bits & 1 for entry in archive.infolist()):
                raise Refused("workbook_encrypted", field="file")
            return {e.filename: _inflate(archive, e) for e in archive.infolist() if _NEEDED.fullmatch(e.filename)}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        truncated = b"PK\x05\x06" not in content[-70_000:]
        raise Refused("workbook_truncated" if truncated else "workbook_damaged", field="file") from error


def _within_limits(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    swells = unpacked > 4 * MB and unpacked > MAX_RATIO * packed
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or swells:
        raise Refused("workbook_too_large", field="file", limit=MAX_UNPACKED // MB)


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The entry's bytes, as many as it declares; one that holds more than it declares is refused, not read on."""
    with archive.open(entry) as stream:
        found = stream.read(entry.file_size + 1)
    if len(found) != entry.file_size:
        raise zipfile.BadZipFile(entry.filename)
    return found


def _is_workbook(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    for name, kind in (
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "PowerPoint"),
        ("xl/workbook.bin", "xlsb"),
    ):
        if name in names:
            raise Refused("workbook_other_kind", field="file", kind=kind)
    raise Refused("workbook_other_kind", field="file", kind="OpenDocument" if "content.xml" in names else "ZIP")


def _kind(content: bytes) -> str:
    head = content.lstrip(b"\xef\xbb\xbf \r\n\t")
    for start, kind in _KINDS:
        if head[: len(start)].lower() == start.lower():
            return kind
    try:
        text = content[:4000].decode("utf-8", "ignore" if len(content) > 4000 else "strict")
    except UnicodeDecodeError:
        return "?"
    return "CSV" if "\0" not in text and any(mark in text for mark in ",;\t") else "?"


def _pack(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _sheet_paths(parts: dict[str, bytes]) -> dict[str, str]:
    book, links = parts["xl/workbook.xml"], parts.get("xl/_rels/workbook.xml.rels", b"<r/>")
    if b"<!DOCTYPE" in book or b"<!DOCTYPE" in links:
        raise Refused("workbook_damaged", field="file")
    try:
        targets = {link.get("Id"): link.get("Target", "") for link in ET.fromstring(links)}  # noqa: S314 - no DTD
        paths = {}
        for element in ET.fromstring(book).iter():  # noqa: S314 - no DTD
            if element.tag.rpartition("}")[2] == "sheet":
                key = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "id"), None)
                target = targets.get(key, "")
                paths[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    except ET.ParseError as error:
        raise Refused("workbook_damaged", field="file") from error
    return paths


def _fill_down(rows: list[list[Cell]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    filled = 0
    for (top, left), (bottom, right) in ranges:
        if left != right or top >= len(rows) or left >= len(rows[top]):
            continue
        filled += min(bottom, len(rows)) - top
        if filled > MAX_CELLS:
            raise Refused("workbook_damaged", field="file")
        for row in rows[top + 1 : bottom + 1]:
            if row[left] is None:
                row[left] = rows[top][left]


def write_workbook(sheets: Iterable[SheetOut]) -> bytes:
    """An .xlsx file: bold header line that stays in view, filter, dates as dates, text never taken as a formula."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the same content gives the same bytes
        bold = book.add_format({"bold": True, "bg_color": "#E3EEF9", "border": 1, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            top = len(sheet.titles)
            page.write_row(top, 0, sheet.header, bold)
            page.freeze_panes(top + 1, 0)
            last = top
            for last, row in enumerate(chain(sheet.titles, [()], sheet.rows)):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(last, column, value, day)
                    elif isinstance(value, str | time | timedelta):
                        page.write_string(last, column, str(value), text)
                    elif value is not None:
                        page.write(last, column, value)
            page.autofilter(top, 0, max(last, top + 1), max(len(sheet.header) - 1, 0))
            for column, width in enumerate(sheet.widths):
                page.set_column(column, column, width)
            for column, words in sheet.choices.items():
                assert len(",".join(words)) <= 255, "Excel takes no longer list"
                page.data_validation(
                    top + 1,
                    column,
                    10_000,
                    column,
                    {"validate": "list", "source": list(words), "error_type": "warning"},
                )
    return out.getvalue()
