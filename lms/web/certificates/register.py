"""The register book: list, one entry with what was done about it, export, completions without a certificate."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access.queries import may
from lms.access.rules import Permission
from lms.certificates.models import ActKind, Certificate, CertificateKind
from lms.certificates.operations import revoke_certificate
from lms.certificates.queries import (
    RegisterFilter,
    count_without_certificate,
    records_without_certificate,
    register_entries,
    register_entry,
    register_issuers,
    register_years,
)
from lms.certificates.rules import register_no, state_of
from lms.errors import Refused
from lms.sheets import Cell, SheetOut, write_workbook
from lms.web.access import access
from lms.web.certificates.blueprint import blueprint
from lms.web.certificates.forms import RevokeForm
from lms.web.certificates.presenting import printed_fields, standing
from lms.web.database import session
from lms.web.downloads import workbook_response
from lms.web.filters import show_label
from lms.web.identity import current_actor, me, now, today
from lms.web.paging import asked_number, kept_arguments, paginate
from lms.web.refusals import say


def _chosen() -> RegisterFilter:
    """What the address asks for; what it asks wrongly is left out."""
    kinds = {kind.value: kind for kind in CertificateKind}
    return RegisterFilter(
        year=asked_number("nam"),
        kind=kinds.get(request.args.get("loai", "")),
        issuer_id=asked_number("noi-cap"),
        words=request.args.get("tim", "")[:120],
        revoked=request.args.get("thu-hoi") == "1",
    )


@blueprint.get("/so-goc")
@access(Permission.view_register)
def register() -> str:
    """The register of the issuers in one's charge, the newest entries first."""
    chosen = _chosen()
    rows, page = paginate(session, register_entries(session, current_actor(), chosen, today()))
    entries = [(row[0], standing(row[0], today())) for row in rows]
    return render_template(
        "certificates/register.html",
        entries=entries,
        page=page,
        filters=kept_arguments("trang"),
        chosen=chosen,
        years=[(year, str(year)) for year in register_years(session, current_actor(), today())],
        issuers=register_issuers(session, current_actor(), today()),
        kinds=[(kind.value, show_label(kind)) for kind in CertificateKind],
        missing=count_without_certificate(session, current_actor(), today()),
        register_no=register_no,
        may_issue=me().can(Permission.revoke_certificates),
    )


@blueprint.get("/so-goc.xlsx")
@access(Permission.view_register)
def register_workbook() -> Response:
    """The same list as a workbook, all pages of it."""
    header = [
        _("Số vào sổ gốc"), _("Số hiệu"), _("Loại"), _("Họ và tên"), _("Ngày sinh"), _("Chức vụ"), _("Đơn vị"),
        _("Chương trình"), _("Số giờ"), _("Hoàn thành"), _("Ngày cấp"), _("Nơi cấp"), _("Người ký"),
        _("Tình trạng"), _("Quyết định thu hồi"), _("Thu hồi từ ngày"), _("Lý do"),
    ]  # fmt: skip
    entries = session.scalars(register_entries(session, current_actor(), _chosen(), today()))
    widths = [14, 24, 18, 28, 12, 22, 36, 44, 8, 12, 12, 34, 24, 16, 22, 14, 36]
    sheet = SheetOut(_("Sổ gốc"), header, (_row(entry) for entry in entries), widths)
    return workbook_response(write_workbook([sheet]), "so-goc", today())


def _row(entry: Certificate) -> list[Cell]:
    revoked = next((act for act in entry.acts if act.kind is ActKind.revoked), None)
    return [
        register_no(entry.number, entry.year),
        entry.serial_no,
        show_label(entry.kind),
        entry.holder_name,
        entry.holder_born,
        entry.holder_title,
        entry.holder_unit,
        entry.course_title,
        float(entry.hours) if entry.hours is not None else None,
        entry.achieved_on,
        entry.issued_on,
        entry.issuer["unit_name"],
        entry.issuer["signer_name"] or None,
        show_label(state_of(entry.acts, entry.expires_on, today())),
        revoked.decision_no if revoked else None,
        revoked.effective_on if revoked else None,
        revoked.reason if revoked else None,
    ]


@blueprint.get("/so-goc/chua-cap")
@access(Permission.view_register)
def missing() -> str:
    """Completions that promise a certificate which nobody could issue."""
    rows, page = paginate(session, records_without_certificate(session, current_actor(), today()))
    return render_template("certificates/missing.html", rows=rows, page=page)


def _entry_or_404(serial_no: str) -> Certificate:
    found = register_entry(session, current_actor(), serial_no, today())
    if found is None:
        abort(404)
    return found


def _entry_page(certificate: Certificate, form: RevokeForm) -> str:
    revoked = any(act.kind is ActKind.revoked for act in certificate.acts)
    allowed = may(session, current_actor(), Permission.revoke_certificates, certificate.issuer_id, today())
    return render_template(
        "certificates/entry.html",
        certificate=certificate,
        standing=standing(certificate, today()),
        fields=printed_fields(certificate),
        form=form if allowed and not revoked else None,
    )


@blueprint.get("/so-goc/<serial_no>")
@access(Permission.view_register)
def entry(serial_no: str) -> str:
    """One entry: what was printed, what was done about it since, and, for who may, its revocation."""
    certificate = _entry_or_404(serial_no)
    return _entry_page(certificate, RevokeForm(formdata=None, data={"effective_on": today()}))


@blueprint.post("/so-goc/<serial_no>/thu-hoi")
@access(Permission.revoke_certificates)
def revoke(serial_no: str) -> Any:
    """Revoke by decision."""
    certificate = _entry_or_404(serial_no)
    form = RevokeForm()
    if not form.validate_on_submit():
        return _entry_page(certificate, form), 422
    try:
        revoke_certificate(
            session,
            current_actor(),
            certificate,
            decision_no=form.decision_no.data,
            reason=form.reason.data,
            effective_on=form.effective_on.data,
            at=now(),
        )
    except Refused as refused:
        if refused.field is None:
            raise
        form[refused.field].errors = [say(refused)]
        return _entry_page(certificate, form), 422
    flash(_("Đã ghi việc thu hồi %(serial)s vào sổ gốc.", serial=certificate.serial_no), "ok")
    return redirect(url_for("certificates.entry", serial_no=serial_no))
