"""Questions that GIFT cannot say (`*.questions.yaml`): ordering, cloze, essay and file with a rubric."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from lms.catalogue.questions import Blank, Cloze, Criterion, Essay, Item, Ordering, Question, Text, option_key
from lms.catalogue.yaml_reader import Reader, read_yaml
from lms.i18n import N_
from lms.problems import Problem

_TYPES = ("ordering", "cloze", "essay", "file")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_GAP = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


def read_question_yaml(text: str, file: str, problems: list[Problem]) -> tuple[Question, ...]:
    """Read a list of questions; faults are added to `problems`."""
    found = []
    for entry in read_yaml(text, file, problems):
        name = entry.text("id")
        if name and not _SLUG.fullmatch(name):
            entry.fault(
                entry.line_of("id"), N_("id chỉ gồm chữ thường không dấu, số và dấu gạch nối: “%(id)s”"), id=name
            )
        common: dict[str, Any] = {"name": name or None, "line": entry.line, "stem": Text(entry.text("stem"))}
        if feedback := entry.text("feedback", required=False):
            common["feedback"] = Text(feedback)
        kind = entry.choice("type", _TYPES)
        if kind == "ordering":
            found.append(_ordering(entry, common))
        elif kind == "cloze":
            found.append(_cloze(entry, common))
        else:
            submit = "file" if kind == "file" else "text"
            found.append(Essay(**common, submit=submit, rubric=read_rubric(entry)))
        entry.close()
    return tuple(found)


def _ordering(entry: Reader, common: dict[str, Any]) -> Question:
    texts = entry.texts("items")
    if len(texts) < 2 or len(set(texts)) < len(texts):
        entry.fault(entry.line_of("items"), N_("Câu xếp thứ tự cần ít nhất hai mục, không mục nào trùng nhau."))
    return Ordering(**common, items=tuple(Item(option_key(common["name"], t), Text(t)) for t in dict.fromkeys(texts)))


def _cloze(entry: Reader, common: dict[str, Any]) -> Question:
    blanks: dict[str, Blank] = {}
    inner = entry.child("blanks")
    for name in inner.keys() if inner else ():
        gap = inner.child(name) if inner else None
        if gap is None:
            continue
        if gap.has("number"):
            low = Decimal(-(10**12))
            blanks[name] = Blank(
                number=gap.number("number", low=low), tolerance=gap.number("tolerance", low=0, default=0)
            )
        else:
            blanks[name] = Blank(answers=gap.texts("answers"))
        gap.close()
    gaps = _GAP.findall(common["stem"].text)
    if set(gaps) != set(blanks) or len(gaps) != len(set(gaps)):
        entry.fault(entry.line_of("stem"), N_("Các chỗ trống {{…}} trong câu phải khớp với blanks, mỗi chỗ một lần."))
    return Cloze(**common, blanks=blanks)


def read_rubric(entry: Reader) -> tuple[Criterion, ...]:
    """The rubric: criteria with points and at least two levels each."""
    rubric = []
    for row in entry.children("rubric"):
        levels = row.texts("levels")
        if len(levels) < 2:
            row.fault(row.line_of("levels"), N_("Mỗi tiêu chí cần ít nhất hai mức (levels)."))
        rubric.append(Criterion(row.text("criterion"), row.number("points", low=Decimal("0.5"), high=1000), levels))
        row.close()
    return tuple(rubric)
