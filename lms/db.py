"""The database kernel: base class, column types, engines for SQLite and PostgreSQL, dated-row conditions."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    create_engine,
    event,
    or_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps it without zone, PostgreSQL as timestamptz."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone was given; times are aware UTC")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def coded(kind: type[enum.Enum], name: str) -> Enum:
    """A column of stable ASCII codes with a named CHECK; `name` is the constraint's name within its table."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


Json = JSON().with_variant(JSONB(), "postgresql")
Id = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime(),
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class Keyed:
    """A table with a whole-number key."""

    id: Mapped[int] = mapped_column(Id, primary_key=True, sort_order=-10)


def in_force(
    starts: InstrumentedAttribute[date] | ColumnElement[date],
    ends: InstrumentedAttribute[date | None] | ColumnElement[date | None],
    on: date,
) -> ColumnElement[bool]:
    """Condition: the half-open period holds on that day."""
    return (starts <= on) & or_(ends.is_(None), ends > on)


def make_engine(url: str, **options: Any) -> Engine:
    """An engine with the house's manners for the database at `url`."""
    engine = create_engine(url, **options)
    prepare_engine(engine)
    return engine


def prepare_engine(engine: Engine) -> None:
    """Foreign keys, WAL, waiting and explicit transactions on SQLite; nothing to do on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", "busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def begin_write(session: Session) -> None:
    """Say that the transaction about to begin will write.

    On SQLite it takes the writer's lock at once, so that what is read before writing cannot go stale and no two
    writers dead-lock; on PostgreSQL rows are locked where needed instead.
    """
    if not session.in_transaction():
        session.connection(execution_options={"writes": True})
