"""The words for what a check finds: each says what is wrong and how to mend it. Translated at the edge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from lms.i18n import N_

FILE: Final = {
    "workbook_empty": N_("Tệp trống, không có dữ liệu. Hãy chọn đúng tệp danh sách (.xlsx)."),
    "workbook_other_kind": N_(
        "Đây không phải tệp Excel (.xlsx): nội dung là dạng %(kind)s dù tên tệp có thể ghi khác. "
        "Mở danh sách bằng Excel, chọn Lưu thành, dạng Excel Workbook (.xlsx), rồi tải lên lại."
    ),
    "workbook_old_xls": N_(
        "Tệp thuộc dạng Excel cũ (.xls). Mở bằng Excel, chọn Lưu thành, dạng Excel Workbook (.xlsx), rồi tải lên lại."
    ),
    "workbook_encrypted": N_("Tệp có đặt mật khẩu nên không đọc được. Bỏ mật khẩu trong Excel, lưu lại rồi tải lên."),
    "workbook_truncated": N_(
        "Tệp bị cắt ngang, thiếu phần cuối; có thể do tải hoặc chép chưa xong. Chép lại tệp gốc rồi tải lên."
    ),
    "workbook_damaged": N_("Tệp bị hỏng nên không đọc được. Mở bằng Excel, lưu thành tệp .xlsx mới rồi tải lên lại."),
    "workbook_too_large": N_(
        "Tệp bung ra quá lớn (giới hạn %(limit)s MB). Xoá ảnh, dòng và cột thừa, hoặc chia danh sách thành nhiều tệp."
    ),
    "workbook_too_wide": N_(
        "Trang %(sheet)s trải rộng đến tận ô %(cell)s. Xoá các dòng và cột thừa bên ngoài danh sách rồi lưu lại."
    ),
}

ROWS: Final = {
    "no_known_sheet": N_(
        "Không thấy trang nào của danh sách (%(names)s). Tệp có các trang: %(found)s. Đặt lại tên trang theo tệp mẫu."
    ),
    "sheet_twice": N_("Trang %(name)s lặp lại một trang đã có. Gộp hai trang làm một."),
    "header_missing": N_("Không thấy dòng tiêu đề trong 11 dòng đầu. Cần có các cột: %(names)s."),
    "missing_column": N_("Thiếu cột bắt buộc này. Thêm cột, ghi tiêu đề đúng như tệp mẫu."),
    "repeated_column": N_("Cột này có hai lần. Giữ lại một cột."),
    "required": N_("Ô bắt buộc đang để trống. Ghi giá trị vào ô này."),
    "formula_error": N_("Công thức trong ô báo lỗi %(value)s. Sửa công thức hoặc ghi thẳng giá trị."),
    "encoding_tcvn3": N_(
        "“%(value)s” viết bằng bảng mã TCVN3 (ABC, phông .Vn…). Chuyển tệp sang Unicode dựng sẵn, "
        "ví dụ bằng công cụ chuyển mã của UniKey, rồi tải lên lại."
    ),
    "encoding_vni": N_(
        "“%(value)s” viết bằng bảng mã VNI (phông VNI-…). Chuyển tệp sang Unicode dựng sẵn, "
        "ví dụ bằng công cụ chuyển mã của UniKey, rồi tải lên lại."
    ),
    "too_long": N_("Ô dài %(length)s ký tự, quá giới hạn %(limit)s. Rút gọn lại."),
    "name_unlikely": N_("“%(value)s” không giống họ tên một người. Ghi họ và tên, các chữ cách nhau một dấu cách."),
    "date_unreadable": N_("“%(value)s” không phải là ngày. Ghi theo dạng ngày/tháng/năm, ví dụ 05/03/2026."),
    "date_year_only": N_("“%(value)s” chỉ là năm. Cột này cần đủ ngày/tháng/năm, ví dụ 05/03/%(value)s."),
    "date_impossible": N_("Ngày %(value)s không có trong lịch. Ghi lại ngày đúng theo dạng ngày/tháng/năm."),
    "birth_impossible": N_("Ngày sinh %(value)s không có trong lịch. Ghi lại ngày đúng, hoặc chỉ ghi năm %(year)s."),
    "date_out_of_range": N_("Ngày %(value)s nằm ngoài khoảng có thể. Xem lại năm."),
    "unknown_flag": N_("“%(value)s” không rõ là có hay không. Ghi x nếu có, để trống nếu không."),
    "unknown_word": N_("“%(value)s” không có trong danh mục. Dùng một trong các từ: %(words)s."),
    "unknown_word_meant": N_("“%(value)s” không có trong danh mục. Nếu là %(meant)s, ghi đủ chữ."),
    "count_unreadable": N_("“%(value)s” không phải là số nguyên không âm. Chỉ ghi chữ số, ví dụ 1250."),
    "hours_unreadable": N_("“%(value)s” không phải là số giờ. Chỉ ghi số, ví dụ 16 hoặc 7,5."),
    "phone_too_long": N_("“%(value)s” không phải là một số điện thoại. Chỉ ghi một số, ví dụ 0912345678."),
    "end_not_after_start": N_("Ngày kết thúc %(end)s phải sau ngày bắt đầu %(start)s. Xem lại hai ngày."),
    "completed_in_future": N_("Ngày hoàn thành %(value)s ở sau ngày nhập (%(today)s). Chỉ ghi việc đã hoàn thành."),
    "cycle": N_("Quan hệ cấp trên thành vòng: %(path)s. Sửa mã đơn vị cấp trên của một đơn vị trong vòng."),
    "unknown_unit": N_(
        "Mã đơn vị %(value)s không có ở trang Đơn vị và chưa có trên hệ thống. Thêm đơn vị hoặc sửa mã."
    ),
    "unknown_unit_near": N_("Mã đơn vị %(value)s không có ở trang Đơn vị. Mã gần giống: %(near)s."),
    "unknown_person": N_(
        "Mã cán bộ %(value)s không có ở trang Cán bộ và chưa có trên hệ thống. Thêm cán bộ hoặc sửa mã."
    ),
    "unknown_person_near": N_("Mã cán bộ %(value)s không có ở trang Cán bộ. Mã gần giống: %(near)s."),
    "depends_on_refused": N_("Dòng này cần mã %(value)s, nhưng dòng khai mã đó bị từ chối. Sửa dòng đó trước."),
    "code_elsewhere": N_(
        "Mã %(value)s đã được dùng ở nơi khác trên hệ thống. Dùng mã khác hoặc hỏi quản trị hệ thống."
    ),
    "person_elsewhere": N_(
        "Cán bộ mang mã %(value)s nay giữ chức danh ngoài phạm vi của tệp này, "
        "nên thông tin cá nhân không đổi ở đây được."
    ),
    "root_outside_scope": N_("Đơn vị này cần mã đơn vị cấp trên nằm trong phạm vi được giao. Ghi mã đơn vị cấp trên."),
    "duplicate_code": N_(
        "Mã %(value)s đã có ở dòng %(other)s với nội dung khác (%(what)s). Giữ một dòng đúng, xoá dòng kia."
    ),
    "duplicate_post": N_(
        "Chức danh này của cán bộ %(value)s đã có ở dòng %(other)s với nội dung khác (%(what)s). Giữ một dòng."
    ),
    "duplicate_term": N_(
        "Nhiệm kỳ bắt đầu ngày này đã có ở dòng %(other)s với nội dung khác (%(what)s). Giữ một dòng."
    ),
    "duplicate_training": N_("Lần bồi dưỡng này đã có ở dòng %(other)s với nội dung khác (%(what)s). Giữ một dòng."),
    "terms_overlap": N_(
        "Nhiệm kỳ này trùng thời gian với nhiệm kỳ %(other)s (từ %(start)s đến %(end)s). "
        "Ghi lại ngày bắt đầu, kết thúc."
    ),
    "terms_overlap_open": N_(
        "Nhiệm kỳ này trùng thời gian với nhiệm kỳ %(other)s (từ %(start)s, chưa ghi ngày kết thúc). "
        "Ghi ngày Kết thúc cho nhiệm kỳ đó."
    ),
}

WARNINGS: Final = {
    "members_above_workers": N_("Số đoàn viên (%(members)s) lớn hơn số lao động (%(workers)s)."),
    "email_unlikely": N_("“%(value)s” không giống địa chỉ email; vẫn giữ như đã ghi."),
    "phone_unlikely": N_("“%(value)s” không giống số điện thoại; vẫn giữ như đã ghi."),
    "deliverer_not_in_force": N_("Đơn vị tổ chức %(value)s không hoạt động vào ngày hoàn thành."),
    "count_before_founding": N_("Số liệu tính đến ngày %(value)s, trước ngày thành lập đơn vị."),
    "repeated_certificate": N_("Số hiệu chứng chỉ %(value)s đã dùng cho một lần bồi dưỡng khác."),
    "post_outside_unit_life": N_(
        "Chức danh kéo dài ra ngoài thời gian hoạt động của đơn vị; phần ngoài không được tính."
    ),
    "orphan": N_(
        "Đơn vị %(unit)s còn thuộc đơn vị cấp trên %(parent)s đã kết thúc từ %(ended)s; cần ghi cấp trên mới."
    ),
    "contact_kept": N_(
        "Cán bộ mang mã %(value)s giữ vai trò quản trị ngoài quyền của người nhập, nên thông tin dùng để đăng nhập "
        "ở cột này giữ nguyên như trên hệ thống."
    ),
    "voided_before": N_("Lần bồi dưỡng này đã ghi rồi bị huỷ trong sổ; nhập lại không khôi phục."),
}

NOTES: Final = {
    "unknown_sheet": N_("Trang này không thuộc danh sách nên được bỏ qua."),
    "empty_sheet": N_("Trang này trống."),
    "extra_columns": N_("Các cột không thuộc danh sách được bỏ qua: %(names)s."),
    "total_row": N_("Dòng tổng cộng được bỏ qua."),
    "column_numbers": N_("Dòng đánh số cột được bỏ qua."),
    "not_loaded": N_("Trang này chưa nhập được trong phiên bản hiện tại."),
}

MESSAGES: Final[Mapping[str, str]] = {**FILE, **ROWS, **WARNINGS, **NOTES}


def words_for(code: str, params: Mapping[str, object], translate: Callable[[str], str] = str) -> str:
    """The message of a code in words; `translate` is a gettext for the reader's language."""
    words = translate(MESSAGES[code])
    return words % params if params else words
