"""The printed document: its words, and that nothing overlaps or is cut however long the texts are."""

from __future__ import annotations

import io
import unicodedata
from datetime import date, datetime
from decimal import Decimal

import pytest
from PIL import Image
from pypdf import PdfReader

from lms.certificates.models import Certificate, CertificateKind
from lms.certificates.printing import certificate_pdf, certificate_picture, document_data
from tests.conftest import NOW

BASE = "https://hoctap.congdoan-anson.example"
ISSUER = {
    "unit_code": "AS",
    "unit_name": "Liên đoàn Lao động tỉnh An Sơn",
    "parent_line": "TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM",
    "name_line": "LIÊN ĐOÀN LAO ĐỘNG TỈNH AN SƠN",
    "place": "An Sơn",
    "authority_line": "TM. BAN THƯỜNG VỤ",
    "signer_title": "CHỦ TỊCH",
    "signer_name": "Trần Quốc Bình",
}
LONG_ISSUER = {
    "unit_code": "KCN-AS",
    "unit_name": "Công đoàn các Khu công nghiệp và Khu kinh tế tỉnh An Sơn",
    "parent_line": "LIÊN ĐOÀN LAO ĐỘNG TỈNH AN SƠN",
    "name_line": "CÔNG ĐOÀN CÁC KHU CÔNG NGHIỆP VÀ KHU KINH TẾ TỈNH AN SƠN",
    "place": "Thành phố Hồ Chí Minh",
    "authority_line": "TUQ. BAN THƯỜNG VỤ LIÊN ĐOÀN LAO ĐỘNG TỈNH",
    "signer_title": "KT. TRƯỞNG BAN TỔ CHỨC – PHÓ TRƯỞNG BAN",
    "signer_name": "Công Huyền Tôn Nữ Nguyễn Thị Hoàng Ưng",
}
LONG = {
    "holder_name": "Công Tằng Tôn Nữ Hoàng Thị Phương Nguyễn Ưỡng",
    "holder_title": "Ủy viên Ban Thường vụ",
    "holder_unit": "CĐCS Công ty Trách nhiệm hữu hạn một thành viên Sản xuất, Thương mại và Xuất nhập khẩu May Tân Khê",
    "course_title": "Kỹ năng, phương pháp hoạt động của chủ tịch công đoàn cơ sở doanh nghiệp ngoài khu vực nhà nước",
    "serial_no": "LDLD-KHU-CONG-NGHIEP-AS-CC-2026-000362",
    "decision_no": "212/QĐ-LĐLĐ",
    "decision_on": date(2026, 6, 22),
    "expires_on": date(2029, 6, 22),
    "issuer": LONG_ISSUER,
}
EXTREME = {
    **LONG,
    "holder_name": ("Nguyễn Ưỡng " * 10).strip(),
    "holder_unit": ("Công đoàn Sản xuất Ỹ Ặ " * 12)[:260].strip(),
    "course_title": ("Đối thoại và thương lượng tập thể " * 9)[:300].strip(),
    "issuer": {
        **{key: ("CỘNG ĐOÀN Ễ " * 20)[:120].strip() for key in LONG_ISSUER},
        "unit_name": ("Liên đoàn Lao động " * 12)[:200].strip(),
        "parent_line": ("CỘNG ĐOÀN Ễ " * 20)[:200].strip(),
        "name_line": ("CỘNG ĐOÀN Ễ " * 20)[:200].strip(),
        "place": ("Thành phố " * 8).strip(),
    },
}
UNSIGNED = {
    "holder_born": "1985",
    "holder_title": None,
    "holder_unit": None,
    "issuer": {**ISSUER, "place": "", "authority_line": "", "signer_title": "", "signer_name": ""},
}


def certificate(**changes: object) -> Certificate:
    """A row of the register, as it would be read."""
    fields: dict[str, object] = {
        "kind": CertificateKind.completion_certificate,
        "year": 2026,
        "number": 362,
        "serial_no": "AS-2026-000362",
        "verify_code": "AbCd-1234_efGhIj",
        "issued_on": date(2026, 6, 22),
        "expires_on": None,
        "started_on": date(2026, 5, 12),
        "achieved_on": date(2026, 6, 22),
        "holder_name": "Nguyễn Thị Thu Hiền",
        "holder_born": "04/08/1985",
        "holder_title": "Chủ tịch",
        "holder_unit": "CĐCS Công ty TNHH May Tân Khê",
        "course_title": "Đối thoại và thương lượng tập thể tại doanh nghiệp",
        "hours": Decimal("4.5"),
        "mode": "online",
        "result": None,
        "decision_no": None,
        "decision_on": None,
        "issuer": ISSUER,
        "layout": "formal",
        "created_at": NOW,
    }
    return Certificate(**{**fields, **changes})


