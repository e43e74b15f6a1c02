"""Answers that are files to keep."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from flask import make_response
from werkzeug.wrappers import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_response(content: bytes, name: str, on: date) -> Response:
    """A workbook to download, its name ended by the day; kept in no cache. Of the name, which may hold a unit's code,
    letters without marks, digits, dots and dashes are kept."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    safe = re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip("-.")
    response = make_response(content)
    response.headers["Content-Type"] = XLSX
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}-{on:%Y-%m-%d}.xlsx"'
    response.headers["Cache-Control"] = "no-store"
    return response
