"""The steps of `lms.markup` on Markdown's element tree: headings, links, pictures, tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from lms.i18n import N_
from lms.problems import Problem
from lms.sanitise import SCHEMES
from lms.text import slugify

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LAW = re.compile(r"law:([A-Za-z0-9][A-Za-z0-9.-]*)(?:#([\w.-]+))?")
_RESERVED = {"main", "muc-luc", "tai-lieu", "noi-dung"}
_BLANKS = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028\u2029\ufeff]+")


@dataclass(frozen=True)
class Media:
    """Where a file of the course is served from, and a picture's size; `kind` is picture, video, audio or file."""

    url: str
    width: int | None = None
    height: int | None = None
    kind: str = "picture"
    captions: str | None = None


class AuthorExtension(Extension):
    """Hangs the tree step into Markdown and collects what it found."""

    def __init__(
        self,
        source: str,
        resolve_link: Callable[[str], str | None],
        resolve_media: Callable[[str], Media | None],
        prefix: str,
        top: int,
    ) -> None:
        super().__init__()
        self.source, self.resolve_link, self.resolve_media = source, resolve_link, resolve_media
        self.prefix, self.top = prefix, top
        self.problems: list[Problem] = []
        self.citations: list[tuple[str, str]] = []
        self.media: list[str] = []
        self._met: Counter[str] = Counter()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Markdown's)
        """Register the tree step after all others."""
        md.treeprocessors.register(_Steps(md, self), "author", -10)

    def fault(self, needle: str, message: str, **params: object) -> None:
        """Record a fault at the next place where the needle stands in the source."""
        place, nth = -1, self._met[needle]
        self._met[needle] += 1
        for _ in range(nth + 1):
            found = self.source.find(needle, place + 1)
            place = found if found >= 0 else place
        line = self.source.count("\n", 0, max(place, 0)) + 1
        self.problems.append(Problem(line, message, params))


class _Steps(Treeprocessor):
    def __init__(self, md: Markdown, author: AuthorExtension) -> None:
        super().__init__(md)
        self.author = author

    def run(self, root: Element) -> None:
        self._headings(root)
        for parent, element in list(_pairs(root)):
            if element.tag == "a":
                self._link(element)
            elif element.tag == "img":
                self._picture(parent, element)
            elif element.tag in ("td", "th"):
                align = element.attrib.pop("align", "")
                if align in ("right", "center"):
                    element.set("class", "end" if align == "right" else "mid")
                if element.tag == "th" and (len(element) or (element.text or "").strip()):
                    element.set("scope", "col")
                elif element.tag == "th":
                    element.tag = "td"  # an empty corner heads nothing
            elif element.tag == "table":
                self._scroller(parent, element)
            self._ids(element)

    def _ids(self, element: Element) -> None:
        """Footnotes' ids and the links to them get the prefix."""
        prefix = self.author.prefix
        if not prefix:
            return
        if element.get("id", "").startswith(("fn:", "fnref")):
            element.set("id", prefix + element.attrib["id"])
        if element.tag == "a" and element.get("href", "").startswith(("#fn:", "#fnref")):
            element.set("href", f"#{prefix}{element.attrib['href'][1:]}")

    def _headings(self, root: Element) -> None:
        headings = [element for element in root.iter() if element.tag in _HEADINGS]
        shift = self.author.top - min((_HEADINGS[h.tag] for h in headings), default=1)
        last = self.author.top - 1
        used: Counter[str] = Counter(_RESERVED)
        for heading in headings:
            last = max(self.author.top, min(_HEADINGS[heading.tag] + shift, last + 1, 6))
            heading.tag = f"h{last}"
            slug = slugify("".join(heading.itertext()))[:80].strip("-") or "muc"
            used[slug] += 1
            unique = slug
            while used[slug] > 1 and used[unique := f"{slug}-{used[slug]}"]:
                used[slug] += 1
            used[unique] += unique != slug
            heading.set("id", self.author.prefix + unique)

    def _link(self, link: Element) -> None:
        href = _BLANKS.sub("", link.get("href", ""))
        scheme = scheme_of(href)
        if link.get("class") != "footnote-backref":
            link.attrib.pop("title", None)
        if match := _LAW.fullmatch(href):
            self.author.citations.append((match[1], match[2] or ""))
            link.attrib.clear()
            link.tag, link.attrib["class"] = "span", "law"
        elif scheme in SCHEMES or href.startswith("//"):
            link.set("href", href)
            if scheme in ("http", "https", ""):
                link.set("rel", "noopener noreferrer")
        elif scheme:
            self.author.fault(f"{scheme}:", N_("Liên kết không được phép: %(target)s"), target=href[:80])
            self._drop(link)
        elif not href.startswith("#"):
            target = self.author.resolve_link(href)
            if target is None:
                self.author.fault(f"({href}", N_("Liên kết hỏng: không có %(target)s"), target=href[:80] or "( )")
                self._drop(link)
            else:
                link.set("href", target)

    @staticmethod
    def _drop(link: Element) -> None:
        link.attrib.clear()
        link.tag = "span"

    def _picture(self, parent: Element, picture: Element) -> None:
        src, alt = _BLANKS.sub("", picture.get("src", "")), picture.get("alt", "").strip()
        caption = picture.attrib.pop("title", "").strip()
        media = None if scheme_of(src) or src.startswith("//") else self.author.resolve_media(src)
        if media is None:
            self.author.fault(f"({picture.get('src', '')}", N_("Không có tệp %(target)s trong media/"), target=src[:80])
            picture.attrib.clear()
            picture.tag, picture.text = "span", alt
            return
        self.author.media.append(src)
        if not alt:
            self.author.fault(f"({src}", N_("Hình %(target)s thiếu lời mô tả trong [ ]"), target=src[:80])
        picture.attrib.clear()
        if media.kind in ("video", "audio"):
            self._player(picture, media, alt)
        else:
            picture.attrib.update({"src": media.url, "alt": alt, "loading": "lazy", "decoding": "async"})
            if media.width and media.height:
                picture.attrib.update({"width": str(media.width), "height": str(media.height)})
        alone = parent.tag == "p" and len(parent) == 1 and not (parent.text or "").strip()
        if alone and not (picture.tail or "").strip() and (caption or media.kind in ("video", "audio")):
            parent.tag = "figure"
            SubElement(parent, "figcaption").text = caption or alt

    @staticmethod
    def _player(element: Element, media: Media, alt: str) -> None:
        element.tag, element.text = media.kind, alt
        element.attrib.update({"src": media.url, "controls": "", "preload": "none"})
        if media.captions:
            track = {"src": media.captions, "kind": "captions", "srclang": "vi", "label": "Tiếng Việt"}
            SubElement(element, "track", track)

    @staticmethod
    def _scroller(parent: Element, table: Element) -> None:
        """A wide table scrolls inside its own box on a narrow screen."""
        box = Element("div", {"class": "table", "tabindex": "0", "role": "group", "aria-label": "Bảng"})
        parent[list(parent).index(table)] = box
        box.tail, table.tail = table.tail, None
        box.append(table)


def _pairs(root: Element) -> Iterator[tuple[Element, Element]]:
    for parent in root.iter():
        for child in parent:
            yield parent, child


def scheme_of(target: str) -> str:
    """The scheme of a link, "" where it has none; what cannot be parsed counts as a scheme of its own."""
    try:
        return urlsplit(target).scheme.lower()
    except ValueError:
        return "invalid"
