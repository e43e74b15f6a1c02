"""Words for states and reasons."""

from __future__ import annotations

from lms.i18n import N_
from lms.indicators.rules import Reason, State

STATE_LABELS: dict[State, str] = {
    State.met: N_("Đã đạt"),
    State.not_met: N_("Chưa đạt"),
    State.no_target: N_("Không đặt mức"),
    State.no_data: N_("Chưa đủ dữ liệu"),
    State.nobody: N_("Không có người thuộc diện"),
}

REASON_LABELS: dict[Reason, str] = {
    Reason.designated: N_("Được chỉ định, không phải bầu"),
    Reason.members_unknown: N_("Chưa biết số đoàn viên của công đoàn cơ sở"),
    Reason.workers_unknown: N_("Chưa biết số lao động của đơn vị"),
    Reason.sector_unknown: N_("Chưa biết khu vực hoặc loại hình của đơn vị"),
    Reason.no_requirement: N_("Chưa có yêu cầu bồi dưỡng nào cho chức danh này"),
    Reason.flag_unknown: N_("Danh sách chưa ghi thông tin mà chỉ tiêu cần"),
}

ELEARNING_LABELS: dict[str, str] = {
    "D2-E1": N_("Khoá học trực tuyến đã xây dựng"),
    "D2-E2": N_("Cán bộ đã học trực tuyến trong năm"),
    "D2-E3": N_("Lượt học trực tuyến trong năm"),
    "D2-E4": N_("Cán bộ học trực tuyến so với cùng ngày năm trước"),
    "D2-E5": N_("Lượt học trực tuyến trên tổng số lượt bồi dưỡng trong năm"),
}
