"""Units, their counts and terms, posts."""

from __future__ import annotations

import itertools
from datetime import date

from sqlalchemy.orm import Session

from lms.people.models import Person
from lms.temporal import ALWAYS
from lms.units.models import Level, Post, Selection, Term, Title, Unit, UnitCount, UnitVersion
from tests.conftest import NOW
from tests.factories import day
from tests.factories.people import make_person

_numbers = itertools.count(1)


def make_unit(
    session: Session,
    name: str = "CĐCS Công ty TNHH May Tân Khê",
    level: Level | str = Level.grassroots,
    parent: Unit | None = None,
    *,
    code: str | None = None,
    members: int | None = None,
    workers: int | None = None,
    founded: str | date | None = None,
    ended: str | date | None = None,
    **version: object,
) -> Unit:
    """A unit with one version from always; counts, where given, are dated 2020-01-01."""
    unit = Unit(code=code or f"DV-{next(_numbers):04d}", founded_on=day(founded), ended_on=day(ended), created_at=NOW)
    session.add(unit)
    session.flush()
    session.add(
        UnitVersion(
            unit_id=unit.id,
            name=name,
            level=Level(level) if isinstance(level, str) else level,
            parent_id=parent.id if parent else None,
            valid_from=ALWAYS,
            **version,
        )
    )
    if members is not None or workers is not None:
        session.add(UnitCount(unit_id=unit.id, counted_on=date(2020, 1, 1), members=members, workers=workers))
    session.flush()
    return unit


def make_term(session: Session, unit: Unit, starts: str = "2023-01-01", ends: str | None = None) -> Term:
    """A term of the unit, open where no end is given."""
    term = Term(unit_id=unit.id, name=f"{starts[:4]}-{(ends or '')[:4]}", starts_on=day(starts), ends_on=day(ends))
    session.add(term)
    session.flush()
    return term


def make_post(
    session: Session,
    unit: Unit,
    title: Title | str = Title.chair,
    person: Person | None = None,
    *,
    starts: str | date = "2024-01-01",
    ends: str | date | None = None,
    **values: object,
) -> Post:
    """A non-full-time, elected post, not for the first time; its holder is made where none is given."""
    fields: dict[str, object] = {
        "full_time": False,
        "womens_affairs": False,
        "selection": Selection.elected,
        "first_time": False,
    }
    holder = person or make_person(session)
    post = Post(
        person_id=holder.id,
        unit_id=unit.id,
        title=Title(title) if isinstance(title, str) else title,
        starts_on=day(starts),
        ends_on=day(ends),
        created_at=NOW,
        **{**fields, **values},
    )
    post.person = holder
    post.unit = unit
    session.add(post)
    session.flush()
    return post
