"""Giving and ending roles within one's scope."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from lms.access.directory import find_people, find_units, posts_of
from lms.access.listing import grant_in_scope, grants_in_scope
from lms.access.models import Role
from lms.access.operations import end_grant, grant_role
from lms.access.rules import Permission, may_grant
from lms.errors import Refused
from lms.i18n import N_
from lms.people.accounts import ensure_account
from lms.people.models import Person
from lms.sheets import SheetOut, write_workbook
from lms.units.queries import UnitView, unit_views
from lms.web.access import access
from lms.web.database import session
from lms.web.downloads import workbook_response
from lms.web.filters import show_label
from lms.web.identity import current_actor, me, now, today
from lms.web.paging import paginate
from lms.web.refusals import say
from lms.web.roles import trail
from lms.web.roles.blueprint import blueprint
from lms.web.roles.forms import GrantForm

__all__ = ["blueprint", "trail"]


EXPLAINED = {
    Role.system_admin: N_("Vận hành hệ thống: làm được mọi việc, ở mọi đơn vị."),
    Role.training_admin: N_(
        "Nhập danh sách, giao khoá học, cấp tài khoản, theo dõi chỉ tiêu, quản lý giấy chứng nhận."
    ),
    Role.viewer: N_("Xem cán bộ, đơn vị, chỉ tiêu và sổ cấp chứng nhận; không sửa gì."),
    Role.trainer: N_("Soạn và phát hành khoá học của đơn vị."),
}
"""What each role is for, in words."""


def _roles() -> list[Role]:
    """The roles one may give: never more than one has."""
    return [role for role in Role if may_grant(me().permissions, role)]


@blueprint.get("/phan-quyen")
@access(Permission.manage_access)
def index() -> str:
    """Who holds which role, and the form to give one."""
    typed = {"person": request.args.get("can_bo", ""), "unit": request.args.get("don_vi", "")}
    return _page(_form(GrantForm(formdata=None, data={**typed, "role": request.args.get("vai_tro")})))


def _form(form: GrantForm) -> GrantForm:
    form.role.choices = [SelectChoice(role.value, show_label(role)) for role in _roles()]
    return form


def _page(form: GrantForm, people: list[Person] | None = None, units: list[UnitView] | None = None) -> str:
    ended = request.args.get("da_ket_thuc") == "1"
    rows, page = paginate(session, grants_in_scope(session, current_actor(), today(), ended=ended))
    unit_ids = {row[0].unit_id for row in rows if row[0].unit_id is not None}
    return render_template(
        "roles/index.html",
        form=form,
        rows=rows,
        page=page,
        ended=ended,
        units=unit_views(session, unit_ids, today()) if unit_ids else {},
        today=today(),
        people=people or [],
        posts=posts_of(session, [person.id for person in people or []], today()),
        candidates=units or [],
        explained=[(role, _(EXPLAINED[role])) for role in _roles()],
    )


@blueprint.post("/phan-quyen")
@access(Permission.manage_access)
def give() -> Any:
    """Give a role over a unit and everything below it."""
    form = _form(GrantForm())
    if not form.validate():
        return _page(form), 422
    people = find_people(
        session, current_actor(), Permission.view_people, form.person.data, on=today(), at=now(), limit=8
    )
    role = next((role for role in _roles() if role.value == form.role.data), None)
    typed = form.unit.data.strip()
    units = find_units(session, current_actor(), Permission.manage_access, typed, today()) if typed else []
    if role is None:
        form.role.errors = [_("Hãy chọn vai trò.")]
    if len(people) != 1:
        form.person.errors = [_one_of(len(people), _("Không có cán bộ nào như vậy trong phạm vi của đồng chí."))]
    if typed and len(units) != 1:
        form.unit.errors = [_one_of(len(units), _("Không có đơn vị nào như vậy trong phạm vi của đồng chí."))]
    if role is None or form.errors:
        return _page(form, people if len(people) > 1 else [], units if len(units) > 1 else []), 422
    try:
        account = ensure_account(session, people[0], at=now())
        grant_role(session, current_actor(), account, role, units[0].id if units else None, at=now())
    except Refused as refused:
        form.unit.errors = [say(refused)]
        return _page(form), 422
    flash(_("Đã giao vai trò %(role)s cho đồng chí %(name)s.", role=show_label(role), name=people[0].full_name), "ok")
    return redirect(url_for("roles.index"))


def _one_of(number: int, nobody: str) -> str:
    return _("Có nhiều kết quả phù hợp. Hãy chọn một ở bên dưới.") if number else nobody


@blueprint.post("/phan-quyen/<int:grant_id>/ket-thuc")
@access(Permission.manage_access)
def end(grant_id: int) -> Response:
    """End a role from today on."""
    grant = grant_in_scope(session, current_actor(), grant_id, today())
    if grant is None:
        abort(404)
    end_grant(session, current_actor(), grant, at=now())
    flash(_("Vai trò đã kết thúc từ hôm nay."), "ok")
    return redirect(url_for("roles.index"))


@blueprint.get("/phan-quyen/xuat-xlsx")
@access(Permission.manage_access)
def export() -> Response:
    """All roles of one's scope, ended ones too, as a workbook."""
    rows: list[Any] = list(session.execute(grants_in_scope(session, current_actor(), today(), ended=True)).all())
    units = unit_views(session, {row[0].unit_id for row in rows if row[0].unit_id is not None}, today())
    header = [_("Mã cán bộ"), _("Họ và tên"), _("Vai trò"), _("Mã đơn vị"), _("Đơn vị"), _("Từ ngày"), _("Đến ngày")]
    lines = []
    for grant, _account, person in rows:
        unit = units.get(grant.unit_id)
        place = (unit.code, unit.name) if unit else (None, _("Toàn hệ thống"))
        lines.append([person.code, person.full_name, show_label(grant.role), *place, grant.valid_from, grant.valid_to])
    sheet = SheetOut(_("Phân quyền"), header, lines, widths=(14, 28, 22, 14, 44, 12, 12))
    return workbook_response(write_workbook([sheet]), "phan-quyen", today())
