"""The jobs that send mail."""

from __future__ import annotations

from typing import Any

from lms.notifications.operations import MAIL, RESET_MAIL
from lms.notifications.smtp import compose, deliver
from lms.notifications.texts import TEXTS
from lms.people.links import make_links
from lms.people.models import LinkPurpose
from lms.people.queries import account_with_person
from lms.settings import Settings
from lms.temporal import VIETNAM
from lms.worker import JobContext, handles


def send(settings: Settings, to: str, template: str, locale: str, places: dict[str, str]) -> None:
    """Write a mail from its template and hand it to the mail server."""
    text = TEXTS[template]
    body = text.body_in(locale, **{"site": settings.name, "base_url": settings.base_url, **places})
    deliver(settings.smtp_url, compose(settings.mail_from, to, text.subject_in(locale), body))


@handles(MAIL)
def send_one(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Send a mail; without a mail server in the settings, say so and be done."""
    if not context.settings.smtp_url:
        return {"sent": False}
    send(context.settings, payload["to"], payload["template"], payload["locale"], payload["places"])
    return {"sent": True}


@handles(RESET_MAIL)
def send_reset_link(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Make a link to reset a password and send it; nothing where there is no such account or no e-mail address.

    Tried again, it makes another link and revokes the one before. The token is nowhere but in the mail.
    """
    found = account_with_person(context.session, payload["account_id"]) if payload["account_id"] else None
    if found is None or found[0].disabled_at is not None or not found[1].email or not context.settings.smtp_url:
        return {"sent": False}
    context.write()
    account, person = found
    at = context.at
    token, expires = make_links(context.session, [account], LinkPurpose.reset, actor_id=None, at=at)[account.id]
    context.commit()
    send(
        context.settings,
        person.email or "",
        "reset_link",
        account.locale,
        {
            "name": person.full_name,
            "link": f"{context.settings.base_url}/mat-khau/{token}",
            "until": expires.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y"),
        },
    )
    return {"sent": True}
