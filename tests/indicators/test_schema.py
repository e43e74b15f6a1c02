from __future__ import annotations

import pytest

from lms.indicators.schema import FOLDER, ProgrammeFaults, programmes, read_programme

GOOD = """
code: X1
name: Chương trình thử
short_name: Thử
source: Văn bản thử
period: {first_day: 2026-01-01, last_day: 2026-12-31}
indicators:
  - code: X1-1
    name: Chủ tịch
    clause: mục 1
    denominator: Chủ tịch.
    numerator: Đã học.
    population: {titles: [chair]}
    trained: {any_of_areas: [labour_law]}
    clock: year
    target: 90
"""

EXPECTED = {
    "D0": ["D0-1a", "D0-1b", "D0-2a", "D0-2b"],
    "D1": ["D1-6"],
    "D2": ["D2-1", "D2-2", "D2-3", "D2-4a", "D2-4b", "D2-4c"],
    "D3": ["D3-1", "D3-2b", "D3-3", "D3-5"],
    "D4": ["D4-1a", "D4-1b", "D4-3", "D4-4"],
    "D5": ["D5-1"],
}


def test_every_computed_indicator_is_there():
    assert {code: [i.code for i in p.indicators] for code, p in programmes().items()} == EXPECTED


def test_every_text_is_in_both_languages():
    for programme in programmes().values():
        assert {"name", "short_name", "source"} <= programme.english.keys()
        for indicator in programme.indicators:
            assert {"name", "clause", "people", "denominator_text", "numerator_text"} <= indicator.english.keys()
            assert indicator.say("name", "en") != indicator.say("name", "vi")


def test_files_are_named_after_their_programme():
    for path in FOLDER.glob("*.yaml"):
        assert read_programme(path.read_text("utf-8")).code == path.stem


def test_a_good_programme_is_read():
    programme = read_programme(GOOD)
    assert programme.indicators[0].target == 90
    assert programme.indicators[0].deadline.on == programme.last_day


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("titles: [chair]", "titles: [boss]", "indicators[1].population.titles"),
        ("titles: [chair]", "title: [chair]", "indicators[1].population.title"),
        ("titles: [chair]", "titles: [chair], key_leader: true", "indicators[1].population.key_leader"),
        ("titles: [chair]", "members: {at_least: 500, below: 500}", "indicators[1].population.members"),
        ("titles: [chair]", "members: {}", "indicators[1].population.members"),
        ("titles: [chair]", "full_time: maybe", "indicators[1].population.full_time"),
        ("any_of_areas: [labour_law]", "any_of_areas: [cooking]", "indicators[1].trained.any_of_areas"),
        ("any_of_areas: [labour_law]", "any_of_areas: [labour_law], any_area: true", "indicators[1].trained"),
        ("any_of_areas: [labour_law]", "level_mapping: true, any_area: true", "indicators[1].trained.level_mapping"),
        ("clock: year", "clock: month", "indicators[1].clock"),
        ("    clock: year\n", "", "indicators[1].clock"),
        ("target: 90", "target: 190", "indicators[1].target"),
        ("target: 90", "target: many", "indicators[1].target"),
        ("target: 90", "deadline: {}", "indicators[1].deadline"),
        ("first_day: 2026-01-01", "first_day: 2027-01-01", "period.last_day"),
        ("first_day: 2026-01-01", "first_day: soon", "period.first_day"),
        ("code: X1\n", "", "code"),
        ("    name: Chủ tịch\n", "", "indicators[1].name"),
        ("indicators:", "indicators: 3\nother:", "indicators"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old, new, place):
    with pytest.raises(ProgrammeFaults) as caught:
        read_programme(GOOD.replace(old, new, 1))
    assert place in [fault.place.rstrip(".") for fault in caught.value.faults]


def test_one_code_twice():
    item = GOOD[GOOD.index("  - code:") :]
    with pytest.raises(ProgrammeFaults, match="X1-1"):
        read_programme(GOOD + item)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "code: [", "12"])
def test_what_is_no_programme_at_all(text):
    with pytest.raises(ProgrammeFaults):
        read_programme(text)
