"""Words for the catalogue's codes."""

from __future__ import annotations

from lms.catalogue.models import LessonKind
from lms.i18n import N_

LESSON_KINDS = {
    LessonKind.reading: N_("Bài đọc"),
    LessonKind.situation: N_("Tình huống"),
    LessonKind.assignment: N_("Bài làm"),
}
