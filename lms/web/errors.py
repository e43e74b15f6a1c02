"""What people see when something is not there, not theirs, refused, or broken."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from lms.errors import NotAllowed, Refused
from lms.web.database import session
from lms.web.refusals import say

log = structlog.get_logger("lms.web")
_PAGES = {403, 404, 413, 429}


class Application(Flask):
    """Flask, but for what it writes into the log when a request fails."""

    def log_exception(self, exc_info: Any) -> None:
        """Write the route and the error; the path itself may hold a one-time token."""
        rule = request.url_rule.rule if request.url_rule else None
        log.error("request failed", route=rule, method=request.method, exc_info=exc_info)


def init_errors(app: Flask) -> None:
    """Wire the error pages."""

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
        code = error.code or 500
        if code in _PAGES:
            return render_template(f"errors/{code}.html"), code
        if code < 400:
            return error
        return render_template("errors/422.html", message=None), code

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> tuple[str, int]:
        return render_template("errors/csrf.html"), 400

    @app.errorhandler(Refused)
    def _refused(error: Refused) -> tuple[str, int]:
        session.rollback()
        if isinstance(error, NotAllowed):
            return render_template("errors/403.html"), 403
        return render_template("errors/422.html", message=say(error)), 422

    @app.errorhandler(500)
    def _broken(_error: Exception) -> tuple[str, int]:
        session.rollback()
        return render_template("errors/500.html"), 500
