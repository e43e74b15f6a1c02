"""Signing in with a cadre code, e-mail or phone number, and a password."""

from __future__ import annotations

from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from lms.audit.operations import record
from lms.errors import Refused
from lms.people import throttle
from lms.people.models import Account, Person
from lms.people.passwords import fits, refresh_hash
from lms.people.queries import account_of, holder_of
from lms.text import fold


def sign_in(
    session: Session, identifier: str, password: str, *, address: str, hasher: PasswordHasher, at: datetime
) -> tuple[Account, Person]:
    """Check who signs in and note it in the security log.

    Raises Refused("throttled", minutes=…) or Refused("sign_in_failed"): the same, after the same work, whether the
    account is unknown, closed, without password, or the password is wrong. Failures are counted per account and per
    network address: the caller commits although it is refused.
    """
    network = throttle.network_key(address)
    person = holder_of(session, identifier)
    account = account_of(session, person.id) if person is not None else None
    key = str(account.id) if account is not None else throttle.text_key(fold(identifier))
    throttle.check(session, throttle.SIGN_IN_ADDRESS, network, at=at)
    throttle.check(session, throttle.SIGN_IN_ACCOUNT, key, at=at)
    right = fits(account, password, hasher=hasher)
    if not right or account is None or person is None or account.disabled_at is not None:
        throttle.count(session, throttle.SIGN_IN_ADDRESS, network, at=at)
        throttle.count(session, throttle.SIGN_IN_ACCOUNT, key, at=at)
        failed = account.id if account is not None else None
        record(session, None, "account.sign_in_failed", "account", failed, at=at, address=address)
        session.flush()
        raise Refused("sign_in_failed")
    throttle.forgive(session, throttle.SIGN_IN_ACCOUNT, key, at=at)
    refresh_hash(session, account, password, hasher=hasher)
    account.last_sign_in_at = at
    record(session, account.id, "account.signed_in", "account", account.id, at=at, address=address)
    session.flush()
    return account, person
