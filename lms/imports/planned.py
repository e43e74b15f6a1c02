"""A plan: what loading a workbook would do, row by row, and the changes themselves."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from lms.imports.cells import shown
from lms.imports.columns import LAYOUTS, SheetLayout
from lms.imports.findings import Finding
from lms.imports.known import PersonFacts, PostFacts, PostKey, TrainingFacts, TrainingKey, Versions
from lms.imports.rows import RosterRead
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


class RowState(enum.Enum):
    """What loading does to a row."""

    new = "new"
    changed = "changed"
    unchanged = "unchanged"
    refused = "refused"


Detail = tuple[str, str, str]
"""A column's header, what stands now, what the row says."""


@dataclass
class UnitChange:
    """A unit to make (`id` None) or to change; `versions` is the whole list it shall have, None: as it is."""

    code: str
    id: int | None
    founded_on: date | None
    ended_on: date | None
    versions: Versions | None
    counts: dict[date, tuple[int | None, int | None]]


@dataclass(frozen=True)
class TermChange:
    """A term to open or to change."""

    unit: str
    starts_on: date
    name: str
    ends_on: date | None
    known: bool


@dataclass(frozen=True)
class PersonChange:
    """A person to make (`id` None) or to change."""

    code: str
    id: int | None
    facts: PersonFacts


@dataclass(frozen=True)
class PostChange:
    """A post to open (`id` None) or to change."""

    key: PostKey
    id: int | None
    facts: PostFacts


@dataclass(frozen=True)
class TrainingChange:
    """A row for the ledger; `replaces` is the row that it corrects, `number` counts the rows of the same identity."""

    key: TrainingKey
    facts: TrainingFacts
    replaces: int | None
    number: int


@dataclass
class Plan:
    """The result of a check."""

    states: dict[str, dict[int, RowState]] = field(default_factory=lambda: {layout.name: {} for layout in LAYOUTS})
    details: dict[str, dict[int, list[Detail]]] = field(default_factory=lambda: {layout.name: {} for layout in LAYOUTS})
    refused: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    units: list[UnitChange] = field(default_factory=list)
    terms: list[TermChange] = field(default_factory=list)
    people: list[PersonChange] = field(default_factory=list)
    posts: list[PostChange] = field(default_factory=list)
    training: list[TrainingChange] = field(default_factory=list)

    def refuse(self, layout: SheetLayout, row: int, key: str, code: str, **params: object) -> None:
        """Refuse a row, the column `key` being at fault."""
        self.refused.append(Finding(layout.name, row, layout.header(key), code, params))
        self.states[layout.name][row] = RowState.refused

    def warn(self, layout: SheetLayout, row: int, key: str, code: str, **params: object) -> None:
        """Remark on a row that is loaded all the same."""
        self.warnings.append(Finding(layout.name, row, layout.header(key), code, params))

    def settle(self, layout: SheetLayout, row: int, state: RowState, details: Iterable[Detail] = ()) -> None:
        """Say what becomes of a row that is not refused."""
        self.states[layout.name][row] = state
        found = list(details)
        if found:
            self.details[layout.name][row] = found

    def is_refused(self, layout: SheetLayout, row: int) -> bool:
        """Whether the row was refused."""
        return self.states[layout.name].get(row) is RowState.refused

    @property
    def empty(self) -> bool:
        """Whether loading would change nothing."""
        return not (self.units or self.terms or self.people or self.posts or self.training)


def started(read: RosterRead) -> Plan:
    """A plan that holds what reading already found."""
    plan = Plan(refused=list(read.refused), warnings=list(read.warnings))
    for name, sheet in read.sheets.items():
        for row in sheet.labels:
            if row not in sheet.rows:
                plan.states[name][row] = RowState.refused
    return plan


_VOCABULARIES = (
    LEVEL_WORDS,
    SECTOR_WORDS,
    KIND_WORDS,
    TITLE_WORDS,
    SELECTION_WORDS,
    MODE_WORDS,
    GENDER_WORDS,
    AREA_WORDS,
)


def as_written(value: object) -> str:
    """A typed value in the words of the workbook, for details and exports."""
    if value is None or isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, enum.Enum):
        return next((words.labels[value] for words in _VOCABULARIES if value in words.labels), "")  # type: ignore[index]
    if isinstance(value, frozenset):
        return "; ".join(AREA_WORDS.labels[area] for area in Area if area in value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f").replace(".", ",")
    return shown(value) if isinstance(value, str | int | float | date | datetime) else str(value)
