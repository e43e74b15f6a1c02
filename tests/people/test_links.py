"""One-time links: used once, in time, the newest only."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.audit.models import AuditEvent
from lms.errors import Refused
from lms.people.accounts import ensure_account
from lms.people.links import make_links, open_link, token_hash, use_link
from lms.people.models import Account, LinkPurpose, SignInLink
from tests.factories.passwords import CHEAP, PASSWORD
from tests.factories.people import make_account, make_person


@pytest.fixture
def account(session):
    return make_account(session)


def make(session, account, now, purpose=LinkPurpose.first_password):
    return make_links(session, [account], purpose, actor_id=None, at=now)[account.id][0]


def use(session, token, now, password=PASSWORD):
    return use_link(session, token, password, hasher=CHEAP, at=now)


def test_a_link_sets_the_password_and_only_its_hash_is_kept(session, account, now):
    token = make(session, account, now)
    kept = session.scalars(select(SignInLink)).one()
    assert kept.token_hash == token_hash(token)
    used, person = use(session, token, now)
    assert (used.id, person.id) == (account.id, account.person_id)
    assert CHEAP.verify(account.password_hash, PASSWORD)


def test_a_link_works_once(session, account, now):
    token = make(session, account, now)
    use(session, token, now)
    with pytest.raises(Refused, match="link_used"):
        use(session, token, now, "chín con mèo mướp")
    assert CHEAP.verify(account.password_hash, PASSWORD)


@pytest.mark.parametrize(
    ("purpose", "valid"),
    [(LinkPurpose.first_password, timedelta(days=30)), (LinkPurpose.reset, timedelta(minutes=60))],
)
def test_a_link_ends_in_time(session, account, now, purpose, valid):
    token = make(session, account, now, purpose)
    open_link(session, token, at=now + valid - timedelta(seconds=1))
    with pytest.raises(Refused, match="link_expired"):
        use(session, token, now + valid)
    assert account.password_hash is None


def test_a_newer_link_revokes_the_older_ones(session, account, now):
    older, newer = make(session, account, now), make(session, account, now)
    with pytest.raises(Refused, match="link_revoked"):
        use(session, older, now)
    use(session, newer, now)


def test_using_a_link_revokes_the_accounts_other_links(session, account, now):
    token = make(session, account, now)
    other = SignInLink(
        account_id=account.id,
        token_hash=token_hash("other"),
        purpose=LinkPurpose.reset,
        created_at=now,
        expires_at=now + timedelta(hours=1),
    )
    session.add(other)
    session.flush()
    use(session, token, now)
    session.refresh(other)
    assert other.revoked_at == now


def test_links_of_others_stay(session, account, now):
    stranger = make_account(session, make_person(session, "Trần Văn Bình"))
    token, theirs = make(session, account, now), make(session, stranger, now)
    use(session, token, now)
    assert open_link(session, theirs, at=now)[1].id == stranger.id
    assert stranger.password_hash is None


@pytest.mark.parametrize("token", ["", "-", "abcde-fghjk-mnpqr-stuvw", "x" * 500])
def test_unknown_tokens_are_refused(session, account, now, token):
    make(session, account, now)
    with pytest.raises(Refused, match="link_unknown"):
        use(session, token, now)


def test_a_closed_accounts_link_is_no_link(session, account, now):
    token = make(session, account, now)
    account.disabled_at = now
    with pytest.raises(Refused, match="link_unknown"):
        use(session, token, now)


def test_a_weak_password_is_refused_with_its_field(session, account, now):
    token = make(session, account, now)
    with pytest.raises(Refused, match="password_personal") as refused:
        use(session, token, now, account.person.full_name)
    assert refused.value.field == "password"


def test_setting_a_password_ends_all_sessions(session, account, now):
    use(session, make(session, account, now), now)
    assert account.session_epoch == 1


def test_first_passwords_and_resets_are_told_apart_in_the_trail_without_secrets(session, account, now):
    use(session, make(session, account, now), now)
    use(session, make(session, account, now, LinkPurpose.reset), now, "chín con mèo mướp")
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [e.action for e in events] == ["account.password_set", "account.password_reset"]
    assert all(e.payload == {} for e in events)


def test_an_account_is_made_once(session, now):
    person = make_person(session)
    first = ensure_account(session, person, at=now)
    assert ensure_account(session, person, at=now).id == first.id
    assert first.password_hash is None
    assert session.scalars(select(Account)).all() == [first]
