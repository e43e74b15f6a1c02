"""What makes a password good enough, and how codes from paper are read."""

import pytest

from lms.people.links import ALPHABET, GROUPS, new_token, normal_token
from lms.people.rules import normal_password, password_fault
from lms.people.throttle import network_key

ABOUT = ["CB-00417", "0912345678", "Nguyễn Thị Thu Hiền", "Thu Hiền", "hien.nguyen", "04081985"]


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("mưa rơi trên phố núi", None),
        ("Ba con gà trống", None),
        ("k2#Lp9!vQz", None),
        ("ngắn quá", "password_short"),
        ("a" * 201, "password_long"),
        ("aaaaaaaaaaaa", "password_common"),
        ("1234567890", "password_common"),
        ("0987654321", "password_common"),
        ("qwertyuiop", "password_common"),
        ("matkhau123", "password_common"),
        ("Mật khẩu 2026", "password_common"),
        ("congdoan2026", "password_common"),
        ("Công đoàn Việt Nam", "password_common"),
        ("CB-00417CB-00417", "password_personal"),
        ("cb00417abc", "password_personal"),
        ("0912345678a", "password_personal"),
        ("nguyễn thị thu hiền", "password_personal"),
        ("Nguyen Thi Thu Hien 85", "password_personal"),
        ("04081985!!", "password_personal"),
        ("thuhien1985", "password_personal"),
        ("hien.nguyen1", "password_personal"),
    ],
)
def test_weak_passwords_are_named(password, fault):
    assert password_fault(password, ABOUT) == fault


def test_a_name_inside_a_longer_sentence_is_fine():
    assert password_fault("chị Thu Hiền trồng ba luống rau", ABOUT) is None


def test_missing_facts_about_a_person_do_not_matter():
    assert password_fault("mưa rơi trên phố núi", [None, "", None]) is None


def test_both_forms_of_vietnamese_letters_are_one_password():
    assert normal_password("mu\u031ba ro\u031bi") == normal_password("m\u01b0a r\u01a1i")


def test_tokens_are_long_and_readable():
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all([len(part) for part in token.split("-")] == list(GROUPS) for token in tokens)
    assert all(set(token) <= set(ALPHABET + "-") for token in tokens)


@pytest.mark.parametrize("typed", ["ABCDE FGHJK MNPQR STUVW", "abcdefghjkmnpqrstuvw", " abcde-fghjk-mnpqr-stuvw\n"])
def test_a_token_is_read_however_it_was_typed(typed):
    assert normal_token(typed) == "abcde-fghjk-mnpqr-stuvw"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("không phải địa chỉ", "unknown"),
    ],
)
def test_addresses_of_one_customer_are_one(address, key):
    assert network_key(address) == key
