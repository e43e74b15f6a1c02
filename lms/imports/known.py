"""What the installation already knows of the codes that a workbook speaks of, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lms.ledger.models import Area, Mode
from lms.people.models import Gender
from lms.units.models import Level, Sector, Selection, Title, UnitKind


@dataclass(frozen=True)
class VersionFacts:
    """What a unit is over a period; `parent` is a code."""

    name: str
    level: Level
    parent: str | None
    sector: Sector | None
    kind: UnitKind | None


Versions = list[tuple[date, VersionFacts]]
"""Each holds from its day until the next one's; in order."""


@dataclass
class KnownUnit:
    """A unit with its dated rows. `within`: it lies in the loader's scope."""

    id: int
    code: str
    founded_on: date | None
    ended_on: date | None
    versions: Versions
    within: bool = True
    counts: dict[date, tuple[int | None, int | None]] = field(default_factory=dict)
    terms: dict[date, tuple[str, date | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonFacts:
    """What the roster says of a person."""

    full_name: str
    born_on: date | None
    born_year: int | None
    gender: Gender | None
    ethnicity: str | None
    email: str | None
    phone: str | None


@dataclass(frozen=True)
class KnownPerson:
    """A person. `within`: ever held a post in the loader's scope (or never one at all); `owned`: holds one there now,
    or nowhere else; `guarded`: holds a role that the loader could not have given."""

    id: int
    facts: PersonFacts
    within: bool = True
    owned: bool = True
    guarded: bool = False


@dataclass(frozen=True)
class PostFacts:
    """What the roster says of a post, its identity apart."""

    ends_on: date | None
    full_time: bool | None
    womens_affairs: bool | None
    selection: Selection | None
    first_time: bool | None


PostKey = tuple[str, str, Title, date]
"""Person's code, unit's code, title, first day: a post's identity."""

TrainingKey = tuple[str, date, frozenset[Area], str | Level | None, str | None]
"""Person's code, completion date, areas, deliverer (a unit's code, else a level), certificate number."""


@dataclass(frozen=True)
class TrainingFacts:
    """What the roster says of an achievement, its identity apart."""

    title: str | None
    mode: Mode | None
    delivered_level: Level | None
    hours: Decimal | None
    evidence: str | None


@dataclass(frozen=True)
class KnownTraining:
    """A row of the ledger. `fixed`: recorded by the platform itself, so that no workbook changes it."""

    id: int
    facts: TrainingFacts
    fixed: bool
    voided: bool


@dataclass
class Known:
    """Everything a plan is made against. `scoped`: the loader answers for a part of the installation only."""

    units: dict[str, KnownUnit] = field(default_factory=dict)
    people: dict[str, KnownPerson] = field(default_factory=dict)
    posts: dict[PostKey, tuple[int, PostFacts]] = field(default_factory=dict)
    training: dict[TrainingKey, list[KnownTraining]] = field(default_factory=dict)
    certificates: dict[str, set[TrainingKey]] = field(default_factory=dict)
    person_codes: Iterable[str] = ()
    above: frozenset[str] = frozenset()
    """Codes of the units above the scope: they may be named as deliverers."""
    scoped: bool = False


def in_force(versions: Versions, day: date) -> VersionFacts | None:
    """The version that holds on a day."""
    found = None
    for start, facts in versions:
        if start > day:
            break
        found = facts
    return found
