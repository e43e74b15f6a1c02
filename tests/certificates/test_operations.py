from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.access.models import Grant, Role
from lms.access.rules import SYSTEM, Actor
from lms.audit.queries import history_of
from lms.certificates.documents import document_of, keep_document
from lms.certificates.handlers import on_ledger_row
from lms.certificates.models import Certificate, CertificateAct, CertificateKind, RegisterSeries
from lms.certificates.operations import RENDER, issue_certificate, revoke_certificate, set_issuer_profile
from lms.certificates.queries import certificate_of_record, records_without_certificate
from lms.certificates.rules import State, state_of
from lms.errors import NotAllowed, Refused
from lms.jobs.models import Job
from lms.ledger.events import LedgerRowAdded
from lms.ledger.models import Source
from lms.storage import Storage
from lms.temporal import ALWAYS
from lms.text import fold
from lms.units.models import UnitVersion
from tests.certificates.scenes import issue
from tests.conftest import NOW
from tests.factories.certificates import PROVINCE, make_completion, make_scene, make_version
from tests.factories.ledger import make_record
from tests.factories.people import make_account, make_person
from tests.factories.units import make_unit

HIGHER = {"certificate": {"kind": "certificate"}}
BASE = "https://hoctap.example"


def administrator(session, unit, role=Role.training_admin):
    account = make_account(session)
    session.add(Grant(account_id=account.id, role=role, unit_id=unit.id, valid_from=date(2020, 1, 1), granted_at=NOW))
    session.flush()
    return Actor(account.id, account.person_id, account.person.full_name)


def test_everything_printed_is_frozen_as_of_issue(session):
    scene = make_scene(session)
    set_issuer_profile(session, SYSTEM, scene.province.id, PROVINCE, valid_from=date(2026, 1, 1), at=NOW)

    certificate = issue(session, scene)

    assert certificate.issuer_id == scene.province.id, "the commune has no profile: the nearest above that has one"
    assert (certificate.serial_no, certificate.year, certificate.number) == ("AS-2026-000001", 2026, 1)
    assert certificate.kind is CertificateKind.completion_certificate
    assert (certificate.holder_name, certificate.holder_born) == ("Nguyễn Thị Thu Hiền", "04/08/1985")
    assert (certificate.holder_title, certificate.holder_unit) == ("Chủ tịch", "CĐCS Công ty TNHH May Tân Khê")
    assert (certificate.course_title, certificate.hours) == ("Đối thoại tại nơi làm việc", Decimal("6.0"))
    assert (certificate.mode, certificate.layout) == ("online", "formal")
    assert (certificate.started_on, certificate.achieved_on) == (date(2026, 11, 11), date(2026, 11, 21))
    assert (certificate.issued_on, certificate.expires_on) == (date(2026, 11, 21), None)
    assert certificate.issuer == {
        "unit_code": scene.province.code,
        "unit_name": "Liên đoàn Lao động tỉnh An Sơn",
        "parent_line": "TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM",
        "name_line": "LIÊN ĐOÀN LAO ĐỘNG TỈNH AN SƠN",
        "place": "An Sơn",
        "authority_line": "TM. BAN THƯỜNG VỤ",
        "signer_title": "CHỦ TỊCH",
        "signer_name": "Trần Quốc Bình",
    }
    assert len(certificate.verify_code) == 16, "96 random bits"
    assert [event.action for event in history_of(session, "certificate", certificate.id)] == ["certificate.issued"]
    job = session.scalars(select(Job).where(Job.kind == RENDER)).one()
    assert job.payload == {"certificate_id": certificate.id}

    scene.chair.full_name = "Nguyễn Thị Hiền"
    scene.version.title = "Tên khác"
    session.scalars(select(UnitVersion).where(UnitVersion.unit_id == scene.province.id)).one().name = "Tên khác"
    session.flush()
    session.expire(certificate)
    assert certificate.holder_name == "Nguyễn Thị Thu Hiền"
    assert certificate.course_title == "Đối thoại tại nơi làm việc"
    assert certificate.issuer["unit_name"] == "Liên đoàn Lao động tỉnh An Sơn"


def test_issuing_twice_gives_the_same_certificate(session):
    scene = make_scene(session)
    record = make_completion(session, scene.chair, scene.version, scene.commune)
    first = issue_certificate(session, SYSTEM, record, at=NOW)
    again = issue_certificate(session, SYSTEM, record, at=datetime(2027, 1, 5, tzinfo=UTC))
    assert again.id == first.id
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1
    assert session.scalars(select(RegisterSeries.last_number)).all() == [1]


