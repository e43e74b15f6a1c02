"""`lms courses check|load` and `lms questions check`, as somebody calls them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from lms import migrate
from lms.db import make_engine
from tests.catalogue.packages import FINAL, good_files


def lms(*arguments: str, database: str = "sqlite://", instance: Path = Path("/nonexistent")) -> tuple[int, str, str]:
    code = "import sys; from lms.cli import main; sys.exit(main())"
    known = {"PATH", "HOME", "LANG"}
    environ = {k: v for k, v in os.environ.items() if k in known}
    environ |= {"LMS_DATABASE_URL": database, "LMS_INSTANCE": str(instance), "PYTHONUTF8": "1"}
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environ, check=False
    )
    return run.returncode, run.stdout, run.stderr


def write(folder: Path, changes: dict[str, str] | None = None) -> Path:
    for path, content in {**good_files(), **{k: v.encode() for k, v in (changes or {}).items()}}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def test_check_is_silent_on_good_packages_and_names_every_fault(tmp_path: Path) -> None:
    write(tmp_path / "courses" / "khoa-mot")
    assert lms("courses", "check", str(tmp_path / "courses"), instance=tmp_path)[:2] == (0, "")
    bad = write(tmp_path / "courses" / "khoa-hai", {"final.gift": FINAL.replace("{T}", "{#x}")})
    code, out, _ = lms("courses", "check", str(tmp_path / "courses"), instance=tmp_path)
    assert code == 1
    assert out.startswith(f"{bad}/final.gift:1: Không đọc được số “x”")
    assert len(out.splitlines()) == 1


def stamp(database: str) -> None:
    """Say that the database, made from the models, stands at the newest revision."""
    engine = make_engine(database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": migrate.head()})
    engine.dispose()


def test_load_publishes_once_and_refuses_what_has_faults(database: str, tmp_path: Path) -> None:
    stamp(database)
    good = write(tmp_path / "courses" / "khoa-mot")
    write(tmp_path / "courses" / "khoa-hai", {"final.gift": "x {"})
    code, out, err = lms("courses", "load", str(tmp_path / "courses"), database=database, instance=tmp_path)
    assert code == 1, err
    assert "khoa-mot: version 1 published" in out
    assert "khoa-hai/final.gift:1: Thiếu dấu }" in out
    code, out, err = lms("courses", "load", str(good), database=database, instance=tmp_path)
    assert (code, "khoa-mot: version 1 unchanged" in out) == (0, True), err
    assert lms("courses", "withdraw", "khoa-mot", database=database, instance=tmp_path)[0] == 0
    assert lms("courses", "withdraw", "khong-co", database=database, instance=tmp_path)[0] == 1
    code, _, err = lms("courses", "load", str(good), "--owner", "KHONG", database=database, instance=tmp_path)
    assert code == 1
    assert "KHONG" in err


@pytest.mark.parametrize("form", ["text", "json"])
def test_questions_are_listed_with_their_faults(tmp_path: Path, form: str) -> None:
    path = tmp_path / "de.gift"
    path.write_text("::a::Một {T}\n\nHai {=x =y\n\n::c::Ba {~u ~v}\n", "utf-8")
    code, out, _ = lms("questions", "check", str(path), "--format", form, instance=tmp_path)
    assert code == 1
    if form == "json":
        found = json.loads(out)
        assert [(q["type"], q["title"], q["line"]) for q in found["questions"]] == [("TF", "a", 1), ("MC", "c", 5)]
        assert [problem["line"] for problem in found["problems"]] == [3, 5]
        assert found["questions"][1]["problems"]
    else:
        assert "1 · TF · a · Một" in out
        assert f"{path}:3: Thiếu dấu }}" in out
