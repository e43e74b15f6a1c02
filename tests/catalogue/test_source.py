"""Taking in a package: folders, zip files, text encodings, the content hash."""

import stat
import unicodedata
import zipfile
from pathlib import Path

import pytest

from lms.catalogue.package_reader import read_package
from lms.catalogue.source import content_hash, looks_like_tcvn3
from tests.catalogue.packages import COURSE, FINAL, good_files, package
from tests.catalogue.test_package import told


def test_decomposed_text_and_windows_line_ends_are_the_same_course() -> None:
    files = good_files()
    odd = {
        path: unicodedata.normalize("NFD", content.decode()).replace("\n", "\r\n").encode("utf-8-sig")
        for path, content in files.items()
        if not path.startswith("media/")
    }
    course = package(odd)
    assert told(course) == []
    assert course == package()
    assert course.content_hash == package().content_hash


def test_the_hash_follows_the_content() -> None:
    files = good_files()
    assert content_hash(dict(reversed(files.items()))) == content_hash(files)
    assert content_hash(files | {"final.gift": FINAL.encode() + b"\n// x"}) != content_hash(files)
    assert content_hash({"a": b"", "b": b"x"}) != content_hash({"a": b"x", "b": b""})


def test_a_folder_and_a_zip_are_read_alike(tmp_path: Path) -> None:
    folder = tmp_path / "khoa-thu"
    for path, content in good_files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / ".DS_Store").write_bytes(b"x")
    with zipfile.ZipFile(tmp_path / "goi.zip", "w") as archive:
        for path, content in good_files().items():
            archive.writestr(f"khoa-thu/{path}", content)
    from_folder, from_zip = read_package(folder), read_package(tmp_path / "goi.zip")
    assert from_folder == from_zip == package()
    assert told(from_zip) == []


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "khoa-thu"
    folder.mkdir()
    (folder / "course.yaml").symlink_to("/etc/hostname")
    assert told(read_package(folder))[0].startswith("course.yaml:1: Liên kết tượng trưng")


@pytest.mark.parametrize("name", ["../x.md", "/etc/x.md", "a/../../x.md", "a\\x.md", "C:x.md"])
def test_a_zip_cannot_point_outside(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "goi.zip", "w") as archive:
        archive.writestr(name, "x")
        archive.writestr("course.yaml", COURSE)
    assert any("chỉ ra ngoài gói" in line for line in told(read_package(tmp_path / "goi.zip")))


def test_a_zip_with_a_link_a_bomb_or_no_zip_at_all(tmp_path: Path) -> None:
    linked = zipfile.ZipInfo("course.yaml")
    linked.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(linked, "/etc/passwd")
        archive.writestr("final.gift", b"0" * 50_000_000)
    found = told(read_package(tmp_path / "a.zip"))
    assert any(line.startswith("course.yaml:1: Liên kết tượng trưng") for line in found)
    assert any(line.startswith("final.gift:1: Tệp quá lớn") for line in found)
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 not a zip")
    assert "Không mở được" in told(read_package(tmp_path / "b.zip"))[0]
    assert "Không có thư mục" in told(read_package(tmp_path / "khong-co"))[0]


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("C«ng ®oµn c¬ së", True),
        ("LuËt C«ng ®oµn", True),
        ("«Công đoàn» và ½ giờ", False),
        ("Công đoàn cơ sở", False),
        ("© 2026 ® a·b", False),
    ],
)
def test_tcvn3_is_recognised(text: str, looks: bool) -> None:
    assert looks_like_tcvn3(text) is looks


def test_a_damaged_file_in_a_zip_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    packed = tmp_path / "goi.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in good_files().items():
            archive.writestr(f"khoa-thu/{path}", content)
    with zipfile.ZipFile(packed) as archive:
        start = archive.getinfo("khoa-thu/final.gift").header_offset
    damaged = bytearray(packed.read_bytes())
    damaged[start + 60 : start + 66] = b"\xff" * 6
    packed.write_bytes(bytes(damaged))
    course = read_package(packed)
    assert any(line.startswith("final.gift:1: Tệp này trong tệp zip bị hỏng") for line in told(course))
    assert len(course.modules[0].pool) == 5
