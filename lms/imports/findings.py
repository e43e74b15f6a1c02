"""What a check has to say about a row or a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """One remark: sheet, row as Excel counts it (None: the whole sheet or file), column's header, code, parameters.

    The code's words are in `messages`; `column` is empty where no single cell is at fault.
    """

    sheet: str
    row: int | None
    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
