from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from lms.errors import Refused
from lms.units.models import Level, Term, Unit, UnitCount, UnitVersion
from lms.units.queries import (
    above,
    ancestor_ids,
    ancestors,
    below,
    children,
    children_of,
    grassroots_by_branch,
    orphans,
    posts_on,
    require_in_force,
    search_units,
    subtree_ids,
    unit_view,
    unit_views,
)
from lms.units.tree import Above, level_then, subtree, term_start_on
from tests.factories.people import make_person
from tests.factories.units import make_post, make_term, make_unit
from tests.web_client import QueryCounter

ON = date(2026, 6, 22)


def moved(session: Session, unit: Unit, parent: Unit | None, day: str, **facts: object) -> None:
    """Give the unit a new version from that day."""
    old = session.scalars(
        select(UnitVersion).where(UnitVersion.unit_id == unit.id, UnitVersion.valid_to.is_(None))
    ).one()
    old.valid_to = date.fromisoformat(day)
    session.flush()
    values = {"name": old.name, "level": old.level, "parent_id": parent.id if parent else None, **facts}
    session.add(UnitVersion(unit_id=unit.id, valid_from=date.fromisoformat(day), **values))
    session.flush()


def tree(session: Session, unit: Unit, on: date = ON) -> set[int]:
    return set(session.scalars(subtree_ids(unit.id, on)))


@pytest.fixture
def province(session):
    return make_unit(session, "LĐLĐ tỉnh An Sơn", "provincial", code="AS")


def test_the_tree_follows_dated_parents(session, province):
    district = make_unit(session, "LĐLĐ huyện", "direct_upper", province, ended="2025-07-01")
    commune = make_unit(session, "Công đoàn xã", "direct_upper", province, founded="2025-07-01")
    grassroots = make_unit(session, parent=district)
    section = make_unit(session, "Xưởng 1", "section", grassroots)
    moved(session, grassroots, commune, "2025-07-01")
    before, after = date(2025, 6, 30), date(2025, 7, 1)
    assert tree(session, province, before) == {province.id, district.id, grassroots.id, section.id}
    assert tree(session, province, after) == {province.id, commune.id, grassroots.id, section.id}
    assert tree(session, district, after) == set()
    assert [view.code for view in ancestors(session, section.id, before)] == ["AS", district.code, grassroots.code]
    assert ancestor_ids(session, [section.id], after) == {
        section.id: [section.id, grassroots.id, commune.id, province.id]
    }


def test_a_parent_that_has_ended_leaves_orphans_outside_the_tree(session, province):
    district = make_unit(session, "LĐLĐ huyện", "direct_upper", province, ended="2025-07-01")
    grassroots = make_unit(session, parent=district)
    section = make_unit(session, "Xưởng 1", "section", grassroots)
    assert tree(session, province) == {province.id}
    assert tree(session, grassroots) == {grassroots.id, section.id}
    assert ancestors(session, grassroots.id, ON) == []
    assert [view.id for view in orphans(session, ON)] == [grassroots.id]
    assert orphans(session, date(2025, 6, 30)) == []
    assert unit_view(session, grassroots.id, ON).orphan
    assert not unit_view(session, section.id, ON).orphan


def test_a_parent_holds_from_its_founding(session, province):
    commune = make_unit(session, "Công đoàn xã", "direct_upper", province, founded="2025-07-01")
    grassroots = make_unit(session, parent=commune)
    assert grassroots.id not in tree(session, province, date(2025, 6, 30))
    assert grassroots.id in tree(session, province, date(2025, 7, 1))


def test_branches_and_what_stands_above(session, province):
    commune = make_unit(session, "Công đoàn xã", "direct_upper", province)
    grassroots = make_unit(session, parent=commune)
    member = make_unit(session, "CĐCS thành viên", "grassroots", grassroots)
    direct = make_unit(session, "Trực thuộc tỉnh", "grassroots", province)
    found = subtree(province.id, ON)
    rows = {row.unit_id: row for row in session.execute(select(found))}
    assert {unit: row.branch_id for unit, row in rows.items()} == {
        province.id: None,
        commune.id: commune.id,
        grassroots.id: commune.id,
        member.id: commune.id,
        direct.id: direct.id,
    }
    assert (rows[member.id].direct_upper_above, rows[member.id].upper_level) == (1, "direct_upper")
    assert (rows[direct.id].direct_upper_above, rows[direct.id].upper_level) == (0, "provincial")
    assert above(session, member.id, ON) == Above(direct_upper=True, nearest=Level.direct_upper)
    assert above(session, direct.id, ON) == Above(direct_upper=False, nearest=Level.provincial)
    assert grassroots_by_branch(session, province.id, ON) == {commune.id: 2}


def test_a_cycle_in_the_data_does_not_hang(session, province):
    commune = make_unit(session, "Công đoàn xã", "direct_upper", province)
    moved(session, province, commune, "2026-01-01")
    assert tree(session, province) == {province.id, commune.id}
    assert len(ancestors(session, commune.id, ON)) <= 2


