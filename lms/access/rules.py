"""Who may do what: the permissions, and the table role -> permissions."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from lms.access.models import Role


@dataclass(frozen=True)
class Actor:
    """Whoever acts: an account's holder, or the system itself (no account)."""

    account_id: int | None
    person_id: int | None
    name: str


SYSTEM = Actor(None, None, "system")
"""The installation itself: commands on the server, jobs without a person behind them."""


class Permission(enum.Enum):
    """What can be permitted within a unit's subtree. (What is one's own needs no permission.)"""

    view_units = "view_units"
    """See units, their history, posts and terms."""
    view_people = "view_people"
    """See people, their posts and their training ledger."""
    manage_people = "manage_people"
    """Change people and posts; give out sign-in links."""
    import_roster = "import_roster"
    """Check and load roster workbooks; export the roster."""
    view_indicators = "view_indicators"
    """See indicators with the names behind them."""
    assign_courses = "assign_courses"
    """Require courses of learner groups or people."""
    publish_courses = "publish_courses"
    """Publish and withdraw courses of the unit."""
    view_register = "view_register"
    """See the register of certificates."""
    revoke_certificates = "revoke_certificates"
    """Revoke certificates by decision."""
    manage_access = "manage_access"
    """Give and end roles in the unit and below."""
    view_audit = "view_audit"
    """Read the audit trail."""
    manage_installation = "manage_installation"
    """Jobs, settings and health of the whole installation."""


_VIEW = frozenset({Permission.view_units, Permission.view_people, Permission.view_indicators, Permission.view_register})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.system_admin: frozenset(Permission),
    Role.training_admin: _VIEW
    | {
        Permission.manage_people,
        Permission.import_roster,
        Permission.assign_courses,
        Permission.publish_courses,
        Permission.revoke_certificates,
        Permission.manage_access,
        Permission.view_audit,
    },
    Role.viewer: _VIEW,
    Role.trainer: frozenset({Permission.publish_courses}),
}


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """The roles that carry a permission."""
    return tuple(role for role in Role if permission in PERMISSIONS[role])


def may_grant(own: frozenset[Permission], role: Role) -> bool:
    """Whether somebody holding `own` permissions somewhere may give `role` there: never more than one has."""
    return Permission.manage_access in own and PERMISSIONS[role] <= own
