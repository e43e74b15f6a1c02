"""Writing the register: issuing, revoking, keeping the document, setting how a unit issues."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.operations import require
from lms.access.rules import SYSTEM, Actor, Permission
from lms.audit.operations import record as audit
from lms.catalogue.models import CourseVersion
from lms.certificates.issuers import issuer_for, profile_of
from lms.certificates.models import ActKind, Certificate, CertificateAct, CertificateKind, IssuerProfile
from lms.certificates.numbering import claim_symbol, next_number
from lms.certificates.queries import certificate_of_record, enrolment_behind, principal_post
from lms.certificates.rules import (
    State,
    born_text,
    granted_kind,
    serial_no,
    state_of,
    symbol_candidates,
    symbol_of,
    wanted_kind,
)
from lms.errors import NotAllowed, Refused
from lms.jobs.operations import enqueue
from lms.ledger.models import Mode, TrainingRecord
from lms.people.models import Person
from lms.temporal import add_months, vn_today
from lms.text import clean

RENDER = "certificates.render"
"""The job that makes and keeps a certificate's document: payload `certificate_id`."""


def issue_certificate(session: Session, actor: Actor, record: TrainingRecord, *, at: datetime) -> Certificate:
    """Enter the certificate of a ledger row in the register, in the caller's transaction, with every printed field as
    of now; the number is the next of its issuer, kind and Vietnamese year. A second call gives the same certificate.

    Certificates are issued by the installation, on completion: NotAllowed to anybody else. Refused
    `certificate_not_foreseen` (the row does not come from a course that promises one), `certificate_without_deliverer`
    (nobody can issue it).
    """
    if actor != SYSTEM:
        raise NotAllowed("issue_certificates")
    session.execute(select(TrainingRecord.id).where(TrainingRecord.id == record.id).with_for_update())
    existing = certificate_of_record(session, record.id)
    if existing is not None:
        return existing
    enrolment = enrolment_behind(session, record)
    version = session.get_one(CourseVersion, enrolment.version_id) if enrolment else None
    wanted = wanted_kind(version.manifest) if version else None
    if enrolment is None or version is None or wanted is None:
        raise Refused("certificate_not_foreseen")
    if record.delivered_by_id is None:
        raise Refused("certificate_without_deliverer")

    today = vn_today(at)
    issuer = issuer_for(session, record.delivered_by_id, today)
    kind = granted_kind(wanted, may_issue_certificate=issuer.may_issue_certificate)
    candidates = symbol_candidates(issuer.symbol, issuer.unit_code, issuer.unit_id, kind)
    symbol = claim_symbol(session, candidates, issuer.unit_id, kind)
    person = session.get_one(Person, record.person_id)
    post = principal_post(session, person.id, record.achieved_on)
    months = int(version.manifest.get("validity_months") or 0)
    number = next_number(session, issuer.unit_id, kind, today.year)
    certificate = Certificate(
        kind=kind,
        issuer_id=issuer.unit_id,
        year=today.year,
        number=number,
        serial_no=serial_no(symbol, today.year, number),
        verify_code=secrets.token_urlsafe(12),
        record_id=record.id,
        person_id=person.id,
        course_version_id=version.id,
        issued_on=today,
        expires_on=add_months(record.achieved_on, months) if months else None,
        started_on=min(vn_today(enrolment.started_at), record.achieved_on),
        achieved_on=record.achieved_on,
        holder_name=person.full_name,
        holder_folded=person.name_folded,
        holder_born=born_text(person.born_on, person.born_year),
        holder_title=post.title if post else None,
        holder_unit=post.unit_name if post else None,
        course_title=record.title or version.title,
        hours=record.hours if record.hours is not None else version.hours,
        mode=(record.mode or Mode.online).value,
        issuer=issuer.printed(),
        layout="formal",
        created_at=at,
        acts=[CertificateAct(kind=ActKind.issued, effective_on=today, recorded_at=at, recorded_by_id=actor.account_id)],
    )
    session.add(certificate)
    session.flush()
    audit(
        session,
        actor.account_id,
        "certificate.issued",
        "certificate",
        certificate.id,
        at=at,
        unit_id=issuer.unit_id,
        after={"serial_no": certificate.serial_no, "person_id": person.id, "record_id": record.id},
    )
    enqueue(session, RENDER, {"certificate_id": certificate.id}, at=at, unique_key=f"{RENDER}:{certificate.id}")
    return certificate


