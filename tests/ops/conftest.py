"""Commands, run in this process on an installation of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cli import main
from lms.cli_context import engine_for

Run = Callable[..., Result]


@pytest.fixture
def run(empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("init")` runs a command and gives what it printed and its exit status."""
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("LMS_DATABASE_URL", empty_database)

    def call(*words: str, given: str | None = None) -> Result:
        result = CliRunner().invoke(main, list(words), input=given)
        engine_for(empty_database).dispose()
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call
