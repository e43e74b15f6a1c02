"""Checking and loading workbooks against a database."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import events
from lms.access.rules import SYSTEM
from lms.audit.models import AuditEvent
from lms.imports.operations import check_roster, load_roster
from lms.imports.report import Report
from lms.ledger.events import LedgerRowAdded
from lms.ledger.models import Area, TrainingRecord, TrainingRecordVoid
from lms.people.models import Person
from lms.sheets import Cell
from lms.temporal import ALWAYS
from lms.units.models import Level, Post, Selection, Term, Unit, UnitCount, UnitVersion
from tests.conftest import NOW
from tests.imports.workbooks import (
    POST_HEADER,
    POSTS,
    TERM_HEADER,
    TRAINING_HEADER,
    UNIT_HEADER,
    UNITS,
    small,
    workbook,
)

TODAY = date(2026, 11, 21)


def load(session: Session, content: bytes, **options: object) -> Report:
    return load_roster(session, SYSTEM, content, at=NOW, **options)  # type: ignore[arg-type]


def codes(report: Report) -> list[tuple[str, int | None, str]]:
    return [(finding.sheet, finding.row, finding.code) for finding in report.refused]


def states(report: Report, sheet: str) -> list[str]:
    return [row.state.value for row in report.rows[sheet]]


def versions(session: Session, code: str) -> list[tuple[str, date, date | None]]:
    query = select(UnitVersion).join(Unit, Unit.id == UnitVersion.unit_id).where(Unit.code == code)
    rows = session.scalars(query.order_by(UnitVersion.valid_from))
    return [(row.name, row.valid_from, row.valid_to) for row in rows]


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_load_brings_everything_in_and_records_one_event(session: Session) -> None:
    heard: list[TrainingRecord] = []
    handler = lambda _session, event: heard.append(event.record)  # noqa: E731
    events.subscribe(LedgerRowAdded, handler)
    try:
        report = load(session, small(), file_name="t.xlsx")
    finally:
        events._handlers[LedgerRowAdded].remove(handler)
    assert report.loaded
    assert {name: counts["new"] for name, counts in report.sheets.items()} == {
        "Đơn vị": 3, "Nhiệm kỳ": 1, "Cán bộ": 1, "Bồi dưỡng": 1,
    }  # fmt: skip
    person = session.scalars(select(Person)).one()
    post = session.scalars(select(Post)).one()
    record = session.scalars(select(TrainingRecord)).one()
    assert (person.code, person.full_name, person.ten) == ("CB-1", "Lò Thị Mai", "Mai")
    assert (post.person_id, post.starts_on, post.full_time, post.selection) == (
        person.id,
        date(2024, 3, 12),
        None,
        None,
    )
    assert {area.area for area in record.areas} == {Area.chair_skills, Area.labour_law}
    assert heard == [record]
    assert versions(session, "C1") == [("CĐCS Công ty CP Chè Đồng Sậy", ALWAYS, None)]
    [event] = session.scalars(select(AuditEvent)).all()
    assert event.action == "roster.loaded"
    assert event.payload is not None
    assert event.payload["file"] == "t.xlsx"
    assert len(event.payload["sha256"]) == 64
    assert event.payload["counts"]["Đơn vị"]["new"] == 3


def test_loading_twice_changes_nothing(session: Session) -> None:
    load(session, small())
    again = load(session, small())
    assert again.loaded
    assert {state for sheet in again.rows for state in states(again, sheet)} == {"unchanged"}
    assert [count(session, table) for table in (Unit, UnitVersion, Term, Person, Post, TrainingRecord, AuditEvent)] == [
        3, 3, 1, 1, 1, 1, 1,
    ]  # fmt: skip


def test_a_check_changes_nothing(session: Session) -> None:
    report = check_roster(session, SYSTEM, small(), at=NOW)
    assert not report.loaded
    assert states(report, "Đơn vị") == ["new", "new", "new"]
    assert count(session, Unit) == count(session, Person) == 0


def test_a_file_with_a_refused_row_loads_nothing_unless_told_to(session: Session) -> None:
    content = workbook(units=[UNIT_HEADER, *UNITS, ["C2", "CĐCS Hai", "CĐCS", "X9"]], posts=[POST_HEADER, *POSTS])
    refused = load(session, content)
    assert codes(refused) == [("Đơn vị", 5, "unknown_unit_near")]
    assert refused.refused[0].params["near"] == "X1 Công đoàn xã Nậm Pao"
    assert not refused.loaded
    assert count(session, Unit) == 0
    loaded = load(session, content, good_rows=True)
    assert loaded.loaded
    assert (count(session, Unit), count(session, Post)) == (3, 1)


def test_rows_that_need_a_refused_row_are_refused_too(session: Session) -> None:
    content = workbook(
        units=[
            UNIT_HEADER,
            ["T", "Tỉnh", "Cấp xã", None],
            ["X1", "Xã", "Cấp trên trực tiếp cơ sở", "T"],
            ["Z", "Khác", "Cấp tỉnh", None],
        ],
        terms=[TERM_HEADER, ["X1", "2023-2028", "1/1/2023", None]],
        posts=[
            POST_HEADER,
            ["CB-1", "Mai", "X1", "Chủ tịch", "1/1/2024"],
            ["CB-2", "Lan", "Z", "Chủ tịch", "1/1/2024"],
        ],
        training=[TRAINING_HEADER, ["CB-1", "labour_law", "1/1/2025"], ["CB-2", "labour_law", "1/1/2025"]],
    )
    report = load(session, content, good_rows=True)
    assert codes(report) == [
        ("Đơn vị", 2, "unknown_word"),
        ("Đơn vị", 3, "depends_on_refused"),
        ("Nhiệm kỳ", 2, "depends_on_refused"),
        ("Cán bộ", 2, "depends_on_refused"),
        ("Bồi dưỡng", 2, "depends_on_refused"),
    ]
    assert session.scalars(select(Person.code)).all() == ["CB-2"]
    assert count(session, TrainingRecord) == 1


def test_the_same_code_twice(session: Session) -> None:
    same = workbook(units=[UNIT_HEADER, *UNITS, UNITS[2]], posts=[POST_HEADER, *POSTS, *POSTS])
    report = check_roster(session, SYSTEM, same, at=NOW)
    assert not report.refused
    assert states(report, "Đơn vị") == ["new", "new", "new", "unchanged"]
    assert states(report, "Cán bộ") == ["new", "unchanged"]
    other = workbook(
        units=[UNIT_HEADER, *UNITS, ["C1", "CĐCS Khác", "Công đoàn cơ sở", "X1"]],
        posts=[
            [*POST_HEADER, "Đến ngày"],
            [*POSTS[0], None],
            [*POSTS[0], date(2026, 1, 1)],
            ["CB-1", "Lò Thị Mái", "C1", "Tổ trưởng", date(2025, 1, 1), None],
        ],
    )
    report = check_roster(session, SYSTEM, other, at=NOW)
    assert codes(report) == [
        ("Đơn vị", 5, "duplicate_code"),
        ("Cán bộ", 3, "duplicate_post"),
        ("Cán bộ", 4, "duplicate_code"),
    ]
    assert report.refused[0].params == {"value": "C1", "other": 4, "what": "Tên đơn vị"}


def test_a_changed_name_or_parent_holds_from_the_day_of_loading(session: Session) -> None:
    load(session, small())
    later = NOW + timedelta(days=1)
    renamed = workbook(units=[UNIT_HEADER, ["C1", "CĐCS Công ty Chè Mới", "Công đoàn cơ sở", "T"]])
    report = load_roster(session, SYSTEM, renamed, at=NOW)
    assert states(report, "Đơn vị") == ["changed"]
    assert report.rows["Đơn vị"][0].details == [
        ("Tên đơn vị", "CĐCS Công ty CP Chè Đồng Sậy", "CĐCS Công ty Chè Mới"),
        ("Mã đơn vị cấp trên", "X1", "T"),
    ]
    assert versions(session, "C1") == [
        ("CĐCS Công ty CP Chè Đồng Sậy", ALWAYS, TODAY),
        ("CĐCS Công ty Chè Mới", TODAY, None),
    ]
    load(session, workbook(units=[UNIT_HEADER, ["C1", "CĐCS Chè", "Công đoàn cơ sở", "T"]]))
    assert versions(session, "C1")[-1] == ("CĐCS Chè", TODAY, None)
    load_roster(session, SYSTEM, renamed, at=later)
    assert [row[1:] for row in versions(session, "C1")] == [
        (ALWAYS, TODAY), (TODAY, TODAY + timedelta(days=1)), (TODAY + timedelta(days=1), None),
    ]  # fmt: skip


def test_dated_rows_carry_a_units_history(session: Session) -> None:
    header = [*UNIT_HEADER, "Hiệu lực từ"]
    content = workbook(
        units=[
            header,
            ["T", "LĐLĐ tỉnh", "Cấp tỉnh", None, None],
            ["H", "LĐLĐ huyện Cũ", "Cấp trên trực tiếp cơ sở", "T", date(2010, 1, 1)],
            ["H", "Công đoàn xã Mới", "Cấp trên trực tiếp cơ sở", "T", date(2025, 7, 1)],
        ]
    )
    load(session, content)
    expected = [("LĐLĐ huyện Cũ", ALWAYS, date(2025, 7, 1)), ("Công đoàn xã Mới", date(2025, 7, 1), None)]
    assert versions(session, "H") == expected
    assert set(states(load(session, content), "Đơn vị")) == {"unchanged"}
    between = workbook(units=[header, ["H", "LĐLĐ huyện Vừa", "Cấp trên trực tiếp cơ sở", "T", date(2020, 1, 1)]])
    load(session, between)
    assert versions(session, "H") == [
        ("LĐLĐ huyện Cũ", ALWAYS, date(2020, 1, 1)),
        ("LĐLĐ huyện Vừa", date(2020, 1, 1), date(2025, 7, 1)),
        ("Công đoàn xã Mới", date(2025, 7, 1), None),
    ]


def test_counts_are_dated(session: Session) -> None:
    header = [*UNIT_HEADER, "Số đoàn viên", "Số lao động", "Tính đến ngày", "Ngày thành lập"]
    unit = ["C1", "Một", "CĐCS", None]
    load(
        session,
        workbook(
            units=[
                header,
                [*unit, 100, 200, None, date(2015, 1, 1)],
                [*unit, 120, 210, date(2026, 1, 1), date(2015, 1, 1)],
                ["C2", "Hai", "CĐCS", None, 5, None, None, None],
            ]
        ),
    )
    query = (
        select(Unit.code, UnitCount.counted_on, UnitCount.members, UnitCount.workers).join(Unit).order_by(UnitCount.id)
    )
    assert [tuple(row) for row in session.execute(query)] == [
        ("C1", date(2015, 1, 1), 100, 200),
        ("C1", date(2026, 1, 1), 120, 210),
        ("C2", ALWAYS, 5, None),
    ]
    warned = load(session, workbook(units=[header, [*unit, 300, 200, date(2010, 1, 1), date(2015, 1, 1)]]))
    assert warned.loaded
    assert {finding.code for finding in warned.warnings} == {"members_above_workers", "count_before_founding"}


def test_cycles_are_refused_also_when_they_hold_for_some_days_only(session: Session) -> None:
    header = [*UNIT_HEADER, "Hiệu lực từ"]
    a = [["A", "A", "CĐCS", "B", None], ["A", "A", "CĐCS", None, date(2020, 1, 1)]]
    b = [["B", "B", "CĐCS", None, None], ["B", "B", "CĐCS", "A", date(2020, 1, 1)]]
    assert not check_roster(session, SYSTEM, workbook(units=[header, *a, *b]), at=NOW).refused
    early = [["B", "B", "CĐCS", None, None], ["B", "B", "CĐCS", "A", date(2019, 1, 1)]]
    report = check_roster(session, SYSTEM, workbook(units=[header, *a, *early]), at=NOW)
    assert ("Đơn vị", 5, "cycle") in codes(report)
    three = [
        ["A", "A", "CĐCS", "B"],
        ["B", "B", "CĐCS", "C"],
        ["C", "C", "CĐCS", "A"],
        ["D", "D", "CĐCS", "A"],
        ["E", "E", "CĐCS", "E"],
    ]
    report = check_roster(session, SYSTEM, workbook(units=[UNIT_HEADER, *three]), at=NOW)
    assert codes(report) == [
        ("Đơn vị", 2, "cycle"),
        ("Đơn vị", 3, "cycle"),
        ("Đơn vị", 4, "cycle"),
        ("Đơn vị", 5, "depends_on_refused"),
        ("Đơn vị", 6, "cycle"),
    ]
    load(session, workbook(units=[UNIT_HEADER, *UNITS]))
    report = load(session, workbook(units=[UNIT_HEADER, ["T", "LĐLĐ tỉnh An Sơn", "Cấp tỉnh", "C1"]]))
    assert codes(report) == [("Đơn vị", 2, "cycle")]


def test_terms_do_not_overlap(session: Session) -> None:
    units = [UNIT_HEADER, *UNITS]
    overlapping: list[list[Cell]] = [
        ["C1", "2018-2023", "1/1/2018", "1/1/2023"],
        ["C1", "2023-2028", "1/1/2023", "1/1/2028"],
        ["C1", "2027-2032", "1/6/2027", None],
        ["X1", "2018-2023", "1/1/2018", None],
        ["X1", "2023-2028", "1/1/2023", None],
    ]
    report = load(session, workbook(units=units, terms=[TERM_HEADER, *overlapping]), good_rows=True)
    assert codes(report) == [("Nhiệm kỳ", 4, "terms_overlap"), ("Nhiệm kỳ", 6, "terms_overlap_open")]
    ended = [["X1", "2018-2023", "1/1/2018", "1/1/2023"], ["X1", "2023-2028", "1/1/2023", None]]
    assert states(load(session, workbook(terms=[TERM_HEADER, *ended])), "Nhiệm kỳ") == ["changed", "new"]
    report = load(session, workbook(terms=[TERM_HEADER, ["X1", "Lạ", "1/1/2020", "1/1/2021"]]))
    assert codes(report) == [("Nhiệm kỳ", 2, "terms_overlap")]


def test_flags_that_the_file_does_not_have_stay_as_they_are(session: Session) -> None:
    header = [*POST_HEADER, "Chuyên trách", "Hình thức", "Lần đầu", "Đến ngày"]
    load(session, workbook(units=[UNIT_HEADER, *UNITS], posts=[header, [*POSTS[0], "x", "Bầu", None, None]]))
    post = session.scalars(select(Post)).one()
    assert (post.full_time, post.selection, post.first_time, post.womens_affairs) == (
        True,
        Selection.elected,
        False,
        None,
    )
    assert states(load(session, workbook(posts=[POST_HEADER, *POSTS])), "Cán bộ") == ["unchanged"]
    report = load(session, workbook(posts=[header, [*POSTS[0], None, None, "x", date(2026, 1, 1)]]))
    assert states(report, "Cán bộ") == ["changed"]
    session.refresh(post)
    assert (post.full_time, post.selection, post.first_time) == (False, Selection.unstated, True)
    assert post.ends_on == date(2026, 1, 1)


def test_people_are_corrected_and_a_year_does_not_replace_a_birth_date(session: Session) -> None:
    header = [*POST_HEADER, "Ngày sinh", "Điện thoại"]
    units = [UNIT_HEADER, *UNITS]
    load(session, workbook(units=units, posts=[header, [*POSTS[0], "12/03/1986", 912000318]]))
    report = load(session, workbook(posts=[header, [*POSTS[0], "1986", "0987 000 114"]]))
    assert report.rows["Cán bộ"][0].details == [("Điện thoại", "0912000318", "0987000114")]
    person = session.scalars(select(Person)).one()
    assert (person.born_on, person.phone) == (date(1986, 3, 12), "0987000114")


def test_training_is_known_by_its_identity_and_corrected_by_a_new_row(session: Session) -> None:
    header = [*TRAINING_HEADER, "Số giờ", "Số hiệu chứng chỉ", "Mã đơn vị tổ chức", "Cấp tổ chức"]
    base = workbook(units=[UNIT_HEADER, *UNITS], posts=[POST_HEADER, *POSTS])
    load(session, base)
    row = ["CB-1", "Bình đẳng giới; labour_law", date(2025, 6, 30), 7.5, "A1", "X1", None]
    assert states(load(session, workbook(training=[header, row])), "Bồi dưỡng") == ["new"]
    turned = ["CB-1", "labour_law;Bình đẳng giới", "30/6/2025", "7,5", "A1", "X1", None]
    assert states(load(session, workbook(training=[header, turned])), "Bồi dưỡng") == ["unchanged"]
    longer = [*row[:3], 16, *row[4:]]
    for _ in range(2):
        report = load(session, workbook(training=[header, longer]))
    assert states(report, "Bồi dưỡng") == ["unchanged"]
    load(session, workbook(training=[header, row]))
    records = list(session.scalars(select(TrainingRecord).order_by(TrainingRecord.id)))
    voided = set(session.scalars(select(TrainingRecordVoid.record_id)))
    assert [(float(record.hours or 0), record.id in voided) for record in records] == [
        (7.5, True),
        (16.0, True),
        (7.5, False),
    ]
    level = ["CB-1", "labour_law", date(2025, 7, 1), None, "A1", None, "Cấp tỉnh"]
    report = load(session, workbook(training=[header, level]))
    assert [finding.code for finding in report.warnings] == ["repeated_certificate"]
    newest = session.scalars(select(TrainingRecord).order_by(TrainingRecord.id.desc())).first()
    assert newest is not None
    assert (newest.delivered_level, newest.delivered_by_id) == (Level.provincial, None)


def test_a_voided_row_is_not_brought_back(session: Session) -> None:
    load(session, small())
    record = session.scalars(select(TrainingRecord)).one()
    session.add(TrainingRecordVoid(record_id=record.id, voided_at=NOW, reason="Nhầm"))
    session.flush()
    report = load(session, small())
    assert [finding.code for finding in report.warnings] == ["voided_before"]
    assert count(session, TrainingRecord) == 1


def test_warnings_about_lives(session: Session) -> None:
    header = [*UNIT_HEADER, "Ngày thành lập", "Ngày kết thúc"]
    content = workbook(
        units=[
            header,
            ["T", "Tỉnh", "Cấp tỉnh", None, None, None],
            ["H", "Huyện", "Cấp trên trực tiếp cơ sở", "T", date(2000, 1, 1), date(2025, 7, 1)],
            ["C1", "CĐCS", "Công đoàn cơ sở", "H", None, None],
        ],
        posts=[POST_HEADER, ["CB-1", "Mai", "H", "Chủ tịch", date(2024, 1, 1)]],
        training=[[*TRAINING_HEADER, "Mã đơn vị tổ chức"], ["CB-1", "labour_law", date(2025, 8, 1), "H"]],
    )
    report = load(session, content)
    assert report.loaded
    assert [(finding.sheet, finding.row, finding.code) for finding in report.warnings] == [
        ("Đơn vị", 4, "orphan"),
        ("Cán bộ", 2, "post_outside_unit_life"),
        ("Bồi dưỡng", 2, "deliverer_not_in_force"),
    ]
