"""The front page and the health check."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, send_from_directory, url_for
from werkzeug.wrappers import Response

from lms.web.access import PUBLIC, access
from lms.web.database import ping
from lms.web.identity import signed_in

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@access(PUBLIC)
def home() -> str | Response:
    """What this is, for visitors; whoever is signed in goes to work."""
    user = signed_in()
    if user is not None:
        return redirect(url_for("indicators.home" if user.permissions else "learning.mine"))
    pages = {
        name: url_for(name) for name in ("catalogue.index", "certificates.lookup") if name in current_app.view_functions
    }
    return render_template(
        "public/home.html", catalogue_url=pages.get("catalogue.index"), lookup_url=pages.get("certificates.lookup")
    )


@blueprint.get("/suc-khoe")
@access(PUBLIC)
def health() -> dict[str, str]:
    """Whether the application and its database answer."""
    ping()
    return {"status": "ok"}


@blueprint.get("/favicon.ico")
@access(PUBLIC)
def favicon() -> Response:
    """The icon at the address where browsers look for it unasked."""
    return send_from_directory(current_app.static_folder or "", "favicon.svg", mimetype="image/svg+xml")
