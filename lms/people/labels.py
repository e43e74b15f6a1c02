"""Words for the codes of people; Vietnamese msgids, translated at the edge."""

from __future__ import annotations

from typing import Final

from lms.i18n import N_
from lms.people.models import Gender

GENDERS: Final = {
    Gender.male: N_("Nam"),
    Gender.female: N_("Nữ"),
}
