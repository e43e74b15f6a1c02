"""Refusals: what an operation will not do, said in a code that the edge puts into words."""

from __future__ import annotations


class Refused(Exception):
    """An operation refuses, and nothing was changed.

    `code` is stable ASCII; `field` names the input at fault, if one is; `params` fill the words of the message.
    """

    def __init__(self, code: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code


class NotAllowed(Refused):
    """The actor lacks the permission, or the thing lies outside the actor's scope."""

    def __init__(self, permission: str) -> None:
        super().__init__("not_allowed", permission=permission)
