"""Where to go next: only ever to a page of this installation."""

from __future__ import annotations

import re

_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")


def safe_next(target: str | None, default: str = "/") -> str:
    """The target when it is a path of this installation, else the default.

    Browsers read `//host`, `/\\host` and paths with control characters in them as other hosts; those are refused.
    """
    return target if target and _LOCAL.fullmatch(target) else default
