"""Passwords of test accounts, hashed cheaply."""

from __future__ import annotations

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from lms.people.models import Account

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "mưa rơi trên phố núi"


def give_password(session: Session, account: Account, password: str = PASSWORD) -> Account:
    """Give an account a password."""
    account.password_hash = CHEAP.hash(password)
    session.flush()
    return account
