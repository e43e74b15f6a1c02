"""The GIFT reader: own cases after Moodle's behaviour, faults with their lines, and any text at all."""

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue.gift import Category, parse_gift
from lms.catalogue.questions import (
    ChoiceQuestion,
    Description,
    Essay,
    Matching,
    Numerical,
    Question,
    ShortAnswer,
    Text,
    TextFormat,
    TrueFalse,
)


def read(text: str) -> Question:
    found = parse_gift(text)
    assert not found.problems
    (question,) = found.questions
    return question


def faults(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.text()) for problem in parse_gift(text).problems]


def test_single_choice_with_feedback_and_general_feedback() -> None:
    question = read("::dieu-27::Bao nhiêu giờ? {\n =24 giờ#Đúng.\n ~12 giờ#Sai.\n ####Có trả lương.\n}")
    assert isinstance(question, ChoiceQuestion)
    assert (question.name, question.multiple, question.line) == ("dieu-27", False, 1)
    assert [c.text.text for c in question.choices] == ["24 giờ", "12 giờ"]
    assert [c.marked for c in question.choices] == [True, False]
    assert question.choices[1].feedback == Text("Sai.", TextFormat.MOODLE)
    assert question.feedback == Text("Có trả lương.", TextFormat.MOODLE)


def test_weights_with_decimals_and_signs() -> None:
    question = read("Chọn {~%33.33333%a ~ %-50% b ~%--25%c ~%100.%d ~%0%e ~f}")
    assert isinstance(question, ChoiceQuestion)
    assert question.multiple
    weights = [c.weight for c in question.choices]
    assert weights == [Decimal("33.33333"), Decimal(-50), Decimal(-25), Decimal(100), Decimal(0), None]


def test_a_percent_that_is_no_weight_stays_text() -> None:
    question = read("Bao nhiêu? {~50% số người =100%}")
    assert isinstance(question, ChoiceQuestion)
    assert [c.text.text for c in question.choices] == ["50% số người", "100%"]


@pytest.mark.parametrize(("written", "answer"), [("T", True), ("TRUE", True), ("F", False), ("FALSE", False)])
def test_true_false_takes_feedback_for_wrong_then_right(written: str, answer: bool) -> None:
    question = read(f"Đúng không? {{ {written} #sai rồi#đúng rồi####chung }}")
    assert isinstance(question, TrueFalse)
    assert question.answer is answer
    assert question.if_wrong
    assert question.if_wrong.text == "sai rồi"
    assert question.if_right
    assert question.if_right.text == "đúng rồi"
    assert question.feedback
    assert question.feedback.text == "chung"


def test_lower_case_true_is_a_short_answer_as_in_moodle() -> None:
    assert isinstance(read("x {true}"), ShortAnswer)


def test_matching_shares_right_sides_and_keeps_a_distractor() -> None:
    question = read("Ghép {=a -> 1 =b->1 = -> 3\n}")
    assert isinstance(question, Matching)
    assert [(p.left.text, p.right) for p in question.pairs] == [("a", "1"), ("b", "1"), ("", "3")]
    assert question.pairs[0].right_key == question.pairs[1].right_key != question.pairs[2].right_key


def test_short_answer_forms() -> None:
    question = read("// [tag:khong-dau]\nThủ đô? {=Hà Nội =%50%Thăng Long#Tên cũ =%0%*#Chưa đúng}")
    assert isinstance(question, ShortAnswer)
    assert question.ignore_accents
    assert [(a.text, a.weight) for a in question.answers] == [("Hà Nội", None), ("Thăng Long", 50), ("*", 0)]
    bare = read("Thủ đô? {Hà Nội}")
    assert isinstance(bare, ShortAnswer)
    assert bare.answers[0].text == "Hà Nội"


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [("5", "5", "5"), ("-5", "-5", "-5"), ("5:2", "3", "7"), (" 1 .. 5 ", "1", "5"), ("-5..-1", "-5", "-1"),
     (".5:0.1", "0.4", "0.6"), ("3.", "3", "3"), ("1e3", "1000", "1000"), ("=5:0", "5", "5")],
)  # fmt: skip
def test_numbers(written: str, low: str, high: str) -> None:
    question = read(f"Bao nhiêu? {{#{written}}}")
    assert isinstance(question, Numerical)
    assert (question.answers[0].low, question.answers[0].high) == (Decimal(low), Decimal(high))


