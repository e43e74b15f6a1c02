"""Questions in the JSON form that GIFT tools exchange (types MC, TF, Short, …), for `lms questions check`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lms.catalogue.gift import Category
from lms.catalogue.questions import (
    AcceptedNumber,
    ChoiceQuestion,
    Description,
    Matching,
    Numerical,
    Question,
    ShortAnswer,
    Text,
    TrueFalse,
)

_TYPES = {"choice": "MC", "true_false": "TF", "matching": "Matching", "short": "Short", "numerical": "Numerical",
          "essay": "Essay", "description": "Description", "ordering": "Ordering", "cloze": "Cloze"}  # fmt: skip


def _text(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"format": str(text.format), "text": text.text}


def _figure(number: Decimal | None) -> float | int | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _number(answer: AcceptedNumber, form: str) -> dict[str, Any]:
    if answer.form == "any":
        return {"format": form, "text": "*"}
    if answer.form == "range":
        return {"type": "high-low", "numberHigh": _figure(answer.high), "numberLow": _figure(answer.low)}
    if answer.form == "tolerance":
        return {"type": "range", "number": _figure(answer.number), "range": _figure(answer.tolerance)}
    return {"type": "simple", "number": _figure(answer.number)}


def as_gift_json(item: Question | Category) -> dict[str, Any]:
    """The exchange form of a question or a category line.

    `trueFeedback` and `falseFeedback` are the first and the second feedback as written, whatever the right answer.
    """
    if isinstance(item, Category):
        return {"type": "Category", "title": item.path}
    found: dict[str, Any] = {
        "id": item.idnumber,
        "tags": list(item.tags) or None,
        "type": _TYPES[item.kind],
        "title": item.name,
        "stem": _text(item.stem),
        "hasEmbeddedAnswers": item.embedded,
    }
    if isinstance(item, Description):
        return found
    found["globalFeedback"] = _text(item.feedback)
    if isinstance(item, TrueFalse):
        found |= {"isTrue": item.answer, "trueFeedback": _text(item.if_wrong), "falseFeedback": _text(item.if_right)}
    elif isinstance(item, ChoiceQuestion):
        found["choices"] = [
            {"isCorrect": c.marked, "weight": _figure(c.weight), "text": _text(c.text), "feedback": _text(c.feedback)}
            for c in item.choices
        ]
    elif isinstance(item, ShortAnswer):
        found["choices"] = [
            {"isCorrect": True, "weight": _figure(a.weight), "text": {"format": str(a.format), "text": a.text},
             "feedback": _text(a.feedback)}
            for a in item.answers
        ]  # fmt: skip
    elif isinstance(item, Matching):
        found["matchPairs"] = [{"subquestion": _text(p.left), "subanswer": p.right} for p in item.pairs]
    elif isinstance(item, Numerical):
        form = str(item.stem.format)
        found["choices"] = [
            {"isCorrect": a.marked, "weight": _figure(a.weight), "text": _number(a, form),
             "feedback": _text(a.feedback)}
            for a in item.answers
        ] if item.listed else _number(item.answers[0], form)  # fmt: skip
    return found
