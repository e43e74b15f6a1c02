"""Units as of a day: the tree, search, one unit with its posts, children and history. Everything here only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lms.access.directory import units_with_codes
from lms.access.queries import permitted_among, permitted_unit_ids, top_units
from lms.access.rules import Permission
from lms.sheets import SheetOut, write_workbook
from lms.temporal import ALWAYS
from lms.units.models import Unit
from lms.units.queries import (
    UnitView,
    ancestors,
    below,
    children,
    children_of,
    counts,
    orphans,
    posts_on,
    search_units,
    terms,
    unit_view,
    unit_views,
    versions,
)
from lms.web.access import access
from lms.web.database import session
from lms.web.dated import AskedDay, asked_day
from lms.web.downloads import workbook_response
from lms.web.filters import show_date, show_label
from lms.web.identity import current_actor, me, today
from lms.web.paging import page_of, paginate

blueprint = Blueprint("units", __name__)

MOST_SHOWN = 100
"""Children shown under one unit of the tree; the unit's own page has them all."""


@dataclass(frozen=True)
class TreeRow:
    """A line of the tree: the unit, how deep it stands, whether it is open, what toggles it."""

    unit: UnitView
    depth: int
    open: bool
    toggle: list[str] | None


def _scope() -> Any:
    return permitted_unit_ids(session, current_actor(), Permission.view_units, today())


@blueprint.get("/don-vi")
@access(Permission.view_units)
def index() -> str:
    """The tree of a day from the units one is in charge of, or the units found by name."""
    day, words = asked_day(today()), request.args.get("q", "").strip()
    if words:
        found = search_units(session, words, day.on, within=_scope(), limit=100)
        return render_template("units/index.html", day=day, words=words, found=found, rows=[], orphans=[])
    tops = list(
        unit_views(session, top_units(session, current_actor(), Permission.view_units, today()), day.on).values()
    )
    tops = [top for top in tops if top.in_force]
    opened = request.args.getlist("mo") if "mo" in request.args or "dong" in request.args else _first(tops)
    known = _open_units(opened)
    below_them = children_of(session, known, day.on) if known else {}
    rows: list[TreeRow] = []
    for top in tops:
        _add(rows, top, 0, opened, below_them)
    return render_template(
        "units/index.html",
        day=day,
        words="",
        found=[],
        rows=rows,
        orphans=orphans(session, day.on, within=_scope()),
        most=MOST_SHOWN,
        below=below_them,
    )


def _first(tops: list[UnitView]) -> list[str]:
    return [top.code for top in tops[:1]]


def _open_units(codes: list[str]) -> list[int]:
    return units_with_codes(session, current_actor(), Permission.view_units, codes[:200], today())


def _add(
    rows: list[TreeRow], unit: UnitView, depth: int, opened: list[str], below_them: dict[int, list[UnitView]]
) -> None:
    inside = below_them.get(unit.id, [])
    is_open = unit.code in opened and depth < 20
    toggle = [code for code in opened if code != unit.code] if is_open else [*opened, unit.code]
    rows.append(TreeRow(unit, depth, is_open, None if is_open and not inside else toggle))
    if is_open:
        for child in inside[:MOST_SHOWN]:
            _add(rows, child, depth + 1, opened, below_them)


@blueprint.get("/don-vi/<path:code>")
@access(Permission.view_units, unit="code")
def unit(unit: Unit) -> str:
    """One unit as of a day: facts, posts, child units, history."""
    day = asked_day(today())
    view = unit_view(session, unit.id, day.on)
    posts, page = paginate(session, posts_on(unit.id, day.on), size=25)
    inside = children(session, unit.id, day.on)
    inner = page_of(len(inside), size=50, parameter="trang_dv")
    above = ancestors(session, unit.id, day.on)
    ids = [one.id for one in (*above, *inside)]
    scope = permitted_among(session, current_actor(), Permission.view_units, ids, today())
    held = terms(session, unit.id)
    return render_template(
        "units/unit.html",
        day=day,
        unit=unit,
        view=view,
        above=[(one, one.id in scope) for one in above],
        below=below(session, unit.id, day.on),
        posts=posts,
        page=page,
        children=inside[inner.offset : inner.offset + inner.size],
        inner=inner,
        scope=scope,
        term=next((t for t in held if t.starts_on <= day.on and (t.ends_on is None or t.ends_on > day.on)), None),
        terms=held,
        counts=counts(session, unit.id)[:12],
        timeline=_timeline(unit, day),
        sees_people=me().can(Permission.view_people),
        sees_indicators=me().can(Permission.view_indicators),
    )


def _timeline(unit: Unit, day: AskedDay) -> list[dict[str, Any]]:
    """What happened to the unit, the newest first: founding, changes of name, level or parent, the end."""
    rows = versions(session, unit.id)
    parents = unit_views(session, {row.parent_id for row in rows if row.parent_id}, day.on)
    items: list[dict[str, Any]] = []
    if unit.ended_on:
        items.append({"on": show_date(unit.ended_on), "title": _("Kết thúc hoạt động"), "hit": True})
    for row in rows:
        parent = parents.get(row.parent_id) if row.parent_id else None
        first = row.valid_from == ALWAYS
        since: date | None = unit.founded_on if first else row.valid_from
        words = [row.name, show_label(row.level)]
        if parent is not None:
            words.append(_("thuộc %(parent)s", parent=parent.name))
        if row.decision_no:
            words.append(_("quyết định %(number)s", number=row.decision_no))
        title = _("Thành lập") if first and unit.founded_on else _("Ghi nhận ban đầu") if first else _("Thay đổi")
        items.append({"on": show_date(since) if since else _("Từ trước"), "title": title, "text": " · ".join(words)})
    return items


@blueprint.get("/don-vi/xlsx/<path:code>")
@access(Permission.view_units, unit="code")
def export(unit: Unit) -> Response:
    """The units directly below as a workbook."""
    day = asked_day(today())
    lines = [
        [
            child.code,
            child.name,
            show_label(child.level),
            show_label(child.sector) if child.sector else None,
            show_label(child.kind) if child.kind else None,
            child.members,
            child.workers,
            child.founded_on,
            child.ended_on,
        ]
        for child in children(session, unit.id, day.on)
    ]
    header = [
        _("Mã đơn vị"),
        _("Tên đơn vị"),
        _("Cấp"),
        _("Khu vực"),
        _("Loại hình"),
        _("Số đoàn viên"),
        _("Số lao động"),
        _("Ngày thành lập"),
        _("Ngày kết thúc"),
    ]
    sheet = SheetOut(ngettext("Đơn vị", "Đơn vị", 2), header, lines, widths=(14, 48, 26, 16, 18, 14, 14, 16, 16))
    return workbook_response(write_workbook([sheet]), f"don-vi-{unit.code}", day.on)
