"""Reading single cells: text, codes, dates, births, flags, words, counts, hours."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from lms.imports.vocabulary import NO, UNKNOWN, YES, E, Words, word_key
from lms.sheets import Cell
from lms.text import clean, normal_phone

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_EXCEL_ZERO: Final = date(1899, 12, 30)
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.0+)?)?)?")
_SERIAL = re.compile(r"\d{5}")
_GROUPED = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+")


class Unreadable(ValueError):
    """A cell that cannot be read; `code` says why (see `messages`), `params` fill the words."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def shown(value: Cell) -> str:
    """The cell as the person sees it, for messages and for text columns: 1234.0 is "1234", a date dd/mm/yyyy."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y") if value.time() == time(0) else value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    if isinstance(value, str):
        if value.isprintable():
            return clean(value)
        visible = "".join(c for c in value if c in "\n\r\t" or unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"})
        return clean(visible)
    return str(value)


def read_text(value: Cell, limit: int) -> str | None:
    """Trimmed NFC text of at most `limit` characters; None where empty."""
    words = shown(value)
    if len(words) > limit:
        raise Unreadable("too_long", limit=limit, length=len(words))
    return words or None


def read_date(value: Cell) -> date | None:
    """A day: a real date, dd/mm/yyyy, d/m/yy, yyyy-mm-dd, or the serial number of a date cell without its format
    (a fraction is the hour of that day), also where it became text."""
    if value is None or shown(value) == "":
        return None
    day = _real_date(value)
    if day is None:
        words = shown(value)
        if re.fullmatch(r"\d{4}", words):
            raise Unreadable("date_year_only", value=words)
        day = _written_date(words)
    return _in_range(day, shown(value))


def read_birth(value: Cell, today: date) -> tuple[date | None, int | None]:
    """(birth date, birth year): a year alone is enough. A two-digit year is the last one that makes a grown-up."""
    words = shown(value)
    if not words:
        return None, None
    year_only = re.fullmatch(r"(?:năm\s*)?(\d{4})", words, re.IGNORECASE)
    if year_only:
        year = int(year_only.group(1))
        if not _FIRST_YEAR <= year <= today.year:
            raise Unreadable("date_out_of_range", value=words)
        return None, year
    day = _real_date(value)
    if day is None:
        day = _written_date(words)
        short = _DAY_FIRST.fullmatch(words)
        if short and len(short.group(3)) == 2 and day.year > today.year - 15:
            day = _calendar(day.year - 100, day.month, day.day, words)
    if day > today:
        raise Unreadable("date_out_of_range", value=words)
    return _in_range(day, words), day.year


def _real_date(value: Cell) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, time | timedelta | bool):
        raise Unreadable("date_unreadable", value=shown(value))
    if isinstance(value, str) and _SERIAL.fullmatch(shown(value)):
        value = int(shown(value))
    if isinstance(value, int | float) and 10_000 <= value < 80_000:
        return _EXCEL_ZERO + timedelta(days=int(value))
    return None


def _written_date(words: str) -> date:
    if match := _YEAR_FIRST.fullmatch(words):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.fullmatch(words):
        day, month, year = (int(part) for part in match.groups())
        if len(match.group(3)) == 2:
            year += 2000 if year < 70 else 1900
    else:
        raise Unreadable("date_unreadable", value=words)
    return _calendar(year, month, day, words)


def _calendar(year: int, month: int, day: int, words: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("date_impossible", value=words, year=year) from None


def _in_range(day: date, words: str) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Unreadable("date_out_of_range", value=words)
    return day


def is_unknown(value: Cell) -> bool:
    """Whether the cell says that the thing is not known."""
    return word_key(shown(value)) == word_key(UNKNOWN)


def read_flag(value: Cell) -> bool | None:
    """`x`, `có`, `1`, `true` are yes; empty, `không`, `0` are no; `không rõ` is None."""
    words = word_key(shown(value))
    if is_unknown(value):
        return None
    if words in YES:
        return True
    if words in NO:
        return False
    raise Unreadable("unknown_flag", value=shown(value))


def read_word(value: Cell, words: Words[E]) -> E | None:
    """The code of a word of a vocabulary; None where empty."""
    written = shown(value)
    if not written:
        return None
    found = words.get(written)
    if found is None:
        meant = words.meant(written)
        if meant:
            raise Unreadable("unknown_word_meant", value=written, meant=meant)
        raise Unreadable("unknown_word", value=written, words="; ".join(words.official))
    return found


def read_count(value: Cell) -> int | None:
    """A whole number that is not negative; 1.234 in text is one thousand two hundred and thirty-four."""
    words = shown(value)
    if not words:
        return None
    if isinstance(value, str) and _GROUPED.fullmatch(words):
        words = re.sub(r"[.,\s]", "", words)
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}", words):
        raise Unreadable("count_unreadable", value=words)
    return int(words)


def read_hours(value: Cell) -> Decimal | None:
    """Hours with one decimal, half up; comma or point."""
    words = shown(value)
    if not words:
        return None
    try:
        hours = Decimal(re.sub(r"\s*(giờ|tiết|h)$", "", words.replace(",", ".")))
        if isinstance(value, bool) or not hours.is_finite() or not 0 <= hours < 100_000:
            raise InvalidOperation
    except InvalidOperation:
        raise Unreadable("hours_unreadable", value=words) from None
    return hours.quantize(Decimal("0.1"), ROUND_HALF_UP)


def read_phone(value: Cell) -> str | None:
    """A phone number in its normal form; where it is none, as it is written. A leading 0 that Excel dropped is back."""
    words = read_text(value, 60)
    if words is None:
        return None
    normal = normal_phone(words)
    if normal is None and len(words) > 15:
        raise Unreadable("phone_too_long", value=words)
    return normal or words
