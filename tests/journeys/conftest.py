"""A whole installation as its people meet it: real commands, server and worker as processes, a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import _create_database, _drop_database

BROWSER_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """The system's Chromium; tests are skipped where there is none (on CI that is a failure).

    It lives no longer than its module: while it lives, an event loop runs in this thread, and no application can be
    made beside it.
    """
    path = _chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine (install the package chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield opened
        opened.close()


@dataclass
class Installation:
    """A running installation: its address, and its commands."""

    folder: Path
    database: str
    port: int

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of its processes."""
        settings = {
            "LMS_INSTANCE": str(self.folder),
            "LMS_DATABASE_URL": self.database,
            "LMS_BASE_URL": self.url,
        }
        return {**os.environ, **settings}

    def lms(self, *words: str, given: str | None = None) -> str:
        """Run a command to its end and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "lms", *words],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"lms {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command that stays."""
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen([sys.executable, "-m", "lms", *words], env=self.environment, stdout=log, stderr=log)

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(150):
            try:
                with urllib.request.urlopen(f"{self.url}/suc-khoe", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the server does not answer: " + (self.folder / "serve.log").read_text()[-2000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def installation(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> Iterator[Installation]:
    """An installation made by `lms init`, with server and worker running, and nothing in it yet."""
    server = request.getfixturevalue("postgres_server") if backend == "postgresql" else ""
    database = _create_database(server) if server else f"sqlite:///{tmp_path / 'lms.sqlite3'}"
    made = Installation(tmp_path, database, _free_port())
    made.lms("init")
    processes = [made.start("serve", "--port", str(made.port), "--workers", "1"), made.start("worker")]
    try:
        made.wait()
        yield made
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        if server:
            _drop_database(server, database)
