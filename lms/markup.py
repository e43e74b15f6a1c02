"""Authors' Markdown to safe HTML: made once, when something is published, never while a page is served.

`law:ID#N` links become citations; relative links and pictures are resolved by the caller; what cannot be resolved or
is not allowed is a problem with its line, and is left out of the result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import markdown

from lms.i18n import N_
from lms.markup_tree import AuthorExtension, Media
from lms.problems import Problem
from lms.sanitise import plain_text, sanitise

MAX_BYTES: Final = 200_000
_LIMITS: Final = {
    "[": 400,
    "*": 600,
    "_": 800,
    "`": 600,
    "<": 400,
    "~": 400,
    "&": 2000,
    "\\": 1000,
    "^": 300,
    "!!!": 100,
}
_RUNS: Final = re.compile(r"([\[*(<~!])\1{39,}")
_DEEP: Final = re.compile(r"^(?:[ \t]*(?:>|[-+*](?= )|\d+\.(?= ))){13,}|^[ \t]{100,}\S", re.M)
_FOOTNOTE: Final = {"BACKLINK_TITLE": "Về chỗ có chú thích {}", "BACKLINK_TEXT": "↩"}


@dataclass(frozen=True)
class Rendered:
    """Sanitised HTML, its words, the faults found, the laws cited (id, article) and the media used."""

    html: str
    plain_text: str
    problems: tuple[Problem, ...] = ()
    citations: tuple[tuple[str, str], ...] = field(default=())
    media: tuple[str, ...] = ()


def _no_link(_target: str) -> str | None:
    return None


def _no_media(_path: str) -> Media | None:
    return None


def render(
    markdown_text: str,
    *,
    resolve_link: Callable[[str], str | None] = _no_link,
    resolve_media: Callable[[str], Media | None] = _no_media,
    prefix: str = "",
    top: int = 2,
) -> Rendered:
    """Render a text whose headings begin at level `top`; `prefix` stands before every id made.

    `resolve_link` and `resolve_media` get relative targets as written and answer None for what is not there.
    A text above 200 kB or nested beyond reason is refused with one problem and no HTML.
    """
    text = unicodedata.normalize("NFC", markdown_text).replace("\r\n", "\n").replace("\r", "\n")
    if fault := too_much(text):
        return Rendered("", "", (fault,))
    extension = AuthorExtension(text, resolve_link, resolve_media, prefix, top)
    engine = markdown.Markdown(
        extensions=[
            "tables", "admonition", "def_list", "sane_lists", "footnotes", "pymdownx.betterem", "pymdownx.caret",
            "pymdownx.superfences", "pymdownx.highlight", extension,
        ],
        extension_configs={
            "footnotes": _FOOTNOTE,
            "tables": {"use_align_attribute": True},
            "pymdownx.highlight": {"use_pygments": False},
        },
    )  # fmt: skip
    try:
        html = sanitise(engine.convert(text))
    except RecursionError:
        return Rendered("", "", (Problem(1, _NESTED),))
    return Rendered(
        html, plain_text(html), tuple(extension.problems), tuple(extension.citations), tuple(extension.media)
    )


def render_inline(markdown_text: str) -> str:
    """A short text (a stem, an answer) as HTML that may stand inside a line; empty where it is refused."""
    return to_phrase(render(markdown_text).html)


def to_phrase(html: str) -> str:
    """HTML whose paragraphs are line breaks and whose other blocks are their text, as a label may hold it."""
    html = re.sub(r"</(?:p|li|div|h\d)>\s*(?=<)", "<br>", html)
    html = sanitise(re.sub(r"<(?:p|li|div|h\d)(?: [^>]*)?>", "", html), phrasing=True)
    return re.sub(r"^(?:\s|<br>)+|(?:\s|<br>)+$", "", html)


_NESTED = N_("Dấu lồng nhau quá nhiều (%(marks)s): hãy viết đơn giản hơn hoặc thêm \\ trước dấu.")


def too_much(text: str) -> Problem | None:
    """The fault of a text that is too large or nested beyond reason, so that nothing tries to parse it; None else."""
    size = len(text.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        return Problem(
            1,
            N_("Bài quá dài: %(size)d kB, nhiều nhất là %(limit)d kB."),
            {"size": size // 1000, "limit": MAX_BYTES // 1000},
        )
    for pattern in (_RUNS, _DEEP):
        if match := pattern.search(text):
            return Problem(text.count("\n", 0, match.start()) + 1, _NESTED, {"marks": match[0].strip()[:5]})
    line = 1
    for block in re.split(r"(\n[ \t]*\n)", text):
        for mark, limit in _LIMITS.items():
            if block.count(mark) > limit:
                return Problem(line, _NESTED, {"marks": mark})
        line += block.count("\n")
    return None
