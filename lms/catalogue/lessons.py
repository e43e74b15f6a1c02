"""Reading one lesson file: front matter, body, fenced questions, scenes, the assignment's rubric."""

from __future__ import annotations

import re
from dataclasses import replace

from lms.catalogue.gift import parse_gift
from lms.catalogue.package import Assignment, Block, Kind, Lesson
from lms.catalogue.question_yaml import read_rubric
from lms.catalogue.questions import AUTO_GRADED, Question
from lms.catalogue.situations import read_situation
from lms.catalogue.yaml_reader import Reader, read_yaml
from lms.i18n import N_
from lms.problems import Problem

_FRONT = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.S)
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--|<!DOCTYPE|<\?", re.I)
_SCRIPT = re.compile(r"\b(?:java|vb)script\s*:|\bdata\s*:\s*text/html", re.I)
_CODE = re.compile(r"(`+)[^`\n]+?\1")
_FENCE = re.compile(r"(\s*)(`{3,}|~{3,})\s*([\w-]*)\s*$")


def read_lesson(text: str, path: str, slug: str, kind: Kind, problems: list[Problem]) -> Lesson:
    """Read a lesson; faults are added to `problems`."""
    match = _FRONT.match(text)
    if match is None:
        problems.append(Problem(1, N_("Bài phải bắt đầu bằng phần khai báo giữa hai dòng ---."), file=path))
        front, body, body_line = None, text, 1
    else:
        readers = read_yaml(match[1], path, problems, lines=1)
        front = readers[0] if readers else None
        body, body_line = text[match.end() :], text.count("\n", 0, match.end()) + 1
    head = front or Reader(None, path, [], 1, 0)
    lesson = Lesson(
        path=path,
        slug=slug,
        kind=kind,
        title=head.words("title"),
        minutes=head.whole("minutes", low=1, high=600),
        optional=head.flag("optional", default=False),
        body=body,
        body_line=body_line,
    )
    if kind is Kind.SITUATION:
        best = head.whole("points_max", low=0, high=1000)
        situation = read_situation(body, best, file=path, first_line=body_line, problems=problems)
        lesson = replace(lesson, situation=situation)
    elif kind is Kind.ASSIGNMENT:
        submit = head.choice("submit", ("text", "file", "both"))
        lesson = replace(lesson, assignment=Assignment(submit, read_rubric(head)))
    head.close()
    if not body.strip():
        problems.append(Problem(body_line, N_("Bài chưa có nội dung."), file=path))
    blocks = _scan(lesson, problems)
    report_names([(path, q) for block in blocks for q in block.questions], problems)
    return replace(lesson, blocks=blocks)


def report_names(questions: list[tuple[str, Question]], problems: list[Problem]) -> None:
    """Report questions without a name and names given twice; `questions` come with the file they stand in."""
    names: set[str] = set()
    for path, question in questions:
        if not question.name:
            problems.append(Problem(question.line, N_("Câu hỏi phải có tên: ::ten-cau::"), file=path))
        elif question.name in names:
            message = N_("Trùng tên câu hỏi: %(name)s")
            problems.append(Problem(question.line, message, {"name": question.name}, path))
        names.add(question.name or "")


def _scan(lesson: Lesson, problems: list[Problem]) -> tuple[Block, ...]:
    """Find the fenced questions and report raw HTML and script links in the text around them."""
    blocks: list[Block] = []
    lines = lesson.body.split("\n")
    fence, kind, opened = "", "", 0

    def fault(index: int, message: str, **params: object) -> None:
        problems.append(Problem(lesson.body_line + index, message, params, lesson.path))

    for index, line in enumerate(lines):
        match = _FENCE.match(line)
        if fence:
            if match and match[2].startswith(fence) and not match[3]:
                if kind == "gift":
                    blocks.append(_block(lesson, lines, opened, index, problems))
                fence = ""
            continue
        if match:
            fence, kind, opened = match[2], match[3], index
            if kind == "gift" and match[1]:
                fault(index, N_("Khối ```gift phải viết sát lề trái."))
                kind = ""
            continue
        bare = _CODE.sub("", line)
        if found := _HTML.search(bare):
            fault(index, N_("Không viết HTML trong bài: %(code)s"), code=found[0][:40])
        elif found := _SCRIPT.search(bare):
            fault(index, N_("Mã chạy trong bài là không được phép: %(code)s"), code=found[0][:40])
    if fence:
        fault(opened, N_("Khối ``` này không có dòng đóng."))
    return tuple(blocks)


def _block(lesson: Lesson, lines: list[str], first: int, last: int, problems: list[Problem]) -> Block:
    offset = lesson.body_line + first
    found = parse_gift("\n".join(lines[first + 1 : last]))
    problems.extend(problem.moved(lesson.path, offset) for problem in found.problems)
    for question in found.questions:
        if not isinstance(question, AUTO_GRADED):
            message = N_("Câu hỏi trong bài phải chấm được ngay (không phải tự luận hay lời dẫn).")
            problems.append(Problem(question.line + offset, message, file=lesson.path))
    if not found.questions and not found.problems:
        problems.append(Problem(offset, N_("Khối ```gift này không có câu hỏi nào."), file=lesson.path))
    questions = tuple(replace(question, line=question.line + offset) for question in found.questions)
    return Block(first, last, questions)
