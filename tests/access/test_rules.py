"""The table of roles and permissions."""

import pytest

from lms.access.models import Role
from lms.access.rules import PERMISSIONS, Permission, may_grant, roles_with

CHANGING = {
    Permission.manage_people,
    Permission.import_roster,
    Permission.assign_courses,
    Permission.publish_courses,
    Permission.revoke_certificates,
    Permission.manage_access,
    Permission.manage_installation,
}


def test_every_role_has_permissions_and_every_permission_a_role():
    assert set(PERMISSIONS) == set(Role)
    assert all(roles_with(permission) for permission in Permission)


def test_a_viewer_changes_nothing():
    assert not PERMISSIONS[Role.viewer] & CHANGING


def test_only_system_administrators_manage_the_installation():
    assert roles_with(Permission.manage_installation) == (Role.system_admin,)


def test_every_permission_is_described():
    source = __import__("inspect").getsource(Permission)
    assert source.count('"""') == 2 * (len(Permission) + 1)


@pytest.mark.parametrize(
    ("own", "given", "allowed"),
    [
        (Role.system_admin, Role.system_admin, True),
        (Role.training_admin, Role.training_admin, True),
        (Role.training_admin, Role.viewer, True),
        (Role.training_admin, Role.trainer, True),
        (Role.training_admin, Role.system_admin, False),
        (Role.viewer, Role.viewer, False),
        (Role.trainer, Role.trainer, False),
    ],
)
def test_nobody_gives_more_than_they_have(own, given, allowed):
    assert may_grant(PERMISSIONS[own], given) is allowed
