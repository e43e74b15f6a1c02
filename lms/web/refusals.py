"""Words for refusal codes; `say(refused)` gives them in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from lms.errors import Refused
from lms.i18n import N_

MESSAGES: dict[str, str] = {
    "not_allowed": N_("Đồng chí không có quyền làm việc này ở đơn vị đó."),
    "grant_needs_unit": N_("Hãy chọn đơn vị mà vai trò này phụ trách."),
    "unknown_job_kind": N_("Loại công việc %(kind)s không có trong phiên bản này."),
    "course_withdrawn": N_("Khoá học này đã được rút, không nhận học viên mới."),
    "course_unpublished": N_("Khoá học này chưa được xuất bản."),
    "due_in_past": N_("Hạn hoàn thành đã qua; hãy chọn một ngày từ hôm nay trở đi."),
    "nobody_named": N_("Hãy chọn đối tượng hoặc ít nhất một đồng chí."),
    "group_has_no_rule": N_("Đối tượng này được lập theo danh sách, chưa giao theo nhóm được."),
    "lesson_elsewhere": N_("Bài này thuộc một bản khác của khoá học. Mở lại khoá học từ trang Việc học của tôi."),
    "quiz_elsewhere": N_("Bài kiểm tra này thuộc một bản khác của khoá học. Mở lại từ trang Việc học của tôi."),
    "unknown_question": N_("Câu hỏi này không có trong bài. Tải lại trang rồi trả lời lại."),
    "already_passed": N_("Đồng chí đã đạt bài kiểm tra này."),
    "attempts_used": N_("Đã hết lượt làm bài. Lượt mới mở lúc %(when)s."),
    "attempt_closed": N_("Bài này đã nộp; câu trả lời gửi sau không được tính."),
    "answer_too_long": N_("Câu trả lời quá dài; tối đa %(most)s ký tự."),
    "achieved_in_future": N_("Ngày hoàn thành không thể ở sau hôm nay."),
    "no_areas": N_("Hãy chọn ít nhất một lĩnh vực bồi dưỡng."),
}


def say(refused: Refused) -> str:
    """The refusal in words; its code where nobody has written words for it."""
    message = MESSAGES.get(refused.code)
    return gettext(message, **refused.params) if message else refused.code
