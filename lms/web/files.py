"""The installation's files: media, documents, uploads."""

from __future__ import annotations

from functools import cache

from flask import current_app

from lms.storage import Storage


def storage() -> Storage:
    """Where the files of this installation lie."""
    return _opened(current_app.config["SETTINGS"].storage_url)


@cache
def _opened(where: str) -> Storage:
    return Storage(where)
