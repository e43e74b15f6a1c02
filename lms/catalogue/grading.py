"""Grading: pure functions from a question and a learner's response to a fraction of the mark.

Responses are JSON values: a key or a list of keys (choice), true/false (also as words), a dict left key -> right key
(matching), text (short answer, number), a list of keys (ordering), a dict gap -> text (cloze).
What is missing, foreign or malformed earns nothing and raises nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch
from typing import Any

from lms.catalogue.questions import (
    AcceptedNumber,
    Blank,
    Choice,
    ChoiceQuestion,
    Cloze,
    Matching,
    Numerical,
    Ordering,
    Question,
    ShortAnswer,
    Text,
    TrueFalse,
)
from lms.text import clean, fold

_ZERO, _ONE = Fraction(0), Fraction(1)
_MAX_RESPONSE = 2000
_FIGURES = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3})+(?:,\d+)?|(?:,\d{3})+(?:\.\d+)?|(?: \d{3})+(?:[.,]\d+)?)")


@dataclass(frozen=True)
class Result:
    """The fraction of the mark (0..1), whether it is the whole, and the feedback in the question's text format."""

    fraction: Fraction
    correct: bool
    feedback: tuple[str, ...] = ()


def grade(question: Question, response: Any) -> Result:
    """Grade a response. Questions that a person marks (essay) and descriptions earn 0 here."""
    fraction, said = _grade(question, response)
    fraction = min(max(fraction, _ZERO), _ONE)
    texts = [*said, question.feedback]
    return Result(fraction, fraction == 1, tuple(t.text for t in texts if t is not None and t.text))


_Said = list[Text | None]


@singledispatch
def _grade(_question: Question, _response: Any) -> tuple[Fraction, _Said]:
    return _ZERO, []


def choice_shares(question: ChoiceQuestion) -> dict[str, Fraction]:
    """What each option adds to the mark.

    Single choice: 1 for `=`, else its weight. Multiple choice: the written weights, raised to 1 in all where they add
    up to 1 but for rounding (3 x 33.33); an option without a weight takes away as much as one right option gives.
    """
    if not question.multiple:
        return {c.key: _written(c, _ONE if c.marked else _ZERO) for c in question.choices}
    right = [w for c in question.choices if (w := _written(c, _ZERO)) > 0]
    whole = sum(right, _ZERO)
    scale = 1 / whole if abs(whole - 1) <= Fraction(1, 100) and whole else _ONE
    penalty = -Fraction(1, len(right)) if right else _ZERO
    return {
        c.key: penalty if c.weight is None else _written(c, _ZERO) * (scale if c.weight > 0 else _ONE)
        for c in question.choices
    }


def _written(choice: Choice, default: Fraction) -> Fraction:
    return default if choice.weight is None else Fraction(choice.weight) / 100


@_grade.register
def _choice(question: ChoiceQuestion, response: Any) -> tuple[Fraction, _Said]:
    picked = response if isinstance(response, list) else [response]
    keys = {key for key in picked if isinstance(key, str)}
    chosen = [choice for choice in question.choices if choice.key in keys]
    if not question.multiple and len(chosen) != 1:
        return _ZERO, []
    shares = choice_shares(question)
    return sum((shares[c.key] for c in chosen), _ZERO), [c.feedback for c in chosen]


@_grade.register
def _true_false(question: TrueFalse, response: Any) -> tuple[Fraction, _Said]:
    said = {"true": True, "false": False}.get(str(response).lower())
    if said is None:
        return _ZERO, []
    return (_ONE, [question.if_right]) if said is question.answer else (_ZERO, [question.if_wrong])


@_grade.register
def _matching(question: Matching, response: Any) -> tuple[Fraction, _Said]:
    given = response if isinstance(response, Mapping) else {}
    asked = [pair for pair in question.pairs if pair.left.text]
    right = sum(given.get(pair.key) == pair.right_key for pair in asked)
    return (Fraction(right, len(asked)) if asked else _ZERO), []


