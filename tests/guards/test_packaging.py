"""The wheel carries everything inside `lms`, and works where there is nothing of the source."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CARRIED = ("migrations", "static", "translations", "courses")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source."""
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the wheel is installed, without what it depends on."""
    target = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)],
        check=True,
    )
    return target


def environment(site: Path) -> dict[str, str]:
    """The environment of a command that finds the installed wheel and no settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "FLASK_"))}
    return {**kept, "PYTHONPATH": str(site), "PYTHONWARNINGS": ""}


def lms(site: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lms", *words],
        cwd=folder,
        env=environment(site),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def carried_files() -> Iterator[str]:
    """What must be in the wheel, by its name there: all that git keeps of the package and of the carried folders."""
    listed = subprocess.run(
        ["git", "ls-files", "lms", *CARRIED], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).exists():
            yield name if name.startswith("lms/") else f"lms/{name}"


def test_the_wheel_holds_one_package_with_everything_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"lms"}
    missing = sorted(set(carried_files()) - names)
    assert not missing
    assert any(name.endswith("LICENSE") for name in names)
    assert not [name for name in names if name.startswith("lms/tests") or name.endswith(".pyc")]


def test_commands_of_the_installed_wheel(site: Path, tmp_path: Path) -> None:
    helped = lms(site, tmp_path, "--help")
    assert helped.returncode == 0
    assert "demo" in helped.stdout
    told = lms(site, tmp_path, "config")
    assert f"LMS_INSTANCE={tmp_path / 'instance'}" in told.stdout
    assert list(tmp_path.iterdir()) == []
    assert lms(site, tmp_path, "init").returncode == 0
    assert (tmp_path / "instance" / "lms.sqlite3").exists()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(site: Path, folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "out.txt").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "lms", "demo", "--port", str(port)],
            cwd=folder,
            env=environment(site),
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def answer(address: str, patience: float) -> tuple[int, str]:
    """What an address answers, asked again until it does."""
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return response.status, response.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def test_the_demo_of_the_installed_wheel_in_an_empty_folder(site: Path, tmp_path: Path) -> None:
    port = free_port()
    with running(site, tmp_path, port):
        status, page = answer(f"http://127.0.0.1:{port}/", 90)
        assert (status, '<html lang="vi"' in page) == (200, True)
        assert answer(f"http://127.0.0.1:{port}/static/app.css", 5)[0] == 200
        status, page = answer(f"http://127.0.0.1:{port}/dang-nhap", 5)
        assert (status, "AS-QT" in page) == (200, True)
    told = (tmp_path / "out.txt").read_text()
    assert "cong-doan-demo" in told
    assert {path.name for path in tmp_path.iterdir()} == {"instance-demo", "out.txt"}
    began = time.monotonic()
    with running(site, tmp_path, port):  # again: the same data
        assert answer(f"http://127.0.0.1:{port}/", 60)[0] == 200
    assert "Đang tạo" not in (tmp_path / "out.txt").read_text()
    assert time.monotonic() - began < 60
