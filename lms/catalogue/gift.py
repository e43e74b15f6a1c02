"""A reader of GIFT, Moodle's plain-text format of questions, that names the line of every fault and goes on.

It follows Moodle: a blank line ends a question, the first `{` begins its answers, what is between decides the type.
What Moodle would silently read as something else (a second block of answers, a title without end) is a problem here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from lms.catalogue.gift_answers import GiftError, read_question
from lms.catalogue.gift_text import SPACE, Marked
from lms.catalogue.questions import Question, Text, TextFormat
from lms.i18n import N_
from lms.problems import Problem

MAX_CHARACTERS = 2_000_000
_BREAK = re.compile(r"\r\n|\n|\r")
_ID = re.compile(r"\[id:((?:\\\]|[^\]\x00-\x1f\x7f])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]\x00-\x1f\x7f<>`])+)\]")
_CATEGORY = "$CATEGORY:"


@dataclass(frozen=True)
class Category:
    """A `$CATEGORY:` line; the questions after it carry its path."""

    path: str
    line: int


@dataclass(frozen=True)
class GiftResult:
    """What was read, in the order of the file, and what could not be."""

    items: tuple[Question | Category, ...]
    problems: tuple[Problem, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions without the category lines."""
        return tuple(item for item in self.items if not isinstance(item, Category))


@dataclass
class _Block:
    """The lines of one question; comments are taken out of it."""

    first: int
    lines: list[str]
    comments: list[str]

    def marked(self) -> Marked:
        return Marked.read("\n".join(self.lines), self.first).strip()


def parse_gift(text: str) -> GiftResult:
    """Read a GIFT file. Never raises: a question that cannot be read becomes a problem, and reading goes on."""
    if len(text) > MAX_CHARACTERS:
        message = N_("Tệp quá lớn: %(size)d ký tự, nhiều nhất là %(limit)d.")
        return GiftResult((), (Problem(1, message, {"size": len(text), "limit": MAX_CHARACTERS}),))
    items: list[Question | Category] = []
    problems: list[Problem] = []
    category: str | None = None
    blocks = _blocks(text.removeprefix("\ufeff"))
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        whole = block.marked()
        if whole.mask.startswith(_CATEGORY):
            end = whole.mask.find("\n")
            head = whole if end < 0 else whole.cut(0, end)
            category = head.cut(len(_CATEGORY)).strip().text
            items.append(Category(category, whole.line))
            whole = whole.cut(len(head.mask)).strip()
        if not whole.mask:
            continue
        try:
            if "{" in whole.mask and "}" not in whole.mask[whole.mask.index("{") :]:
                at, line = _skip_torn(blocks, at, whole)
                raise GiftError(line, _TORN if line > whole.line else _UNCLOSED)
            question = _question(whole, block.comments)
            items.append(replace(question, category=category) if category else question)
        except GiftError as fault:
            problems.append(Problem(fault.line, fault.message, fault.params))
    return GiftResult(tuple(items), tuple(problems))


_TORN = N_("Dòng trống trong khối đáp án { }: GIFT kết thúc câu hỏi ở dòng trống. Xoá dòng trống, hoặc viết \\n.")
_UNCLOSED = N_("Thiếu dấu } đóng khối đáp án.")
_UNOPENED = N_("Có dấu } mà không có dấu { mở khối đáp án; dấu ngoặc trong câu thì viết \\{ \\}.")
_TWICE = N_(
    "Hai khối đáp án trong một câu hỏi: giữa hai câu hỏi phải có một dòng trống; dấu ngoặc trong câu thì viết \\{ \\}."
)


def _blocks(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    current: _Block | None = None
    for number, line in enumerate(_BREAK.split(text), start=1):
        bare = line.strip(SPACE)
        if not bare:
            current = None
            continue
        if current is None:
            current = _Block(number, [], [])
            blocks.append(current)
        comment = bare.startswith("//")
        if comment:
            current.comments.append(bare)
        current.lines.append(" " if comment else line)
    return blocks


def _skip_torn(blocks: list[_Block], at: int, whole: Marked) -> tuple[int, int]:
    """Where to go on after an unclosed question, and the line of its fault.

    When a later block closes the brace, all up to it is the same question, torn by a blank line.
    """
    for ahead in range(at, len(blocks)):
        mask = blocks[ahead].marked().mask
        opens, closes = mask.find("{"), mask.find("}")
        if closes >= 0 and (opens < 0 or closes < opens):
            return ahead + 1, blocks[at - 1].first + len(blocks[at - 1].lines)
        if opens >= 0:
            break
    return at, whole.line


def _title(whole: Marked) -> tuple[str | None, Marked]:
    if not whole.mask.startswith("::"):
        return None, whole
    end = whole.mask.find("::", 2)
    if end < 0:
        raise GiftError(whole.line, N_("Tên câu hỏi bắt đầu bằng :: nhưng không có :: kết thúc."))
    return whole.cut(2, end).one_line() or None, whole.cut(end + 2).strip()


def _question(whole: Marked, comments: list[str]) -> Question:
    name, body = _title(whole)
    ids = [m[1] for comment in comments for m in _ID.finditer(comment)]
    common: dict[str, Any] = {
        "name": name,
        "line": whole.line,
        "idnumber": ids[-1].replace("\\]", "]").strip() if ids else None,
        "tags": tuple(m[1].replace("\\]", "]").strip() for comment in comments for m in _TAG.finditer(comment)),
    }
    start, end = body.mask.find("{"), body.mask.find("}")
    if start < 0 and end < 0:
        return read_question(None, {**common, "stem": body.formatted(TextFormat.MOODLE)})
    if start < 0 or end < start:
        raise GiftError(body.line_at(end), _UNOPENED)
    before, answers, after = body.cut(0, start), body.cut(start + 1, end), body.cut(end + 1)
    if after.mask.lstrip(" \t").startswith("//"):
        after = after.cut((after.mask + "\n").index("\n"))
    for brace in "{}":
        if brace in answers.mask + after.mask:
            inside = brace in answers.mask
            place = (answers if inside else after).mask.index(brace)
            raise GiftError((answers if inside else after).line_at(place), _TWICE)
    common["stem"], common["embedded"] = _stem(before, after.strip())
    return read_question(answers, common)


def _stem(before: Marked, after: Marked) -> tuple[Text, bool]:
    head = before.formatted(TextFormat.MOODLE)
    if not after.mask:
        return head, False
    tail = after.formatted(head.format)
    form = head.format if head.text else tail.format
    return Text(f"{head.text} _____ {tail.text}".lstrip(" "), form), True
