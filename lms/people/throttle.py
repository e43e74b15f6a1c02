"""Limits on tries, counted in the database so that they hold across nodes.

A limit counts within fixed windows. What was counted must be committed although the request is refused.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.errors import Refused
from lms.people.models import ThrottleCounter

KEPT: Final = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """So many tries per key within a window."""

    name: str
    tries: int
    window: timedelta


SIGN_IN_ACCOUNT: Final = Limit("sign_in_account", 10, timedelta(minutes=15))
SIGN_IN_ADDRESS: Final = Limit("sign_in_address", 50, timedelta(minutes=15))
RESET_ACCOUNT: Final = Limit("reset_account", 3, timedelta(hours=1))
RESET_ADDRESS: Final = Limit("reset_address", 20, timedelta(hours=1))


def network_key(address: str | None) -> str:
    """What stands for a network address: IPv4 as it is, IPv6 by its /64 (one customer has as many as they like)."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))


def text_key(text: str) -> str:
    """What stands for a typed text, which may be personal or secret: its digest."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def check(session: Session, limit: Limit, key: str, *, at: datetime) -> None:
    """Raise Refused("throttled", minutes=…) when the key has used up its tries; minutes until it may try again."""
    start = _window_start(limit, at)
    tries = session.scalar(
        select(ThrottleCounter.tries).where(
            ThrottleCounter.key == _key(limit, key), ThrottleCounter.window_start == start
        )
    )
    if tries is not None and tries >= limit.tries:
        left = start + limit.window - at
        raise Refused("throttled", minutes=max(1, -(-int(left.total_seconds()) // 60)))


def count(session: Session, limit: Limit, key: str, *, at: datetime) -> None:
    """Count one try. Two at once are both counted."""
    start = _window_start(limit, at)
    row = (ThrottleCounter.key == _key(limit, key), ThrottleCounter.window_start == start)
    raised = update(ThrottleCounter).where(*row).values(tries=ThrottleCounter.tries + 1)
    if session.scalar(raised.returning(ThrottleCounter.id)) is not None:
        return
    session.execute(delete(ThrottleCounter).where(ThrottleCounter.window_start < at - KEPT))
    try:
        with session.begin_nested():
            session.add(ThrottleCounter(key=_key(limit, key), window_start=start, tries=1))
            session.flush()
    except IntegrityError:
        session.execute(raised)


def forgive(session: Session, limit: Limit, key: str, *, at: datetime) -> None:
    """Forget what was counted for a key: whoever it was has shown who they are."""
    session.execute(
        delete(ThrottleCounter).where(
            ThrottleCounter.key == _key(limit, key), ThrottleCounter.window_start == _window_start(limit, at)
        )
    )


def _key(limit: Limit, key: str) -> str:
    return f"{limit.name}:{key}"


def _window_start(limit: Limit, at: datetime) -> datetime:
    seconds = int(limit.window.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)
