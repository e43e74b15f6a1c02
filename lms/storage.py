"""Files by content: media and documents under the hash of their bytes, in a folder or an S3-compatible bucket."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

_SAFE = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")


class Storage:
    """Content-addressed files: the same bytes have the same key, and a key never changes its bytes."""

    def __init__(self, where: str) -> None:
        if "://" in where:
            self._store: ObjectStore = from_url(where)
        else:
            Path(where).mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(prefix=where)

    def put(self, content: bytes, suffix: str) -> str:
        """Keep the bytes and return their key, `<sha256>.<suffix>`; putting them again changes nothing."""
        key = f"{hashlib.sha256(content).hexdigest()}.{suffix.lstrip('.').lower()}"
        obstore.put(self._store, self._path(key), content)
        return key

    def get(self, key: str) -> bytes:
        """The bytes of a key. Raises FileNotFoundError when there are none."""
        return bytes(obstore.get(self._store, self._path(key)).bytes())

    def keys(self) -> list[str]:
        """Every key kept, in order; used by backup."""
        rows = [row["path"] for batch in obstore.list(self._store) for row in batch]
        return sorted(path.rpartition("/")[2] for path in rows)

    @staticmethod
    def _path(key: str) -> str:
        if not _SAFE.fullmatch(key):
            raise FileNotFoundError(key)
        return f"{key[:2]}/{key}"
