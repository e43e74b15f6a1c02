"""Courses that promise a certificate, and their completions (ledger rows) without going through the lessons."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from lms.catalogue.models import Course, CourseVersion
from lms.certificates.operations import ProfileFields
from lms.learning.models import Enrolment
from lms.ledger.models import Area, Mode, Source, TrainingRecord, TrainingRecordArea
from lms.people.models import Person
from lms.temporal import vn_today
from lms.units.models import Unit
from tests.conftest import NOW
from tests.factories.people import make_person
from tests.factories.units import make_post, make_unit

_numbers = itertools.count(1)

PROVINCE = ProfileFields(
    parent_line="Tổng Liên đoàn Lao động Việt Nam",
    name_line="Liên đoàn Lao động tỉnh An Sơn",
    symbol="AS",
    place="An Sơn",
    authority_line="TM. Ban Thường vụ",
    signer_title="Chủ tịch",
    signer_name="Trần Quốc Bình",
)


def make_version(session: Session, title: str = "Đối thoại tại nơi làm việc", **manifest: Any) -> CourseVersion:
    """A published version whose manifest promises a giấy chứng nhận, unless `certificate` says otherwise."""
    number = next(_numbers)
    course = Course(slug=f"khoa-{number}", created_at=NOW)
    session.add(course)
    session.flush()
    version = CourseVersion(
        course_id=course.id,
        number=1,
        content_hash=f"{number:064x}",
        published_at=NOW,
        title=title,
        hours=Decimal("6.0"),
        lesson_count=1,
        areas=["dialogue_bargaining"],
        learner_groups=["grassroots_chair"],
        manifest={"certificate": {"kind": "completion_certificate"}, "validity_months": 0, **manifest},
    )
    session.add(version)
    session.flush()
    return version


def make_completion(
    session: Session,
    person: Person,
    version: CourseVersion,
    deliverer: Unit | None,
    *,
    achieved: date | None = None,
    at: datetime = NOW,
) -> TrainingRecord:
    """A completed enrolment and its ledger row, written as completion writes it (no event is published)."""
    enrolment = Enrolment(
        person_id=person.id,
        course_id=version.course_id,
        version_id=version.id,
        started_at=at - timedelta(days=10),
        last_seen_at=at,
        completed_at=at,
    )
    session.add(enrolment)
    session.flush()
    record = TrainingRecord(
        person_id=person.id,
        title=version.title,
        mode=Mode.online,
        delivered_by_id=deliverer.id if deliverer else None,
        achieved_on=achieved or vn_today(at),
        recorded_at=at,
        hours=version.hours,
        source=Source.course,
        source_key=f"enrolment:{enrolment.id}",
        areas=[TrainingRecordArea(area=Area(code)) for code in version.areas],
    )
    session.add(record)
    session.flush()
    enrolment.record_id = record.id
    session.flush()
    return record


@dataclass
class Scene:
    """A province, a commune union below it, a grassroots union below that with its chair, a version of a course."""

    province: Unit
    commune: Unit
    grassroots: Unit
    chair: Person
    version: CourseVersion


def make_scene(session: Session, **manifest: Any) -> Scene:
    """The usual setting of tests about certificates; no unit has a profile yet."""
    number = next(_numbers)
    province = make_unit(session, "Liên đoàn Lao động tỉnh An Sơn", "provincial", code=f"AS-{number}")
    commune = make_unit(session, "Công đoàn phường Tân Khê", "direct_upper", province, code=f"AS-TK-{number}")
    grassroots = make_unit(session, "CĐCS Công ty TNHH May Tân Khê", "grassroots", commune, members=600)
    chair = make_person(session, "Nguyễn Thị Thu Hiền", born_on=date(1985, 8, 4))
    make_post(session, grassroots, "chair", chair, starts="2026-03-12")
    return Scene(province, commune, grassroots, chair, make_version(session, **manifest))
