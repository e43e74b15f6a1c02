"""A unit's dated versions as a list, and writing such a list as half-open rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from lms.units.models import Level, Sector, UnitKind, UnitVersion


@dataclass(frozen=True)
class Facts:
    """What a version says of a unit."""

    name: str
    level: Level
    parent_id: int | None = None
    sector: Sector | None = None
    kind: UnitKind | None = None

    @classmethod
    def of(cls, row: UnitVersion) -> Facts:
        """The facts of a row."""
        return cls(row.name, row.level, row.parent_id, row.sector, row.kind)


History = list[tuple[date, Facts]]
"""Each holds from its day until the next one's; in order."""


def merge(history: History, day: date, facts: Facts) -> History:
    """The history in which `facts` hold from `day` until the next change that was already there."""
    found = dict(history)
    before = next((then for start, then in reversed(history) if start <= day), None)
    if before == facts:
        return history
    found[day] = facts
    return sorted(found.items(), key=lambda item: item[0])


def close_versions(rows: Sequence[UnitVersion], history: History, *, decision_no: str | None = None) -> bool:
    """Give the unit's rows the ends and facts that the history says; True when something must be flushed before the
    new rows are opened (no two rows of a unit may be open together)."""
    ends = _ends(history)
    facts_by_day = dict(history)
    touched = False
    for row in rows:
        if row.valid_to != ends[row.valid_from]:
            row.valid_to, touched = ends[row.valid_from], True
        facts = facts_by_day[row.valid_from]
        if Facts.of(row) != facts:
            touched = True
            for key, value in asdict(facts).items():
                setattr(row, key, value)
            row.decision_no = decision_no or row.decision_no
    return touched


def open_versions(
    unit_id: int, rows: Sequence[UnitVersion], history: History, *, decision_no: str | None = None
) -> list[UnitVersion]:
    """The rows that the history has and the unit lacks, to be added by the caller."""
    ends = _ends(history)
    known = {row.valid_from for row in rows}
    return [
        UnitVersion(unit_id=unit_id, valid_from=day, valid_to=ends[day], decision_no=decision_no, **asdict(facts))
        for day, facts in history
        if day not in known
    ]


def write_versions(
    session: Session, unit_id: int, rows: Sequence[UnitVersion], history: History, *, decision_no: str | None = None
) -> None:
    """Make the rows of one unit (`rows`, in order) say what the history says."""
    if close_versions(rows, history, decision_no=decision_no):
        session.flush()
    session.add_all(open_versions(unit_id, rows, history, decision_no=decision_no))
    session.flush()


def _ends(history: History) -> dict[date, date | None]:
    return {day: history[place + 1][0] if place + 1 < len(history) else None for place, (day, _) in enumerate(history)}