def words_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.split())


LAYOUTS = ["formal", "portrait"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("changes", [{}, LONG, EXTREME, UNSIGNED], ids=["usual", "long", "extreme", "unsigned"])
def test_every_printed_text_is_there_in_nfc_on_one_page(layout, changes):
    row = certificate(layout=layout, **changes)
    pdf = certificate_pdf(row, BASE)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    words = words_of(pdf)
    assert unicodedata.is_normalized("NFC", words)
    squeezed = words.replace(" ", "").lower()
    told = [row.holder_name, row.course_title, row.serial_no, "362/2026", row.holder_unit, row.holder_title]
    told += ["GIẤY CHỨNG NHẬN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", row.decision_no]
    told += [value for key, value in row.issuer.items() if key != "unit_code"]
    for text in filter(None, told):
        assert text.replace(" ", "").lower() in squeezed, text


def test_the_words_of_a_usual_certificate():
    data = document_data(certificate(), BASE)
    assert data["certifies"] == "Liên đoàn Lao động tỉnh An Sơn chứng nhận đồng chí"
    assert data["born"] == "Sinh ngày 04 tháng 8 năm 1985"
    assert data["holder_post"] == "Chủ tịch CĐCS Công ty TNHH May Tân Khê"
    assert data["facts"] == ["Thời lượng: 4,5 giờ", "Hình thức: trực tuyến", "Từ ngày 12/05/2026 đến ngày 22/06/2026"]
    assert data["notes"] == []
    assert data["placed"] == "An Sơn, ngày 22 tháng 6 năm 2026"
    assert data["lookup"] == "hoctap.congdoan-anson.example/xac-minh"
    assert "chữ ký" in data["qr_words"]


def test_the_words_of_a_certificate_with_little_or_much_to_say():
    bare = document_data(certificate(**UNSIGNED, started_on=None, hours=None), BASE)
    assert (bare["born"], bare["holder_post"]) == ("Sinh năm 1985", "")
    assert bare["facts"] == ["Hình thức: trực tuyến", "Hoàn thành ngày 22/06/2026"]
    assert bare["placed"] == "Ngày 22 tháng 6 năm 2026"
    full = document_data(certificate(**LONG, kind=CertificateKind.certificate, result="Giỏi"), BASE)
    assert full["title"] == "CHỨNG CHỈ"
    assert full["notes"] == [
        "Kết quả: Giỏi",
        "Theo Quyết định số 212/QĐ-LĐLĐ ngày 22/06/2026",
        "Có giá trị đến hết ngày 21/06/2029",
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_row_gives_the_same_bytes(layout):
    first, second = certificate(layout=layout), certificate(layout=layout)
    assert certificate_pdf(first, BASE) == certificate_pdf(second, BASE)
    later = certificate(layout=layout, created_at=datetime(2026, 11, 22, tzinfo=NOW.tzinfo))
    assert certificate_pdf(first, BASE) != certificate_pdf(later, BASE)


BLANK = {
    "formal": {
        "left margin": (14, 16, 21, 194),
        "right margin": (276, 16, 283, 194),
        "above the head": (14, 14, 283, 20),
        "below the foot": (14, 193.5, 283, 196.5),
        "between the heads": (143, 20, 163, 43),
        "between head and title": (14, 43, 283, 43.8),
        "between body and foot": (14, 148.5, 283, 151.5),
        "between the feet": (149, 152, 167, 193),
        "for seal and signature": (168, 174.5, 275, 180.5),
    },
    "portrait": {
        "left margin": (13, 13, 19, 284),
        "right margin": (191, 13, 197, 284),
        "above the head": (13, 13, 197, 20),
        "below the foot": (13, 281, 197, 284),
        "between head and title": (13, 51, 197, 52.5),
        "between title and body": (13, 79.5, 197, 81),
        "between body and foot": (13, 216, 197, 218),
        "between the feet": (94, 219, 99, 280),
        "for seal and signature": (100, 245, 190, 256),
    },
}
"""Where nothing may be printed, in mm: (left, top, right, bottom). The faint figure behind the text does not count."""


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("changes", [{}, LONG, EXTREME], ids=["usual", "long", "extreme"])
def test_nothing_overlaps_and_nothing_is_cut(layout, changes):
    picture = Image.open(io.BytesIO(certificate_picture(certificate(layout=layout, **changes), BASE, width=1485)))
    scale = picture.width / (297 if layout == "formal" else 210)
    for place, corners in BLANK[layout].items():
        strip = picture.convert("L").crop(tuple(round(corner * scale) for corner in corners))
        assert strip.getextrema()[0] > 140, place


def test_a_picture_for_the_screen():
    assert certificate_picture(certificate(), BASE, width=640)[:4] == b"RIFF"
