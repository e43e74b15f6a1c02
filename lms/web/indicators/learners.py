"""The people behind the E-learning counts of D2: who learned online or blended in the year, and who did not."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access.directory import posts_of
from lms.access.rules import Permission
from lms.errors import Refused
from lms.indicators.elearning import learners_page
from lms.indicators.queries import ask
from lms.sheets import SheetOut, write_workbook
from lms.units.models import Unit
from lms.web.access import access
from lms.web.database import session
from lms.web.dated import asked_day, read_day
from lms.web.downloads import workbook_response
from lms.web.identity import today
from lms.web.indicators.blueprint import blueprint, frame, kept_filters, not_in_force, programme_or_404
from lms.web.paging import asked_number, page_of

SIZE = 50


@blueprint.get("/chi-tieu/<programme_code>/truc-tuyen/<path:code>")
@access(Permission.view_indicators, unit="code")
def learners(programme_code: str, unit: Unit) -> str | Response | tuple[str, int]:
    """Who learned online in the year (`nhom=chua`: who did not), a page at a time; `xlsx=1`: all as a workbook."""
    chosen = programme_or_404(programme_code)
    if not chosen.elearning:
        abort(404)
    day = asked_day(chosen.opens_on(today()))
    try:
        question = ask(session, chosen, unit, day.on, read_day(request.args.get("biet_den", "")))
    except Refused as refusal:
        return not_in_force(chosen, unit, day, refusal)
    learned, words = request.args.get("nhom") != "chua", request.args.get("tim", "")
    if request.args.get("xlsx"):
        lines = learners_page(session, question, learned=learned, words=words, limit=None)[1]
        return workbook_response(_workbook(lines), f"truc-tuyen-{unit.code}", day.on)
    number = max(1, asked_number("trang") or 1)
    total, lines = learners_page(
        session, question, learned=learned, words=words, limit=SIZE, offset=(number - 1) * SIZE
    )
    return render_template(
        "indicators/learners.html",
        **frame(chosen, unit, day, question),
        learned=learned,
        words=words,
        lines=lines,
        posts=posts_of(session, [line.person_id for line in lines], day.on, current=True),
        page=page_of(total, size=SIZE),
        filters=kept_filters(("tim",)),
    )


def _workbook(lines: Any) -> bytes:
    header = [_("Mã cán bộ"), _("Họ và tên"), _("Số lượt học trực tuyến"), _("Lần gần nhất")]
    rows = [[line.code, line.name, line.turns, line.last_on] for line in lines]
    return write_workbook([SheetOut(_("Học trực tuyến"), header, rows, widths=(14, 28, 22, 16))])
