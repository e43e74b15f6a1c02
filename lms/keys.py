"""The installation's secret keys, kept in its folder and made on first use."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_VARIABLE = "LMS_SECRET_KEY"


def given_key() -> str | None:
    """The key given by the environment; None where the installation keeps its own."""
    return os.environ.get(KEY_VARIABLE) or None


def secret_key(instance: Path) -> str:
    """The key that signs sessions: LMS_SECRET_KEY, or the installation's own, readable by its owner alone."""
    given = given_key()
    if given:
        return given
    folder = instance / "keys"
    path = folder / "secret_key"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_hex(32)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key
