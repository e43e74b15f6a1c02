"""Signing in and out, and asking for a link when the password is forgotten."""

from __future__ import annotations

import json
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.errors import Refused
from lms.notifications.operations import ask_reset
from lms.people import sign_in as people_sign_in
from lms.people.accounts import note_sign_out
from lms.web import identity
from lms.web.access import PUBLIC, SIGNED_IN, access
from lms.web.accounts import issuing, links, own
from lms.web.accounts.blueprint import address, blueprint, hasher
from lms.web.accounts.forms import ForgotForm, SignInForm
from lms.web.accounts.redirects import safe_next
from lms.web.database import keep, session
from lms.web.identity import me, now, signed_in
from lms.web.refusals import say

__all__ = ["blueprint", "issuing", "links", "own"]


@blueprint.route("/dang-nhap", methods=["GET", "POST"])
@access(PUBLIC)
def sign_in() -> Any:
    """Sign in; whoever is signed in already goes on."""
    form = SignInForm(data={"next": request.args.get("next", "")} if request.method == "GET" else None)
    if signed_in() is not None and request.method == "GET":
        return redirect(safe_next(request.args.get("next")))
    if not form.validate_on_submit():
        return _sign_in_page(form), 422 if form.errors else 200
    try:
        account, person = people_sign_in.sign_in(
            session, form.identifier.data, form.password.data, address=address(), hasher=hasher(), at=now()
        )
    except Refused as refused:
        keep()
        if refused.code == "throttled":
            return too_often(refused)
        form.password.errors = [say(refused)]
        return _sign_in_page(form), 422
    identity.sign_in(account, person, remember=form.remember.data)
    return redirect(safe_next(form.next.data))


def too_often(refused: Refused) -> tuple[str, int, dict[str, str]]:
    """The page for too many tries: it says when to try again."""
    minutes = int(str(refused.params["minutes"]))
    return render_template("errors/429.html", wait_minutes=minutes), 429, {"Retry-After": str(minutes * 60)}


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, samples=_samples())


def _samples() -> list[dict[str, str]]:
    """The sample accounts of a demo: `demo-logins.json` in the installation's folder, [{role, login, password}]."""
    settings = current_app.config["SETTINGS"]
    path = settings.instance / "demo-logins.json"
    if not settings.demo or not path.is_file():
        return []
    samples: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return samples


@blueprint.post("/dang-xuat")
@access(SIGNED_IN)
def sign_out() -> Response:
    """Sign out on this device; language and look stay as they were."""
    account = me().account
    note_sign_out(session, account, address=address(), at=now())
    identity.sign_out()
    cookie["locale"], cookie["theme"] = account.locale, account.theme
    flash(_("Đồng chí đã đăng xuất."), "ok")
    return redirect(url_for("public.home"))


@blueprint.route("/quen-mat-khau", methods=["GET", "POST"])
@access(PUBLIC)
def forgot() -> Any:
    """Ask for a link to reset the password; the answer is the same whoever was named."""
    form = ForgotForm()
    mail = bool(current_app.config["SETTINGS"].smtp_url)
    if not form.validate_on_submit():
        return render_template("accounts/forgot.html", form=form, mail=mail), 422 if form.errors else 200
    try:
        ask_reset(session, form.identifier.data, address=address(), at=now())
    except Refused as refused:
        keep()
        return too_often(refused)
    return render_template("accounts/forgot_sent.html")
