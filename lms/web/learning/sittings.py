"""Tests: before, during and after a sitting. Every answer is kept on the server as it is given."""

from __future__ import annotations

import re

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.catalogue.questions import from_json
from lms.errors import Refused
from lms.learning.attempts import clear_answer, question_of, results_of, save_answer, start_attempt, submit_attempt
from lms.learning.queries import Sitting, attempts_of, own_sitting, quiz_at
from lms.learning.rules import next_attempt_at
from lms.web.access import SIGNED_IN, access
from lms.web.database import session
from lms.web.filters import show_time
from lms.web.identity import current_actor, now
from lms.web.learning.presenting import read, safe, show
from lms.web.learning.views import blueprint, learning_or_404

NEAR = 15
"""A failed result is called near when at most so many percent were missing."""


def _sitting_or_404(attempt_id: int) -> Sitting:
    found = own_sitting(session, current_actor(), attempt_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/hoc/<slug>/kiem-tra/<int:position>")
@access(SIGNED_IN)
def quiz(slug: str, position: int) -> str:
    """Before a test: its rules, earlier sittings, begin or go on."""
    learning = learning_or_404(slug)
    found = quiz_at(session, learning.version.id, position)
    if found is None:
        abort(404)
    to_think_about = learning.version.manifest.get("marked_by_people", {}).get(str(position), [])
    attempts = attempts_of(session, learning.enrolment.id, found.id)
    submitted = [attempt.submitted_at for attempt in attempts if attempt.submitted_at]
    return render_template(
        "learning/quiz.html",
        learning=learning,
        quiz=found,
        attempts=[attempt for attempt in attempts if attempt.submitted_at],
        open_attempt=next((attempt for attempt in attempts if attempt.submitted_at is None), None),
        passed=any(attempt.passed for attempt in attempts),
        opens=next_attempt_at(submitted, found.max_attempts, found.wait_hours, now()),
        used=len(submitted) % found.max_attempts if found.max_attempts else len(submitted),
        reflections=[safe(from_json(stored).stem) for stored in to_think_about],
    )


@blueprint.post("/hoc/<slug>/kiem-tra/<int:position>/bat-dau")
@access(SIGNED_IN)
def start_test(slug: str, position: int) -> Response:
    """Begin a sitting, or go on with the open one."""
    learning = learning_or_404(slug)
    found = quiz_at(session, learning.version.id, position)
    if found is None:
        abort(404)
    try:
        attempt = start_attempt(session, current_actor(), learning.enrolment, found, at=now())
    except Refused as refused:
        if refused.code == "attempts_used":
            when = refused.params["when"]
            flash(_("Đã hết lượt làm bài. Lượt mới mở lúc %(when)s.", when=show_time(when)), "warn")  # type: ignore[arg-type]
        return redirect(url_for("learning.quiz", slug=slug, position=position))
    return redirect(url_for("learning.attempt", attempt_id=attempt.id, number=1))


@blueprint.get("/lam-bai/<int:attempt_id>/<int:number>")
@access(SIGNED_IN)
def attempt(attempt_id: int, number: int) -> str | Response:
    """One question of a sitting."""
    sitting = _sitting_or_404(attempt_id)
    if sitting.attempt.submitted_at is not None:
        return redirect(url_for("learning.result", attempt_id=attempt_id))
    if not 1 <= number <= len(sitting.attempt.items):
        abort(404)
    return _question_page(sitting, number)


def _question_page(sitting: Sitting, number: int) -> str:
    question = question_of(sitting.quiz, sitting.attempt, number)
    kept = sitting.answers.get(number)
    order = sitting.attempt.items[number - 1]["order"]
    return render_template(
        "learning/attempt.html",
        sitting=sitting,
        number=number,
        total=len(sitting.attempt.items),
        question=show(question, "cau", order=order, given=kept.response if kept else None),
        saved_at=kept.answered_at if kept else None,
        places=_question_nav(sitting, number),
    )


def _question_nav(sitting: Sitting, current: int | None = None) -> list[dict[str, object]]:
    return [
        {
            "number": place,
            "url": url_for("learning.attempt", attempt_id=sitting.attempt.id, number=place),
            "done": place in sitting.answers,
            "current": place == current,
        }
        for place in range(1, len(sitting.attempt.items) + 1)
    ]


@blueprint.post("/lam-bai/<int:attempt_id>/<int:number>")
@access(SIGNED_IN)
def save(attempt_id: int, number: int) -> Response:
    """Keep the answer, then go where the button says: back, on, to a question by its number, or to handing in.

    An empty answer takes back the one that the form showed, never one given meanwhile elsewhere.
    """
    sitting = _sitting_or_404(attempt_id)
    if sitting.attempt.submitted_at is not None:
        flash(_("Bài này đã nộp; câu trả lời vừa gửi không được tính."), "warn")
        return redirect(url_for("learning.result", attempt_id=attempt_id))
    if not 1 <= number <= len(sitting.attempt.items):
        abort(404)
    response = read(question_of(sitting.quiz, sitting.attempt, number), "cau", request.form)
    if response is not None:
        save_answer(session, current_actor(), sitting.attempt, number, response, at=now())
    elif "shown" in request.form:
        clear_answer(session, current_actor(), sitting.attempt, number, at=now())
    going = request.form.get("go", "next")
    target = int(going) if re.fullmatch("[0-9]{1,3}", going) else number + (-1 if going == "back" else 1)
    if going == "hand_in" or target > len(sitting.attempt.items):
        return redirect(url_for("learning.review", attempt_id=attempt_id))
    return redirect(url_for("learning.attempt", attempt_id=attempt_id, number=max(1, target)))


@blueprint.get("/lam-bai/<int:attempt_id>/nop")
@access(SIGNED_IN)
def review(attempt_id: int) -> str | Response:
    """Before handing in: what was answered and what was not."""
    sitting = _sitting_or_404(attempt_id)
    if sitting.attempt.submitted_at is not None:
        return redirect(url_for("learning.result", attempt_id=attempt_id))
    total = len(sitting.attempt.items)
    open_places = [place for place in range(1, total + 1) if place not in sitting.answers]
    return render_template(
        "learning/review.html", sitting=sitting, total=total, open_places=open_places, places=_question_nav(sitting)
    )


@blueprint.post("/lam-bai/<int:attempt_id>/nop")
@access(SIGNED_IN)
def submit(attempt_id: int) -> Response:
    """Hand in: graded at once; the course is completed when nothing else is missing."""
    sitting = _sitting_or_404(attempt_id)
    was_complete = sitting.enrolment.completed_at is not None
    submit_attempt(session, current_actor(), sitting.attempt, at=now())
    if sitting.enrolment.completed_at is not None and not was_complete:
        return redirect(url_for("learning.completed", slug=sitting.course.slug))
    return redirect(url_for("learning.result", attempt_id=attempt_id))


@blueprint.get("/lam-bai/<int:attempt_id>/ket-qua")
@access(SIGNED_IN)
def result(attempt_id: int) -> str | Response:
    """After a sitting: the result, each question with its feedback.

    A final test that was not passed shows which questions were wrong, but keeps its keys for the next sitting.
    """
    sitting = _sitting_or_404(attempt_id)
    if sitting.attempt.submitted_at is None:
        return redirect(url_for("learning.attempt", attempt_id=attempt_id, number=1))
    reveal = bool(sitting.attempt.passed) or sitting.quiz.module_id is not None
    results = results_of(sitting.quiz, sitting.attempt, sitting.answers)
    shown = [
        show(
            question_of(sitting.quiz, sitting.attempt, place),
            f"cau-{place}",
            order=sitting.attempt.items[place - 1]["order"],
            given=sitting.answers[place].response if place in sitting.answers else None,
            result=outcome,
            reveal=reveal,
        )
        for place, outcome in enumerate(results, start=1)
    ]
    return render_template(
        "learning/result.html",
        sitting=sitting,
        shown=shown,
        reveal=reveal,
        near=(sitting.attempt.points or 0) * 100 >= (sitting.quiz.pass_percent - NEAR) * sitting.attempt.max_points,
        right=sum(outcome.correct for outcome in results),
    )
