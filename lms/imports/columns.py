"""The sheets and columns of the roster workbook, and finding them in what federations really send."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lms.imports.vocabulary import word_key
from lms.sheets import Cell

MAX_TITLE_LINES: Final = 10
"""Lines that may stand above the header line."""


@dataclass(frozen=True)
class Column:
    """A column: its key in the code, its header in the workbook, whether a row needs it, other headers it goes by."""

    key: str
    header: str
    required: bool = False
    also: str = ""
    width: int = 14
    exported: bool = True


@dataclass(frozen=True)
class SheetLayout:
    """A sheet of the workbook and its columns, in the order in which exports write them."""

    name: str
    columns: tuple[Column, ...]
    also: str = ""

    def column(self, key: str) -> Column:
        """The column of a key."""
        return next(column for column in self.columns if column.key == key)

    def header(self, key: str) -> str:
        """The header of a key; empty for the empty key."""
        return self.column(key).header if key else ""


_UNIT_CODE = "ma dv; ma cong doan; ma cdcs; ma don vi cong doan"
_PERSON_CODE = "ma cb; ma so can bo; ma can bo cong doan; ma nguoi"

UNITS: Final = SheetLayout(
    "Đơn vị",
    (
        Column("code", "Mã đơn vị", True, _UNIT_CODE),
        Column("name", "Tên đơn vị", True, "ten dv; ten cong doan; ten cdcs; ten", 44),
        Column("level", "Cấp", True, "cap cong doan; cap don vi", 26),
        Column("parent", "Mã đơn vị cấp trên", False, "ma dv cap tren; ma cap tren; don vi cap tren; truc thuoc", 20),
        Column("sector", "Khu vực", False, "khu vuc kinh te", 16),
        Column("kind", "Loại hình", False, "loai hinh don vi", 18),
        Column("members", "Số đoàn viên", False, "doan vien; tong so doan vien; so dv", 13),
        Column("workers", "Số lao động", False, "lao dong; tong so lao dong; so ld; so cnvcld", 13),
        Column("counted_on", "Tính đến ngày", False, "ngay tinh; so lieu tinh den ngay; tinh den"),
        Column("founded_on", "Ngày thành lập", False, "thanh lap"),
        Column("ended_on", "Ngày kết thúc", False, "ngay cham dut; ket thuc; ngay giai the"),
        Column("valid_from", "Hiệu lực từ", False, "co hieu luc tu; hieu luc tu ngay; ngay hieu luc"),
    ),
    also="danh sach don vi; cac don vi",
)
TERMS: Final = SheetLayout(
    "Nhiệm kỳ",
    (
        Column("unit", "Mã đơn vị", True, _UNIT_CODE),
        Column("name", "Nhiệm kỳ", True, "ten nhiem ky; khoa"),
        Column("starts_on", "Bắt đầu", True, "ngay bat dau; tu ngay"),
        Column("ends_on", "Kết thúc", False, "ngay ket thuc; den ngay"),
    ),
    also="danh sach nhiem ky; cac nhiem ky",
)
POSTS: Final = SheetLayout(
    "Cán bộ",
    (
        Column("person", "Mã cán bộ", True, _PERSON_CODE),
        Column("full_name", "Họ và tên", True, "ho ten; ten day du; ho va ten can bo; ho ten can bo; ten can bo", 28),
        Column("ho_dem", "Họ đệm", False, "ho va ten dem; ho va chu dem; ho chu dem; ho lot; ho", exported=False),
        Column("ten", "Tên", False, "ten goi", exported=False),
        Column("born", "Ngày sinh", False, "nam sinh; ngay thang nam sinh; sinh ngay; ngay, thang, nam sinh"),
        Column("gender", "Giới tính", False, "gioi; nam nu", 10),
        Column("ethnicity", "Dân tộc", False, "", 12),
        Column("email", "Email", False, "e-mail; thu dien tu; dia chi email", 28),
        Column("phone", "Điện thoại", False, "sdt; so dien thoai; dt; di dong; dien thoai di dong"),
        Column("unit", "Mã đơn vị", True, _UNIT_CODE),
        Column("title", "Chức danh", True, "chuc vu; chuc danh cong doan", 26),
        Column("full_time", "Chuyên trách", False, "can bo chuyen trach; ct", 13),
        Column("womens_affairs", "Nữ công", False, "can bo nu cong; phu trach nu cong", 10),
        Column("selection", "Hình thức", False, "bau chi dinh; hinh thuc bau; hinh thuc bo tri", 12),
        Column("first_time", "Lần đầu", False, "tham gia lan dau; bau lan dau", 10),
        Column("starts_on", "Từ ngày", True, "ngay bat dau; tu; ngay giu chuc danh; tu ngay thang nam"),
        Column("ends_on", "Đến ngày", False, "ngay ket thuc; den; ngay thoi giu chuc danh"),
    ),
    also="danh sach can bo; can bo cong doan; ds can bo",
)
TRAINING: Final = SheetLayout(
    "Bồi dưỡng",
    (
        Column("person", "Mã cán bộ", True, _PERSON_CODE),
        Column("areas", "Lĩnh vực", True, "linh vuc boi duong; noi dung; noi dung boi duong", 36),
        Column("title", "Tên khóa", False, "ten khoa hoc; ten lop; khoa; lop; ten khoa boi duong; khoa boi duong", 36),
        Column("mode", "Hình thức", False, "hinh thuc boi duong; hinh thuc hoc", 12),
        Column("delivered_by", "Mã đơn vị tổ chức", False, "ma dv to chuc; don vi to chuc", 18),
        Column("delivered_level", "Cấp tổ chức", False, "", 24),
        Column("achieved_on", "Ngày hoàn thành", True, "ngay ket thuc; hoan thanh; hoan thanh ngay; ngay cap", 16),
        Column("hours", "Số giờ", False, "so gio hoc; thoi luong; gio", 9),
        Column(
            "certificate_no", "Số hiệu chứng chỉ", False, "so hieu; so chung chi; so chung nhan; so hieu chung nhan", 20
        ),
        Column("evidence", "Minh chứng", False, "can cu; ho so minh chung", 30),
    ),
    also="boi duong, tap huan; dao tao boi duong; dao tao, boi duong",
)
LAYOUTS: Final = (UNITS, TERMS, POSTS, TRAINING)
NOT_YET: Final = ("Biến động", "Nhóm", "Trình độ", "Số liệu")
"""Sheets of the workbook that this version only reports."""


def _names(official: str, also: str) -> list[str]:
    return [word_key(name) for name in (official, *also.split(";")) if name.strip()]


_LAYOUT_BY_NAME: Final = {name: layout for layout in LAYOUTS for name in _names(layout.name, layout.also)}
_NOT_YET_BY_NAME: Final = {word_key(name): name for name in NOT_YET}
_KEY_BY_HEADER: Final = {
    layout.name: {
        name: column.key for column in reversed(layout.columns) for name in _names(column.header, column.also)
    }
    for layout in LAYOUTS
}


def sheet_named(name: str) -> SheetLayout | str | None:
    """The layout of a sheet's name, the official name of a sheet that is not loaded yet, or None."""
    key = re.sub(r"^\d+ ", "", word_key(name))
    return _LAYOUT_BY_NAME.get(key) or _NOT_YET_BY_NAME.get(key)


