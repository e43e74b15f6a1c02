"""From the cells of one row to a typed row of the roster, with every fault of the row named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from lms.imports.cells import (
    Unreadable,
    is_unknown,
    read_birth,
    read_count,
    read_date,
    read_flag,
    read_hours,
    read_phone,
    read_text,
    read_word,
    shown,
)
from lms.imports.columns import SheetLayout
from lms.imports.encodings import legacy_encoding
from lms.imports.findings import Finding
from lms.imports.rows import PostRow, TermRow, TrainingRow, UnitRow
from lms.imports.vocabulary import (
    AREA_WORDS,
    GENDER_WORDS,
    KIND_WORDS,
    LEVEL_WORDS,
    MODE_WORDS,
    SECTOR_WORDS,
    SELECTION_WORDS,
    TITLE_WORDS,
)
from lms.ledger.models import Area
from lms.sheets import Cell
from lms.text import fold
from lms.units.models import Selection

V = TypeVar("V")


class RowReader:
    """Reads the cells of one row; collects the faults and remarks instead of stopping at the first."""

    def __init__(
        self, layout: SheetLayout, row: int, places: dict[str, int], cells: Sequence[Cell], errors: dict[int, str]
    ) -> None:
        self._layout, self._row, self._places, self._cells, self._errors = layout, row, places, cells, errors
        self.refused: list[Finding] = []
        self.warnings: list[Finding] = []

    @property
    def columns(self) -> frozenset[str]:
        """The keys of the columns that the sheet has."""
        return frozenset(self._places)

    def cell(self, key: str) -> Cell:
        """What the row holds in a column; None where the column is absent."""
        place = self._places.get(key)
        return self._cells[place] if place is not None and place < len(self._cells) else None

    def refuse(self, key: str, code: str, **params: object) -> None:
        """Note a fault of a column."""
        self.refused.append(Finding(self._layout.name, self._row, self._layout.header(key), code, params))

    def warn(self, key: str, code: str, **params: object) -> None:
        """Note a remark on a column."""
        self.warnings.append(Finding(self._layout.name, self._row, self._layout.header(key), code, params))

    def read(self, key: str, how: Callable[[Cell], V]) -> V | None:
        """The value of a column, or None with the fault noted."""
        place = self._places.get(key)
        if place in self._errors:
            self.refuse(key, "formula_error", value=self._errors[place])
            return None
        value = self.cell(key)
        if isinstance(value, str):
            encoding = legacy_encoding(value)
            if encoding:
                self.refuse(key, f"encoding_{encoding.lower()}", value=shown(value))
                return None
        if shown(value) == "" and self._layout.column(key).required:
            self.refuse(key, "required")
            return None
        try:
            return how(value)
        except Unreadable as fault:
            birth = key == "born" and fault.code == "date_impossible"
            self.refuse(key, "birth_impossible" if birth else fault.code, **fault.params)
            return None

    def text(self, key: str, limit: int) -> str | None:
        """The text of a column."""
        return self.read(key, lambda value: read_text(value, limit))

    def flag(self, key: str) -> bool | None:
        """A flag; None where the column is absent: unknown, not no."""
        return self.read(key, read_flag) if key in self._places else None

    def period(self, starts_on: date | None, ends_on: date | None, key: str = "ends_on") -> None:
        """Refuse an end that is not after the start."""
        if starts_on and ends_on and ends_on <= starts_on:
            self.refuse(key, "end_not_after_start", start=shown(starts_on), end=shown(ends_on))


def unit_row(reader: RowReader, row: int) -> UnitRow | None:
    """A row of Đơn vị."""
    code = reader.text("code", 40)
    name = reader.text("name", 200)
    level = reader.read("level", lambda value: read_word(value, LEVEL_WORDS))
    parsed = UnitRow(
        row=row,
        code=code or "",
        name=name or "",
        level=level,  # type: ignore[arg-type]
        parent=reader.text("parent", 40),
        sector=reader.read("sector", lambda value: read_word(value, SECTOR_WORDS)),
        kind=reader.read("kind", lambda value: read_word(value, KIND_WORDS)),
        members=reader.read("members", read_count),
        workers=reader.read("workers", read_count),
        counted_on=reader.read("counted_on", read_date),
        founded_on=reader.read("founded_on", read_date),
        ended_on=reader.read("ended_on", read_date),
        valid_from=reader.read("valid_from", read_date),
    )
    reader.period(parsed.founded_on, parsed.ended_on, "ended_on")
    if parsed.parent and parsed.parent == parsed.code:
        reader.refuse("parent", "cycle", path=f"{parsed.code} → {parsed.code}")
    if parsed.members is not None and parsed.workers is not None and parsed.members > parsed.workers:
        reader.warn("members", "members_above_workers", members=parsed.members, workers=parsed.workers)
    return None if reader.refused else parsed


def term_row(reader: RowReader, row: int) -> TermRow | None:
    """A row of Nhiệm kỳ."""
    unit, name = reader.text("unit", 40), reader.text("name", 40)
    starts_on, ends_on = reader.read("starts_on", read_date), reader.read("ends_on", read_date)
    reader.period(starts_on, ends_on)
    if reader.refused or starts_on is None:
        return None
    return TermRow(row, unit or "", name or "", starts_on, ends_on)


def post_row(reader: RowReader, row: int, today: date) -> PostRow | None:
    """A row of Cán bộ. A post filled in no stated way, in a sheet that has the column, is `unstated`."""
    person, full_name = reader.text("person", 40), reader.text("full_name", 120)
    if full_name and (
        len(full_name.rpartition(" ")[2]) > 60 or len(full_name.rpartition(" ")[0]) > 110 or len(fold(full_name)) > 120
    ):
        reader.refuse("full_name", "name_unlikely", value=full_name)
    born = reader.read("born", lambda value: read_birth(value, today)) or (None, None)
    email = reader.text("email", 200)
    if email and (email.count("@") != 1 or " " in email or "." not in email.rpartition("@")[2]):
        reader.warn("email", "email_unlikely", value=email)
    phone = reader.read("phone", read_phone)
    if phone and not phone.isdigit():
        reader.warn("phone", "phone_unlikely", value=phone)
    selection = None
    if "selection" in reader.columns and not is_unknown(reader.cell("selection")):
        stated = reader.read("selection", lambda value: read_word(value, SELECTION_WORDS))
        selection = stated or Selection.unstated
    parsed = PostRow(
        row=row,
        person=person or "",
        full_name=full_name or "",
        unit=reader.text("unit", 40) or "",
        title=reader.read("title", lambda value: read_word(value, TITLE_WORDS)),  # type: ignore[arg-type, return-value]
        starts_on=reader.read("starts_on", read_date),  # type: ignore[arg-type]
        ends_on=reader.read("ends_on", read_date),
        born_on=born[0],
        born_year=born[1],
        gender=reader.read("gender", lambda value: read_word(value, GENDER_WORDS)),
        ethnicity=reader.text("ethnicity", 40),
        email=email.lower() if email else None,
        phone=phone,
        full_time=reader.flag("full_time"),
        womens_affairs=reader.flag("womens_affairs"),
        selection=selection,
        first_time=reader.flag("first_time"),
    )
    reader.period(parsed.starts_on, parsed.ends_on)
    return None if reader.refused else parsed


def _areas(value: Cell) -> frozenset[Area]:
    words = [word for word in shown(value).split(";") if word.strip()]
    found = [read_word(word, AREA_WORDS) for word in words]
    if not found:
        raise Unreadable("required")
    return frozenset(area for area in found if area)


def training_row(reader: RowReader, row: int, today: date) -> TrainingRow | None:
    """A row of Bồi dưỡng."""
    achieved_on = reader.read("achieved_on", read_date)
    if achieved_on and achieved_on > today:
        reader.refuse("achieved_on", "completed_in_future", value=shown(achieved_on), today=shown(today))
    parsed = TrainingRow(
        row=row,
        person=reader.text("person", 40) or "",
        areas=reader.read("areas", _areas) or frozenset(),
        achieved_on=achieved_on,  # type: ignore[arg-type]
        title=reader.text("title", 300),
        mode=reader.read("mode", lambda value: read_word(value, MODE_WORDS)),
        delivered_by=reader.text("delivered_by", 40),
        delivered_level=reader.read("delivered_level", lambda value: read_word(value, LEVEL_WORDS)),
        hours=reader.read("hours", read_hours),
        certificate_no=reader.text("certificate_no", 80),
        evidence=reader.text("evidence", 10_000),
    )
    return None if reader.refused else parsed
