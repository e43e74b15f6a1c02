"""What can be wrong between the files of a package: links, media, laws, pools against the pass rule."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Set

from lms.catalogue.media import prepare
from lms.catalogue.package import CoursePackage, Kind, Lesson
from lms.catalogue.question_checks import check_question
from lms.catalogue.questions import AUTO_GRADED, Question
from lms.catalogue.rendering import Renderer
from lms.errors import Refused
from lms.i18n import N_
from lms.markup_tree import Media
from lms.problems import Problem

_REFUSALS = {
    "media_unreadable": N_("Không đọc được tệp này: nội dung không đúng loại tệp."),
    "media_active": N_("SVG có mã chạy, phần tử lạ hoặc liên kết ra ngoài: hãy xuất lại bằng SVG thường."),
}
_HEADING = re.compile(r"^# ", re.M)


def check_package(course: CoursePackage, *, described: bool, torn: Set[str]) -> list[Problem]:
    """Every fault that only the whole package shows; `described`: course.yaml could be read, `torn`: GIFT files that
    could be read only in part."""
    problems = [*_files(course), *_references(course), *(_pools(course, torn) if described else ())]
    renderer = Renderer(course, {path: Media(f"/media/{path}", kind=_kind(path)) for path in course.media})
    for _, lesson in course.lessons():
        renderer.body(lesson)
        problems += _lesson(lesson)
        for block in lesson.blocks:
            problems += _questions(block.questions, lesson.path)
    for path, pool in pools_of(course):
        for question in pool:
            renderer.question(question, path)
        problems += _questions(pool, path)
    problems += renderer.problems
    known = {reference.law_ref for reference in course.references}
    for law, path, line in renderer.citations:
        if described and law not in known:
            message = N_("law_ref %(law)s được dẫn nhưng không có trong references của course.yaml.")
            problems.append(Problem(line, message, {"law": law}, path))
    used = renderer.used | {f"{path.rpartition('.')[0]}.vtt" for path in renderer.used if path.endswith(".mp4")}
    for path in course.media:
        if path not in used:
            problems.append(Problem(1, N_("Tệp media này không được dùng trong bài nào."), file=path))
    return problems


def _kind(path: str) -> str:
    return {"mp4": "video", "mp3": "audio", "pdf": "file", "vtt": "file"}.get(path.rpartition(".")[2], "picture")


def pools_of(course: CoursePackage) -> Iterator[tuple[str, tuple[Question, ...]]]:
    """The pools with the file whose folder their links start from."""
    for module in course.modules:
        yield posixpath.join(module.path, "quiz.gift"), module.pool
    yield "final.gift", course.final_pool


def _questions(questions: tuple[Question, ...], path: str) -> list[Problem]:
    return [problem.moved(path) for question in questions for problem in check_question(question)]


def _lesson(lesson: Lesson) -> Iterator[Problem]:
    if lesson.kind is Kind.SITUATION:
        return
    outside = lesson.body.split("\n")
    fenced = False
    for index, line in enumerate(outside):
        fenced ^= line.lstrip().startswith("```")
        if not fenced and _HEADING.match(line):
            message = N_("Tiêu đề trong bài bắt đầu từ ## (tên bài đã có ở phần khai báo).")
            yield Problem(lesson.body_line + index, message, file=lesson.path)


def _files(course: CoursePackage) -> Iterator[Problem]:
    if not course.modules:
        yield Problem(1, N_("Khoá học chưa có mô đun nào."), file="course.yaml")
    for path, content in course.media.items():
        try:
            prepare(path, content)
        except Refused as refused:
            yield Problem(1, _REFUSALS[refused.code], file=path)


def _references(course: CoursePackage) -> Iterator[Problem]:
    seen: set[str] = set()
    for reference in course.references:
        if reference.law_ref in seen:
            yield Problem(
                reference.line, N_("law_ref viết hai lần: %(law)s"), {"law": reference.law_ref}, "course.yaml"
            )
        seen.add(reference.law_ref)
        if reference.checked_on and reference.review_due and reference.review_due <= reference.checked_on:
            yield Problem(reference.line, N_("review_due phải sau checked_on."), file="course.yaml")


def _pools(course: CoursePackage, torn: Set[str]) -> Iterator[Problem]:
    rule = course.pass_rule
    with_quiz = [module for module in course.modules if module.pool]
    for module in with_quiz:
        path = f"{module.path}/quiz.gift"
        if path in torn:
            continue
        if rule.quiz is None:
            yield Problem(1, N_("Có câu hỏi của mô đun nhưng pass_rule không có quiz."), file=path)
        else:
            yield from _draw(module.pool, rule.quiz.draw, path)
    if rule.quiz is not None and not with_quiz and course.modules and not torn:
        yield Problem(1, N_("pass_rule có quiz nhưng không mô đun nào có quiz.gift."), file="course.yaml")
    if "final.gift" in torn:
        return
    if rule.final is not None:
        if not course.final_pool:
            yield Problem(1, N_("pass_rule cần bài kiểm tra cuối khoá nhưng thiếu final.gift."), file="course.yaml")
        else:
            yield from _draw(course.final_pool, rule.final.draw, "final.gift")
    elif course.final_pool:
        yield Problem(1, N_("Có câu hỏi cuối khoá nhưng pass_rule không có final."), file="final.gift")


def _draw(pool: tuple[Question, ...], draw: int, path: str) -> Iterator[Problem]:
    playable = sum(isinstance(question, AUTO_GRADED) for question in pool)
    if draw > playable:
        message = N_("draw là %(draw)d nhưng chỉ có %(pool)d câu hỏi chấm được.")
        yield Problem(1, message, {"draw": draw, "pool": playable}, path)
