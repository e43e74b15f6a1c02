"""The codes that course packages use (PROGRAMMES.md, Words and Learner groups)."""

from __future__ import annotations

from typing import Final

from lms.ledger.models import Area

LEARNER_GROUPS: Final = (
    "key_leader_new",
    "fulltime_upper",
    "fulltime_direct_upper",
    "fulltime",
    "grassroots_chair",
    "grassroots_chair_nonstate",
    "grassroots_exec",
    "union_group_leader",
    "womens_affairs",
    "non_fulltime",
    "trainer",
    "collaborator",
    "core_member",
    "succession_pool",
)
AREAS: Final = tuple(area.value for area in Area)
CERTIFICATE_KINDS: Final = ("completion_certificate", "certificate", "none")
