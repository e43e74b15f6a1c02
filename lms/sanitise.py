"""The one allow-list of HTML that authors' text may become, enforced twice: by bleach, then by nh3.

Two parsers in a row must agree on what is left, which closes the gaps that either has alone.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

import bleach
import nh3

PHRASING: Final[dict[str, frozenset[str]]] = {
    "a": frozenset({"href", "class", "rel", "title", "id"}),
    "abbr": frozenset({"title"}),
    "b": frozenset(),
    "br": frozenset(),
    "cite": frozenset(),
    "code": frozenset(),
    "del": frozenset(),
    "em": frozenset(),
    "i": frozenset(),
    "img": frozenset({"src", "alt", "width", "height", "loading", "decoding"}),
    "ins": frozenset(),
    "kbd": frozenset(),
    "mark": frozenset(),
    "q": frozenset(),
    "s": frozenset(),
    "small": frozenset(),
    "span": frozenset({"class"}),
    "strong": frozenset(),
    "sub": frozenset(),
    "sup": frozenset({"id"}),
    "u": frozenset(),
}
BLOCKS: Final[dict[str, frozenset[str]]] = {
    "audio": frozenset({"src", "controls", "preload"}),
    "blockquote": frozenset(),
    "caption": frozenset(),
    "dd": frozenset(),
    "div": frozenset({"class", "tabindex", "role", "aria-label"}),
    "dl": frozenset(),
    "dt": frozenset(),
    "figcaption": frozenset(),
    "figure": frozenset(),
    "h2": frozenset({"id"}),
    "h3": frozenset({"id"}),
    "h4": frozenset({"id"}),
    "h5": frozenset({"id"}),
    "h6": frozenset({"id"}),
    "hr": frozenset(),
    "li": frozenset({"id"}),
    "ol": frozenset({"start"}),
    "p": frozenset({"class"}),
    "pre": frozenset(),
    "table": frozenset(),
    "tbody": frozenset(),
    "td": frozenset({"class"}),
    "th": frozenset({"class", "scope"}),
    "thead": frozenset(),
    "tr": frozenset(),
    "track": frozenset({"src", "kind", "srclang", "label"}),
    "ul": frozenset(),
    "video": frozenset({"src", "controls", "preload", "width", "height"}),
}
CLASSES: Final = {
    "a": {"footnote-ref", "footnote-backref"},
    "div": {"admonition", "note", "tip", "warning", "example", "law", "reflection", "footnote", "table"},
    "p": {"admonition-title"},
    "span": {"law"},
    "td": {"end", "mid"},
    "th": {"end", "mid"},
}
SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_FORMS: Final = {
    "width": re.compile(r"\d{1,5}"),
    "height": re.compile(r"\d{1,5}"),
    "start": re.compile(r"\d{1,5}"),
    "tabindex": re.compile("0"),
    "role": re.compile("group"),
}
_GONE_WITH_CONTENT: Final = {"script", "style", "template", "noscript", "iframe", "object", "textarea", "title"}
_DANGEROUS_BLOCK: Final = re.compile(
    r"<(script|style|template|noscript|iframe|object|textarea|title)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.I | re.S
)


def sanitise(html: str, *, phrasing: bool = False) -> str:
    """HTML with nothing in it but the allow-list; with `phrasing` only what may stand inside a line of text.

    Ids are unique in the result; links to elsewhere carry rel="noopener noreferrer".
    """
    allowed = PHRASING if phrasing else PHRASING | BLOCKS
    html = _DANGEROUS_BLOCK.sub("", html)
    first = bleach.clean(
        html,
        tags=set(allowed),
        attributes={tag: sorted(names) for tag, names in allowed.items()},
        protocols=SCHEMES,
        strip=True,
        strip_comments=True,
    )
    seen: set[str] = set()

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "id":
            if value in seen:
                return None
            seen.add(value)
        elif name in _FORMS and not _FORMS[name].fullmatch(value):
            return None
        elif name == "class":
            return " ".join(word for word in value.split() if word in CLASSES.get(tag, ())) or None
        return value

    return nh3.clean(
        first,
        tags=set(allowed),
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes={tag: set(names) for tag, names in allowed.items() if names},
        attribute_filter=attribute,
        url_schemes=set(SCHEMES),
        link_rel=None,
        strip_comments=True,
    )


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in PHRASING or tag in ("br", "img"):
            self.words.append(" ")
        self.words += [value or "" for name, value in attrs if name == "alt"]

    def handle_endtag(self, tag: str) -> None:
        if tag not in PHRASING:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def plain_text(html: str) -> str:
    """The words of sanitised HTML (with the pictures' alternative texts), for search and counting."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return re.sub(r"\s+", " ", "".join(parser.words)).strip()
