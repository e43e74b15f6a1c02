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
    "post": N_("Chức vụ"),
    "unit": N_("Đơn vị"),
    "term": N_("Nhiệm kỳ"),
    "course": N_("Khoá học"),
    "assignment": N_("Giao khoá học"),
    "record": N_("Sổ bồi dưỡng"),
    "certificate": N_("Giấy chứng nhận"),
    "issuer_profile": N_("Nơi cấp giấy"),
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
    "post.opened": N_("Ghi chức vụ mới"),
    "post.changed": N_("Sửa chức vụ"),
    "unit.created": N_("Thêm đơn vị"),
    "unit.changed": N_("Ghi thay đổi của đơn vị"),
    "unit.ended": N_("Ghi ngày kết thúc của đơn vị"),
    "unit.counted": N_("Ghi số đoàn viên, lao động"),
    "term.opened": N_("Ghi nhiệm kỳ mới"),
    "record.voided": N_("Huỷ dòng ghi sổ bồi dưỡng"),
    "certificate.issued": N_("Cấp giấy chứng nhận"),
    "certificate.revoked": N_("Thu hồi giấy chứng nhận"),
    "issuer_profile.set": N_("Đặt thông tin nơi cấp giấy"),
}

DETAILS: Final = {
    "address": N_("Địa chỉ mạng"),
    "role": N_("Vai trò"),
    "links": N_("Số liên kết"),
    "below": N_("Cả đơn vị trực thuộc"),
    "again": N_("Cấp lại"),
    "reason": N_("Lý do"),
    "decision_no": N_("Số quyết định"),
    "effective_on": N_("Có hiệu lực từ"),
    "serial_no": N_("Số hiệu"),
    "file": N_("Tên tệp"),
    "sha256": N_("Mã kiểm tra tệp"),
    "counts": N_("Số dòng"),
    "name": N_("Tên"),
    "code": N_("Mã"),
    "level": N_("Cấp"),
    "starts_on": N_("Bắt đầu"),
    "ends_on": N_("Kết thúc"),
    "ended_on": N_("Ngày kết thúc"),
    "members": N_("Đoàn viên"),
    "workers": N_("Lao động"),
    "slug": N_("Mã khoá học"),
    "title": N_("Tên khoá học"),
    "version": N_("Phiên bản"),
    "person_id": N_("Số hồ sơ cán bộ"),
    "achieved_on": N_("Ngày hoàn thành"),
    "areas": N_("Lĩnh vực"),
    "mode": N_("Hình thức"),
    "hours": N_("Số giờ"),
    "source": N_("Nguồn"),
    "learner_group": N_("Nhóm đối tượng"),
    "due_on": N_("Hạn hoàn thành"),
}
"""What is kept with acts, in words."""


def action_words(action: str) -> str:
    """The act in the reader's language; its code where nobody has written words for it."""
    return gettext(ACTIONS[action]) if action in ACTIONS else action


def details_of(event: AuditEvent) -> list[tuple[str, str]]:
    """What an act kept: (name, value) in the order of the names; values before and after stand side by side."""
    payload: dict[str, Any] = dict(event.payload or {})
    before, after = payload.pop("before", None) or {}, payload.pop("after", None) or {}
    shown = [(_name(name), f"{_value(before[name])} → {_value(after.get(name))}") for name in before]
    shown += [(_name(name), _value(value)) for name, value in after.items() if name not in before]
    shown += [(_name(name), _value(value)) for name, value in payload.items()]
    return sorted(shown)


def _name(name: str) -> str:
    return str(gettext(DETAILS[name])) if name in DETAILS else name


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(gettext("Có") if value else gettext("Không"))
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if isinstance(value, dict):
        return "; ".join(f"{_name(name)}: {_value(part)}" for name, part in value.items())
    if isinstance(value, str) and value in {role.value for role in Role}:
        return show_label(Role(value))
    return "–" if value is None else str(value)
