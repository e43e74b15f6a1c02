"""Words for roles."""

from __future__ import annotations

import enum

from lms.access.directory import AccountState
from lms.access.models import Role
from lms.i18n import N_

LABELS: dict[enum.Enum | str, str] = {
    Role.system_admin: N_("Quản trị hệ thống"),
    Role.training_admin: N_("Quản trị đào tạo"),
    Role.viewer: N_("Lãnh đạo theo dõi"),
    Role.trainer: N_("Giảng viên kiêm chức"),
}

ACCOUNT_STATES: dict[AccountState, str] = {
    AccountState.no_password: N_("Chưa cấp liên kết"),
    AccountState.link_given: N_("Đã cấp liên kết"),
    AccountState.active: N_("Đã có mật khẩu"),
    AccountState.closed: N_("Đã khoá"),
}
