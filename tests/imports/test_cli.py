"""`lms roster` as people and programs call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms import cli_context, migrate
from lms.cli_roster import roster
from tests.imports.workbooks import POST_HEADER, POSTS, UNIT_HEADER, UNITS, raw_workbook, small, workbook


@pytest.fixture
def call(empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Call a command on an own database."""
    migrate.upgrade(empty_database)
    monkeypatch.setenv("LMS_DATABASE_URL", empty_database)
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path))

    def run(*words: object) -> Result:
        return CliRunner().invoke(roster, [str(word) for word in words])

    yield run
    cli_context.engine_for(cli_context.settings().database_url).dispose()
    cli_context.engine_for.cache_clear()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "danh sách.xlsx"
    path.write_bytes(small())
    return path


def test_json_alone_is_printed(call, file: Path) -> None:  # type: ignore[no-untyped-def]
    result = call("check", file, "--format", "json")
    report = json.loads(result.stdout)
    assert result.exit_code == 0
    assert report["sheets"]["Đơn vị"] == {"rows": 3, "new": 3, "changed": 0, "unchanged": 0, "refused": 0}
    assert (report["refused"], report["warnings"], report["notes"], report["not_loaded"]) == ([], [], [], [])
    assert report["loaded"] is False


def test_load_then_export_then_check(call, file: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert json.loads(call("load", file, "--format", "json").stdout)["loaded"] is True
    out = tmp_path / "xuất.xlsx"
    assert call("export", out).exit_code == 0
    report = json.loads(call("check", out, "--format", "json").stdout)
    assert [counts["unchanged"] for counts in report["sheets"].values()] == [3, 1, 1, 1]
    part = json.loads(call("check", out, "--unit", "X1", "--format", "json").stdout)
    assert [finding["code"] for finding in part["refused"]] == ["code_elsewhere"]


def test_refused_rows_are_told_with_place_and_remedy(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "x.xlsx"
    file.write_bytes(workbook(units=[UNIT_HEADER, *UNITS, ["C2", "Hai", "CĐCS", "X9"]], posts=[POST_HEADER, *POSTS]))
    result = call("load", file, "--format", "json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert report["loaded"] is False
    [refused] = report["refused"]
    assert (refused["sheet"], refused["row"], refused["column"]) == ("Đơn vị", 5, "Mã đơn vị cấp trên")
    assert "Mã gần giống: X1" in refused["message"]
    good = call("load", file, "--good-rows", "--format", "json")
    assert good.exit_code == 1
    assert json.loads(good.stdout)["loaded"] is True


@pytest.mark.parametrize("content", [b"", b"Ma,Ten\n1,2\n", small()[:1500], b"\xff\xd8\xff\xe0jpeg"])
def test_what_is_no_workbook_ends_with_status_two(call, tmp_path: Path, content: bytes) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    for command in ("check", "load"):
        result = call(command, file, "--format", "json")
        assert result.exit_code == 2
        assert json.loads(result.stdout)["refused"][0]["code"].startswith("workbook_")
        assert call(command, file).exit_code == 2
    assert call("check", tmp_path / "none.xlsx").exit_code == 2


def test_the_other_sheets_are_reported(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "x.xlsx"
    file.write_bytes(raw_workbook({"Đơn vị": [UNIT_HEADER, *UNITS], "Nhóm": [["a"]], "Ghi chú": [["b"]]}))
    report = json.loads(call("check", file, "--format", "json").stdout)
    assert report["not_loaded"] == ["Nhóm"]
    assert [note["code"] for note in report["notes"]] == ["unknown_sheet"]


def test_a_file_can_be_checked_before_there_is_a_database(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "nowhere"))
    monkeypatch.delenv("LMS_DATABASE_URL", raising=False)
    result = CliRunner().invoke(roster, ["check", str(file)])
    assert result.exit_code == 0
    assert "Đơn vị: 3 dòng; mới 3" in result.stdout
    assert not (tmp_path / "nowhere").exists()


def test_json_says_that_there_is_no_database(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LMS_DATABASE_URL", raising=False)
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "new"))
    result = CliRunner().invoke(roster, ["load", str(file), "--format", "json"])
    told = json.loads(result.stdout)
    assert (result.exit_code, told["loaded"], told["refused"][0]["code"]) == (1, False, "no_database")


def test_a_folder_is_no_workbook(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = call("check", tmp_path, "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)["refused"][0]["code"]) == (2, "unreadable")


@pytest.mark.parametrize("command", ["export", "template"])
def test_a_place_where_nothing_can_be_written_is_said(call, tmp_path: Path, command: str) -> None:  # type: ignore[no-untyped-def]
    result = call(command, tmp_path / "không có" / "tệp.xlsx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "tệp.xlsx" in result.stderr


def test_template(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert call("template", tmp_path / "m.xlsx").exit_code == 0
    assert call("check", tmp_path / "m.xlsx").exit_code == 0
