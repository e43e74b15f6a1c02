"""The web edge: the only place that knows Flask and WTForms."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from lms.settings import Settings
from lms.web.access import check_declared
from lms.web.accounts import views as accounts
from lms.web.catalogue import views as catalogue
from lms.web.certificates import views as certificates
from lms.web.database import init_database
from lms.web.errors import init_errors
from lms.web.filters import init_filters
from lms.web.identity import current_locale, current_theme, init_identity, signed_in
from lms.web.imports import views as imports
from lms.web.indicators import views as indicators
from lms.web.learning import views as learning
from lms.web.nav import admin_unit_name, rail_for, tabs_for
from lms.web.paging import KeyConverter
from lms.web.people import views as people
from lms.web.public import views as public
from lms.web.roles import views as roles
from lms.web.security import init_security
from lms.web.units import views as units

SECTIONS = (
    public.blueprint,
    accounts.blueprint,
    roles.blueprint,
    people.blueprint,
    units.blueprint,
    catalogue.blueprint,
    learning.blueprint,
    certificates.blueprint,
    indicators.blueprint,
    imports.blueprint,
)

csrf = CSRFProtect()


def register(app: Flask, settings: Settings) -> None:
    """Give the application its database session, identity, pages and manners."""
    init_database(app, settings)
    init_identity(app)
    csrf.init_app(app)
    Babel(app, locale_selector=current_locale)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    init_filters(app)
    init_security(app, settings)
    app.url_map.converters["int"] = KeyConverter
    init_errors(app)
    for section in SECTIONS:
        app.register_blueprint(section)
    app.context_processor(_context)
    check_declared(app)


@cache
def _fingerprint(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(path: str) -> str:
    """The address of a static file, with its content's fingerprint, so that it may be cached for ever."""
    from flask import current_app

    file = Path(current_app.static_folder or "") / path
    return url_for("static", filename=path, v=_fingerprint(file, file.stat().st_mtime))


def _endpoint(name: str) -> str | None:
    from flask import current_app

    return url_for(name) if name in current_app.view_functions else None


def _context() -> dict[str, Any]:
    user = signed_in()
    shared = {
        "asset": asset,
        "locale": current_locale(),
        "theme": current_theme(),
        "home_url": "/",
        "login_url": _endpoint("accounts.sign_in"),
        "logout_url": _endpoint("accounts.sign_out"),
        "account_url": _endpoint("accounts.account"),
        "switch_language_url": _endpoint("accounts.language"),
        "switch_theme_url": _endpoint("accounts.theme"),
    }
    if user is None:
        return {**shared, "me": None, "nav": [], "tabs": []}
    nav = rail_for(user)
    described = {
        "name": user.person.full_name,
        "address_name": user.person.ten,
        "initials": user.person.initials,
        "admin_unit_name": admin_unit_name(user) if nav else None,
        "unread": 0,
    }
    return {**shared, "me": described, "user": user, "nav": nav, "tabs": tabs_for(user)}
