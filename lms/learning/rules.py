"""Rules of learning: what is still missing, whether another attempt is allowed, the result of an attempt, and which
unit delivered the training. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from lms.units.models import Level


@dataclass(frozen=True)
class Missing:
    """What a learner still has to do: ids of required lessons unread and of tests not passed, in course order."""

    lessons: tuple[int, ...]
    quizzes: tuple[int, ...]

    @property
    def nothing(self) -> bool:
        """Whether the course is complete."""
        return not self.lessons and not self.quizzes


def missing(
    required_lessons: Sequence[int], done: Iterable[int], quizzes: Sequence[int], passed: Iterable[int]
) -> Missing:
    """The visible rule of completion: every required lesson read to its end, every test passed."""
    read, won = set(done), set(passed)
    return Missing(tuple(x for x in required_lessons if x not in read), tuple(q for q in quizzes if q not in won))


def next_attempt_at(
    submitted: Sequence[datetime], max_attempts: int, wait_hours: int, now: datetime
) -> datetime | None:
    """When the next attempt may begin: None = now.

    Attempts come in rounds of `max_attempts` (0 = not limited); a new round opens `wait_hours` after the last
    submission of the round before.
    """
    if max_attempts == 0 or not submitted or len(submitted) % max_attempts:
        return None
    opens = max(submitted) + timedelta(hours=wait_hours)
    return opens if opens > now else None


def draw(questions: Sequence[dict[str, Any]], count: int, dice: random.Random) -> list[dict[str, Any]]:
    """Draw `count` questions of a pool (all where it is smaller), in random order, without repetition."""
    return dice.sample(list(questions), min(count, len(questions)))


def passes(points: Fraction, max_points: int, pass_percent: int) -> bool:
    """Whether the points reach the pass mark, computed exactly."""
    return points * 100 >= pass_percent * max_points


def responsible_level(members: int | None) -> Level | None:
    """The level that trains a grassroots chair of a union of that size (D2, I.2.2); None where the size is unknown."""
    if members is None:
        return None
    if members >= 2500:
        return Level.central
    return Level.provincial if members >= 1000 else Level.direct_upper


@dataclass(frozen=True)
class AssigningUnit:
    """A unit that assigned the course to the learner: its level on the day, and its place among the assignments."""

    unit_id: int
    level: Level | None
    order: int


def delivering_unit(assigned: Sequence[AssigningUnit], responsible: Level | None, owner_id: int | None) -> int | None:
    """The unit that delivered an online course (PROGRAMMES.md, Computed indicators).

    The unit that assigned it; of several, the one at the level which the bands of D2-4 make responsible for the
    learner, else the first; for a self-enrolled learner the unit that published the course.
    """
    if not assigned:
        return owner_id
    ordered = sorted(assigned, key=lambda unit: unit.order)
    fitting = [unit for unit in ordered if responsible is not None and unit.level is responsible]
    return (fitting or ordered)[0].unit_id
