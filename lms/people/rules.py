"""Rules about passwords: pure functions over the typed text and what is known about the person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from lms.text import fold

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 200
ADDED_LETTERS: Final = 6
"""How much there must be in a password besides the person's own name, code, phone or birth date."""

_COMMON_WORDS: Final = """
matkhau password passw0rd pass admin administrator qwerty qwertyuiop qwertyuiopasdfghjkl asdfghjkl zxcvbnm
iloveyou anhyeuem emyeuanh yeuem yeuanh congdoan congdoanvietnam congdoancoso tongliendoan liendoan
liendoanlaodong laodong vietnam hanoi saigon tphcm hochiminh macdinh dangnhap taikhoan khongbiet khongco
welcome letmein abc abcd abcde abcdef abcdefgh abcdefghij abcxyz hoctap hoctapcongdoan
"""
COMMON: Final = frozenset(_COMMON_WORDS.split())
"""Commonest words of passwords, folded; with digits before or after they are no better."""

_RUNS: Final = (
    "01234567890123456789",
    "98765432109876543210",
    "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
)


def normal_password(typed: str) -> str:
    """One form of the typed password whatever the keyboard: NFC; spaces count as they were typed."""
    return unicodedata.normalize("NFC", typed)


def squeeze(text: str) -> str:
    """Only the letters and digits, without marks and case."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


def password_fault(password: str, personal: Iterable[str | None]) -> str | None:
    """Why a password will not do, as a refusal's code; None when it will.

    `personal`: what others know about the person (code, phone, name, e-mail, birth date). Codes: `password_short`,
    `password_long`, `password_common`, `password_personal`.
    """
    if len(password) < MIN_LENGTH:
        return "password_short"
    if len(password) > MAX_LENGTH:
        return "password_long"
    core = squeeze(password)
    if _common(core, password):
        return "password_common"
    for known in personal:
        token = squeeze(known or "")
        if len(token) >= 4 and token in core and len(core.replace(token, "")) < ADDED_LETTERS:
            return "password_personal"
    return None


def _common(core: str, password: str) -> bool:
    if len(set(password)) < 4:
        return True
    if core in COMMON or core.strip("0123456789") in COMMON:
        return True
    return len(core) >= 4 and any(core in run for run in _RUNS)
