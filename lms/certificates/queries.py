"""Reading the register."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from lms.access.queries import may, within
from lms.access.rules import Actor, Permission
from lms.catalogue.models import CourseVersion
from lms.certificates.models import ActKind, Certificate, CertificateAct, CertificateKind
from lms.certificates.rules import normal_serial
from lms.db import in_force
from lms.learning.models import Enrolment
from lms.ledger.models import Source, TrainingRecord, TrainingRecordVoid
from lms.people.models import Person
from lms.text import fold
from lms.units.labels import TITLES
from lms.units.models import Post, Title
from lms.units.queries import unit_views

_RANK = {title: rank for rank, title in enumerate(Title)}


@dataclass(frozen=True)
class HolderPost:
    """A person's title and unit as printed (Vietnamese)."""

    title: str
    unit_name: str


def certificate_of_record(session: Session, record_id: int) -> Certificate | None:
    """The certificate of a ledger row."""
    return session.scalar(select(Certificate).where(Certificate.record_id == record_id))


def certificates_for_records(session: Session, record_ids: Collection[int]) -> dict[int, Certificate]:
    """The certificates of ledger rows, by the row's id: the evidence behind an indicator."""
    if not record_ids:
        return {}
    found = session.scalars(select(Certificate).where(Certificate.record_id.in_(record_ids)).order_by(Certificate.id))
    return {certificate.record_id: certificate for certificate in found}


def enrolment_behind(session: Session, record: TrainingRecord) -> Enrolment | None:
    """The enrolment whose completion a ledger row records; None for rows that come from elsewhere."""
    found = re.fullmatch(r"enrolment:(\d{1,18})", record.source_key)
    if record.source is not Source.course or found is None:
        return None
    enrolment = session.get(Enrolment, int(found[1]))
    return enrolment if enrolment is not None and enrolment.person_id == record.person_id else None


def principal_post(session: Session, person_id: int, on: date) -> HolderPost | None:
    """The post to print: of those held on the day the highest title, then the one held longest; None without posts."""
    posts = session.scalars(
        select(Post).where(Post.person_id == person_id, in_force(Post.starts_on, Post.ends_on, on))
    ).all()
    if not posts:
        return None
    post = min(posts, key=lambda held: (_RANK[held.title], held.starts_on, held.id))
    return HolderPost(TITLES[post.title], unit_views(session, [post.unit_id], on)[post.unit_id].name)


def certificate_by_code(session: Session, verify_code: str) -> Certificate | None:
    """The certificate with that verification code (of the QR)."""
    return session.scalar(select(Certificate).where(Certificate.verify_code == verify_code))


def find_by_serial(session: Session, typed: str, factor: str) -> Certificate | None:
    """The certificate with the serial number, if the second factor fits: the holder's full name (marks and case do not
    matter) or the birth date as printed. None when either is wrong; which one is not told."""
    found = session.scalar(select(Certificate).where(Certificate.serial_no == normal_serial(typed)))
    if found is None or not factor.strip():
        return None
    born = re.sub(r"[.\-\s]+", "/", factor.strip())
    day = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", born)
    if day:
        born = f"{int(day[1]):02d}/{int(day[2]):02d}/{day[3]}"
    fits = fold(factor) == found.holder_folded or (found.holder_born is not None and found.holder_born == born)
    return found if fits else None


def certificates_of_person(session: Session, person_id: int) -> list[Certificate]:
    """A person's certificates, the newest first."""
    return list(
        session.scalars(
            select(Certificate)
            .where(Certificate.person_id == person_id)
            .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
        )
    )


@dataclass(frozen=True)
class RegisterFilter:
    """What of the register to show; None or empty: everything."""

    year: int | None = None
    kind: CertificateKind | None = None
    issuer_id: int | None = None
    words: str = ""
    revoked: bool = False


