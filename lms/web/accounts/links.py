"""The page of a one-time link: the first password, or a new one."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.errors import Refused
from lms.people.links import normal_token, open_link, use_link
from lms.people.models import LinkPurpose
from lms.web import identity
from lms.web.access import PUBLIC, access
from lms.web.accounts.blueprint import blueprint, hasher
from lms.web.accounts.forms import CodeForm, NewPasswordForm
from lms.web.database import session
from lms.web.identity import now, signed_in
from lms.web.refusals import say

_GONE = {"link_unknown", "link_used", "link_revoked", "link_expired"}


@blueprint.route("/mat-khau", methods=["GET", "POST"])
@access(PUBLIC)
def enter_code() -> Any:
    """Type the code of a slip, where there is no camera to read its QR."""
    form = CodeForm()
    if form.validate_on_submit():
        return redirect(url_for("accounts.set_password", token=normal_token(form.token.data) or "-"))
    return render_template("accounts/enter_code.html", form=form), 422 if form.errors else 200


@blueprint.route("/mat-khau/<token>", methods=["GET", "POST"])
@access(PUBLIC)
def set_password(token: str) -> Response:
    """Choose a password; whoever does is signed in on this device."""
    form = NewPasswordForm()
    try:
        link, account, person = open_link(session, token, at=now())
        if form.validate_on_submit():
            use_link(session, token, form.password.data, hasher=hasher(), at=now())
            identity.sign_in(account, person)
            flash(_("Mật khẩu đã được đặt. Từ nay đồng chí đăng nhập bằng mật khẩu này."), "ok")
            return _private(redirect(url_for("public.home")))
    except Refused as refused:
        if refused.code in _GONE:
            page = render_template("accounts/link_gone.html", reason=say(refused), used=refused.code == "link_used")
            return _private(make_response(page, 410))
        form.password.errors = [say(refused)]
    user = signed_in()
    page = render_template(
        "accounts/set_password.html",
        form=form,
        person=person,
        expires_at=link.expires_at,
        first=link.purpose is LinkPurpose.first_password and account.password_hash is None,
        other=user.person if user is not None and user.account.id != account.id else None,
    )
    return _private(make_response(page, 422 if form.errors else 200))


def _private(response: Response) -> Response:
    """Keep the token out of caches and of what browsers tell other pages."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
