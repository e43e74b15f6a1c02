"""How an installation lies in a backup: a zip with a manifest, JSON lines per table, media and keys.

A line is a table's row as a JSON array, its values in the order of the manifest's columns. Each column has a tag that
says how its values are written, so that no database's own form is needed to read them, nor this version's models.
"""

from __future__ import annotations

import base64
import enum
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from lms.db import UTCDateTime
from lms.errors import Refused

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
BATCH: Final = 500
"""Rows held in memory at once."""


@dataclass(frozen=True)
class TableEntry:
    """A table in the backup: its columns as (name, tag), how many rows, and the hash of its lines."""

    name: str
    columns: list[tuple[str, str]]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        """The file of its lines."""
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True)
class FileEntry:
    """A file in the backup (media by storage key, keys by name) and the hash of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; `tables` in an order in which no row comes before one it points at."""

    format: int
    version: str
    revision: str
    created_at: str
    tables: list[TableEntry]
    media: list[FileEntry]
    keys: list[FileEntry]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)

    def to_json(self) -> str:
        """The manifest as it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Read a manifest. Raises Refused("backup_unknown_format") when it is none of ours."""
        try:
            kept = json.loads(text)
            if kept["format"] != FORMAT:
                raise Refused("backup_unknown_format")
            tables = [
                TableEntry(t["name"], [(n, tag) for n, tag in t["columns"]], t["rows"], t["sha256"])
                for t in kept["tables"]
            ]
            files = {part: [FileEntry(f["name"], f["sha256"]) for f in kept[part]] for part in ("media", "keys")}
            return cls(
                kept["format"],
                kept["version"],
                kept["revision"],
                kept["created_at"],
                tables,
                files["media"],
                files["keys"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Refused("backup_unknown_format") from error


def tag_of(kind: sa.types.TypeEngine[Any]) -> str:
    """The tag of a column's type."""
    if isinstance(kind, sa.JSON):
        return "json"
    if isinstance(kind, UTCDateTime):
        return "time"
    if isinstance(kind, sa.Date):
        return "date"
    if isinstance(kind, sa.LargeBinary):
        return "bytes"
    if isinstance(kind, sa.Numeric):
        return "decimal" if kind.asdecimal else "float"
    return "plain"


def encode(value: Any) -> Any:
    """A value as JSON can hold it. (Values of json columns are written as [value], so that SQL's NULL and JSON's null
    stay apart.)"""
    match value:
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case Decimal():
            return str(value)
        case enum.Enum():
            return value.value
        case _:
            return value


DECODERS: Final[dict[str, Callable[[Any], Any]]] = {
    "json": lambda kept: json.dumps(kept[0]),
    "time": datetime.fromisoformat,
    "date": date.fromisoformat,
    "bytes": base64.b64decode,
    "decimal": Decimal,
    "float": float,
    "plain": lambda kept: kept,
}
"""From what is kept to what the database is given; json columns are given their text."""

TYPES: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "json": sa.Text(),
    "time": UTCDateTime(),
    "date": sa.Date(),
    "bytes": sa.LargeBinary(),
    "decimal": sa.Numeric(),
    "float": sa.types.NullType(),
    "plain": sa.types.NullType(),
}
