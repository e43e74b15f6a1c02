from __future__ import annotations

import io
import itertools
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from lms.documents import FONT_FOLDER, qr_svg, render_pdf, render_picture

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel, tone in itertools.product(VOWELS, TONES)]
VIETNAMESE = sorted({form for letter in [*LETTERS, "đ"] for form in (letter, letter.upper())} - set("aeiouyAEIOUY"))
"""The 134 letters of Vietnamese beyond ASCII."""

TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(font: "Tinos", lang: "vi", region: "VN", hyphenate: false)
= #data.title
#for (weight, style) in (("regular", "normal"), ("bold", "normal"), ("regular", "italic"), ("bold", "italic")) {
  par(text(weight: weight, style: style, data.words))
}
#if "qr" in data { image(bytes(data.qr), format: "svg", width: 30mm, alt: "QR") }
"""
DATED = datetime(2026, 6, 22, 3, 15, 7, 999, tzinfo=UTC)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "page.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Names of the fonts and whether each is embedded."""
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            descriptor = inner["/FontDescriptor"]
            found[str(inner["/BaseFont"])] = "/FontFile2" in descriptor or "/FontFile3" in descriptor
    return found


def test_the_fonts_have_every_vietnamese_letter_in_every_style(template):
    assert len(VIETNAMESE) == 134
    pdf = render_pdf(template, {"title": "Chữ Việt", "words": " ".join(VIETNAMESE)}, dated=DATED)
    text = text_of(pdf)
    for letter in VIETNAMESE:
        assert text.count(letter) >= 4, letter
    fonts = fonts_of(pdf)
    assert {name.partition("+")[2] for name in fonts} == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    assert all(fonts.values()), "embedded"


def test_the_font_files_and_their_licence_are_shipped():
    assert {path.name for path in FONT_FOLDER.iterdir()} == {
        "Tinos-Regular.ttf",
        "Tinos-Bold.ttf",
        "Tinos-Italic.ttf",
        "Tinos-BoldItalic.ttf",
        "OFL.txt",
    }
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT_FOLDER / "OFL.txt").read_text()


def test_text_given_decomposed_is_found_composed(template):
    decomposed = unicodedata.normalize("NFD", "Nguyễn Thị Thuỷ Ưỡng")
    pdf = render_pdf(template, {"title": "Tên", "words": decomposed}, dated=DATED)
    assert "Nguyễn Thị Thuỷ Ưỡng" in unicodedata.normalize("NFC", text_of(pdf))


def test_the_same_values_and_date_give_the_same_bytes(template):
    data = {"title": "Giấy", "words": "Như nhau", "qr": qr_svg("https://hoctap.example/xac-minh/abc")}
    first = render_pdf(template, data, dated=DATED)
    assert first == render_pdf(template, dict(reversed(data.items())), dated=DATED)
    assert first != render_pdf(template, data, dated=datetime(2026, 6, 23, tzinfo=UTC))


def test_the_document_is_dated_tagged_titled_archival_and_accessible(template):
    reader = PdfReader(io.BytesIO(render_pdf(template, {"title": "Giấy số 1", "words": "x"}, dated=DATED)))
    catalog = reader.trailer["/Root"]
    assert str(catalog["/Lang"]).lower().startswith("vi")
    assert catalog["/MarkInfo"]["/Marked"] is not None
    assert "/StructTreeRoot" in catalog
    assert "/OutputIntents" in catalog
    assert reader.metadata.title == "Giấy số 1"
    assert reader.metadata.creation_date == DATED.replace(microsecond=0)
    xmp = catalog["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_values_are_never_read_as_markup(template):
    words = '#import "x.typ" *đậm* $x$ = @nhãn \\ "; panic()'
    pdf = render_pdf(template, {"title": "T", "words": words}, dated=DATED)
    assert '#import "x.typ" *đậm* $x$ = @nhãn \\ "; panic()' in text_of(pdf)


def test_a_template_reads_nothing_outside_its_folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text("mật")
    template = tmp_path / "in" / "page.typ"
    template.write_text('#set document(title: "x")\n#read("../secret.txt")')
    with pytest.raises(RuntimeError, match="escape the project root"):
        render_pdf(template, {}, dated=DATED)


def test_a_picture_has_the_width_asked_for(template):
    data = {"title": "T", "words": "x"}
    picture = Image.open(io.BytesIO(render_picture(template, data, width=640, page_width_mm=210)))
    assert abs(picture.width - 640) <= 1


def test_the_qr_code_on_paper_is_the_code_of_the_address(tmp_path):
    template = tmp_path / "page.typ"
    template.write_text(
        '#set document(title: "QR")\n#set page(width: 50mm, height: 50mm, margin: 0mm)\n'
        '#image(bytes(json(bytes(sys.inputs.data)).qr), format: "svg", width: 50mm)'
    )
    address = "https://hoctap.example/xac-minh/AbC-_123"
    expected = [[bool(module) for module in row] for row in segno.make_qr(address, error="m").matrix]
    size = len(expected)
    picture = Image.open(
        io.BytesIO(render_picture(template, {"qr": qr_svg(address)}, width=size * 10, page_width_mm=50))
    ).convert("L")
    step = picture.width / size
    middle = [int((index + 0.5) * step) for index in range(size)]
    printed = [[picture.getpixel((x, y)) < 128 for x in middle] for y in middle]
    assert printed == expected
