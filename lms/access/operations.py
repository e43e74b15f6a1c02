"""Giving and ending roles."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.access.models import Grant, Role
from lms.access.queries import may
from lms.access.rules import PERMISSIONS, Actor, Permission
from lms.audit.operations import record
from lms.errors import NotAllowed, Refused
from lms.people.models import Account
from lms.temporal import vn_today


def require(session: Session, actor: Actor, permission: Permission, unit_id: int | None, on: date) -> None:
    """Raise NotAllowed unless the actor has the permission in the unit."""
    if not may(session, actor, permission, unit_id, on):
        raise NotAllowed(permission.value)


def grant_role(
    session: Session, actor: Actor, account: Account, role: Role, unit_id: int | None, *, at: datetime
) -> Grant:
    """Give a role over a unit's subtree (None: the whole installation) from today on; giving it again changes nothing.

    Nobody gives more than they have there: NotAllowed. A role over the whole installation is for system administrators
    only: Refused("grant_needs_unit").
    """
    today = vn_today(at)
    if unit_id is None and role is not Role.system_admin:
        raise Refused("grant_needs_unit", field="unit")
    _require_role(session, actor, role, unit_id, today)
    standing = select(Grant).where(
        Grant.account_id == account.id,
        Grant.role == role,
        Grant.unit_id.is_(None) if unit_id is None else Grant.unit_id == unit_id,
        Grant.valid_to.is_(None),
    )
    existing = session.scalar(standing)
    if existing:
        return existing
    given = Grant(
        account_id=account.id,
        role=role,
        unit_id=unit_id,
        valid_from=today,
        granted_at=at,
        granted_by_id=actor.account_id,
    )
    try:
        with session.begin_nested():
            session.add(given)
            session.flush()
    except IntegrityError:
        return session.scalars(standing).one()
    record(
        session,
        actor.account_id,
        "access.granted",
        "account",
        account.id,
        at=at,
        unit_id=unit_id,
        after={"role": role.value},
    )
    return given


def end_grant(session: Session, actor: Actor, grant: Grant, *, at: datetime) -> None:
    """End a grant from today on (today it no longer holds); ending it again changes nothing.

    Nobody ends what they could not have given: NotAllowed.
    """
    today = vn_today(at)
    _require_role(session, actor, grant.role, grant.unit_id, today)
    session.refresh(grant, with_for_update=True)
    if grant.valid_to is not None:
        return
    grant.valid_to = today
    session.flush()
    record(
        session,
        actor.account_id,
        "access.ended",
        "account",
        grant.account_id,
        at=at,
        unit_id=grant.unit_id,
        before={"role": grant.role.value},
    )


def _require_role(session: Session, actor: Actor, role: Role, unit_id: int | None, on: date) -> None:
    """Raise NotAllowed unless the actor may deal in roles in the unit and has all the role permits there."""
    for permission in sorted(PERMISSIONS[role] | {Permission.manage_access}, key=lambda p: p.value):
        require(session, actor, permission, unit_id, on)
