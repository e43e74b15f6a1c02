"""The two menus: a learner's tabs, an administrator's rail; each shows what the person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext, ngettext

from lms.access.rules import Permission
from lms.i18n import N_
from lms.units.queries import name_on
from lms.web.database import session
from lms.web.identity import SignedIn, today


@dataclass(frozen=True)
class Item:
    """One entry: where it leads, its words (a short form for narrow tabs), its icon, what it takes to see it.

    `many`: the words name many things, so a language with a plural uses it (Vietnamese writes both alike).
    """

    endpoint: str
    label: str
    icon: str
    permission: Permission | None = None
    short: str | None = None
    many: bool = False


TABS = (
    Item("learning.mine", N_("Việc học của tôi"), "home", short=N_("Việc học")),
    Item("catalogue.index", N_("Khoá học"), "book", many=True),
    Item("learning.record", N_("Sổ bồi dưỡng"), "ledger", short=N_("Kết quả")),
    Item("certificates.mine", N_("Giấy chứng nhận"), "seal", short=N_("Chứng nhận"), many=True),
    Item("accounts.account", N_("Tài khoản"), "user", short=N_("Tôi")),
)

RAIL: tuple[tuple[str | None, tuple[Item, ...]], ...] = (
    (
        None,
        (
            Item("indicators.home", N_("Chỉ tiêu"), "chart", Permission.view_indicators, many=True),
            Item("people.index", N_("Cán bộ"), "people", Permission.view_people, many=True),
            Item("units.index", N_("Đơn vị"), "tree", Permission.view_units, many=True),
        ),
    ),
    (
        N_("Đào tạo"),
        (
            Item("catalogue.index", N_("Khoá học"), "book", many=True),
            Item("learning.assignments", N_("Giao khoá học"), "check", Permission.assign_courses),
            Item("certificates.register", N_("Sổ cấp chứng nhận"), "seal", Permission.view_register),
        ),
    ),
    (
        N_("Dữ liệu"),
        (
            Item("imports.index", N_("Nhập danh sách"), "upload", Permission.import_roster),
            Item("accounts.links", N_("Cấp tài khoản"), "key", Permission.manage_people),
            Item("roles.index", N_("Phân quyền"), "lock", Permission.manage_access),
            Item("roles.audit", N_("Nhật ký"), "clock", Permission.view_audit),
        ),
    ),
    (N_("Của tôi"), (Item("learning.mine", N_("Việc học của tôi"), "home"),)),
)

_ENDPOINTS = {item.endpoint for item in TABS} | {item.endpoint for _, items in RAIL for item in items}


def _entry(item: Item) -> dict[str, Any]:
    current = request.endpoint or ""
    return {
        "endpoint_url": url_for(item.endpoint),
        "label": ngettext(item.label, item.label, 2) if item.many else gettext(item.label),
        "short": gettext(item.short) if item.short else None,
        "icon": item.icon,
        "current": current == item.endpoint
        or (
            current not in _ENDPOINTS
            and current.partition(".")[0] == item.endpoint.partition(".")[0]
            and item.endpoint.endswith((".index", ".home"))
        ),
    }


def _shown(item: Item, user: SignedIn) -> bool:
    return item.endpoint in current_app.view_functions and (item.permission is None or user.can(item.permission))


def tabs_for(user: SignedIn) -> list[dict[str, Any]]:
    """The learner's tabs."""
    return [_entry(item) for item in TABS if _shown(item, user)]


def rail_for(user: SignedIn) -> list[dict[str, Any]]:
    """The administrator's rail; empty for somebody without any role."""
    if not user.permissions:
        return []
    groups = [
        {"label": gettext(label) if label else None, "items": [_entry(item) for item in items if _shown(item, user)]}
        for label, items in RAIL
    ]
    return [group for group in groups if group["items"]]


def admin_unit_name(user: SignedIn) -> str | None:
    """The name of the unit that the person is in charge of, as of today; None without a role."""
    unit_ids = [grant.unit_id for grant in user.grants if grant.unit_id is not None]
    if not unit_ids:
        return current_app.config["SETTINGS"].name if user.grants else None
    return name_on(session, unit_ids[0], today())
