"""First passwords for a unit: who has none yet, links as .xlsx or as slips to print; closing accounts."""

from __future__ import annotations

from typing import Any

import segno
from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from lms.access.credentials import MOST_LINKS, IssuedLink, close_account, issue_link, issue_links
from lms.access.directory import AccountState, PeopleFilter, count_states, find_units, people_in_scope, posts_of
from lms.access.queries import may_see_person, top_units
from lms.access.rules import Permission
from lms.people.models import Person
from lms.people.queries import person_by_code
from lms.sheets import SheetOut, write_workbook
from lms.units.queries import UnitView, unit_view
from lms.web.access import access
from lms.web.accounts.blueprint import blueprint
from lms.web.database import session
from lms.web.downloads import workbook_response
from lms.web.filters import show_label, show_time
from lms.web.identity import current_actor, now, today
from lms.web.paging import paginate

STATES = (AccountState.no_password, AccountState.link_given, AccountState.active, AccountState.closed)


def _unit(typed: str) -> tuple[UnitView | None, list[UnitView]]:
    """The unit meant, or the several that may be; without a word the one the actor is in charge of."""
    if not typed:
        tops = top_units(session, current_actor(), Permission.manage_people, today())
        return (unit_view(session, tops[0], today()) if tops else None), []
    found = find_units(session, current_actor(), Permission.manage_people, typed, today())
    return (found[0], []) if len(found) == 1 else (None, found)


@blueprint.get("/cap-tai-khoan")
@access(Permission.manage_people)
def links() -> str:
    """Who in a unit (and below) can sign in already, who has a link, who has nothing yet."""
    typed = request.args.get("don_vi", "").strip()
    unit, candidates = _unit(typed)
    below = request.args.get("pham_vi") != "rieng"
    state = _state(request.args.get("tinh_trang"))
    page_data: dict[str, Any] = {"people": [], "posts": {}, "page": None, "counts": dict.fromkeys(AccountState, 0)}
    if unit is not None:
        scope = (session, current_actor(), Permission.manage_people)
        wanted = PeopleFilter(unit_id=unit.id, below=below, state=state)
        rows, page = paginate(session, people_in_scope(*scope, wanted, on=today(), at=now()))
        page_data = {
            "people": [row[0] for row in rows],
            "posts": posts_of(session, [row[0].id for row in rows], today()),
            "page": page,
            "counts": count_states(*scope, PeopleFilter(unit_id=unit.id, below=below), on=today(), at=now()),
        }
    return render_template(
        "accounts/links.html",
        unit=unit,
        typed=typed,
        candidates=candidates,
        below=below,
        state=state,
        states=STATES,
        most=MOST_LINKS,
        **page_data,
    )


def _state(code: str | None) -> AccountState:
    return AccountState(code) if code in {state.value for state in STATES} else AccountState.no_password


@blueprint.post("/cap-tai-khoan")
@access(Permission.manage_people)
def issue() -> Response:
    """Give out links for a unit; the answer is the workbook or the slips, and the only place the links are in."""
    unit, _candidates = _unit(request.form.get("don_vi", ""))
    if unit is None:
        abort(404)
    issued = issue_links(
        session,
        current_actor(),
        unit.id,
        below=request.form.get("pham_vi") != "rieng",
        again=_state(request.form.get("tinh_trang")) is AccountState.link_given,
        person_ids=[int(value) for value in request.form.getlist("ai") if value.isdecimal() and len(value) < 19],
        at=now(),
    )
    return _workbook(issued) if request.form.get("dang") == "xlsx" else _slips(issued, unit)


@blueprint.post("/cap-tai-khoan/<path:code>")
@access(Permission.manage_people)
def issue_one(code: str) -> Response:
    """A link for one person, as a slip to print; also when the password is forgotten."""
    person = _person(code)
    return _slips([issue_link(session, current_actor(), person, at=now())], None)


@blueprint.post("/khoa-tai-khoan/<path:code>")
@access(Permission.manage_people)
def close(code: str) -> Response:
    """Close somebody's account, or open it again."""
    person, closed = _person(code), request.form.get("khoa") == "1"
    close_account(session, current_actor(), person, closed, at=now())
    flash(_("Đã khoá tài khoản.") if closed else _("Đã mở lại tài khoản."), "ok")
    return redirect(url_for("people.person", code=person.code))


def _person(code: str) -> Person:
    person = person_by_code(session, code)
    if person is None or not may_see_person(session, current_actor(), Permission.manage_people, person.id, today()):
        abort(404)
    return person


def _address(token: str) -> str:
    return _site() + url_for("accounts.set_password", token=token)


def _site() -> str:
    return str(current_app.config["SETTINGS"].base_url)


def _workbook(issued: list[IssuedLink]) -> Response:
    header = [
        _("Mã cán bộ"),
        _("Họ và tên"),
        _("Chức danh"),
        _("Đơn vị"),
        _("Điện thoại"),
        _("Liên kết đặt mật khẩu"),
        _("Dùng được đến"),
    ]
    rows = [
        [
            link.person.code,
            link.person.full_name,
            show_label(link.post.title) if link.post else None,
            link.post.unit.name if link.post else None,
            link.person.phone,
            _address(link.token),
            show_time(link.expires_at),
        ]
        for link in issued
    ]
    content = write_workbook([SheetOut(_("Liên kết"), header, rows, widths=(14, 28, 24, 44, 14, 60, 18))])
    return workbook_response(content, "lien-ket-dat-mat-khau", today())


def _slips(issued: list[IssuedLink], unit: UnitView | None) -> Response:
    address = _site().partition("://")[2] + url_for("accounts.enter_code")
    codes = {link.token: _qr(_address(link.token)) for link in issued}
    page = render_template("accounts/slips.html", issued=issued, unit=unit, codes=codes, address=address, per_sheet=8)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _qr(content: str) -> Markup:
    """A QR code as SVG on white, so that it can be read from a dark screen too."""
    svg = segno.make_qr(content, error="m").svg_inline(scale=3, border=2, light="#fff", svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704 - made by segno from our own address