def register_entries(session: Session, actor: Actor, chosen: RegisterFilter, on: date) -> Select[Certificate]:
    """The register as far as the actor may see it, the newest entries first; to be paged by the caller.

    `words` are looked for in the holder's name (marks and case do not matter) and at the start of serial numbers.
    """
    entries = (
        select(Certificate)
        .where(within(session, actor, Permission.view_register, on, Certificate.issuer_id))
        .order_by(Certificate.year.desc(), Certificate.issued_on.desc(), Certificate.id.desc())
    )
    if chosen.year is not None:
        entries = entries.where(Certificate.year == chosen.year)
    if chosen.kind is not None:
        entries = entries.where(Certificate.kind == chosen.kind)
    if chosen.issuer_id is not None:
        entries = entries.where(Certificate.issuer_id == chosen.issuer_id)
    if chosen.words.strip():
        entries = entries.where(
            or_(
                Certificate.holder_folded.contains(fold(chosen.words), autoescape=True),
                Certificate.serial_no.startswith(normal_serial(chosen.words), autoescape=True),
            )
        )
    if chosen.revoked:
        entries = entries.where(Certificate.acts.any(CertificateAct.kind == ActKind.revoked))
    return entries


def register_years(session: Session, actor: Actor, on: date) -> list[int]:
    """The years of which the actor may see entries, the newest first."""
    seen = within(session, actor, Permission.view_register, on, Certificate.issuer_id)
    return list(session.scalars(select(Certificate.year).where(seen).distinct().order_by(Certificate.year.desc())))


def register_issuers(session: Session, actor: Actor, on: date) -> list[tuple[int, str]]:
    """The issuers of which the actor may see entries: (id, name of today), by name."""
    seen = within(session, actor, Permission.view_register, on, Certificate.issuer_id)
    ids = session.scalars(select(Certificate.issuer_id).where(seen).distinct()).all()
    return [(view.id, view.name) for view in unit_views(session, ids, on).values()]


def register_entry(session: Session, actor: Actor, serial_no: str, on: date) -> Certificate | None:
    """One entry of the register, if the actor may see it."""
    seen = within(session, actor, Permission.view_register, on, Certificate.issuer_id)
    return session.scalar(select(Certificate).where(Certificate.serial_no == serial_no, seen))


def visible_certificate(session: Session, actor: Actor, serial_no: str, on: date) -> Certificate | None:
    """The certificate with that serial number, if the actor holds it or sees the register of its issuer."""
    found = session.scalar(select(Certificate).where(Certificate.serial_no == serial_no))
    if found is None or (actor.person_id is not None and found.person_id == actor.person_id):
        return found
    return found if may(session, actor, Permission.view_register, found.issuer_id, on) else None


def count_without_certificate(session: Session, actor: Actor, on: date) -> int:
    """How many rows `records_without_certificate` has."""
    rows = records_without_certificate(session, actor, on).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def records_without_certificate(session: Session, actor: Actor, on: date) -> Select[int, int, str, str, date]:
    """Completions that promise a certificate and have none, because no unit delivered the training; of people with a
    post where the actor sees the register. Columns: record id, person id, full name, course title, achieved on; the
    newest first."""
    promised = CourseVersion.manifest["certificate"]["kind"].as_string()
    posted = (
        select(Post.id)
        .where(
            Post.person_id == TrainingRecord.person_id,
            within(session, actor, Permission.view_register, on, Post.unit_id),
        )
        .exists()
    )
    return (
        select(TrainingRecord.id, Person.id, Person.full_name, CourseVersion.title, TrainingRecord.achieved_on)
        .join(Enrolment, Enrolment.record_id == TrainingRecord.id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .join(Person, Person.id == TrainingRecord.person_id)
        .outerjoin(Certificate, Certificate.record_id == TrainingRecord.id)
        .outerjoin(TrainingRecordVoid, TrainingRecordVoid.record_id == TrainingRecord.id)
        .where(
            and_(Certificate.id.is_(None), TrainingRecordVoid.id.is_(None)),
            promised.in_([kind.value for kind in CertificateKind]),
            posted,
        )
        .order_by(TrainingRecord.achieved_on.desc(), TrainingRecord.id.desc())
    )
