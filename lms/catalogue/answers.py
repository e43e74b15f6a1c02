"""The right response to a question: for keys shown after a test, for sample learners, for tests."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from lms.catalogue.grading import choice_shares
from lms.catalogue.questions import (
    ChoiceQuestion,
    Cloze,
    Matching,
    Numerical,
    Ordering,
    Question,
    ShortAnswer,
    TrueFalse,
)


@singledispatch
def right_response(question: Question) -> Any:
    """The response that earns the whole mark, in the form that grading reads. TypeError for what people mark."""
    raise TypeError(question)


@right_response.register
def _(question: ChoiceQuestion) -> Any:
    right = [key for key, share in choice_shares(question).items() if share > 0]
    return right if question.multiple else max(choice_shares(question).items(), key=lambda item: item[1])[0]


@right_response.register
def _(question: TrueFalse) -> Any:
    return question.answer


@right_response.register
def _(question: Matching) -> Any:
    return {pair.key: pair.right_key for pair in question.pairs if pair.left.text}


@right_response.register
def _(question: ShortAnswer) -> Any:
    best = max(question.answers, key=lambda answer: 100 if answer.weight is None else answer.weight)
    return best.text.replace("*", "")


@right_response.register
def _(question: Numerical) -> Any:
    return next(str(a.low) for a in question.answers if a.low is not None and a.weight in (None, 100))


@right_response.register
def _(question: Ordering) -> Any:
    return [item.key for item in question.items]


@right_response.register
def _(question: Cloze) -> Any:
    return {
        name: str(blank.number) if blank.number is not None else blank.answers[0]
        for name, blank in question.blanks.items()
    }
