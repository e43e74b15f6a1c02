"""Effects upward: a lower slice says what happened, a higher one that was wired in `lms.app` acts in the same
session and transaction. Slow effects enqueue a job there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Event:
    """Something that happened; subclasses carry the rows it happened to."""


E = TypeVar("E", bound=Event)
_handlers: dict[type[Event], list[Callable[..., None]]] = {}


def subscribe(kind: type[E], handler: Callable[[Session, E], None]) -> None:
    """Have `handler` called for every event of exactly this kind; wiring twice is harmless."""
    handlers: list[Callable[..., Any]] = _handlers.setdefault(kind, [])
    if handler not in handlers:
        handlers.append(handler)


def publish(session: Session, event: Event) -> None:
    """Call the handlers of the event, in the order they were wired; their errors are the caller's errors."""
    for handler in _handlers.get(type(event), []):
        handler(session, event)
