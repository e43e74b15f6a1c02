"""Carrying out a plan: every change in the caller's transaction, in bulk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.imports.known import Known, TrainingKey, Versions
from lms.imports.planned import Plan, UnitChange
from lms.ledger.models import Source
from lms.ledger.operations import Draft, add_records, void_records
from lms.people.operations import PersonDetails, add_people, apply_details
from lms.units.history import Facts, History, close_versions, open_versions
from lms.units.models import Level, Post, Term, Unit, UnitCount, UnitVersion

_CHUNK = 500


class Applier:
    """Writes a plan's changes; `unit_ids` and `person_ids` know the new rows as soon as they are there."""

    def __init__(self, session: Session, actor_id: int | None, plan: Plan, known: Known, at: datetime) -> None:
        self.session, self.actor_id, self.plan, self.at = session, actor_id, plan, at
        self.unit_ids = {code: unit.id for code, unit in known.units.items()}
        self.person_ids = {code: person.id for code, person in known.people.items()}

    def run(self) -> None:
        """Units, their dated rows, terms, people, posts, ledger: in the order in which they need each other."""
        self._units()
        self._versions()
        self._counts()
        self._terms()
        self._people()
        self._posts()
        self._training()

    def _units(self) -> None:
        made = [
            Unit(code=change.code, founded_on=change.founded_on, ended_on=change.ended_on, created_at=self.at)
            for change in self.plan.units
            if change.id is None
        ]
        self.session.add_all(made)
        self.session.flush()
        self.unit_ids.update({unit.code: unit.id for unit in made})
        changes = {change.id: change for change in self.plan.units if change.id is not None}
        for ids in _chunks(changes):
            for unit in self.session.scalars(select(Unit).where(Unit.id.in_(ids))):
                unit.founded_on, unit.ended_on = changes[unit.id].founded_on, changes[unit.id].ended_on
        self.session.flush()

    def _history(self, versions: Versions) -> History:
        return [
            (
                day,
                Facts(
                    facts.name,
                    facts.level,
                    self.unit_ids[facts.parent] if facts.parent else None,
                    facts.sector,
                    facts.kind,
                ),
            )
            for day, facts in versions
        ]

    def _versions(self) -> None:
        changes = {self.unit_ids[change.code]: change for change in self.plan.units if change.versions is not None}
        rows: dict[int, list[UnitVersion]] = {unit_id: [] for unit_id in changes}
        for ids in _chunks(changes):
            query = (
                select(UnitVersion)
                .where(UnitVersion.unit_id.in_(ids))
                .order_by(UnitVersion.unit_id, UnitVersion.valid_from)
            )
            for row in self.session.scalars(query):
                rows[row.unit_id].append(row)
        histories = {unit_id: self._history(change.versions or []) for unit_id, change in changes.items()}
        for unit_id, history in histories.items():
            close_versions(rows[unit_id], history)
        self.session.flush()
        for unit_id, history in histories.items():
            self.session.add_all(open_versions(unit_id, rows[unit_id], history))
        self.session.flush()

    def _counts(self) -> None:
        changes: dict[int, UnitChange] = {
            self.unit_ids[change.code]: change for change in self.plan.units if change.counts
        }
        known: dict[tuple[int, object], UnitCount] = {}
        for ids in _chunks(changes):
            for row in self.session.scalars(select(UnitCount).where(UnitCount.unit_id.in_(ids))):
                known[row.unit_id, row.counted_on] = row
        for unit_id, change in changes.items():
            for day, (members, workers) in change.counts.items():
                row = known.get((unit_id, day)) or UnitCount(unit_id=unit_id, counted_on=day)
                row.members, row.workers = members, workers
                self.session.add(row)
        self.session.flush()

    def _terms(self) -> None:
        changes = {(self.unit_ids[change.unit], change.starts_on): change for change in self.plan.terms}
        known: dict[tuple[int, object], Term] = {}
        for ids in _chunks({unit_id for unit_id, _ in changes}):
            for row in self.session.scalars(select(Term).where(Term.unit_id.in_(ids))):
                known[row.unit_id, row.starts_on] = row
        for key, change in changes.items():
            row = known.get(key) or Term(unit_id=key[0], starts_on=change.starts_on)
            row.name, row.ends_on = change.name, change.ends_on
            self.session.add(row)
        self.session.flush()

    def _people(self) -> None:
        new = {change.code: PersonDetails(**asdict(change.facts)) for change in self.plan.people if change.id is None}
        for person in add_people(self.session, new, at=self.at):
            self.person_ids[person.code] = person.id
        changed = {
            change.id: PersonDetails(**asdict(change.facts)) for change in self.plan.people if change.id is not None
        }
        apply_details(self.session, changed)

    def _posts(self) -> None:
        for change in self.plan.posts:
            if change.id is None:
                person, unit, title, starts_on = change.key
                self.session.add(
                    Post(
                        person_id=self.person_ids[person],
                        unit_id=self.unit_ids[unit],
                        title=title,
                        starts_on=starts_on,
                        created_at=self.at,
                        created_by_id=self.actor_id,
                        **asdict(change.facts),
                    )
                )
        changes = {change.id: change for change in self.plan.posts if change.id is not None}
        for ids in _chunks(changes):
            for post in self.session.scalars(select(Post).where(Post.id.in_(ids))):
                for key, value in asdict(changes[post.id].facts).items():
                    setattr(post, key, value)
        self.session.flush()

    def _training(self) -> None:
        replaced = [change.replaces for change in self.plan.training if change.replaces is not None]
        void_records(self.session, self.actor_id, replaced, reason="Thay bằng dòng đã sửa trong bảng tính", at=self.at)
        drafts = []
        for change in self.plan.training:
            person, achieved_on, areas, deliverer, certificate_no = change.key
            drafts.append(
                Draft(
                    person_id=self.person_ids[person],
                    areas=areas,
                    achieved_on=achieved_on,
                    source_key=source_key(self.person_ids[person], change.key, change.number),
                    delivered_by_id=self.unit_ids[deliverer] if isinstance(deliverer, str) else None,
                    certificate_no=certificate_no,
                    **asdict(change.facts),
                )
            )
        add_records(self.session, self.actor_id, drafts, source=Source.workbook, at=self.at)


def source_key(person_id: int, key: TrainingKey, number: int) -> str:
    """The ledger's identity of a workbook row (ROSTER.md, Identity); `number` counts its corrections."""
    _, achieved_on, areas, deliverer, certificate_no = key
    who = f"level:{deliverer.value}" if isinstance(deliverer, Level) else f"unit:{deliverer or ''}"
    parts = (
        str(person_id),
        achieved_on.isoformat(),
        ",".join(sorted(a.value for a in areas)),
        who,
        certificate_no or "",
    )
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]
    return f"workbook:{digest}" + (f":{number}" if number else "")


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]