def test_the_database_refuses_a_second_certificate_of_a_record_and_a_number_used_twice(session):
    scene = make_scene(session)
    first = issue(session, scene)
    columns = [column.key for column in Certificate.__table__.columns if column.key != "id"]
    copied = {key: getattr(first, key) for key in columns}
    for change in ({"number": 2, "serial_no": "X-1", "verify_code": "x"}, {"serial_no": "X-2", "verify_code": "y"}):
        savepoint = session.begin_nested()
        session.add(Certificate(**{**copied, **change}))
        with pytest.raises(IntegrityError):
            session.flush()
        savepoint.rollback()


def test_without_any_profile_the_delivering_unit_issues_under_its_name_of_the_day_unsigned(session):
    scene = make_scene(session)
    certificate = issue(session, scene)
    assert certificate.issuer_id == scene.commune.id
    assert certificate.issuer["name_line"] == "CÔNG ĐOÀN PHƯỜNG TÂN KHÊ"
    assert certificate.issuer["parent_line"] == "LIÊN ĐOÀN LAO ĐỘNG TỈNH AN SƠN"
    assert certificate.issuer["signer_name"] == ""
    assert certificate.serial_no == f"{scene.commune.code}-2026-000001"


def test_the_name_of_an_issuer_is_that_of_the_day(session):
    scene = make_scene(session)
    old = session.scalars(select(UnitVersion).where(UnitVersion.unit_id == scene.commune.id)).one()
    old.valid_to = date(2026, 11, 1)
    session.flush()
    session.add(
        UnitVersion(
            unit_id=scene.commune.id,
            name="Công đoàn phường Tân Khê Đông",
            level=old.level,
            parent_id=old.parent_id,
            valid_from=date(2026, 11, 1),
        )
    )
    session.flush()
    before = issue(session, scene, at=datetime(2026, 10, 31, 5, tzinfo=UTC))
    after = issue(session, scene)
    assert before.issuer["unit_name"] == "Công đoàn phường Tân Khê"
    assert after.issuer["unit_name"] == "Công đoàn phường Tân Khê Đông"
    assert old.valid_from == ALWAYS


