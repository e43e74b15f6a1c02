"""Measurements print figures for every programme, with the machine they were taken on."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from lms.bench.machine import summary


def test_durations_are_summed_up_in_milliseconds():
    assert summary([0.001] * 98 + [0.002, 0.5]) == {"median_ms": 1.0, "p99_ms": 500.0, "max_ms": 500.0}


@pytest.mark.parametrize("what", ["indicators", "pages"])
def test_a_measurement_names_the_machine_and_its_figures(what, tmp_path):
    extra = ["--seconds", "0.5", "--clients", "2", "--workers", "1", "--port", "8791"] if what == "pages" else []
    done = subprocess.run(
        [sys.executable, "-m", "lms", "bench", what, "--format", "json", *extra],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["machine"]["cores"]
    if what == "pages":
        assert result["lesson"]["requests"] > 0
        assert result["weight of a lesson"]["first_visit_gzip"] <= 100_000
        assert result["weight of the next lesson"]["page_gzip"] <= 15_000
    else:
        assert result["size"]["people"] >= 1500
        assert result["programme D2"]["median_ms"] > 0
