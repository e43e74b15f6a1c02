"""Words for learner groups."""

from __future__ import annotations

from lms.audiences.rules import LearnerGroup
from lms.i18n import N_

GROUP_LABELS: dict[LearnerGroup, str] = {
    LearnerGroup.key_leader_new: N_("Lãnh đạo chủ chốt mới được bầu"),
    LearnerGroup.fulltime_upper: N_("Cán bộ chuyên trách Tổng Liên đoàn, cấp tỉnh, ngành"),
    LearnerGroup.fulltime_direct_upper: N_("Cán bộ chuyên trách cấp trên trực tiếp cơ sở"),
    LearnerGroup.fulltime: N_("Cán bộ công đoàn chuyên trách"),
    LearnerGroup.grassroots_chair: N_("Chủ tịch công đoàn cơ sở"),
    LearnerGroup.grassroots_chair_nonstate: N_("Chủ tịch CĐCS doanh nghiệp ngoài khu vực nhà nước"),
    LearnerGroup.grassroots_exec: N_("Uỷ viên ban chấp hành công đoàn cơ sở"),
    LearnerGroup.union_group_leader: N_("Tổ trưởng, tổ phó công đoàn"),
    LearnerGroup.womens_affairs: N_("Cán bộ nữ công"),
    LearnerGroup.non_fulltime: N_("Cán bộ công đoàn không chuyên trách"),
    LearnerGroup.trainer: N_("Giảng viên kiêm chức"),
    LearnerGroup.collaborator: N_("Cộng tác viên"),
    LearnerGroup.core_member: N_("Đoàn viên nòng cốt"),
    LearnerGroup.succession_pool: N_("Cán bộ quy hoạch"),
}
