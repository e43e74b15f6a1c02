"""Reading cells, headers and rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest

from lms.imports.cells import (
    Unreadable,
    read_birth,
    read_count,
    read_date,
    read_flag,
    read_hours,
    read_phone,
    read_text,
)
from lms.imports.columns import POSTS, TRAINING, UNITS, find_header, header_key, sheet_named
from lms.imports.encodings import legacy_encoding
from lms.imports.near import NearCodes
from lms.imports.rows import PostRow, UnitRow
from lms.imports.rules import read_roster
from lms.imports.vocabulary import AREA_WORDS, LEVEL_WORDS, TITLE_WORDS
from lms.ledger.models import Area
from lms.sheets import Cell, Sheet
from lms.units.models import Level, Selection, Title

TODAY = date(2026, 11, 21)


def _why(read: Callable[[Cell], object], value: Cell) -> str:
    with pytest.raises(Unreadable) as fault:
        read(value)
    return fault.value.code


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 3, 5),
        datetime(2026, 3, 5),
        "05/03/2026",
        "5/3/26",
        "5/3/2026",
        "2026-03-05",
        "05-03-2026",
        "5.3.2026",
        " 05/03/2026 ",
        "2026-03-05 00:00:00",
        46086.0,
        46086.5,
        "46086",
    ],
)
def test_every_kind_of_date_is_read(value: Cell) -> None:
    assert read_date(value) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("31/02/2026", "date_impossible"),
        ("2026", "date_year_only"),
        (2026.0, "date_year_only"),
        ("mùa xuân", "date_unreadable"),
        ("03/2026", "date_unreadable"),
        ("01/01/0026", "date_out_of_range"),
        (True, "date_unreadable"),
    ],
)
def test_other_dates_say_why_not(value: Cell, code: str) -> None:
    assert _why(read_date, value) == code


@pytest.mark.parametrize(
    ("value", "born"),
    [
        ("12/03/1986", (date(1986, 3, 12), 1986)),
        ("12/3/86", (date(1986, 3, 12), 1986)),
        ("12/3/15", (date(1915, 3, 12), 1915)),
        ("12/3/05", (date(2005, 3, 12), 2005)),
        ("1986", (None, 1986)),
        (1986.0, (None, 1986)),
        ("năm 1986", (None, 1986)),
        ("1986-03-12", (date(1986, 3, 12), 1986)),
        (None, (None, None)),
    ],
)
def test_births_may_be_a_year_alone(value: Cell, born: tuple[date | None, int | None]) -> None:
    assert read_birth(value, TODAY) == born


def test_flags() -> None:
    assert [read_flag(value) for value in ("x", "X", "có", "CÓ", 1.0, "1", "true", True)] == [True] * 8
    assert [read_flag(value) for value in (None, "", "không", 0.0, "0", False)] == [False] * 6
    assert read_flag("không rõ") is None
    assert _why(read_flag, "dạ") == "unknown_flag"


def test_numbers_where_text_is_wanted_lose_their_point() -> None:
    assert read_text(1234.0, 40) == "1234"
    assert read_text(" Cong\u00a0 doan ", 40) == "Cong doan"
    assert read_text("Nguye\u0302\u0303n", 40) == "Nguyễn"
    assert read_text("a\u200bb\u00ad", 40) == "ab"
    assert _why(lambda value: read_text(value, 3), "abcd") == "too_long"


def test_counts_and_hours() -> None:
    assert [read_count(value) for value in (1200.0, "1.200", "1 200", "1,200", "1200", None)] == [1200] * 5 + [None]
    assert _why(read_count, -1.0) == _why(read_count, "12,5") == _why(read_count, "khoảng 20") == "count_unreadable"
    assert [read_hours(value) for value in (7.5, "7,5", "7.5 giờ", 16, None)] == [
        Decimal("7.5"), Decimal("7.5"), Decimal("7.5"), Decimal(16), None,
    ]  # fmt: skip
    assert read_hours("7.25") == Decimal("7.3")
    assert _why(read_hours, "nan") == _why(read_hours, "-1") == "hours_unreadable"


def test_phones_get_their_zero_back() -> None:
    assert read_phone(912345678.0) == read_phone("+84 912 345 678") == read_phone("0912.345.678") == "0912345678"
    assert read_phone("nội bộ 12") == "nội bộ 12"
    assert _why(read_phone, "0912345678; 0987654321") == "phone_too_long"


def test_words_are_matched_without_case_and_accents() -> None:
    assert TITLE_WORDS["UỶ VIÊN ban chấp hành"] is TITLE_WORDS["uv BCH"] is Title.executive_committee_member
    assert LEVEL_WORDS["cđcs"] is Level.grassroots
    assert AREA_WORDS["chair_skills"] is Area.chair_skills
    assert AREA_WORDS[unicodedata.normalize("NFD", "Bình đẳng giới")] is Area.gender_equality
    for words in (TITLE_WORDS, LEVEL_WORDS, AREA_WORDS):
        assert all(words[label] is code for code, label in words.labels.items())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("B¶o Th¾ng", "TCVN3"),
        ("NguyÔn V¨n A", "TCVN3"),
        ("§oµn viªn", "TCVN3"),
        ("Hång", "TCVN3"),
        ("chaøo caùc baïn", "VNI"),
        ("Nguyeãn Vaên An", "VNI"),
        ("Traàn Thò Mai", "VNI"),
        ("Nguyễn Thị Thuý Hoà", None),
        ("Hoà An, Hoá, Khoá, già, giá", None),
        ("CĐCS Công ty «May» Panasonic®", None),
        ("Công ty TNHH", None),
        ("Y Ñăm Niê", None),
    ],
)
def test_text_older_than_unicode_is_recognised(text: str, encoding: str | None) -> None:
    assert legacy_encoding(text) == encoding


def test_near_codes() -> None:
    near = NearCodes(["AS-0129", "AS-0130", "LX-1"])
    assert near.find("AS-0192") == ["AS-0129"]
    assert near.find("as 0130") == ["AS-0130"]
    assert near.find("AS-129") == ["AS-0129"]
    assert near.find("ZZ-9999") == []


def test_headers_and_sheet_names_in_their_variants() -> None:
    assert sheet_named(" don vi ") is UNITS
    assert sheet_named("3. CÁN BỘ") is POSTS
    assert sheet_named("Biến động") == "Biến động"
    assert sheet_named("Sheet1") is None
    for header in ("Họ tên", "Tên đầy đủ", " HỌ VÀ TÊN (*)", "ho va ten", unicodedata.normalize("NFD", "Họ và tên*")):
        assert header_key(POSTS, header) == "full_name"
    assert header_key(POSTS, "SĐT") == "phone"
    assert header_key(UNITS, "Mã ĐV") == "code"


def test_the_header_line_may_stand_under_ten_title_lines() -> None:
    titles: list[list[Cell]] = [["LIÊN ĐOÀN LAO ĐỘNG"]] + [[None]] * 9
    header: list[Cell] = ["STT", "Mã đơn vị", "Tên đơn vị", "Cấp"]
    found = find_header(UNITS, [*titles, header])
    assert found is not None
    assert (found.row, found.places, found.unknown) == (10, {"code": 1, "name": 2, "level": 3}, ("STT",))
    assert find_header(UNITS, [*titles, [None], header]) is None


def test_the_official_header_goes_before_its_other_names() -> None:
    found = find_header(TRAINING, [["Ngày cấp", "Mã cán bộ", "Ngày hoàn thành *", "Ngày kết thúc", "Mã CB"]])
    assert found is not None
    assert found.places == {"person": 1, "achieved_on": 2}
    assert found.unknown == ("Ngày cấp", "Ngày kết thúc", "Mã CB")
    assert not found.repeated


def _sheet(name: str, *rows: list[Cell]) -> Sheet:
    return Sheet(name, list(rows))


def test_totals_column_numbers_and_empty_rows_are_no_data() -> None:
    read = read_roster(
        [
            _sheet(
                "Đơn vị",
                ["STT", "Mã đơn vị", "Tên đơn vị", "Cấp", "Số đoàn viên"],
                ["(1)", "(2)", "(3)", "(4)", "(5)"],
                [1, "T", "Tổng Công ty Chè", "Cấp tỉnh", 5],
                [2, None, None, None, None],
                [None, "Tổng cộng", None, None, 5],
            )
        ],
        TODAY,
    )
    assert list(read.sheets["Đơn vị"].rows) == [3]
    assert {(note.code, note.row) for note in read.notes} == {
        ("extra_columns", 1), ("column_numbers", 2), ("total_row", 5),
    }  # fmt: skip
    assert not read.refused


def test_absent_columns_are_unknown_and_empty_cells_are_no() -> None:
    head: list[Cell] = ["Mã cán bộ", "Họ và tên", "Mã đơn vị", "Chức danh", "Từ ngày"]
    row: list[Cell] = ["CB-1", "Lò Thị Mai", "C1", "Chủ tịch", "12/03/2024"]
    [bare] = read_roster([_sheet("Cán bộ", head, row)], TODAY).sheets["Cán bộ"].rows.values()
    flags: list[Cell] = ["Chuyên trách", "Nữ công", "Hình thức", "Lần đầu"]
    full_read = read_roster([_sheet("Cán bộ", head + flags, [*row, None, "x", None, None])], TODAY)
    [full] = full_read.sheets["Cán bộ"].rows.values()
    assert isinstance(bare, PostRow)
    assert isinstance(full, PostRow)
    assert (bare.full_time, bare.womens_affairs, bare.selection, bare.first_time) == (None, None, None, None)
    assert (full.full_time, full.womens_affairs, full.selection, full.first_time) == (
        False, True, Selection.unstated, False,
    )  # fmt: skip


def test_every_fault_of_a_row_is_named_with_its_column() -> None:
    read = read_roster(
        [
            _sheet(
                "Cán bộ",
                ["Mã cán bộ", "Họ và tên", "Ngày sinh", "Mã đơn vị", "Chức danh", "Từ ngày", "Đến ngày"],
                ["CB-1", "Lò Thị Mai", "31/02/1986", "C1", "CT", "12/03/2024", "12/03/2024"],
                ["CB-2", "B¶o Th¾ng", None, None, "Giám đốc", "2024", None],
            )
        ],
        TODAY,
    )
    assert [(f.row, f.column, f.code) for f in read.refused] == [
        (2, "Ngày sinh", "birth_impossible"),
        (2, "Chức danh", "unknown_word_meant"),
        (2, "Đến ngày", "end_not_after_start"),
        (3, "Họ và tên", "encoding_tcvn3"),
        (3, "Mã đơn vị", "required"),
        (3, "Chức danh", "unknown_word"),
        (3, "Từ ngày", "date_year_only"),
    ]


def test_failed_formulas_are_refused_not_taken_for_empty_cells() -> None:
    sheet = Sheet(
        "Đơn vị",
        [["Mã đơn vị", "Tên đơn vị", "Cấp", "Số đoàn viên"], ["C1", "Một", "CĐCS", None]],
        {(1, 3): "#REF!"},
    )
    [finding] = read_roster([sheet], TODAY).refused
    assert (finding.row, finding.column, finding.code) == (2, "Số đoàn viên", "formula_error")


def test_names_in_two_columns_are_joined() -> None:
    head: list[Cell] = ["Mã cán bộ", "Họ đệm", "Tên", "Mã đơn vị", "Chức danh", "Từ ngày"]
    row: list[Cell] = ["CB-1", "Lò Thị", "Mai", "C1", "Chủ tịch", "12/03/2024"]
    merged_head: list[Cell] = [head[0], "Họ và tên", None, *head[3:]]
    for sheet in (_sheet("Cán bộ", head, row), Sheet("Cán bộ", [merged_head, row], {}, {(0, 1): 2})):
        read = read_roster([sheet], TODAY)
        [post] = read.sheets["Cán bộ"].rows.values()
        assert isinstance(post, PostRow)
        assert post.full_name == "Lò Thị Mai"
        assert read.sheets["Cán bộ"].labels == {2: "Lò Thị Mai"}
    alone = read_roster([_sheet("Cán bộ", ["Mã cán bộ", "Tên", "Mã đơn vị"], ["CB-1", "Mai", "C1"])], TODAY)
    assert ("missing_column", "Họ và tên") in {(f.code, f.column) for f in alone.refused}


def test_missing_and_repeated_columns_refuse_the_whole_sheet() -> None:
    read = read_roster([_sheet("Đơn vị", ["Mã đơn vị", "Cấp", "Mã đơn vị *"], ["C1", "CĐCS", "C2"])], TODAY)
    assert {(f.code, f.column) for f in read.refused} == {
        ("missing_column", "Tên đơn vị"),
        ("repeated_column", "Mã đơn vị *"),
    }
    assert read.sheets["Đơn vị"].total == 1
    assert not read.sheets["Đơn vị"].rows


def test_strange_sheets() -> None:
    rows: list[list[Cell]] = [["Mã đơn vị", "Tên đơn vị", "Cấp"], ["C1", "Một", "CĐCS"]]
    read = read_roster([Sheet("Đơn vị", rows), _sheet("Nhóm", ["x"]), _sheet("Ghi chú", ["y"]), Sheet("S", [])], TODAY)
    assert read.not_loaded == ["Nhóm"]
    assert [(note.sheet, note.code) for note in read.notes] == [("Ghi chú", "unknown_sheet")]
    assert [f.code for f in read_roster([_sheet("Sheet1", ["x"])], TODAY).refused] == ["no_known_sheet"]
    assert [f.code for f in read_roster([_sheet("§¬n vÞ", ["x"])], TODAY).refused] == ["encoding_tcvn3"]
    assert [f.code for f in read_roster([_sheet("Đơn vị", ["x"], ["y"])], TODAY).refused] == ["header_missing"]
    assert [f.code for f in read_roster([_sheet("Đơn vị", ["M· ®¬n vÞ"])], TODAY).refused] == ["encoding_tcvn3"]
    twice = read_roster([Sheet("Đơn vị", rows), Sheet("don vi ", rows)], TODAY)
    assert [f.code for f in twice.refused] == ["sheet_twice"]


def test_codes_typed_as_numbers_are_text() -> None:
    read = read_roster([_sheet("Đơn vị", ["Mã đơn vị", "Tên đơn vị", "Cấp"], [1234.0, "Một", "CĐCS"])], TODAY)
    [row] = read.sheets["Đơn vị"].rows.values()
    assert isinstance(row, UnitRow)
    assert row.code == "1234"
