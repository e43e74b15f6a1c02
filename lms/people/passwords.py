"""Passwords: checking, setting and changing them; kept as argon2id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.orm import Session

from lms.audit.operations import record
from lms.errors import Refused
from lms.events import Event, publish
from lms.people import throttle
from lms.people.accounts import end_sessions
from lms.people.models import Account, Person
from lms.people.rules import MIN_LENGTH, normal_password, password_fault

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id: 19 MiB, two passes, one thread, so that a class signing in at once does not exhaust a small server.
Tests hand in a cheaper one; passwords kept with other parameters are hashed anew when they are next used."""


@dataclass(frozen=True)
class PasswordSet(Event):
    """An account was given a password, by its holder or through a link."""

    account: Account
    person: Person
    at: datetime


@lru_cache(maxsize=8)
def _decoy(hasher: PasswordHasher) -> str:
    return hasher.hash("no account has this password")


def fits(account: Account | None, password: str, *, hasher: PasswordHasher) -> bool:
    """Whether the password is the account's. Takes as long for an unknown account, or one without password."""
    kept = account.password_hash if account is not None else None
    try:
        hasher.verify(kept or _decoy(hasher), normal_password(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


def refresh_hash(session: Session, account: Account, password: str, *, hasher: PasswordHasher) -> None:
    """Hash a password that was just found right again when the parameters have changed since."""
    if account.password_hash and hasher.check_needs_rehash(account.password_hash):
        account.password_hash = hasher.hash(normal_password(password))
        session.flush()


def set_password(
    session: Session,
    account: Account,
    person: Person,
    password: str,
    *,
    hasher: PasswordHasher,
    action: str,
    actor_id: int | None,
    at: datetime,
) -> None:
    """Give the account a password and end its sessions everywhere; `action` names the act in the audit trail.

    Raises Refused with one of the codes of `rules.password_fault` (field "password").
    """
    chosen = normal_password(password)
    fault = password_fault(chosen, _known_about(person))
    if fault is not None:
        raise Refused(fault, field="password", minimum=MIN_LENGTH)
    account.password_hash = hasher.hash(chosen)
    end_sessions(session, account)
    record(session, actor_id, action, "account", account.id, at=at)
    session.flush()
    publish(session, PasswordSet(account, person, at))


def change_password(
    session: Session,
    account: Account,
    person: Person,
    *,
    current: str,
    new: str,
    hasher: PasswordHasher,
    at: datetime,
) -> None:
    """Change one's own password, knowing the current one.

    Raises Refused("throttled", minutes=…), Refused("current_password_wrong", field="current"), or what the rules say
    of the new one. A wrong current password is counted: the caller commits although it is refused.
    """
    throttle.check(session, throttle.SIGN_IN_ACCOUNT, str(account.id), at=at)
    if not fits(account, current, hasher=hasher):
        throttle.count(session, throttle.SIGN_IN_ACCOUNT, str(account.id), at=at)
        raise Refused("current_password_wrong", field="current")
    set_password(
        session,
        account,
        person,
        new,
        hasher=hasher,
        action="account.password_changed",
        actor_id=account.id,
        at=at,
    )


def _known_about(person: Person) -> list[str | None]:
    born = person.born_on.strftime("%d%m%Y") if person.born_on else None
    words = person.full_name.split(" ")
    email_name = person.email.partition("@")[0] if person.email else None
    return [person.code, person.phone, person.full_name, " ".join(words[-2:]), email_name, born]
