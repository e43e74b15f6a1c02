"""Uploaded workbooks: received, checked by a job, then loaded by another, or dropped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, undefer

from lms.access.queries import may, within
from lms.access.rules import Actor, Permission
from lms.errors import NotAllowed, Refused
from lms.imports.models import ImportState, RosterImport
from lms.imports.operations import check_roster, load_roster
from lms.jobs.models import Job
from lms.jobs.operations import enqueue
from lms.people.models import Account, Person
from lms.sheets import read_workbook
from lms.storage import Storage
from lms.temporal import vn_today

CHECK = "imports.check"
LOAD = "imports.load"


def receive(
    session: Session,
    actor: Actor,
    storage: Storage,
    *,
    unit_id: int | None,
    file_name: str,
    content: bytes,
    at: datetime,
) -> RosterImport:
    """Keep a workbook for the unit's subtree (None: the whole installation) and queue its check.

    Refused at once when it is no readable workbook (`workbook_…`, field file) or the unit lies out of scope.
    """
    if not may(session, actor, Permission.import_roster, unit_id, vn_today(at)):
        raise NotAllowed(Permission.import_roster.value)
    read_workbook(content)
    upload = RosterImport(
        unit_id=unit_id,
        uploaded_by_id=actor.account_id,
        uploaded_at=at,
        file_name=file_name[-200:],
        file_size=len(content),
        storage_key=storage.put(content, "xlsx"),
        state=ImportState.uploaded,
    )
    session.add(upload)
    session.flush()
    _queue(session, actor, upload, CHECK, at=at)
    return upload


def start_load(session: Session, actor: Actor, upload: RosterImport, *, good_rows: bool, at: datetime) -> None:
    """Queue the load of a checked workbook. Refused: import_not_checked, import_has_refused_rows."""
    _lock(session, upload)
    if upload.state is not ImportState.checked or upload.report is None:
        raise Refused("import_not_checked")
    if upload.report["refused"] and not good_rows:
        raise Refused("import_has_refused_rows")
    upload.state = ImportState.loading
    _queue(session, actor, upload, LOAD, at=at, good_rows=good_rows)


def drop(session: Session, upload: RosterImport) -> None:
    """Put a workbook aside that shall not be loaded. Refused: import_not_checked (being loaded, or loaded)."""
    _lock(session, upload)
    if upload.state in (ImportState.loading, ImportState.loaded):
        raise Refused("import_not_checked")
    upload.state = ImportState.dropped
    session.flush()


def run_check(
    session: Session, storage: Storage, upload_id: int, *, before_writing: Callable[[], None], at: datetime
) -> None:
    """The check's job: the report goes into the row. Run again, it writes the same.

    `before_writing` is called after everything slow. Refused: not_allowed (the uploader's account was closed).
    """
    upload = session.get_one(RosterImport, upload_id)
    if upload.state is not ImportState.uploaded:
        return
    actor, content = _actor(session, upload.uploaded_by_id), storage.get(upload.storage_key)
    try:
        found = check_roster(session, actor, content, unit_id=upload.unit_id, at=at).stored()
        state = ImportState.checked
    except Refused as refused:
        found, state = {"error": refused.code, "params": refused.params}, ImportState.failed
    before_writing()
    upload = _locked(session, upload_id)
    if upload.state is ImportState.uploaded:
        upload.state, upload.report = state, found
        session.flush()


def run_load(
    session: Session,
    storage: Storage,
    upload_id: int,
    account_id: int | None,
    *,
    good_rows: bool,
    before_writing: Callable[[], None],
    at: datetime,
) -> None:
    """The load's job, all in one transaction. Rows that were good at the check and are refused now stop a load that
    was to be whole: the new report is kept and the workbook waits again.

    `before_writing` is called when the file has been read. Refused: not_allowed.
    """
    upload = session.get_one(RosterImport, upload_id)
    actor, content = _actor(session, account_id), storage.get(upload.storage_key)

    def take() -> None:
        before_writing()
        if _locked(session, upload_id).state is not ImportState.loading:
            raise Refused("import_not_checked")
        if not may(session, actor, Permission.import_roster, upload.unit_id, vn_today(at)):
            raise NotAllowed(Permission.import_roster.value)

    report = load_roster(
        session,
        actor,
        content,
        unit_id=upload.unit_id,
        good_rows=good_rows,
        file_name=upload.file_name,
        before_writing=take,
        at=at,
    )
    upload.report = report.stored()
    upload.state = ImportState.loaded if report.loaded else ImportState.checked
    upload.loaded_at = at if report.loaded else None
    session.flush()


def uploads_in_scope(session: Session, actor: Actor, *, at: datetime) -> Select[RosterImport, str]:
    """The workbooks uploaded for units in the actor's scope, with who uploaded each, the newest first."""
    return (
        select(RosterImport, Person.full_name)
        .outerjoin(Account, Account.id == RosterImport.uploaded_by_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(_within(session, actor, at))
        .order_by(RosterImport.id.desc())
    )


def upload_in_scope(session: Session, actor: Actor, upload_id: int, *, at: datetime) -> RosterImport | None:
    """One of them, with its report; None where there is none such."""
    query = select(RosterImport).where(RosterImport.id == upload_id, _within(session, actor, at))
    return session.scalar(query.options(undefer(RosterImport.report)))


def job_of(session: Session, upload: RosterImport) -> Job | None:
    """The job that is at work on the upload, or was last."""
    return session.get(Job, upload.job_id) if upload.job_id else None


def _within(session: Session, actor: Actor, at: datetime) -> ColumnElement[bool]:
    return within(session, actor, Permission.import_roster, vn_today(at), RosterImport.unit_id)


def _queue(session: Session, actor: Actor, upload: RosterImport, kind: str, *, at: datetime, **payload: bool) -> None:
    job = enqueue(
        session,
        kind,
        {"upload": upload.id, "account": actor.account_id, **payload},
        at=at,
        created_by_id=actor.account_id,
        unique_key=f"{kind}:{upload.id}",
    )
    upload.job_id = job.id
    session.flush()


def _lock(session: Session, upload: RosterImport) -> None:
    session.refresh(upload, with_for_update=True)


def _locked(session: Session, upload_id: int) -> RosterImport:
    query = select(RosterImport).where(RosterImport.id == upload_id).with_for_update()
    return session.scalars(query.options(undefer(RosterImport.report)).execution_options(populate_existing=True)).one()


def _actor(session: Session, account_id: int | None) -> Actor:
    row = session.execute(
        select(Account.id, Person.id, Person.full_name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id == account_id, Account.disabled_at.is_(None))
    ).first()
    if row is None:
        raise NotAllowed(Permission.import_roster.value)
    return Actor(row[0], row[1], row[2])
