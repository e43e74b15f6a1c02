"""The names behind one indicator: who counts, who was trained and on what evidence, who is left out and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access.rules import Permission
from lms.errors import Refused
from lms.indicators.lists import Listed, PersonLine, people_page
from lms.indicators.population import Question
from lms.indicators.queries import ask, value
from lms.indicators.rules import Indicator, Programme
from lms.sheets import SheetOut, write_workbook
from lms.units.models import Unit
from lms.units.queries import children
from lms.web.access import access
from lms.web.database import session
from lms.web.dated import AskedDay, asked_day, read_day
from lms.web.downloads import workbook_response
from lms.web.filters import show_label
from lms.web.identity import today
from lms.web.indicators.blueprint import blueprint, clock_dates, frame, kept_filters, not_in_force, programme_or_404
from lms.web.paging import asked_number, page_of

SIZE = 50
BATCH = 2000
"""People read at once for a workbook."""


def _asked(programme_code: str, indicator_code: str) -> tuple[Programme, Indicator, AskedDay]:
    chosen = programme_or_404(programme_code)
    indicator = chosen.indicator(indicator_code)
    if indicator is None:
        abort(404)
    return chosen, indicator, asked_day(chosen.opens_on(today()))


def _listed() -> Listed:
    asked = request.args.get("nhom", "")
    return Listed(asked) if asked in {listed.value for listed in Listed} else Listed.untrained


def _branch(code: str, units: list[Any], own: Unit) -> int | None:
    """The child unit (or the unit itself) that narrows the list."""
    if code == own.code:
        return own.id
    return next((child.id for child in units if child.code == code), None)


@blueprint.get("/chi-tieu/<programme_code>/<indicator_code>/danh-sach/<path:code>")
@access(Permission.view_indicators, unit="code")
def people(programme_code: str, indicator_code: str, unit: Unit) -> str | tuple[str, int]:
    """One of the lists behind an indicator, a page at a time."""
    chosen, indicator, day = _asked(programme_code, indicator_code)
    try:
        question = ask(session, chosen, unit, day.on, read_day(request.args.get("biet_den", "")))
    except Refused as refusal:
        return not_in_force(chosen, unit, day, refusal)
    units = children(session, unit.id, day.on)
    listed, words, branch = _listed(), request.args.get("tim", ""), request.args.get("thuoc", "")
    number = max(1, asked_number("trang") or 1)
    found = people_page(
        session,
        indicator,
        question,
        listed,
        words=words,
        branch=_branch(branch, units, unit),
        limit=SIZE,
        offset=(number - 1) * SIZE,
    )
    return render_template(
        "indicators/people.html",
        **frame(chosen, unit, day, question),
        indicator=indicator,
        value=value(session, indicator, question),
        listed=listed,
        lists=list(Listed),
        lines=found.lines,
        page=page_of(found.total, size=SIZE),
        units=units,
        branch=branch,
        words=words,
        clock=clock_dates(indicator, chosen, day.on),
        filters=kept_filters(("tim", "thuoc")),
        note_of=note_of,
    )


@blueprint.get("/chi-tieu/<programme_code>/<indicator_code>/xlsx/<path:code>")
@access(Permission.view_indicators, unit="code")
def people_export(programme_code: str, indicator_code: str, unit: Unit) -> Response | tuple[str, int]:
    """The same list as a workbook, everybody in it."""
    chosen, indicator, day = _asked(programme_code, indicator_code)
    try:
        question = ask(session, chosen, unit, day.on, read_day(request.args.get("biet_den", "")))
    except Refused as refusal:
        return not_in_force(chosen, unit, day, refusal)
    listed = _listed()
    branch = _branch(request.args.get("thuoc", ""), children(session, unit.id, day.on), unit)
    lines = [_row(line) for line in _everybody(indicator, question, listed, branch)]
    header = [
        _("Mã cán bộ"),
        _("Họ và tên"),
        _("Chức danh"),
        _("Đơn vị"),
        _("Giữ chức từ"),
        _("Đã bồi dưỡng"),
        _("Ngày hoàn thành"),
        _("Nội dung"),
        _("Số giấy chứng nhận"),
        _("Lần bồi dưỡng gần nhất"),
        _("Ghi chú"),
    ]
    sheet = SheetOut(indicator.code, header, lines, widths=(14, 28, 26, 44, 14, 14, 16, 44, 22, 22, 40))
    name = f"{indicator.code}-{listed.value}-{unit.code}"
    return workbook_response(write_workbook([sheet]), name, day.on)


def _everybody(indicator: Indicator, question: Question, listed: Listed, branch: int | None) -> Iterator[PersonLine]:
    words, offset = request.args.get("tim", ""), 0
    while True:
        page = people_page(session, indicator, question, listed, words=words, branch=branch, limit=BATCH, offset=offset)
        yield from page.lines
        offset += BATCH
        if offset >= page.total:
            return


def note_of(line: PersonLine) -> str | None:
    """What must be known about somebody's place in the list, in words."""
    if line.reason is not None:
        return show_label(line.reason)
    if line.term_unknown:
        return str(_("Chưa biết nhiệm kỳ của đơn vị"))
    return str(_("Quá hạn")) if line.late else None


def _row(line: PersonLine) -> list[Any]:
    post = line.posts[0] if line.posts else None
    first = line.evidence[0] if line.evidence else None
    return [
        line.code,
        line.name,
        "; ".join(dict.fromkeys(show_label(held.title) for held in line.posts)),
        "; ".join(dict.fromkeys(held.unit_name for held in line.posts)),
        post.since if post else None,
        _("Có") if line.trained else _("Chưa"),
        first.achieved_on if first else None,
        "; ".join(one.title or ", ".join(show_label(area) for area in one.areas) for one in line.evidence),
        "; ".join(one.certificate_no for one in line.evidence if one.certificate_no),
        line.latest,
        note_of(line),
    ]
