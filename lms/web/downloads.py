"""Answers that are files to keep."""

from __future__ import annotations

from datetime import date

from flask import make_response
from werkzeug.wrappers import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_response(content: bytes, name: str, on: date) -> Response:
    """A workbook to download, its name ended by the day; kept in no cache."""
    response = make_response(content)
    response.headers["Content-Type"] = XLSX
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{on:%Y-%m-%d}.xlsx"'
    response.headers["Cache-Control"] = "no-store"
    return response