def test_a_unit_as_of_a_day(session, province):
    unit = make_unit(session, "CĐCS cũ", parent=province, founded="2020-01-01", ended="2026-01-01")
    moved(session, unit, province, "2023-05-01", name="CĐCS mới")
    for day, members in ((date(2022, 1, 1), 100), (date(2024, 1, 1), None), (date(2025, 1, 1), 90)):
        session.add(UnitCount(unit_id=unit.id, counted_on=day, members=members, workers=7))
    session.flush()
    seen = {
        day: (view.name, view.members, view.in_force)
        for day in ("2019-06-01", "2022-06-01", "2024-06-01", "2025-12-31", "2026-01-01")
        if (view := unit_view(session, unit.id, date.fromisoformat(day)))
    }
    assert seen == {
        "2019-06-01": ("CĐCS cũ", None, False),
        "2022-06-01": ("CĐCS cũ", 100, True),
        "2024-06-01": ("CĐCS mới", 100, True),
        "2025-12-31": ("CĐCS mới", 90, True),
        "2026-01-01": ("CĐCS mới", 90, False),
    }
    assert unit_view(session, 10**6, ON) is None
    with pytest.raises(Refused, match="unit_not_in_force"):
        require_in_force(unit, date(2026, 1, 1))


def test_level_on_a_day_outside_the_units_life_is_the_nearest_one(session, province):
    unit = make_unit(session, "Trung tâm", "grassroots", province, founded="2024-01-01", ended="2026-01-01")
    moved(session, unit, province, "2025-01-01", level=Level.direct_upper)
    moved(session, unit, province, "2026-03-01", level=Level.central)

    def level(day: str) -> Level | None:
        return session.scalar(select(level_then(literal(unit.id), literal(date.fromisoformat(day)))))

    assert [level(day) for day in ("2020-01-01", "2024-12-31", "2025-01-01", "2026-06-01")] == [
        Level.grassroots,
        Level.grassroots,
        Level.direct_upper,
        Level.direct_upper,
    ]


def test_the_term_of_the_day(session, province):
    make_term(session, province, "2018-04-12", "2023-09-20")
    make_term(session, province, "2023-09-20", "2026-06-22")
    starts = {
        day: session.scalar(select(term_start_on(Unit.id, day)).where(Unit.id == province.id))
        for day in (date(2018, 4, 11), date(2023, 9, 19), date(2023, 9, 20), date(2026, 6, 22))
    }
    assert list(starts.values()) == [None, date(2018, 4, 12), date(2023, 9, 20), None]
    assert session.query(Term).count() == 2


def test_children_levels_first_then_names(session, province):
    last = make_unit(session, "Ánh Dương", "grassroots", province)
    second = make_unit(session, "Xã Z", "direct_upper", province)
    first = make_unit(session, "Xã A", "direct_upper", province)
    make_unit(session, "Đã giải thể", "direct_upper", province, ended="2026-01-01")
    assert [view.id for view in children(session, province.id, ON)] == [first.id, second.id, last.id]
    assert {k: [v.id for v in views] for k, views in children_of(session, [province.id, first.id], ON).items()} == {
        province.id: [first.id, second.id, last.id]
    }


def test_how_much_stands_below(session, province):
    commune = make_unit(session, "Công đoàn xã", "direct_upper", province)
    grassroots = make_unit(session, parent=commune, members=300, workers=350)
    make_unit(session, "CĐCS thành viên", "grassroots", grassroots, members=120)
    person = make_person(session)
    make_post(session, commune, "chair", person)
    make_post(session, grassroots, "chair", person)
    found = below(session, province.id, ON)
    assert (found.units, found.grassroots, found.people, found.members, found.workers) == (3, 2, 1, 300, 350)
    assert below(session, grassroots.id, ON).members is None


def test_search_by_name_without_marks_and_by_code(session, province):
    first = make_unit(session, "CĐCS Đường sắt 100%", parent=province, code="AS-C001")
    make_unit(session, "CĐCS khác", parent=province, code="AS-C002", ended="2026-01-01")
    scope = select(Unit.id).where(Unit.id != first.id)
    assert [view.id for view in search_units(session, "duong SAT", ON)] == [first.id]
    assert [view.id for view in search_units(session, "as-c00", ON)] == [first.id]
    assert [view.id for view in search_units(session, "100%", ON)] == [first.id]
    assert search_units(session, "duong sat", ON, within=scope) == []


def test_posts_by_title_then_name(session, province):
    people = {}
    for title, name in (
        ("specialist", "Lê An"),
        ("vice_chair", "Trần Yên"),
        ("chair", "Vũ Bình"),
        ("vice_chair", "Hà Ánh"),
    ):
        people[name] = make_post(session, province, title, make_person(session, name))
    make_post(session, province, "chair", ends="2026-06-22")
    names = [person.full_name for _, person in session.execute(posts_on(province.id, ON))]
    assert names == ["Vũ Bình", "Hà Ánh", "Trần Yên", "Lê An"]


def test_the_number_of_statements_does_not_depend_on_the_number_of_units(session, province):
    def statements() -> int:
        session.flush()
        with QueryCounter(session.get_bind()) as queries:
            unit_views(session, subtree_ids(province.id, ON), ON)
            ancestors(session, units[-1].id, ON)
        return len(queries)

    units = [make_unit(session, parent=province)]
    units.append(make_unit(session, "Xưởng", "section", units[0]))
    few = statements()
    units += [make_unit(session, parent=units[0]) for _ in range(20)]
    assert statements() == few
