"""Lists for those in charge: roles given within their scope, and the audit trail of their units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from lms.access.models import Grant
from lms.access.queries import may, within
from lms.access.rules import Actor, Permission
from lms.audit.models import AuditEvent
from lms.db import in_force
from lms.people.models import Account, Person
from lms.temporal import vn_day_end, vn_day_start


@dataclass(frozen=True)
class TrailFilter:
    """What the audit trail is narrowed to: days (both included), a subject ("account", "unit", …), a person."""

    since: date | None = None
    until: date | None = None
    subject: str | None = None
    account_id: int | None = None


def grants_in_scope(session: Session, actor: Actor, on: date, *, ended: bool = False) -> Select[Any]:
    """(Grant, Account, Person) of roles where the actor may give roles, in force on that day (`ended`: or ended), by
    person, then as they were given. Roles over the whole installation are shown to those who hold one."""
    scope = within(session, actor, Permission.manage_access, on, Grant.unit_id)
    if not may(session, actor, Permission.manage_access, None, on):
        scope = and_(scope, Grant.unit_id.is_not(None))
    query: Any = (
        select(Grant, Account, Person)
        .join(Account, Account.id == Grant.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(scope)
        .order_by(Person.sort_key, Person.code, Grant.id)
    )
    rows: Select[Any] = query if ended else query.where(in_force(Grant.valid_from, Grant.valid_to, on))
    return rows


def grant_in_scope(session: Session, actor: Actor, grant_id: int, on: date) -> Grant | None:
    """One grant, when the actor may see it."""
    found: Grant | None = session.scalar(grants_in_scope(session, actor, on, ended=True).where(Grant.id == grant_id))
    return found


def trail(session: Session, actor: Actor, wanted: TrailFilter, on: date) -> Select[Any]:
    """(AuditEvent, who did it, whose account it was about) of units where the actor may read the trail, the newest
    first. What concerns no unit (signing in, the installation) is for those in charge of all of it."""
    doer, doer_account, holder, holder_account = aliased(Person), aliased(Account), aliased(Person), aliased(Account)
    everything = may(session, actor, Permission.view_audit, None, on)
    scope = within(session, actor, Permission.view_audit, on, AuditEvent.unit_id)
    query: Any = (
        select(AuditEvent, doer, holder)
        .outerjoin(doer_account, doer_account.id == AuditEvent.actor_id)
        .outerjoin(doer, doer.id == doer_account.person_id)
        .outerjoin(
            holder_account,
            and_(AuditEvent.subject_type == "account", holder_account.id == AuditEvent.subject_id),
        )
        .outerjoin(holder, holder.id == holder_account.person_id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    )
    if not everything:
        query = query.where(AuditEvent.unit_id.is_not(None), scope)
    if wanted.since is not None:
        query = query.where(AuditEvent.at >= vn_day_start(wanted.since))
    if wanted.until is not None:
        query = query.where(AuditEvent.at < vn_day_end(wanted.until))
    if wanted.subject:
        query = query.where(AuditEvent.action.startswith(f"{wanted.subject}.", autoescape=True))
    if wanted.account_id is not None:
        query = query.where(
            or_(
                AuditEvent.actor_id == wanted.account_id,
                and_(AuditEvent.subject_type == "account", AuditEvent.subject_id == wanted.account_id),
            )
        )
    rows: Select[Any] = query
    return rows
