"""Vietnamese text."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.text import clean, fold, name_sort_key, normal_phone, slugify, sort_key, split_name


def test_text_is_composed_and_trimmed():
    assert clean(unicodedata.normalize("NFD", "  Nguyễn\u00a0 Thị  Hoà ")) == "Nguyễn Thị Hoà"


def test_folding_finds_what_people_type():
    assert fold("Đỗ Thị Huệ") == "do thi hue"
    assert fold("CÔNG ĐOÀN") == "cong doan"


def test_a_slug_folds_d():
    assert slugify("Đối thoại tại nơi làm việc (Điều 63)") == "doi-thoai-tai-noi-lam-viec-dieu-63"


@pytest.mark.parametrize(
    ("full", "parts"),
    [("Nguyễn Thị Thu Hiền", ("Nguyễn Thị Thu", "Hiền")), ("Vừ", ("", "Vừ")), (" Lò  Văn ", ("Lò", "Văn"))],
)
def test_the_last_word_is_the_given_name(full, parts):
    assert split_name(full) == parts


def test_the_vietnamese_alphabet_orders_letters_then_tones():
    words = [
        "An",
        "Án",
        "Ăn",
        "Ân",
        "Ánh",
        "Dũng",
        "Đức",
        "Em",
        "Êm",
        "Khoa",
        "Ma",
        "Má",
        "Mà",
        "Mả",
        "Mã",
        "Mạ",
        "Oanh",
        "Ôn",
        "Ơn",
        "Uyên",
        "Ước",
        "Yến",
    ]
    expected = [
        "An",
        "Án",
        "Ánh",
        "Ăn",
        "Ân",
        "Dũng",
        "Đức",
        "Em",
        "Êm",
        "Khoa",
        "Ma",
        "Mà",
        "Mả",
        "Mã",
        "Má",
        "Mạ",
        "Oanh",
        "Ôn",
        "Ơn",
        "Uyên",
        "Ước",
        "Yến",
    ]
    random.Random(3).shuffle(words)
    assert sorted(words, key=sort_key) == expected


def test_names_sort_by_given_name_then_the_rest():
    names = ["Trần Văn An", "Nguyễn Thị Ánh", "Lê An", "Đỗ Thị Anh", "Hoàng Văn Đức", "Bùi Dũng"]
    ordered = sorted(names, key=lambda name: name_sort_key(*split_name(name)))
    assert ordered == ["Lê An", "Trần Văn An", "Đỗ Thị Anh", "Nguyễn Thị Ánh", "Bùi Dũng", "Hoàng Văn Đức"]


@given(st.text(max_size=40))
def test_sorting_and_folding_never_fail_and_ignore_the_form_of_unicode(text):
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(unicodedata.normalize("NFC", text))
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("912345678", "0912345678"),
        ("0243-825-1234", "02438251234"),
        ("12345", None),
        ("không có", None),
    ],
)
def test_phone_numbers_have_one_form(written, number):
    assert normal_phone(written) == number
