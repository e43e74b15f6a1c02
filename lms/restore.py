"""Restoring a backup into an empty installation, on either kind of database; see `lms.backup_format`."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import JSONB

from lms import migrate
from lms.backup_format import BATCH, DECODERS, MANIFEST, TYPES, Manifest, TableEntry
from lms.db import make_engine
from lms.errors import Refused
from lms.settings import Settings
from lms.storage import Storage

_CHUNK = 1024 * 1024


def restore_backup(settings: Settings, source: Path) -> Manifest:
    """Restore the backup: the same rows, media and keys. Everything is verified before anything is written.

    A backup of an older version is restored at its own schema, then migrated. Refused: `backup_unreadable`,
    `backup_unknown_format`, `backup_damaged` (member), `backup_too_new` (revision), `installation_not_empty` (what).
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _verified(archive)
            _require_empty(settings, manifest)
            storage = Storage(settings.storage_url)
            for entry in manifest.media:
                storage.put(archive.read(f"media/{entry.name}"), entry.name.rpartition(".")[2])
            migrate.upgrade(settings.database_url, manifest.revision)
            _restore_tables(settings.database_url, archive, manifest)
            migrate.upgrade(settings.database_url)
            for entry in manifest.keys:
                _write_key(settings.instance / "keys", entry.name, archive.read(f"keys/{entry.name}"))
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        raise Refused("backup_unreadable", reason=str(error)) from error
    return manifest


def _verified(archive: zipfile.ZipFile) -> Manifest:
    """The manifest, when every member is there as it was written."""
    if MANIFEST not in archive.namelist():
        raise Refused("backup_unknown_format")
    manifest = Manifest.from_json(archive.read(MANIFEST))
    if not migrate.knows(manifest.revision):
        raise Refused("backup_too_new", revision=manifest.revision)
    expected = [(table.member, table.sha256) for table in manifest.tables]
    expected += [(f"media/{entry.name}", entry.sha256) for entry in manifest.media]
    expected += [(f"keys/{entry.name}", entry.sha256) for entry in manifest.keys]
    for entry in manifest.keys:
        if not re.fullmatch(r"\w[\w.-]*", entry.name):
            raise Refused("backup_damaged", member=entry.name)
    for entry in manifest.media:
        if not entry.name.startswith(entry.sha256):
            raise Refused("backup_damaged", member=entry.name)
    for member, sha256 in expected:
        try:
            with archive.open(member) as file:
                digest = hashlib.sha256()
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except (KeyError, zipfile.BadZipFile, zlib.error) as error:
            raise Refused("backup_damaged", member=member) from error
        if digest.hexdigest() != sha256:
            raise Refused("backup_damaged", member=member)
    return manifest


def _require_empty(settings: Settings, manifest: Manifest) -> None:
    """Nothing may be there but what an interrupted restore of the same backup left, or `lms init` made."""
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    if settings.sqlite_path:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    if set(Storage(settings.storage_url).keys()) - {entry.name for entry in manifest.media}:
        raise Refused("installation_not_empty", what=settings.storage_url)
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            for name in set(sa.inspect(connection).get_table_names()) - {"alembic_version"}:
                if connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first():
                    raise Refused("installation_not_empty", what=name)
    finally:
        engine.dispose()


def _restore_tables(url: str, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    engine = make_engine(url)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            for entry in manifest.tables:
                statement = _insert(connection, entry)
                rows = _rows(archive, entry)
                while batch := list(islice(rows, BATCH)):
                    connection.execute(statement, batch)
            if engine.dialect.name == "postgresql":
                _advance_sequences(connection, manifest)
    finally:
        engine.dispose()


def _insert(connection: Connection, entry: TableEntry) -> sa.Insert:
    table = sa.table(entry.name, *(sa.column(name, TYPES[tag]) for name, tag in entry.columns))
    values: dict[str, Any] = {name: sa.bindparam(name, type_=TYPES[tag]) for name, tag in entry.columns}
    if connection.dialect.name == "postgresql":
        for name, tag in entry.columns:
            if tag == "json":
                values[name] = sa.cast(values[name], JSONB)
    return sa.insert(table).values(values)


def _rows(archive: zipfile.ZipFile, entry: TableEntry) -> Iterator[dict[str, Any]]:
    with archive.open(entry.member) as file:
        for line in io.BufferedReader(file, _CHUNK):  # type: ignore[type-var]
            values = zip(entry.columns, json.loads(line), strict=True)
            yield {name: None if kept is None else DECODERS[tag](kept) for (name, tag), kept in values}


def _advance_sequences(connection: Connection, manifest: Manifest) -> None:
    """Let every table's own numbers go on after the highest one restored."""
    for entry in manifest.tables:
        if entry.rows and "id" in dict(entry.columns):
            sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(entry.name, "id")))
            if sequence is not None:
                highest = sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(entry.name)).scalar_subquery()
                connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _write_key(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder / f".{name}.part"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(part, folder / name)
