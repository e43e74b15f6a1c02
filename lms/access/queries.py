"""Reading grants: scopes of an actor, and whether something lies within."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from lms.access.models import Grant
from lms.access.rules import PERMISSIONS, SYSTEM, Actor, Permission, roles_with
from lms.db import in_force
from lms.people.models import Account, Person
from lms.units.models import Post, Unit, UnitVersion


def grants_of(session: Session, account_id: int, on: date) -> list[Grant]:
    """The grants in force on a day, in the order they were given."""
    return list(
        session.scalars(
            select(Grant)
            .where(Grant.account_id == account_id, in_force(Grant.valid_from, Grant.valid_to, on))
            .order_by(Grant.id)
        )
    )


def account_in_session(
    session: Session, account_id: int, epoch: int, on: date
) -> tuple[Account, Person, list[Grant]] | None:
    """The open account whose sessions of that epoch still hold, whose it is, and the roles in force; one statement."""
    rows = session.execute(
        select(Account, Person, Grant)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Grant, and_(Grant.account_id == Account.id, in_force(Grant.valid_from, Grant.valid_to, on)))
        .where(Account.id == account_id, Account.session_epoch == epoch, Account.disabled_at.is_(None))
        .order_by(Grant.id)
    ).all()
    if not rows:
        return None
    return rows[0][0], rows[0][1], [row[2] for row in rows if row[2] is not None]


def permissions_of(grants: list[Grant]) -> frozenset[Permission]:
    """Everything the grants permit somewhere; which pages to offer."""
    return frozenset().union(*(PERMISSIONS[grant.role] for grant in grants)) if grants else frozenset()


def _everywhere(session: Session, actor: Actor, permission: Permission, on: date) -> bool:
    if actor == SYSTEM:
        return True
    if actor.account_id is None:
        return False
    return (
        session.scalar(
            select(Grant.id)
            .where(
                Grant.account_id == actor.account_id,
                Grant.unit_id.is_(None),
                Grant.role.in_(roles_with(permission)),
                in_force(Grant.valid_from, Grant.valid_to, on),
            )
            .limit(1)
        )
        is not None
    )


def permitted_unit_ids(session: Session, actor: Actor, permission: Permission, on: date) -> Select[int]:
    """A select of the ids of the units where the actor has the permission on that day: the granted units and all
    below them in the tree of the day (units that ended or were never placed included under their last parent)."""
    if _everywhere(session, actor, permission, on):
        return select(Unit.id)
    if actor.account_id is None:
        return select(Unit.id).where(false())
    tops = select(Grant.unit_id.label("unit_id")).where(
        Grant.account_id == actor.account_id,
        Grant.role.in_(roles_with(permission)),
        Grant.unit_id.is_not(None),
        in_force(Grant.valid_from, Grant.valid_to, on),
    )
    scope = tops.cte("permitted_units", recursive=True)
    child = aliased(UnitVersion)
    below = (
        select(child.unit_id)
        .join(scope, child.parent_id == scope.c.unit_id)
        .where(in_force(child.valid_from, child.valid_to, on))
    )
    scope = scope.union(below)
    return select(scope.c.unit_id)


def within(
    session: Session,
    actor: Actor,
    permission: Permission,
    on: date,
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None] | ColumnElement[int],
) -> ColumnElement[bool]:
    """Condition: the unit in `column` lies where the actor has the permission."""
    if _everywhere(session, actor, permission, on):
        return true()
    return column.in_(permitted_unit_ids(session, actor, permission, on))


def may(session: Session, actor: Actor, permission: Permission, unit_id: int | None, on: date) -> bool:
    """Whether the actor has the permission in the unit on that day; `unit_id` None: for the whole installation."""
    if _everywhere(session, actor, permission, on):
        return True
    if unit_id is None or actor.account_id is None:
        return False
    scope = permitted_unit_ids(session, actor, permission, on).subquery()
    return session.scalar(select(scope.c[0]).where(scope.c[0] == unit_id).limit(1)) is not None


def permitted_among(
    session: Session, actor: Actor, permission: Permission, unit_ids: Collection[int], on: date
) -> set[int]:
    """Those of the units where the actor has the permission on that day."""
    if not unit_ids:
        return set()
    condition = within(session, actor, permission, on, Unit.id)
    return set(session.scalars(select(Unit.id).where(Unit.id.in_(unit_ids), condition)))


def may_see_person(session: Session, actor: Actor, permission: Permission, person_id: int, on: date) -> bool:
    """Whether the person is the actor, or holds or held a post in a unit where the actor has the permission."""
    if actor.person_id == person_id:
        return True
    condition = within(session, actor, permission, on, Post.unit_id)
    found = session.scalar(select(Post.id).where(Post.person_id == person_id, condition).limit(1))
    return found is not None or _everywhere(session, actor, permission, on)


def top_units(session: Session, actor: Actor, permission: Permission, on: date) -> list[int]:
    """The units the actor was put in charge of with that permission; for the whole installation: the roots of the
    tree of the day. In the order of their names."""
    version = aliased(UnitVersion)
    query = (
        select(version.unit_id)
        .join(Unit, Unit.id == version.unit_id)
        .where(in_force(version.valid_from, version.valid_to, on), or_(Unit.ended_on.is_(None), Unit.ended_on > on))
        .order_by(version.name_folded, version.unit_id)
    )
    if _everywhere(session, actor, permission, on):
        return list(session.scalars(query.where(version.parent_id.is_(None))))
    granted = select(Grant.unit_id).where(
        Grant.account_id == actor.account_id,
        Grant.role.in_(roles_with(permission)),
        in_force(Grant.valid_from, Grant.valid_to, on),
    )
    return list(session.scalars(query.where(version.unit_id.in_(granted))))
