"""Rules of the house that a glance at the files can hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lms.catalogue.package_reader import read_package

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "lms").rglob("*.py"))
SLICES = (
    "access",
    "audiences",
    "audit",
    "catalogue",
    "certificates",
    "imports",
    "indicators",
    "jobs",
    "learning",
    "ledger",
    "notifications",
    "people",
    "units",
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_files_stay_small():
    sizes = {name(path): path.stat().st_size for path in SOURCES}
    assert {path: size for path, size in sizes.items() if size > 15_000} == {}
    assert sum(sizes.values()) / len(sizes) < 5_000


def test_no_file_is_a_drawer_for_everything():
    drawers = {"utils", "helpers", "common", "manager", "misc"}
    assert [name(path) for path in SOURCES if path.stem in drawers] == []


def test_slices_take_the_time_as_an_argument():
    clocks = re.compile(r"datetime\.now|utcnow|date\.today|time\.time\(")
    slices = [path for path in SOURCES if path.relative_to(ROOT / "lms").parts[0] in SLICES]
    assert len(slices) > 80
    assert [name(path) for path in slices if clocks.search(path.read_text("utf-8"))] == []


def test_nothing_is_left_open():
    open_ends = re.compile(r"\b(TODO|FIXME)\b|raise NotImplementedError")
    assert [name(path) for path in SOURCES if open_ends.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "package", sorted(path.parent for path in (ROOT / "courses").glob("*/course.yaml")), ids=lambda path: path.name
)
def test_every_shipped_course_is_valid(package):
    assert read_package(package).problems == ()


def test_lock_files_name_hashes_and_no_addresses():
    for lock in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / lock).read_text("utf-8")
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9][\w.\-\[\]]*==[^\s;\\]+", text, re.MULTILINE)
        assert len(pins) > 30
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) >= len(pins)
