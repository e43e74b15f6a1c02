"""Grading rules, type by type."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.catalogue.gift import parse_gift
from lms.catalogue.grading import grade, read_numbers, same_words
from lms.catalogue.questions import (
    Blank,
    ChoiceQuestion,
    Cloze,
    Item,
    Matching,
    Ordering,
    Question,
    Text,
    from_json,
    option_keys,
    public_view,
    to_json,
)


def q(text: str) -> Question:
    found = parse_gift(text)
    assert not found.problems
    return found.questions[0]


def keys(question: Question, *texts: str) -> list[str]:
    assert isinstance(question, ChoiceQuestion)
    return [c.key for c in question.choices if c.text.text in texts]


def test_single_choice_takes_one_key_and_tells_the_feedback_of_what_was_chosen() -> None:
    question = q("x {=a#tốt ~b#chưa ~%50%c ####chung}")
    (a,), (b,), (c,) = keys(question, "a"), keys(question, "b"), keys(question, "c")
    assert grade(question, a).correct
    assert grade(question, [a]).feedback == ("tốt", "chung")
    assert grade(question, b).feedback == ("chưa", "chung")
    assert grade(question, c).fraction == Fraction(1, 2)
    assert grade(question, [a, b]).fraction == 0


def test_multiple_choice_partial_credit_and_wrong_picks_subtract_to_a_floor_of_zero() -> None:
    question = q("x {~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d ~e ~%0%f}")
    assert grade(question, keys(question, "a", "b", "c")).correct
    assert grade(question, keys(question, "a", "b")).fraction == Fraction(2, 3)
    assert grade(question, keys(question, "a", "b", "e")).fraction == Fraction(1, 3)
    assert grade(question, keys(question, "a", "f")).fraction == Fraction(1, 3)
    assert grade(question, keys(question, "a", "d")).fraction == 0
    assert grade(question, list(option_keys(question))).fraction == 0


def test_true_false() -> None:
    question = q("x {FALSE#sai vì a#đúng vì b}")
    assert grade(question, "false").correct
    assert grade(question, False).feedback == ("đúng vì b",)
    assert grade(question, "true").feedback == ("sai vì a",)
    assert grade(question, None).fraction == 0


def test_matching_gives_a_part_for_each_pair_and_none_for_distractors() -> None:
    question = q("x {=a->1 =b->2 =c->1 =->4}")
    assert isinstance(question, Matching)
    answers = {p.key: p.right_key for p in question.pairs if p.left.text}
    assert grade(question, answers).correct
    answers[question.pairs[1].key] = question.pairs[3].right_key
    assert grade(question, answers).fraction == Fraction(2, 3)


@pytest.mark.parametrize(
    ("accepted", "said", "loose", "same"),
    [
        ("Hà Nội", "  hà   nội ", False, True),
        ("Hà Nội", "Ha\u0300 No\u0323\u0302i", False, True),
        ("Hà Nội", "ha noi", False, False),
        ("Hà Nội", "HA NOI", True, True),
        ("đoàn kết", "doan ket", True, True),
        ("*công đoàn*", "Tổ chức Công đoàn Việt Nam", False, True),
        ("công*đoàn", "công đoàn cơ sở", False, False),
        ("a*a", "a", False, False),
        ("5 \\* 3", "5 * 3", False, True),
        ("*", "gì cũng được", False, True),
    ],
)
def test_words(accepted: str, said: str, loose: bool, same: bool) -> None:
    assert same_words(accepted, said, ignore_accents=loose) is same


def test_short_answer_takes_the_best_form_and_its_feedback() -> None:
    question = q("x {=%0%*#chưa đúng =Frog#tốt =%50%Cat}")
    assert grade(question, "FROG").feedback == ("tốt",)
    assert grade(question, "cat").fraction == Fraction(1, 2)
    assert grade(question, "dog").feedback == ("chưa đúng",)
    assert grade(question, "  ").feedback == ()


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("3,14", ["3.14"]), ("3.14", ["3.14"]), (" -5 ", ["-5"]), (",5", ["0.5"]), ("1.234", ["1.234", "1234"]),
        ("1.234,5", ["1234.5"]), ("1,234.5", ["1234.5"]), ("12 500", ["12500"]), ("12 500,25", ["12500.25"]),
        ("1.000.000", ["1000000"]), ("\uff15", ["5"]), ("\u22125", ["-5"]), ("năm", []), ("", []), ("1e5", []),
        ("1,2,3", []),
    ],
)  # fmt: skip
def test_numbers_as_people_type_them(said: str, numbers: list[str]) -> None:
    assert read_numbers(said) == tuple(Decimal(n) for n in numbers)


def test_numerical_with_tolerance_range_and_steps() -> None:
    question = q("x {#=1929:0#đúng =%50%1929:2 ~#xem lại}")
    assert grade(question, "1929").feedback == ("đúng",)
    assert grade(question, "1.929").correct
    assert grade(question, "1931").fraction == Fraction(1, 2)
    assert grade(question, "1932") == grade(question, 1932)
    assert grade(question, "1932").feedback == ("xem lại",)
    assert grade(q("x {#3.141..3.142}"), "3,1415").correct
    assert grade(q("x {#0.3:0.1}"), "0.4").correct
    assert not grade(q("x {#0.3:0.1}"), "0.41").correct


def test_ordering_and_cloze() -> None:
    order = Ordering(stem=Text("x"), items=tuple(Item(k, Text(k)) for k in "abc"))
    assert grade(order, ["a", "b", "c"]).correct
    assert grade(order, ["a", "c", "b"]).fraction == Fraction(1, 3)
    blanks = {"1": Blank(answers=("5", "năm")), "2": Blank(number=Decimal(24), tolerance=Decimal(1))}
    cloze = Cloze(stem=Text("{{1}} {{2}}"), blanks=blanks)
    assert grade(cloze, {"1": "Năm", "2": "24,5"}).correct
    assert grade(cloze, {"1": "sáu", "2": "25"}).fraction == Fraction(1, 2)


SAMPLES = [
    q("::n::x {=a#tốt ~%-50%b ####chung}"), q("x {~%50%a ~%50%b ~c}"), q("x {T#s#đ}"), q("x {=a->1 =b->2}"),
    q("x {=a =%50%b#c}"), q("x {#1..5}"), q("x {#=1:2#f ~#g}"), q("x {}"), q("[html]x"),
    Ordering(stem=Text("x"), items=(Item("k", Text("a")),)),
    Cloze(stem=Text("x"), blanks={"1": Blank(number=Decimal("1.5"))}),
]  # fmt: skip


@pytest.mark.parametrize("question", SAMPLES, ids=lambda s: s.kind)
def test_json_round_trip(question: Question) -> None:
    import json

    assert from_json(json.loads(json.dumps(to_json(question)))) == question


@pytest.mark.parametrize("question", SAMPLES, ids=lambda s: s.kind)
def test_the_public_view_tells_nothing_of_what_is_right(question: Question) -> None:
    words = repr(public_view(question))
    for secret in ("weight", "feedback", "marked", "answer", "right_key", "number': Dec", "tốt", "chung"):
        assert secret not in words


def test_the_public_view_keeps_the_order_of_the_attempt() -> None:
    question = q("x {=a ~b ~c}")
    order = tuple(reversed(option_keys(question)))
    assert [o["key"] for o in public_view(question, order)["options"]] == list(order)


@given(
    st.sampled_from(SAMPLES),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=5,
    ),
)
def test_any_response_is_graded_between_nothing_and_all(question: Question, response: Any) -> None:
    assert 0 <= grade(question, response).fraction <= 1
