"""How units issue: who has a profile, and the profile of one unit."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from lms.access.rules import Permission
from lms.certificates.issuers import issuing_units, profile_of
from lms.certificates.operations import ProfileFields, set_issuer_profile
from lms.errors import Refused
from lms.text import clean
from lms.units.models import Unit
from lms.units.queries import unit_view
from lms.web.access import access
from lms.web.certificates.blueprint import blueprint
from lms.web.certificates.forms import ProfileForm
from lms.web.database import session
from lms.web.identity import current_actor, me, now, today
from lms.web.refusals import say

FIELDS = tuple(ProfileFields.__dataclass_fields__)


@blueprint.get("/so-goc/noi-cap")
@access(Permission.revoke_certificates)
def issuers() -> str:
    """The units in one's charge that issue, and the ones one was put in charge of."""
    return render_template("certificates/issuers.html", issuers=issuing_units(session, current_actor(), today()))


@blueprint.route("/so-goc/noi-cap/<code>", methods=["GET", "POST"])
@access(Permission.revoke_certificates, unit="code")
def profile(unit: Unit) -> Any:
    """State how a unit issues from a day on."""
    current = profile_of(session, unit.id, today())
    seen = unit_view(session, unit.id, today())
    name = seen.name if seen else unit.code
    known = {key: getattr(current, key) for key in FIELDS} if current else {"name_line": name}
    form = ProfileForm(data={**known, "valid_from": today()})
    if not me().can(Permission.manage_installation):
        del form.may_issue_certificate
    if form.validate_on_submit():
        said: dict[str, Any] = {"may_issue_certificate": current.may_issue_certificate if current else False}
        for key, value in form.data.items():
            if key in FIELDS:
                said[key] = clean(value) if isinstance(value, str) else value
        try:
            set_issuer_profile(
                session, current_actor(), unit.id, ProfileFields(**said), valid_from=form.valid_from.data, at=now()
            )
        except Refused as refused:
            if refused.field is None:
                raise
            form[refused.field].errors = [say(refused)]
        else:
            flash(_("Đã ghi nơi cấp %(name)s. Giấy đã cấp trước đó giữ nguyên.", name=name), "ok")
            return redirect(url_for("certificates.issuers"))
    page = render_template("certificates/profile.html", form=form, unit=unit, name=name, current=current)
    return page, 422 if form.errors else 200
