"""The text level of GIFT: escapes, formats, white space, and where on which line a piece stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from lms.catalogue.questions import Text, TextFormat

SPACE = " \t\n\r\0\x0b"
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_FORMAT = re.compile(r"\[(moodle|html|plain|markdown)\]")
_RUN = re.compile(r"\s{2,}|[\n\r]")
_WEIGHT = re.compile(r"%(-*\d+\.?\d*)%")


@dataclass(frozen=True)
class Marked:
    """A text with its escapes resolved, and a mask of equal length in which each escaped character is an `x`.

    What has a meaning in GIFT is looked for in the mask, what is kept is cut from the text.
    """

    text: str
    mask: str
    line: int

    @classmethod
    def read(cls, source: str, line: int) -> Marked:
        """Resolve the escapes of Moodle: `\\:` `\\#` `\\=` `\\{` `\\}` `\\~` `\\n` and the doubled backslash."""
        text = _ESCAPE.sub(lambda m: "\n" if m[1] == "n" else m[1], source)
        return cls(text, _ESCAPE.sub("x", source), line)

    def cut(self, start: int, end: int | None = None) -> Marked:
        """The piece from start to end."""
        return Marked(self.text[start:end], self.mask[start:end], self.line + self.mask.count("\n", 0, start))

    def line_at(self, place: int) -> int:
        """The line of a place in the mask."""
        return self.line + self.mask.count("\n", 0, place)

    def strip(self) -> Marked:
        """Without white space around it; escaped line breaks stay."""
        bare = self.mask.lstrip(SPACE)
        start = len(self.mask) - len(bare)
        return self.cut(start, start + len(bare.rstrip(SPACE)))

    def split(self, separator: re.Pattern[str]) -> list[Marked]:
        """The pieces before each place of the separator; a piece begins with its separator."""
        pieces, start, line = [], 0, self.line
        for place in [m.start() for m in separator.finditer(self.mask)] + [len(self.mask)]:
            pieces.append(Marked(self.text[start:place], self.mask[start:place], line))
            line += self.mask.count("\n", start, place)
            start = place
        return pieces

    def one_line(self) -> str:
        """The text on one line, runs of white space as one space; escaped line breaks stay."""
        parts, start = [], 0
        for match in _RUN.finditer(self.mask):
            parts += [self.text[start : match.start()], " "]
            start = match.end()
        return "".join([*parts, self.text[start:]]).strip(SPACE)

    def formatted(self, default: TextFormat) -> Text:
        """The text with its format: a marker like `[html]` at its beginning, else the default."""
        piece, form = self.strip(), default
        if match := _FORMAT.match(piece.mask):
            piece, form = piece.cut(match.end()), TextFormat(match[1])
        if form in (TextFormat.HTML, TextFormat.MARKDOWN):
            return Text(piece.text.strip(SPACE), form)
        return Text(piece.one_line(), form)

    def weighted(self) -> tuple[Decimal | None, Marked]:
        """A written weight such as `%50%` or `%-33.333%`, and what follows it."""
        piece = self.strip()
        match = _WEIGHT.match(piece.mask)
        if match is None or len(match[1]) > 20:
            return None, piece
        sign = "-" if match[1].startswith("-") else ""
        return Decimal(sign + match[1].lstrip("-").rstrip(".")), piece.cut(match.end())
