"""A certificate's document: what the row froze, set in its design. Nothing is looked up anew.

The words are those of an official Vietnamese document and are not translated.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from lms.certificates.models import Certificate, CertificateKind
from lms.certificates.rules import day_in_words, hours_text, last_valid_day, parse_day, register_no
from lms.documents import qr_svg, render_pdf, render_picture

LAYOUTS: Final = Path(__file__).resolve().parent / "layouts"

NAMES: Final = {
    CertificateKind.completion_certificate: "Giấy chứng nhận",
    CertificateKind.certificate: "Chứng chỉ",
}
MODES: Final = {"online": "trực tuyến", "in_person": "trực tiếp", "blended": "kết hợp trực tiếp và trực tuyến"}


def verify_url(base_url: str, certificate: Certificate) -> str:
    """The address of the public page about a certificate, which the QR code holds."""
    return f"{base_url}/xac-minh/{certificate.verify_code}"


def holder_post(certificate: Certificate) -> str:
    """The holder's title and unit in one line, e.g. "Chủ tịch CĐCS Công ty TNHH May Tân Khê"."""
    return " ".join(part for part in (certificate.holder_title, certificate.holder_unit) if part)


@dataclass(frozen=True)
class Told:
    """Something printed about the training: under a label, or as a phrase of its own."""

    label: str
    words: str
    phrase: str


def facts(certificate: Certificate) -> list[Told]:
    """Hours, mode and dates of the training."""
    told = []
    if certificate.hours is not None:
        hours = f"{hours_text(Decimal(certificate.hours))} giờ"
        told.append(Told("Thời lượng", hours, f"Thời lượng: {hours}"))
    mode = MODES[certificate.mode]
    told.append(Told("Hình thức", mode, f"Hình thức: {mode}"))
    ended = f"{certificate.achieved_on:%d/%m/%Y}"
    if certificate.started_on is not None and certificate.started_on < certificate.achieved_on:
        period = f"ừ ngày {certificate.started_on:%d/%m/%Y} đến ngày {ended}"
        told.append(Told("Thời gian", f"t{period}", f"T{period}"))
    else:
        told.append(Told("Hoàn thành", f"ngày {ended}", f"Hoàn thành ngày {ended}"))
    return told


def notes(certificate: Certificate) -> list[Told]:
    """Result, decision and validity, as far as there are any."""
    told = []
    if certificate.result:
        told.append(Told("Kết quả", certificate.result, f"Kết quả: {certificate.result}"))
    if certificate.decision_no and certificate.decision_on:
        decision = f"số {certificate.decision_no} ngày {certificate.decision_on:%d/%m/%Y}"
        told.append(Told("Quyết định", decision, f"Theo Quyết định {decision}"))
    if certificate.expires_on is not None:
        until = f"đến hết ngày {last_valid_day(certificate.expires_on):%d/%m/%Y}"
        told.append(Told("Giá trị", until, f"Có giá trị {until}"))
    return told


def _holder_lines(certificate: Certificate) -> list[tuple[str, str]]:
    born = certificate.holder_born or ""
    lines = [
        ("Ngày sinh" if parse_day(born) else "Năm sinh", born),
        ("Chức vụ", certificate.holder_title or ""),
        ("Đơn vị", certificate.holder_unit or ""),
    ]
    return [(label, words) for label, words in lines if words]


def _born(printed: str | None) -> str:
    day = parse_day(printed) if printed else None
    if day is not None:
        return f"Sinh {day_in_words(day)}"
    return f"Sinh năm {printed}" if printed else ""


def _placed(certificate: Certificate) -> str:
    words = day_in_words(certificate.issued_on)
    place = certificate.issuer["place"]
    return f"{place}, {words}" if place else words[0].upper() + words[1:]


def document_data(certificate: Certificate, base_url: str) -> dict[str, Any]:
    """What the design is filled with."""
    name = NAMES[certificate.kind]
    where = urlsplit(base_url)
    unit_name = certificate.issuer["unit_name"]
    return {
        "document_title": f"{name} số {certificate.serial_no}",
        "description": f"{name} của {certificate.holder_name}: {certificate.course_title}",
        "title": name.upper(),
        "issuer": certificate.issuer,
        "certifies": f"{unit_name} chứng nhận đồng chí",
        "holder_name": certificate.holder_name,
        "born": _born(certificate.holder_born),
        "holder_post": holder_post(certificate),
        "holder_lines": _holder_lines(certificate),
        "completed": "đã hoàn thành chương trình bồi dưỡng",
        "course_title": certificate.course_title,
        "course_lines": [(told.label, told.words) for told in facts(certificate) + notes(certificate)],
        "facts": [told.phrase for told in facts(certificate)],
        "notes": [told.phrase for told in notes(certificate)],
        "serial_no": certificate.serial_no,
        "register_no": register_no(certificate.number, certificate.year),
        "qr": qr_svg(verify_url(base_url, certificate)),
        "qr_alt": f"Mã QR dẫn tới trang tra cứu giấy số {certificate.serial_no}",
        "qr_words": "Mã QR dùng để tra cứu, không thay chữ ký",
        "lookup": f"{where.netloc}{where.path.rstrip('/')}/xac-minh",
        "placed": _placed(certificate),
        "unsigned": f"Cấp bằng phương thức điện tử bởi {unit_name}",
    }


def template_of(certificate: Certificate) -> Path:
    """The design's source."""
    return LAYOUTS / f"{certificate.layout}.typ"


def certificate_pdf(certificate: Certificate, base_url: str) -> bytes:
    """The document: PDF/A-2a and PDF/UA-1, dated with the moment of issue; the same row gives the same bytes."""
    return render_pdf(template_of(certificate), document_data(certificate, base_url), dated=certificate.created_at)


def certificate_picture(certificate: Certificate, base_url: str, *, width: int) -> bytes:
    """A WebP picture of the document, `width` pixels wide, for the screen."""
    page_width = 210 if certificate.layout == "portrait" else 297
    data = document_data(certificate, base_url)
    return render_picture(template_of(certificate), data, width=width, page_width_mm=page_width)
