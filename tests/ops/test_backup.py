"""Backup and restore: the same installation afterwards, on either kind of database, or nothing at all."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

import lms.models
from lms import migrate
from lms.app import create_app
from lms.backup import table_lines, write_backup
from lms.backup_format import Manifest
from lms.cli_install import prepare
from lms.db import make_engine
from lms.demo import federation
from lms.demo.accounts import PASSWORD
from lms.errors import Refused
from lms.jobs.models import Job
from lms.jobs.operations import enqueue
from lms.people.models import Person
from lms.restore import restore_backup
from lms.settings import Settings, load_settings
from lms.storage import Storage
from lms.web.database import _extension
from lms.wiring import connect
from lms.worker import Worker
from tests.conftest import _create_database, _drop_database
from tests.factories.people import make_account
from tests.factories.units import make_post, make_unit

Place = Callable[[str], Settings]


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """`place("postgresql")` is a new installation without anything, on a database of that kind."""
    count = iter(range(100))

    def make(kind: str) -> Settings:
        folder = tmp_path / f"place-{next(count)}"
        url = f"sqlite:///{folder / 'lms.sqlite3'}"
        if kind == "postgresql":
            server = request.getfixturevalue("postgres_server")
            url = _create_database(server)
            request.addfinalizer(lambda: _drop_database(server, url))
        return load_settings({"LMS_INSTANCE": str(folder), "LMS_DATABASE_URL": url})

    return make


def contents(settings: Settings) -> dict[str, list[bytes]]:
    """Every row of every table."""
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        found = {table.name: list(table_lines(connection, table)) for table in lms.models.metadata.sorted_tables}
    engine.dispose()
    return found


def furnish(settings: Settings, now: datetime) -> None:
    """A little of everything that is hard to carry: bytes, decimals, times, JSON's null, letters of the mountains."""
    prepare(settings)
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        post = make_post(session, make_unit(session, "CĐCS Chè Nậm Lôm – “Ớt”", members=58))
        make_account(session, post.person, password_hash="x")
        job = enqueue(session, "nothing", {"ký": ["ồ", None, 1.5, {}]}, at=now)
        job.result = None
        Storage(settings.storage_url).put(b"\x00\xff media", "bin")
        session.commit()
    engine.dispose()


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
def test_a_restore_gives_the_same_rows_media_and_keys(
    place: Place, tmp_path: Path, now: datetime, source: str, target: str
) -> None:
    old, new, file = place(source), place(target), tmp_path / "sao-luu.zip"
    furnish(old, now)
    manifest = write_backup(old, file, at=now)
    restored = restore_backup(new, file)
    assert restored == manifest
    assert contents(new) == contents(old)
    assert Storage(new.storage_url).keys() == Storage(old.storage_url).keys() != []
    assert (new.instance / "keys" / "secret_key").read_text() == (old.instance / "keys" / "secret_key").read_text()
    engine = make_engine(new.database_url)
    assert migrate.is_current(engine)
    with Session(engine) as session:  # numbers go on after those restored
        enqueue(session, "nothing", {}, at=now)
        make_post(session, make_unit(session, code="MOI"))
        session.commit()
        assert session.scalars(select(Job.id).order_by(Job.id)).all() == [1, 2]
    engine.dispose()


