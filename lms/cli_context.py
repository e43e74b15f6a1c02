"""What commands share: the settings of this run, sessions, the present, storage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lms.db import begin_write, make_engine
from lms.settings import Settings, load_settings
from lms.storage import Storage
from lms.temporal import utc_now


@cache
def settings() -> Settings:
    """The settings from the environment."""
    return load_settings()


@cache
def engine_for(url: str) -> Engine:
    """The engine of a database, one per process."""
    return make_engine(url)


def session_factory(chosen: Settings | None = None) -> sessionmaker[Session]:
    """Sessions of the installation's database."""
    return sessionmaker(engine_for((chosen or settings()).database_url), expire_on_commit=False)


@contextmanager
def open_session(*, write: bool = True) -> Iterator[Session]:
    """A session that commits at the end (`write`) or only reads; rolled back when the command fails."""
    from lms.app import wire

    wire()
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
