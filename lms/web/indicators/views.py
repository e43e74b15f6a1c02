"""Indicators with the names behind them. Everything here only reads."""

from __future__ import annotations

from lms.web.indicators import learners, names, overview
from lms.web.indicators.blueprint import blueprint

__all__ = ["blueprint", "learners", "names", "overview"]
