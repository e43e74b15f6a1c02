"""Ways into the demo: one login per role, all with the same password, and accounts for those who learn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.labels import LABELS
from lms.access.models import Role
from lms.access.operations import grant_role
from lms.access.rules import SYSTEM
from lms.db import in_force
from lms.people.accounts import ensure_account
from lms.people.models import Account, Gender, Person
from lms.people.operations import PersonDetails, create_person
from lms.people.passwords import HASHER
from lms.temporal import vn_today
from lms.units.models import Level, Post, Title, Unit, UnitVersion
from lms.units.queries import unit_by_code

PASSWORD = "cong-doan-demo"  # noqa: S105 (everybody may know it)


@dataclass(frozen=True)
class Login:
    """A line of the list of sample logins."""

    role: str
    login: str
    name: str
    password: str = PASSWORD


def in_charge(session: Session, unit_code: str, title: Title, place: int = 0) -> Person:
    """Who holds a title in a unit now: the first, or the one at `place` by code."""
    query = (
        select(Person)
        .join(Post, Post.person_id == Person.id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.code == unit_code, Post.title == title, Post.ends_on.is_(None))
        .order_by(Person.code)
        .offset(place)
        .limit(1)
    )
    return session.scalars(query).one()


def open_accounts(session: Session, *, at: datetime) -> dict[int, Account]:
    """Accounts for every chair of a grassroots union and everybody full-time; person id -> account. The others are
    left without one, for whoever tries to hand out links."""
    today = vn_today(at)
    people = session.scalars(
        select(Person)
        .join(Post, Post.person_id == Person.id)
        .join(UnitVersion, (UnitVersion.unit_id == Post.unit_id) & UnitVersion.valid_to.is_(None))
        .where(
            in_force(Post.starts_on, Post.ends_on, today),
            Post.full_time.is_(True) | ((Post.title == Title.chair) & (UnitVersion.level == Level.grassroots)),
        )
        .distinct()
        .order_by(Person.code)
    )
    kept = HASHER.hash(PASSWORD)
    accounts = {}
    for person in people.all():
        account = ensure_account(session, person, at=at)
        account.password_hash = kept
        accounts[person.id] = account
    session.flush()
    return accounts


def give_roles(session: Session, accounts: dict[int, Account], learner: Person, *, at: datetime) -> list[Login]:
    """One holder per role; returns the list of logins, the learner's last."""
    details = PersonDetails("Trần Thu Giang", gender=Gender.female, email="quantri@cdanson.example")
    system = create_person(session, None, "AS-QT", details, at=at)
    account = ensure_account(session, system, at=at)
    account.password_hash = next(iter(accounts.values())).password_hash
    accounts[system.id] = account
    chosen = (
        (Role.system_admin, None, system),
        (Role.training_admin, "AS", in_charge(session, "AS", Title.board_head)),
        (Role.training_admin, "AS-KCN", in_charge(session, "AS-KCN", Title.vice_chair)),
        (Role.training_admin, "AS-P01", in_charge(session, "AS-P01", Title.chair)),
        (Role.viewer, "AS", in_charge(session, "AS", Title.chair)),
        (Role.trainer, "AS", in_charge(session, "AS", Title.specialist)),
    )
    logins = []
    for role, code, person in chosen:
        unit = unit_by_code(session, code) if code else None
        grant_role(session, SYSTEM, accounts[person.id], role, unit.id if unit else None, at=at)
        where = f", {_name(session, unit)}" if unit else ""
        logins.append(Login(f"{LABELS[role]}{where}", person.code, person.full_name))
    return [*logins, Login("Học viên: chủ tịch công đoàn cơ sở", learner.code, learner.full_name)]


def _name(session: Session, unit: Unit) -> str:
    found = select(UnitVersion.name).where(UnitVersion.unit_id == unit.id, UnitVersion.valid_to.is_(None))
    return session.scalars(found).one()
