"""`lms init`, `lms config`, `lms admin`, and commands before there is a database."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.models import Grant, Role
from lms.app import create_app
from lms.cli import main
from lms.db import make_engine
from lms.people.models import Account, Person
from lms.settings import PACKAGE, load_settings
from tests.factories.units import make_unit
from tests.ops.conftest import Run


def test_init_may_be_run_again(run: Run, tmp_path: Path) -> None:
    first, second = run("init"), run("init")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Đã tạo" in first.output
    assert "Không có gì phải làm" in second.output
    key = tmp_path / "instance" / "keys" / "secret_key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "instance").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "words", [["serve"], ["worker", "--once"], ["backup", "x.zip"], ["admin", "grant", "a", "viewer"]]
)
def test_without_a_database_commands_say_what_to_do(run: Run, tmp_path: Path, words: list[str]) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert "lms init" in result.output
    assert not (tmp_path / "instance").exists()


def test_config_lists_every_variable_the_source_reads(run: Run) -> None:
    listed = {row["name"] for row in json.loads(run("config", "--format", "json").stdout)}
    read = set()
    for path in PACKAGE.rglob("*.py"):
        read |= set(re.findall(r"\bLMS_[A-Z_]+\b", path.read_text(encoding="utf-8")))
    assert read == listed


def test_config_tells_where_values_come_from_and_masks_secrets(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_DATABASE_URL", "postgresql://lms:bimat@db/lms")
    monkeypatch.setenv("LMS_SMTP_URL", "smtp://u:bimat@mail:25")
    monkeypatch.setenv("LMS_SECRET_KEY", "bimat")
    monkeypatch.setenv("LMS_NHAM", "1")
    for form in ("text", "json"):
        result = CliRunner().invoke(main, ["config", "--format", form])
        assert "bimat" not in result.output
        assert "LMS_NHAM" in result.stderr
    rows = {row["name"]: row for row in json.loads(CliRunner().invoke(main, ["config", "--format", "json"]).stdout)}
    assert rows["LMS_DATABASE_URL"]["origin"] == "environment"
    assert rows["LMS_NAME"]["origin"] == "default"


def test_a_setting_that_cannot_be_read_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_MAX_UPLOAD_MB", "nhiều")
    result = run("init")
    assert (result.exit_code, "LMS_MAX_UPLOAD_MB" in result.output) == (1, True)


def test_the_first_administrator(run: Run, empty_database: str, tmp_path: Path) -> None:
    run("init")
    made = run("admin", "create", "--name", "Lò Thị Ngân", "--email", "Ngan@CongDoan.example")
    assert made.exit_code == 0
    again = run("admin", "create", "--name", "Lò Thị Ngân", "--email", "ngan@congdoan.example")
    link = re.search(r"https?://\S+(/mat-khau/\S+)", again.output)
    assert link
    weak = run("admin", "create", "--name", "A", "--email", "a@b.example", "--password-stdin", given="123\n")
    assert (weak.exit_code, "password_short" in weak.output) == (1, True)
    strong = run(
        "admin", "create", "--name", "B C", "--email", "b@b.example", "--password-stdin", given="mây trắng đầu non 7\n"
    )
    assert strong.exit_code == 0
    assert "/mat-khau/" not in strong.output
    engine = make_engine(empty_database)
    with Session(engine) as session:
        people = session.execute(
            select(Person.email, Account.password_hash.is_not(None), Grant.role)
            .join(Account, Account.person_id == Person.id)
            .join(Grant, Grant.account_id == Account.id)
            .order_by(Person.id)
        ).all()
    engine.dispose()
    assert [tuple(row) for row in people] == [
        ("ngan@congdoan.example", False, Role.system_admin),
        ("b@b.example", True, Role.system_admin),
    ]
    settings = load_settings({"LMS_INSTANCE": str(tmp_path / "instance"), "LMS_DATABASE_URL": empty_database})
    app = create_app(settings, testing=True)
    assert app.test_client().get(link[1]).status_code == 200
    from lms.web.database import _extension

    with app.app_context():
        _extension.engine.dispose()


def test_roles_from_the_command_line(run: Run, empty_database: str) -> None:
    run("init")
    run("admin", "create", "--name", "Lò Thị Ngân", "--email", "ngan@congdoan.example")
    engine = make_engine(empty_database)
    with Session(engine) as session:
        make_unit(session, code="AS")
        session.commit()
    engine.dispose()
    assert run("admin", "grant", "ngan@congdoan.example", "viewer", "--unit", "AS").exit_code == 0
    assert "grant_needs_unit" in run("admin", "grant", "QT-001", "viewer").output
    assert run("admin", "grant", "QT-001", "viewer", "--unit", "KHONG").exit_code == 1
    assert run("admin", "grant", "khong@co.ai", "viewer", "--unit", "AS").exit_code == 1
    assert run("admin", "grant", "QT-001", "vua").exit_code == 2


def test_help_and_unknown_commands(run: Run) -> None:
    helped = run("--help")
    assert helped.exit_code == 0
    for name in ("init", "demo", "serve", "worker", "backup", "restore", "roster", "courses", "indicators", "config"):
        assert re.search(rf"^  {name} ", helped.output, re.MULTILINE), name
        assert run(name, "--help").exit_code == 0
    assert run("khongco").exit_code == 2
    assert run("serve", "--port", "0").exit_code == 2
    assert run("--version").output.startswith("lms, version ")
