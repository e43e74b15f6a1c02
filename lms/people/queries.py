"""Finding people and accounts. What an actor may see of many people is asked of `lms.access.directory`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lms.people.models import Account, Person, SignInLink
from lms.text import clean, normal_phone


def person_by_code(session: Session, code: str) -> Person | None:
    """The person with that cadre code; letters may be given small where nobody has the code as it was typed."""
    typed = clean(code)
    found = session.scalars(select(Person).where(Person.code.in_({typed, typed.upper()})).order_by(Person.id)).all()
    return min(found, key=lambda person: person.code != typed, default=None)


def holder_of(session: Session, identifier: str) -> Person | None:
    """The one person a typed cadre code, e-mail or phone number stands for.

    The code comes first. An e-mail or phone number that several people share stands for none of them.
    """
    typed = clean(identifier)
    if not typed:
        return None
    by_code = person_by_code(session, typed)
    if by_code is not None:
        return by_code
    phone = normal_phone(typed)
    condition: ColumnElement[bool]
    if "@" in typed:
        condition = Person.email.in_({typed, typed.lower()})
    elif phone is not None:
        condition = Person.phone == phone
    else:
        return None
    found = list(session.scalars(select(Person).where(condition).order_by(Person.id).limit(2)))
    return found[0] if len(found) == 1 else None


def account_of(session: Session, person_id: int) -> Account | None:
    """The person's account."""
    return session.scalar(select(Account).where(Account.person_id == person_id))


def account_with_person(session: Session, account_id: int) -> tuple[Account, Person] | None:
    """An account and whose it is."""
    row = session.execute(
        select(Account, Person).join(Person, Person.id == Account.person_id).where(Account.id == account_id)
    ).first()
    return (row[0], row[1]) if row else None


def link_by_hash(session: Session, token_hash: bytes) -> tuple[SignInLink, Account, Person] | None:
    """A sign-in link, its account and person, by the hash of its token."""
    row = session.execute(
        select(SignInLink, Account, Person)
        .join(Account, Account.id == SignInLink.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(SignInLink.token_hash == token_hash)
    ).first()
    return (row[0], row[1], row[2]) if row else None


def open_links(session: Session, account_ids: list[int], *, at: datetime) -> list[SignInLink]:
    """The links of accounts that can still be used, the oldest first."""
    return list(
        session.scalars(
            select(SignInLink)
            .where(
                SignInLink.account_id.in_(account_ids),
                SignInLink.used_at.is_(None),
                SignInLink.revoked_at.is_(None),
                SignInLink.expires_at > at,
            )
            .order_by(SignInLink.id)
        )
    )
