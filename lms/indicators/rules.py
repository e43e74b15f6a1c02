"""What a programme says, as values, and the arithmetic of its figures. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lms.audiences.rules import PostRule
from lms.ledger.models import Area
from lms.temporal import add_years
from lms.units.models import Level


class ClockKind(enum.Enum):
    """What restricts the day of achievement (PROGRAMMES.md, common rule 4)."""

    ever = "ever"
    programme = "programme"
    year = "year"
    term = "term"


class State(enum.Enum):
    """What a value says."""

    met = "met"
    not_met = "not_met"
    no_target = "no_target"
    no_data = "no_data"
    nobody = "nobody"


class Reason(enum.Enum):
    """Why somebody who might have been expected in the denominator is not counted; the first that fits is told."""

    designated = "designated"
    """Holds the post by designation, not by election (PROGRAMMES.md, Words)."""
    members_unknown = "members_unknown"
    """Chair of a grassroots union without a known member count."""
    workers_unknown = "workers_unknown"
    sector_unknown = "sector_unknown"
    no_requirement = "no_requirement"
    """The requirement matrix has nothing for the post."""
    flag_unknown = "flag_unknown"
    """The roster had no column for a flag that the rule needs."""


@dataclass(frozen=True)
class Case:
    """For posts that `when` holds for (the first case that fits): the areas, at least one of which, or with
    `every` all of which, the ledger must have. Empty areas: any training."""

    when: PostRule
    areas: tuple[Area, ...] = ()
    every: bool = False


@dataclass(frozen=True)
class Trained:
    """When a post's holder counts as trained.

    `delivered_level`: only training delivered by that level; with `level_mapping` the level of the nearest ancestor
    above grassroots delivers in place of a `direct_upper` that is not there. `certificate`: only with a certificate
    in force. `all_posts`: a person with several qualifying posts must meet the rule for each.
    """

    cases: tuple[Case, ...]
    delivered_level: Level | None = None
    level_mapping: bool = False
    certificate: bool = False
    all_posts: bool = False


@dataclass(frozen=True)
class Deadline:
    """By when the target is due: years after the start of the unit's term, or a day (its end)."""

    term_years: int | None = None
    on: date | None = None


def _say(thing: object, english: Mapping[str, str], key: str, locale: str) -> str:
    told = english.get(key) if locale == "en" else None
    return told or str(getattr(thing, key) or "")


@dataclass(frozen=True)
class Indicator:
    """One computed indicator of a programme."""

    code: str
    name: str
    clause: str
    denominator_text: str
    numerator_text: str
    population: PostRule
    trained: Trained
    clock: ClockKind
    target: int | None = None
    strive: bool = False
    deadline: Deadline | None = None
    people: str = ""
    english: Mapping[str, str] = field(default_factory=dict)

    def flags(self) -> frozenset[str]:
        """The columns of a post that the population or the cases of the rule for training read."""
        return self.population.flags().union(*(case.when.flags() for case in self.trained.cases))

    def say(self, key: str, locale: str) -> str:
        """One of the texts (`name`, `clause`, `denominator_text`, `numerator_text`, `people`) in a language."""
        return _say(self, self.english, key, locale)


@dataclass(frozen=True)
class Programme:
    """A programme: its source document, period and indicators. No `last_day`: it goes on."""

    code: str
    name: str
    short_name: str
    source: str
    first_day: date
    last_day: date | None
    version: int
    indicators: tuple[Indicator, ...]
    elearning: str | None = None
    english: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, locale: str) -> str:
        """One of the texts (`name`, `short_name`, `source`, `elearning`) in a language."""
        return _say(self, self.english, key, locale)

    def indicator(self, code: str) -> Indicator | None:
        """The indicator with that code."""
        return next((indicator for indicator in self.indicators if indicator.code == code), None)

    def opens_on(self, today: date) -> date:
        """The day on which its page opens: today, or its last day when it has ended."""
        return today if self.last_day is None else min(today, self.last_day)


def percent_tenths(numerator: int, denominator: int) -> int | None:
    """numerator / denominator in tenths of a percent, half up, in whole numbers; None for an empty denominator.

    Below zero (differences) halves go away from zero.
    """
    if denominator <= 0:
        return None
    tenths = (abs(numerator) * 2000 + denominator) // (2 * denominator)
    return tenths if numerator >= 0 else -tenths


def percent(numerator: int, denominator: int) -> float | None:
    """The percentage with one decimal, half up (PROGRAMMES.md, common rule 6)."""
    tenths = percent_tenths(numerator, denominator)
    return None if tenths is None else tenths / 10


def is_met(numerator: int, denominator: int, target: int) -> bool:
    """Whether the target (whole percent) is met, in whole numbers."""
    return denominator > 0 and numerator * 100 >= target * denominator


def missing_for_target(numerator: int, denominator: int, target: int | None) -> int:
    """How many more people must be trained to meet the target (none set: everybody); 0 when it is met."""
    needed = -(-(100 if target is None else target) * denominator // 100)
    return max(0, needed - numerator)


def state_of(numerator: int, denominator: int, target: int | None, *, roster: bool, unknown: bool = False) -> State:
    """The state of a value (PROGRAMMES.md, common rule 5 and States).

    `roster`: the subtree has at least one post in force, and each column of a post that the rule reads is known of
    one (ROSTER.md: an absent column means unknown). `unknown`: nothing is known of a fact about units that the rule
    needs, or somebody may belong, so that an empty denominator says nothing.
    """
    if not roster or (denominator == 0 and unknown):
        return State.no_data
    if denominator == 0:
        return State.nobody
    if target is None:
        return State.no_target
    return State.met if is_met(numerator, denominator, target) else State.not_met


def window_start(clock: ClockKind, programme: Programme, on: date) -> date | None:
    """The first day that counts; None for no bound (`ever`) and for `term`, whose start belongs to each unit."""
    if clock is ClockKind.programme:
        return programme.first_day
    return date(on.year, 1, 1) if clock is ClockKind.year else None


def window_end(clock: ClockKind, programme: Programme, on: date) -> date:
    """The last day that counts: D, or the programme's last day where that is earlier."""
    return programme.opens_on(on) if clock is ClockKind.programme else on


def due_before(on: date, years: int) -> date:
    """The terms whose deadline (start + `years`) has passed on that day are those that began before this day."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return date(on.year - years, 3, 1)


def year_before(on: date) -> date:
    """The same day a year before; 29 February becomes 28 February."""
    return add_years(on, -1)
