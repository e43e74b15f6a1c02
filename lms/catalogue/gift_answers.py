"""What stands between the braces of a GIFT question, type by type, in Moodle's order of decision."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lms.catalogue.gift_text import SPACE, Marked
from lms.catalogue.questions import (
    AcceptedNumber,
    AcceptedText,
    Choice,
    ChoiceQuestion,
    Description,
    Essay,
    Matching,
    Numerical,
    Pair,
    Question,
    ShortAnswer,
    Text,
    TextFormat,
    TrueFalse,
    option_key,
)
from lms.i18n import N_

_TILDE_OR_EQUALS = re.compile("[~=]")
_EQUALS = re.compile("=")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_NUMBER = r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?"
_RANGE = re.compile(rf"({_NUMBER}?)\s*\.\.\s*({_NUMBER})")
_TOLERANCE = re.compile(rf"({_NUMBER})\s*:\s*({_NUMBER})")
_ALONE = re.compile(_NUMBER)


class GiftError(Exception):
    """A question that cannot be read; `message` is a msgid."""

    def __init__(self, line: int, message: str, **params: object) -> None:
        super().__init__(message)
        self.line, self.message, self.params = line, message, params


def read_question(answers: Marked | None, common: dict[str, Any]) -> Question:
    """The question with the answers between its braces; None is a description. Raises GiftError."""
    if answers is None:
        return Description(**common)
    form: TextFormat = common["stem"].format
    body, common["feedback"] = _general_feedback(answers.strip(), form)
    if not body.mask:
        return Essay(**common)
    if body.mask.startswith("#"):
        return _numerical(body.cut(1), form, common)
    if "~" in body.mask:
        return _choices(body, form, common)
    if "=" in body.mask and "->" in body.mask:
        return _matching(body, form, common)
    verdict = body.cut(0, body.mask.index("#")) if "#" in body.mask else body
    if verdict.mask.strip(SPACE) in _TRUTH:
        return _true_false(body, form, common)
    return _short(body, form, common)


def _text_or_none(piece: Marked, form: TextFormat) -> Text | None:
    text = piece.formatted(form)
    return text if text.text else None


def _general_feedback(body: Marked, form: TextFormat) -> tuple[Marked, Text | None]:
    place = body.mask.rfind("####")
    if place < 0:
        return body, None
    return body.cut(0, place).strip(), _text_or_none(body.cut(place + 4), form)


def _with_feedback(piece: Marked, form: TextFormat) -> tuple[Marked, Text | None]:
    place = piece.mask.find("#")
    if place < 0:
        return piece.strip(), None
    return piece.cut(0, place).strip(), _text_or_none(piece.cut(place + 1), form)


def _pieces(body: Marked, separator: re.Pattern[str]) -> list[Marked]:
    pieces = body.split(separator)
    return pieces if pieces[0].mask.strip(SPACE) else pieces[1:]


def _choices(body: Marked, form: TextFormat, common: dict[str, Any]) -> Question:
    choices = []
    for index, piece in enumerate(_pieces(body, _TILDE_OR_EQUALS)):
        if piece.mask[:1] not in ("~", "="):
            raise GiftError(
                piece.line, N_("Có chữ đứng trước phương án đầu tiên; mỗi phương án bắt đầu bằng ~ hoặc =.")
            )
        weight, rest = piece.cut(1).weighted()
        answer, feedback = _with_feedback(rest, form)
        text = answer.formatted(form)
        if not text.text:
            raise GiftError(
                piece.line,
                N_("Phương án trống: sau ~ hoặc = phải có chữ; dấu ~ = trong câu thì viết \\~ \\=."),
            )
        key = option_key(common["name"], index, text.text)
        choices.append(Choice(key, text, piece.mask[0] == "=", weight, feedback))
    multiple = not any(choice.marked for choice in choices)
    return ChoiceQuestion(**common, multiple=multiple, choices=tuple(choices))


def _matching(body: Marked, form: TextFormat, common: dict[str, Any]) -> Question:
    pairs = []
    for index, written in enumerate(_pieces(body, _EQUALS)):
        piece = written.cut(1) if written.mask.startswith("=") else written
        place = piece.mask.find("->")
        if place < 0:
            raise GiftError(piece.line, N_("Câu ghép đôi: mỗi dòng phải có dạng =vế trái -> vế phải."))
        left, right = piece.cut(0, place).formatted(form), piece.cut(place + 2).strip().one_line()
        if not right:
            raise GiftError(piece.line, N_("Câu ghép đôi: thiếu vế phải sau dấu ->."))
        key = option_key(common["name"], index, left.text)
        pairs.append(Pair(key, left, right, option_key(common["name"], right)))
    return Matching(**common, pairs=tuple(pairs))


def _true_false(body: Marked, form: TextFormat, common: dict[str, Any]) -> Question:
    marks = [m.start() for m in re.finditer("#", body.mask)]
    cuts = [*marks[:2], len(body.mask)]
    said = [_text_or_none(body.cut(a + 1, b), form) for a, b in pairwise(cuts)]
    wrong, right = (*said, None, None)[:2]
    answer = _TRUTH[body.mask[: cuts[0]].strip(SPACE)]
    return TrueFalse(**common, answer=answer, if_wrong=wrong, if_right=right)


def _short(body: Marked, form: TextFormat, common: dict[str, Any]) -> Question:
    answers = []
    for piece in _pieces(body, _EQUALS):
        weight, rest = (piece.cut(1) if piece.mask.startswith("=") else piece).weighted()
        answer, feedback = _with_feedback(rest, form)
        text = answer.formatted(form)
        if not text.text:
            raise GiftError(piece.line, N_("Đáp án trống: sau dấu = phải có chữ."))
        answers.append(AcceptedText(text.text, weight, feedback, text.format))
    loose = "khong-dau" in common["tags"]
    return ShortAnswer(**common, answers=tuple(answers), ignore_accents=loose)


def _numerical(body: Marked, form: TextFormat, common: dict[str, Any]) -> Question:
    answers = []
    body = body.strip()
    for piece in _pieces(body, _TILDE_OR_EQUALS):
        marked = not piece.mask.startswith("~")
        weight, rest = (piece.cut(1) if piece.mask[:1] in ("=", "~") else piece).weighted()
        answer, feedback = _with_feedback(rest, form)
        low, high, more = _number(answer, piece.line, empty_is_any=not marked)
        answers.append(AcceptedNumber(low, high, **more, marked=marked, weight=weight, feedback=feedback))
    if not answers:
        raise GiftError(body.line, N_("Câu hỏi số: thiếu đáp án sau dấu #."))
    listed = len(answers) > 1 or body.mask[0] in "=~"
    return Numerical(**common, answers=tuple(answers), listed=listed)


def _number(answer: Marked, line: int, *, empty_is_any: bool) -> tuple[Decimal | None, Decimal | None, dict[str, Any]]:
    text = answer.text.strip(SPACE)
    if text == "*" or (empty_is_any and not text):
        return None, None, {"form": "any"}
    if match := _RANGE.fullmatch(text):
        low, high = Decimal(match[1] or 0), Decimal(match[2])
        if low > high:
            raise GiftError(line, N_("Khoảng số %(range)s: số nhỏ phải đứng trước."), range=text)
        return low, high, {"form": "range"}
    if match := _TOLERANCE.fullmatch(text):
        number, tolerance = Decimal(match[1]), Decimal(match[2])
        if tolerance < 0:
            raise GiftError(line, N_("Sai số %(tolerance)s không được âm."), tolerance=match[2])
        return number - tolerance, number + tolerance, {"form": "tolerance", "number": number, "tolerance": tolerance}
    if _ALONE.fullmatch(text):
        return Decimal(text), Decimal(text), {"number": Decimal(text)}
    raise GiftError(
        line,
        N_("Không đọc được số “%(text)s”: viết 3.14, 3.14:0.01 hoặc 1..5, dấu thập phân là dấu chấm."),
        text=text[:60],
    )
