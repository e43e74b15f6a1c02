"""Recognising Vietnamese text in a code page older than Unicode, which would load as nonsense."""

from __future__ import annotations

import re

_TCVN3 = re.compile(
    r"[A-Za-z][¡¢£¤¥¦¨ª¬µ¶¸¹¼½¾×÷Þþß]|[¡¢£¤¥¦¨ª¬µ¶¸¹¼½¾×÷Þþß][a-z]|®[a-z]|§[a-z¡-ÿ]|[A-Za-z][·»«][A-Za-z]"
    r"|[a-z][ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖØÜÝ](?![A-Z])|[b-df-hj-np-tv-xB-DF-HJ-NP-TV-X][åæîïøû]"
)
_VNI = re.compile(
    r"a[âáàåãäêùøûõï]|e[ùøûõïâáàåãä]|o[ùøûõïâåä]|u[ùøûõï]|[öô][ùøûõï]|öô|y[ùøûõ]|ñ[aeiouyöô]", re.IGNORECASE
)
_UNICODE_ONLY = re.compile(r"[\u1ea0-\u1ef9\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0]")


def legacy_encoding(text: str) -> str | None:
    """ "TCVN3" (fonts named .Vn…) or "VNI" (fonts named VNI-…) when the text looks written in it, else None.

    A text with a letter that only Unicode has ("ư", "ễ", "đ") was typed in Unicode and is never suspected.
    """
    if text.isascii() or _UNICODE_ONLY.search(text):
        return None
    if _TCVN3.search(text):
        return "TCVN3"
    return "VNI" if _VNI.search(text) else None
