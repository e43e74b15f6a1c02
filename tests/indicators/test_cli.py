"""`lms indicators compute` and `lms programmes check`, as somebody calls them."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from lms.cli_context import engine_for
from lms.cli_indicators import indicators, programmes
from lms.db import make_engine
from lms.indicators.schema import FOLDER
from tests.catalogue.test_cli import lms as run_lms
from tests.catalogue.test_cli import stamp
from tests.factories.ledger import make_record
from tests.factories.people import make_person
from tests.factories.units import make_post, make_term, make_unit

EVERY = ["D2-1", "D2-2", "D2-3", "D2-4a", "D2-4b", "D2-4c", "D2-E1", "D2-E2", "D2-E3", "D2-E4", "D2-E5"]


@pytest.fixture
def lms(database, tmp_path, monkeypatch):
    """Call the command on the test's database, within this process."""
    monkeypatch.setenv("LMS_DATABASE_URL", database)
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "instance"))

    def call(group: click.Group, *arguments: str) -> tuple[int, str, str]:
        run = CliRunner().invoke(group, arguments)
        assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
        return run.exit_code, run.stdout, run.stderr

    yield call
    engine_for(database).dispose()


@pytest.fixture
def federation(database):
    """A commune union with two full-time cadres, one of them trained, one chair below."""
    engine = make_engine(database)
    with Session(engine) as session:
        province = make_unit(session, "LĐLĐ tỉnh", "provincial", code="AS")
        commune = make_unit(session, "Công đoàn xã", "direct_upper", province, code="AS-P1")
        make_unit(session, "LĐLĐ huyện cũ", "direct_upper", province, code="AS-H1", ended="2025-07-01")
        make_term(session, province)
        for code, trained in (("CB-2", True), ("CB-1", False)):
            person = make_person(session, code=code)
            make_post(session, commune, "specialist", person, full_time=True)
            if trained:
                make_record(session, person, "labour_relations", "2026-02-01", mode="online")
        unknown = make_person(session, code="CB-3")
        make_post(session, make_unit(session, parent=commune), "chair", unknown)
        make_unit(session, "CĐCS khác", members=10)
        session.commit()
    engine.dispose()
    stamp(database)


def test_the_command_is_reached_and_prints_json_and_nothing_else(database, federation, tmp_path):
    code, out, err = run_lms(
        "indicators", "compute", "D2", "--unit", "AS", "--format", "json", database=database, instance=tmp_path
    )
    assert (code, err) == (0, "")
    assert json.loads(out)["programme"] == "D2"


def test_json(lms, federation):
    code, out, err = lms(indicators, "compute", "D2", "--unit", "AS", "--on", "2026-06-22", "--format", "json")
    found = json.loads(out)
    assert (code, err, list(found)) == (0, "", ["programme", "unit", "on", "indicators"])
    assert (found["programme"], found["unit"], found["on"]) == ("D2", "AS", "2026-06-22")
    assert [entry["code"] for entry in found["indicators"]] == EVERY
    yearly = found["indicators"][2]
    assert yearly == {
        "code": "D2-3",
        "numerator": 1,
        "denominator": 2,
        "percent": 50.0,
        "target": None,
        "state": "no_target",
        "overdue": False,
    }
    assert not any("persons" in entry for entry in found["indicators"])


def test_persons_are_sorted_cadre_codes_and_unknown_terms_are_untrained(lms, federation):
    _, out, _ = lms(indicators, "compute", "d2", "--unit", "AS", "--on", "22/06/2026", "--persons", "--format", "json")
    entries = {entry["code"]: entry for entry in json.loads(out)["indicators"]}
    assert entries["D2-2"]["persons"] == {"trained": [], "untrained": ["CB-1", "CB-2"], "excluded": []}
    assert entries["D2-3"]["persons"] == {"trained": ["CB-2"], "untrained": ["CB-1"], "excluded": []}
    assert entries["D2-4c"]["persons"]["excluded"] == [{"code": "CB-3", "reason": "members_unknown"}]
    assert entries["D2-4c"]["percent"] is None
    assert entries["D2-E2"]["persons"]["trained"] == ["CB-2"]
    assert (entries["D2-E2"]["numerator"], entries["D2-E2"]["denominator"]) == (1, 3)


def test_known_by_leaves_out_what_was_recorded_later(lms, federation):
    arguments = [indicators, "compute", "D2", "--unit", "AS", "--on", "2026-06-22", "--format", "json"]
    then = json.loads(lms(*arguments, "--known-by", "2026-11-20")[1])["indicators"][2]
    now = json.loads(lms(*arguments, "--known-by", "2026-11-21")[1])["indicators"][2]
    assert (then["numerator"], now["numerator"]) == (0, 1)


def test_a_table_for_people(lms, federation):
    code, out, _ = lms(indicators, "compute", "D1", "--unit", "AS", "--persons")
    assert code == 0
    assert "2023-12-31" in out.splitlines()[0]
    assert "D1-6" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["D2", "--unit", "XX"], "XX"),
        (["D9", "--unit", "AS"], "D9"),
        (["D2", "--unit", "AS-H1", "--on", "2025-07-01"], "không hoạt động vào ngày 01/07/2025"),
        (["D2", "--unit", "AS", "--on", "31/02/2026"], "31/02/2026"),
        (["D2", "--unit", "AS", "--known-by", "soon"], "soon"),
    ],
)
def test_errors_go_to_standard_error_and_exit_1(lms, federation, arguments, words):
    code, out, err = lms(indicators, "compute", *arguments, "--format", "json")
    assert code == 1
    assert words in err
    assert json.loads(out) == {"error": err.strip()}
    assert lms(indicators, "compute", *arguments) == (1, "", err)


def test_checking_a_programme_file(lms, tmp_path: Path):
    good = FOLDER / "D2.yaml"
    assert lms(programmes, "check", str(good))[0] == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(good.read_text("utf-8").replace("chair_skills", "singing"), "utf-8")
    code, out, err = lms(programmes, "check", str(bad))
    assert (code, out) == (1, "")
    assert f"{bad}: indicators[4].trained.any_of_areas" in err
