"""Files by content: media and documents under the hash of their bytes, in a folder or an S3-compatible bucket."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

_SAFE = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")


class _Place(Protocol):
    def put(self, path: str, content: bytes) -> None: ...
    def get(self, path: str) -> bytes: ...
    def paths(self) -> list[str]: ...


class _Folder:
    """Plain files; a file appears whole or not at all. (No library here: it has to survive a fork of the server.)"""

    def __init__(self, where: str) -> None:
        self._root = Path(where)

    def put(self, path: str, content: bytes) -> None:
        target = self._root / path
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)

    def get(self, path: str) -> bytes:
        return (self._root / path).read_bytes()

    def paths(self) -> list[str]:
        return [str(file.relative_to(self._root)) for file in self._root.glob("??/*.*")]


class _Bucket:
    """An S3-compatible bucket (or whatever else obstore knows), reached when it is first needed."""

    def __init__(self, url: str) -> None:
        import obstore
        from obstore.store import from_url

        self._api = obstore
        self._store = from_url(url)

    def put(self, path: str, content: bytes) -> None:
        self._api.put(self._store, path, content)

    def get(self, path: str) -> bytes:
        return bytes(self._api.get(self._store, path).bytes())

    def paths(self) -> list[str]:
        return [row["path"] for batch in self._api.list(self._store) for row in batch]


class Storage:
    """Content-addressed files: the same bytes have the same key, and a key never changes its bytes."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._opened: _Place | None = None

    @property
    def _place(self) -> _Place:
        if self._opened is None:
            self._opened = _Bucket(self._where) if "://" in self._where else _Folder(self._where)
        return self._opened

    def put(self, content: bytes, suffix: str) -> str:
        """Keep the bytes and return their key, `<sha256>.<suffix>`; putting them again changes nothing."""
        key = f"{hashlib.sha256(content).hexdigest()}.{suffix.lstrip('.').lower()}"
        self._place.put(self._path(key), content)
        return key

    def get(self, key: str) -> bytes:
        """The bytes of a key. Raises FileNotFoundError when there are none."""
        return self._place.get(self._path(key))

    def keys(self) -> list[str]:
        """Every key kept, in order; used by backup."""
        names = (path.rpartition("/")[2] for path in self._place.paths())
        return sorted(name for name in names if _SAFE.fullmatch(name))

    @staticmethod
    def _path(key: str) -> str:
        if not _SAFE.fullmatch(key):
            raise FileNotFoundError(key)
        return f"{key[:2]}/{key}"
