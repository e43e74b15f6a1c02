"""Roles given, and a small world of two branches to look at from inside and outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from lms.access.models import Grant, Role
from lms.access.rules import Actor
from lms.people.models import Account, Person
from lms.units.models import Unit
from tests.conftest import NOW
from tests.factories import day
from tests.factories.people import make_account, make_person
from tests.factories.units import make_post, make_unit


def make_grant(
    session: Session,
    account: Account,
    role: Role | str = Role.training_admin,
    unit: Unit | None = None,
    *,
    starts: str | date = "2026-01-01",
    ends: str | date | None = None,
) -> Grant:
    """A role over a unit's subtree, or over the whole installation where no unit is given."""
    grant = Grant(
        account_id=account.id,
        role=Role(role) if isinstance(role, str) else role,
        unit_id=unit.id if unit else None,
        valid_from=day(starts),
        valid_to=day(ends),
        granted_at=NOW,
    )
    session.add(grant)
    session.flush()
    return grant


def actor_of(account: Account) -> Actor:
    """The actor an account's holder is."""
    return Actor(account.id, account.person_id, account.person.full_name)


@dataclass
class World:
    """A federation with two branches; in each a grassroots union with a chair. One administrator per branch and for
    the federation, one system administrator, one viewer and one trainer of the first branch."""

    federation: Unit
    branches: tuple[Unit, Unit]
    unions: tuple[Unit, Unit]
    chairs: tuple[Person, Person]
    system_admin: Account
    federation_admin: Account
    admins: tuple[Account, Account]
    viewer: Account
    trainer: Account
    learner: Account


def make_world(session: Session) -> World:
    """The world, flushed."""
    federation = make_unit(session, "LĐLĐ tỉnh An Sơn", "provincial", code="AS")
    branches = (
        make_unit(session, "Công đoàn phường Tân Khê", "direct_upper", federation, code="AS-01"),
        make_unit(session, "Công đoàn xã Suối Lình", "direct_upper", federation, code="AS-02"),
    )
    unions = (
        make_unit(session, "CĐCS Công ty TNHH May Tân Khê", "grassroots", branches[0], code="AS-01-001"),
        make_unit(session, "CĐCS Công ty Gỗ Suối Lình", "grassroots", branches[1], code="AS-02-001"),
    )
    names = ("Nguyễn Thị Thu Hiền", "Đỗ Văn Ước")
    chairs = tuple(
        make_post(session, union, "chair", make_person(session, name, code=f"CB-{index}")).person
        for index, (union, name) in enumerate(zip(unions, names, strict=True), start=1)
    )

    def employ(name: str, code: str, unit: Unit, role: Role | None, over: Unit | None) -> Account:
        account = make_account(session, make_person(session, name, code=code))
        make_post(session, unit, "specialist", account.person)
        if role is not None:
            make_grant(session, account, role, over)
        return account

    return World(
        federation,
        branches,
        unions,
        chairs,
        employ("Lê Quản Trị", "QT-0", federation, Role.system_admin, None),
        employ("Lương Thị Mỹ", "QT-1", federation, Role.training_admin, federation),
        (
            employ("Hà Văn Quý", "QT-2", branches[0], Role.training_admin, branches[0]),
            employ("Triệu Thị Xuân", "QT-3", branches[1], Role.training_admin, branches[1]),
        ),
        employ("Phạm Tiến Đạt", "QT-4", branches[0], Role.viewer, branches[0]),
        employ("Hoàng Ngọc Lan", "QT-5", branches[0], Role.trainer, branches[0]),
        make_account(session, chairs[0]),
    )
