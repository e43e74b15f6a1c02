"""Faults of a question that can be read but not fairly asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from lms.catalogue.questions import (
    ChoiceQuestion,
    Cloze,
    Description,
    Matching,
    Numerical,
    Question,
    ShortAnswer,
    Text,
    TextFormat,
    TrueFalse,
)
from lms.i18n import N_
from lms.problems import Problem

_ACTIVE = re.compile(
    r"<\s*(?:script|iframe|object|embed|svg|form|style)\b|<[^>]{0,500}\son[a-z]+\s*=|(?:java|vb)script\s*:", re.I
)
_IMAGE = re.compile(r"<img\b", re.I)
_ROUNDING = Fraction(1, 100)


def check_question(question: Question) -> Iterator[Problem]:
    """What is wrong with a question, at its line."""
    for message in _faults(question):
        yield Problem(question.line, message)
    for text in texts_of(question):
        if text.format in (TextFormat.HTML, TextFormat.MOODLE):
            if found := _ACTIVE.search(text.text):
                yield Problem(
                    question.line, N_("Mã chạy trong câu hỏi là không được phép: %(code)s"), {"code": found[0][:40]}
                )
            if _IMAGE.search(text.text):
                yield Problem(
                    question.line, N_("Hình trong câu hỏi viết bằng Markdown: [markdown]![mô tả](../media/…)")
                )


def _faults(question: Question) -> Iterator[str]:
    if not question.stem.text and not isinstance(question, Description):
        yield N_("Câu hỏi chưa có lời hỏi.")
    if isinstance(question, ChoiceQuestion):
        yield from _choice_faults(question)
    elif isinstance(question, Matching):
        if sum(bool(pair.left.text) for pair in question.pairs) < 2:
            yield N_("Câu ghép đôi cần ít nhất hai cặp.")
    elif isinstance(question, ShortAnswer):
        if not any(a.weight is None or a.weight == 100 for a in question.answers):
            yield N_("Không có đáp án nào được đủ điểm.")
        if len(question.answers) == 1 and question.answers[0].text.casefold() in ("true", "false", "t", "f"):
            yield N_("Câu đúng/sai viết {TRUE} hoặc {FALSE} bằng chữ hoa.")
    elif isinstance(question, Numerical):
        if not any(a.marked and a.form != "any" and a.weight in (None, 100) for a in question.answers):
            yield N_("Không có đáp án nào được đủ điểm.")
    elif isinstance(question, Cloze) and not question.blanks:
        yield N_("Câu điền khuyết chưa có chỗ trống nào.")


def _choice_faults(question: ChoiceQuestion) -> Iterator[str]:
    texts = [choice.text.text.casefold() for choice in question.choices]
    weights = [Fraction(choice.weight) / 100 for choice in question.choices if choice.weight is not None]
    if len(texts) < 2:
        yield N_("Câu lựa chọn cần ít nhất hai phương án.")
    if len(set(texts)) < len(texts):
        yield N_("Hai phương án giống nhau.")
    if any(abs(weight) > 1 for weight in weights):
        yield N_("Trọng số phải từ -100 đến 100.")
    positive = sum((weight for weight in weights if weight > 0), Fraction(0))
    if question.multiple and not positive:
        yield N_("Không có phương án đúng: đánh dấu = (một đáp án) hoặc ghi trọng số (nhiều đáp án).")
    elif question.multiple and abs(positive - 1) > _ROUNDING:
        yield N_("Tổng trọng số của các phương án đúng phải là 100.")


def texts_of(question: Question) -> Iterator[Text]:
    """Every formatted text of a question."""
    yield question.stem
    if question.feedback:
        yield question.feedback
    if isinstance(question, TrueFalse):
        yield from (text for text in (question.if_wrong, question.if_right) if text)
    elif isinstance(question, ChoiceQuestion):
        yield from (choice.text for choice in question.choices)
        yield from (choice.feedback for choice in question.choices if choice.feedback)
    elif isinstance(question, Matching):
        yield from (pair.left for pair in question.pairs if pair.left.text)
    elif isinstance(question, (ShortAnswer, Numerical)):
        yield from (answer.feedback for answer in question.answers if answer.feedback)
