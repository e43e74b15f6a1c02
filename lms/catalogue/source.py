"""The files of a course package, from a folder or a zip file, taken in with care and hashed by content."""

from __future__ import annotations

import hashlib
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from lms.i18n import N_
from lms.problems import Problem

TEXT_SUFFIXES: Final = frozenset({".md", ".yaml", ".gift", ".vtt", ".svg", ".txt"})
MAX_FILES: Final = 3000
MAX_FILE_BYTES: Final = 100_000_000
MAX_TEXT_BYTES: Final = 3_000_000
MAX_TOTAL_BYTES: Final = 500_000_000
_TCVN3: Final = re.compile(r"(?<=\w)[®µ¸¶·¹¨¾¼½ª¬\u00ad\u00d0-\u00d6]|[®µ¸¶·¹¨¾¼½ª¬](?=\w)")
_TCVN3_SIGNS: Final = re.compile("[®µ¸¶·¹¨©«¬ª¾¼½»Æ]")


@dataclass(frozen=True)
class Source:
    """A package's files by relative path; `slug` is the name of its folder."""

    slug: str
    files: Mapping[str, bytes]
    problems: tuple[Problem, ...] = ()


def is_text(path: str) -> bool:
    """Whether a file of a package is text, so that its line ends and its Unicode form do not count."""
    return PurePosixPath(path).suffix.lower() in TEXT_SUFFIXES


def decode(content: bytes, file: str, problems: list[Problem]) -> str:
    """The text in NFC with plain line breaks. What is no UTF-8 or looks like TCVN3 becomes a problem."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        message = N_("Tệp không phải UTF-8 (có thể là bảng mã TCVN3 hoặc VNI): hãy lưu lại bằng Unicode UTF-8.")
        problems.append(Problem(line, message, file=file))
        text = content.decode("utf-8", "replace")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    for number, line_text in enumerate(text.split("\n"), start=1):
        if looks_like_tcvn3(line_text):
            message = N_("Chữ có vẻ gõ bằng bảng mã TCVN3 (.VnTime): “%(text)s”. Hãy chuyển sang Unicode.")
            problems.append(Problem(number, message, {"text": line_text.strip()[:40]}, file))
            break
    if place := text.find("\0") + 1:
        line = text.count("\n", 0, place) + 1
        problems.append(Problem(line, N_("Tệp có ký tự điều khiển; đây không phải tệp văn bản."), file=file))
        text = text.replace("\0", "")
    return text


def looks_like_tcvn3(text: str) -> bool:
    """Whether a line reads like Vietnamese in the TCVN3 code page taken for Unicode ("C«ng ®oµn")."""
    return len(_TCVN3.findall(text)) >= 2 and len(_TCVN3_SIGNS.findall(text)) >= 2


def content_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 of the package: each path and content in order of path, texts as NFC with plain line breaks.

    Time stamps, the order of the file system and the way of packing do not count.
    """
    whole = hashlib.sha256()
    for path in sorted(files):
        content = files[path]
        if is_text(path):
            content = decode(content, path, []).encode("utf-8", "surrogatepass")
        name = unicodedata.normalize("NFC", path).encode()
        whole.update(b"%d:%s%d:" % (len(name), name, len(content)))
        whole.update(content)
    return whole.hexdigest()


def read_source(path: Path) -> Source:
    """Take in a package from its folder or a zip file, unpacking nothing to disk; faults of packing become problems."""
    if path.is_dir():
        return _collect(path.resolve().name, _folder(path), ())
    try:
        with zipfile.ZipFile(path) as archive:
            return _zip(path, archive)
    except FileNotFoundError:
        return Source(path.stem, {}, (Problem(1, N_("Không có thư mục hay tệp này."), file=path.name),))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return Source(
            path.stem, {}, (Problem(1, N_("Không mở được: không phải thư mục hay tệp zip tốt."), file=path.name),)
        )


_Entry = tuple[str, bytes | None, str]
_LINK = N_("Liên kết tượng trưng không được phép trong gói khoá học.")
_LARGE = N_("Tệp quá lớn, hoặc cả gói quá lớn.")
_DAMAGED = N_("Tệp này trong tệp zip bị hỏng hoặc đặt mật khẩu.")
_OUTSIDE = N_("Đường dẫn trong tệp zip chỉ ra ngoài gói.")


def _collect(slug: str, entries: Iterator[_Entry], before: tuple[Problem, ...]) -> Source:
    files: dict[str, bytes] = {}
    problems, total = list(before), 0
    for raw, content, fault in entries:
        name = unicodedata.normalize("NFC", raw)
        if fault:
            problems.append(Problem(1, fault, file=name))
        elif len(files) >= MAX_FILES or total + len(content or b"") > MAX_TOTAL_BYTES:
            problems.append(Problem(1, _LARGE, file=name))
            break
        elif content is not None:
            total += len(content)
            files[name] = content
    return Source(slug, files, tuple(problems))


def _limit(name: str) -> int:
    return MAX_TEXT_BYTES if is_text(name) else MAX_FILE_BYTES


def _folder(root: Path) -> Iterator[_Entry]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if any(part.startswith(".") for part in PurePosixPath(name).parts):
            continue
        if path.is_symlink():
            yield name, None, _LINK
        elif path.is_file():
            if path.stat().st_size > _limit(name):
                yield name, None, _LARGE
            else:
                yield name, path.read_bytes(), ""


def _zip(path: Path, archive: zipfile.ZipFile) -> Source:
    members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
    tops = {member.filename.split("/", 1)[0] for member in members if "/" in member.filename}
    nested = len(tops) == 1 and all("/" in member.filename for member in members)
    top = tops.pop() if nested else ""
    return _collect(top or path.stem, _members(archive, members, f"{top}/" if nested else ""), ())


def _members(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], top: str) -> Iterator[_Entry]:
    total = 0
    for member in members:
        name = member.filename.removeprefix(top)
        parts = PurePosixPath(name).parts
        total += member.file_size
        if "\\" in name or ":" in name or name.startswith("/") or ".." in parts or "\0" in name:
            yield name, None, _OUTSIDE
        elif any(part.startswith(".") for part in parts):
            continue
        elif stat.S_ISLNK(member.external_attr >> 16):
            yield name, None, _LINK
        elif member.file_size > _limit(name) or total > MAX_TOTAL_BYTES:
            yield name, None, _LARGE
        else:
            yield _member(archive, member, name)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> _Entry:
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return name, None, _DAMAGED
    try:
        with archive.open(member) as stream:
            content = stream.read(_limit(name) + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        return name, None, _DAMAGED
    return (name, None, _LARGE) if len(content) > _limit(name) else (name, content, "")
