"""A course's media made ready for phones: pictures as WebP of at most 1280 pixels, SVG without anything active."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from PIL import Image, ImageOps, UnidentifiedImageError

from lms.errors import Refused

LARGEST_SIDE: Final = 1280
_MAX_PIXELS: Final = 60_000_000
_TYPES: Final = {
    "pdf": ("application/pdf", b"%PDF-"),
    "mp3": ("audio/mpeg", b""),
    "mp4": ("video/mp4", b""),
    "vtt": ("text/vtt", b"WEBVTT"),
}
_SVG: Final = "{http://www.w3.org/2000/svg}"
_XLINK: Final = "{http://www.w3.org/1999/xlink}"
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_SVG_TAGS: Final = frozenset(
    re.findall(
        r"\w+",
        "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath "
        "linearGradient radialGradient stop clipPath mask pattern marker style metadata switch filter "
        "feGaussianBlur feOffset feMerge feMergeNode feColorMatrix feBlend feFlood feComposite feDropShadow",
    )
)
_CSS_BAD: Final = re.compile(r"@import|expression\s*\(|javascript\s*:|behavior\s*:|-moz-binding|\\", re.I)
_URL: Final = re.compile(r"url\(\s*['\"]?\s*(?!#)", re.I)


@dataclass(frozen=True)
class Prepared:
    """A file as it is served; width and height in pixels for pictures."""

    content: bytes
    suffix: str
    content_type: str
    width: int | None = None
    height: int | None = None
    kind: str = "file"


def prepare(path: str, content: bytes) -> Prepared:
    """Make a file of `media/` ready to be served.

    Raises Refused("media_unreadable") for a picture or file that is not what its name says, and
    Refused("media_active") for an SVG with scripts, handlers, foreign objects or references to elsewhere.
    """
    suffix = path.rpartition(".")[2].lower()
    if suffix == "svg":
        return _svg(path, content)
    if suffix in ("png", "jpg", "jpeg", "webp"):
        return _picture(path, content)
    kind, magic = _TYPES[suffix]
    if not content.removeprefix(b"\xef\xbb\xbf").startswith(magic) or not content:
        raise Refused("media_unreadable", path=path)
    return Prepared(content, suffix, kind, kind={"mp3": "audio", "mp4": "video"}.get(suffix, "file"))


def _picture(path: str, content: bytes) -> Prepared:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content))
            if opened.width * opened.height > _MAX_PIXELS:
                raise Refused("media_unreadable", path=path)
            picture: Image.Image = ImageOps.exif_transpose(opened)
            picture = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning,
            Image.DecompressionBombError) as fault:  # fmt: skip
        raise Refused("media_unreadable", path=path) from fault
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82, method=4)
    return Prepared(out.getvalue(), "webp", "image/webp", picture.width, picture.height, "picture")


def _svg(path: str, content: bytes) -> Prepared:
    if re.search(rb"<!(?:ENTITY|DOCTYPE)", content, re.I):
        content = re.sub(rb"<!DOCTYPE[^>\[]*>", b"", content, flags=re.I)
        if re.search(rb"<!(?:ENTITY|DOCTYPE)", content, re.I):
            raise Refused("media_active", path=path)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 (document types and entities are refused above)
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise Refused("media_unreadable", path=path) from fault
    if root.tag != f"{_SVG}svg":
        raise Refused("media_unreadable", path=path)
    for element in root.iter():
        foreign = element.tag.startswith("{") and not element.tag.startswith(_SVG)
        if foreign or element.tag.removeprefix(_SVG) not in _SVG_TAGS:
            raise Refused("media_active", path=path)
        if element.tag == f"{_SVG}style" and _active_css(element.text or ""):
            raise Refused("media_active", path=path)
        for name, value in list(element.attrib.items()):
            if name.lower().startswith("on") or _active_css(value) or not _harmless_reference(name, value):
                raise Refused("media_active", path=path)
            if name.startswith("{") and not name.startswith((_XLINK, _XML)):
                del element.attrib[name]
    width, height = _svg_size(root)
    ElementTree.register_namespace("", _SVG[1:-1])
    ElementTree.register_namespace("xlink", _XLINK[1:-1])
    served = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Prepared(served, "svg", "image/svg+xml", width, height, "picture")


def _active_css(text: str) -> bool:
    return bool(_CSS_BAD.search(text) or _URL.search(text))


def _harmless_reference(name: str, value: str) -> bool:
    return name.rpartition("}")[2] not in ("href", "src", "to", "from", "values") or value.strip().startswith("#")


def _svg_size(root: ElementTree.Element) -> tuple[int | None, int | None]:
    sizes = [re.fullmatch(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*", root.get(side, "")) for side in ("width", "height")]
    if sizes[0] and sizes[1]:
        return round(float(sizes[0][1])), round(float(sizes[1][1]))
    box = re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))
    return (round(float(box[2])), round(float(box[3]))) if len(box) == 4 else (None, None)
