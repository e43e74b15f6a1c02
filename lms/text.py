"""Vietnamese text: one form at the border, folded forms for search, keys for sorting, parts of a name."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: rank for rank, letter in enumerate(_LETTERS, start=0x40)}
_TONES = {"\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0301": 5, "\u0323": 6}
"""Ngang (1), huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries."""
_SHAPES = {"\u0306", "\u0302", "\u031b"}


def clean(value: str) -> str:
    """NFC, trimmed, runs of white space (no-break spaces too) as one space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", value)).strip()


def fold(value: str) -> str:
    """The search form: marks stripped, đ as d, case folded, white space cleaned ("Đỗ Thị Huế" -> "do thi hue")."""
    plain = unicodedata.normalize("NFD", clean(value).replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def slugify(value: str) -> str:
    """An ASCII slug: "Đối thoại tại nơi làm việc" -> "doi-thoai-tai-noi-lam-viec"."""
    return re.sub(r"[^a-z0-9]+", "-", fold(value)).strip("-")


def split_name(full_name: str) -> tuple[str, str]:
    """(họ đệm, tên): the last word is the tên; a one-word name has no họ đệm."""
    head, _, last = clean(full_name).rpartition(" ")
    return head, last


def _letters_and_tones(word: str) -> tuple[bytes, bytes]:
    letters, tones, tone = bytearray(), bytearray(), 1
    for char in unicodedata.normalize("NFC", word.casefold()):
        base = ""
        for part in unicodedata.normalize("NFD", char):
            if part in _TONES:
                tone = _TONES[part]
            elif part in _SHAPES or not unicodedata.combining(part):
                base += part
        letter = unicodedata.normalize("NFC", base)
        if letter in _RANK:
            letters.append(_RANK[letter])
        elif letter:
            letters += b"\x30" + letter.encode()[:3]
    tones.append(tone)
    return bytes(letters), bytes(tones)


def sort_key(value: str) -> bytes:
    """A key whose byte order is the Vietnamese alphabetical order, word by word; letters first, then tones."""
    words = [_letters_and_tones(word) for word in clean(value).split(" ") if word]
    return b"\x01".join(w[0] for w in words) + b"\x00" + b"".join(w[1] for w in words)


def name_sort_key(ho_dem: str, ten: str) -> bytes:
    """The key that sorts people the Vietnamese way: by tên, then by họ đệm."""
    return sort_key(ten) + b"\x00" + sort_key(ho_dem)


def normal_phone(value: str) -> str | None:
    """A Vietnamese phone number as 0XXXXXXXXX; None where it is none.

    Takes spaces, dots and dashes, +84, and a leading 0 that a spreadsheet dropped.
    """
    digits = re.sub(r"[\s.\-()]", "", value)
    digits = re.sub(r"^(\+84|0084|84(?=\d{9}$))", "0", digits)
    if re.fullmatch(r"[35789]\d{8}", digits):
        digits = "0" + digits
    return digits if re.fullmatch(r"0[235789]\d{8,9}", digits) else None
