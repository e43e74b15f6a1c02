"""The request's session: reads by default, one write transaction per unsafe request, committed once at its end."""

from __future__ import annotations

from typing import cast

from flask import Flask, Response, g, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from lms.db import begin_write, prepare_engine
from lms.settings import Settings

SAFE = {"GET", "HEAD", "OPTIONS"}
_extension = SQLAlchemy(session_options={"expire_on_commit": False})

session = cast(Session, LocalProxy(lambda: _extension.session))
"""The session of the request at hand."""


def init_database(app: Flask, settings: Settings) -> None:
    """Bind the application to its database."""
    options = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20}
    chosen = {} if settings.is_sqlite else options
    # Errors end up in logs: they name no values.
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": settings.database_url, "hide_parameters": True, **chosen}}
    _extension.init_app(app)
    with app.app_context():
        prepare_engine(_extension.engine)
    app.before_request(_begin)
    app.after_request(_commit)


def keep() -> None:
    """Commit at the end although the request is safe or refused: for the access log and throttle counters only.

    A safe request has only read so far; its reading ends, as SQLite lets nobody write from an old view of the data.
    """
    if request.method in SAFE:
        _extension.session.commit()
    begin_write(_extension.session)
    g.keep = True


def ping() -> None:
    """Ask the database for an answer; its error is the caller's."""
    _extension.session.execute(text("SELECT 1"))


def _begin() -> None:
    if request.method not in SAFE and request.endpoint:
        begin_write(_extension.session)


def _commit(response: Response) -> Response:
    if g.get("keep") or (request.method not in SAFE and response.status_code < 400):
        _extension.session.commit()
    else:
        _extension.session.rollback()
    return response
