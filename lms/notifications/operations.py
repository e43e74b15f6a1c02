"""Asking for mail: every mail is a job, written in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from lms.audit.operations import record
from lms.jobs.models import Job
from lms.jobs.operations import enqueue
from lms.notifications.texts import TEXTS
from lms.people import throttle
from lms.people.passwords import PasswordSet
from lms.people.queries import account_of, holder_of
from lms.temporal import VIETNAM
from lms.text import fold

MAIL: Final = "mail.send"
RESET_MAIL: Final = "mail.reset_link"


def send_mail(
    session: Session,
    to: str,
    template: str,
    *,
    locale: str,
    at: datetime,
    created_by_id: int | None = None,
    **places: str,
) -> Job:
    """Send one mail: `template` is a key of `texts.TEXTS`, `places` fill its text.

    Beside those given, `site` (the installation's name) and `base_url` are filled when the mail is sent. Nothing
    secret may go into `places`: they stay in the job. Raises KeyError for an unknown template.
    """
    TEXTS[template]
    payload = {"to": to, "template": template, "locale": locale, "places": places}
    return enqueue(session, MAIL, payload, at=at, created_by_id=created_by_id)


def ask_reset(session: Session, identifier: str, *, address: str, at: datetime) -> None:
    """Somebody asks for a link to reset the password of the account a code, e-mail or phone number stands for.

    Nothing tells whether there is such an account, or whether it has an e-mail address: a job is written in any case,
    and the link is made only when the mail is sent. Raises Refused("throttled", minutes=…). What was counted is to be
    committed although it is refused.
    """
    network = throttle.network_key(address)
    person = holder_of(session, identifier)
    account = account_of(session, person.id) if person is not None else None
    key = str(account.id) if account is not None else throttle.text_key(fold(identifier))
    throttle.check(session, throttle.RESET_ADDRESS, network, at=at)
    throttle.check(session, throttle.RESET_ACCOUNT, key, at=at)
    throttle.count(session, throttle.RESET_ADDRESS, network, at=at)
    throttle.count(session, throttle.RESET_ACCOUNT, key, at=at)
    account_id = account.id if account is not None else None
    enqueue(session, RESET_MAIL, {"account_id": account_id}, at=at)
    record(session, None, "account.reset_asked", "account", account_id, at=at, address=address)
    session.flush()


def note_password_set(session: Session, event: PasswordSet) -> None:
    """Tell the account's holder, where there is an e-mail address, that the password is another one now."""
    person = event.person
    if person.email:
        send_mail(
            session,
            person.email,
            "password_set",
            locale=event.account.locale,
            at=event.at,
            name=person.full_name,
            time=event.at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y"),
        )
