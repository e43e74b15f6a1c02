"""Requiring courses of learner groups, within the administrator's units."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access.queries import permitted_unit_ids
from lms.access.rules import Permission
from lms.audiences.labels import GROUP_LABELS
from lms.audiences.rules import GROUP_RULES, LearnerGroup
from lms.catalogue.models import Course
from lms.errors import NotAllowed, Refused
from lms.learning.assignments import assignable_courses, assignment_in_scope, assignments_in_scope
from lms.learning.operations import assign_course, end_assignment
from lms.units.models import ABOVE_GRASSROOTS
from lms.units.queries import unit_views
from lms.web.access import access
from lms.web.database import session
from lms.web.filters import course_title
from lms.web.identity import current_actor, now, today
from lms.web.learning.forms import AssignForm
from lms.web.learning.views import blueprint
from lms.web.paging import paginate
from lms.web.refusals import say


def _form() -> AssignForm:
    form = AssignForm()
    form.course.choices = [(course.id, course_title(version)) for course, version in assignable_courses(session)]
    scope = permitted_unit_ids(session, current_actor(), Permission.assign_courses, today())
    views = [view for view in unit_views(session, scope, today()).values() if view.in_force]
    views.sort(
        key=lambda view: (ABOVE_GRASSROOTS.index(view.level) if view.level in ABOVE_GRASSROOTS else 9, view.name)
    )
    form.unit.choices = [(view.id, view.name) for view in views]
    form.learner_group.choices = [(group.value, _(GROUP_LABELS[group])) for group in GROUP_RULES]
    return form


def _page(form: AssignForm) -> str:
    rows, page = paginate(session, assignments_in_scope(session, current_actor(), today()), size=30)
    return render_template("learning/assignments.html", form=form, rows=rows, page=page, groups=LearnerGroup)


@blueprint.get("/giao-khoa-hoc")
@access(Permission.assign_courses)
def assignments() -> str:
    """Courses required in my units, and the form to require another."""
    return _page(_form())


@blueprint.post("/giao-khoa-hoc")
@access(Permission.assign_courses)
def assign() -> str | Response | tuple[str, int]:
    """Require a course of a learner group."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        assign_course(
            session,
            current_actor(),
            session.get_one(Course, form.course.data),
            form.unit.data,
            learner_group=LearnerGroup(form.learner_group.data),
            due_on=form.due_on.data,
            reason=form.reason.data or None,
            at=now(),
        )
    except NotAllowed:
        raise
    except Refused as refused:
        getattr(form, refused.field or "course").errors = [say(refused)]
        return _page(form), 422
    flash(_("Đã giao khoá học. Ai thuộc đối tượng sẽ thấy ngay ở trang Việc học của tôi."), "ok")
    return redirect(url_for("learning.assignments"))


@blueprint.post("/giao-khoa-hoc/<int:assignment_id>/dung")
@access(Permission.assign_courses)
def end(assignment_id: int) -> Response:
    """End an assignment; what was learnt under it stays."""
    found = assignment_in_scope(session, current_actor(), assignment_id, today())
    if found is None:
        abort(404)
    end_assignment(session, current_actor(), found, at=now())
    flash(_("Đã dừng giao khoá học này. Kết quả học vẫn giữ nguyên."), "ok")
    return redirect(url_for("learning.assignments"))
