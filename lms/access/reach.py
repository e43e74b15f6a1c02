"""Whose account is above an actor: what leads into it is not theirs to change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.models import Grant, Role
from lms.access.queries import may, within
from lms.access.rules import PERMISSIONS, SYSTEM, Actor, Permission
from lms.db import in_force
from lms.people.models import Account
from lms.units.models import Unit

_CHUNK = 500


def out_of_reach(session: Session, actor: Actor, person_ids: Collection[int], on: date) -> set[int]:
    """Those of the people who hold a role, from today or later, with a permission that the actor lacks there.

    Whoever could change how they sign in (password links, e-mail, phone number) could act in their name, so that is
    for those with the same permissions only. Nobody is out of their own reach.
    """
    if actor == SYSTEM:
        return set()
    held: dict[tuple[Role, int | None], set[int]] = {}
    wanted = sorted(set(person_ids) - {actor.person_id})
    for start in range(0, len(wanted), _CHUNK):
        rows = session.execute(
            select(Account.person_id, Grant.role, Grant.unit_id)
            .join(Grant, Grant.account_id == Account.id)
            .where(
                Account.person_id.in_(wanted[start : start + _CHUNK]),
                in_force(Grant.valid_from, Grant.valid_to, on) | (Grant.valid_from > on),
            )
        )
        for person_id, role, unit_id in rows:
            held.setdefault((role, unit_id), set()).add(person_id)
    reached = _reached(session, actor, held.keys(), on)
    return {
        person_id
        for (role, unit_id), people in held.items()
        if not all((permission, unit_id) in reached for permission in PERMISSIONS[role])
        for person_id in people
    }


def _reached(
    session: Session, actor: Actor, places: Collection[tuple[Role, int | None]], on: date
) -> set[tuple[Permission, int | None]]:
    """Which of the permissions that go with the roles the actor has in their units (None: the whole installation)."""
    reached: set[tuple[Permission, int | None]] = set()
    for permission in {permission for role, _ in places for permission in PERMISSIONS[role]}:
        units = {unit_id for role, unit_id in places if permission in PERMISSIONS[role]}
        if None in units and may(session, actor, permission, None, on):
            reached.add((permission, None))
        ids = sorted(unit_id for unit_id in units if unit_id is not None)
        for start in range(0, len(ids), _CHUNK):
            condition = within(session, actor, permission, on, Unit.id)
            found = session.scalars(select(Unit.id).where(Unit.id.in_(ids[start : start + _CHUNK]), condition))
            reached.update((permission, unit_id) for unit_id in found)
    return reached
