"""The audit trail of one's units."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access.listing import TrailFilter, trail
from lms.access.queries import may
from lms.access.rules import Permission
from lms.people.queries import account_of, person_by_code
from lms.sheets import SheetOut, write_workbook
from lms.units.queries import unit_views
from lms.web.access import access
from lms.web.database import session
from lms.web.dated import read_day
from lms.web.downloads import workbook_response
from lms.web.filters import show_time
from lms.web.identity import current_actor, today
from lms.web.paging import kept_arguments, paginate
from lms.web.roles.blueprint import blueprint
from lms.web.roles.words import SUBJECTS, action_words, details_of

MOST_ROWS = 20_000
"""Events in one workbook."""


def _wanted() -> TrailFilter:
    code = request.args.get("can_bo", "").strip()
    person = person_by_code(session, code) if code else None
    account = account_of(session, person.id) if person is not None else None
    return TrailFilter(
        since=read_day(request.args.get("tu", "")),
        until=read_day(request.args.get("den", "")),
        subject=request.args.get("viec") if request.args.get("viec") in SUBJECTS else None,
        account_id=(account.id if account is not None else -1) if code else None,
    )


@blueprint.get("/nhat-ky")
@access(Permission.view_audit)
def audit() -> str:
    """Who did what and when, the newest first."""
    wanted = _wanted()
    rows, page = paginate(session, trail(session, current_actor(), wanted, today()))
    unit_ids = {row[0].unit_id for row in rows if row[0].unit_id is not None}
    return render_template(
        "roles/audit.html",
        rows=rows,
        page=page,
        wanted=wanted,
        code=request.args.get("can_bo", ""),
        units=unit_views(session, unit_ids, today()) if unit_ids else {},
        subjects=[(code, _(words)) for code, words in SUBJECTS.items()],
        everything=may(session, current_actor(), Permission.view_audit, None, today()),
        action_words=action_words,
        details_of=details_of,
        filters=kept_arguments("trang"),
    )


@blueprint.get("/nhat-ky/xuat-xlsx")
@access(Permission.view_audit)
def audit_export() -> Response:
    """The same list as a workbook."""
    query = trail(session, current_actor(), _wanted(), today()).limit(MOST_ROWS)
    rows: list[Any] = list(session.execute(query).all())
    units = unit_views(session, {row[0].unit_id for row in rows if row[0].unit_id is not None}, today())
    header = [_("Thời gian"), _("Người thực hiện"), _("Việc"), _("Liên quan đến"), _("Đơn vị"), _("Chi tiết")]
    lines = [
        [
            show_time(event.at),
            doer.full_name if doer else _("Hệ thống"),
            action_words(event.action),
            holder.full_name if holder else event.subject_type,
            units[event.unit_id].name if event.unit_id in units else None,
            "; ".join(f"{name}: {value}" for name, value in details_of(event)),
        ]
        for event, doer, holder in rows
    ]
    sheet = SheetOut(_("Nhật ký"), header, lines, widths=(18, 28, 36, 28, 40, 60))
    return workbook_response(write_workbook([sheet]), "nhat-ky", today())