def header_key(layout: SheetLayout, header: Cell) -> str | None:
    """The key of a header as somebody wrote it: case, accents, stars and remarks in brackets do not matter."""
    if not isinstance(header, str):
        return None
    known = _KEY_BY_HEADER[layout.name]
    return known.get(word_key(header)) or known.get(word_key(re.sub(r"\(.*?\)", " ", header)))


def _is_official(layout: SheetLayout, key: str, header: Cell) -> bool:
    return isinstance(header, str) and word_key(re.sub(r"\(.*?\)", " ", header)) == word_key(layout.header(key))


@dataclass(frozen=True)
class HeaderLine:
    """Where the header line is (row from 0), which column holds which key, headers unknown and headers given twice.

    Where a column stands under its official header and under another name too, the official one counts.
    """

    row: int
    places: dict[str, int]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]


def find_header(layout: SheetLayout, rows: Sequence[Sequence[Cell]]) -> HeaderLine | None:
    """The line among the first eleven that names the most columns, two at least; None where there is none."""
    best: tuple[int, int] | None = None
    for index, row in enumerate(rows[: MAX_TITLE_LINES + 1]):
        found = len({key for cell in row if (key := header_key(layout, cell))})
        if found >= 2 and (best is None or found > best[0]):
            best = (found, index)
    if best is None:
        return None
    places: dict[str, int] = {}
    unknown: list[str] = []
    repeated: list[str] = []
    line = rows[best[1]]
    for place, cell in enumerate(line):
        key = header_key(layout, cell)
        if key is None:
            unknown += [str(cell)] if cell is not None else []
        elif key not in places:
            places[key] = place
        elif _is_official(layout, key, cell) == _is_official(layout, key, line[places[key]]):
            repeated.append(str(cell))
        elif _is_official(layout, key, cell):
            unknown.append(str(line[places[key]]))
            places[key] = place
        else:
            unknown.append(str(cell))
    return HeaderLine(best[1], places, tuple(unknown), tuple(repeated))
