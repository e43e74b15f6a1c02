"""Bringing a database to the newest schema, and telling where it stands."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, event

from lms.db import make_engine
from lms.settings import resource

LOCK_TIMEOUT = "10s"
"""How long a migration waits for a lock on PostgreSQL before it gives up, so that it never blocks a busy site."""

_ONE_AT_A_TIME = 0x6C6D73
"""The advisory lock's key: two installations of the same database wait for each other."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The newest revision that this version of the product knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current(engine: Engine) -> str | None:
    """The revision a database stands at; None when it was never initialised."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest revision."""
    return current(engine) == head()


def knows(revision: str) -> bool:
    """Whether this version of the product has the revision."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(url: str, target: str = "head") -> tuple[str | None, str | None]:
    """Create or migrate the database at `url`; returns the revisions before and after.

    One transaction: it is done whole or not at all. A second call changes nothing.
    """
    engine = make_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        # Tables that are rebuilt must not lose the rows pointing at them; checked as a whole below.
        event.listen(engine, "connect", lambda dbapi, _record: dbapi.execute("PRAGMA foreign_keys=OFF"))
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
            before = MigrationContext.configure(connection).get_current_revision()
            command.upgrade(_config(connection), target)
            if engine.dialect.name == "sqlite":
                dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if dangling:
                    raise RuntimeError(f"the migration leaves rows that point nowhere: {dangling[:3]}")
            after = MigrationContext.configure(connection).get_current_revision()
        return before, after
    finally:
        engine.dispose()
