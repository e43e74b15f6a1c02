"""Alembic's environment: runs on the connection that `lms.migrate` hands over, or on the installation's database."""

from typing import Any

import sqlalchemy as sa
from alembic import context

from lms.db import UTCDateTime, make_engine
from lms.models import metadata
from lms.settings import load_settings


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations do not depend on the package's own types, which may change later."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(_context: Any, _inspected: Any, _column: Any, _inspected_type: Any, metadata_type: Any) -> bool | None:
    """UTCDateTime is a DateTime for the database; for every other type Alembic decides."""
    return False if isinstance(metadata_type, UTCDateTime) else None


def run(connection: sa.Connection) -> None:
    """Apply the migrations in one transaction, which SQLite can do as well: the engine begins it explicitly."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render_item,
        compare_type=compare_type,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with make_engine(load_settings().database_url).connect() as own:
        run(own)
