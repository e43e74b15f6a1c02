from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.models import ActKind, CertificateKind
from lms.certificates.rules import (
    State,
    born_text,
    day_in_words,
    granted_kind,
    hours_text,
    last_valid_day,
    normal_serial,
    parse_day,
    register_no,
    serial_no,
    state_of,
    symbol_candidates,
    symbol_of,
    wanted_kind,
)

PLAIN, HIGHER = CertificateKind.completion_certificate, CertificateKind.certificate


@dataclass
class Act:
    kind: ActKind
    effective_on: date


ISSUED = Act(ActKind.issued, date(2026, 6, 22))
REVOKED = Act(ActKind.revoked, date(2026, 9, 1))


@pytest.mark.parametrize(
    ("acts", "expires_on", "on", "state"),
    [
        ([ISSUED], None, date(2030, 1, 1), State.valid),
        ([ISSUED], date(2027, 6, 22), date(2027, 6, 21), State.valid),
        ([ISSUED], date(2027, 6, 22), date(2027, 6, 22), State.expired),
        ([ISSUED, REVOKED], None, date(2026, 8, 31), State.valid),
        ([ISSUED, REVOKED], None, date(2026, 9, 1), State.revoked),
        ([ISSUED, REVOKED], date(2026, 8, 1), date(2026, 8, 15), State.expired),
        ([ISSUED, REVOKED], date(2026, 8, 1), date(2026, 9, 1), State.revoked),
    ],
)
def test_state_follows_the_entries_and_the_day(acts, expires_on, on, state):
    assert state_of(acts, expires_on, on) is state


@pytest.mark.parametrize(
    ("manifest", "kind"),
    [
        ({"certificate": {"kind": "completion_certificate"}}, PLAIN),
        ({"certificate": {"kind": "certificate"}}, HIGHER),
        ({"certificate": None}, None),
        ({"certificate": {"kind": "none"}}, None),
        ({"certificate": "completion_certificate"}, None),
        ({}, None),
    ],
)
def test_the_manifest_says_which_kind(manifest, kind):
    assert wanted_kind(manifest) is kind


def test_chung_chi_only_where_the_profile_allows_it():
    assert granted_kind(HIGHER, may_issue_certificate=False) is PLAIN
    assert granted_kind(HIGHER, may_issue_certificate=True) is HIGHER
    assert granted_kind(PLAIN, may_issue_certificate=True) is PLAIN


def test_serials_are_plain_letters_and_tell_the_kinds_apart():
    assert serial_no(symbol_of("AS", PLAIN), 2026, 362) == "AS-2026-000362"
    assert serial_no(symbol_of("LĐLĐ An Sơn", HIGHER), 2026, 1) == "LDLD-AN-SON-CC-2026-000001"
    assert symbol_of("…", PLAIN) == "CD"
    assert register_no(362, 2026) == "362/2026"


@given(
    st.text(max_size=60), st.text(max_size=60), st.integers(1, 10**12), st.sampled_from(CertificateKind),
    st.integers(2026, 2099), st.integers(1, 10**7),
)  # fmt: skip
def test_any_symbol_gives_a_serial_that_fits_and_is_found_as_typed(symbol, code, unit_id, kind, year, number):
    for candidate in symbol_candidates(symbol, code, unit_id, kind):
        serial = serial_no(candidate, year, number)
        assert re.fullmatch(r"[A-Z0-9][A-Z0-9-]*-20\d\d-\d{6,}", serial)
        assert len(serial) <= 60
        assert normal_serial(f"  {serial.lower().replace('-', ' - ')} ") == serial


@given(st.text(max_size=60), st.text(max_size=60), st.integers(1, 10**6), st.integers(1, 10**6))
def test_two_units_never_share_all_candidates(symbol, code, first, second):
    if first != second:
        ours = symbol_candidates(symbol, code, first, PLAIN)
        theirs = symbol_candidates(symbol, code, second, PLAIN)
        assert ours[-1] != theirs[-1]


def test_dates_and_figures_in_official_words():
    assert day_in_words(date(2026, 6, 22)) == "ngày 22 tháng 6 năm 2026"
    assert day_in_words(date(2026, 2, 3)) == "ngày 03 tháng 02 năm 2026"
    assert born_text(date(1985, 8, 4), 1985) == "04/08/1985"
    assert born_text(None, 1985) == "1985"
    assert born_text(None, None) is None
    assert parse_day("04/08/1985") == date(1985, 8, 4)
    assert parse_day("1985") is None
    assert hours_text(Decimal("6.0")) == "6"
    assert hours_text(Decimal("40.0")) == "40"
    assert hours_text(Decimal("4.5")) == "4,5"
    assert last_valid_day(date(2027, 1, 1)) == date(2026, 12, 31)