def test_the_sample_federation_travels_to_postgresql_and_back(place: Place, tmp_path: Path, now: datetime) -> None:
    old, there, back = place("sqlite"), place("postgresql"), place("sqlite")
    connect()
    prepare(old)
    engine = make_engine(old.database_url)
    with Session(engine, expire_on_commit=False) as session:
        federation.build(session, old, Storage(old.storage_url), at=now)
        session.commit()
    engine.dispose()
    write_backup(old, tmp_path / "1.zip", at=now)
    restore_backup(there, tmp_path / "1.zip")
    write_backup(there, tmp_path / "2.zip", at=now)
    restore_backup(back, tmp_path / "2.zip")
    before = contents(old)
    assert len(before["person"]) > 1500
    assert contents(there) == before
    assert contents(back) == before

    app = create_app(there, clock=lambda: now, testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    logins = json.loads((old.instance / federation.LOGINS).read_text())
    answer = client.post("/dang-nhap", data={"identifier": logins[-1]["login"], "password": PASSWORD})
    assert answer.status_code == 302
    with app.app_context():
        _extension.engine.dispose()


def test_a_backup_is_one_moment_while_others_write(empty_database: str, tmp_path: Path, now: datetime) -> None:
    settings = load_settings({"LMS_INSTANCE": str(tmp_path / "i"), "LMS_DATABASE_URL": empty_database})
    furnish(settings, now)
    engine, other = make_engine(empty_database), make_engine(empty_database)
    with engine.connect() as reading:
        if engine.dialect.name == "postgresql":
            reading.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with reading.begin():
            people = lms.models.metadata.tables["person"]
            first = list(table_lines(reading, people))
            with Session(other) as session:
                session.add(Person(code="SAU", full_name="Lò Thị Sau", created_at=now))
                session.commit()
            assert list(table_lines(reading, people)) == first
    engine.dispose()
    other.dispose()


def test_a_place_with_data_is_refused(place: Place, backend: str, tmp_path: Path, now: datetime) -> None:
    old, new, file = place("sqlite"), place(backend), tmp_path / "b.zip"
    furnish(old, now)
    write_backup(old, file, at=now)
    furnish(new, now)
    before = contents(new)
    with pytest.raises(Refused, match="installation_not_empty"):
        restore_backup(new, file)
    assert contents(new) == before


def test_an_installation_just_initialised_is_empty(place: Place, backend: str, tmp_path: Path, now: datetime) -> None:
    old, new, file = place("sqlite"), place(backend), tmp_path / "b.zip"
    furnish(old, now)
    write_backup(old, file, at=now)
    prepare(new)
    restore_backup(new, file)
    assert contents(new) == contents(old)


def _tampered(file: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of the archive with members changed or (None) left out."""
    copy = file.with_name("hong.zip")
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(copy, "w") as bad:
        for name in good.namelist():
            content = change(name, good.read(name))
            if content is not None:
                bad.writestr(name, content)
    return copy


def _newer(name: str, content: bytes) -> bytes:
    if name != "manifest.json":
        return content
    return json.dumps({**json.loads(content), "revision": "9999_later"}).encode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda name, content: content.replace(b"CB-", b"XX-") if "person" in name else content, "backup_damaged"),
        (lambda name, content: None if "tables/job" in name else content, "backup_damaged"),
        (lambda name, content: b"other" if name.startswith("media/") else content, "backup_damaged"),
        (lambda name, content: None if name == "manifest.json" else content, "backup_unknown_format"),
        (lambda name, content: b"{}" if name == "manifest.json" else content, "backup_unknown_format"),
        (_newer, "backup_too_new"),
    ],
)
def test_a_tampered_backup_changes_nothing(
    place: Place, tmp_path: Path, now: datetime, change: Callable[[str, bytes], bytes | None], code: str
) -> None:
    old, new, file = place("sqlite"), place("sqlite"), tmp_path / "b.zip"
    furnish(old, now)
    write_backup(old, file, at=now)
    with pytest.raises(Refused, match=code):
        restore_backup(new, _tampered(file, change))
    assert not new.sqlite_path.exists()
    assert restore_backup(new, file).rows > 0


def test_a_cut_off_file_is_refused(place: Place, tmp_path: Path, now: datetime) -> None:
    old, new, file = place("sqlite"), place("sqlite"), tmp_path / "b.zip"
    furnish(old, now)
    write_backup(old, file, at=now)
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(Refused, match="backup_unreadable"):
        restore_backup(new, file)


def test_a_backup_is_for_its_owner_alone_and_appears_complete(place: Place, tmp_path: Path, now: datetime) -> None:
    old, file = place("sqlite"), tmp_path / "b.zip"
    furnish(old, now)
    write_backup(old, file, at=now)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("b.zip*")] == ["b.zip"]
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert Manifest.from_json(archive.read("manifest.json")).revision == migrate.head()


def test_jobs_go_on_after_a_restore(place: Place, tmp_path: Path, now: datetime) -> None:
    old, new, file = place("sqlite"), place("postgresql"), tmp_path / "b.zip"
    furnish(old, now)
    write_backup(old, file, at=now)
    restore_backup(new, file)
    engine = make_engine(new.database_url)
    assert Worker(sessionmaker(engine, expire_on_commit=False), new, clock=lambda: now).run_pending() == 1
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT state FROM job")) == "failed"  # nobody knows the kind "nothing"
    engine.dispose()
