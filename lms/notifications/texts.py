"""What mail says: subject and body per template, with `%(name)s` places; Vietnamese msgids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lms.i18n import N_, translate


@dataclass(frozen=True)
class MailText:
    """Subject and body of a kind of mail."""

    subject: str
    body: str

    def subject_in(self, locale: str) -> str:
        """The subject in a language."""
        return translate(locale, self.subject)

    def body_in(self, locale: str, **places: object) -> str:
        """The body in a language, its places filled."""
        return translate(locale, self.body, **places)


TEXTS: Final[dict[str, MailText]] = {
    "reset_link": MailText(
        N_("Đặt lại mật khẩu"),
        N_(
            "Kính gửi đồng chí %(name)s,\n\n"
            "Đồng chí vừa đề nghị đặt lại mật khẩu trên hệ thống %(site)s. Mở liên kết sau để đặt mật khẩu mới:\n\n"
            "%(link)s\n\n"
            "Liên kết dùng được một lần, đến %(until)s. Nếu đồng chí không đề nghị việc này, hãy bỏ qua thư; "
            "mật khẩu hiện tại vẫn giữ nguyên.\n\n"
            "Đây là thư tự động, đồng chí không cần trả lời.\n"
        ),
    ),
    "password_set": MailText(
        N_("Mật khẩu của đồng chí vừa được thay đổi"),
        N_(
            "Kính gửi đồng chí %(name)s,\n\n"
            "Mật khẩu tài khoản của đồng chí trên hệ thống %(site)s đã được thay đổi lúc %(time)s. "
            "Các thiết bị khác đã được đăng xuất.\n\n"
            "Nếu không phải đồng chí thực hiện, hãy đặt lại mật khẩu ngay tại %(base_url)s/quen-mat-khau "
            "và báo cho người quản trị của đơn vị.\n\n"
            "Đây là thư tự động, đồng chí không cần trả lời.\n"
        ),
    ),
}
