"""Giving out links and closing accounts: for whom, and never upwards."""

import pytest
from sqlalchemy import select

from lms.access.credentials import close_account, issue_link, issue_links, may_manage_account
from lms.access.models import Role
from lms.audit.models import AuditEvent
from lms.errors import NotAllowed, Refused
from lms.people.links import open_link, use_link
from lms.people.models import SignInLink
from lms.temporal import vn_today
from tests.factories.access import actor_of, make_grant, make_world
from tests.factories.passwords import CHEAP, PASSWORD, give_password
from tests.factories.people import make_account, make_person
from tests.factories.units import make_post


@pytest.fixture
def world(session):
    return make_world(session)


def issue(session, account, unit, now, **options):
    return issue_links(session, actor_of(account), unit.id, **{"below": True, **options}, at=now)


def test_everybody_without_password_in_the_branch_gets_a_link(session, world, now):
    give_password(session, world.trainer)
    issued = issue(session, world.admins[0], world.branches[0], now)
    assert {link.person.code for link in issued} == {"CB-1", "QT-2", "QT-4"}
    assert all(open_link(session, link.token, at=now)[2].id == link.person.id for link in issued)
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.unit_id, event.payload["after"]["links"]) == (
        "account.links_issued",
        world.branches[0].id,
        3,
    )
    assert not any(link.token in str(event.payload) for link in issued)


def test_a_second_round_leaves_those_with_a_link_alone(session, world, now):
    first = issue(session, world.admins[0], world.branches[0], now)
    with pytest.raises(Refused, match="links_nobody"):
        issue(session, world.admins[0], world.branches[0], now)
    again = issue(session, world.admins[0], world.branches[0], now, again=True)
    assert len(again) == len(first)
    with pytest.raises(Refused, match="link_revoked"):
        open_link(session, first[0].token, at=now)


def test_only_those_chosen_get_one(session, world, now):
    chosen = [world.chairs[0].id, world.chairs[1].id]
    issued = issue(session, world.admins[0], world.branches[0], now, person_ids=chosen)
    assert [link.person.code for link in issued] == ["CB-1"]


def test_without_what_is_below_only_the_unit_itself(session, world, now):
    issued = issue(session, world.admins[0], world.branches[0], now, below=False)
    assert "CB-1" not in {link.person.code for link in issued}


@pytest.mark.parametrize("who", ["viewer", "trainer", "learner"])
def test_those_not_in_charge_of_people_give_none(session, world, now, who):
    with pytest.raises(NotAllowed):
        issue(session, getattr(world, who), world.branches[0], now)


def test_nothing_is_given_out_in_another_branch_or_above(session, world, now):
    for unit in (world.branches[1], world.unions[1], world.federation):
        with pytest.raises(NotAllowed):
            issue(session, world.admins[0], unit, now)
    with pytest.raises(NotAllowed):
        issue_link(session, actor_of(world.admins[0]), world.chairs[1], at=now)
    assert session.scalars(select(SignInLink)).all() == []


def test_nobody_takes_over_an_account_with_a_greater_role(session, world, now):
    """Somebody of the branch who is in charge of more elsewhere is out of its administrator's reach."""
    boss = make_account(session, make_person(session, "Phó Chủ tịch tỉnh", code="SEP"))
    make_post(session, world.unions[0], "vice_chair", boss.person)
    make_grant(session, boss, Role.viewer, world.federation)
    actor = actor_of(world.admins[0])
    assert "SEP" not in {link.person.code for link in issue(session, world.admins[0], world.branches[0], now)}
    assert not may_manage_account(session, actor, boss.person, vn_today(now))
    for act in (
        lambda: issue_link(session, actor, boss.person, at=now),
        lambda: close_account(session, actor, boss.person, True, at=now),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert issue_link(session, actor_of(world.federation_admin), boss.person, at=now).token


def test_a_former_post_gives_no_power_over_an_account(session, world, now):
    gone = make_account(session, make_person(session, "Người đã chuyển đi"))
    make_post(session, world.unions[0], person=gone.person, ends="2025-01-01")
    make_post(session, world.unions[1], person=gone.person, starts="2025-01-01")
    with pytest.raises(NotAllowed):
        issue_link(session, actor_of(world.admins[0]), gone.person, at=now)
    assert issue_link(session, actor_of(world.admins[1]), gone.person, at=now).token


def test_a_forgotten_password_is_replaced_by_a_slip(session, world, now):
    give_password(session, world.learner)
    issued = issue_link(session, actor_of(world.admins[0]), world.learner.person, at=now)
    assert CHEAP.verify(world.learner.password_hash, PASSWORD)
    use_link(session, issued.token, "chín con mèo mướp", hasher=CHEAP, at=now)
    assert CHEAP.verify(world.learner.password_hash, "chín con mèo mướp")


def test_the_account_is_made_with_its_first_link(session, world, now):
    assert issue_link(session, actor_of(world.admins[1]), world.chairs[1], at=now).person.code == "CB-2"


def test_a_closed_account_is_opened_again(session, world, now):
    actor = actor_of(world.admins[0])
    close_account(session, actor, world.learner.person, True, at=now)
    close_account(session, actor, world.learner.person, True, at=now)
    assert world.learner.disabled_at == now
    assert world.learner.session_epoch == 1
    with pytest.raises(Refused, match="account_closed"):
        issue_link(session, actor, world.learner.person, at=now)
    close_account(session, actor, world.learner.person, False, at=now)
    assert world.learner.disabled_at is None
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["account.disabled", "account.enabled"]


def test_nobody_closes_their_own_account(session, world, now):
    with pytest.raises(Refused, match="own_account"):
        close_account(session, actor_of(world.admins[0]), world.admins[0].person, True, at=now)


def test_more_links_than_one_act_gives_out_are_refused_whole(session, world, now, monkeypatch):
    monkeypatch.setattr("lms.access.credentials.MOST_LINKS", 2)
    with pytest.raises(Refused, match="links_too_many") as refused:
        issue(session, world.admins[0], world.branches[0], now)
    assert refused.value.params == {"most": 2}
    assert session.scalars(select(SignInLink)).all() == []