def test_numerical_list_with_feedback_for_every_other_answer() -> None:
    question = read("Năm? {#\n =1929#Đúng\n =%50%1929:2\n ~#Xem lại bài 1\n}")
    assert isinstance(question, Numerical)
    assert question.listed
    assert [(a.form, a.weight) for a in question.answers] == [("simple", None), ("tolerance", 50), ("any", None)]
    assert question.answers[2].feedback
    assert question.answers[2].feedback.text == "Xem lại bài 1"


def test_essay_description_and_missing_word() -> None:
    assert isinstance(read("Viết kế hoạch. {}"), Essay)
    essay = read("Viết kế hoạch. { ####Xem bài 3 }")
    assert essay.feedback
    assert essay.feedback.text == "Xem bài 3"
    assert isinstance(read("Đọc đoạn sau."), Description)
    gap = read("Công đoàn thành lập ngày {=28/7} năm 1929.")
    assert gap.embedded
    assert gap.stem.text == "Công đoàn thành lập ngày _____ năm 1929."


def test_escapes_also_in_titles_and_only_those_of_moodle() -> None:
    question = read(r"::a\:b::\{x\} \~ \= \# \\ \[ C\:\\n \n dòng hai {=\=\~\#}")
    assert question.name == "a:b"
    assert question.stem.text == "{x} ~ = # \\ \\[ C:\\n \n dòng hai"
    assert isinstance(question, ShortAnswer)
    assert question.answers[0].text == "=~#"


def test_format_is_inherited_and_markers_override() -> None:
    question = read("[html]<b>a</b>\n  b {=c#[markdown]d\n  e ~[foo]f}")
    assert question.stem == Text("<b>a</b>\n  b", TextFormat.HTML)
    assert isinstance(question, ChoiceQuestion)
    assert question.choices[0].text.format is TextFormat.HTML
    assert question.choices[0].feedback == Text("d\n  e", TextFormat.MARKDOWN)
    assert question.choices[1].text == Text("[foo]f", TextFormat.HTML)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_bom_and_categories(ending: str) -> None:
    text = "\ufeff// chú thích\n$CATEGORY: $course$/top/Bài 1\n\n \t\n::a::x {T}\n\n\n::b::y\n{\n// trong\nF\n}\n"
    found = parse_gift(text.replace("\n", ending))
    assert not found.problems
    assert isinstance(found.items[0], Category)
    assert found.items[0].path == "$course$/top/Bài 1"
    assert [(q.name, q.line, q.category) for q in found.questions] == [
        ("a", 5, "$course$/top/Bài 1"), ("b", 8, "$course$/top/Bài 1")
    ]  # fmt: skip


