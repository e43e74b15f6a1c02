"""Rules of the register: serial numbers, the state of a certificate, dates in the words of an official document."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from lms.certificates.models import ActKind, CertificateKind
from lms.text import fold

SYMBOL_LENGTH = 40


class State(enum.Enum):
    """What a certificate is worth on a day."""

    valid = "valid"
    revoked = "revoked"
    expired = "expired"


class Act(Protocol):
    """What the state depends on: the kind of a later entry and the day from which it holds."""

    @property
    def kind(self) -> ActKind: ...

    @property
    def effective_on(self) -> date: ...


def state_of(acts: Iterable[Act], expires_on: date | None, on: date) -> State:
    """The state on a day: revoked from the day the revocation takes effect, whatever else; expired from `expires_on`
    (the first day out) on; valid before."""
    if any(act.kind is ActKind.revoked and act.effective_on <= on for act in acts):
        return State.revoked
    return State.expired if expires_on is not None and expires_on <= on else State.valid


def wanted_kind(manifest: dict[str, object]) -> CertificateKind | None:
    """The kind of certificate a course version promises (`certificate: {kind: …}` in course.yaml); None: none."""
    promised = manifest.get("certificate")
    kind = promised.get("kind") if isinstance(promised, dict) else None
    return CertificateKind(kind) if kind in {known.value for known in CertificateKind} else None


def granted_kind(wanted: CertificateKind, *, may_issue_certificate: bool) -> CertificateKind:
    """Chứng chỉ only from an issuer whose profile allows it; giấy chứng nhận else (DOMAIN.md (f))."""
    if wanted is CertificateKind.certificate and not may_issue_certificate:
        return CertificateKind.completion_certificate
    return wanted


def symbol_of(words: str, kind: CertificateKind) -> str:
    """The first part of serial numbers in ASCII capitals, digits and dashes ("LĐLĐ AS" -> "LDLD-AS"), at most 40 long;
    chứng chỉ are told apart by -CC."""
    suffix = "-CC" if kind is CertificateKind.certificate else ""
    plain = re.sub(r"[^A-Z0-9]+", "-", fold(words).upper()).strip("-") or "CD"
    return plain[: SYMBOL_LENGTH - len(suffix)].rstrip("-") + suffix


def symbol_candidates(symbol: str, unit_code: str, unit_id: int, kind: CertificateKind) -> list[str]:
    """The symbols to try in turn: the profile's own, then with the unit's code, then with its permanent number."""
    tail = f"-{unit_id}"
    tries = [symbol, f"{symbol}-{unit_code}", symbol[: SYMBOL_LENGTH - len(tail) - 3] + tail]
    return list(dict.fromkeys(symbol_of(words, kind) for words in tries))


def serial_no(symbol: str, year: int, number: int) -> str:
    """The serial number printed on a certificate, e.g. AS-2026-000362."""
    return f"{symbol}-{year}-{number:06d}"


def normal_serial(typed: str) -> str:
    """A serial number as somebody typed it, in the register's form."""
    return re.sub(r"[^A-Z0-9]+", "-", fold(typed).upper()).strip("-")


def register_no(number: int, year: int) -> str:
    """The number in the register book (số vào sổ gốc), e.g. 362/2026."""
    return f"{number}/{year}"


def born_text(born_on: date | None, born_year: int | None) -> str | None:
    """The birth date as it is printed: dd/mm/yyyy, or the year alone where only that is known."""
    if born_on is not None:
        return f"{born_on:%d/%m/%Y}"
    return str(born_year) if born_year is not None else None


def parse_day(words: str) -> date | None:
    """A date of the form dd/mm/yyyy; None where it is none."""
    found = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", words)
    return date(int(found[3]), int(found[2]), int(found[1])) if found else None


def day_in_words(day: date) -> str:
    """A date as official documents write it: a zero before days under 10 and months 1 and 2 (NĐ 30/2020, Annex I)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def last_valid_day(expires_on: date) -> date:
    """The last day on which a certificate that expires is valid."""
    return expires_on - timedelta(days=1)


def hours_text(hours: Decimal) -> str:
    """Hours in Vietnamese figures: 6, 4,5."""
    return f"{hours.normalize():f}".replace(".", ",")
