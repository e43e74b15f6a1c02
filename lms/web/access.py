"""Access declared at the route: a route without it fails the build.

`@access(PUBLIC)`, `@access(SIGNED_IN)` or `@access(Permission.x)`: the permission anywhere; the view's operations and
scoped queries hold the rest. `@access(Permission.x, unit="code")`: the permission in the unit whose code is the view's
argument `code`; the view receives the `Unit` itself as `unit`. A unit out of scope answers 404 like an unknown one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access.queries import may
from lms.access.rules import Permission
from lms.units.queries import unit_by_code
from lms.web.database import SAFE, session
from lms.web.identity import current_actor, signed_in, today

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """What a route asks of whoever calls it."""

    permission: Permission | None
    signed_in: bool
    unit_argument: str | None = None


PUBLIC = "public"
SIGNED_IN = "signed_in"


def access(need: Permission | str, *, unit: str | None = None) -> Callable[[View], View]:
    """Declare what a view asks for; put it right above the function, below the route."""
    permission = need if isinstance(need, Permission) else None
    declared = Access(permission, need != PUBLIC, unit)

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(**arguments: Any) -> Any:
            refusal = _check(declared, arguments)
            return refusal if refusal is not None else view(**arguments)

        guarded.__access__ = declared  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _check(declared: Access, arguments: dict[str, Any]) -> Response | None:
    if not declared.signed_in:
        return None
    user = signed_in()
    if user is None:
        flash(_("Mời đồng chí đăng nhập để xem trang này."), "info")
        target = request.full_path.rstrip("?") if request.method in SAFE else None
        return redirect(url_for("accounts.sign_in", next=target))
    if declared.permission is None:
        return None
    if not user.can(declared.permission):
        abort(403)
    if declared.unit_argument is not None:
        code = arguments.pop(declared.unit_argument)
        found = unit_by_code(session, code)
        if found is None or not may(session, current_actor(), declared.permission, found.id, today()):
            abort(404)
        arguments["unit"] = found
    return None


def check_declared(app: Flask) -> None:
    """Fail when a route lacks declared access."""
    missing = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "__access__")
    ]
    if missing:
        raise RuntimeError(f"routes without declared access: {', '.join(sorted(missing))}")
