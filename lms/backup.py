"""Writing a backup: database, media and keys as of one moment, in one file; see `lms.backup_format`."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from lms import __version__
from lms.backup_format import BATCH, FORMAT, MANIFEST, FileEntry, Manifest, TableEntry, encode, tag_of
from lms.db import make_engine
from lms.models import metadata
from lms.settings import Settings
from lms.storage import Storage


def write_backup(settings: Settings, target: Path, *, at: datetime) -> Manifest:
    """Write the installation to `target`, readable by its owner alone; it appears when it is complete.

    The database is read in one transaction, which stops nobody from working. Media are kept by content and never
    changed, and are put before the rows that name them, so those found after the tables were read include them all.
    """
    part = target.with_name(target.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(handle, "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive,
        ):
            manifest = _write(archive, settings, at)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(archive: zipfile.ZipFile, settings: Settings, at: datetime) -> Manifest:
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                revision = MigrationContext.configure(connection).get_current_revision() or ""
                tables = [_write_table(archive, connection, table) for table in metadata.sorted_tables]
    finally:
        engine.dispose()
    storage = Storage(settings.storage_url)
    media = [_write_file(archive, f"media/{key}", key, storage.get(key)) for key in storage.keys()]  # noqa: SIM118
    folder = settings.instance / "keys"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    keys = [_write_file(archive, f"keys/{name}", name, (folder / name).read_bytes()) for name in names]
    manifest = Manifest(FORMAT, __version__, revision, at.isoformat(), tables, media, keys)
    archive.writestr(MANIFEST, manifest.to_json())
    return manifest


def _write_table(archive: zipfile.ZipFile, connection: Connection, table: sa.Table) -> TableEntry:
    columns = [(column.name, tag_of(column.type)) for column in table.columns]
    entry = TableEntry(table.name, columns, 0, "")
    digest, count = hashlib.sha256(), 0
    with archive.open(entry.member, "w", force_zip64=True) as file:
        for line in table_lines(connection, table):
            file.write(line)
            digest.update(line)
            count += 1
    return TableEntry(table.name, columns, count, digest.hexdigest())


def table_lines(connection: Connection, table: sa.Table) -> Iterator[bytes]:
    """The rows of a table as lines of JSON, in the order of its key; the same rows give the same lines on every kind of
    database."""
    tags = [tag_of(column.type) for column in table.columns]
    # The text of JSON columns: SQLAlchemy would read SQL's NULL and JSON's null alike as None.
    columns = [
        sa.cast(column, sa.Text).label(column.name) if tag == "json" else column
        for column, tag in zip(table.columns, tags, strict=True)
    ]
    rows = connection.execution_options(yield_per=BATCH).execute(sa.select(*columns).order_by(*table.primary_key))
    for row in rows:
        values = [_kept(value, tag) for value, tag in zip(row, tags, strict=True)]
        yield (json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def _kept(value: Any, tag: str) -> Any:
    if value is None:
        return None
    if tag == "json":
        return [json.loads(value)]
    return float(value) if tag == "float" else encode(value)


def _write_file(archive: zipfile.ZipFile, member: str, name: str, content: bytes) -> FileEntry:
    archive.writestr(zipfile.ZipInfo(member), content, zipfile.ZIP_STORED)
    return FileEntry(name, hashlib.sha256(content).hexdigest())
