"""The tree of a day as SQL: which units are in force, who stands under whom, facts of a unit on that day.

A unit is in force from its founding until its end (PROGRAMMES.md, common rule 7). A parent holds only while it is in
force itself; a unit whose parent has ended is an orphan and stands, with everything below it, outside the tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from lms.db import Id, in_force
from lms.units.models import ABOVE_GRASSROOTS, Level, Term, Unit, UnitCount, UnitVersion

UnitRef = ColumnElement[int] | InstrumentedAttribute[int] | InstrumentedAttribute[int | None]

ABOVE = tuple(level.value for level in ABOVE_GRASSROOTS)


@dataclass(frozen=True)
class Above:
    """What stands above a unit: whether there is a `direct_upper`, and the level of the nearest ancestor above
    grassroots (None: there is none). D2-4c needs both."""

    direct_upper: bool = False
    nearest: Level | None = None

    def below(self, level: Level) -> Above:
        """What stands above the children of a unit of that level which has this above it."""
        if level not in ABOVE_GRASSROOTS:
            return self
        return Above(self.direct_upper or level is Level.direct_upper, level)


def unit_in_force(on: date, unit: type[Unit] = Unit) -> ColumnElement[bool]:
    """Condition: the unit is in force on that day (from `founded_on`, empty: always, until `ended_on`)."""
    return and_(
        or_(unit.founded_on.is_(None), unit.founded_on <= on),
        or_(unit.ended_on.is_(None), unit.ended_on > on),
    )


def version_on(on: date, version: type[UnitVersion] = UnitVersion) -> ColumnElement[bool]:
    """Condition: the version holds on that day."""
    return in_force(version.valid_from, version.valid_to, on)


def subtree(unit_id: int, on: date, above: Above = Above(), name: str = "tree") -> CTE:
    """The unit and everything below it in the tree of `on`, as a recursive CTE; empty when it is not in force.

    Columns: `unit_id`, `version_id`, `branch_id` (the child of `unit_id` under which the unit stands; null for
    `unit_id` itself), `level` (code), and of what stands above each unit `direct_upper_above` (0 or 1) and
    `upper_level` (code of the nearest ancestor above grassroots), given `above` for the top.
    """
    level = cast(UnitVersion.level, String)
    tree = (
        select(
            Unit.id.label("unit_id"),
            UnitVersion.id.label("version_id"),
            cast(null(), Id).label("branch_id"),
            level.label("level"),
            literal(int(above.direct_upper)).label("direct_upper_above"),
            cast(literal(above.nearest.value if above.nearest else None, String), String).label("upper_level"),
        )
        .join(UnitVersion, UnitVersion.unit_id == Unit.id)
        .where(Unit.id == unit_id, unit_in_force(on), version_on(on))
        .cte(name, recursive=True)
    )
    child, version = aliased(Unit), aliased(UnitVersion)
    below = (
        select(
            child.id,
            version.id,
            func.coalesce(tree.c.branch_id, child.id),
            cast(version.level, String),
            case((tree.c.level == Level.direct_upper.value, 1), else_=tree.c.direct_upper_above),
            case((tree.c.level.in_(ABOVE), tree.c.level), else_=tree.c.upper_level),
        )
        .join(version, version.parent_id == tree.c.unit_id)
        .join(child, child.id == version.unit_id)
        .where(unit_in_force(on, child), version_on(on, version))
    )
    return tree.union(below)


def ancestry(unit_ids: Select[int], on: date, name: str = "above") -> CTE:
    """The units given and everything above each in the tree of `on`: `origin_id`, `unit_id`, `depth` (0 = itself).

    A parent that is not in force ends the way up (orphans).
    """
    top = aliased(Unit)
    up = (
        select(top.id.label("origin_id"), top.id.label("unit_id"), literal(0).label("depth"))
        .where(top.id.in_(unit_ids), unit_in_force(on, top))
        .cte(name, recursive=True)
    )
    parent, version = aliased(Unit), aliased(UnitVersion)
    return up.union(
        select(up.c.origin_id, parent.id, up.c.depth + 1)
        .join(version, version.unit_id == up.c.unit_id)
        .join(parent, parent.id == version.parent_id)
        .where(version_on(on, version), unit_in_force(on, parent), up.c.depth < 50)
    )


def members_on(unit_id: UnitRef, on: date) -> ScalarSelect[int | None]:
    """Members of the unit on that day: the latest count that states them, dated on or before it; null = unknown."""
    return _latest(UnitCount.members, unit_id, on)


def workers_on(unit_id: UnitRef, on: date) -> ScalarSelect[int | None]:
    """Workers of the unit on that day, counted like members."""
    return _latest(UnitCount.workers, unit_id, on)


def _latest(column: InstrumentedAttribute[int | None], unit_id: UnitRef, on: date) -> ScalarSelect[int | None]:
    return (
        select(column)
        .where(UnitCount.unit_id == unit_id, column.is_not(None), UnitCount.counted_on <= on)
        .order_by(UnitCount.counted_on.desc())
        .limit(1)
        .scalar_subquery()
    )


def term_start_on(unit_id: UnitRef, on: date) -> ScalarSelect[date]:
    """Start of the unit's term in force on that day; null = no known term."""
    return (
        select(func.max(Term.starts_on))
        .where(Term.unit_id == unit_id, in_force(Term.starts_on, Term.ends_on, on))
        .scalar_subquery()
    )


def level_then(unit_id: UnitRef, day: ColumnElement[date] | InstrumentedAttribute[date]) -> ColumnElement[Level | None]:
    """The unit's level on a day, or its nearest dated level when it was not in force that day (PROGRAMMES.md,
    `delivered_level`): before the founding the level at the founding, after the end the last level it had."""
    unit, version = aliased(Unit), aliased(UnitVersion)
    since = case((and_(unit.founded_on.is_not(None), unit.founded_on > day), unit.founded_on), else_=day)
    reached = (
        select(version.level)
        .join(unit, unit.id == version.unit_id)
        .where(
            version.unit_id == unit_id,
            version.valid_from <= since,
            or_(unit.ended_on.is_(None), version.valid_from < unit.ended_on),
        )
        .order_by(version.valid_from.desc())
        .limit(1)
    )
    first = select(UnitVersion.level).where(UnitVersion.unit_id == unit_id).order_by(UnitVersion.valid_from).limit(1)
    return func.coalesce(reached.scalar_subquery(), first.correlate_except(UnitVersion).scalar_subquery())