def test_the_year_of_the_number_is_the_vietnamese_one(session):
    scene = make_scene(session)
    late = issue(session, scene, at=datetime(2026, 12, 31, 16, 30, tzinfo=UTC))
    new_year = issue(session, scene, at=datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    assert (late.year, late.number, late.issued_on) == (2026, 1, date(2026, 12, 31))
    assert (new_year.year, new_year.number, new_year.issued_on) == (2027, 1, date(2027, 1, 1))


def test_numbers_run_per_issuer_and_kind(session):
    scene = make_scene(session, **HIGHER)
    allowed = type(PROVINCE)(**{**vars(PROVINCE), "may_issue_certificate": True})
    set_issuer_profile(session, SYSTEM, scene.province.id, allowed, valid_from=date(2026, 1, 1), at=NOW)
    plain = make_version(session)
    serials = [
        issue(session, scene).serial_no,
        issue(session, scene, version=plain).serial_no,
        issue(session, scene).serial_no,
        issue(session, scene, version=plain).serial_no,
    ]
    assert serials == ["AS-CC-2026-000001", "AS-2026-000001", "AS-CC-2026-000002", "AS-2026-000002"]


def test_chung_chi_becomes_giay_chung_nhan_where_the_profile_does_not_allow_it(session):
    scene = make_scene(session, **HIGHER)
    set_issuer_profile(session, SYSTEM, scene.province.id, PROVINCE, valid_from=date(2026, 1, 1), at=NOW)
    assert issue(session, scene).kind is CertificateKind.completion_certificate


def test_two_issuers_with_the_same_symbol_never_share_a_serial(session):
    scene, other = make_scene(session), make_scene(session)
    set_issuer_profile(session, SYSTEM, scene.province.id, PROVINCE, valid_from=date(2026, 1, 1), at=NOW)
    with pytest.raises(Refused) as refused:
        set_issuer_profile(session, SYSTEM, other.province.id, PROVINCE, valid_from=date(2026, 1, 1), at=NOW)
    assert refused.value.code == "symbol_taken"

    stranger = make_unit(session, "Công đoàn ngành An Sơn", "provincial", code="AS")
    scene.commune = stranger
    assert issue(session, scene).serial_no == "AS-AS-2026-000001"


def test_validity_counts_from_the_day_of_achievement(session):
    scene = make_scene(session, validity_months=36)
    certificate = issue(session, scene)
    assert certificate.expires_on == date(2029, 11, 21)


def test_a_person_without_post_and_with_a_birth_year_only(session):
    scene = make_scene(session)
    scene.chair = make_person(session, "Y Thuyên", born_year=1990)
    certificate = issue(session, scene)
    assert (certificate.holder_born, certificate.holder_title, certificate.holder_unit) == ("1990", None, None)


def test_a_completion_nobody_delivered_stands_without_certificate_and_is_shown_to_the_administrator(session):
    scene = make_scene(session)
    record = make_completion(session, scene.chair, scene.version, None)
    on_ledger_row(session, LedgerRowAdded(record))
    assert certificate_of_record(session, record.id) is None
    with pytest.raises(Refused, match="certificate_without_deliverer"):
        issue_certificate(session, SYSTEM, record, at=NOW)

    inside, outside = administrator(session, scene.commune), administrator(session, make_unit(session, "Nơi khác"))
    on = date(2026, 11, 21)
    shown = session.execute(records_without_certificate(session, inside, on)).all()
    assert [tuple(row) for row in shown] == [
        (record.id, scene.chair.id, "Nguyễn Thị Thu Hiền", "Đối thoại tại nơi làm việc", on)
    ]
    assert session.execute(records_without_certificate(session, outside, on)).all() == []


@pytest.mark.parametrize("promise", [None, {"kind": "none"}])
def test_a_course_that_promises_nothing_gives_nothing(session, promise):
    scene = make_scene(session, certificate=promise)
    record = make_completion(session, scene.chair, scene.version, scene.commune)
    on_ledger_row(session, LedgerRowAdded(record))
    assert certificate_of_record(session, record.id) is None
    assert session.execute(records_without_certificate(session, SYSTEM, date(2026, 11, 21))).all() == []


def test_a_row_entered_by_hand_gives_nothing(session):
    scene = make_scene(session)
    record = make_record(session, scene.chair, delivered_by_id=scene.commune.id)
    on_ledger_row(session, LedgerRowAdded(record))
    assert certificate_of_record(session, record.id) is None
    with pytest.raises(Refused, match="certificate_not_foreseen"):
        issue_certificate(session, SYSTEM, record, at=NOW)


def test_a_workbook_row_that_claims_an_enrolment_gives_nothing(session):
    scene = make_scene(session)
    record = make_completion(session, scene.chair, scene.version, scene.commune)
    record.source = Source.workbook
    on_ledger_row(session, LedgerRowAdded(record))
    record.source, record.person_id = Source.course, make_person(session).id
    on_ledger_row(session, LedgerRowAdded(record))
    assert certificate_of_record(session, record.id) is None


def test_the_event_of_a_ledger_row_issues_in_the_same_transaction(session):
    scene = make_scene(session)
    record = make_completion(session, scene.chair, scene.version, scene.commune)
    on_ledger_row(session, LedgerRowAdded(record))
    certificate = certificate_of_record(session, record.id)
    assert certificate is not None
    assert certificate.holder_folded == fold("Nguyễn Thị Thu Hiền")


def test_nobody_but_the_installation_issues(session):
    scene = make_scene(session)
    record = make_completion(session, scene.chair, scene.version, scene.commune)
    with pytest.raises(NotAllowed):
        issue_certificate(session, administrator(session, scene.commune), record, at=NOW)


def revoke(session, actor, certificate, **changes):
    values = {"decision_no": "15/QĐ-LĐLĐ", "reason": "Cấp nhầm người", "effective_on": date(2026, 12, 1), "at": NOW}
    return revoke_certificate(session, actor, certificate, **{**values, **changes})


def test_revoking_is_a_later_entry_and_changes_nothing_printed(session):
    scene = make_scene(session)
    certificate = issue(session, scene)
    columns = [column.key for column in Certificate.__table__.columns]
    printed = {key: getattr(certificate, key) for key in columns}

    act = revoke(session, administrator(session, scene.province), certificate, decision_no=" 15/QĐ-LĐLĐ ")

    assert act.decision_no == "15/QĐ-LĐLĐ"
    session.expire_all()
    assert {key: getattr(certificate, key) for key in columns} == printed
    assert state_of(certificate.acts, certificate.expires_on, date(2026, 11, 30)) is State.valid
    assert state_of(certificate.acts, certificate.expires_on, date(2026, 12, 1)) is State.revoked
    events = history_of(session, "certificate", certificate.id)
    assert [event.action for event in events] == ["certificate.revoked", "certificate.issued"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"decision_no": " "}, "decision_no_missing", "decision_no"),
        ({"reason": ""}, "reason_missing", "reason"),
        ({"effective_on": date(2026, 11, 20)}, "revoked_before_issue", "effective_on"),
    ],
)
def test_a_revocation_needs_decision_reason_and_a_day_not_before_issue(session, changes, code, field):
    certificate = issue(session, make_scene(session))
    with pytest.raises(Refused) as refused:
        revoke(session, SYSTEM, certificate, **changes)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_certificate_is_revoked_once(session):
    certificate = issue(session, make_scene(session))
    revoke(session, SYSTEM, certificate)
    with pytest.raises(Refused, match="certificate_already_revoked"):
        revoke(session, SYSTEM, certificate)
    assert session.scalar(select(func.count()).select_from(CertificateAct)) == 2


