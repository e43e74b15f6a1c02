"""Rules as SQL: posts in force on a day that a rule holds for; learner groups of a person and of a unit's subtree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CTE, ColumnElement, Select, and_, case, false, literal, or_, select, true
from sqlalchemy.orm import Session

from lms.audiences.rules import GROUP_RULES, WOMENS_AFFAIRS_TITLES, Band, Began, Election, LearnerGroup, PostRule
from lms.db import in_force
from lms.units.models import Post, Selection, Title, Unit, UnitVersion
from lms.units.tree import members_on, subtree, term_start_on, unit_in_force, version_on, workers_on


def holds(rule: PostRule, on: date) -> ColumnElement[bool]:
    """The rule as a condition over `Post` and the `UnitVersion` of its unit on that day.

    Three-valued as SQL is: null where a fact that the rule needs is unknown and nothing else decides.
    """
    parts: list[ColumnElement[bool]] = []
    if rule.levels:
        parts.append(UnitVersion.level.in_(rule.levels))
    if rule.titles:
        parts.append(Post.title.in_(rule.titles))
    if rule.full_time is not None:
        parts.append(Post.full_time == (true() if rule.full_time else false()))
    if rule.womens_affairs:
        parts.append(or_(Post.title.in_(WOMENS_AFFAIRS_TITLES), Post.womens_affairs == true()))
    if rule.election is not None:
        parts.append(_selected(rule.election))
        parts.append(Post.first_time == true())
    if rule.began is Began.year:
        parts.append(and_(Post.starts_on >= date(on.year, 1, 1), Post.starts_on < _next_year(on)))
    if rule.began is Began.term:
        start = term_start_on(Post.unit_id, on)
        parts.append(or_(start.is_(None), Post.starts_on >= start))
    if rule.members is not None:
        parts.append(_within(rule.members, members_on(Post.unit_id, on)))
    if rule.workers is not None:
        parts.append(_within(rule.workers, workers_on(Post.unit_id, on)))
    if rule.sectors:
        parts.append(UnitVersion.sector.in_(rule.sectors))
    if rule.kinds:
        parts.append(UnitVersion.kind.in_(rule.kinds))
    if rule.any_of:
        parts.append(or_(*(holds(inner, on) for inner in rule.any_of)))
    return and_(true(), *parts)


def _selected(election: Election) -> ColumnElement[bool]:
    if election is Election.newly_elected:
        return Post.selection == Selection.elected
    return Post.selection.in_((Selection.elected, Selection.designated))


def _next_year(on: date) -> date:
    return date(on.year + 1, 1, 1)


def _within(band: Band, value: ColumnElement[int | None]) -> ColumnElement[bool]:
    bounds: list[ColumnElement[bool]] = []
    if band.at_least is not None:
        bounds.append(value >= band.at_least)
    if band.below is not None:
        bounds.append(value < band.below)
    return and_(*bounds)


def posts_in(tree: CTE, on: date) -> Select[()]:
    """The posts in force on that day in the units of a tree, each with its unit's version, columns to be added."""
    return (
        select()
        .select_from(Post)
        .join(tree, tree.c.unit_id == Post.unit_id)
        .join(UnitVersion, UnitVersion.id == tree.c.version_id)
        .where(in_force(Post.starts_on, Post.ends_on, on))
    )


def group_people(group: LearnerGroup, unit_id: int, on: date) -> Select[int]:
    """The ids of the people of a learner group in the unit's subtree on that day (several posts: several times).

    Groups that are memberships and not rules over posts have nobody.
    """
    rule = GROUP_RULES.get(group)
    query = posts_in(subtree(unit_id, on), on).add_columns(Post.person_id)
    return query.where(holds(rule, on) if rule else false())


@dataclass(frozen=True)
class GroupPost:
    """A post that puts its holder into a learner group."""

    group: LearnerGroup
    post_id: int
    unit_id: int
    unit_name: str
    title: Title
    since: date


def groups_of_person(session: Session, person_id: int, on: date) -> list[GroupPost]:
    """The learner groups that a person belongs to on that day, with the posts that say so; one statement.

    In the order of the groups, then of the posts' beginnings.
    """
    return groups_of_people(session, [person_id], on).get(person_id, [])


def groups_of_people(session: Session, person_ids: Iterable[int], on: date) -> dict[int, list[GroupPost]]:
    """The same for several people at once, in one statement."""
    flags = [
        case((holds(rule, on), literal(1)), else_=literal(0)).label(group.value) for group, rule in GROUP_RULES.items()
    ]
    rows = session.execute(
        select(Post.person_id, Post.id, Post.unit_id, UnitVersion.name, Post.title, Post.starts_on, *flags)
        .select_from(Post)
        .join(Unit, Unit.id == Post.unit_id)
        .join(UnitVersion, UnitVersion.unit_id == Unit.id)
        .where(
            Post.person_id.in_(list(person_ids)),
            in_force(Post.starts_on, Post.ends_on, on),
            unit_in_force(on),
            version_on(on),
        )
        .order_by(Post.starts_on, Post.id)
    ).all()
    found: dict[int, list[GroupPost]] = {}
    for place, group in enumerate(GROUP_RULES):
        for row in rows:
            if row[6 + place]:
                post = GroupPost(group, row[1], row[2], row[3], row[4], row[5])
                found.setdefault(row[0], []).append(post)
    return found
