"""Words for refusal codes; `say(refused)` gives them in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from lms.errors import Refused
from lms.i18n import N_

MESSAGES: dict[str, str] = {
    "not_allowed": N_("Đồng chí không có quyền làm việc này ở đơn vị đó."),
    "grant_needs_unit": N_("Hãy chọn đơn vị mà vai trò này phụ trách."),
    "unknown_job_kind": N_("Loại công việc %(kind)s không có trong phiên bản này."),
}


def say(refused: Refused) -> str:
    """The refusal in words; its code where nobody has written words for it."""
    message = MESSAGES.get(refused.code)
    return gettext(message, **refused.params) if message else refused.code
