"""What a workbook made by strangers holds, found out before a spreadsheet library lays it out in memory.

A sheet is laid out from its first to its last filled cell, and a text kept once stands in every cell that names it; a
small file can so become larger than any machine. Sheets are read here with a real XML parser, as there are many ways to
write the same cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

MAX_CELLS: Final = 3_000_000
"""Rows times columns of one sheet, up to its last filled cell."""
MAX_TEXT: Final = 256 * 1024 * 1024
"""Text of all cells together, each repetition counted."""

_PLACE: Final = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})")
_TEXT_END: Final = re.compile(rb"</(?:[\w.-]+:)?si\s*>")
_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384


class UnreadableSheetError(ValueError):
    """Not the XML of a sheet, or a cell outside of any sheet."""


@dataclass
class SheetExtent:
    """The last row and column with a filled cell (from 1), how many cells name a shared text, and the cells whose
    formula failed, by (row, column) from 0."""

    rows: int = 0
    columns: int = 0
    shared: int = 0
    shared_text: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        """How many cells the sheet takes when it is laid out."""
        return self.rows * self.columns


def column_letters(number: int) -> str:
    """The letters of a column counted from 1: 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def extents(parts: Mapping[str, bytes]) -> dict[str, SheetExtent]:
    """The extent of every part of a workbook that can be a sheet, by the part's name. Raises UnreadableSheetError."""
    return {name: _Scan().run(xml) for name, xml in parts.items() if b"sheetData" in xml}


def text_size(parts: Mapping[str, bytes], found: Mapping[str, SheetExtent]) -> int:
    """The characters of all shared texts where they stand, at least as far as it matters for MAX_TEXT."""
    lengths = max(([len(text) for text in _TEXT_END.split(xml)] for xml in _texts(parts)), key=max, default=[0])
    most = max(lengths) * sum(extent.shared for extent in found.values())
    return most if most <= MAX_TEXT else sum(_Scan(lengths).run(parts[name]).shared_text for name in found)


def _texts(parts: Mapping[str, bytes]) -> Iterable[bytes]:
    return (xml for xml in parts.values() if b"sheetData" not in xml and _TEXT_END.search(xml))


class _Scan:
    """One pass over a sheet's XML; `lengths` of the shared texts, where their sum is wanted."""

    def __init__(self, lengths: Sequence[int] = ()) -> None:
        self._found, self._lengths = SheetExtent(), lengths
        self._row = self._column = 0
        self._kind: str | None = None
        self._open = False
        self._columns: dict[str, int] = {}
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._refuse

    def run(self, xml: bytes) -> SheetExtent:
        try:
            self._parser.Parse(xml, True)
        except expat.ExpatError as error:
            raise UnreadableSheetError(str(error)) from error
        return self._found

    def _refuse(self, *_declared: object) -> None:
        raise UnreadableSheetError("a document type was declared")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell(attributes)
        elif name == "row":
            self._row, self._column = self._row_number(attributes.get("r")), 0
            self._open = False
        elif self._open:
            self._filled(name)

    def _cell(self, attributes: dict[str, str]) -> None:
        self._parser.CharacterDataHandler = None
        place = attributes.get("r")
        if place is None:
            self._column += 1
        else:
            match = _PLACE.fullmatch(place)
            if match is None:
                raise UnreadableSheetError(place)
            letters = match[1]
            self._column = self._columns.get(letters) or self._columns.setdefault(letters, _column_number(letters))
            self._row = int(match[2])
        if self._row > _LAST_ROW or self._column > _LAST_COLUMN:
            raise UnreadableSheetError(place or "")
        self._kind, self._open = attributes.get("t"), True

    def _filled(self, child: str) -> None:
        """An element within a cell: the cell holds something."""
        found = self._found
        found.rows, found.columns = max(found.rows, self._row), max(found.columns, self._column)
        if child != "v":
            return
        if self._kind == "s":
            found.shared += 1
            if self._lengths:
                self._parser.CharacterDataHandler = self._shared_text
        elif self._kind == "e":
            found.errors[self._row - 1, self._column - 1] = "#?"
            self._parser.CharacterDataHandler = self._error_text
        self._open = False

    def _shared_text(self, words: str) -> None:
        if words.strip():
            number = int(words) if words.strip().isdecimal() else -1
            if not 0 <= number < len(self._lengths):
                raise UnreadableSheetError(words)
            self._found.shared_text += self._lengths[number]

    def _error_text(self, words: str) -> None:
        if words.strip():
            self._found.errors[self._row - 1, self._column - 1] = words.strip()[:20]

    def _row_number(self, given: str | None) -> int:
        if given is None:
            return self._row + 1
        if not re.fullmatch(r"\d{1,7}", given):
            raise UnreadableSheetError(given)
        return int(given)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
