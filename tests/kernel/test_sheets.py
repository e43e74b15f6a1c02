"""Reading workbooks that strangers made, writing workbooks that are safe to open."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from lms.errors import Refused
from lms.sheet_limits import MAX_CELLS, MAX_TEXT, SheetExtent, column_letters, extents, text_size
from lms.sheets import SheetOut, read_workbook, write_workbook


def _code(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_workbook(content)
    assert refused.value.field == "file"
    return refused.value.code


def _plain() -> bytes:
    return write_workbook([SheetOut("Đơn vị", ["Mã", "Tên"], [["A", "Công đoàn xã"]] * 200)])


def _zip(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_is_written_is_read_back() -> None:
    rows = [["A1", 12, 7.5, date(2026, 3, 12), None], ["=1+1", 0, 1.0, date(1986, 1, 1), "http://x.vn"]]
    [sheet] = read_workbook(write_workbook([SheetOut("Bồi dưỡng", ["a", "b", "c", "d", "e"], rows)]))
    assert sheet.name == "Bồi dưỡng"
    assert sheet.rows == [["a", "b", "c", "d", "e"], *rows]


def test_text_that_looks_like_a_formula_or_an_address_stays_text() -> None:
    content = write_workbook([SheetOut("S", ["x"], [['=HYPERLINK("http://x")'], ["+84912345678"], ["http://x.vn"]])])
    sheet = _parts(content)["xl/worksheets/sheet1.xml"]
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_the_same_content_gives_the_same_bytes() -> None:
    assert _parts(_plain()) == _parts(_plain())


def test_rows_keep_their_number_in_excel() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("S")
        page.write(4, 2, "x")
    [sheet] = read_workbook(out.getvalue())
    assert len(sheet.rows) == 5
    assert sheet.rows[4][2] == "x"


def test_failed_formulas_are_named_with_their_place() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("S")
        page.write_formula(1, 0, "=A9", None, "#REF!")
        page.write_formula(2, 27, "=1/0", None, "#DIV/0!")
        page.write_formula(3, 0, "=1+1", None, 2)
    [sheet] = read_workbook(out.getvalue())
    assert sheet.errors == {(1, 0): "#REF!", (2, 27): "#DIV/0!"}
    assert sheet.rows[3][0] == 2


def test_cells_merged_down_a_column_give_their_value_to_each_row() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("S")
        page.merge_range(0, 0, 0, 2, "DANH SÁCH")
        page.merge_range(1, 0, 3, 0, "C1")
        page.write_column(1, 1, ["a", "b", "c"])
    [sheet] = read_workbook(out.getvalue())
    assert [row[0] for row in sheet.rows] == ["DANH SÁCH", "C1", "C1", "C1"]
    assert sheet.rows[0][1] is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n...", "PDF"),
        (b"\xff\xd8\xff\xe0 jpeg", "JPEG"),
        (b"\x89PNG\r\n", "PNG"),
        ("Mã,Tên\nA,Công đoàn\n".encode(), "CSV"),
        (b"\xef\xbb\xbfMa;Ten\nA;B\n", "CSV"),
        (b"<html><table></table></html>", "HTML"),
        (_zip({"word/document.xml": b"<w/>"}), "Word"),
        (_zip({"readme.txt": b"hello"}), "ZIP"),
        (_zip({"content.xml": b"<o/>", "mimetype": b"application/vnd.oasis"}), "OpenDocument"),
    ],
)
def test_another_kind_of_file_called_xlsx_is_named(content: bytes, kind: str) -> None:
    with pytest.raises(Refused) as refused:
        read_workbook(content)
    assert refused.value.code == "workbook_other_kind"
    assert refused.value.params == {"kind": kind}


def test_empty_old_and_protected_files_are_told_apart() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    assert _code(b"") == "workbook_empty"
    assert _code(ole) == "workbook_old_xls"
    assert _code(ole + "EncryptedPackage".encode("utf-16-le")) == "workbook_encrypted"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_told_from_a_damaged_one(share: float) -> None:
    content = _plain()
    assert _code(content[: int(len(content) * share)]) == "workbook_truncated"


def test_a_file_with_spoilt_bytes_is_damaged() -> None:
    content = bytearray(_plain())
    place = content.index(b"xl/worksheets/sheet1.xml") + 60
    content[place : place + 30] = bytes(30)
    assert _code(bytes(content)) == "workbook_damaged"


def test_a_sheet_that_is_no_xml_is_damaged() -> None:
    parts = {**_parts(_plain()), "xl/workbook.xml": b"<workbook><sheets"}
    assert _code(_zip(parts)) == "workbook_damaged"


def test_a_zip_bomb_is_refused_by_what_it_declares() -> None:
    bomb = _zip({**_parts(_plain()), "xl/worksheets/sheet1.xml": b" " * 50_000_000})
    assert len(bomb) < 100_000
    assert _code(bomb) == "workbook_too_large"
    assert _code(_zip({**_parts(_plain()), "xl/media/a.bin": bytes(65 * 1024 * 1024)})) == "workbook_too_large"


def test_a_zip_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    bomb = _zip({**_parts(_plain()), "xl/sharedStrings.xml": b" " * 50_000_000})
    lie = bomb.replace((50_000_000).to_bytes(4, "little"), (5_000).to_bytes(4, "little"))
    assert lie != bomb
    assert _code(lie) == "workbook_damaged"


def test_too_many_entries_are_refused() -> None:
    many = {f"xl/worksheets/sheet{number}.xml": b"<x/>" for number in range(1500)}
    assert _code(_zip({**_parts(_plain()), **many})) == "workbook_too_large"


def test_a_cell_at_the_far_end_does_not_exhaust_the_memory() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Cán bộ").write(1_048_575, 16_383, "x")
    with pytest.raises(Refused) as refused:
        read_workbook(out.getvalue())
    assert refused.value.code == "workbook_too_wide"
    assert refused.value.params == {"sheet": "Cán bộ", "cell": "XFD1048576"}


def test_one_long_text_in_very_many_cells_is_not_unfolded() -> None:
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(1, 20_001))
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + cells
    strings = b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    parts = {"xl/worksheets/sheet1.xml": sheet + b"</sheetData></worksheet>", "xl/sharedStrings.xml": strings}
    assert _code(_zip({**_parts(_plain()), **parts})) == "workbook_too_large"


def test_a_document_type_is_not_read() -> None:
    book = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + _parts(_plain())["xl/workbook.xml"]
    assert _code(_zip({**_parts(_plain()), "xl/workbook.xml": book})) == "workbook_damaged"


def test_letters_of_columns() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 28, 702, 703, 16_384)] == [
        "A", "Z", "AA", "AB", "ZZ", "AAA", "XFD",
    ]  # fmt: skip


def _with_sheet(rows: str) -> bytes:
    """A workbook whose only sheet has these rows, as XML."""
    head = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    xml = f"{head}<sheetData>{rows}</sheetData></worksheet>"
    return _zip({**_parts(_plain()), "xl/worksheets/sheet1.xml": xml.encode()})


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
        '<row r="1048576"><c r="XF&#68;1048576"><v>1</v></c></row>',
        '<row r="2"><c r="XFD2"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>',
        '<row r="2"><c r="XFD1048576"><is><t>x</t></is></c></row>',
    ],
)
def test_a_cell_far_out_is_found_however_it_is_written(far: str) -> None:
    assert _code(_with_sheet(f'<row r="1"><c r="A1"><v>1</v></c></row>{far}')) == "workbook_too_wide"


def test_cells_far_out_that_hold_nothing_do_not_count() -> None:
    [sheet] = read_workbook(
        _with_sheet('<row r="1"><c r="A1"><v>7</v></c></row><row r="9"><c r="XFD1048576" s="1"/></row>')
    )
    assert sheet.rows == [[7]]


@pytest.mark.parametrize("place", ["A0", "1A", "XFE1", "A1048577", "AAAA1", ""])
def test_a_cell_outside_of_any_sheet_is_damage(place: str) -> None:
    assert _code(_with_sheet(f'<row r="1"><c r="{place}"><v>1</v></c></row>')) == "workbook_damaged"


@pytest.mark.parametrize(
    ("si", "cell"),
    [
        ("<si><t>{}</t></si>", '<c r="A{}" t="s"><v>0</v></c>'),
        ("<x:si xmlns:x='u'><x:t>{}</x:t></x:si >", "<x:c xmlns:x='u' r='A{}' t='s'><x:v>&#48;</x:v></x:c>"),
    ],
)
def test_a_long_text_named_by_many_cells_is_counted_each_time(si: str, cell: str) -> None:
    cells = "".join(cell.format(number) for number in range(1, 3001))
    parts = {
        "xl/decoy.xml": b"<a><si>short</si></a>",
        "xl/sharedStrings.xml": f"<sst>{si.format('x' * 100_000)}<si>y</si></sst>".encode(),
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode(),
    }
    found = extents(parts)
    assert found["xl/worksheets/sheet1.xml"].cells == 3000
    assert text_size(parts, found) > MAX_TEXT
    parts["xl/worksheets/sheet1.xml"] = (
        parts["xl/worksheets/sheet1.xml"].replace(b">0<", b">1<").replace(b"&#48;", b"1")
    )
    assert text_size(parts, extents(parts)) < 3000 * 100


def test_many_merged_ranges_do_not_keep_the_reader_busy() -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, 2001))
    merged = "<mergeCells>" + '<mergeCell ref="A1:A2000"/>' * (MAX_CELLS // 2000 + 1) + "</mergeCells>"
    content = _with_sheet(rows + "</sheetData>" + merged + "<sheetData>")
    assert _code(content) == "workbook_damaged"


def test_an_extent_of_nothing() -> None:
    assert extents({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData/></worksheet>"}) == {
        "xl/worksheets/sheet1.xml": SheetExtent()
    }
