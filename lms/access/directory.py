"""People within an actor's scope: the list, one person's posts, the state of their account."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from lms.access.queries import permitted_unit_ids, within
from lms.access.rules import Actor, Permission
from lms.db import in_force
from lms.people.models import Account, Person, SignInLink
from lms.text import clean, fold
from lms.units.models import Post, Title, Unit
from lms.units.queries import UnitView, search_units, subtree_ids, unit_view, unit_views

_CHUNK = 10_000
"""Ids named in one statement; databases take some ten thousand."""


class AccountState(enum.Enum):
    """How far somebody is with signing in; computed, not stored."""

    no_password = "no_password"  # noqa: S105 - a state, not a secret
    link_given = "link_given"
    active = "active"
    closed = "closed"


@dataclass(frozen=True)
class PeopleFilter:
    """What a list of people is narrowed to. `former`: also those who hold no post any more."""

    words: str = ""
    unit_id: int | None = None
    below: bool = True
    former: bool = False
    state: AccountState | None = None


@dataclass(frozen=True)
class HeldPost:
    """A post with the unit's name as of the day asked for."""

    unit: UnitView
    title: Title
    full_time: bool | None
    starts_on: date
    ends_on: date | None


def state_of(account: Account | None, linked: Collection[int]) -> AccountState:
    """The state of an account (None: there is none yet), given the accounts with an open link."""
    if account is None:
        return AccountState.no_password
    if account.disabled_at is not None:
        return AccountState.closed
    if account.password_hash is not None:
        return AccountState.active
    return AccountState.link_given if account.id in linked else AccountState.no_password


def _open_link(at: datetime) -> ColumnElement[bool]:
    return exists().where(
        SignInLink.account_id == Account.id,
        SignInLink.used_at.is_(None),
        SignInLink.revoked_at.is_(None),
        SignInLink.expires_at > at,
    )


def _has_state(state: AccountState, at: datetime) -> ColumnElement[bool]:
    without = or_(Account.id.is_(None), and_(Account.disabled_at.is_(None), Account.password_hash.is_(None)))
    if state is AccountState.closed:
        return Account.disabled_at.is_not(None)
    if state is AccountState.active:
        return and_(Account.disabled_at.is_(None), Account.password_hash.is_not(None))
    return and_(without, _open_link(at)) if state is AccountState.link_given else and_(without, ~_open_link(at))


def people_in_scope(
    session: Session, actor: Actor, permission: Permission, wanted: PeopleFilter, *, on: date, at: datetime
) -> Select[Any]:
    """People (with account, and whether a link of theirs is open) who hold a post on `on` in units where the actor
    has the permission; sorted by tên, then họ đệm, then code."""
    post = [Post.person_id == Person.id, within(session, actor, permission, on, Post.unit_id)]
    if not wanted.former:
        post.append(in_force(Post.starts_on, Post.ends_on, on))
    if wanted.unit_id is not None:
        post.append(
            Post.unit_id.in_(subtree_ids(wanted.unit_id, on)) if wanted.below else Post.unit_id == wanted.unit_id
        )
    query: Any = (
        select(Person, Account, _open_link(at))
        .outerjoin(Account, Account.person_id == Person.id)
        .where(exists().where(*post))
        .order_by(Person.sort_key, Person.code)
    )
    words = clean(wanted.words)
    if words:
        query = query.where(
            or_(
                Person.name_folded.contains(fold(words), autoescape=True),
                Person.code.startswith(words.upper(), autoescape=True),
            )
        )
    if wanted.state is not None:
        query = query.where(_has_state(wanted.state, at))
    rows: Select[Any] = query
    return rows


def count_states(
    session: Session, actor: Actor, permission: Permission, wanted: PeopleFilter, *, on: date, at: datetime
) -> dict[AccountState, int]:
    """How many of the people of such a list are in which state; every state has its number."""
    query = people_in_scope(session, actor, permission, wanted, on=on, at=at).order_by(None)
    code: ColumnElement[str] = case(
        *((_has_state(state, at), state.value) for state in AccountState), else_=AccountState.no_password.value
    )
    states = query.with_only_columns(code.label("state")).subquery()
    counted = dict.fromkeys(AccountState, 0)
    for value, number in session.execute(select(states.c.state, func.count()).group_by(states.c.state)):
        counted[AccountState(value)] = number
    return counted


def find_people(
    session: Session, actor: Actor, permission: Permission, words: str, *, on: date, at: datetime, limit: int = 10
) -> list[Person]:
    """The people an actor may mean by a typed code or part of a name; a code that fits whole stands for its holder
    alone."""
    typed = clean(words)
    query = people_in_scope(session, actor, permission, PeopleFilter(), on=on, at=at)
    exact: list[Person] = list(session.scalars(query.where(Person.code.in_({typed, typed.upper()})).limit(1)))
    if exact or not typed:
        return exact
    query = people_in_scope(session, actor, permission, PeopleFilter(words=typed), on=on, at=at)
    return list(session.scalars(query.limit(limit)))


def posts_of(
    session: Session, person_ids: Collection[int], on: date, *, current: bool = True
) -> dict[int, list[HeldPost]]:
    """The posts of people by person id: those held on `on`, the highest title first; with `current` False all they
    ever held, the latest first. Callers have made sure that the people may be seen."""
    query = select(Post).order_by(Post.starts_on.desc(), Post.id)
    if current:
        query = query.where(in_force(Post.starts_on, Post.ends_on, on))
    ids, posts = sorted(set(person_ids)), list[Post]()
    for start in range(0, len(ids), _CHUNK):
        posts += session.scalars(query.where(Post.person_id.in_(ids[start : start + _CHUNK])))
    units = unit_views(session, {post.unit_id for post in posts}, on) if posts else {}
    found: dict[int, list[HeldPost]] = {}
    for post in posts:
        held = HeldPost(units[post.unit_id], post.title, post.full_time, post.starts_on, post.ends_on)
        found.setdefault(post.person_id, []).append(held)
    if current:
        ranks = list(Title)
        for own in found.values():
            own.sort(key=lambda held: ranks.index(held.title))
    return found


def find_units(
    session: Session, actor: Actor, permission: Permission, words: str, on: date, *, limit: int = 10
) -> list[UnitView]:
    """The units an actor may mean by a typed code or part of a name, where they have the permission; a code that
    fits whole stands for its unit alone."""
    scope = permitted_unit_ids(session, actor, permission, on)
    typed = clean(words)
    exact = session.scalar(
        select(Unit.id).where(Unit.code.in_({typed, typed.upper()}), Unit.id.in_(scope)).order_by(Unit.id).limit(1)
    )
    if exact is not None:
        view = unit_view(session, exact, on)
        return [view] if view else []
    return search_units(session, typed, on, within=scope, limit=limit)


def units_with_codes(
    session: Session, actor: Actor, permission: Permission, codes: Collection[str], on: date
) -> list[int]:
    """The ids of the units with those codes where the actor has the permission."""
    condition = within(session, actor, permission, on, Unit.id)
    return list(session.scalars(select(Unit.id).where(Unit.code.in_(codes), condition).order_by(Unit.id)))
