"""Giving and ending roles; who may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.models import Grant, Role
from lms.access.operations import end_grant, grant_role
from lms.access.queries import may, may_see_person, permitted_unit_ids, top_units
from lms.access.rules import SYSTEM, Actor, Permission
from lms.audit.models import AuditEvent
from lms.db import make_engine
from lms.errors import NotAllowed, Refused
from lms.people.models import Account
from lms.temporal import vn_today
from lms.units.models import UnitVersion
from tests.factories.access import actor_of, make_grant, make_world
from tests.factories.people import make_account, make_person
from tests.factories.units import make_post


@pytest.fixture
def world(session):
    return make_world(session)


def test_a_role_reaches_the_whole_branch_and_nothing_else(session, world, now):
    actor, on = actor_of(world.admins[0]), vn_today(now)
    reached = set(session.scalars(permitted_unit_ids(session, actor, Permission.view_people, on)))
    assert reached == {world.branches[0].id, world.unions[0].id}
    assert not may(session, actor, Permission.view_people, world.federation.id, on)
    assert not may(session, actor, Permission.manage_installation, world.branches[0].id, on)
    assert not may(session, actor, Permission.view_people, None, on)
    assert may(session, actor_of(world.system_admin), Permission.view_people, None, on)


def test_a_role_follows_the_tree_of_the_day(session, world, now):
    moved = session.scalars(select(UnitVersion).where(UnitVersion.unit_id == world.unions[1].id)).one()
    moved.parent_id = world.branches[0].id
    session.flush()
    assert may(session, actor_of(world.admins[0]), Permission.view_people, world.unions[1].id, vn_today(now))
    assert not may(session, actor_of(world.admins[1]), Permission.view_people, world.unions[1].id, vn_today(now))


def test_a_role_begins_and_ends(session, world, now):
    account = make_account(session, make_person(session, "Cù Thị Hậu"))
    make_grant(session, account, Role.viewer, world.branches[0], starts="2026-11-21", ends="2026-11-30")
    for shift, holds in ((-1, False), (0, True), (8, True), (9, False)):
        on = vn_today(now + timedelta(days=shift))
        assert may(session, actor_of(account), Permission.view_units, world.branches[0].id, on) is holds


def test_a_visitor_is_permitted_nothing(session, world, now):
    visitor = Actor(None, None, "visitor")
    assert session.scalars(permitted_unit_ids(session, visitor, Permission.view_units, vn_today(now))).all() == []
    assert not may(session, visitor, Permission.view_units, world.federation.id, vn_today(now))
    assert top_units(session, visitor, Permission.view_units, vn_today(now)) == []


def test_people_are_seen_in_ones_own_branch_former_holders_too(session, world, now):
    actor, on = actor_of(world.admins[0]), vn_today(now)
    former = make_post(session, world.unions[0], person=make_person(session, "Trần Cũ"), ends="2025-01-01").person
    assert may_see_person(session, actor, Permission.view_people, world.chairs[0].id, on)
    assert may_see_person(session, actor, Permission.view_people, former.id, on)
    assert not may_see_person(session, actor, Permission.view_people, world.chairs[1].id, on)
    assert may_see_person(session, actor_of(world.learner), Permission.view_people, world.chairs[0].id, on)


@pytest.mark.parametrize(
    ("giver", "role", "over", "allowed"),
    [
        ("admin", Role.viewer, "own", True),
        ("admin", Role.training_admin, "below", True),
        ("admin", Role.viewer, "other", False),
        ("admin", Role.viewer, "above", False),
        ("admin", Role.system_admin, "own", False),
        ("admin", Role.system_admin, None, False),
        ("viewer", Role.viewer, "own", False),
        ("trainer", Role.trainer, "own", False),
        ("learner", Role.viewer, "own", False),
        ("system", Role.system_admin, None, True),
        ("system", Role.trainer, "other", True),
    ],
)
def test_roles_are_given_within_ones_scope_and_never_above_oneself(session, world, now, giver, role, over, allowed):
    account = {
        "admin": world.admins[0],
        "viewer": world.viewer,
        "trainer": world.trainer,
        "learner": world.learner,
        "system": world.system_admin,
    }[giver]
    units = {"own": world.branches[0], "below": world.unions[0], "other": world.branches[1], "above": world.federation}
    unit_id = units[over].id if over else None
    target = make_account(session, make_person(session, "Cù Thị Hậu"))
    if allowed:
        given = grant_role(session, actor_of(account), target, role, unit_id, at=now)
        assert (given.valid_from, given.valid_to, given.granted_by_id) == (vn_today(now), None, account.id)
        event = session.scalars(select(AuditEvent)).one()
        assert (event.action, event.actor_id, event.subject_id, event.unit_id) == (
            "access.granted",
            account.id,
            target.id,
            unit_id,
        )
        assert event.payload == {"after": {"role": role.value}}
    else:
        with pytest.raises(NotAllowed):
            grant_role(session, actor_of(account), target, role, unit_id, at=now)
        assert session.scalars(select(Grant).where(Grant.account_id == target.id)).all() == []


def test_only_system_administrators_have_the_whole_installation(session, world, now):
    with pytest.raises(Refused, match="grant_needs_unit"):
        grant_role(session, actor_of(world.system_admin), world.learner, Role.training_admin, None, at=now)


def test_giving_a_role_again_changes_nothing(session, world, now):
    args = (session, SYSTEM, world.learner, Role.viewer, world.branches[0].id)
    assert grant_role(*args, at=now).id == grant_role(*args, at=now).id
    assert len(session.scalars(select(AuditEvent)).all()) == 1


def test_a_role_ends_today_and_may_be_given_anew(session, world, now):
    args = (session, SYSTEM, world.learner, Role.viewer, world.branches[0].id)
    first = grant_role(*args, at=now)
    end_grant(session, actor_of(world.admins[0]), first, at=now)
    end_grant(session, actor_of(world.admins[0]), first, at=now)
    assert first.valid_to == vn_today(now)
    assert not may(session, actor_of(world.learner), Permission.view_units, world.branches[0].id, vn_today(now))
    assert grant_role(*args, at=now + timedelta(days=1)).id != first.id
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["access.granted", "access.ended", "access.granted"]


def test_roles_of_others_are_not_ended_from_outside(session, world, now):
    theirs = session.scalars(select(Grant).where(Grant.account_id == world.admins[1].id)).one()
    for account in (world.admins[0], world.viewer, world.learner):
        with pytest.raises(NotAllowed):
            end_grant(session, actor_of(account), theirs, at=now)
    assert theirs.valid_to is None


def test_nobody_ends_a_role_that_they_could_not_have_given(session, world, now):
    over_a_branch = make_grant(session, world.learner, Role.system_admin, world.branches[0])
    with pytest.raises(NotAllowed):
        end_grant(session, actor_of(world.admins[0]), over_a_branch, at=now)
    assert over_a_branch.valid_to is None
    end_grant(session, actor_of(world.system_admin), over_a_branch, at=now)
    assert over_a_branch.valid_to == vn_today(now)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_role_given_twice_at_once_is_one_role(database, now):
    engine = make_engine(database)
    with Session(engine, expire_on_commit=False) as session:
        world = make_world(session)
        session.commit()
    both_looked = Barrier(2)

    def give(_number):
        with Session(engine) as session:
            account = session.get_one(Account, world.learner.id)
            both_looked.wait(timeout=30)
            given = grant_role(session, SYSTEM, account, Role.viewer, world.branches[0].id, at=now)
            session.commit()
            return given.id

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(give, range(2)))) == 1
    with Session(engine) as session:
        assert len(session.scalars(select(AuditEvent)).all()) == 1
    engine.dispose()
