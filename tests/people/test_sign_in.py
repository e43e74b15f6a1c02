"""Signing in: by what, refused how, throttled when; the security log."""

import contextlib
import unicodedata
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from lms.audit.models import AuditEvent
from lms.errors import Refused
from lms.people.models import ThrottleCounter
from lms.people.passwords import change_password
from lms.people.sign_in import sign_in
from tests.factories.passwords import CHEAP, PASSWORD, give_password
from tests.factories.people import make_account, make_person


def try_in(session, identifier, password=PASSWORD, *, at, address="203.0.113.7", hasher=CHEAP):
    return sign_in(session, identifier, password, address=address, hasher=hasher, at=at)


@pytest.fixture
def account(session):
    person = make_person(session, code="CB-00417", email="hien@congdoan.vn", phone="0912345678")
    return give_password(session, make_account(session, person))


@pytest.mark.parametrize(
    "identifier",
    ["CB-00417", " cb-00417 ", "hien@congdoan.vn", "Hien@CongDoan.VN", "0912345678", "+84 912 345 678", "912.345.678"],
)
def test_code_email_and_phone_all_stand_for_the_person(session, account, now, identifier):
    found, person = try_in(session, identifier, at=now)
    assert found.id == account.id
    assert person.code == "CB-00417"
    assert account.last_sign_in_at == now


@pytest.mark.parametrize("identifier", ["hien@congdoan.vn", "0912345678"])
def test_what_two_people_share_stands_for_neither(session, account, now, identifier):
    make_person(session, "Trần Văn Bình", email="hien@congdoan.vn", phone="0912345678")
    with pytest.raises(Refused, match="sign_in_failed"):
        try_in(session, identifier, at=now)
    assert try_in(session, "CB-00417", at=now)[0].id == account.id


def test_a_password_typed_in_pieces_of_letters_is_the_same(session, account, now):
    assert try_in(session, "CB-00417", unicodedata.normalize("NFD", PASSWORD), at=now)[0].id == account.id


class CountingHasher(PasswordHasher):
    verified = 0

    def verify(self, *args, **kwargs):
        self.verified += 1
        return super().verify(*args, **kwargs)


@pytest.mark.parametrize("case", ["unknown", "wrong", "no_password", "closed", "empty", "no_account"])
def test_every_failure_looks_the_same_and_costs_the_same(session, account, now, case):
    make_person(session, "Lò Văn Hặc", code="CB-2")
    make_account(session, make_person(session, "Bùi Quang Minh", code="CB-3"))
    if case == "closed":
        account.disabled_at = now
    identifier = {"unknown": "CB-9999", "empty": "", "no_account": "CB-2", "no_password": "CB-3"}.get(case, "CB-00417")
    password = "sai mật khẩu rồi" if case == "wrong" else PASSWORD
    hasher = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.raises(Refused) as refused:
        try_in(session, identifier, password, at=now, hasher=hasher)
    assert (refused.value.code, refused.value.field, refused.value.params) == ("sign_in_failed", None, {})
    assert hasher.verified == 1


@pytest.mark.parametrize("identifier", ["CB-00417", "CB-9999"])
def test_ten_failures_close_an_account_for_a_while_known_or_not(session, account, now, identifier):
    for number in range(10):
        with pytest.raises(Refused, match="sign_in_failed"):
            try_in(session, identifier, "sai mật khẩu rồi", at=now, address=f"198.51.100.{number}")
    with pytest.raises(Refused) as refused:
        try_in(session, identifier, at=now)
    assert refused.value.code == "throttled"
    assert 1 <= refused.value.params["minutes"] <= 15


def test_the_right_password_works_again_when_the_window_has_passed(session, account, now):
    for _ in range(10):
        with pytest.raises(Refused, match="sign_in_failed"):
            try_in(session, "CB-00417", "sai mật khẩu rồi", at=now)
    with pytest.raises(Refused, match="throttled"):
        try_in(session, "CB-00417", at=now)
    assert try_in(session, "CB-00417", at=now + timedelta(minutes=15))[0].id == account.id


def test_one_account_is_throttled_under_all_its_names(session, account, now):
    names = ["CB-00417", "hien@congdoan.vn", "0912345678"]
    for number in range(10):
        with pytest.raises(Refused, match="sign_in_failed"):
            try_in(session, names[number % 3], "sai mật khẩu rồi", at=now)
    with pytest.raises(Refused, match="throttled"):
        try_in(session, "CB-00417", at=now)


def test_fifty_failures_close_an_address_for_every_account(session, account, now):
    for number in range(50):
        with pytest.raises(Refused, match="sign_in_failed"):
            try_in(session, f"CB-1{number:04d}", at=now)
    with pytest.raises(Refused, match="throttled"):
        try_in(session, "CB-00417", at=now)
    assert try_in(session, "CB-00417", at=now, address="198.51.100.1")[0].id == account.id


def test_those_who_sign_in_rightly_do_not_use_up_their_address(session, account, now):
    for _ in range(60):
        try_in(session, "CB-00417", at=now)
    assert session.scalars(select(ThrottleCounter)).all() == []


def test_signing_in_forgives_the_accounts_failures(session, account, now):
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(Refused, match="sign_in_failed"):
                try_in(session, "CB-00417", "sai mật khẩu rồi", at=now)
        assert try_in(session, "CB-00417", at=now)[0].id == account.id


def test_old_counters_are_swept_away(session, account, now):
    for days in (0, 2):
        with pytest.raises(Refused):
            try_in(session, "CB-00417", "sai mật khẩu rồi", at=now + timedelta(days=days))
    starts = session.scalars(select(ThrottleCounter.window_start)).all()
    assert all(start > now + timedelta(days=1) for start in starts)


def test_the_hash_is_renewed_when_its_parameters_change(session, account, now):
    before = account.password_hash
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    try_in(session, "CB-00417", at=now, hasher=stronger)
    assert account.password_hash != before
    assert "t=2" in account.password_hash
    renewed = account.password_hash
    try_in(session, "CB-00417", at=now, hasher=stronger)
    assert account.password_hash == renewed


def test_the_security_log_says_who_when_and_from_where_and_no_secret(session, account, now):
    for identifier, password in (("CB-9999", "bí mật của tôi"), ("CB-00417", "bí mật của tôi"), ("CB-00417", PASSWORD)):
        with contextlib.suppress(Refused):
            try_in(session, identifier, password, at=now)
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(e.action, e.subject_id, e.actor_id) for e in events] == [
        ("account.sign_in_failed", None, None),
        ("account.sign_in_failed", account.id, None),
        ("account.signed_in", account.id, account.id),
    ]
    assert all(e.payload == {"address": "203.0.113.7"} for e in events)


def test_changing_the_password_needs_the_current_one_and_is_throttled(session, account, now):
    def change(current, new="chín con mèo mướp"):
        change_password(session, account, account.person, current=current, new=new, hasher=CHEAP, at=now)

    for _ in range(10):
        with pytest.raises(Refused, match="current_password_wrong"):
            change("sai mật khẩu rồi")
    with pytest.raises(Refused, match="throttled"):
        change(PASSWORD)


def test_changing_the_password_ends_all_sessions(session, account, now):
    change_password(session, account, account.person, current=PASSWORD, new="chín con mèo mướp", hasher=CHEAP, at=now)
    assert account.session_epoch == 1
    assert try_in(session, "CB-00417", "chín con mèo mướp", at=now)[0].id == account.id
    with pytest.raises(Refused, match="sign_in_failed"):
        try_in(session, "CB-00417", at=now)
