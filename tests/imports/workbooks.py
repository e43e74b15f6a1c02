"""Workbooks for the tests, written with XlsxWriter as a federation might have them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lms.imports.columns import LAYOUTS
from lms.sheets import Cell, SheetOut, write_workbook

UNIT_HEADER = ["Mã đơn vị", "Tên đơn vị", "Cấp", "Mã đơn vị cấp trên"]
TERM_HEADER = ["Mã đơn vị", "Nhiệm kỳ", "Bắt đầu", "Kết thúc"]
POST_HEADER = ["Mã cán bộ", "Họ và tên", "Mã đơn vị", "Chức danh", "Từ ngày"]
TRAINING_HEADER = ["Mã cán bộ", "Lĩnh vực", "Ngày hoàn thành"]

UNITS: list[Sequence[Cell]] = [
    ["T", "LĐLĐ tỉnh An Sơn", "Cấp tỉnh", None],
    ["X1", "Công đoàn xã Nậm Pao", "Cấp trên trực tiếp cơ sở", "T"],
    ["C1", "CĐCS Công ty CP Chè Đồng Sậy", "Công đoàn cơ sở", "X1"],
]
POSTS: list[Sequence[Cell]] = [["CB-1", "Lò Thị Mai", "C1", "Chủ tịch", date(2024, 3, 12)]]


def workbook(**sheets: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook; sheets by the keywords units, terms, posts, training, each with its header line first."""
    names = dict(zip(("units", "terms", "posts", "training"), (layout.name for layout in LAYOUTS), strict=True))
    return raw_workbook({names.get(key, key): rows for key, rows in sheets.items()})


def raw_workbook(sheets: dict[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook with sheets of any name; the first row is written as the header line."""
    return write_workbook(SheetOut(name, [str(c or "") for c in rows[0]], rows[1:]) for name, rows in sheets.items())


def small() -> bytes:
    """A province, a commune, a grassroots union, its chair, her term and one class she took."""
    return workbook(
        units=[UNIT_HEADER, *UNITS],
        terms=[TERM_HEADER, ["C1", "2023-2028", date(2023, 5, 1), None]],
        posts=[POST_HEADER, *POSTS],
        training=[TRAINING_HEADER, ["CB-1", "chair_skills; Pháp luật lao động", date(2025, 6, 30)]],
    )
