"""What the audit trail says in words: acts, subjects, and the details kept with an act."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext

from lms.access.models import Role
from lms.audit.models import AuditEvent
from lms.i18n import N_
from lms.web.filters import show_label

SUBJECTS: Final = {
    "account": N_("Tài khoản"),
    "access": N_("Phân quyền"),
    "roster": N_("Danh sách cán bộ"),
    "person": N_("Hồ sơ cán bộ"),
    "unit": N_("Đơn vị"),
    "course": N_("Khoá học"),
    "assignment": N_("Giao khoá học"),
    "training_record": N_("Sổ bồi dưỡng"),
    "certificate": N_("Giấy chứng nhận"),
    "issuer": N_("Nơi cấp giấy"),
}
"""The first word of an action's code -> what it is about."""

ACTIONS: Final = {
    "account.signed_in": N_("Đăng nhập"),
    "account.sign_in_failed": N_("Đăng nhập không thành công"),
    "account.signed_out": N_("Đăng xuất"),
    "account.signed_out_everywhere": N_("Đăng xuất mọi thiết bị"),
    "account.reset_asked": N_("Đề nghị đặt lại mật khẩu"),
    "account.password_set": N_("Đặt mật khẩu lần đầu"),
    "account.password_reset": N_("Đặt lại mật khẩu"),
    "account.password_changed": N_("Đổi mật khẩu"),
    "account.link_issued": N_("Cấp phiếu đặt mật khẩu cho một người"),
    "account.links_issued": N_("Cấp liên kết đặt mật khẩu cho đơn vị"),
    "account.disabled": N_("Khoá tài khoản"),
    "account.enabled": N_("Mở lại tài khoản"),
    "access.granted": N_("Giao vai trò"),
    "access.ended": N_("Kết thúc vai trò"),
    "roster.loaded": N_("Nhập danh sách"),
    "person.created": N_("Thêm hồ sơ cán bộ"),
    "person.changed": N_("Sửa hồ sơ cán bộ"),
    "course.published": N_("Phát hành khoá học"),
    "course.withdrawn": N_("Ngừng khoá học"),
    "course.reopened": N_("Mở lại khoá học"),
    "assignment.given": N_("Giao khoá học"),
    "assignment.ended": N_("Thôi giao khoá học"),
    "training_record.added": N_("Ghi sổ bồi dưỡng"),
    "training_record.voided": N_("Huỷ dòng ghi sổ bồi dưỡng"),
    "certificate.issued": N_("Cấp giấy chứng nhận"),
    "certificate.revoked": N_("Thu hồi giấy chứng nhận"),
}


def action_words(action: str) -> str:
    """The act in the reader's language; its code where nobody has written words for it."""
    return gettext(ACTIONS[action]) if action in ACTIONS else action


def details_of(event: AuditEvent) -> list[tuple[str, str]]:
    """What an act kept: (name, value) in the order of the names; values before and after stand side by side."""
    payload: dict[str, Any] = dict(event.payload or {})
    before, after = payload.pop("before", None) or {}, payload.pop("after", None) or {}
    shown = [(name, f"{_value(before[name])} → {_value(after.get(name))}") for name in before]
    shown += [(name, _value(value)) for name, value in after.items() if name not in before]
    shown += [(name, _value(value)) for name, value in payload.items()]
    return sorted(shown)


def _value(value: Any) -> str:
    if isinstance(value, str) and value in {role.value for role in Role}:
        return show_label(Role(value))
    return "–" if value is None else str(value)
