"""Sittings of tests: begun, answered and submitted on the server."""

from __future__ import annotations

import random
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.rules import Actor
from lms.catalogue.grading import Result, grade
from lms.catalogue.models import Quiz
from lms.catalogue.questions import Question, from_json, option_keys
from lms.errors import NotAllowed, Refused
from lms.learning.completion import complete_if_done, lock_enrolment
from lms.learning.models import AttemptAnswer, Enrolment, QuizAttempt
from lms.learning.queries import attempts_of
from lms.learning.rules import draw, next_attempt_at, passes

MAX_RESPONSE = 4000
"""The longest answer kept, in characters of its text."""


def start_attempt(
    session: Session, actor: Actor, enrolment: Enrolment, quiz: Quiz, *, at: datetime, dice: random.Random | None = None
) -> QuizAttempt:
    """Begin a sitting, or go on with the one that is open.

    Refused: quiz_elsewhere (not of the pinned version), already_passed (final test), attempts_used (until `when`).
    `dice` may be given in tests; else the draw is unpredictable.
    """
    if actor.person_id is None or enrolment.person_id != actor.person_id:
        raise NotAllowed("learn")
    enrolment = lock_enrolment(session, enrolment.id)
    if quiz.version_id != enrolment.version_id:
        raise Refused("quiz_elsewhere")
    earlier = attempts_of(session, enrolment.id, quiz.id)
    for attempt in earlier:
        if attempt.submitted_at is None:
            return attempt
    if quiz.module_id is None and any(attempt.passed for attempt in earlier):
        raise Refused("already_passed")
    submitted = [attempt.submitted_at for attempt in earlier if attempt.submitted_at]
    opens = next_attempt_at(submitted, quiz.max_attempts, quiz.wait_hours, at)
    if opens is not None:
        raise Refused("attempts_used", when=opens)
    chance = dice or random.SystemRandom()
    drawn = draw(quiz.questions, quiz.draw, chance)
    items = []
    for stored in drawn:
        keys = list(option_keys(from_json(stored)))
        chance.shuffle(keys)
        items.append({"key": stored["key"], "order": keys})
    attempt = QuizAttempt(
        enrolment_id=enrolment.id,
        quiz_id=quiz.id,
        number=len(earlier) + 1,
        started_at=at,
        items=items,
        max_points=len(items),
    )
    session.add(attempt)
    enrolment.last_seen_at = at
    session.flush()
    return attempt


def _locked(session: Session, actor: Actor, attempt: QuizAttempt) -> tuple[QuizAttempt, Enrolment]:
    enrolment = lock_enrolment(session, attempt.enrolment_id)
    if actor.person_id is None or enrolment.person_id != actor.person_id:
        raise NotAllowed("learn")
    session.refresh(attempt)
    return attempt, enrolment


def _text_length(response: Any) -> int:
    if isinstance(response, dict):
        return sum(_text_length(key) + _text_length(value) for key, value in response.items())
    if isinstance(response, list):
        return sum(_text_length(value) for value in response)
    return len(str(response))


def save_answer(
    session: Session, actor: Actor, attempt: QuizAttempt, position: int, response: Any, *, at: datetime
) -> AttemptAnswer:
    """Keep the answer to question `position` (from 1) of an open sitting; a later answer replaces it.

    Refused: attempt_closed, unknown_question, answer_too_long.
    """
    attempt, _ = _locked(session, actor, attempt)
    if attempt.submitted_at is not None:
        raise Refused("attempt_closed")
    if not 1 <= position <= len(attempt.items):
        raise Refused("unknown_question", key=position)
    if _text_length(response) > MAX_RESPONSE:
        raise Refused("answer_too_long", most=MAX_RESPONSE)
    answer = session.get(AttemptAnswer, (attempt.id, position))
    if answer is None:
        answer = AttemptAnswer(attempt_id=attempt.id, position=position, response=response, answered_at=at)
        session.add(answer)
    else:
        answer.response, answer.answered_at = response, at
    session.flush()
    return answer


def clear_answer(session: Session, actor: Actor, attempt: QuizAttempt, position: int, *, at: datetime) -> None:
    """Take back the answer to question `position` of an open sitting; nothing when there is none.

    Refused: attempt_closed.
    """
    attempt, enrolment = _locked(session, actor, attempt)
    if attempt.submitted_at is not None:
        raise Refused("attempt_closed")
    answer = session.get(AttemptAnswer, (attempt.id, position))
    if answer is not None:
        session.delete(answer)
        enrolment.last_seen_at = at
        session.flush()


def question_of(quiz: Quiz, attempt: QuizAttempt, position: int) -> Question:
    """The question at `position` (from 1) of a sitting."""
    key = attempt.items[position - 1]["key"]
    return from_json(next(stored for stored in quiz.questions if stored["key"] == key))


def results_of(quiz: Quiz, attempt: QuizAttempt, answers: dict[int, AttemptAnswer]) -> list[Result]:
    """The result of every question of a sitting, in the order shown; an unanswered one earns nothing."""
    return [
        grade(question_of(quiz, attempt, place), answers[place].response if place in answers else None)
        for place in range(1, len(attempt.items) + 1)
    ]


def submit_attempt(session: Session, actor: Actor, attempt: QuizAttempt, *, at: datetime) -> QuizAttempt:
    """Close a sitting, grade it, and complete the course when nothing else is missing, all in this transaction.

    Submitting it again changes nothing.
    """
    attempt, enrolment = _locked(session, actor, attempt)
    if attempt.submitted_at is not None:
        return attempt
    quiz = session.get_one(Quiz, attempt.quiz_id)
    answers = {
        answer.position: answer
        for answer in session.scalars(select(AttemptAnswer).where(AttemptAnswer.attempt_id == attempt.id))
    }
    results = results_of(quiz, attempt, answers)
    for place, result in enumerate(results, start=1):
        if place in answers:
            answers[place].fraction = float(result.fraction)
    points = sum((result.fraction for result in results), Fraction(0))
    attempt.points = round(float(points), 2)
    attempt.passed = passes(points, attempt.max_points, quiz.pass_percent)
    attempt.submitted_at = at
    enrolment.last_seen_at = at
    session.flush()
    if attempt.passed:
        complete_if_done(session, actor, enrolment, at=at)
    return attempt
