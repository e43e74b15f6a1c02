"""Pages about certificates: public verification, one's own, the register."""

from __future__ import annotations

from lms.web.certificates import issuing, own, public, register
from lms.web.certificates.blueprint import blueprint

__all__ = ["blueprint", "issuing", "own", "public", "register"]
