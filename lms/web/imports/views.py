"""Roster workbooks: upload, dry run, load; template and export."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access.queries import may, top_units
from lms.access.rules import Permission
from lms.errors import Refused
from lms.imports.corrected import corrected_workbook
from lms.imports.export import export_roster, template
from lms.imports.messages import FILE, words_for
from lms.imports.models import ImportState, RosterImport
from lms.imports.planned import RowState
from lms.imports.report import Report
from lms.imports.uploads import drop, job_of, receive, start_load, upload_in_scope, uploads_in_scope
from lms.jobs.models import JobState
from lms.text import slugify
from lms.units.models import Unit
from lms.units.queries import unit_views
from lms.web.access import access
from lms.web.database import session
from lms.web.downloads import workbook_response
from lms.web.files import storage
from lms.web.identity import current_actor, now, today
from lms.web.imports.forms import UploadForm
from lms.web.imports.presenting import ORDER, chosen_sheet, file_findings, sheet_names, sheet_view, words
from lms.web.paging import asked_number, page_of, paginate
from lms.web.refusals import say

blueprint = Blueprint("imports", __name__, url_prefix="/nhap-danh-sach")

WAITING = (ImportState.uploaded, ImportState.loading)


def _form() -> UploadForm:
    form = UploadForm()
    tops = top_units(session, current_actor(), Permission.import_roster, today())
    views = unit_views(session, tops, today())
    everywhere = may(session, current_actor(), Permission.import_roster, None, today())
    form.unit.choices = [("", _("Toàn hệ thống"))] if everywhere else []
    form.unit.choices += [(str(unit_id), views[unit_id].name) for unit_id in tops]
    return form


def _upload(upload_id: int) -> RosterImport:
    found = upload_in_scope(session, current_actor(), upload_id, at=now())
    if found is None:
        abort(404)
    return found


@blueprint.get("")
@access(Permission.import_roster)
def index() -> str:
    """Send a workbook; those sent before."""
    return _index(_form())


def _index(form: UploadForm) -> str:
    rows, page = paginate(session, uploads_in_scope(session, current_actor(), at=now()), size=20)
    units = unit_views(session, {row[0].unit_id for row in rows if row[0].unit_id is not None}, today())
    return render_template("imports/index.html", form=form, rows=rows, page=page, units=units)


@blueprint.post("")
@access(Permission.import_roster)
def upload() -> Response | tuple[str, int]:
    """Take a workbook in and have it checked."""
    form = _form()
    if not form.validate_on_submit():
        return _index(form), 422
    sent = form.file.data
    try:
        received = receive(
            session,
            current_actor(),
            storage(),
            unit_id=int(form.unit.data) if form.unit.data else None,
            file_name=sent.filename or "danh-sach.xlsx",
            content=sent.read(),
            at=now(),
        )
    except Refused as refused:
        known = refused.code in FILE
        form.file.errors = [words_for(refused.code, refused.params, _) if known else say(refused)]
        return _index(form), 422
    return redirect(url_for("imports.show", upload_id=received.id))


@blueprint.get("/<int:upload_id>")
@access(Permission.import_roster)
def show(upload_id: int) -> str:
    """Where a workbook stands: being checked or loaded, the dry run, the result."""
    found = _upload(upload_id)
    job = job_of(session, found)
    if found.state in WAITING:
        broken = job is not None and job.state is JobState.failed
        return render_template("imports/working.html", upload=found, job=job, broken=broken)
    if found.state is ImportState.failed or found.report is None:
        fault = found.report or {"error": "workbook_damaged", "params": {}}
        return render_template("imports/failed.html", upload=found, words=words_for(fault["error"], fault["params"], _))
    return _dry_run(found, Report.restored(found.report))


def _dry_run(found: RosterImport, report: Report) -> str:
    asked = request.args.get("loc")
    state = RowState(asked) if asked in {each.value for each in RowState} else None
    name = chosen_sheet(report, request.args.get("trang_tinh"))
    view = sheet_view(report, name, state) if name else None
    page = page_of(len(view.rows) if view else 0, size=25)
    return render_template(
        "imports/dry_run.html",
        upload=found,
        report=report,
        sheets=sheet_names(report),
        view=view,
        rows=view.rows[page.offset : page.offset + page.size] if view else [],
        state=state,
        states=ORDER,
        page=page,
        whole=file_findings(report),
        words=words,
    )


@blueprint.post("/<int:upload_id>/nhap")
@access(Permission.import_roster)
def load(upload_id: int) -> Response:
    """Load a checked workbook: all of it, or its good rows."""
    return _act(
        upload_id,
        lambda found: start_load(
            session, current_actor(), found, good_rows=request.form.get("good_rows") == "1", at=now()
        ),
    )


@blueprint.post("/<int:upload_id>/bo")
@access(Permission.import_roster)
def put_aside(upload_id: int) -> Response:
    """Drop a workbook."""
    _act(upload_id, lambda found: drop(session, found))
    return redirect(url_for("imports.index"))


def _act(upload_id: int, act: Callable[[RosterImport], None]) -> Response:
    try:
        act(_upload(upload_id))
    except Refused as refused:
        flash(say(refused), "bad")
    return redirect(url_for("imports.show", upload_id=upload_id))


@blueprint.get("/<int:upload_id>/tep-can-sua")
@access(Permission.import_roster)
def corrected(upload_id: int) -> Response:
    """The workbook with what the check says beside every row."""
    found = _upload(upload_id)
    if found.report is None or "sheets" not in found.report:
        abort(404)
    content = corrected_workbook(storage().get(found.storage_key), Report.restored(found.report), _)
    return workbook_response(content, "danh-sach-can-sua", today())


@blueprint.get("/mau")
@access(Permission.import_roster)
def empty() -> Response:
    """The template."""
    return workbook_response(template(), "mau-danh-sach", today())


@blueprint.get("/xuat")
@access(Permission.import_roster)
def export() -> Response:
    """The roster of one's scope, or of a unit within it, as a workbook that loads back."""
    unit_id = asked_number("don_vi")
    if unit_id is None and not may(session, current_actor(), Permission.import_roster, None, today()):
        unit_id = next(iter(top_units(session, current_actor(), Permission.import_roster, today())), 0)
    if not may(session, current_actor(), Permission.import_roster, unit_id, today()):
        abort(404)
    code = session.get_one(Unit, unit_id).code if unit_id else "toan-bo"
    return workbook_response(export_roster(session, today(), unit_id), f"danh-sach-{slugify(code)}", today())
