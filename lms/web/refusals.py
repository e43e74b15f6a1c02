"""Words for refusal codes; `say(refused)` gives them in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from lms.errors import Refused
from lms.i18n import N_

MESSAGES: dict[str, str] = {
    "not_allowed": N_("Đồng chí không có quyền làm việc này ở đơn vị đó."),
    "grant_needs_unit": N_("Hãy chọn đơn vị mà vai trò này phụ trách."),
    "sign_in_failed": N_("Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra lại rồi thử lần nữa."),
    "throttled": N_("Đã thử quá nhiều lần. Hãy thử lại sau %(minutes)s phút."),
    "current_password_wrong": N_("Mật khẩu hiện tại chưa đúng."),
    "password_short": N_("Mật khẩu cần ít nhất %(minimum)s ký tự. Có thể dùng một câu ngắn dễ nhớ."),
    "password_long": N_("Mật khẩu dài quá 200 ký tự. Hãy chọn mật khẩu ngắn hơn."),
    "password_common": N_("Mật khẩu này quá phổ biến, dễ bị đoán ra. Hãy chọn một câu ngắn chỉ mình đồng chí biết."),
    "password_personal": N_("Mật khẩu giống họ tên, mã cán bộ, số điện thoại hay ngày sinh. Hãy chọn mật khẩu khác."),
    "link_unknown": N_("Mã hoặc liên kết này không đúng. Hãy kiểm tra lại từng chữ trên phiếu hoặc trong thư."),
    "link_used": N_("Liên kết này đã được dùng để đặt mật khẩu. Mỗi liên kết chỉ dùng được một lần."),
    "link_revoked": N_("Liên kết này đã được thay bằng một liên kết mới hơn. Hãy dùng phiếu hoặc thư gần nhất."),
    "link_expired": N_("Liên kết này đã hết hạn."),
    "links_nobody": N_("Không có ai cần cấp liên kết trong phạm vi đã chọn."),
    "links_too_many": N_("Mỗi lần cấp được nhiều nhất %(most)s liên kết. Hãy chọn đơn vị nhỏ hơn."),
    "account_closed": N_("Tài khoản này đang bị khoá. Hãy mở lại tài khoản trước khi cấp liên kết."),
    "own_account": N_("Đồng chí không thể tự khoá tài khoản của mình."),
    "unknown_locale": N_("Hệ thống chưa có ngôn ngữ này."),
    "unknown_theme": N_("Hệ thống không có giao diện này."),
    "mail_address": N_("Địa chỉ email không đúng."),
    "mail_refused": N_("Máy chủ thư từ chối địa chỉ nhận."),
    "unknown_job_kind": N_("Loại công việc %(kind)s không có trong phiên bản này."),
    "course_has_problems": N_("Gói khoá học còn %(count)s lỗi; lỗi đầu tiên: %(first)s"),
    "course_owned_elsewhere": N_("Khoá học %(slug)s thuộc một đơn vị khác."),
    "media_unreadable": N_("Không đọc được tệp %(path)s: nội dung không đúng loại tệp."),
    "media_active": N_("Tệp SVG %(path)s có mã chạy hoặc liên kết ra ngoài."),
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
    "certificate_not_foreseen": N_("Dòng sổ này không đến từ một khoá học có cấp giấy chứng nhận."),
    "certificate_without_deliverer": N_("Chưa rõ đơn vị nào tổ chức lớp này nên chưa có nơi cấp giấy chứng nhận."),
    "certificate_already_revoked": N_("Giấy này đã bị thu hồi trước đó."),
    "decision_no_missing": N_("Hãy nhập số quyết định thu hồi."),
    "reason_missing": N_("Hãy nêu lý do thu hồi."),
    "revoked_before_issue": N_("Ngày thu hồi không thể trước ngày cấp."),
    "profile_in_past": N_("Nơi cấp đã có thông tin từ trước; hãy chọn ngày áp dụng từ hôm nay trở đi."),
    "symbol_taken": N_("Ký hiệu %(symbol)s đã thuộc về nơi cấp khác; hãy chọn ký hiệu khác."),
    "no_areas": N_("Hãy chọn ít nhất một lĩnh vực bồi dưỡng."),
    "import_not_checked": N_("Tệp này không còn chờ nhập: đang được nhập, đã nhập hoặc đã bỏ."),
    "import_has_refused_rows": N_("Tệp còn dòng bị từ chối. Sửa tệp rồi gửi lại, hoặc chỉ nhập các dòng hợp lệ."),
    "person_code_taken": N_("Mã cán bộ %(taken)s đã có người dùng. Hãy ghi mã khác."),
    "name_missing": N_("Hãy ghi họ và tên."),
    "unit_code_taken": N_("Mã đơn vị %(taken)s đã có trên hệ thống. Hãy ghi mã khác."),
    "period_ends_before_start": N_("Ngày kết thúc phải sau ngày bắt đầu."),
    "parent_cycle": N_("Đơn vị cấp trên này đang thuộc chính đơn vị đó. Hãy chọn đơn vị khác."),
    "terms_overlap": N_("Nhiệm kỳ này trùng thời gian với nhiệm kỳ %(other)s."),
    "post_exists": N_("Chức danh này từ ngày đó đã được ghi rồi."),
    "count_negative": N_("Số đoàn viên, số lao động không thể âm."),
    "backup_unreadable": N_("Không đọc được bản sao lưu: %(reason)s."),
    "backup_unknown_format": N_("Tệp này không phải là bản sao lưu của hệ thống."),
    "backup_damaged": N_("Bản sao lưu bị hỏng ở phần %(member)s; chưa có gì được khôi phục."),
    "backup_too_new": N_("Bản sao lưu thuộc phiên bản mới hơn (%(revision)s): hãy nâng cấp hệ thống trước."),
    "installation_not_empty": N_("Chỉ khôi phục được vào nơi chưa có dữ liệu; ở đây đã có %(what)s."),
}


def say(refused: Refused) -> str:
    """The refusal in words; its code where nobody has written words for it."""
    message = MESSAGES.get(refused.code)
    return gettext(message, **refused.params) if message else refused.code
