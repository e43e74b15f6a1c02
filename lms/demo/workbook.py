"""The sample federation as a roster workbook, as an administrator would send it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from random import Random

from lms.demo.people import SamplePost, staff
from lms.demo.training import SampleTraining, earlier_training
from lms.demo.units import REFORM, SampleUnit, federation
from lms.imports.columns import POSTS, TERMS, TRAINING, UNITS, SheetLayout
from lms.imports.vocabulary import AREA_WORDS
from lms.sheets import Cell, SheetOut, write_workbook

SEED = 1929
"""The same federation every time (but for what depends on the day)."""


def sample_workbook(today: date) -> bytes:
    """The workbook (.xlsx) with units, terms, cadres and earlier training as of a day."""
    dice = Random(SEED)  # noqa: S311 (nothing secret depends on it)
    units = federation(dice)
    made = staff(units, dice, today)
    training = earlier_training(made, units, dice, today)
    return write_workbook(
        [
            _sheet(UNITS, (row for unit in units for row in _unit_rows(unit))),
            _sheet(TERMS, (row for unit in units for row in _term_rows(unit))),
            _sheet(POSTS, (_post_row(post) for post in made.posts)),
            _sheet(TRAINING, (_training_row(row) for row in training)),
        ]
    )


def _sheet(layout: SheetLayout, rows: Iterable[Mapping[str, Cell]]) -> SheetOut:
    keys = [column.key for column in layout.columns]
    return SheetOut(
        layout.name,
        [column.header for column in layout.columns],
        [[row.get(key) for key in keys] for row in rows],
        [column.width for column in layout.columns],
    )


def _unit_rows(unit: SampleUnit) -> Iterable[Mapping[str, Cell]]:
    """One row, or two where the unit was handed over at the reform; its counts stand in the last."""
    row: dict[str, Cell] = {
        "code": unit.code,
        "name": unit.name,
        "level": unit.level,
        "parent": unit.parent,
        "sector": unit.sector,
        "kind": unit.kind,
        "founded_on": unit.founded,
        "ended_on": unit.ended,
    }
    if unit.before:
        yield {**row, "parent": unit.before}
        row["valid_from"] = REFORM
    if unit.members is not None:
        row["members"], row["counted_on"] = unit.members, date(2025, 12, 31)
    if unit.workers is not None:
        row["workers"], row["counted_on"] = unit.workers, date(2025, 12, 31)
    yield row


def _term_rows(unit: SampleUnit) -> Iterable[Mapping[str, Cell]]:
    for name, starts_on, ends_on in unit.terms:
        yield {"unit": unit.code, "name": name, "starts_on": starts_on, "ends_on": ends_on}


def _post_row(post: SamplePost) -> Mapping[str, Cell]:
    person = post.person
    return {
        "person": person.code,
        "full_name": person.called.full_name,
        "born": str(person.born) if isinstance(person.born, int) else person.born,
        "gender": person.called.gender,
        "ethnicity": person.called.ethnicity,
        "email": person.email,
        "phone": person.phone,
        "unit": post.unit.code,
        "title": post.title,
        "full_time": "x" if post.full_time else None,
        "womens_affairs": "x" if post.womens else None,
        "selection": post.selection,
        "first_time": "x" if post.first else None,
        "starts_on": post.starts,
        "ends_on": post.ends,
    }


def _training_row(row: SampleTraining) -> Mapping[str, Cell]:
    labels = {str(code.value): label for code, label in AREA_WORDS.labels.items()}
    held = row.held
    return {
        "person": row.person.code,
        "areas": "; ".join(labels[area] for area in held.areas.split(";")),
        "title": held.title,
        "mode": held.mode,
        "delivered_by": held.unit.code if held.unit else None,
        "delivered_level": held.level,
        "achieved_on": held.on,
        "hours": held.hours,
        "certificate_no": row.certificate_no,
        "evidence": row.evidence,
    }
