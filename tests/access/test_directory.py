"""Lists of people, roles and events: scoped, searched, sorted."""

import pytest

from lms.access.directory import (
    AccountState,
    PeopleFilter,
    count_states,
    find_people,
    find_units,
    people_in_scope,
    posts_of,
)
from lms.access.listing import TrailFilter, grants_in_scope, trail
from lms.access.rules import Permission
from lms.audit.operations import record
from lms.people.links import make_links
from lms.people.models import LinkPurpose
from lms.temporal import vn_today
from tests.factories.access import actor_of, make_world
from tests.factories.passwords import give_password
from tests.factories.people import make_person
from tests.factories.units import make_post, make_unit

VIEW = Permission.view_people


@pytest.fixture
def world(session):
    return make_world(session)


def codes(session, account, now, **wanted):
    query = people_in_scope(session, actor_of(account), VIEW, PeopleFilter(**wanted), on=vn_today(now), at=now)
    return [row[0].code for row in session.execute(query)]


def test_everybody_sees_their_own_branch_only(session, world, now):
    assert set(codes(session, world.admins[0], now)) == {"CB-1", "QT-2", "QT-4", "QT-5"}
    assert set(codes(session, world.viewer, now)) == {"CB-1", "QT-2", "QT-4", "QT-5"}
    assert set(codes(session, world.admins[1], now)) == {"CB-2", "QT-3"}
    assert len(codes(session, world.federation_admin, now)) == 8
    assert codes(session, world.learner, now) == []
    assert codes(session, world.trainer, now) == []


def test_names_sort_by_ten_then_ho_dem(session, world, now):
    for name, code in (("Trần Văn An", "X1"), ("Lê An", "X2"), ("Vũ Thị Ánh", "X3"), ("Đinh Đức", "X4")):
        make_post(session, world.unions[1], "group_leader", make_person(session, name, code=code))
    assert codes(session, world.admins[1], now) == ["X2", "X1", "X3", "X4", "CB-2", "QT-3"]


@pytest.mark.parametrize("words", ["đỗ văn ước", "do van uoc", "DO VAN", "uoc", "cb-2", "CB-2"])
def test_names_are_found_with_and_without_marks_and_by_code(session, world, now, words):
    assert codes(session, world.admins[1], now, words=words) == ["CB-2"]


def test_signs_of_the_search_language_mean_themselves(session, world, now):
    assert codes(session, world.admins[1], now, words="%") == []
    assert codes(session, world.admins[1], now, words="_") == []


def test_a_unit_is_looked_at_with_or_without_what_is_below(session, world, now):
    branch = world.branches[0].id
    assert "CB-1" in codes(session, world.admins[0], now, unit_id=branch)
    assert "CB-1" not in codes(session, world.admins[0], now, unit_id=branch, below=False)
    assert codes(session, world.admins[0], now, unit_id=world.branches[1].id) == []


def test_former_holders_are_shown_when_asked_for(session, world, now):
    make_post(session, world.unions[0], person=make_person(session, "Trần Cũ", code="CU"), ends="2025-01-01")
    assert "CU" not in codes(session, world.admins[0], now)
    assert "CU" in codes(session, world.admins[0], now, former=True)


def test_states_of_accounts_are_counted_and_listed(session, world, now):
    give_password(session, world.admins[0])
    make_links(session, [world.viewer], LinkPurpose.first_password, actor_id=None, at=now)
    world.trainer.disabled_at = now
    session.flush()
    args = (session, actor_of(world.admins[0]), VIEW, PeopleFilter())
    assert count_states(*args, on=vn_today(now), at=now) == {
        AccountState.no_password: 1,
        AccountState.link_given: 1,
        AccountState.active: 1,
        AccountState.closed: 1,
    }
    expected = {"no_password": "CB-1", "link_given": "QT-4", "active": "QT-2", "closed": "QT-5"}
    for state, code in expected.items():
        assert codes(session, world.admins[0], now, state=AccountState(state)) == [code]


def test_posts_carry_the_units_name_of_the_day(session, world, now):
    held = posts_of(session, [world.chairs[0].id], vn_today(now))[world.chairs[0].id]
    assert [(post.unit.code, post.title.value) for post in held] == [("AS-01-001", "chair")]


def test_units_and_people_are_found_by_code_or_name_within_the_scope(session, world, now):
    actor, on = actor_of(world.admins[0]), vn_today(now)
    make_unit(session, "CĐCS Tân Khê 2", "grassroots", world.branches[0], code="AS-01-0011")

    def units(words):
        return [unit.code for unit in find_units(session, actor, VIEW, words, on)]

    assert units("as-01-001") == ["AS-01-001"]
    assert units("phuong tan khe") == ["AS-01"]
    assert len(units("tân khê")) == 3
    assert units("AS-02") == []
    assert [p.code for p in find_people(session, actor, VIEW, "cb-1", on=on, at=now)] == ["CB-1"]
    assert [p.code for p in find_people(session, actor, VIEW, "thu hien", on=on, at=now)] == ["CB-1"]
    assert find_people(session, actor, VIEW, "CB-2", on=on, at=now) == []
    assert find_people(session, actor, VIEW, " ", on=on, at=now) == []


def test_roles_are_listed_within_the_scope(session, world, now):
    def seen(account):
        return {row[2].code for row in session.execute(grants_in_scope(session, actor_of(account), vn_today(now)))}

    assert seen(world.admins[0]) == {"QT-2", "QT-4", "QT-5"}
    assert seen(world.admins[1]) == {"QT-3"}
    assert seen(world.federation_admin) == {"QT-1", "QT-2", "QT-3", "QT-4", "QT-5"}
    assert seen(world.system_admin) == {"QT-0", "QT-1", "QT-2", "QT-3", "QT-4", "QT-5"}
    assert seen(world.viewer) == set()


def test_the_trail_is_read_within_the_scope(session, world, now):
    record(session, world.admins[0].id, "unit.renamed", "unit", 1, at=now, unit_id=world.unions[0].id)
    record(session, world.admins[1].id, "unit.renamed", "unit", 2, at=now, unit_id=world.unions[1].id)
    record(session, None, "account.sign_in_failed", "account", world.learner.id, at=now, address="203.0.113.7")
    session.flush()

    def seen(account, **wanted):
        rows = session.execute(trail(session, actor_of(account), TrailFilter(**wanted), vn_today(now)))
        return [
            (event.action, doer.code if doer else None, holder.code if holder else None) for event, doer, holder in rows
        ]

    assert seen(world.admins[0]) == [("unit.renamed", "QT-2", None)]
    assert seen(world.viewer) == []
    assert seen(world.system_admin)[0] == ("account.sign_in_failed", None, "CB-1")
    assert len(seen(world.system_admin)) == 3
    assert len(seen(world.system_admin, subject="account")) == 1
    assert len(seen(world.system_admin, account_id=world.admins[1].id)) == 1
    assert seen(world.system_admin, until=vn_today(now).replace(day=1)) == []
    assert len(seen(world.system_admin, since=vn_today(now), until=vn_today(now))) == 3


def test_the_posts_of_more_people_than_a_statement_can_name(session, world, now):
    """A whole federation in one workbook."""
    found = posts_of(session, [*range(10**6, 10**6 + 70_000), world.chairs[0].id], vn_today(now))
    assert [held.unit.id for held in found[world.chairs[0].id]] == [world.unions[0].id]
