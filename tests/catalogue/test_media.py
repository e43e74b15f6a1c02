"""Media made ready: pictures re-encoded, SVG without anything active."""

import io

import pytest
from PIL import Image

from lms.catalogue.media import prepare
from lms.errors import Refused
from tests.catalogue.packages import SVG, png

HEAD = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


def test_pictures_become_webp_without_what_cameras_add() -> None:
    picture = Image.new("RGB", (3000, 1500), "red")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Máy ảnh"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    ready = prepare("media/a.jpg", out.getvalue())
    assert (ready.width, ready.height, ready.suffix, ready.kind) == (640, 1280, "webp", "picture")
    assert not Image.open(io.BytesIO(ready.content)).getexif()


def test_small_pictures_keep_their_size_and_transparency() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(out, "PNG")
    ready = prepare("media/a.png", out.getvalue())
    assert (ready.width, ready.height) == (20, 10)
    assert Image.open(io.BytesIO(ready.content)).mode == "RGBA"
    assert prepare("media/b.png", png()).content == prepare("media/c.png", png()).content


def test_a_plain_svg_stays() -> None:
    ready = prepare("media/a.svg", SVG)
    assert (ready.width, ready.height, ready.content_type) == (30, 20, "image/svg+xml")
    assert b"<path" in ready.content
    good = HEAD + b'<style>.a{fill:url(#g)}</style><use xlink:href="#g"/><g style="fill:red" class="a"/></svg>'
    assert b'href="#g"' in prepare("media/a.svg", good).content


@pytest.mark.parametrize(
    "inside",
    [
        b"<script>alert(1)</script>",
        b'<path onclick="x"/>',
        b"<foreignObject/>",
        b'<a xlink:href="#x"/>',
        b'<image href="http://a.vn/x.png"/>',
        b'<use href="http://a.vn/x.svg#a"/>',
        b'<use xlink:href="data:image/svg+xml,x"/>',
        b"<style>@import 'x'</style>",
        b"<style>a{background:url(http://a.vn)}</style>",
        b'<path style="fill:url(http://a.vn)"/>',
        b'<path fill="url(//a.vn/x)"/>',
        b'<set attributeName="href" to="javascript:x"/>',
        b'<animate attributeName="href" values="javascript:x"/>',
        b'<x xmlns="http://www.w3.org/1999/xhtml"/>',
        b"<iframe/>",
    ],
)
def test_an_active_svg_is_refused(inside: bytes) -> None:
    with pytest.raises(Refused, match="media_active"):
        prepare("media/a.svg", HEAD + inside + b"</svg>")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("media/a.png", b"no picture"),
        ("media/a.png", png()[:40]),
        ("media/a.svg", b"<svg"),
        ("media/a.svg", b"<html/>"),
        ("media/a.pdf", b"MZ"),
        ("media/a.vtt", b"x"),
        ("media/a.mp4", b""),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(path: str, content: bytes) -> None:
    with pytest.raises(Refused, match="media_unreadable"):
        prepare(path, content)


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "x">]>' + SVG
    with pytest.raises(Refused, match="media_active"):
        prepare("media/a.svg", bomb)


def test_a_plain_doctype_is_taken_away() -> None:
    content = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x">' + SVG
    assert b"DOCTYPE" not in prepare("media/a.svg", content).content
