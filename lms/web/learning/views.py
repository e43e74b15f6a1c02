"""The learner's own pages: my courses, a course, a lesson, completion, the training record."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.catalogue.grading import grade
from lms.catalogue.queries import course_by_slug
from lms.catalogue.questions import from_json
from lms.certificates.queries import certificates_for_records, certificates_of_person
from lms.learning.operations import answer_in_lesson, enrol, finish_lesson, question_in
from lms.learning.queries import (
    Learning,
    Outline,
    OutlineQuiz,
    hours_of_year,
    lesson_answers,
    lesson_at,
    my_courses,
    outline_of,
    own_learning,
    own_records,
)
from lms.ledger.models import TrainingRecord
from lms.web.access import SIGNED_IN, access
from lms.web.database import session
from lms.web.identity import current_actor, current_locale, me, now, today
from lms.web.learning.presenting import read, show

blueprint = Blueprint("learning", __name__)


def learning_or_404(slug: str) -> Learning:
    """The actor's enrolment in that course; 404 when there is none."""
    found = own_learning(session, current_actor(), slug)
    if found is None:
        abort(404)
    return found


@blueprint.get("/hoc")
@access(SIGNED_IN)
def mine() -> str:
    """My learning: go on where I stopped, what is required, why, by when; hours of the year, certificates."""
    person = me().person
    courses = my_courses(session, person.id, today())
    begun = [c for c in courses if c.enrolment is not None and c.enrolment.completed_at is None]
    begun.sort(key=lambda c: c.enrolment.last_seen_at if c.enrolment else now(), reverse=True)
    waiting = [c for c in courses if c.enrolment is None]
    hero = begun[0] if begun else waiting[0] if waiting else None
    return render_template(
        "learning/mine.html",
        hero=hero,
        todo=[c for c in courses if c is not hero and not (c.enrolment and c.enrolment.completed_at)],
        finished=[c for c in courses if c.enrolment and c.enrolment.completed_at],
        hours=hours_of_year(session, person.id, today().year),
        certificates=certificates_of_person(session, person.id),
        today=today(),
    )


@blueprint.post("/khoa-hoc/<slug>/bat-dau")
@access(SIGNED_IN)
def start(slug: str) -> Response:
    """Begin a course, or go on with it."""
    course = course_by_slug(session, slug)
    if course is None:
        abort(404)
    enrol(session, current_actor(), course, at=now())
    return redirect(url_for("learning.course", slug=slug))


def outline_groups(slug: str, outline: Outline, current: int | None = None) -> list[dict[str, Any]]:
    """The outline as the macro takes it; `current` is the position of the lesson being read."""
    locale = current_locale()
    groups = []
    for number, module in enumerate(outline.modules, start=1):
        title = module.titles.get(locale) or module.titles["vi"]
        items = [
            {
                "text": lesson.titles.get(locale) or lesson.titles["vi"],
                "url": url_for("learning.lesson", slug=slug, position=lesson.position),
                "state": "current" if lesson.position == current else "done" if lesson.done else "open",
                "detail": _("%(minutes)s phút", minutes=lesson.minutes),
            }
            for lesson in outline.lessons_of(module.id)
        ]
        quiz = outline.quiz_of(module.id)
        if quiz:
            items.append(_quiz_item(slug, quiz, _("Kiểm tra nhanh")))
        groups.append({"title": f"{number}. {title}", "items": items})
    final = outline.quiz_of(None)
    if final:
        groups.append({"title": _("Kết thúc khoá"), "items": [_quiz_item(slug, final, _("Bài kiểm tra cuối khoá"))]})
    return groups


def _quiz_item(slug: str, quiz: OutlineQuiz, text: str) -> dict[str, Any]:
    return {
        "text": text,
        "url": url_for("learning.quiz", slug=slug, position=quiz.position),
        "state": "done" if quiz.passed else "open",
        "detail": _("%(count)s câu", count=quiz.draw),
    }


def place_after(slug: str, outline: Outline, position: int) -> str:
    """Where to go after the lesson at `position`: the next one, the module's test, the final one, or the course."""
    here = next(lesson for lesson in outline.lessons if lesson.position == position)
    following = next((lesson for lesson in outline.lessons if lesson.position > position), None)
    if following is None or following.module_id != here.module_id:
        quiz = outline.quiz_of(here.module_id)
        if quiz and not quiz.passed:
            return url_for("learning.quiz", slug=slug, position=quiz.position)
    if following is not None:
        return url_for("learning.lesson", slug=slug, position=following.position)
    final = outline.quiz_of(None)
    if final and not final.passed:
        return url_for("learning.quiz", slug=slug, position=final.position)
    return url_for("learning.course", slug=slug)


