"""Accounts: making them, signing in and out, language and look."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.audit.operations import record
from lms.errors import Refused
from lms.i18n import LOCALES
from lms.people.models import Account, Person

THEMES: Final = ("auto", "light", "dark")


def ensure_account(session: Session, person: Person, *, at: datetime) -> Account:
    """The person's account; made, without password, where there is none yet."""
    query = select(Account).where(Account.person_id == person.id)
    found = session.scalar(query)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            made = Account(person_id=person.id, created_at=at)
            session.add(made)
            session.flush()
    except IntegrityError:
        return session.scalars(query).one()
    return made


def end_sessions(session: Session, account: Account) -> None:
    """Sign the account out on every device: cookies given out so far stop fitting."""
    account.session_epoch += 1
    session.flush()


def sign_out_everywhere(session: Session, account: Account, *, at: datetime) -> None:
    """End one's own sessions on every device; the caller begins a new one on this device."""
    end_sessions(session, account)
    record(session, account.id, "account.signed_out_everywhere", "account", account.id, at=at)


def note_sign_out(session: Session, account: Account, *, address: str, at: datetime) -> None:
    """Note in the security log that somebody signed out."""
    record(session, account.id, "account.signed_out", "account", account.id, at=at, address=address)


def set_locale(session: Session, account: Account, locale: str) -> None:
    """Choose the language of pages and mail. Raises Refused("unknown_locale")."""
    if locale not in LOCALES:
        raise Refused("unknown_locale")
    account.locale = locale
    session.flush()


def set_theme(session: Session, account: Account, theme: str) -> None:
    """Choose a light or dark look, or the device's own (auto). Raises Refused("unknown_theme")."""
    if theme not in THEMES:
        raise Refused("unknown_theme")
    account.theme = theme
    session.flush()


def set_disabled(session: Session, account: Account, disabled: bool, *, actor_id: int | None, at: datetime) -> None:
    """Close an account (its sessions end at once), or open it again; doing so again changes nothing.

    Raises Refused("own_account") when somebody would close their own.
    """
    if disabled == (account.disabled_at is not None):
        return
    if disabled and actor_id == account.id:
        raise Refused("own_account")
    account.disabled_at = at if disabled else None
    end_sessions(session, account)
    action = "account.disabled" if disabled else "account.enabled"
    record(session, actor_id, action, "account", account.id, at=at)