def test_revoking_needs_the_permission_at_the_issuer(session):
    scene = make_scene(session)
    certificate = issue(session, scene)
    for actor in (administrator(session, scene.grassroots), administrator(session, scene.province, Role.viewer)):
        with pytest.raises(NotAllowed):
            revoke(session, actor, certificate)


def test_a_new_profile_changes_no_certificate_issued_before(session):
    scene = make_scene(session)
    set_issuer_profile(session, SYSTEM, scene.commune.id, PROVINCE, valid_from=date(2026, 1, 1), at=NOW)
    before = issue(session, scene)
    renewed = type(PROVINCE)(**{**vars(PROVINCE), "signer_name": "Lê Thị Ưng"})
    set_issuer_profile(session, SYSTEM, scene.commune.id, renewed, valid_from=date(2026, 11, 21), at=NOW)
    after = issue(session, scene)
    assert (before.issuer["signer_name"], after.issuer["signer_name"]) == ("Trần Quốc Bình", "Lê Thị Ưng")
    assert (before.number, after.number) == (1, 2)


def test_a_profile_is_not_changed_for_days_gone_by_and_not_by_others(session):
    scene = make_scene(session)
    first = set_issuer_profile(session, SYSTEM, scene.commune.id, PROVINCE, valid_from=date(2026, 1, 1), at=NOW)
    again = set_issuer_profile(session, SYSTEM, scene.commune.id, PROVINCE, valid_from=date(2026, 1, 1), at=NOW)
    assert again.id == first.id
    renewed = type(PROVINCE)(**{**vars(PROVINCE), "place": "Tân Khê"})
    with pytest.raises(Refused, match="profile_in_past"):
        set_issuer_profile(session, SYSTEM, scene.commune.id, renewed, valid_from=date(2026, 11, 20), at=NOW)
    here = administrator(session, scene.commune)
    set_issuer_profile(session, here, scene.commune.id, renewed, valid_from=date(2026, 11, 21), at=NOW)
    higher = type(PROVINCE)(**{**vars(PROVINCE), "may_issue_certificate": True})
    with pytest.raises(NotAllowed):
        set_issuer_profile(session, here, scene.commune.id, higher, valid_from=date(2026, 11, 21), at=NOW)
    with pytest.raises(NotAllowed):
        set_issuer_profile(session, here, scene.province.id, PROVINCE, valid_from=date(2026, 11, 21), at=NOW)


def test_the_document_is_kept_once_and_is_what_a_download_before_gave(session, tmp_path):
    certificate = issue(session, make_scene(session))
    storage = Storage(str(tmp_path))
    early = document_of(certificate, storage, BASE)
    keep_document(session, storage, certificate.id, BASE, before_writing=session.flush)
    key = certificate.pdf_key
    assert key == f"{certificate.pdf_sha256}.pdf"
    assert document_of(certificate, storage, BASE) == early
    keep_document(session, storage, certificate.id, "https://elsewhere.example", before_writing=session.flush)
    assert certificate.pdf_key == key
    assert document_of(certificate, storage, "https://elsewhere.example") == early
