"""Every slice's labels in one table: code -> Vietnamese word (a message id)."""

from __future__ import annotations

import enum
from importlib import import_module
from importlib.util import find_spec

_SLICES = (
    "people",
    "units",
    "access",
    "ledger",
    "catalogue",
    "audiences",
    "learning",
    "certificates",
    "indicators",
    "imports",
)


def _collect() -> dict[enum.Enum | str, str]:
    collected: dict[enum.Enum | str, str] = {}
    for name in _SLICES:
        if find_spec(f"lms.{name}.labels"):
            tables = vars(import_module(f"lms.{name}.labels")).values()
            for table in tables:
                if isinstance(table, dict):
                    collected.update({code: word for code, word in table.items() if isinstance(code, enum.Enum)})
    return collected


LABELS = _collect()
