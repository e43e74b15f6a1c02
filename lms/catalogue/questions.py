"""Questions of every type, as frozen values; how they are stored and what a learner may see of them.

`name` is the author's permanent name of a question in its file. Options have keys that depend only on what is written,
so that an attempt can keep the shuffled order; a key tells nothing of the place or the rightness of its option.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from lms.catalogue import serial


class TextFormat(StrEnum):
    """How a text is written. `SAFE` is sanitised HTML, made once, at publishing."""

    MOODLE = "moodle"
    HTML = "html"
    PLAIN = "plain"
    MARKDOWN = "markdown"
    SAFE = "safe"


@dataclass(frozen=True)
class Text:
    """A text with its format."""

    text: str
    format: TextFormat = TextFormat.MARKDOWN


@dataclass(frozen=True)
class Choice:
    """An option. `marked` is GIFT's `=`; `weight` is the written percentage, None where none is written."""

    key: str
    text: Text
    marked: bool = False
    weight: Decimal | None = None
    feedback: Text | None = None


@dataclass(frozen=True)
class Pair:
    """A line of a matching question; an empty left side makes its right side a distractor."""

    key: str
    left: Text
    right: str
    right_key: str


@dataclass(frozen=True)
class AcceptedText:
    """A form of answer; `*` stands for any run of characters, `\\*` for an asterisk."""

    text: str
    weight: Decimal | None = None
    feedback: Text | None = None
    format: TextFormat = TextFormat.PLAIN


@dataclass(frozen=True)
class AcceptedNumber:
    """The closed interval low..high; low None accepts anything (the feedback for all other answers)."""

    low: Decimal | None = None
    high: Decimal | None = None
    form: str = "simple"
    number: Decimal | None = None
    tolerance: Decimal | None = None
    marked: bool = True
    weight: Decimal | None = None
    feedback: Text | None = None


@dataclass(frozen=True)
class Item:
    """A thing to be put in order."""

    key: str
    text: Text


@dataclass(frozen=True)
class Blank:
    """A gap of a cloze text: accepted texts, or a number with a tolerance."""

    answers: tuple[str, ...] = ()
    number: Decimal | None = None
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True)
class Criterion:
    """A line of a rubric: what is judged, the most points, and the levels from the lowest up."""

    criterion: str
    points: Decimal
    levels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class QuestionBase:
    """What every question has. `embedded`: the stem holds a gap `_____` where the answer goes."""

    kind: ClassVar[str]
    name: str | None = None
    stem: Text
    feedback: Text | None = None
    embedded: bool = False
    tags: tuple[str, ...] = ()
    idnumber: str | None = None
    category: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class ChoiceQuestion(QuestionBase):
    """Single choice, or with `multiple` several choices with partial credit."""

    kind: ClassVar[str] = "choice"
    multiple: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class TrueFalse(QuestionBase):
    """True or false. As in Moodle, GIFT's first feedback is for a wrong answer, its second for the right one."""

    kind: ClassVar[str] = "true_false"
    answer: bool
    if_wrong: Text | None = None
    if_right: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Matching(QuestionBase):
    """Each left side has one right side; right sides may be shared."""

    kind: ClassVar[str] = "matching"
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, kw_only=True)
class ShortAnswer(QuestionBase):
    """A word or two, compared without case, and without Vietnamese marks where `ignore_accents`."""

    kind: ClassVar[str] = "short"
    answers: tuple[AcceptedText, ...]
    ignore_accents: bool = False


@dataclass(frozen=True, kw_only=True)
class Numerical(QuestionBase):
    """A number within a tolerance or a range. `listed`: the answers were written with `=` or `~`."""

    kind: ClassVar[str] = "numerical"
    answers: tuple[AcceptedNumber, ...]
    listed: bool = False


@dataclass(frozen=True, kw_only=True)
class Essay(QuestionBase):
    """An answer that a person marks; `submit` is text or file."""

    kind: ClassVar[str] = "essay"
    submit: str = "text"
    rubric: tuple[Criterion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ordering(QuestionBase):
    """Items in their right order."""

    kind: ClassVar[str] = "ordering"
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Cloze(QuestionBase):
    """A text with gaps `{{name}}`."""

    kind: ClassVar[str] = "cloze"
    blanks: dict[str, Blank]


@dataclass(frozen=True, kw_only=True)
class Description(QuestionBase):
    """A text between questions; nothing is answered."""

    kind: ClassVar[str] = "description"


Question = ChoiceQuestion | TrueFalse | Matching | ShortAnswer | Numerical | Essay | Ordering | Cloze | Description
AUTO_GRADED = (ChoiceQuestion, TrueFalse, Matching, ShortAnswer, Numerical, Ordering, Cloze)
_KINDS: dict[str, Any] = {
    kind.kind: kind
    for kind in (ChoiceQuestion, TrueFalse, Matching, ShortAnswer, Numerical, Essay, Ordering, Cloze, Description)
}


def option_key(*parts: object) -> str:
    """A short key made of what identifies an option in its question."""
    joined = "\0".join(str(part) for part in parts)
    return hashlib.blake2s(joined.encode("utf-8", "replace"), digest_size=4).hexdigest()


def to_json(question: Question) -> dict[str, Any]:
    """The stored form, with keys, weights and feedback."""
    stored: dict[str, Any] = serial.dump(question)
    return {"kind": question.kind, "key": question.name, **stored}


def from_json(stored: dict[str, Any]) -> Question:
    """The question that `to_json` stored."""
    question: Question = serial.load(_KINDS[stored["kind"]], stored)
    return question


def option_keys(question: Question) -> tuple[str, ...]:
    """The keys that may be shuffled, in the author's order."""
    if isinstance(question, ChoiceQuestion):
        return tuple(choice.key for choice in question.choices)
    if isinstance(question, Ordering):
        return tuple(item.key for item in question.items)
    if isinstance(question, Matching):
        return tuple(dict.fromkeys(pair.right_key for pair in question.pairs))
    return ()


def public_view(question: Question, order: tuple[str, ...] | list[str] = ()) -> dict[str, Any]:
    """What a learner may see before answering: no rightness, weight or feedback.

    Options come in `order` (keys), those it does not name after the others. For an ordering question and for the
    right sides of a matching question, an order must be given, else they come sorted by key.
    """
    view: dict[str, Any] = {"kind": question.kind, "stem": serial.dump(question.stem), "embedded": question.embedded}
    place = {key: index for index, key in enumerate(order)}

    def arranged(options: list[dict[str, Any]], by_key: bool = False) -> list[dict[str, Any]]:
        last = len(place)
        return sorted(options, key=lambda o: (place.get(o["key"], last), o["key"] if by_key else ""))

    if isinstance(question, ChoiceQuestion):
        view["multiple"] = question.multiple
        view["options"] = arranged([{"key": c.key, "text": serial.dump(c.text)} for c in question.choices])
    elif isinstance(question, Matching):
        rights = {pair.right_key: pair.right for pair in question.pairs}
        view["lefts"] = [{"key": p.key, "text": serial.dump(p.left)} for p in question.pairs if p.left.text]
        view["options"] = arranged([{"key": k, "text": v} for k, v in rights.items()], by_key=True)
    elif isinstance(question, Ordering):
        items = [{"key": item.key, "text": serial.dump(item.text)} for item in question.items]
        view["options"] = arranged(items, by_key=True)
    elif isinstance(question, Cloze):
        view["blanks"] = [{"name": name, "number": blank.number is not None} for name, blank in question.blanks.items()]
    elif isinstance(question, Essay):
        view["submit"] = question.submit
        view["rubric"] = serial.dump(question.rubric)
    return view
