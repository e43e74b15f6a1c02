"""An export loads back without a change, whatever the roster."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.access.rules import SYSTEM
from lms.imports.columns import LAYOUTS, POSTS, TERMS, TRAINING, UNITS
from lms.imports.export import export_roster, template
from lms.imports.operations import check_roster, load_roster
from lms.imports.vocabulary import AREA_WORDS, KIND_WORDS, LEVEL_WORDS, MODE_WORDS, SECTOR_WORDS, TITLE_WORDS
from lms.ledger.models import Source
from lms.sheets import Cell, read_workbook
from lms.units.models import Unit
from tests.conftest import NOW
from tests.factories.ledger import make_record
from tests.factories.people import make_person
from tests.factories.units import make_post, make_unit
from tests.imports.workbooks import raw_workbook, small

TODAY = date(2026, 11, 21)
_DAYS = st.dates(date(1990, 1, 1), date(2026, 11, 20))
_NAMES = st.sampled_from(["Lò Thị Mai", "Giàng A Tủa", "Y Ñăm Niê", "H'Hen", "Nguyễn Thị Thu Hiền", "Đỗ Ước"])
_WORDS = st.text(st.sampled_from("aăâbdđeêioôơuưyAĐ01 -/;=+@'\"&<>"), max_size=12)


def _maybe(values: st.SearchStrategy[Cell]) -> st.SearchStrategy[Cell]:
    return st.none() | values


def _word(words: list[str]) -> st.SearchStrategy[Cell]:
    return st.sampled_from(words)


@st.composite
def rosters(draw: st.DrawFn) -> dict[str, list[list[Cell]]]:
    """The four sheets of a roster; rows that cannot stand together are refused by the load, and so left out."""
    unit_codes = [f"U{number}" for number in range(draw(st.integers(1, 5)))]
    people = [f"P{number}" for number in range(draw(st.integers(1, 4)))]
    units: list[list[Cell]] = []
    for place, code in enumerate(unit_codes):
        founded = draw(_maybe(_DAYS))
        ended = draw(_maybe(st.dates(date(2024, 1, 1), date(2030, 1, 1))))
        for number in range(draw(st.integers(1, 3))):
            units.append(
                [
                    code,
                    draw(_NAMES),
                    draw(_word(LEVEL_WORDS.official)),
                    draw(_maybe(st.sampled_from(unit_codes[:place]))) if place else None,
                    draw(_maybe(_word(SECTOR_WORDS.official))),
                    draw(_maybe(_word(KIND_WORDS.official))),
                    draw(_maybe(st.integers(0, 9999))),
                    draw(_maybe(st.integers(0, 9999))),
                    draw(_maybe(_DAYS)),
                    founded,
                    ended,
                    draw(_DAYS) if number else draw(_maybe(_DAYS)),
                ]
            )
    terms = [
        [draw(st.sampled_from(unit_codes)), draw(_NAMES), draw(_DAYS), draw(_maybe(_DAYS))]
        for _ in range(draw(st.integers(0, 4)))
    ]
    flags = _maybe(st.sampled_from(["x", "không", "không rõ"]))
    posts = [
        [
            draw(st.sampled_from(people)),
            draw(_NAMES),
            draw(_maybe(st.sampled_from(["1986", "12/03/1986"]))),
            draw(_maybe(st.sampled_from(["Nam", "Nữ"]))),
            draw(_maybe(st.sampled_from(["Kinh", "Mông"]))),
            draw(_maybe(st.sampled_from(["A.b@example.vn", "khong phai thu"]))),
            draw(_maybe(st.sampled_from(["0912345678", "912 345 678", "máy lẻ 12"]))),
            draw(st.sampled_from(unit_codes)),
            draw(_word(TITLE_WORDS.official)),
            draw(flags),
            draw(flags),
            draw(_maybe(st.sampled_from(["Bầu", "Chỉ định", "không rõ"]))),
            draw(flags),
            draw(_DAYS),
            draw(_maybe(_DAYS)),
        ]
        for _ in range(draw(st.integers(1, 6)))
    ]
    training = [
        [
            draw(st.sampled_from(people)),
            "; ".join(draw(st.lists(_word(AREA_WORDS.official), min_size=1, max_size=3))),  # type: ignore[arg-type]
            draw(_maybe(_WORDS)),
            draw(_maybe(_word(MODE_WORDS.official))),
            draw(_maybe(st.sampled_from(unit_codes))),
            draw(_maybe(_word(LEVEL_WORDS.official))),
            draw(_DAYS),
            draw(_maybe(st.integers(0, 4000).map(lambda tenths: tenths / 10))),
            draw(_maybe(_WORDS)),
            draw(_maybe(_WORDS)),
        ]
        for _ in range(draw(st.integers(0, 5)))
    ]
    return {
        layout.name: [[column.header for column in layout.columns if column.exported], *rows]
        for layout, rows in zip((UNITS, TERMS, POSTS, TRAINING), (units, terms, posts, training), strict=True)
    }


def _rows(content: bytes) -> dict[str, list[list[Cell]]]:
    return {sheet.name: sheet.rows for sheet in read_workbook(content)}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(sheets=rosters(), days=st.integers(0, 400))
def test_an_export_loads_back_without_a_change(
    session: Session, sheets: dict[str, list[list[Cell]]], days: int
) -> None:
    with session.begin_nested() as savepoint:
        content = raw_workbook(sheets)
        load_roster(session, SYSTEM, content, good_rows=True, at=NOW)
        again = check_roster(session, SYSTEM, content, at=NOW)
        assert [c["new"] + c["changed"] for c in again.sheets.values()] == [0, 0, 0, 0]
        exported = export_roster(session, TODAY)
        back = check_roster(session, SYSTEM, exported, at=NOW + timedelta(days=days))
        savepoint.rollback()
    session.expire_all()
    assert not back.refused
    assert [(name, counts["rows"] - counts["unchanged"]) for name, counts in back.sheets.items()] == [
        (layout.name, 0) for layout in LAYOUTS
    ]
    with session.begin_nested() as savepoint:
        fresh = load_roster(session, SYSTEM, exported, at=NOW)
        assert not fresh.refused
        assert _rows(export_roster(session, TODAY)) == _rows(exported)
        savepoint.rollback()
    session.expire_all()


def test_an_export_carries_what_was_made_elsewhere(session: Session) -> None:
    unit = make_unit(session, code="C1", members=5)
    person = make_person(
        session, "Lò Thị Mai", code="CB-1", email="A@B.vn", phone="0912 345 678", born_on=date(1986, 1, 2)
    )
    make_post(session, unit, person=person)
    for title in ("Khóa một", "Khóa hai"):
        record = make_record(session, person, "labour_law", "2026-01-05", title=title, evidence="Dòng một\nDòng hai")
        record.source = Source.course
    session.flush()
    exported = export_roster(session, TODAY)
    assert len(_rows(exported)["Bồi dưỡng"]) == 3
    back = check_roster(session, SYSTEM, exported, at=NOW)
    assert not back.refused
    assert back.changes == 0


def test_an_export_of_a_part_loads_back_in_its_scope(session: Session) -> None:
    load_roster(session, SYSTEM, small(), at=NOW)
    part = session.scalars(select(Unit).where(Unit.code == "X1")).one()
    exported = export_roster(session, TODAY, part.id)
    assert [row[0] for row in _rows(exported)["Đơn vị"]] == ["Mã đơn vị", "C1", "X1"]
    back = check_roster(session, SYSTEM, exported, unit_id=part.id, at=NOW)
    assert not back.refused
    assert back.changes == 0


def test_the_template_has_every_column() -> None:
    rows = _rows(template())
    assert list(rows) == [each.name for each in LAYOUTS]
    for each in LAYOUTS:
        assert [str(cell).rstrip("*") for cell in rows[each.name][0]] == [
            column.header for column in each.columns if column.exported
        ]
