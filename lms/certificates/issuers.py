"""Who issues: the profile in force on a day, of the unit itself or of the nearest unit above it that has one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.queries import top_units, within
from lms.access.rules import Actor, Permission
from lms.certificates.models import IssuerProfile
from lms.units.queries import UnitView, ancestor_ids, unit_view, unit_views


@dataclass(frozen=True)
class Issuer:
    """An issuer as of a day: what is printed of it, and what numbers and kinds it gives out."""

    unit_id: int
    unit_code: str
    unit_name: str
    parent_line: str
    name_line: str
    place: str
    authority_line: str
    signer_title: str
    signer_name: str
    symbol: str
    may_issue_certificate: bool

    def printed(self) -> dict[str, Any]:
        """What is frozen in the register of the issuer."""
        kept = asdict(self)
        for name in ("unit_id", "symbol", "may_issue_certificate"):
            del kept[name]
        return kept


def profile_of(session: Session, unit_id: int, on: date) -> IssuerProfile | None:
    """The profile of the unit itself in force on a day: of those that began by then the latest."""
    return session.scalar(
        select(IssuerProfile)
        .where(IssuerProfile.unit_id == unit_id, IssuerProfile.valid_from <= on)
        .order_by(IssuerProfile.valid_from.desc(), IssuerProfile.id.desc())
        .limit(1)
    )


def issuer_for(session: Session, unit_id: int, on: date) -> Issuer:
    """Who issues for what the unit delivered: the unit itself or the nearest one above it, in the tree of the day,
    that has a profile; where none has, the unit itself under its name of the day, without a signer."""
    for candidate in ancestor_ids(session, [unit_id], on).get(unit_id) or [unit_id]:
        profile = profile_of(session, candidate, on)
        if profile is not None:
            return _signed(session, profile, on)
    return _unsigned(session, unit_id, on)


def _signed(session: Session, profile: IssuerProfile, on: date) -> Issuer:
    unit = unit_view(session, profile.unit_id, on)
    if unit is None:
        raise LookupError(profile.unit_id)
    return Issuer(
        unit_id=unit.id,
        unit_code=unit.code,
        unit_name=unit.name,
        parent_line=(profile.parent_line or "").upper(),
        name_line=profile.name_line.upper(),
        place=profile.place,
        authority_line=profile.authority_line.upper(),
        signer_title=profile.signer_title.upper(),
        signer_name=profile.signer_name,
        symbol=profile.symbol,
        may_issue_certificate=profile.may_issue_certificate,
    )


def _unsigned(session: Session, unit_id: int, on: date) -> Issuer:
    unit = unit_view(session, unit_id, on)
    if unit is None:
        raise LookupError(unit_id)
    parent = unit_views(session, [unit.parent_id], on).get(unit.parent_id) if unit.parent_id is not None else None
    return Issuer(
        unit_id=unit.id,
        unit_code=unit.code,
        unit_name=unit.name,
        parent_line=parent.name.upper() if parent else "",
        name_line=unit.name.upper(),
        place="",
        authority_line="",
        signer_title="",
        signer_name="",
        symbol=unit.code,
        may_issue_certificate=False,
    )


def issuing_units(session: Session, actor: Actor, on: date) -> list[tuple[UnitView, IssuerProfile | None]]:
    """The units in the actor's charge that have a profile, and those the actor was put in charge of, by name, each
    with its profile of the day."""
    charged = within(session, actor, Permission.revoke_certificates, on, IssuerProfile.unit_id)
    ids = set(session.scalars(select(IssuerProfile.unit_id).where(charged).distinct()))
    ids |= set(top_units(session, actor, Permission.revoke_certificates, on))
    return [(view, profile_of(session, view.id, on)) for view in unit_views(session, ids, on).values()]
