"""Writing units, their dated rows, terms and posts, one official act at a time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.audit.operations import record as audit
from lms.errors import Refused
from lms.temporal import ALWAYS
from lms.text import clean
from lms.units.history import Facts, merge, write_versions
from lms.units.models import Post, Selection, Term, Title, Unit, UnitCount, UnitVersion


@dataclass(frozen=True)
class PostDetails:
    """What is kept of a post besides who, where, what and since when. A flag that is None is unknown."""

    ends_on: date | None = None
    full_time: bool | None = None
    womens_affairs: bool | None = None
    selection: Selection | None = None
    first_time: bool | None = None


def create_unit(
    session: Session,
    actor_id: int | None,
    code: str,
    facts: Facts,
    *,
    founded_on: date | None = None,
    ended_on: date | None = None,
    at: datetime,
) -> Unit:
    """Make a unit whose first version holds from its founding. Refused: unit_code_taken, period_ends_before_start."""
    code = clean(code)
    if session.scalar(select(Unit.id).where(Unit.code == code)) is not None:
        raise Refused("unit_code_taken", field="code", taken=code)
    _ordered(founded_on, ended_on, "ended_on")
    unit = Unit(code=code, founded_on=founded_on, ended_on=ended_on, created_at=at)
    session.add(unit)
    session.flush()
    write_versions(session, unit.id, [], [(ALWAYS, facts)])
    after = {"code": code, "founded_on": founded_on, "ended_on": ended_on, **_plain(facts)}
    audit(session, actor_id, "unit.created", "unit", unit.id, unit_id=unit.id, at=at, after=after)
    return unit


def change_unit(
    session: Session,
    actor_id: int | None,
    unit: Unit,
    facts: Facts,
    *,
    from_day: date,
    decision_no: str | None = None,
    at: datetime,
) -> None:
    """From `from_day` on the unit has that name, level, parent, sector and kind; what was before stays as it was.

    Refused: parent_cycle (field parent_id). The same facts change and record nothing.
    """
    session.scalars(select(Unit).where(Unit.id == unit.id).with_for_update()).one()
    rows = list(
        session.scalars(select(UnitVersion).where(UnitVersion.unit_id == unit.id).order_by(UnitVersion.valid_from))
    )
    _refuse_cycle(session, unit.id, facts.parent_id, from_day)
    old = [(row.valid_from, Facts.of(row)) for row in rows]
    new = merge(old, from_day, facts)
    if new == old:
        return
    before = next((_plain(facts_then) for day, facts_then in reversed(old) if day <= from_day), None)
    write_versions(session, unit.id, rows, new, decision_no=decision_no)
    after = {"from": from_day, "decision_no": decision_no, **_plain(facts)}
    audit(session, actor_id, "unit.changed", "unit", unit.id, unit_id=unit.id, at=at, before=before, after=after)


def end_unit(session: Session, actor_id: int | None, unit: Unit, *, ended_on: date | None, at: datetime) -> None:
    """Set the first day on which the unit is no longer in force; None takes the end back.

    Refused: period_ends_before_start.
    """
    _ordered(unit.founded_on, ended_on, "ended_on")
    before, unit.ended_on = unit.ended_on, ended_on
    session.flush()
    audit(
        session,
        actor_id,
        "unit.ended",
        "unit",
        unit.id,
        unit_id=unit.id,
        at=at,
        before={"ended_on": before},
        after={"ended_on": ended_on},
    )


def record_count(
    session: Session,
    actor_id: int | None,
    unit: Unit,
    *,
    counted_on: date,
    members: int | None,
    workers: int | None,
    at: datetime,
) -> UnitCount:
    """Members and workers counted on a day; a second count of the day replaces the first. Refused: count_negative."""
    if min(members or 0, workers or 0) < 0:
        raise Refused("count_negative", field="members" if (members or 0) < 0 else "workers")
    count = session.scalar(select(UnitCount).where(UnitCount.unit_id == unit.id, UnitCount.counted_on == counted_on))
    before = {"members": count.members, "workers": count.workers} if count else None
    if count is None:
        count = UnitCount(unit_id=unit.id, counted_on=counted_on)
        session.add(count)
    count.members, count.workers = members, workers
    session.flush()
    after = {"counted_on": counted_on, "members": members, "workers": workers}
    audit(session, actor_id, "unit.counted", "unit", unit.id, unit_id=unit.id, at=at, before=before, after=after)
    return count


def open_term(
    session: Session,
    actor_id: int | None,
    unit: Unit,
    *,
    name: str,
    starts_on: date,
    ends_on: date | None,
    at: datetime,
) -> Term:
    """A term of the unit. Refused: period_ends_before_start, terms_overlap (field starts_on)."""
    _ordered(starts_on, ends_on, "ends_on")
    session.scalars(select(Unit).where(Unit.id == unit.id).with_for_update()).one()
    for other in session.scalars(select(Term).where(Term.unit_id == unit.id).order_by(Term.starts_on)):
        if (ends_on is None or other.starts_on < ends_on) and (other.ends_on is None or starts_on < other.ends_on):
            raise Refused("terms_overlap", field="starts_on", other=other.name)
    term = Term(unit_id=unit.id, name=clean(name), starts_on=starts_on, ends_on=ends_on)
    session.add(term)
    session.flush()
    after = {"name": term.name, "starts_on": starts_on, "ends_on": ends_on}
    audit(session, actor_id, "term.opened", "term", term.id, unit_id=unit.id, at=at, after=after)
    return term


def open_post(
    session: Session,
    actor_id: int | None,
    *,
    person_id: int,
    unit_id: int,
    title: Title,
    starts_on: date,
    details: PostDetails,
    at: datetime,
) -> Post:
    """Somebody takes up a title in a unit. Refused: period_ends_before_start, post_exists (field starts_on)."""
    _ordered(starts_on, details.ends_on, "ends_on")
    same = (Post.person_id == person_id, Post.unit_id == unit_id, Post.title == title, Post.starts_on == starts_on)
    if session.scalar(select(Post.id).where(*same)) is not None:
        raise Refused("post_exists", field="starts_on")
    post = Post(
        person_id=person_id,
        unit_id=unit_id,
        title=title,
        starts_on=starts_on,
        created_at=at,
        created_by_id=actor_id,
        **asdict(details),
    )
    session.add(post)
    session.flush()
    after = {"person_id": person_id, "title": title.value, "starts_on": starts_on, **_plain_post(details)}
    audit(session, actor_id, "post.opened", "post", post.id, unit_id=unit_id, at=at, after=after)
    return post


def change_post(session: Session, actor_id: int | None, post: Post, details: PostDetails, *, at: datetime) -> None:
    """Correct a post, or end it. Refused: period_ends_before_start. The same details change and record nothing."""
    _ordered(post.starts_on, details.ends_on, "ends_on")
    before = PostDetails(**{key: getattr(post, key) for key in asdict(details)})
    if before == details:
        return
    for key, value in asdict(details).items():
        setattr(post, key, value)
    session.flush()
    audit(
        session,
        actor_id,
        "post.changed",
        "post",
        post.id,
        unit_id=post.unit_id,
        at=at,
        before=_plain_post(before),
        after=_plain_post(details),
    )


def _ordered(start: date | None, end: date | None, field: str) -> None:
    if start and end and end <= start:
        raise Refused("period_ends_before_start", field=field)


def _refuse_cycle(session: Session, unit_id: int, parent_id: int | None, from_day: date) -> None:
    """Walk up every dated parent from `from_day` on; meeting the unit itself would close a cycle."""
    seen: set[int] = set()
    waiting = {parent_id} - {None}
    while waiting:
        if unit_id in waiting:
            raise Refused("parent_cycle", field="parent_id")
        seen |= {found for found in waiting if found is not None}
        later = (UnitVersion.valid_to.is_(None)) | (UnitVersion.valid_to > from_day)
        above = session.scalars(select(UnitVersion.parent_id).where(UnitVersion.unit_id.in_(seen), later))
        waiting = set(above) - {None} - seen


def _plain(facts: Facts) -> dict[str, Any]:
    return {key: getattr(value, "value", value) for key, value in asdict(facts).items()}


def _plain_post(details: PostDetails) -> dict[str, Any]:
    return {key: getattr(value, "value", value) for key, value in asdict(details).items()}
