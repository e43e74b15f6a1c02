"""How values look: dates, numbers, percent, hours, labels of codes."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from flask import Flask
from flask_babel import format_decimal, gettext

from lms.catalogue.models import CourseVersion
from lms.temporal import ALWAYS, VIETNAM
from lms.web.identity import current_locale
from lms.web.labels import LABELS


def show_date(value: date | datetime | None) -> str:
    """dd/mm/yyyy (times: the day in Việt Nam); an en dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM).date()
    return "–" if value == ALWAYS else value.strftime("%d/%m/%Y")


def show_time(value: datetime | None) -> str:
    """dd/mm/yyyy hh:mm in Việt Nam."""
    return "–" if value is None else value.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def show_number(value: float | Decimal | None, digits: int | None = None) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English, an en dash for none; `digits`: exactly so many decimals, half up."""
    if value is None:
        return "–"
    if digits is not None:
        value = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return str(format_decimal(value, None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")))


def show_label(value: enum.Enum | str | None) -> str:
    """The word for a code in the reader's language."""
    if value is None:
        return "–"
    message = LABELS.get(value)
    return gettext(message) if message else str(value.value if isinstance(value, enum.Enum) else value)


def in_language(texts: dict[str, str] | None, locale: str) -> str:
    """A text kept in several languages, in the reader's; Vietnamese where that is missing."""
    if not texts:
        return ""
    return texts.get(locale) or texts.get("vi") or next(iter(texts.values()), "")


def course_title(version: CourseVersion) -> str:
    """The course's title in the reader's language; Vietnamese where there is no other."""
    return version.title_en if current_locale() == "en" and version.title_en else version.title


def init_filters(app: Flask) -> None:
    """Make them known to the templates: `|date`, `|time`, `|number`, `|label`, `|lang(locale)`, `|course_title`."""
    app.jinja_env.filters.update(
        date=show_date,
        time=show_time,
        number=show_number,
        label=show_label,
        lang=in_language,
        course_title=course_title,
    )
