"""Giving out sign-in links and closing accounts, by those in charge of people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.directory import AccountState, HeldPost, PeopleFilter, people_in_scope, posts_of
from lms.access.operations import require
from lms.access.queries import may
from lms.access.reach import out_of_reach
from lms.access.rules import Actor, Permission
from lms.audit.operations import record
from lms.db import in_force
from lms.errors import NotAllowed, Refused
from lms.people.accounts import ensure_account, set_disabled
from lms.people.links import make_links
from lms.people.models import Account, LinkPurpose, Person
from lms.temporal import vn_today
from lms.units.models import Post

MOST_LINKS: Final = 500
"""Links given out in one act."""


@dataclass(frozen=True)
class IssuedLink:
    """A link just given out. The token is in no other place: what is not handed on now is lost."""

    person: Person
    post: HeldPost | None
    token: str
    expires_at: datetime


def issue_links(
    session: Session,
    actor: Actor,
    unit_id: int,
    *,
    below: bool,
    again: bool = False,
    person_ids: Collection[int] = (),
    at: datetime,
) -> list[IssuedLink]:
    """Links to set a first password for everybody in a unit (and below) who has neither a password nor an open link,
    or only for those chosen among them. `again`: for those whose link is still open; it is revoked. Sorted by unit,
    then name.

    Whoever holds a role that the actor could not have given is left out. Raises NotAllowed, Refused("links_nobody")
    or Refused("links_too_many", most=…).
    """
    on = vn_today(at)
    require(session, actor, Permission.manage_people, unit_id, on)
    state = AccountState.link_given if again else AccountState.no_password
    wanted = PeopleFilter(unit_id=unit_id, below=below, state=state)
    query = people_in_scope(session, actor, Permission.manage_people, wanted, on=on, at=at)
    if person_ids:
        query = query.where(Person.id.in_(person_ids))
    rows: list[Any] = list(session.execute(query.limit(MOST_LINKS + 1)).all())
    if len(rows) > MOST_LINKS:
        raise Refused("links_too_many", most=MOST_LINKS)
    above = out_of_reach(session, actor, [row[0].id for row in rows], on)
    people = [(row[0], row[1]) for row in rows if row[0].id not in above]
    if not people:
        raise Refused("links_nobody")
    issued = _issue(session, actor, people, on, at)
    after = {"links": len(issued), "below": below, "again": again}
    record(session, actor.account_id, "account.links_issued", "unit", unit_id, at=at, unit_id=unit_id, after=after)
    return issued


def issue_link(session: Session, actor: Actor, person: Person, *, at: datetime) -> IssuedLink:
    """A link for one person, also to replace a forgotten password. Raises NotAllowed."""
    on = vn_today(at)
    unit_id = require_holder(session, actor, person, on)
    account = ensure_account(session, person, at=at)
    if account.disabled_at is not None:
        raise Refused("account_closed")
    issued = _issue(session, actor, [(person, account)], on, at)[0]
    record(session, actor.account_id, "account.link_issued", "account", account.id, at=at, unit_id=unit_id)
    return issued


def close_account(session: Session, actor: Actor, person: Person, closed: bool, *, at: datetime) -> None:
    """Close somebody's account, or open it again. Raises NotAllowed or Refused("own_account")."""
    require_holder(session, actor, person, vn_today(at))
    account = ensure_account(session, person, at=at)
    set_disabled(session, account, closed, actor_id=actor.account_id, at=at)


def require_holder(session: Session, actor: Actor, person: Person, on: date) -> int | None:
    """Raise NotAllowed unless the actor is in charge of a unit where the person holds a post today (or of the whole
    installation), and could have given every role the person holds. Returns that unit's id."""
    unit_ids: list[int | None] = list(
        session.scalars(
            select(Post.unit_id)
            .where(Post.person_id == person.id, in_force(Post.starts_on, Post.ends_on, on))
            .order_by(Post.starts_on.desc(), Post.id)
        )
    )
    for unit_id in [*unit_ids, None]:
        if may(session, actor, Permission.manage_people, unit_id, on):
            if out_of_reach(session, actor, [person.id], on):
                break
            return unit_id
    raise NotAllowed(Permission.manage_people.value)


def may_manage_account(session: Session, actor: Actor, person: Person, on: date) -> bool:
    """Whether `require_holder` would let the actor do it."""
    try:
        require_holder(session, actor, person, on)
    except NotAllowed:
        return False
    return True


def _issue(
    session: Session, actor: Actor, people: list[tuple[Person, Account | None]], on: date, at: datetime
) -> list[IssuedLink]:
    accounts = {person.id: account or ensure_account(session, person, at=at) for person, account in people}
    purpose = LinkPurpose.first_password
    tokens = make_links(session, accounts.values(), purpose, actor_id=actor.account_id, at=at)
    posts = posts_of(session, list(accounts), on)
    issued = [
        IssuedLink(person, next(iter(posts.get(person.id, [])), None), *tokens[accounts[person.id].id])
        for person, _account in people
    ]
    return sorted(issued, key=lambda link: link.post.unit.name if link.post else "")
