"""Reading rules out of data (YAML, JSON): what is wrong is gathered with the place where it stands, not raised."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from lms.i18n import N_

E = TypeVar("E", bound=enum.Enum)


@dataclass(frozen=True)
class Fault:
    """Something wrong in the data: `place` (`indicators[2].population.levels`) and a msgid with its params."""

    place: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.place}: {self.message % self.params if self.params else self.message}"


class Reader:
    """One mapping of the data. Every key that is asked for is known; `finish` reports the others."""

    def __init__(self, data: object, place: str, faults: list[Fault]) -> None:
        self.place = place
        self.faults = faults
        self._known: set[str] = set()
        self._data: Mapping[str, Any] = {}
        if isinstance(data, Mapping):
            self._data = data
        else:
            faults.append(Fault(place or ".", N_("cần là một nhóm các mục có tên")))

    def fault(self, key: str, message: str, **params: object) -> None:
        """Report something wrong with a key."""
        self.faults.append(Fault(f"{self.place}.{key}".strip("."), message, params))

    def has(self, key: str) -> bool:
        """Whether the key is there and not empty."""
        return self._data.get(key) is not None

    def raw(self, key: str) -> Any:
        """The value as it stands; None when absent."""
        self._known.add(key)
        return self._data.get(key)

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A text."""
        value = self.raw(key)
        if value is None:
            if required:
                self.fault(key, N_("thiếu mục bắt buộc này"))
            return None
        if not isinstance(value, str) or not value.strip():
            self.fault(key, N_("cần là một đoạn chữ"))
            return None
        return " ".join(value.split())

    def required(self, key: str) -> str:
        """A text that must be there; empty after a fault was reported."""
        return self.text(key, required=True) or ""

    def flag(self, key: str) -> bool | None:
        """Yes, no or absent."""
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.fault(key, N_("cần là true hoặc false"))
            return None
        return value

    def number(self, key: str) -> int | None:
        """A whole number from 0 up."""
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.fault(key, N_("cần là một số nguyên không âm"))
            return None
        return value

    def day(self, key: str) -> date | None:
        """A date."""
        value = self.raw(key)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                value = object()
        if value is not None and (not isinstance(value, date) or type(value) is not date):
            self.fault(key, N_("cần là một ngày dạng 2026-06-30"))
            return None
        return value

    def code(self, key: str, kind: type[E]) -> E | None:
        """One code of an enum."""
        value = self.raw(key)
        return None if value is None else self._member(key, value, kind)

    def codes(self, key: str, kind: type[E]) -> tuple[E, ...]:
        """A list of codes (one code alone will do), in the order given; empty when absent."""
        value = self.raw(key)
        if value is None:
            return ()
        values = value if isinstance(value, list) else [value]
        if not values:
            self.fault(key, N_("danh sách trống"))
        members = [self._member(key, item, kind) for item in values]
        return tuple(dict.fromkeys(member for member in members if member is not None))

    def _member(self, key: str, value: object, kind: type[E]) -> E | None:
        try:
            return kind(value)
        except ValueError:
            self.fault(
                key,
                N_("không hiểu “%(word)s”; có thể dùng: %(allowed)s"),
                word=value,
                allowed=", ".join(str(member.value) for member in kind),
            )
            return None

    def inner(self, key: str) -> Reader | None:
        """A mapping within."""
        value = self.raw(key)
        return None if value is None else Reader(value, f"{self.place}.{key}".strip("."), self.faults)

    def each(self, key: str) -> list[Reader]:
        """A list of mappings within."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(key, N_("cần là một danh sách"))
            return []
        place = f"{self.place}.{key}".strip(".")
        return [Reader(item, f"{place}[{number}]", self.faults) for number, item in enumerate(value, start=1)]

    def finish(self) -> None:
        """Report the keys that nobody asked for."""
        for key in self._data:
            if key not in self._known:
                self.fault(str(key), N_("không có mục nào tên như vậy ở đây"))
