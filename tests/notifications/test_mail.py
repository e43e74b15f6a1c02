"""Mail through jobs and a real local mail server: reset links, notices, failures and retries."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from lms.app import wire
from lms.db import make_engine
from lms.errors import Refused
from lms.jobs.models import Job, JobState
from lms.notifications.operations import ask_reset, send_mail
from lms.notifications.texts import TEXTS
from lms.people.links import use_link
from lms.people.models import SignInLink
from lms.settings import load_settings
from lms.worker import Worker
from tests.factories.passwords import CHEAP, give_password
from tests.factories.people import make_account, make_person
from tests.notifications.smtp_sink import SmtpSink


@pytest.fixture
def sink():
    with SmtpSink() as opened:
        yield opened


@pytest.fixture
def sessions(database):
    engine = make_engine(database)
    wire()
    yield sessionmaker(engine, expire_on_commit=False)
    engine.dispose()


@pytest.fixture
def run(sessions, sink, tmp_path, now):
    """Run every job due at a moment; the settings can be given a mail server of their own."""

    def run_at(at=now, smtp_url=None):
        settings = load_settings(
            {
                "LMS_INSTANCE": str(tmp_path),
                "LMS_SMTP_URL": sink.url if smtp_url is None else smtp_url,
                "LMS_MAIL_FROM": "Học tập Công đoàn <hoc-tap@congdoan.example>",
                "LMS_BASE_URL": "https://hoc.congdoan.example",
            }
        )
        return Worker(sessions, settings, clock=lambda: at).run_pending()

    return run_at


@pytest.fixture
def hien(sessions):
    with sessions() as session:
        person = make_person(session, code="CB-00417", email="hien@congdoan.example")
        account = give_password(session, make_account(session, person))
        session.commit()
    return account


def ask(sessions, identifier, at, address="203.0.113.7"):
    with sessions() as session:
        ask_reset(session, identifier, address=address, at=at)
        session.commit()


def token_in(message):
    return re.search(r"https://hoc\.congdoan\.example/mat-khau/(\S+)", message.get_content())[1]


def test_the_reset_link_comes_by_mail_works_and_is_kept_nowhere(sessions, sink, run, hien, now):
    ask(sessions, "CB-00417", now)
    assert run() == 1
    message = sink.received[0]
    assert (message["To"], message["Subject"]) == ("hien@congdoan.example", "Đặt lại mật khẩu")
    assert message["From"] == "Học tập Công đoàn <hoc-tap@congdoan.example>"
    assert "Nguyễn Thị Thu Hiền" in message.get_content()
    assert "11:00 21/11/2026" in message.get_content()
    token = token_in(message)
    with sessions() as session:
        jobs = session.scalars(select(Job)).all()
        assert token not in json.dumps([[job.payload, job.result, job.error] for job in jobs])
        use_link(session, token, "chín con mèo mướp", hasher=CHEAP, at=now + timedelta(minutes=59))
        session.commit()


def test_a_notice_follows_when_the_password_was_set(sessions, sink, run, hien, now):
    ask(sessions, "CB-00417", now)
    run()
    with sessions() as session:
        use_link(session, token_in(sink.received[0]), "chín con mèo mướp", hasher=CHEAP, at=now)
        session.commit()
    run()
    notice = sink.received[1]
    assert notice["Subject"] == "Mật khẩu của đồng chí vừa được thay đổi"
    assert "10:00 21/11/2026" in notice.get_content()
    assert "https://hoc.congdoan.example/quen-mat-khau" in notice.get_content()


@pytest.mark.parametrize("case", ["unknown", "no_email", "closed", "no_account"])
def test_nothing_is_sent_where_nothing_can_be_and_nothing_tells(sessions, sink, run, hien, now, case):
    with sessions() as session:
        make_account(session, make_person(session, "Lò Văn Hặc", code="CB-2"))
        make_person(session, "Bùi Quang Minh", code="CB-3", email="minh@congdoan.example")
        if case == "closed":
            session.merge(hien).disabled_at = now
        session.commit()
    asked = {"unknown": "CB-9", "no_email": "CB-2", "closed": "CB-00417", "no_account": "CB-3"}[case]
    ask(sessions, asked, now)
    assert run() == 1
    assert sink.received == []
    with sessions() as session:
        assert session.scalars(select(SignInLink)).all() == []


def test_asking_is_throttled_by_account_and_by_address(sessions, hien, now):
    for number in range(3):
        ask(sessions, "CB-00417", now, f"198.51.100.{number}")
    with pytest.raises(Refused, match="throttled"):
        ask(sessions, "hien@congdoan.example", now, "198.51.100.9")
    for number in range(20):
        ask(sessions, f"CB-{number}", now)
    with pytest.raises(Refused, match="throttled"):
        ask(sessions, "CB-77", now)


def test_a_mail_that_fails_is_tried_again_with_a_new_link(sessions, sink, run, hien, now):
    sink.answers = [451]
    ask(sessions, "CB-00417", now)
    run()
    assert sink.received == []
    run(now + timedelta(minutes=2))
    assert len(sink.received) == 1
    with sessions() as session:
        links = session.scalars(select(SignInLink).order_by(SignInLink.id)).all()
        assert [link.revoked_at is None for link in links] == [False, True]
        assert session.scalars(select(Job.state)).one() is JobState.done


def test_an_address_refused_for_good_is_not_tried_again(sessions, sink, run, now):
    sink.answers = [550]
    with sessions() as session:
        send_mail(session, "khong-co@congdoan.example", "password_set", locale="vi", at=now, name="A", time="B")
        session.commit()
    run()
    with sessions() as session:
        job = session.scalars(select(Job)).one()
        assert (job.state, job.error) == (JobState.failed, "mail_refused")


@pytest.mark.parametrize("to", ["x@y.vn\nBcc: z@y.vn", "x@y.vn\r\nSubject: y"])
def test_an_address_cannot_smuggle_headers(sessions, sink, run, now, to):
    with sessions() as session:
        send_mail(session, to, "password_set", locale="vi", at=now, name="A", time="B")
        session.commit()
    run()
    assert sink.received == []
    with sessions() as session:
        assert session.scalars(select(Job.error)).one() == "mail_address"


def test_the_servers_name_and_password_come_from_the_address(sessions, sink, run, now):
    with sessions() as session:
        send_mail(session, "a@congdoan.example", "password_set", locale="vi", at=now, name="A", time="B")
        session.commit()
    run(smtp_url=sink.url.replace("smtp://", "smtp://user:m%40t@"))
    assert sink.credentials == [["user", "m@t"]]
    assert len(sink.received) == 1


def test_without_a_mail_server_nothing_is_sent_and_the_job_says_so(sessions, sink, run, hien, now):
    with sessions() as session:
        send_mail(session, "a@congdoan.example", "password_set", locale="vi", at=now, name="A", time="B")
        session.commit()
    ask(sessions, "CB-00417", now)
    run(smtp_url="")
    with sessions() as session:
        assert session.scalars(select(Job.result)).all() == [{"sent": False}, {"sent": False}]


def test_an_unknown_template_is_a_mistake_found_at_once(sessions, now):
    with sessions() as session, pytest.raises(KeyError):
        send_mail(session, "a@b.vn", "no_such", locale="vi", at=now)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_text_is_whole_in_every_language(name, locale):
    places = dict.fromkeys(("name", "site", "base_url", "link", "until", "time"), "•")
    assert TEXTS[name].subject_in(locale)
    assert "%(" not in TEXTS[name].body_in(locale, **places)
