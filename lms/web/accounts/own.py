"""One's own account: data, password, language, look, sessions, roles."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access.directory import posts_of
from lms.errors import Refused
from lms.i18n import DEFAULT_LOCALE, LOCALES
from lms.people.accounts import THEMES, set_locale, set_theme, sign_out_everywhere
from lms.people.passwords import change_password
from lms.units.queries import unit_views
from lms.web import identity
from lms.web.access import PUBLIC, SIGNED_IN, access
from lms.web.accounts.blueprint import blueprint, hasher
from lms.web.accounts.forms import ChangePasswordForm
from lms.web.accounts.redirects import safe_next
from lms.web.database import keep, session
from lms.web.identity import me, now, signed_in, today
from lms.web.refusals import say


@blueprint.get("/tai-khoan")
@access(SIGNED_IN)
def account() -> str:
    """One's own account."""
    return _page(ChangePasswordForm())


def _page(form: ChangePasswordForm) -> str:
    user = me()
    unit_ids = {grant.unit_id for grant in user.grants if grant.unit_id is not None}
    return render_template(
        "accounts/account.html",
        form=form,
        person=user.person,
        account=user.account,
        posts=posts_of(session, [user.person.id], today()).get(user.person.id, []),
        grants=user.grants,
        units=unit_views(session, unit_ids, today()) if unit_ids else {},
    )


@blueprint.post("/tai-khoan/mat-khau")
@access(SIGNED_IN)
def change() -> Any:
    """Change one's own password; other devices are signed out, this one is not."""
    form, user = ChangePasswordForm(), me()
    if not form.validate():
        return _page(form), 422
    try:
        change_password(
            session,
            user.account,
            user.person,
            current=form.current.data,
            new=form.password.data,
            hasher=hasher(),
            at=now(),
        )
    except Refused as refused:
        if refused.code in {"current_password_wrong", "throttled"}:
            keep()
        field = form.password if refused.field == "password" else form.current
        field.errors = [say(refused)]
        return _page(form), 429 if refused.code == "throttled" else 422
    _stay()
    flash(_("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất."), "ok")
    return redirect(url_for("accounts.account"))


@blueprint.post("/tai-khoan/dang-xuat-moi-noi")
@access(SIGNED_IN)
def sign_out_elsewhere() -> Response:
    """Sign out on every other device."""
    sign_out_everywhere(session, me().account, at=now())
    _stay()
    flash(_("Đã đăng xuất trên mọi thiết bị khác."), "ok")
    return redirect(url_for("accounts.account"))


def _stay() -> None:
    """Begin a new session on this device after all sessions ended."""
    user = me()
    identity.sign_in(user.account, user.person, remember=identity.REMEMBER_COOKIE in request.cookies)


@blueprint.post("/ngon-ngu")
@access(PUBLIC)
def language() -> Response:
    """Choose the language, kept with the account or, for visitors, in the cookie."""
    chosen, user = request.form.get("locale", ""), signed_in()
    if user is not None:
        set_locale(session, user.account, chosen)
    else:
        cookie["locale"] = chosen if chosen in LOCALES else DEFAULT_LOCALE
    return redirect(safe_next(request.form.get("next")))


@blueprint.post("/giao-dien")
@access(PUBLIC)
def theme() -> Response:
    """Choose a light or dark look, kept like the language."""
    chosen, user = request.form.get("theme", ""), signed_in()
    if user is not None:
        set_theme(session, user.account, chosen)
    else:
        cookie["theme"] = chosen if chosen in THEMES else "auto"
    return redirect(safe_next(request.form.get("next")))
