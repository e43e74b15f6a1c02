"""Words for the codes of the training ledger; Vietnamese msgids, translated at the edge."""

from __future__ import annotations

from typing import Final

from lms.i18n import N_
from lms.ledger.models import Area, Mode, Source

AREAS: Final = {
    Area.union_overview: N_("Kiến thức tổng quan về công đoàn"),
    Area.union_theory: N_("Lý luận công đoàn"),
    Area.union_practice: N_("Nghiệp vụ công đoàn"),
    Area.university_component: N_("Chương trình Đại học phần"),
    Area.labour_relations: N_("Quan hệ lao động"),
    Area.member_development: N_("Phát triển đoàn viên"),
    Area.dialogue_bargaining: N_("Đối thoại và thương lượng tập thể"),
    Area.dispute_resolution: N_("Giải quyết tranh chấp lao động"),
    Area.chair_skills: N_("Kỹ năng của chủ tịch công đoàn"),
    Area.labour_law: N_("Pháp luật lao động"),
    Area.group_leader_skills: N_("Kỹ năng của tổ trưởng công đoàn"),
    Area.mobilisation: N_("Tuyên truyền, vận động"),
    Area.gender_equality: N_("Bình đẳng giới"),
    Area.pedagogy: N_("Nghiệp vụ sư phạm"),
    Area.digital_skills: N_("Kỹ năng số"),
    Area.cadre_briefing: N_("Quán triệt công tác cán bộ công đoàn"),
    Area.emulation_welfare: N_("Thi đua và chăm lo đời sống"),
    Area.political_theory: N_("Lý luận chính trị"),
    Area.state_management: N_("Quản lý nhà nước"),
}

MODES: Final = {
    Mode.online: N_("Trực tuyến"),
    Mode.in_person: N_("Trực tiếp"),
    Mode.blended: N_("Kết hợp"),
}

SOURCES: Final = {
    Source.course: N_("Khoá học trên hệ thống"),
    Source.class_: N_("Lớp tập trung"),
    Source.workbook: N_("Bảng tính"),
    Source.entry: N_("Ghi vào sổ"),
}
