"""Making the sample federation, once: roster, courses, logins, issuers, learning; all in one transaction."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lms.access.rules import SYSTEM
from lms.catalogue.models import Course
from lms.catalogue.operations import publish_course
from lms.catalogue.package_reader import read_package
from lms.certificates.operations import ProfileFields, set_issuer_profile
from lms.db import in_force
from lms.demo.accounts import Login, give_roles, in_charge, open_accounts
from lms.demo.learning import ASSIGNING, assign_everywhere, learn
from lms.demo.workbook import SEED, sample_workbook
from lms.imports.operations import load_roster
from lms.ledger.models import Area, TrainingRecord, TrainingRecordArea
from lms.people.models import Account, Person
from lms.settings import Settings, resource
from lms.storage import Storage
from lms.temporal import vn_today
from lms.units.models import Level, Post, Title, Unit, UnitVersion
from lms.units.queries import unit_by_code

WORKBOOK = "mau-danh-sach.xlsx"
LOGINS = "demo-logins.json"
COURSE = "chu-tich-cong-doan-co-so"
COMPLETED, UNDER_WAY = 14, 9
"""How many learners are through, and how many on their way."""


def build(session: Session, settings: Settings, storage: Storage, *, at: datetime) -> list[Login]:
    """Make the sample federation as of a moment; writes the sample workbook and the list of logins beside the data."""
    content = sample_workbook(vn_today(at))
    (settings.instance / WORKBOOK).write_bytes(content)
    report = load_roster(session, SYSTEM, content, file_name=WORKBOOK, at=at)
    if not report.loaded:
        raise RuntimeError(f"the sample roster is refused: {report.summary()['refused'][:3]}")
    _issuers(session, at)
    _publish(session, storage, at)
    accounts = open_accounts(session, at=at)
    learner = _learning(session, accounts, at)
    logins = give_roles(session, accounts, learner, at=at)
    listed = json.dumps([asdict(login) for login in logins], ensure_ascii=False, indent=1)
    (settings.instance / LOGINS).write_text(listed, encoding="utf-8")
    return logins


def _publish(session: Session, storage: Storage, at: datetime) -> None:
    """Every course shipped, owned by the province."""
    province = unit_by_code(session, "AS")
    for folder in sorted(path.parent for path in resource("courses").glob("*/course.yaml")):
        publish_course(
            session,
            SYSTEM,
            read_package(folder),
            storage,
            owner_unit_id=province.id if province else None,
            at=at - timedelta(days=90),
        )


def _issuers(session: Session, at: datetime) -> None:
    """How the province and the unions directly below it issue."""
    found = session.execute(
        select(Unit, UnitVersion)
        .join(UnitVersion, (UnitVersion.unit_id == Unit.id) & UnitVersion.valid_to.is_(None))
        .join(Post, (Post.unit_id == Unit.id) & (Post.title == Title.chair) & Post.ends_on.is_(None))
        .where(UnitVersion.level.in_((Level.provincial, Level.direct_upper)), Unit.ended_on.is_(None))
        .order_by(Unit.code)
    ).all()
    for unit, version in found:
        provincial = version.level is Level.provincial
        name = version.name.replace("LĐLĐ", "Liên đoàn Lao động")
        place = name.removeprefix("Công đoàn ").removeprefix("phường ").removeprefix("xã ")
        fields = ProfileFields(
            parent_line="Tổng Liên đoàn Lao động Việt Nam" if provincial else "Liên đoàn Lao động tỉnh An Sơn",
            name_line=name,
            symbol=unit.code,
            place="An Sơn" if unit.code in ("AS", "AS-KCN") else place,
            authority_line="TM. Ban Thường vụ" if provincial else "TM. Ban Chấp hành",
            signer_title="Chủ tịch",
            signer_name=in_charge(session, unit.code, Title.chair).full_name,
            may_issue_certificate=provincial,
        )
        began = unit.founded_on or vn_today(at)
        set_issuer_profile(session, SYSTEM, unit.id, fields, valid_from=began, at=at)


def _learning(session: Session, accounts: dict[int, Account], at: datetime) -> Person:
    """The course for chairs: assigned, begun, completed; returns a chair who has it still to do and needs it."""
    course = session.scalars(select(Course).where(Course.slug == COURSE)).one()
    start = at - timedelta(days=40)
    assign_everywhere(session, course, at=start)
    dice = Random(SEED)  # noqa: S311 (nothing secret depends on it)
    chairs = _chairs(session, at)
    learner = next(person for person, upper in chairs if upper == "AS-P01" and not _has_skills(session, person))
    others = [person for person, _ in chairs if person is not learner]
    dice.shuffle(others)
    for place, person in enumerate(others[: COMPLETED + UNDER_WAY]):
        since = start + timedelta(hours=dice.randint(10, 24 * 20))
        lessons = None if place < COMPLETED else dice.randint(1, 9)
        learn(session, person, accounts[person.id], course, dice, since=since, lessons=lessons)
    return learner


def _chairs(session: Session, at: datetime) -> list[tuple[Person, str]]:
    """Chairs of grassroots unions below the unions that assigned the course, each with the code of that union."""
    upper = aliased(Unit)
    rows = session.execute(
        select(Person, upper.code)
        .join(Post, Post.person_id == Person.id)
        .join(UnitVersion, (UnitVersion.unit_id == Post.unit_id) & UnitVersion.valid_to.is_(None))
        .join(upper, upper.id == UnitVersion.parent_id)
        .where(
            Post.title == Title.chair,
            UnitVersion.level == Level.grassroots,
            upper.code.in_(ASSIGNING[1:]),
            in_force(Post.starts_on, Post.ends_on, vn_today(at)),
        )
        .order_by(Person.code)
    )
    return [(person, code) for person, code in rows]


def _has_skills(session: Session, person: Person) -> bool:
    """Whether the person was trained in the skills of a chair before."""
    return (
        session.scalar(
            select(TrainingRecord.id)
            .join(TrainingRecordArea, TrainingRecordArea.record_id == TrainingRecord.id)
            .where(TrainingRecord.person_id == person.id, TrainingRecordArea.area == Area.chair_skills)
            .limit(1)
        )
        is not None
    )
