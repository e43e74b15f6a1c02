"""One-time links to set a password: given out by an administrator, or asked for by the person.

Only a token's hash is kept; the token itself is shown once, to whoever it was made for.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher
from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.errors import Refused
from lms.people.models import Account, LinkPurpose, Person, SignInLink
from lms.people.passwords import set_password
from lms.people.queries import link_by_hash

ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not taken for one another when typed from paper."""
GROUPS: Final = (5, 5, 5, 5)
"""Twenty of them (99 bits), in groups."""

FIRST_PASSWORD_VALID: Final = timedelta(days=30)
RESET_VALID: Final = timedelta(minutes=60)


def new_token() -> str:
    """A token that can be read from paper and typed, such as `k7mq2-…`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(size)) for size in GROUPS)


def normal_token(typed: str) -> str:
    """A token as it was given out, from how somebody typed it: letters small, hyphens in their places."""
    letters = "".join(c for c in typed.lower() if c in ALPHABET)[: sum(GROUPS)]
    parts, start = [], 0
    for size in GROUPS:
        parts.append(letters[start : start + size])
        start += size
    return "-".join(part for part in parts if part)


def token_hash(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def revoke_links(session: Session, account_ids: Iterable[int], *, at: datetime) -> None:
    """Revoke every link of these accounts that could still be used."""
    session.execute(
        update(SignInLink)
        .where(
            SignInLink.account_id.in_(list(account_ids)), SignInLink.used_at.is_(None), SignInLink.revoked_at.is_(None)
        )
        .values(revoked_at=at)
    )


def make_links(
    session: Session, accounts: Iterable[Account], purpose: LinkPurpose, *, actor_id: int | None, at: datetime
) -> dict[int, tuple[str, datetime]]:
    """A new link for each account, older ones revoked; account id -> (token, expiry). 30 days for a first password,
    60 minutes for a reset."""
    chosen = list(accounts)
    expires = at + (RESET_VALID if purpose is LinkPurpose.reset else FIRST_PASSWORD_VALID)
    revoke_links(session, [account.id for account in chosen], at=at)
    tokens: dict[int, tuple[str, datetime]] = {}
    for account in chosen:
        token = new_token()
        session.add(
            SignInLink(
                account_id=account.id,
                token_hash=token_hash(token),
                purpose=purpose,
                created_at=at,
                created_by_id=actor_id,
                expires_at=expires,
            )
        )
        tokens[account.id] = (token, expires)
    session.flush()
    return tokens


def open_link(session: Session, token: str, *, at: datetime) -> tuple[SignInLink, Account, Person]:
    """The link of a token that can still be used, with its account and person.

    Raises Refused: `link_unknown`, `link_used`, `link_revoked` (a newer one was given out) or `link_expired`.
    """
    found = link_by_hash(session, token_hash(token))
    if found is None or found[1].disabled_at is not None:
        raise Refused("link_unknown")
    link = found[0]
    if link.used_at is not None:
        raise Refused("link_used")
    if link.revoked_at is not None:
        raise Refused("link_revoked")
    if link.expires_at <= at:
        raise Refused("link_expired")
    return found


def use_link(
    session: Session, token: str, password: str, *, hasher: PasswordHasher, at: datetime
) -> tuple[Account, Person]:
    """Set the password by a link, once; the account's other links and sessions end.

    Raises what `open_link` and the password rules say; of two uses at once, the later gets `link_used`.
    """
    link, account, person = open_link(session, token, at=at)
    action = "account.password_reset" if link.purpose is LinkPurpose.reset else "account.password_set"
    taken = session.scalar(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None), SignInLink.revoked_at.is_(None))
        .values(used_at=at)
        .returning(SignInLink.id)
    )
    if taken is None:
        raise Refused("link_used")
    set_password(session, account, person, password, hasher=hasher, action=action, actor_id=account.id, at=at)
    revoke_links(session, [account.id], at=at)
    return account, person
