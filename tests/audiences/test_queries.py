from __future__ import annotations

from datetime import date

import pytest

from lms.audiences.labels import GROUP_LABELS
from lms.audiences.queries import group_people, groups_of_people, groups_of_person
from lms.audiences.rules import GROUP_RULES, Band, LearnerGroup, PostRule
from lms.units.models import Sector, UnitKind
from tests.factories.people import make_person
from tests.factories.units import make_post, make_term, make_unit

ON = date(2026, 6, 22)


@pytest.fixture
def commune(session):
    return make_unit(session, "Công đoàn phường", "direct_upper", make_unit(session, "LĐLĐ tỉnh", "provincial"))


def groups(session, person, on=ON):
    return {found.group.value for found in groups_of_person(session, person.id, on)}


@pytest.mark.parametrize(
    ("level", "title", "facts", "expected"),
    [
        ("provincial", "board_head", {"full_time": True}, {"fulltime_upper", "fulltime"}),
        ("central", "specialist", {"full_time": True}, {"fulltime_upper", "fulltime"}),
        ("direct_upper", "specialist", {"full_time": True}, {"fulltime_direct_upper", "fulltime"}),
        ("grassroots", "chair", {}, {"grassroots_chair", "grassroots_exec", "non_fulltime"}),
        ("grassroots", "executive_committee_member", {}, {"grassroots_exec", "non_fulltime"}),
        ("group", "group_deputy", {}, {"union_group_leader", "non_fulltime"}),
        ("grassroots", "womens_affairs_head", {}, {"womens_affairs", "non_fulltime"}),
        ("grassroots", "accountant", {"womens_affairs": True}, {"womens_affairs", "non_fulltime"}),
        ("grassroots", "accountant", {"full_time": None, "womens_affairs": None}, set()),
        ("direct_upper", "chair", {"first_time": True}, {"key_leader_new", "non_fulltime"}),
        ("direct_upper", "chair", {"first_time": True, "selection": "designated"}, {"non_fulltime"}),
    ],
)
def test_which_posts_make_which_groups(session, level, title, facts, expected):
    unit = make_unit(session, "Đơn vị", level)
    assert groups(session, make_post(session, unit, title, **facts).person) == expected


def test_new_key_leaders_are_those_of_the_term(session, commune):
    make_term(session, commune, "2024-07-01")
    old = make_post(session, commune, "chair", first_time=True, starts="2024-06-30").person
    new = make_post(session, commune, "chair", first_time=True, starts="2024-07-01").person
    assert "key_leader_new" not in groups(session, old)
    assert "key_leader_new" in groups(session, new)


@pytest.mark.parametrize(
    ("sector", "kind", "belongs"),
    [
        ("non_state", "enterprise", True),
        ("fdi", "enterprise", True),
        ("state", "enterprise", False),
        ("fdi", "agency", False),
        (None, "enterprise", False),
    ],
)
def test_chairs_of_non_state_enterprises(session, sector, kind, belongs):
    unit = make_unit(session, sector=Sector(sector) if sector else None, kind=UnitKind(kind))
    assert ("grassroots_chair_nonstate" in groups(session, make_post(session, unit, "chair").person)) is belongs


def test_posts_out_of_force_and_units_out_of_force_make_no_group(session):
    person = make_person(session)
    make_post(session, make_unit(session), "chair", person, ends="2026-06-22")
    make_post(session, make_unit(session, ended="2026-06-01"), "chair", person)
    assert groups(session, person) == set()
    assert groups(session, person, date(2026, 5, 31)) == {"grassroots_chair", "grassroots_exec", "non_fulltime"}


def test_the_posts_that_say_so(session, commune):
    unit = make_unit(session, "CĐCS Dệt", parent=commune)
    post = make_post(session, unit, "chair", starts="2026-03-12")
    found = {item.group: item for item in groups_of_person(session, post.person_id, ON)}[LearnerGroup.grassroots_chair]
    assert (found.post_id, found.unit_id, found.unit_name, found.since) == (
        post.id,
        unit.id,
        "CĐCS Dệt",
        date(2026, 3, 12),
    )
    assert set(groups_of_people(session, [post.person_id, 10**6], ON)) == {post.person_id}


def test_people_of_a_group_below_a_unit(session, commune):
    inside = make_post(session, make_unit(session, parent=commune), "chair")
    make_post(session, make_unit(session), "chair")
    select = group_people(LearnerGroup.grassroots_chair, commune.id, ON)
    assert list(session.scalars(select)) == [inside.person_id]
    assert list(session.scalars(group_people(LearnerGroup.trainer, commune.id, ON))) == []


def test_every_group_has_a_label_and_memberships_have_no_rule():
    assert set(GROUP_LABELS) == set(LearnerGroup)
    assert {group.value for group in set(LearnerGroup) - set(GROUP_RULES)} == {
        "trainer", "collaborator", "core_member", "succession_pool",
    }  # fmt: skip


def test_bands_are_half_open():
    band = Band(1000, 2500)
    assert [number in band for number in (999, 1000, 2499, 2500)] == [False, True, True, False]


def test_what_a_rule_needs():
    rule = PostRule(any_of=(PostRule(full_time=False), PostRule(members=Band(1))))
    assert rule.needs("members")
    assert not rule.needs("workers")
    assert not rule.without_unit_facts().needs("members")