@blueprint.get("/hoc/<slug>")
@access(SIGNED_IN)
def course(slug: str) -> str:
    """A course begun: its outline with my state, what is still missing, where to go on."""
    learning = learning_or_404(slug)
    outline = outline_of(session, learning.enrolment)
    todo = outline.missing
    unread = next((lesson for lesson in outline.lessons if lesson.id in todo.lessons), None)
    last = next((x for x in outline.lessons if x.id == learning.enrolment.last_lesson_id and not x.done), None)
    target = last or unread
    go_on: str | None
    if target is not None:
        go_on = url_for("learning.lesson", slug=slug, position=target.position)
    else:
        quiz = next((q for q in outline.quizzes if q.id in todo.quizzes), None)
        go_on = url_for("learning.quiz", slug=slug, position=quiz.position) if quiz else None
    return render_template(
        "learning/course.html",
        learning=learning,
        outline=outline,
        groups=outline_groups(slug, outline),
        todo=todo,
        target=target,
        go_on=go_on,
    )


@blueprint.get("/hoc/<slug>/bai/<int:position>")
@access(SIGNED_IN)
def lesson(slug: str, position: int) -> str:
    """A lesson: reading, with questions in its flow."""
    learning = learning_or_404(slug)
    outline = outline_of(session, learning.enrolment)
    found = lesson_at(session, learning.version.id, position)
    if found is None:
        abort(404)
    answers = lesson_answers(session, learning.enrolment.id, found.id)
    parts: list[dict[str, Any]] = []
    for number, segment in enumerate(found.body, start=1):
        if "question" not in segment:
            parts.append({"html": segment["html"]})
            continue
        question = from_json(segment["question"])
        key = segment["question"]["key"]
        answer = answers.get(key)
        result = grade(question, answer.response) if answer else None
        given = answer.response if answer else None
        parts.append({"key": key, "question": show(question, f"cau-{number}", given=given, result=result)})
    here = next(item for item in outline.lessons if item.id == found.id)
    before = next((item for item in reversed(outline.lessons) if item.position < position), None)
    return render_template(
        "learning/lesson.html",
        learning=learning,
        outline=outline,
        lesson=found,
        here=here,
        parts=parts,
        groups=outline_groups(slug, outline, position),
        before_url=url_for("learning.lesson", slug=slug, position=before.position) if before else None,
        next_url=place_after(slug, outline, position),
        number=[item.id for item in outline.lessons].index(found.id) + 1,
        done=sum(item.done for item in outline.lessons),
    )


@blueprint.post("/hoc/<slug>/bai/<int:position>/tra-loi")
@access(SIGNED_IN)
def answer(slug: str, position: int) -> Response:
    """Answer a question in the flow of a lesson."""
    learning = learning_or_404(slug)
    found = lesson_at(session, learning.version.id, position)
    if found is None:
        abort(404)
    name, key = request.form.get("name", ""), request.form.get("key", "")
    response = read(question_in(found, key), name, request.form)
    back = url_for("learning.lesson", slug=slug, position=position, _anchor=name)
    if response is None:
        flash(_("Đồng chí hãy chọn hoặc ghi câu trả lời rồi bấm Trả lời."), "warn")
    else:
        answer_in_lesson(session, current_actor(), learning.enrolment, found, key, response, at=now())
    return redirect(back)


@blueprint.post("/hoc/<slug>/bai/<int:position>/xong")
@access(SIGNED_IN)
def finish(slug: str, position: int) -> Response:
    """The lesson was read to its end: on to the next place."""
    learning = learning_or_404(slug)
    found = lesson_at(session, learning.version.id, position)
    if found is None:
        abort(404)
    was_complete = learning.enrolment.completed_at is not None
    record = finish_lesson(session, current_actor(), learning.enrolment, found, at=now())
    if record is not None and not was_complete:
        return redirect(url_for("learning.completed", slug=slug))
    return redirect(place_after(slug, outline_of(session, learning.enrolment), position))


@blueprint.get("/hoc/<slug>/hoan-thanh")
@access(SIGNED_IN)
def completed(slug: str) -> str | Response:
    """The course is complete: the ledger row and the certificate that came of it."""
    learning = learning_or_404(slug)
    if learning.enrolment.record_id is None:
        return redirect(url_for("learning.course", slug=slug))
    record = session.get_one(TrainingRecord, learning.enrolment.record_id)
    certificate = certificates_for_records(session, [record.id]).get(record.id)
    return render_template("learning/completed.html", learning=learning, record=record, certificate=certificate)


@blueprint.get("/so-boi-duong")
@access(SIGNED_IN)
def record() -> str:
    """My training record: everything in the ledger, with its evidence, hours by year."""
    person = me().person
    records = own_records(session, person.id)
    by_year: dict[int, list[TrainingRecord]] = {}
    for row in records:
        by_year.setdefault(row.achieved_on.year, []).append(row)
    return render_template(
        "learning/record.html",
        by_year=by_year,
        certificates=certificates_for_records(session, [row.id for row in records]),
        person=person,
    )


from lms.web.learning import assigning, sittings  # noqa: E402 - they add their routes to the blueprint above

__all__ = ["assigning", "blueprint", "sittings"]
