"""The public GIFT samples, compared with their expected reading."""

import json
from pathlib import Path
from typing import Any

import pytest

from lms.catalogue.gift import parse_gift
from lms.catalogue.gift_json import as_gift_json

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "gift"
SAMPLES = sorted(FOLDER.glob("*.gift")) if FOLDER.is_dir() else []


def _known(question: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in question.items() if not (k in ("id", "tags") and not v)}


@pytest.mark.skipif(not SAMPLES, reason="the public GIFT samples are not beside this checkout")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_sample_reads_as_expected(path: Path, ending: str) -> None:
    text = path.read_bytes().decode().replace("\r\n", "\n").replace("\n", ending)
    read = parse_gift(text)
    assert not read.problems
    found = [_known(as_gift_json(item)) for item in read.items]
    expected = [_known(item) for item in json.loads(path.with_suffix(".json").read_text("utf-8"))]
    assert found == expected
