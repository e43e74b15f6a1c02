"""Documents on paper and as PDF: Typst templates set in the fonts shipped with the project, and QR codes.

A template is a `.typ` file beside the slice it belongs to. It gets its values as JSON (`json(bytes(sys.inputs.data))`),
never as source text, so nothing in a value is ever read as markup. The same values and the same date give the same
bytes: system fonts are not looked at and the document carries the date it is given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import segno
import typst
from PIL import Image

FONT_FOLDER: Final = Path(__file__).resolve().parent / "fonts"
FONT_FAMILY: Final = "Tinos"
STANDARDS: Final = ["a-2a", "ua-1"]
"""PDF/A-2a (archival, tagged) and PDF/UA-1 (accessible); Typst refuses a document that breaks them."""


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONT_FOLDER)])


def _compile(template: Path, data: Mapping[str, object], **options: Any) -> bytes:
    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
    made: bytes = typst.compile(
        str(template), root=str(template.parent), font_paths=_fonts(), sys_inputs=inputs, **options
    )
    return made


def render_pdf(template: Path, data: Mapping[str, object], *, dated: datetime) -> bytes:
    """The template filled with `data`, as PDF/A-2a and PDF/UA-1 with embedded fonts, dated `dated` (aware).

    `data` holds what JSON can hold. The same template, data and date give the same bytes. Raises typst.TypstError
    where the template cannot be set.
    """
    stamp = dated.astimezone(UTC).replace(microsecond=0)
    return _compile(template, data, format="pdf", pdf_standards=STANDARDS, timestamp=stamp)


def render_picture(template: Path, data: Mapping[str, object], *, width: int, page_width_mm: int) -> bytes:
    """A one-page document as a WebP picture of about `width` pixels, for the screen."""
    inches = Decimal(page_width_mm) / Decimal("25.4")
    ppi = (Decimal(width) / inches).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    out = BytesIO()
    with Image.open(BytesIO(_compile(template, data, format="png", ppi=float(ppi)))) as picture:
        picture.convert("RGB").save(out, "WEBP", quality=82, method=6)
    return out.getvalue()


def qr_svg(content: str) -> str:
    """A QR code as SVG, black on nothing, without a quiet zone (the template leaves the room around it).

    Error correction is at least M (15 %), so that a fold or a stamp does no harm.
    """
    out = BytesIO()
    code = segno.make_qr(content, error="m")
    code.save(out, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue().decode()
