"""Frozen dataclasses to JSON values and back, for the JSON columns of a published version."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints


def dump(value: object) -> Any:
    """A JSON value; fields that have their default and are None are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((item.name, getattr(value, item.name)) for item in fields(value))
        return {name: dump(part) for name, part in pairs if part is not None}
    if isinstance(value, (Decimal, StrEnum)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): dump(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [dump(part) for part in value]
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def load(kind: Any, value: Any) -> Any:
    """The value of type `kind` that `dump` made the JSON value from."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return load(next(part for part in arguments if part is not type(None)), value)
    if origin is tuple:
        return tuple(load(arguments[0], part) for part in value)
    if origin in (dict, Mapping):
        return {key: load(arguments[1], part) for key, part in value.items()}
    if is_dataclass(kind):
        maker: Any = kind
        hints = _hints(maker)
        known = {item.name for item in fields(maker)}
        return maker(**{name: load(hints[name], part) for name, part in value.items() if name in known})
    if kind is date:
        return date.fromisoformat(value)
    if kind is Decimal or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return kind(value)
    return value
