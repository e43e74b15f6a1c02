"""People within one's scope: the list with search and export, and one person's page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lms.access.credentials import may_manage_account
from lms.access.directory import AccountState, HeldPost, PeopleFilter, find_units, people_in_scope, posts_of, state_of
from lms.access.queries import grants_of, may_see_person
from lms.access.rules import Permission
from lms.certificates.queries import certificates_of_person
from lms.learning.queries import own_records
from lms.people.models import Account, Person
from lms.people.queries import account_of, open_links, person_by_code
from lms.sheets import SheetOut, write_workbook
from lms.units.queries import UnitView, unit_views
from lms.web.access import access
from lms.web.database import session
from lms.web.downloads import workbook_response
from lms.web.filters import show_label
from lms.web.identity import current_actor, me, now, today
from lms.web.paging import kept_arguments, paginate

blueprint = Blueprint("people", __name__)

MOST_ROWS = 50_000
"""People in one workbook."""


def _wanted() -> tuple[PeopleFilter, UnitView | None, list[UnitView]]:
    """What the address asks for: the filter, the unit it names, or the units it may mean."""
    typed, code = request.args.get("don_vi", "").strip(), request.args.get("tai_khoan", "")
    found = find_units(session, current_actor(), Permission.view_people, typed, today()) if typed else []
    unit = found[0] if len(found) == 1 else None
    wanted = PeopleFilter(
        words=request.args.get("q", ""),
        unit_id=unit.id if unit else None,
        below=request.args.get("pham_vi") != "rieng",
        former=request.args.get("giu_chuc") == "ca",
        state=AccountState(code) if code in {state.value for state in AccountState} else None,
    )
    return wanted, unit, [] if unit else found


@blueprint.get("/can-bo")
@access(Permission.view_people)
def index() -> str:
    """The people of one's units, by name."""
    wanted, unit, candidates = _wanted()
    query = people_in_scope(session, current_actor(), Permission.view_people, wanted, on=today(), at=now())
    rows, page = paginate(session, query)
    return render_template(
        "people/index.html",
        rows=[(person, _state(account, linked)) for person, account, linked in rows],
        posts=posts_of(session, [row[0].id for row in rows], today(), current=not wanted.former),
        page=page,
        wanted=wanted,
        unit=unit,
        candidates=candidates,
        typed=request.args.get("don_vi", "").strip(),
        states=list(AccountState),
        filters=kept_arguments("trang"),
    )


def _state(account: Account | None, linked: bool) -> AccountState:
    return state_of(account, {account.id} if account is not None and linked else ())


@blueprint.get("/can-bo/xuat-xlsx")
@access(Permission.view_people)
def export() -> Response:
    """The same list as a workbook, one row per post."""
    wanted, _unit, _candidates = _wanted()
    query = people_in_scope(session, current_actor(), Permission.view_people, wanted, on=today(), at=now())
    rows: list[Any] = list(session.execute(query.limit(MOST_ROWS)).all())
    posts = posts_of(session, [row[0].id for row in rows], today(), current=not wanted.former)
    header = [
        _("Mã cán bộ"),
        _("Họ và tên"),
        _("Giới tính"),
        _("Ngày sinh"),
        _("Mã đơn vị"),
        _("Đơn vị"),
        _("Chức danh"),
        _("Chế độ"),
        _("Từ ngày"),
        _("Đến ngày"),
        _("Tài khoản"),
    ]
    nobody: list[HeldPost | None] = [None]
    lines = [
        _line(person, post, _state(account, linked))
        for person, account, linked in rows
        for post in (posts.get(person.id) or nobody)
    ]
    sheet = SheetOut(
        ngettext("Cán bộ", "Cán bộ", 2), header, lines, widths=(14, 28, 10, 12, 14, 44, 26, 20, 12, 12, 18)
    )
    return workbook_response(write_workbook([sheet]), "can-bo", today())


def _line(person: Person, post: HeldPost | None, state: AccountState) -> list[Any]:
    born = person.born_on or (str(person.born_year) if person.born_year else None)
    gender = show_label(person.gender) if person.gender else None
    head = [person.code, person.full_name, gender, born]
    if post is None:
        return [*head, None, None, None, None, None, None, show_label(state)]
    manner = {True: _("Chuyên trách"), False: _("Không chuyên trách"), None: None}[post.full_time]
    place = [post.unit.code, post.unit.name, show_label(post.title), manner]
    return [*head, *place, post.starts_on, post.ends_on, show_label(state)]


@blueprint.get("/can-bo/<path:code>")
@access(Permission.view_people)
def person(code: str) -> str:
    """One person: posts, training ledger, certificates, account."""
    found, actor = person_by_code(session, code), current_actor()
    if found is None or not may_see_person(session, actor, Permission.view_people, found.id, today()):
        abort(404)
    account = account_of(session, found.id)
    links = open_links(session, [account.id], at=now()) if account is not None else []
    grants = grants_of(session, account.id, today()) if account is not None else []
    unit_ids = {grant.unit_id for grant in grants if grant.unit_id is not None}
    posts = posts_of(session, [found.id], today(), current=False).get(found.id, [])
    return render_template(
        "people/person.html",
        person=found,
        posts=posts,
        held=posts_of(session, [found.id], today()).get(found.id, []),
        today=today(),
        records=own_records(session, found.id),
        certificates=certificates_of_person(session, found.id),
        account=account,
        state=state_of(account, {link.account_id for link in links}),
        link=links[-1] if links else None,
        grants=grants,
        units=unit_views(session, unit_ids, today()) if unit_ids else {},
        manages=may_manage_account(session, actor, found, today()),
        gives_roles=me().can(Permission.manage_access),
        sees_contacts=may_see_person(session, actor, Permission.manage_people, found.id, today()),
    )
