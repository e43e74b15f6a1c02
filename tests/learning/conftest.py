"""A small world: a province, a commune union, a grassroots union with its chair, and a course."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.models import Grant, Role
from lms.access.rules import Actor
from lms.catalogue.models import CourseVersion, Lesson, Quiz
from lms.people.models import Account, Person
from lms.units.models import Post, Unit
from tests.conftest import NOW
from tests.factories.catalogue import make_course
from tests.factories.people import make_account
from tests.factories.units import make_post, make_unit


@dataclass
class World:
    """What the tests work with."""

    province: Unit
    commune: Unit
    union: Unit
    chair: Person
    account: Account
    post: Post
    version: CourseVersion
    admin: Account

    @property
    def learner(self) -> Actor:
        return Actor(self.account.id, self.chair.id, self.chair.full_name)

    @property
    def administrator(self) -> Actor:
        return Actor(self.admin.id, self.admin.person_id, self.admin.person.full_name)

    def lessons(self, session: Session) -> list[Lesson]:
        return list(
            session.scalars(select(Lesson).where(Lesson.version_id == self.version.id).order_by(Lesson.position))
        )

    def final(self, session: Session) -> Quiz:
        return session.scalars(select(Quiz).where(Quiz.version_id == self.version.id, Quiz.module_id.is_(None))).one()


def build_world(session: Session, **course: object) -> World:
    """Make the world in a session."""
    province = make_unit(session, "LĐLĐ tỉnh An Sơn", "provincial", code="AS")
    commune = make_unit(session, "Công đoàn phường Tân Khê", "direct_upper", province, code="AS-01")
    union = make_unit(session, "CĐCS Công ty TNHH May Tân Khê", "grassroots", commune, code="AS-01-01", members=640)
    account = make_account(session)
    post = make_post(session, union, "chair", account.person, starts="2026-03-12", first_time=True)
    admin = make_account(session)
    session.add(
        Grant(account_id=admin.id, role=Role.training_admin, unit_id=province.id, valid_from=NOW.date(), granted_at=NOW)
    )
    version = make_course(session, owner=province, **course)
    return World(province, commune, union, account.person, account, post, version, admin)


@pytest.fixture
def world(session: Session) -> World:
    """The world in the rolled-back session."""
    return build_world(session)