def test_ids_and_tags_in_comments() -> None:
    question = read("// câu [id:q\\]1] [tag:luật]\n// [tag:điều 27]\nx {T}")
    assert (question.idnumber, question.tags) == ("q]1", ("luật", "điều 27"))


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("tốt {T}\n\n::a::x {\n =1\n\n ~2\n}\n\ntốt {F}", 5, "Dòng trống"),
        ("tốt {T}\n\nx { =1 ~2\n\ntốt {F}", 3, "Thiếu dấu }"),
        ("tốt {T}\n\nx =1 ~2 }\n\ntốt {F}", 3, "không có dấu {"),
        ("tốt {T}\n\nx {T}\ny {F}\n\ntốt {F}", 4, "Hai khối"),
        ("tốt {T}\n\nx {{T}\n\ntốt {F}", 3, "Hai khối"),
        ("tốt {T}\n\n::a x {T}\n\ntốt {F}", 3, "không có :: kết thúc"),
        ("tốt {T}\n\nx {\n=a\n~\n}\n\ntốt {F}", 5, "Phương án trống"),
        ("tốt {T}\n\nx {chọn ~a =b}\n\ntốt {F}", 3, "trước phương án"),
        ("tốt {T}\n\nx {=a -> b\n=c}\n\ntốt {F}", 4, "ghép đôi"),
        ("tốt {T}\n\nx {#ba}\n\ntốt {F}", 3, "“ba”"),
        ("tốt {T}\n\nx {#3,14}\n\ntốt {F}", 3, "dấu chấm"),
        ("tốt {T}\n\nx {#5..1}\n\ntốt {F}", 3, "số nhỏ"),
        ("tốt {T}\n\nx {#}\n\ntốt {F}", 3, "thiếu đáp án"),
        ("tốt {T}\n\nx {=}\n\ntốt {F}", 3, "Đáp án trống"),
    ],
)
def test_a_fault_names_its_line_and_the_next_question_is_read(text: str, line: int, word: str) -> None:
    ((at, message),) = faults(text)
    assert at == line
    assert word in message
    assert [q.stem.text for q in parse_gift(text).questions] == ["tốt", "tốt"]


def test_too_large_a_file_is_one_problem() -> None:
    ((line, message),) = faults("x" * 2_000_001)
    assert line == 1
    assert "quá lớn" in message


GIFT_LIKE = st.text(alphabet=st.sampled_from(list("ab \n\r\t:~={}#\\%->/.[]51TF$ế\ufeff")), max_size=200)


@settings(max_examples=300, deadline=20_000)
@given(st.one_of(st.text(max_size=300), GIFT_LIKE))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    found = parse_gift(text)
    for problem in found.problems:
        assert problem.text()
        assert problem.line >= 1


@pytest.mark.parametrize("piece", ["{", "}", "~a", "=a", "x {\n\n", "#", "%", "\\", "::", "//\n", "a\n\n", "= -> "])
def test_large_strange_input_ends_quickly(piece: str) -> None:
    started = time.process_time()
    parse_gift("x {" + piece * (200_000 // len(piece)) + "}")
    assert time.process_time() - started < 5


EXPORT = """// question: 0  name: Switch category to $course$/top/Mặc định
$CATEGORY: $course$/top/Mặc định


// question: 1012  name: Nhiều đáp án
// [id:nhieu-1] [tag:luat]
::Nhiều đáp án::[html]<p dir\\="ltr" style\\="text-align\\: left;">Chọn\\nhai</p>{
\t~%50%<p>A<br></p>#<p>Đúng</p>
\t~%-100%[plain]B
\t~%50%<p>C \\{x\\}</p>
\t####<p>Chung</p>
}


// question: 1013  name: Số
::Số::[markdown]Bao nhiêu?{#
\t=%100%15\\:0#tốt
\t~#Xem lại
}


"""


def test_what_moodle_exports_comes_back() -> None:
    found = parse_gift(EXPORT.replace("\n", "\r\n"))
    assert not found.problems
    many, number = found.questions[0], found.questions[1]
    assert isinstance(many, ChoiceQuestion)
    assert isinstance(number, Numerical)
    assert (many.idnumber, many.tags, many.category) == ("nhieu-1", ("luat",), "$course$/top/Mặc định")
    assert many.stem == Text('<p dir="ltr" style="text-align: left;">Chọn\nhai</p>', TextFormat.HTML)
    assert [(c.text.text, c.text.format.value, int(c.weight or 0)) for c in many.choices] == [
        ("<p>A<br></p>", "html", 50),
        ("B", "plain", -100),
        ("<p>C {x}</p>", "html", 50),
    ]
    assert many.feedback == Text("<p>Chung</p>", TextFormat.HTML)
    assert number.answers[0].high == 15
    assert number.answers[1].form == "any"
