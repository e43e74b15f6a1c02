"""The world the routes are tried in: two branches with something of everything in each, and whoever may ask."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, Table, select
from sqlalchemy.orm import Session

import lms.models
from lms.access.models import Grant, Role
from lms.access.rules import PERMISSIONS, SYSTEM, Permission
from lms.audiences.rules import LearnerGroup
from lms.catalogue.models import Course, CourseVersion, Media, Quiz
from lms.certificates.models import Certificate
from lms.certificates.operations import issue_certificate
from lms.imports.models import RosterImport
from lms.imports.uploads import receive, run_check
from lms.learning.attempts import start_attempt, submit_attempt
from lms.learning.models import CourseAssignment, QuizAttempt
from lms.learning.operations import assign_course, enrol
from lms.people.links import make_links
from lms.people.models import Account, LinkPurpose
from lms.storage import Storage
from tests.conftest import NOW
from tests.factories.access import World, actor_of, make_grant, make_world
from tests.factories.catalogue import make_course
from tests.factories.certificates import make_completion, make_version
from tests.factories.people import make_account, make_person
from tests.factories.units import make_post
from tests.imports.workbooks import small

LAST_SEEN = {"last_sign_in_at", "last_seen_at"}

PACKAGE = {
    "summary": {"vi": "Khoá học của Chủ tịch CĐCS."},
    "objectives": {"vi": ["Nắm được nhiệm vụ."]},
    "pass_rule": {"final": {"draw": 2, "pass_percent": 80, "attempts": 3, "wait_hours": 24}},
    "references": [],
}
"""What a course's package says of itself."""


@dataclass
class GuardWorld:
    """What stands in the addresses; pairs hold the first branch's and the second's."""

    world: World
    course: Course
    other_course: Course
    media_key: str
    sitting: QuizAttempt
    result: QuizAttempt
    certificates: tuple[Certificate, Certificate]
    assignments: tuple[CourseAssignment, CourseAssignment]
    grants: tuple[Grant, Grant]
    uploads: tuple[RosterImport, RosterImport]
    token: str

    @property
    def roles(self) -> dict[str, Account | None]:
        """Everybody who asks, by name."""
        world = self.world
        return {
            "visitor": None,
            "learner": world.learner,
            "trainer": world.trainer,
            "viewer": world.viewer,
            "admin": world.admins[0],
            "other admin": world.admins[1],
            "federation admin": world.federation_admin,
            "system admin": world.system_admin,
        }

    def permissions(self, role: str) -> frozenset[Permission]:
        """What somebody of that name may do somewhere."""
        roles = {
            "trainer": Role.trainer,
            "viewer": Role.viewer,
            "admin": Role.training_admin,
            "other admin": Role.training_admin,
            "federation admin": Role.training_admin,
            "system admin": Role.system_admin,
        }
        return PERMISSIONS[roles[role]] if role in roles else frozenset()


def reaches(role: str, branch: int) -> bool:
    """Whether the scope of that name holds a branch (0 or 1)."""
    if role in ("federation admin", "system admin"):
        return True
    return branch == (1 if role == "other admin" else 0)


def build(session: Session, storage: Storage) -> GuardWorld:
    """Make it, flushed."""
    world = make_world(session)
    version, other = make_course(session, "khoa-dang-hoc"), make_course(session, "khoa-khac")
    for made in (version, other):
        made.manifest = {**made.manifest, **PACKAGE}
    session.add(
        Media(
            version_id=version.id,
            path="media/anh.webp",
            storage_key=storage.put(b"RIFF0000WEBP", "webp"),
            content_type="image/webp",
            size=12,
        )
    )
    course, other_course = (session.get_one(Course, found.course_id) for found in (version, other))
    sitting, result = _sittings(session, world, version, course)
    pairs = range(2)
    spare = [make_account(session, make_person(session, f"Người Thứ {n}", code=f"DU-{n}")) for n in pairs]
    for account, union in zip(spare, world.unions, strict=True):
        make_post(session, union, "group_leader", account.person)
    link = make_links(session, [spare[0]], LinkPurpose.first_password, actor_id=None, at=NOW)
    token = link[spare[0].id][0]
    session.flush()
    return GuardWorld(
        world=world,
        course=course,
        other_course=other_course,
        media_key=session.scalars(select(Media.storage_key)).one(),
        sitting=sitting,
        result=result,
        certificates=tuple(_certificate(session, world, branch) for branch in pairs),
        assignments=tuple(
            assign_course(
                session,
                SYSTEM,
                course,
                world.branches[branch].id,
                learner_group=LearnerGroup.grassroots_chair,
                due_on=NOW.date() + timedelta(days=60),
                at=NOW,
            )
            for branch in pairs
        ),
        grants=tuple(make_grant(session, spare[n], Role.viewer, world.branches[n]) for n in pairs),
        uploads=tuple(_upload(session, world, storage, branch) for branch in pairs),
        token=token,
    )


def _sittings(
    session: Session, world: World, version: CourseVersion, course: Course
) -> tuple[QuizAttempt, QuizAttempt]:
    actor = actor_of(world.learner)
    enrolment = enrol(session, actor, course, at=NOW)
    quiz = session.scalars(select(Quiz).where(Quiz.version_id == version.id, Quiz.module_id.is_(None))).one()
    result = submit_attempt(session, actor, start_attempt(session, actor, enrolment, quiz, at=NOW), at=NOW)
    return start_attempt(session, actor, enrolment, quiz, at=NOW), result


def _certificate(session: Session, world: World, branch: int) -> Certificate:
    version = make_version(session, f"Đối thoại tại nơi làm việc {branch}")
    record = make_completion(session, world.chairs[branch], version, world.branches[branch])
    return issue_certificate(session, SYSTEM, record, at=NOW)


def _upload(session: Session, world: World, storage: Storage, branch: int) -> RosterImport:
    upload = receive(
        session,
        actor_of(world.admins[branch]),
        storage,
        unit_id=world.branches[branch].id,
        file_name="danh-sach.xlsx",
        content=small(),
        at=NOW,
    )
    run_check(session, storage, upload.id, before_writing=session.flush, at=NOW)
    return upload


def state_of(engine: Engine) -> dict[str, tuple[int, str]]:
    """Rows and checksum of every table, but for throttle counters and when somebody was last seen."""

    def look(table: Table) -> tuple[int, str]:
        columns = [column for column in table.columns if column.name not in LAST_SEEN]
        rows = connection.execute(select(*columns).order_by(*table.primary_key.columns)).all()
        return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()

    with engine.connect() as connection:
        tables = [table for table in lms.models.metadata.sorted_tables if table.name != "throttle_counter"]
        return {table.name: look(table) for table in tables}
