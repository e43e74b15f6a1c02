"""The register of certificates (sổ gốc)."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Base, Id, Keyed, coded


class CertificateKind(enum.Enum):
    """giấy chứng nhận (any unit that delivers training) · chứng chỉ (only issuers whose profile allows it)."""

    completion_certificate = "completion_certificate"
    certificate = "certificate"


class IssuerProfile(Keyed, Base):
    """How a unit issues: header lines, symbol, place, signer, and whether it may issue chứng chỉ.

    A new row replaces the one before it from `valid_from` on (of two for the same day the later one entered).
    """

    __tablename__ = "issuer_profile"
    __table_args__ = (Index(None, "unit_id", "valid_from"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    valid_from: Mapped[date]
    parent_line: Mapped[str | None] = mapped_column(String(200))
    name_line: Mapped[str] = mapped_column(String(200))
    symbol: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(80))
    authority_line: Mapped[str] = mapped_column(String(120))
    signer_title: Mapped[str] = mapped_column(String(120))
    signer_name: Mapped[str] = mapped_column(String(120))
    may_issue_certificate: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(Id)


class RegisterSeries(Base):
    """The last number given out, per issuer, kind and year; its row is locked while a number is taken, so that the
    numbers have no gap."""

    __tablename__ = "register_series"

    issuer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    kind: Mapped[CertificateKind] = mapped_column(coded(CertificateKind, "kind"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int] = mapped_column(default=0)


class RegisterSymbol(Base):
    """The first part of serial numbers belongs to the issuer and kind that used it first, so that the serial numbers
    of two issuers never meet, whatever their profiles say."""

    __tablename__ = "register_symbol"

    symbol: Mapped[str] = mapped_column(String(40), primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[CertificateKind] = mapped_column(coded(CertificateKind, "kind"))


class Certificate(Keyed, Base):
    """An entry of the register with every printed field as of issue; never changed (but for the key and hash of its
    document, written once). One ledger row has at most one.

    `holder_born` is dd/mm/yyyy or yyyy. `issuer` holds what was printed of the issuer: unit_code, unit_name,
    parent_line, name_line, place, authority_line, signer_title, signer_name (empty text where there is none).
    `expires_on` is the first day on which it is no longer valid.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("issuer_id", "kind", "year", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(pdf_key IS NULL) = (pdf_sha256 IS NULL)", name="document"),
        Index(None, "person_id"),
        Index(None, "year", "id"),
    )

    kind: Mapped[CertificateKind] = mapped_column(coded(CertificateKind, "kind"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    year: Mapped[int]
    number: Mapped[int]
    serial_no: Mapped[str] = mapped_column(String(60), unique=True)
    verify_code: Mapped[str] = mapped_column(String(40), unique=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("training_record.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_version_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id"))
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    achieved_on: Mapped[date]
    started_on: Mapped[date | None]
    holder_name: Mapped[str] = mapped_column(String(120))
    holder_folded: Mapped[str] = mapped_column(String(120), index=True)
    holder_born: Mapped[str | None] = mapped_column(String(10))
    holder_title: Mapped[str | None] = mapped_column(String(120))
    holder_unit: Mapped[str | None] = mapped_column(String(260))
    course_title: Mapped[str] = mapped_column(String(300))
    hours: Mapped[Decimal | None] = mapped_column(Numeric(6, 1))
    mode: Mapped[str] = mapped_column(String(20))
    result: Mapped[str | None] = mapped_column(String(120))
    decision_no: Mapped[str | None] = mapped_column(String(80))
    decision_on: Mapped[date | None]
    issuer: Mapped[dict[str, Any]]
    layout: Mapped[str] = mapped_column(String(20))
    pdf_key: Mapped[str | None] = mapped_column(String(80))
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]

    acts: Mapped[list[CertificateAct]] = relationship(order_by="CertificateAct.id", lazy="selectin")


class ActKind(enum.Enum):
    """What was done with a certificate, in dated entries of their own."""

    issued = "issued"
    revoked = "revoked"


class CertificateAct(Keyed, Base):
    """A later entry of the register about one certificate."""

    __tablename__ = "certificate_act"
    __table_args__ = (
        Index(None, "certificate_id", "effective_on"),
        Index(
            "uq_certificate_act_once",
            "certificate_id",
            "kind",
            unique=True,
            sqlite_where=text("kind IN ('issued','revoked')"),
            postgresql_where=text("kind IN ('issued','revoked')"),
        ),
    )

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    kind: Mapped[ActKind] = mapped_column(coded(ActKind, "kind"))
    effective_on: Mapped[date]
    decision_no: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(Id)
