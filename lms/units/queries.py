"""Reading units: one unit on a day, what stands above and below it, search.

Callers scope what they show: this slice lies under access and knows no actors.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from lms.db import in_force
from lms.errors import Refused
from lms.people.models import Person
from lms.text import fold
from lms.units.models import Level, Post, Sector, Term, Title, Unit, UnitCount, UnitKind, UnitVersion
from lms.units.tree import ABOVE, Above, ancestry, members_on, subtree, unit_in_force, version_on, workers_on


@dataclass(frozen=True)
class UnitView:
    """A unit as it was on a day. For a day on which it was not in force: its nearest version, `in_force` False.

    `orphan`: its parent of that day is not in force, so that it stands outside the tree.
    """

    id: int
    code: str
    name: str
    level: Level
    parent_id: int | None
    sector: Sector | None
    kind: UnitKind | None
    founded_on: date | None
    ended_on: date | None
    members: int | None
    workers: int | None
    in_force: bool
    orphan: bool


def is_in_force(unit: Unit, on: date) -> bool:
    """Whether the unit is in force on that day (PROGRAMMES.md, common rule 7)."""
    return (unit.founded_on is None or unit.founded_on <= on) and (unit.ended_on is None or unit.ended_on > on)


def unit_by_code(session: Session, code: str) -> Unit | None:
    """The unit with that code."""
    return session.scalar(select(Unit).where(Unit.code == code))


def name_on(session: Session, unit_id: int, on: date) -> str | None:
    """What the unit is called on that day."""
    return session.scalar(select(UnitVersion.name).where(UnitVersion.unit_id == unit_id, version_on(on)))


def require_in_force(unit: Unit, on: date) -> None:
    """Refuse (`unit_not_in_force`) a day on which the unit has no values."""
    if not is_in_force(unit, on):
        raise Refused("unit_not_in_force", unit=unit.code, on=on)


def unit_view(session: Session, unit_id: int, on: date) -> UnitView | None:
    """One unit as of a day; None when there is no such unit."""
    return unit_views(session, [unit_id], on).get(unit_id)


def unit_views(session: Session, unit_ids: Collection[int] | Select[int], on: date) -> dict[int, UnitView]:
    """Units as of a day by id, the higher levels first, then by name; two statements whatever their number."""
    rows = session.execute(
        select(Unit, UnitVersion, members_on(Unit.id, on), workers_on(Unit.id, on))
        .join(UnitVersion, UnitVersion.unit_id == Unit.id)
        .where(Unit.id.in_(unit_ids))
        .order_by(UnitVersion.name_folded, Unit.code, UnitVersion.valid_from)
    ).all()
    chosen: dict[int, tuple[Unit, UnitVersion, int | None, int | None]] = {}
    for unit, version, members, workers in rows:
        known = chosen.get(unit.id)
        if known is None or _nearer(version, known[1], unit, on):
            chosen[unit.id] = (unit, version, members, workers)
    parents = {version.parent_id for _, version, _, _ in chosen.values()} - {None}
    holding = set(session.scalars(select(Unit.id).where(Unit.id.in_(parents), unit_in_force(on)))) if parents else set()
    views = [
        UnitView(
            unit.id,
            unit.code,
            version.name,
            version.level,
            version.parent_id,
            version.sector,
            version.kind,
            unit.founded_on,
            unit.ended_on,
            members,
            workers,
            is_in_force(unit, on),
            version.parent_id is not None and version.parent_id not in holding,
        )
        for unit, version, members, workers in chosen.values()
    ]
    return {view.id: view for view in sorted(views, key=_order)}


def _order(view: UnitView) -> tuple[int, str, str]:
    return _RANK[view.level], fold(view.name), view.code


_RANK = {level: rank for rank, level in enumerate(Level)}


def _nearer(version: UnitVersion, other: UnitVersion, unit: Unit, on: date) -> bool:
    day = on
    if unit.founded_on and day < unit.founded_on:
        day = unit.founded_on

    def rank(candidate: UnitVersion) -> tuple[bool, bool, date]:
        alive = unit.ended_on is None or candidate.valid_from < unit.ended_on
        return alive, candidate.valid_from <= day, candidate.valid_from

    first, second = rank(version), rank(other)
    if not first[1] and not second[1]:
        return first[2] < second[2]
    return first > second


def above(session: Session, unit_id: int, on: date) -> Above:
    """What stands above the unit in the tree of that day."""
    found = Above()
    for ancestor in ancestors(session, unit_id, on):
        found = found.below(ancestor.level)
    return found


def ancestors(session: Session, unit_id: int, on: date) -> list[UnitView]:
    """The units above, the topmost first, in the tree of that day; empty for a unit not in force."""
    up = ancestry(select(Unit.id).where(Unit.id == unit_id), on)
    depths = {row.unit_id: row.depth for row in session.execute(select(up.c.unit_id, up.c.depth).where(up.c.depth > 0))}
    if not depths:
        return []
    return sorted(unit_views(session, list(depths), on).values(), key=lambda view: -depths[view.id])


def ancestor_ids(session: Session, unit_ids: Collection[int], on: date) -> dict[int, list[int]]:
    """For each unit in force its ids from itself up to the root, in one statement."""
    up = ancestry(select(Unit.id).where(Unit.id.in_(unit_ids)), on)
    found: dict[int, list[int]] = {}
    for row in session.execute(select(up.c.origin_id, up.c.unit_id).order_by(up.c.origin_id, up.c.depth)):
        found.setdefault(row.origin_id, []).append(row.unit_id)
    return found


def subtree_ids(unit_id: int, on: date) -> Select[int]:
    """The ids of the unit and everything below it in the tree of that day, as a select to stand in `IN`."""
    return select(subtree(unit_id, on).c.unit_id)


def children(session: Session, unit_id: int, on: date) -> list[UnitView]:
    """The units directly below that are in force on that day, the higher levels first, then by name."""
    return list(
        unit_views(
            session,
            select(Unit.id)
            .join(UnitVersion, UnitVersion.unit_id == Unit.id)
            .where(UnitVersion.parent_id == unit_id, version_on(on), unit_in_force(on)),
            on,
        ).values()
    )


def children_of(session: Session, unit_ids: Collection[int], on: date) -> dict[int, list[UnitView]]:
    """The units directly below each of several units on that day, by name, in a fixed number of statements."""
    found: dict[int, list[UnitView]] = {}
    below = (
        select(Unit.id)
        .join(UnitVersion, UnitVersion.unit_id == Unit.id)
        .where(UnitVersion.parent_id.in_(unit_ids), version_on(on), unit_in_force(on))
    )
    for view in unit_views(session, below, on).values():
        if view.parent_id is not None:
            found.setdefault(view.parent_id, []).append(view)
    return found


@dataclass(frozen=True)
class Below:
    """What stands below a unit on a day, itself left out: units, grassroots unions among them, people with a post
    there or in the unit itself; members and workers of the grassroots unions (those within another one left out),
    None where nothing was counted."""

    units: int = 0
    grassroots: int = 0
    people: int = 0
    members: int | None = None
    workers: int | None = None


def below(session: Session, unit_id: int, on: date) -> Below:
    """How much stands below a unit on that day; three statements."""
    tree = subtree(unit_id, on)
    other = tree.c.unit_id != unit_id
    units, grassroots = session.execute(
        select(
            func.count(case((other, 1))), func.count(case((and_(other, tree.c.level == Level.grassroots.value), 1)))
        ).select_from(tree)
    ).one()
    people = session.scalar(
        select(func.count(Post.person_id.distinct()))
        .join(tree, tree.c.unit_id == Post.unit_id)
        .where(in_force(Post.starts_on, Post.ends_on, on))
    )
    parent = tree.alias("parent")
    members, workers = session.execute(
        select(func.sum(members_on(tree.c.unit_id, on)), func.sum(workers_on(tree.c.unit_id, on)))
        .select_from(tree)
        .join(UnitVersion, UnitVersion.id == tree.c.version_id)
        .join(parent, parent.c.unit_id == UnitVersion.parent_id)
        .where(tree.c.level == Level.grassroots.value, parent.c.level.in_(ABOVE))
    ).one()
    return Below(units, grassroots, people or 0, members, workers)


def grassroots_by_branch(session: Session, unit_id: int, on: date) -> dict[int, int]:
    """For each child of the unit: the grassroots unions below it, itself left out."""
    tree = subtree(unit_id, on)
    rows = session.execute(
        select(tree.c.branch_id, func.count())
        .where(
            tree.c.level == Level.grassroots.value,
            tree.c.branch_id.is_not(None),
            tree.c.unit_id != tree.c.branch_id,
        )
        .group_by(tree.c.branch_id)
    )
    return {row[0]: row[1] for row in rows}


def search_units(
    session: Session,
    words: str,
    on: date,
    *,
    within: Select[int] | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[UnitView]:
    """Units in force on that day whose name holds the words (marks and case do not matter) or whose code begins so.

    `within`: only those ids. By name, then code.
    """
    folded = fold(words)
    found = (
        select(Unit.id)
        .join(UnitVersion, UnitVersion.unit_id == Unit.id)
        .where(
            version_on(on),
            unit_in_force(on),
            or_(
                UnitVersion.name_folded.contains(folded, autoescape=True),
                Unit.code.startswith(words.strip().upper(), autoescape=True),
            ),
        )
        .order_by(UnitVersion.name_folded, Unit.code)
        .limit(limit)
        .offset(offset)
    )
    if within is not None:
        found = found.where(Unit.id.in_(within))
    return list(unit_views(session, session.scalars(found).all(), on).values())


def orphans(session: Session, on: date, *, within: Select[int] | None = None) -> list[UnitView]:
    """The units in force on that day whose parent is not: a data problem to solve (ROSTER.md). `within`: only those."""
    found = (
        select(Unit.id)
        .join(UnitVersion, UnitVersion.unit_id == Unit.id)
        .where(
            version_on(on),
            unit_in_force(on),
            UnitVersion.parent_id.is_not(None),
            UnitVersion.parent_id.not_in(select(Unit.id).where(unit_in_force(on))),
        )
    )
    if within is not None:
        found = found.where(Unit.id.in_(within))
    return list(unit_views(session, found, on).values())


def versions(session: Session, unit_id: int) -> list[UnitVersion]:
    """What the unit was called and where it stood, the newest first."""
    return list(
        session.scalars(
            select(UnitVersion).where(UnitVersion.unit_id == unit_id).order_by(UnitVersion.valid_from.desc())
        )
    )


def terms(session: Session, unit_id: int) -> list[Term]:
    """The unit's terms, the newest first."""
    return list(session.scalars(select(Term).where(Term.unit_id == unit_id).order_by(Term.starts_on.desc())))


def counts(session: Session, unit_id: int) -> list[UnitCount]:
    """Members and workers as counted, the newest first."""
    return list(
        session.scalars(select(UnitCount).where(UnitCount.unit_id == unit_id).order_by(UnitCount.counted_on.desc()))
    )


def posts_on(unit_id: int, on: date) -> Select[Post, Person]:
    """The posts of the unit itself in force on that day with their holders: by title, then by name."""
    rank = case(*((Post.title == title, number) for number, title in enumerate(Title)))
    return (
        select(Post, Person)
        .join(Person, Person.id == Post.person_id)
        .where(Post.unit_id == unit_id, in_force(Post.starts_on, Post.ends_on, on))
        .order_by(rank, Person.sort_key, Post.id)
    )
