"""Handing one mail to the mail server named in the settings."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import unquote, urlsplit

from lms.errors import Refused

TIMEOUT = 20
"""Seconds to wait for the mail server."""


def compose(sender: str, to: str, subject: str, body: str) -> EmailMessage:
    """A plain text mail. Raises Refused("mail_address") when the address cannot be one."""
    message = EmailMessage()
    try:
        message["From"] = sender
        message["To"] = to
        message["Subject"] = subject
    except ValueError as error:
        raise Refused("mail_address") from error
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">") or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def deliver(smtp_url: str, message: EmailMessage) -> None:
    """Send a mail through `smtp://user:password@host:port` (TLS where the server offers it) or `smtps://…`.

    Raises Refused("mail_refused") when the server will never take it; OSError or smtplib.SMTPException when it may be
    tried again.
    """
    parts = urlsplit(smtp_url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
    )
    with server:
        if parts.scheme != "smtps":
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _reason in error.recipients.values()):
                raise Refused("mail_refused") from error
            raise
