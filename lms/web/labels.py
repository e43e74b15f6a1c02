"""Every slice's labels in one table: code -> Vietnamese word (a message id)."""

from __future__ import annotations

import enum
from itertools import chain

from lms.access import labels as access
from lms.audiences import labels as audiences
from lms.certificates import labels as certificates
from lms.imports import labels as imports
from lms.indicators import labels as indicators
from lms.ledger import labels as ledger
from lms.people import labels as people
from lms.units import labels as units

_SLICES = (access, audiences, certificates, imports, indicators, ledger, people, units)


def _collect() -> dict[enum.Enum | str, str]:
    tables = chain.from_iterable(vars(module).values() for module in _SLICES)
    pairs = chain.from_iterable(table.items() for table in tables if isinstance(table, dict))
    return {code: word for code, word in pairs if isinstance(code, enum.Enum)}


LABELS = _collect()
