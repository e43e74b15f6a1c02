"""Which assignments apply to whom, live from the roster: reading only (operations give and end them)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, Select, exists, or_, select
from sqlalchemy.orm import Session

from lms.access.queries import within
from lms.access.rules import Actor, Permission
from lms.audiences.queries import GroupPost, groups_of_person
from lms.catalogue.models import Course, CourseVersion
from lms.db import in_force
from lms.learning.models import AssignmentPerson, CourseAssignment, Enrolment, EnrolmentAssignment
from lms.learning.rules import AssigningUnit, responsible_level
from lms.units.models import ABOVE_GRASSROOTS, Level, Post, Title, Unit, UnitVersion
from lms.units.tree import ancestry, members_on, unit_in_force, version_on


@dataclass(frozen=True)
class Requirement:
    """A course that somebody is required to take: by which assignment, until when, and the post that is the reason
    (None: named in person)."""

    assignment: CourseAssignment
    unit_name: str
    post: GroupPost | None


def newest_version() -> Select[int]:
    """A select of the id of the newest version of the `Course` around it."""
    return (
        select(CourseVersion.id)
        .where(CourseVersion.course_id == Course.id)
        .order_by(CourseVersion.number.desc())
        .limit(1)
        .correlate(Course)
    )


def requirements_of(session: Session, person_id: int, on: date) -> list[Requirement]:
    """The assignments that apply to a person on a day: nearest due date first, one per assignment.

    An assignment applies through a post in force in the assigning unit's subtree that belongs to its learner group,
    or by name.
    """
    posts = groups_of_person(session, person_id, on)
    return _requirements(session, person_id, posts, on)


def _requirements(session: Session, person_id: int, posts: list[GroupPost], on: date) -> list[Requirement]:
    up = ancestry(select(Unit.id).where(Unit.id.in_({post.unit_id for post in posts})), on)
    named = exists().where(
        AssignmentPerson.assignment_id == CourseAssignment.id, AssignmentPerson.person_id == person_id
    )
    reached = select(up.c.unit_id)
    rows = session.execute(
        select(CourseAssignment, UnitVersion.name, up.c.origin_id)
        .join(Course, Course.id == CourseAssignment.course_id)
        .join(UnitVersion, (UnitVersion.unit_id == CourseAssignment.unit_id) & version_on(on))
        .outerjoin(up, up.c.unit_id == CourseAssignment.unit_id)
        .where(
            in_force(CourseAssignment.starts_on, CourseAssignment.ended_on, on),
            Course.withdrawn_at.is_(None),
            or_(
                named,
                CourseAssignment.learner_group.in_({post.group.value for post in posts})
                & CourseAssignment.unit_id.in_(reached),
            ),
        )
        .order_by(CourseAssignment.due_on.is_(None), CourseAssignment.due_on, CourseAssignment.id, up.c.origin_id)
    ).all()
    found: dict[int, Requirement] = {}
    for assignment, unit_name, origin_id in rows:
        if assignment.id in found:
            continue
        if assignment.learner_group is None:
            found[assignment.id] = Requirement(assignment, unit_name, None)
            continue
        reason = [p for p in posts if p.group.value == assignment.learner_group and p.unit_id == origin_id]
        if reason:
            found[assignment.id] = Requirement(assignment, unit_name, reason[0])
    return list(found.values())


def assigning_units(session: Session, enrolment: Enrolment, on: date) -> list[AssigningUnit]:
    """The units that assigned the course to the learner while enrolled or today, in the order of their assignments,
    each with its level on the day."""
    today = {
        need.assignment.id
        for need in requirements_of(session, enrolment.person_id, on)
        if need.assignment.course_id == enrolment.course_id
    }
    kept = select(EnrolmentAssignment.assignment_id).where(EnrolmentAssignment.enrolment_id == enrolment.id)
    rows = session.execute(
        select(CourseAssignment.id, CourseAssignment.unit_id, UnitVersion.level)
        .outerjoin(UnitVersion, (UnitVersion.unit_id == CourseAssignment.unit_id) & version_on(on))
        .where(or_(CourseAssignment.id.in_(kept), CourseAssignment.id.in_(today)))
        .order_by(CourseAssignment.id)
    ).all()
    return [AssigningUnit(unit_id, level, place) for place, (_, unit_id, level) in enumerate(rows)]


def responsible_level_of(session: Session, person_id: int, on: date) -> Level | None:
    """The level that the bands of D2-4 make responsible for a person: known for chairs of grassroots unions whose
    member count is known. Where there is no `direct_upper` above, the nearest level above grassroots stands in."""
    row = session.execute(
        select(Post.unit_id, members_on(Post.unit_id, on))
        .join(Unit, Unit.id == Post.unit_id)
        .join(UnitVersion, UnitVersion.unit_id == Unit.id)
        .where(
            Post.person_id == person_id,
            Post.title == Title.chair,
            UnitVersion.level == Level.grassroots,
            in_force(Post.starts_on, Post.ends_on, on),
            unit_in_force(on),
            version_on(on),
        )
        .order_by(Post.starts_on, Post.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    level = responsible_level(row[1])
    if level is not Level.direct_upper:
        return level
    up = ancestry(select(Unit.id).where(Unit.id == row[0]), on)
    levels = list(
        session.scalars(
            select(UnitVersion.level)
            .join(up, up.c.unit_id == UnitVersion.unit_id)
            .where(version_on(on), UnitVersion.level.in_(ABOVE_GRASSROOTS))
            .order_by(up.c.depth)
        )
    )
    return level if Level.direct_upper in levels or not levels else levels[0]


def assignments_in_scope(
    session: Session, actor: Actor, on: date
) -> Select[CourseAssignment, Course, CourseVersion, str]:
    """Rows (assignment, course, newest version, unit's name) of the assignments that the actor may give and end, the
    open ones first."""
    return (
        select(CourseAssignment, Course, CourseVersion, UnitVersion.name)
        .join(Course, Course.id == CourseAssignment.course_id)
        .join(CourseVersion, CourseVersion.id == newest_version().scalar_subquery())
        .join(UnitVersion, (UnitVersion.unit_id == CourseAssignment.unit_id) & version_on(on))
        .where(within(session, actor, Permission.assign_courses, on, CourseAssignment.unit_id))
        .order_by(
            CourseAssignment.ended_on.is_not(None), CourseAssignment.created_at.desc(), CourseAssignment.id.desc()
        )
    )


def assignment_in_scope(session: Session, actor: Actor, assignment_id: int, on: date) -> CourseAssignment | None:
    """One assignment that the actor may end."""
    condition = within(session, actor, Permission.assign_courses, on, CourseAssignment.unit_id)
    return session.scalar(select(CourseAssignment).where(CourseAssignment.id == assignment_id, condition))


def assignable_courses(session: Session) -> list[Row[Course, CourseVersion]]:
    """Published courses that are not withdrawn, each with its newest version, by title."""
    return list(
        session.execute(
            select(Course, CourseVersion)
            .join(CourseVersion, CourseVersion.id == newest_version().scalar_subquery())
            .where(Course.withdrawn_at.is_(None))
            .order_by(CourseVersion.title, Course.id)
        ).all()
    )
