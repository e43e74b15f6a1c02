"""The rows of the roster as they were read: values typed, nothing looked up yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lms.imports.findings import Finding
from lms.ledger.models import Area, Mode
from lms.people.models import Gender
from lms.units.models import Level, Sector, Selection, Title, UnitKind


@dataclass(frozen=True)
class UnitRow:
    """Đơn vị. `valid_from` None: from the founding, or (known unit, only one row) from the day of loading."""

    row: int
    code: str
    name: str
    level: Level
    parent: str | None = None
    sector: Sector | None = None
    kind: UnitKind | None = None
    members: int | None = None
    workers: int | None = None
    counted_on: date | None = None
    founded_on: date | None = None
    ended_on: date | None = None
    valid_from: date | None = None


@dataclass(frozen=True)
class TermRow:
    """Nhiệm kỳ."""

    row: int
    unit: str
    name: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class PostRow:
    """Cán bộ: a person and one post. Flags are None where the sheet has no such column."""

    row: int
    person: str
    full_name: str
    unit: str
    title: Title
    starts_on: date
    ends_on: date | None = None
    born_on: date | None = None
    born_year: int | None = None
    gender: Gender | None = None
    ethnicity: str | None = None
    email: str | None = None
    phone: str | None = None
    full_time: bool | None = None
    womens_affairs: bool | None = None
    selection: Selection | None = None
    first_time: bool | None = None


@dataclass(frozen=True)
class TrainingRow:
    """Bồi dưỡng."""

    row: int
    person: str
    areas: frozenset[Area]
    achieved_on: date
    title: str | None = None
    mode: Mode | None = None
    delivered_by: str | None = None
    delivered_level: Level | None = None
    hours: Decimal | None = None
    certificate_no: str | None = None
    evidence: str | None = None


Row = UnitRow | TermRow | PostRow | TrainingRow


@dataclass
class SheetRead:
    """A sheet as read.

    `rows`: the good ones, by row number · `columns`: keys of the columns that are there · `total`: rows in all ·
    `labels`: row number -> what the row is called in lists · `refused_codes`: the codes that refused rows would have
    brought in (rows that need them are refused too) · `header_row`: the header line as Excel counts it.
    """

    present: bool = False
    rows: dict[int, Row] = field(default_factory=dict)
    columns: frozenset[str] = frozenset()
    total: int = 0
    labels: dict[int, str] = field(default_factory=dict)
    refused_codes: set[str] = field(default_factory=set)
    header_row: int | None = None
    real_name: str = ""


@dataclass
class RosterRead:
    """A workbook as read, before anything was looked up."""

    sheets: Mapping[str, SheetRead]
    refused: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    not_loaded: list[str] = field(default_factory=list)
