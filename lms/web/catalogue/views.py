"""The catalogue of courses, a course's page before it is begun, and the files of courses."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.audiences.labels import GROUP_LABELS
from lms.audiences.rules import LearnerGroup
from lms.catalogue.models import CourseVersion
from lms.catalogue.queries import CourseOutline, media_by_key, newest_version, offered_courses, outline
from lms.learning.queries import own_learning
from lms.ledger.models import Area
from lms.text import clean
from lms.web.access import PUBLIC, SIGNED_IN, access
from lms.web.database import session
from lms.web.files import storage
from lms.web.identity import current_actor, current_locale, today

blueprint = Blueprint("catalogue", __name__)

MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_YEAR = 31_536_000


@blueprint.get("/khoa-hoc")
@access(PUBLIC)
def index() -> str:
    """The courses on offer, found by words and by learner group."""
    everything = offered_courses(session, current_actor())
    words = clean(request.args.get("tim", ""))[:100]
    group = request.args.get("doi-tuong", "")
    offered = {code for version in everything for code in version.learner_groups}
    return render_template(
        "catalogue/index.html",
        courses=offered_courses(session, current_actor(), words=words, group=group) if words or group else everything,
        groups=[(known.value, _(GROUP_LABELS[known])) for known in LearnerGroup if known.value in offered],
        learner_groups=learner_groups,
        words=words,
        group=group if group in offered else "",
    )


@blueprint.get("/khoa-hoc/<slug>")
@access(PUBLIC)
def course(slug: str) -> str:
    """What a course is about, for whom, how it is passed, what it rests on; and the way into it."""
    version = newest_version(session, current_actor(), slug)
    if version is None:
        abort(404)
    parts = outline(session, version)
    learning = own_learning(session, current_actor(), slug)
    return render_template(
        "catalogue/course.html",
        version=version,
        parts=parts,
        groups=outline_groups(parts),
        learner_groups=learner_groups(version),
        areas=[Area(code) for code in version.areas],
        references=references(version),
        learning=learning,
        today=today(),
    )


@blueprint.get("/media/<key>")
@access(SIGNED_IN)
def media(key: str) -> Response:
    """A file of a course, by its content: it never changes, so it may be kept for ever."""
    found = media_by_key(session, key)
    if found is None:
        abort(404)
    try:
        content = storage().get(key)
    except FileNotFoundError:
        abort(404)
    response = send_file(io.BytesIO(content), mimetype=found.content_type, conditional=True, etag=key.partition(".")[0])
    response.headers["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    response.headers["Content-Security-Policy"] = MEDIA_POLICY
    return response


def learner_groups(version: CourseVersion) -> list[LearnerGroup]:
    """For whom the course is."""
    return [LearnerGroup(code) for code in version.learner_groups]


def references(version: CourseVersion) -> list[dict[str, Any]]:
    """The laws that the course rests on, their dates as dates."""
    dated = ("valid_from", "checked_on", "review_due")
    return [
        {**row, **{name: date.fromisoformat(row[name]) for name in dated if row.get(name)}}
        for row in version.manifest.get("references", [])
    ]


def outline_groups(parts: CourseOutline) -> list[dict[str, Any]]:
    """The outline as the macro takes it, nothing of it open yet."""
    locale = current_locale()
    groups = []
    for number, part in enumerate(parts.modules, start=1):
        items = [
            {
                "text": lesson.titles.get(locale) or lesson.titles["vi"],
                "url": None,
                "state": "open",
                "detail": _("%(minutes)s phút", minutes=lesson.minutes),
            }
            for lesson in part.lessons
        ]
        if part.quiz:
            items.append(_test(_("Kiểm tra nhanh"), part.quiz.draw))
        title = part.module.titles.get(locale) or part.module.titles["vi"]
        groups.append({"title": f"{number}. {title}", "items": items})
    if parts.final:
        final = _test(_("Bài kiểm tra cuối khoá"), parts.final.draw)
        groups.append({"title": _("Kết thúc khoá"), "items": [final]})
    return groups


def _test(text: str, draw: int) -> dict[str, Any]:
    return {"text": text, "url": None, "state": "open", "detail": _("%(count)s câu", count=draw)}
