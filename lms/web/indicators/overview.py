"""A programme's page for a unit as of a day: every indicator, the child units, the E-learning counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access.directory import find_units
from lms.access.queries import permitted_among, top_units
from lms.access.rules import Permission
from lms.errors import Refused
from lms.indicators.elearning import elearning, reach_split
from lms.indicators.population import Question
from lms.indicators.queries import Value, ask, roster_size, values, values_by_child
from lms.indicators.rules import Indicator, Programme, State
from lms.indicators.schema import programmes
from lms.sheets import SheetOut, write_workbook
from lms.units.models import Unit
from lms.units.queries import UnitView, below, children, grassroots_by_branch, unit_view, unit_views
from lms.web.access import access
from lms.web.database import session
from lms.web.dated import asked_day, read_day
from lms.web.downloads import workbook_response
from lms.web.filters import show_label
from lms.web.identity import current_actor, current_locale, today
from lms.web.indicators.blueprint import blueprint, frame, kept_arguments, not_in_force, programme_or_404
from lms.web.paging import Page, page_of

USUAL = "D2"
"""The programme that opens when none was chosen."""


@dataclass(frozen=True)
class ChildRow:
    """A child unit with its value of one indicator; `value` None: nothing is known of it on that day."""

    unit: UnitView
    value: Value | None
    grassroots: int
    permitted: bool


@blueprint.get("/chi-tieu")
@access(Permission.view_indicators)
def home() -> str | Response:
    """Leads to a programme's page: of the unit that was typed, or of the unit that one is in charge of."""
    programme = programmes().get(request.args.get("chuong_trinh", USUAL))
    if programme is None:
        abort(404)
    typed = request.args.get("don_vi", "").strip()
    kept = kept_arguments()
    actor = current_actor()
    if typed:
        found = find_units(session, actor, Permission.view_indicators, typed, today())
    else:
        tops = top_units(session, actor, Permission.view_indicators, today())
        found = list(unit_views(session, tops[:1], today()).values())
    if len(found) == 1:
        return redirect(url_for("indicators.programme", programme_code=programme.code, code=found[0].code, **kept))
    return render_template("indicators/choose.html", programme=programme, found=found, typed=typed, kept=kept)


@blueprint.get("/chi-tieu/<programme_code>/don-vi/<path:code>")
@access(Permission.view_indicators, unit="code")
def programme(programme_code: str, unit: Unit) -> str | tuple[str, int]:
    """Every indicator of a programme for a unit on a day, and its child units by one of them."""
    chosen = programme_or_404(programme_code)
    day, known_by = asked_day(chosen.opens_on(today())), read_day(request.args.get("biet_den", ""))
    try:
        question = ask(session, chosen, unit, day.on, known_by)
    except Refused as refusal:
        return not_in_force(chosen, unit, day, refusal)
    indicator = chosen.indicator(request.args.get("chi_tieu", "")) or _first_split(chosen)
    rows, page = _children(indicator, question)
    return render_template(
        "indicators/programme.html",
        **frame(chosen, unit, day, question),
        values=values(session, question),
        below=below(session, unit.id, day.on),
        split=indicator,
        rows=rows,
        page=page,
        online=elearning(session, question) if chosen.elearning else None,
        parts_online=reach_split(session, question) if chosen.elearning else None,
        roster=roster_size(session, question),
    )


def _first_split(chosen: Programme) -> Indicator:
    """The last indicator says most about the units at the bottom (D2-4c); it opens the table of child units."""
    return chosen.indicators[-1]


def _children(indicator: Indicator, question: Question) -> tuple[list[ChildRow], Page]:
    """The child units by share, the best first, those without a figure last; one page of them."""
    units = children(session, question.unit_id, question.on)
    if not units:
        return [], page_of(0)
    found = values_by_child(session, indicator, question)
    sizes = grassroots_by_branch(session, question.unit_id, question.on)
    ids = [unit.id for unit in units]
    permitted = permitted_among(session, current_actor(), Permission.view_indicators, ids, today())
    rows = [ChildRow(unit, found.get(unit.id), sizes.get(unit.id, 0), unit.id in permitted) for unit in units]
    rows.sort(key=_share)
    page = page_of(len(rows), size=30)
    return rows[page.offset : page.offset + page.size], page


def _share(row: ChildRow) -> tuple[int, float]:
    if row.value is None or row.value.state is State.no_data:
        return 2, 0.0
    if row.value.denominator == 0:
        return 1, 0.0
    return 0, -row.value.numerator / row.value.denominator


@blueprint.get("/chi-tieu/<programme_code>/xlsx/<path:code>")
@access(Permission.view_indicators, unit="code")
def export(programme_code: str, unit: Unit) -> Any:
    """Every indicator of the unit and of each child unit, as a workbook."""
    chosen = programme_or_404(programme_code)
    day, known_by = asked_day(chosen.opens_on(today())), read_day(request.args.get("biet_den", ""))
    try:
        question = ask(session, chosen, unit, day.on, known_by)
    except Refused as refusal:
        return not_in_force(chosen, unit, day, refusal)
    own = unit_view(session, unit.id, day.on)
    units = children(session, unit.id, day.on)
    lines: list[list[Any]] = []
    for indicator, total in zip(chosen.indicators, values(session, question), strict=True):
        parts = values_by_child(session, indicator, question) if units else {}
        lines.append(_line(indicator, own, total))
        lines += [_line(indicator, child, parts.get(child.id)) for child in units]
    header = [
        _("Chỉ tiêu"),
        _("Tên chỉ tiêu"),
        _("Mã đơn vị"),
        _("Đơn vị"),
        _("Đã bồi dưỡng"),
        _("Thuộc diện"),
        _("Tỷ lệ (phần trăm)"),
        _("Mục tiêu (phần trăm)"),
        _("Tình trạng"),
    ]
    sheet = SheetOut(chosen.code, header, lines, widths=(10, 60, 14, 40, 14, 12, 12, 14, 22))
    return workbook_response(write_workbook([sheet]), f"chi-tieu-{chosen.code}-{unit.code}", day.on)


def _line(indicator: Indicator, unit: UnitView | None, found: Value | None) -> list[Any]:
    state = found.state if found else State.no_data
    known = found is not None and found.denominator > 0
    return [
        indicator.code,
        indicator.say("name", current_locale()),
        unit.code if unit else None,
        unit.name if unit else None,
        found.numerator if found and known else None,
        found.denominator if found and state is not State.no_data else None,
        found.percent if found else None,
        indicator.target,
        show_label(state),
    ]
