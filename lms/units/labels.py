"""Words for the codes of units and posts; Vietnamese msgids, translated at the edge."""

from __future__ import annotations

from typing import Final

from lms.i18n import N_
from lms.units.models import Level, Sector, Selection, Title, UnitKind

LEVELS: Final = {
    Level.central: N_("Tổng Liên đoàn"),
    Level.provincial: N_("Cấp tỉnh"),
    Level.direct_upper: N_("Cấp trên trực tiếp cơ sở"),
    Level.grassroots: N_("Công đoàn cơ sở"),
    Level.section: N_("Công đoàn bộ phận"),
    Level.group: N_("Tổ công đoàn"),
}

SECTORS: Final = {
    Sector.state: N_("Nhà nước"),
    Sector.non_state: N_("Ngoài nhà nước"),
    Sector.fdi: N_("FDI"),
}

KINDS: Final = {
    UnitKind.enterprise: N_("Doanh nghiệp"),
    UnitKind.public_service: N_("Đơn vị sự nghiệp"),
    UnitKind.agency: N_("Cơ quan"),
    UnitKind.other: N_("Khác"),
}

TITLES: Final = {
    Title.chair: N_("Chủ tịch"),
    Title.vice_chair: N_("Phó Chủ tịch"),
    Title.standing_committee_member: N_("Ủy viên Ban Thường vụ"),
    Title.executive_committee_member: N_("Ủy viên Ban Chấp hành"),
    Title.womens_affairs_head: N_("Trưởng ban Nữ công"),
    Title.womens_affairs_member: N_("Ủy viên Ban Nữ công"),
    Title.inspection_head: N_("Chủ nhiệm Ủy ban Kiểm tra"),
    Title.inspection_member: N_("Ủy viên Ủy ban Kiểm tra"),
    Title.board_head: N_("Trưởng ban"),
    Title.board_deputy: N_("Phó Trưởng ban"),
    Title.specialist: N_("Chuyên viên"),
    Title.accountant: N_("Kế toán"),
    Title.group_leader: N_("Tổ trưởng"),
    Title.group_deputy: N_("Tổ phó"),
}

SELECTIONS: Final = {
    Selection.elected: N_("Bầu"),
    Selection.designated: N_("Chỉ định"),
    Selection.appointed: N_("Bổ nhiệm"),
    Selection.unstated: N_("Không ghi"),
}