@_grade.register
def _short(question: ShortAnswer, response: Any) -> tuple[Fraction, _Said]:
    if not isinstance(response, str) or not response.strip():
        return _ZERO, []
    best: tuple[Fraction, _Said] | None = None
    for answer in question.answers:
        if same_words(answer.text, response, ignore_accents=question.ignore_accents):
            share = _ONE if answer.weight is None else Fraction(answer.weight) / 100
            if best is None or share > best[0]:
                best = share, [answer.feedback]
    return best or (_ZERO, [])


@_grade.register
def _numerical(question: Numerical, response: Any) -> tuple[Fraction, _Said]:
    best: tuple[Fraction, _Said] | None = None
    readings = read_numbers(response)
    for answer in question.answers:
        if _reached(answer, readings):
            wrong = answer.form == "any" and not answer.marked
            share = Fraction(answer.weight) / 100 if answer.weight is not None else _ZERO if wrong else _ONE
            if best is None or share > best[0]:
                best = share, [answer.feedback]
    return best or (_ZERO, [])


def _reached(answer: AcceptedNumber, readings: tuple[Decimal, ...]) -> bool:
    if answer.low is None or answer.high is None:
        return bool(readings)
    return any(answer.low <= number <= answer.high for number in readings)


@_grade.register
def _ordering(question: Ordering, response: Any) -> tuple[Fraction, _Said]:
    given = response if isinstance(response, list) else []
    places = zip(question.items, given, strict=False)
    return Fraction(sum(item.key == key for item, key in places), len(question.items) or 1), []


@_grade.register
def _cloze(question: Cloze, response: Any) -> tuple[Fraction, _Said]:
    given = response if isinstance(response, Mapping) else {}
    right = sum(_fills(blank, given.get(name)) for name, blank in question.blanks.items())
    return Fraction(right, len(question.blanks) or 1), []


def _fills(blank: Blank, said: Any) -> bool:
    if not isinstance(said, str) or not said.strip():
        return False
    if blank.number is not None:
        low, high = blank.number - blank.tolerance, blank.number + blank.tolerance
        return any(low <= number <= high for number in read_numbers(said))
    return any(same_words(answer, said) for answer in blank.answers)


def same_words(accepted: str, said: str, *, ignore_accents: bool = False) -> bool:
    """Whether an answer has an accepted form: case, composition of letters and white space do not matter.

    `*` in the accepted form stands for any run of characters, `\\*` for an asterisk.
    """
    if len(said) > _MAX_RESPONSE:
        return False

    def bare(text: str) -> str:
        return fold(text) if ignore_accents else clean(text).casefold()

    parts = [bare(part.replace("\0", "*")) for part in accepted.replace("\\*", "\0").split("*")]
    given = bare(said)
    if len(parts) == 1:
        return given == parts[0]
    if not given.startswith(parts[0]) or len(given) < len(parts[0]) + len(parts[-1]):
        return False
    if not given.endswith(parts[-1]):
        return False
    place, end = len(parts[0]), len(given) - len(parts[-1])
    for part in parts[1:-1]:
        found = given.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True


def read_numbers(said: Any) -> tuple[Decimal, ...]:
    """The numbers that what was typed may mean; none where it is no number.

    Comma or point is the decimal mark; where the other (or a space) groups thousands, that reading counts too:
    "1.234" may be 1,234 or 1234.
    """
    if isinstance(said, (int, float)) and not isinstance(said, bool):
        said = str(said)
    if not isinstance(said, str) or len(said) > 60:
        return ()
    text = clean(unicodedata.normalize("NFKC", said)).replace("\u2212", "-")
    readings = []
    if _FIGURES.fullmatch(text):
        readings.append(Decimal(text.replace(",", ".")))
    if _GROUPED.fullmatch(text):
        # the last mark is the decimal one where both kinds stand, else all of them group
        dots, commas = text.rfind("."), text.rfind(",")
        decimal = "," if "." in text and commas > dots else "." if "," in text and dots > commas else ""
        if " " in text:
            decimal = "," if commas > 0 else "." if dots > 0 else ""
        plain = "".join(c for c in text if c.isdigit() or c in "+-" or (decimal and c == decimal))
        readings.append(Decimal(plain.replace(decimal, ".") if decimal else plain))
    return tuple(dict.fromkeys(readings))
