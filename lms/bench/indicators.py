"""How long the evaluator takes, on the sample federation and on multiples of it."""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from lms.bench.machine import summary
from lms.indicators.elearning import elearning
from lms.indicators.queries import ask, values
from lms.indicators.schema import programmes
from lms.ledger.models import TrainingRecord, TrainingRecordArea
from lms.people.models import Person
from lms.temporal import vn_today
from lms.units.models import Post
from lms.units.queries import unit_by_code


def multiply(session: Session, times: int) -> None:
    """Copy every person with posts and ledger rows `times - 1` times over, under codes of their own."""
    people = session.execute(select(*Person.__table__.c)).mappings().all()
    posts = session.execute(select(*Post.__table__.c)).mappings().all()
    records = session.execute(select(*TrainingRecord.__table__.c)).mappings().all()
    areas = session.execute(select(*TrainingRecordArea.__table__.c)).mappings().all()
    last_person = session.scalar(select(func.max(Person.id))) or 0
    last_record = session.scalar(select(func.max(TrainingRecord.id))) or 0
    for copy in range(1, times):
        step, row_step = copy * last_person, copy * last_record
        session.execute(
            insert(Person),
            [{**row, "id": row["id"] + step, "code": f"{row['code']}/{copy}"} for row in people],
        )
        session.execute(
            insert(Post),
            [{**{k: v for k, v in row.items() if k != "id"}, "person_id": row["person_id"] + step} for row in posts],
        )
        session.execute(
            insert(TrainingRecord),
            [
                {
                    **row,
                    "id": row["id"] + row_step,
                    "person_id": row["person_id"] + step,
                    "source_key": f"{row['source_key']}/{copy}",
                }
                for row in records
            ],
        )
        session.execute(
            insert(TrainingRecordArea), [{**row, "record_id": row["record_id"] + row_step} for row in areas]
        )
    session.flush()


def measure(session: Session, *, unit_code: str, at: datetime, rounds: int = 5) -> dict[str, Any]:
    """Every programme's values for a unit today (or on the programme's last day), several rounds each."""
    today = vn_today(at)
    unit = unit_by_code(session, unit_code)
    if unit is None:
        raise ValueError(unit_code)
    result: dict[str, Any] = {
        "people": session.scalar(select(func.count()).select_from(Person)),
        "posts": session.scalar(select(func.count()).select_from(Post)),
        "ledger_rows": session.scalar(select(func.count()).select_from(TrainingRecord)),
        "programmes": {},
    }
    for code, programme in programmes().items():
        on: date = programme.opens_on(today)
        taken = []
        for _ in range(rounds):
            began = time.perf_counter()
            question = ask(session, programme, unit, on)
            values(session, question)
            if code == "D2":
                elearning(session, question)
            taken.append(time.perf_counter() - began)
        result["programmes"][code] = summary(taken)
    return result
