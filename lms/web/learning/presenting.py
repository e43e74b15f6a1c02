"""Questions between the form and the rules: what the page shows of one, and what the form says back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from lms.catalogue.grading import Result, choice_shares
from lms.catalogue.questions import (
    ChoiceQuestion,
    Cloze,
    Matching,
    Numerical,
    Ordering,
    Question,
    ShortAnswer,
    Text,
    TextFormat,
    TrueFalse,
    public_view,
)


@dataclass(frozen=True)
class Shown:
    """A question as the templates take it (see the macro `question`)."""

    name: str
    kind: str
    text: Markup
    options: list[tuple[str, Markup]]
    choices: list[tuple[str, Markup]]
    given: Any
    result: dict[str, Any] | None


def safe(text: Text | dict[str, Any] | None) -> Markup:
    """A stored text as markup: sanitised HTML as it is, everything else escaped."""
    if text is None:
        return Markup()
    stored = text if isinstance(text, dict) else {"text": text.text, "format": text.format}
    words = str(stored["text"])
    return Markup(words) if stored.get("format") == TextFormat.SAFE else escape(words)  # noqa: S704 - see markup.py


def show(
    question: Question,
    name: str,
    *,
    order: list[str] | None = None,
    given: Any = None,
    result: Result | None = None,
    reveal: bool = True,
) -> Shown:
    """A question to be answered, or answered with its result.

    `reveal` shows feedback and which of the given options were right; without it only right or wrong.
    """
    view = public_view(question, order or [])
    options: list[tuple[str, Markup]] = []
    choices: list[tuple[str, Markup]] = []
    kind = "short"
    if isinstance(question, ChoiceQuestion):
        kind = "multiple" if question.multiple else "single"
        options = [(option["key"], safe(option["text"])) for option in view["options"]]
    elif isinstance(question, TrueFalse):
        kind = "truefalse"
        options = [("true", escape(_("Đúng"))), ("false", escape(_("Sai")))]
    elif isinstance(question, Matching):
        kind = "matching"
        options = [(left["key"], safe(left["text"])) for left in view["lefts"]]
        choices = [(option["key"], escape(option["text"])) for option in view["options"]]
    elif isinstance(question, Ordering):
        kind = "matching"
        places = range(1, len(question.items) + 1)
        options = [(str(place), escape(_("Thứ %(place)s", place=place))) for place in places]
        choices = [(option["key"], escape(safe(option["text"]).striptags())) for option in view["options"]]
        given = {str(place): key for place, key in enumerate(given, start=1)} if isinstance(given, list) else None
    elif isinstance(question, Cloze):
        kind = "cloze"
        options = [(blank["name"], escape(_("Chỗ trống %(name)s", name=blank["name"]))) for blank in view["blanks"]]
    elif isinstance(question, Numerical):
        kind = "numerical"
    shown_result = _result(question, given, result, reveal) if result is not None else None
    return Shown(name, kind, safe(view["stem"]), options, choices, given, shown_result)


def _result(question: Question, given: Any, result: Result, reveal: bool) -> dict[str, Any]:
    marks: dict[str, str] = {}
    if reveal and isinstance(question, ChoiceQuestion):
        shares = choice_shares(question)
        picked = given if isinstance(given, list) else [given]
        marks = {key: "right" if shares[key] > 0 else "wrong" for key in picked if key in shares}
    elif reveal and isinstance(question, TrueFalse) and given in {"true", "false"}:
        marks = {given: "right" if result.correct else "wrong"}
    elif reveal and isinstance(question, Matching) and isinstance(given, dict):
        marks = {
            pair.key: "right" if given.get(pair.key) == pair.right_key else "wrong"
            for pair in question.pairs
            if pair.left.text and given.get(pair.key)
        }
    feedback = Markup(" ").join(Markup(text) for text in result.feedback) if reveal else Markup()  # noqa: S704 - sanitised
    return {"right": result.correct, "partly": 0 < result.fraction < 1, "feedback": feedback, "options": marks}


def read(question: Question, name: str, form: MultiDict[str, str]) -> Any:
    """The response that a form gives to a question; None where nothing was said."""
    if isinstance(question, ChoiceQuestion) and question.multiple:
        return form.getlist(name) or None
    if isinstance(question, Matching):
        given = {pair.key: form.get(f"{name}-{pair.key}") for pair in question.pairs if pair.left.text}
        return {key: value for key, value in given.items() if value} or None
    if isinstance(question, Ordering):
        places = [form.get(f"{name}-{place}", "") for place in range(1, len(question.items) + 1)]
        return places if any(places) else None
    if isinstance(question, Cloze):
        filled = {blank: form.get(f"{name}-{blank}", "") for blank in question.blanks}
        return filled if any(filled.values()) else None
    said = form.get(name, "")
    if isinstance(question, ShortAnswer | Numerical):
        said = said.strip()
    return said or None
