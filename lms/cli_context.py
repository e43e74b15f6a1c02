"""What commands share: the settings of this run, sessions, the present, storage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lms import migrate
from lms.db import begin_write, make_engine
from lms.settings import Settings, load_settings
from lms.storage import Storage
from lms.temporal import utc_now
from lms.wiring import connect


def settings() -> Settings:
    """The settings from the environment; a value that cannot be read ends the command."""
    try:
        return load_settings()
    except ValueError as error:
        raise click.ClickException(str(error)) from error


@cache
def engine_for(url: str) -> Engine:
    """The engine of a database, one per process; its errors name no values, as those end up in logs and jobs."""
    return make_engine(url, hide_parameters=True)


def require_database(chosen: Settings | None = None) -> None:
    """End the command when the database is not there yet, or not at this version's schema."""
    given = chosen or settings()
    path = given.sqlite_path
    revision = migrate.current(engine_for(given.database_url)) if path is None or path.exists() else None
    if revision is None:
        raise click.ClickException("cơ sở dữ liệu chưa được khởi tạo: hãy chạy `lms init` trước")
    newest = migrate.head()
    if revision != newest:
        raise click.ClickException(f"cơ sở dữ liệu ở phiên bản {revision}, cần {newest}: hãy chạy `lms init` trước")


def session_factory(chosen: Settings | None = None) -> sessionmaker[Session]:
    """Sessions of the installation's database."""
    return sessionmaker(engine_for((chosen or settings()).database_url), expire_on_commit=False)


@contextmanager
def open_session(*, write: bool = True) -> Iterator[Session]:
    """A session that commits at the end (`write`) or only reads; rolled back when the command fails."""
    connect()
    require_database()
    with session_factory()() as session:
        if write:
            begin_write(session)
        yield session
        if write:
            session.commit()
        else:
            session.rollback()


def storage() -> Storage:
    """The installation's media."""
    return Storage(settings().storage_url)


def now() -> datetime:
    """The present."""
    return utc_now()