def revoke_certificate(
    session: Session,
    actor: Actor,
    certificate: Certificate,
    *,
    decision_no: str,
    reason: str,
    effective_on: date,
    at: datetime,
) -> CertificateAct:
    """Revoke a certificate by decision, from a day on: a later entry of the register; the certificate's row stays as it
    is.

    NotAllowed without the permission at its issuer. Refused `decision_no_missing`, `reason_missing`,
    `revoked_before_issue` (the day lies before the issue), `certificate_already_revoked`.
    """
    require(session, actor, Permission.revoke_certificates, certificate.issuer_id, vn_today(at))
    decision_no, reason = clean(decision_no), clean(reason)
    if not decision_no:
        raise Refused("decision_no_missing", field="decision_no")
    if not reason:
        raise Refused("reason_missing", field="reason")
    if effective_on < certificate.issued_on:
        raise Refused("revoked_before_issue", field="effective_on", issued_on=certificate.issued_on)
    session.refresh(certificate, with_for_update=True)
    if state_of(certificate.acts, None, date.max) is State.revoked:
        raise Refused("certificate_already_revoked")
    act = CertificateAct(
        certificate_id=certificate.id,
        kind=ActKind.revoked,
        effective_on=effective_on,
        decision_no=decision_no,
        reason=reason,
        recorded_at=at,
        recorded_by_id=actor.account_id,
    )
    certificate.acts.append(act)
    session.flush()
    audit(
        session,
        actor.account_id,
        "certificate.revoked",
        "certificate",
        certificate.id,
        at=at,
        unit_id=certificate.issuer_id,
        after={"decision_no": decision_no, "reason": reason, "effective_on": effective_on},
    )
    return act


@dataclass(frozen=True)
class ProfileFields:
    """What a unit states about how it issues (header lines, symbol, place, authority, signer)."""

    name_line: str
    symbol: str
    place: str
    authority_line: str
    signer_title: str
    signer_name: str
    parent_line: str | None = None
    may_issue_certificate: bool = False


def set_issuer_profile(
    session: Session, actor: Actor, unit_id: int, fields: ProfileFields, *, valid_from: date, at: datetime
) -> IssuerProfile:
    """State how a unit issues from a day on; certificates issued before keep what they say. The same fields as in
    the profile before change nothing.

    NotAllowed without the register in the unit's charge, and to allow chứng chỉ without charge of the installation.
    Refused `profile_in_past` (there is a profile already, and the day lies before today or before its first day),
    `symbol_taken` (the symbol belongs to another unit).
    """
    today = vn_today(at)
    require(session, actor, Permission.revoke_certificates, unit_id, today)
    current = profile_of(session, unit_id, date.max)
    if fields.may_issue_certificate and not (current and current.may_issue_certificate):
        require(session, actor, Permission.manage_installation, None, today)
    if current is not None and all(getattr(current, name) == value for name, value in vars(fields).items()):
        return current
    if current is not None and valid_from < max(today, current.valid_from):
        raise Refused("profile_in_past", field="valid_from")
    for kind in CertificateKind:
        symbol = symbol_of(fields.symbol, kind)
        try:
            claim_symbol(session, [symbol], unit_id, kind)
        except LookupError:
            raise Refused("symbol_taken", field="symbol", symbol=symbol) from None
    profile = IssuerProfile(
        unit_id=unit_id, valid_from=valid_from, created_at=at, created_by_id=actor.account_id, **vars(fields)
    )
    session.add(profile)
    session.flush()
    audit(
        session,
        actor.account_id,
        "issuer_profile.set",
        "unit",
        unit_id,
        at=at,
        unit_id=unit_id,
        before={name: getattr(current, name) for name in vars(fields)} if current else None,
        after={**vars(fields), "valid_from": valid_from},
    )
    return profile
