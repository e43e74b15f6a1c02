"""The blueprint of accounts; the modules beside this one add its pages."""

from __future__ import annotations

from typing import cast

from argon2 import PasswordHasher
from flask import Blueprint, current_app, request

from lms.people.passwords import HASHER

blueprint = Blueprint("accounts", __name__)


def hasher() -> PasswordHasher:
    """What passwords are hashed with here; tests configure a cheaper one."""
    return cast(PasswordHasher, current_app.config.get("PASSWORD_HASHER", HASHER))


def address() -> str:
    """The network address of the request, for throttling and the security log."""
    return request.remote_addr or ""
