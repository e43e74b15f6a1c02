"""What anyone may check: by the code of the QR, or by serial number and a second factor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import abort, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.certificates.models import Certificate
from lms.certificates.queries import certificate_by_code, find_by_serial
from lms.errors import Refused
from lms.people.throttle import Limit, check, count, network_key
from lms.web.access import PUBLIC, access
from lms.web.certificates.blueprint import blueprint, pdf_response
from lms.web.certificates.forms import LookupForm
from lms.web.certificates.presenting import printed_fields, standing
from lms.web.database import keep, session
from lms.web.identity import now, today

LOOKUPS: Final = Limit("certificate_lookup", 30, timedelta(minutes=15))
UNKNOWN_CODES: Final = Limit("certificate_code", 60, timedelta(minutes=15))


def _address() -> str:
    return network_key(request.remote_addr)


def _too_often(refused: Refused) -> tuple[str, int, dict[str, str]]:
    minutes = int(str(refused.params["minutes"]))
    return render_template("errors/429.html", wait_minutes=minutes), 429, {"Retry-After": str(minutes * 60)}


def _by_code(verify_code: str) -> Certificate:
    """The certificate of a code; 404 for an unknown one, which is counted against whoever tries them in turn."""
    found = certificate_by_code(session, verify_code) if len(verify_code) <= 40 else None
    if found is None:
        keep()
        check(session, UNKNOWN_CODES, _address(), at=now())
        count(session, UNKNOWN_CODES, _address(), at=now())
        abort(404)
    return found


def _page(form: LookupForm, found: Certificate | None, *, minimal: bool = False) -> str:
    shown: dict[str, Any] = {}
    if found is not None:
        shown = {
            "certificate": found,
            "standing": standing(found, today()),
            "fields": printed_fields(found, minimal=minimal),
            "minimal": minimal,
            "at": now(),
        }
    return render_template("certificates/verify.html", form=form, **shown)


@blueprint.get("/xac-minh/<verify_code>")
@access(PUBLIC)
def verify(verify_code: str) -> Any:
    """Every printed field of the certificate whose QR was read, and what it is worth now."""
    try:
        found = _by_code(verify_code)
    except Refused as refused:
        return _too_often(refused)
    return _unlisted(_page(LookupForm(formdata=None), found))


@blueprint.get("/xac-minh/<verify_code>/giay.pdf")
@access(PUBLIC)
def public_pdf(verify_code: str) -> Any:
    """The document, for whoever has its code."""
    try:
        return pdf_response(_by_code(verify_code))
    except Refused as refused:
        return _too_often(refused)


@blueprint.route("/xac-minh", methods=["GET", "POST"])
@access(PUBLIC)
def lookup() -> Any:
    """Look a certificate up by its serial number and the holder's full name or birth date; shows the minimum."""
    form = LookupForm()
    if not form.validate_on_submit():
        return _unlisted(_page(form, None), 422 if form.errors else 200)
    keep()
    try:
        check(session, LOOKUPS, _address(), at=now())
    except Refused as refused:
        return _too_often(refused)
    count(session, LOOKUPS, _address(), at=now())
    found = find_by_serial(session, form.serial_no.data, form.factor.data)
    if found is None:
        form.factor.errors = [
            _("Không có giấy nào khớp cả số hiệu và thông tin này. Hãy kiểm tra lại từng ký tự trên giấy.")
        ]
        return _unlisted(_page(form, None), 422)
    return _unlisted(_page(form, found, minimal=True))


def _unlisted(page: str, code: int = 200) -> Response:
    response = Response(page, status=code, mimetype="text/html")
    response.headers["X-Robots-Tag"] = "noindex"
    return response
