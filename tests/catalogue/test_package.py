"""Reading course packages: a good one whole, and each fault with its file, line and words."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue.package import CoursePackage, Kind
from lms.catalogue.package_reader import read_package
from lms.catalogue.questions import Cloze, Essay, Ordering
from tests.catalogue.packages import (
    LESSON,
    QUIZ,
    good_files,
    package,
)

ROOT = Path(__file__).resolve().parents[2]


def told(course: CoursePackage) -> list[str]:
    return [str(problem) for problem in course.problems]


def test_a_good_package_is_read_whole() -> None:
    course = package()
    assert told(course) == []
    assert (course.slug, course.title.vi, course.title.en) == ("khoa-thu", "Khoá thử", "Trial course")
    assert course.hours == Decimal("1.5")
    assert course.pass_rule.final is not None
    assert course.pass_rule.final.wait_hours == 24
    assert course.references[0].number == "50/2024/QH15"
    (module,) = course.modules
    assert [(lesson.slug, lesson.kind) for lesson in module.lessons] == [
        ("mot", Kind.READING), ("hai", Kind.SITUATION), ("ba", Kind.ASSIGNMENT)
    ]  # fmt: skip
    assert [q.name for q in module.pool] == ["m1-a", "m1-b", "xep", "dien", "viet"]
    assert [type(q) for q in module.pool[2:]] == [Ordering, Cloze, Essay]
    assert module.lessons[0].blocks[0].questions[0].line == 12
    assert module.lessons[2].optional
    assert module.lessons[2].assignment is not None
    assert module.lessons[2].assignment.rubric[0].levels == ("kém", "tốt")


@pytest.mark.parametrize("folder", sorted((ROOT / "courses").glob("*/course.yaml")), ids=lambda p: p.parent.name)
def test_every_course_shipped_is_without_fault(folder: Path) -> None:
    assert told(read_package(folder.parent)) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("course.yaml", "hours: 1.5", "hours: 1.4", "course.yaml:6: Số giờ phải là bội của 0,5."),
        ("course.yaml", "hours: 1.5", "hours: nhiều", "course.yaml:6: hours phải là số"),
        ("course.yaml", "hours: 1.5\n", "", "course.yaml:1: Thiếu hours."),
        ("course.yaml", "hours: 1.5", "hours: 1.5\nhour: 2", "course.yaml:7: Khoá không có trong quy ước: hour"),
        ("course.yaml", "hours: 1.5", "hours: 1.5\nhours: 2", "course.yaml:7: Khoá hours viết hai lần."),
        ("course.yaml", "[grassroots_chair]", "[chairs]", "course.yaml:4: learner_groups: không có mã “chairs”"),
        ("course.yaml", "union_practice]", "luat]", "course.yaml:5: areas: không có mã “luat”"),
        ("course.yaml", "format: 1", "format: 2", "course.yaml:1: Chỉ đọc được format: 1."),
        ("course.yaml", "2027-05-21", "21/5/2027", "course.yaml:20: review_due phải là ngày"),
        ("course.yaml", "2027-05-21", "2026-01-21", "course.yaml:15: review_due phải sau checked_on."),
        ("course.yaml", "draw: 2", "draw: 4", "final.gift:1: draw là 4 nhưng chỉ có 3 câu hỏi chấm được."),
        ("course.yaml", "draw: 1", "draw: 9", "01-mot/quiz.gift:1: draw là 9 nhưng chỉ có 4 câu"),
        ("course.yaml", "completion_certificate", "diploma", "course.yaml:12: kind: không có mã “diploma”"),
        ("course.yaml", "vi: \"Khoá thử\", ", "", "course.yaml:2: Thiếu vi."),
        ("course.yaml", "title:", "title: [", "course.yaml:"),
        ("course.yaml", "law_ref: luat-50", "law_ref: luat-51", "01-mot/01-mot.md:5: law_ref luat-50 được dẫn"),
        ("01-mot/01-mot.md", "02-hai.situation.md", "02-x.md", "01-mot/01-mot.md:5: Liên kết hỏng: không có 02-x.md"),
        ("01-mot/01-mot.md", "so-do.svg", "khac.svg", "01-mot/01-mot.md:9: Không có tệp ../media/khac.svg"),
        ("01-mot/01-mot.md", "so-do.svg", "khac.svg", "media/so-do.svg:1: Tệp media này không được dùng"),
        ("01-mot/01-mot.md", "![Sơ đồ]", "![]", "01-mot/01-mot.md:9: Hình ../media/so-do.svg thiếu lời mô tả"),
        ("01-mot/01-mot.md", "## Mục", "# Mục", "01-mot/01-mot.md:7: Tiêu đề trong bài bắt đầu từ ##"),
        ("01-mot/01-mot.md", "## Mục", "<script>x</script>", "01-mot/01-mot.md:7: Không viết HTML trong bài: <script>"),
        ("01-mot/01-mot.md", "## Mục", "a <b onclick=x>b</b>", "01-mot/01-mot.md:7: Không viết HTML trong bài: <b"),
        ("01-mot/01-mot.md", "## Mục", "[a](javascript:x)", "01-mot/01-mot.md:7: Mã chạy trong bài"),
        ("01-mot/01-mot.md", "## Mục", "[a](javascript:x)", "01-mot/01-mot.md:7: Liên kết không được phép"),
        ("01-mot/01-mot.md", "{T#", "{T#}#", "01-mot/01-mot.md:12: Hai khối đáp án"),
        ("01-mot/01-mot.md", "{T#Chưa.#Đúng rồi.}", "{}", "01-mot/01-mot.md:12: Câu hỏi trong bài phải chấm được"),
        ("01-mot/01-mot.md", "\n```\n\nSau", "\n\nSau", "01-mot/01-mot.md:11: Khối ``` này không có dòng đóng."),
        ("01-mot/01-mot.md", "minutes: 8", "minutes: 0", "01-mot/01-mot.md:3: minutes phải là số trong khoảng 1…600"),
        ("01-mot/01-mot.md", "minutes: 8", "minutes: 8\nhidden: true", "01-mot/01-mot.md:4: Khoá không có"),
        ("01-mot/01-mot.md", "## Mục", "[" * 5000, "01-mot/01-mot.md:7: Dấu lồng nhau quá nhiều"),
        ("01-mot/01-mot.md", "---\ntitle", "title", "01-mot/01-mot.md:1: Bài phải bắt đầu bằng"),
        ("01-mot/02-hai.situation.md", "(#cuoi)", "(#xa)", "01-mot/02-hai.situation.md:6: Lựa chọn dẫn đến"),
        ("01-mot/02-hai.situation.md", "(#cuoi)", "(#dau)", "01-mot/02-hai.situation.md:13: Không có đường nào"),
        ("01-mot/02-hai.situation.md", "(#cuoi)", "(#dau)", "01-mot/02-hai.situation.md:6: Từ cảnh dau không"),
        ("01-mot/02-hai.situation.md", "points_max: 2", "points_max: 5", "01-mot/02-hai.situation.md:1: points_max là"),
        ("01-mot/02-hai.situation.md", "+2 : Tốt.", "hai điểm", "01-mot/02-hai.situation.md:10: Lựa chọn phải có dạng"),
        ("01-mot/02-hai.situation.md", "## cuoi |", "## cuoi", "01-mot/02-hai.situation.md:13: Tên cảnh phải có dạng"),
        ("01-mot/03-ba.assignment.md", "submit: both", "submit: email", "01-mot/03-ba.assignment.md:5: submit: không"),
        ("01-mot/03-ba.assignment.md", '"kém", "tốt"', '"tốt"', "01-mot/03-ba.assignment.md:7: Mỗi tiêu chí cần"),
        ("01-mot/quiz.gift", "::m1-b::", "::m1-a::", "01-mot/quiz.gift:4: Trùng tên câu hỏi: m1-a"),
        ("01-mot/quiz.gift", "::m1-b::", "", "01-mot/quiz.gift:4: Câu hỏi phải có tên"),
        ("01-mot/quiz.gift", "{=a#tốt ~b}", "{~a ~b}", "01-mot/quiz.gift:2: Không có phương án đúng"),
        ("01-mot/quiz.gift", "{=a#tốt ~b}", "{~%50%a ~%20%b}", "01-mot/quiz.gift:2: Tổng trọng số"),
        ("01-mot/quiz.gift", "{=a#tốt ~b}", "{=a ~A}", "01-mot/quiz.gift:2: Hai phương án giống nhau."),
        ("01-mot/quiz.gift", "{#5}", "{true}", "01-mot/quiz.gift:4: Câu đúng/sai viết {TRUE}"),
        ("01-mot/quiz.gift", "{#5}", "{#năm}", "01-mot/quiz.gift:4: Không đọc được số “năm”"),
        ("01-mot/quiz.gift", "Chọn", "<script>x</script>", "01-mot/quiz.gift:2: Mã chạy trong câu hỏi"),
        ("01-mot/quiz.questions.yaml", "type: ordering", "type: sort", "01-mot/quiz.questions.yaml:2: type: không có"),
        ("01-mot/quiz.questions.yaml", "{{2}}", "{{3}}", "01-mot/quiz.questions.yaml:7: Các chỗ trống"),
        ("01-mot/quiz.questions.yaml", "id: dien", "id: xep", "01-mot/quiz.questions.yaml:5: Trùng tên câu hỏi: xep"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_file_and_line(path: str, old: str, new: str, expected: str) -> None:
    text = good_files()[path].decode()
    assert old in text
    found = told(package({path: text.replace(old, new, 1)}))
    assert any(line.startswith(expected) for line in found), found


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"course.yaml": None}, "course.yaml:1: Thiếu tệp course.yaml."),
        ({"final.gift": None}, "course.yaml:1: pass_rule cần bài kiểm tra cuối khoá nhưng thiếu final.gift."),
        ({"01-mot/module.yaml": None}, "01-mot/module.yaml:1: Thiếu tệp module.yaml."),
        ({"ghi-chu.docx": b"x"}, "ghi-chu.docx:1: Tệp không theo quy ước"),
        ({"01-mot/Bai.md": LESSON}, "01-mot/Bai.md:1: Tệp không theo quy ước"),
        ({"01-mot/01-khac.md": LESSON}, "01-mot/01-mot.md:1: Hai bài cùng số thứ tự 01."),
        ({"01-mot/04-mot.md": LESSON}, "01-mot/04-mot.md:1: Trùng tên (phần sau số thứ tự): mot"),
        ({"media/x.png": b"no"}, "media/x.png:1: Không đọc được tệp này"),
        ({"media/so-do.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"}, "media/so-do.svg:1: SVG có"),
        ({"01-mot/quiz.gift": QUIZ.encode("utf-16")}, "01-mot/quiz.gift:1: Tệp không phải UTF-8"),
        ({"01-mot/quiz.gift": QUIZ.replace("Chọn", "C«ng ®oµn")}, "01-mot/quiz.gift:2: Chữ có vẻ gõ bằng bảng mã TCVN"),
        ({"final.gift": "// trống\n"}, "final.gift:1: Tệp không có câu hỏi nào."),
        ({"01-mot/04-x.md": "---\ntitle: {vi: x}\nminutes: 1\n---\n"}, "01-mot/04-x.md:5: Bài chưa có nội dung."),
        ({"01-mot/04-x.md": "---\na: &a [1]\nb: *a\n---\nx"}, "01-mot/04-x.md:3: YAML: không dùng dấu & và *"),
        ({"course.yaml": "- a\n- b"}, "course.yaml:1: YAML: phải gồm các dòng dạng khoá: giá trị."),
        ({"course.yaml": "["* 5000}, "course.yaml:"),
    ],
)  # fmt: skip
def test_missing_strange_and_broken_files(changes: dict[str, str | bytes | None], expected: str) -> None:
    found = told(package(changes))
    assert any(line.startswith(expected) for line in found), found


def test_nothing_but_the_fault_is_told() -> None:
    assert len(told(package({"01-mot/quiz.gift": QUIZ.replace("{#5}", "{#năm}")}))) == 1


PIECES = [b"{", b"}", b"---\n", b"```gift\n", b"&a ", b"*a", b"!!set", b"- "]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(sorted(good_files())),
        st.integers(0, 800),
        st.integers(0, 20),
        st.one_of(
            st.binary(max_size=6), st.sampled_from([b"{", b"}", b"---\n", b"```gift\n", b"&a ", b"*a", b"!!set", b"- "])
        ),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=20_000)
@given(EDITS)
def test_a_package_spoilt_anywhere_is_read_without_an_exception(edits: list[tuple[str, int, int, bytes]]) -> None:
    files: dict[str, bytes] = good_files()
    for path, place, gone, new in edits:
        old = files[path]
        files[path] = old[:place] + new + old[place + gone :]
    for problem in package(dict(files)).problems:
        assert problem.file
        assert problem.line >= 1


def test_a_question_nested_beyond_reason_is_told_quickly() -> None:
    found = told(package({"01-mot/quiz.gift": QUIZ.replace("Chọn", "[html]" + "<div>" * 5000)}))
    assert found == ["01-mot/quiz.gift:2: Dấu lồng nhau quá nhiều (<): hãy viết đơn giản hơn hoặc thêm \\ trước dấu."]


def test_handlers_in_questions_are_told_and_equations_are_not() -> None:
    bad = QUIZ.replace("Chọn", "<b onclick\\='x'>Chọn</b>")
    assert any("Mã chạy trong câu hỏi" in line for line in told(package({"01-mot/quiz.gift": bad})))
    assert told(package({"01-mot/quiz.gift": QUIZ.replace("Chọn", "Once \\= 1 < 2?")})) == []
