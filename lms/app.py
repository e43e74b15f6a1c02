"""Where everything meets: the application, and the wiring of events."""

from __future__ import annotations

import hashlib
from functools import cache

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.keys import secret_key
from lms.settings import Settings, load_settings, resource
from lms.temporal import Clock, utc_now
from lms.web.errors import Application
from lms.wiring import connect


@cache
def wire() -> None:
    """Connect the slices' events with the handlers above them, and register the jobs' handlers. Done once."""
    connect()


def create_app(settings: Settings | None = None, *, clock: Clock = utc_now, testing: bool = False) -> Flask:
    """The web application for an installation's settings (from the environment where none are given)."""
    from lms import cli, web

    chosen = settings or load_settings()
    wire()
    app = Application("lms.web", static_folder=str(resource("static")), static_url_path="/static")
    app.config.update(
        SETTINGS=chosen,
        CLOCK=clock,
        TESTING=testing,
        SECRET_KEY=secret_key(chosen.instance) if not testing else hashlib.sha256(b"test").hexdigest(),
        MAX_CONTENT_LENGTH=chosen.max_upload_mb * 1024 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
        BABEL_TRANSLATION_DIRECTORIES=str(resource("translations")),
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        WTF_CSRF_TIME_LIMIT=None,
        DEBUG=False,
    )
    if chosen.trusted_proxies:
        hops = chosen.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    web.register(app, chosen)
    cli.register(app)
    return app
