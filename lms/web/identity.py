"""Who is asking: Flask-Login's user, the actor handed to operations, the present and the language of the request."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user, logout_user

from lms.access.models import Grant
from lms.access.queries import account_in_session, permissions_of
from lms.access.rules import Actor, Permission
from lms.i18n import DEFAULT_LOCALE, LOCALES
from lms.people.models import Account, Person
from lms.temporal import vn_today
from lms.web.database import session

login_manager = LoginManager()
REMEMBER_COOKIE = "remember_token"


class SignedIn:
    """The signed-in person: account, person and the roles in force today, read in one query."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Account, person: Person, grants: list[Grant]) -> None:
        self.account = account
        self.person = person
        self.grants = grants
        self.permissions = permissions_of(grants)

    def get_id(self) -> str:
        """The cookie's text: it stops fitting when the person signs out everywhere."""
        return f"{self.account.id}.{self.account.session_epoch}"

    @property
    def actor(self) -> Actor:
        """The actor that operations and queries are given."""
        return Actor(self.account.id, self.person.id, self.person.full_name)

    def can(self, permission: Permission) -> bool:
        """Whether the permission is held anywhere."""
        return permission in self.permissions


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(text: str) -> SignedIn | None:
    account_id, _, epoch = text.partition(".")
    if not (account_id.isdigit() and epoch.isdigit()):
        return None
    found = account_in_session(session, int(account_id), int(epoch), today())
    return SignedIn(*found) if found is not None else None


def signed_in() -> SignedIn | None:
    """The signed-in person, None for a visitor."""
    user = current_user
    return cast(SignedIn, user._get_current_object()) if user and user.is_authenticated else None


def me() -> SignedIn:
    """The signed-in person, on pages that need one."""
    user = signed_in()
    if user is None:
        raise LookupError("nobody is signed in")
    return user


def current_actor() -> Actor:
    """The actor of the request; a visitor is nobody: an actor without account."""
    user = signed_in()
    return user.actor if user else Actor(None, None, "visitor")


def sign_in(account: Account, person: Person, *, remember: bool = False) -> None:
    """Begin a session for the account."""
    cookie.clear()
    login_user(SignedIn(account, person, []), remember=remember)
    if not remember and REMEMBER_COOKIE in request.cookies:
        cookie["_remember"] = "clear"  # it may be somebody else's, who would come back when this session ends


def sign_out() -> None:
    """End this session."""
    cookie.clear()
    logout_user()


def now() -> datetime:
    """The present (aware UTC), the same for the whole request."""
    if "now" not in g:
        g.now = current_app.config["CLOCK"]()
    return cast(datetime, g.now)


def today() -> date:
    """Today in Việt Nam."""
    return vn_today(now())


def current_locale() -> str:
    """The person's language; a visitor's choice is kept in the cookie; Vietnamese else."""
    user = signed_in() if request else None
    chosen: Any = user.account.locale if user else cookie.get("locale") if request else None
    return chosen if chosen in LOCALES else DEFAULT_LOCALE


def current_theme() -> str:
    """auto, light or dark."""
    user = signed_in()
    chosen = user.account.theme if user else cookie.get("theme", "auto")
    return chosen if chosen in {"auto", "light", "dark"} else "auto"


def init_identity(app: Flask) -> None:
    """Wire Flask-Login."""
    login_manager.init_app(app)
    login_manager.session_protection = None
