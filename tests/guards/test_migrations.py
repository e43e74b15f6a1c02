"""The migrations make exactly the tables that the models describe, on both databases, and may be run again."""

from __future__ import annotations

import re
import warnings
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

import lms.models
from lms import migrate
from lms.db import make_engine
from lms.units.models import Post
from tests.factories.ledger import make_record
from tests.factories.people import make_account
from tests.factories.units import make_post, make_term, make_unit


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in sorted(value.items()) if key != "comment"}
    if isinstance(value, (list, tuple)):
        return [_canonical(item) for item in value]
    return re.sub(r"\s+", " ", str(value))


def _by_name(rows: list[dict[str, Any]]) -> list[Any]:
    return sorted((_canonical(row) for row in rows), key=lambda row: str(row["name"]))


def _describe(engine: Engine) -> dict[str, Any]:
    """Everything a database knows about its tables, but for the one that keeps the revision."""
    seen = inspect(engine)
    described: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # expression indexes, which SQLite does not tell; read below
        for table in sorted(set(seen.get_table_names()) - {"alembic_version"}):
            described[table] = {
                "columns": _by_name(seen.get_columns(table)),
                "key": _canonical(seen.get_pk_constraint(table)),
                "foreign keys": _by_name(seen.get_foreign_keys(table)),
                "unique": _by_name(seen.get_unique_constraints(table)),
                "checks": _by_name(seen.get_check_constraints(table)),
                "indexes": _by_name(seen.get_indexes(table)),
            }
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
            )
            described["index statements"] = sorted(_canonical(list(row)) for row in rows)
    return described


def test_migrations_make_what_the_models_describe(empty_database: str) -> None:
    engine = make_engine(empty_database)
    lms.models.metadata.create_all(engine)
    wanted = _describe(engine)
    lms.models.metadata.drop_all(engine)
    migrate.upgrade(empty_database)
    made = _describe(engine)
    assert made.keys() == wanted.keys()
    for table, shape in wanted.items():
        assert made[table] == shape, table
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*expression-based index")  # SQLite does not tell them
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, lms.models.metadata) == []
    engine.dispose()


def test_upgrading_keeps_the_data(empty_database: str) -> None:
    assert migrate.upgrade(empty_database) == (None, migrate.head())
    engine = make_engine(empty_database)
    with Session(engine) as session:
        unit = make_unit(session, members=120)
        make_term(session, unit)
        post = make_post(session, unit)
        make_account(session, post.person)
        make_record(session, post.person)
        session.commit()
    assert migrate.upgrade(empty_database) == (migrate.head(), migrate.head())
    assert migrate.is_current(engine)
    with Session(engine) as session:
        assert session.scalars(select(Post.title)).one().value == "chair"
    engine.dispose()


def test_a_failed_migration_leaves_nothing_behind(empty_database: str) -> None:
    engine = make_engine(empty_database)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE training_record_void (id integer)")
    with pytest.raises(Exception, match="training_record_void"):
        migrate.upgrade(empty_database)
    assert set(inspect(engine).get_table_names()) == {"training_record_void"}
    assert migrate.current(engine) is None
    engine.dispose()


def test_everything_can_be_taken_down_again(empty_database: str) -> None:
    from alembic import command

    migrate.upgrade(empty_database)
    engine = make_engine(empty_database)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        command.downgrade(migrate._config(connection), "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
