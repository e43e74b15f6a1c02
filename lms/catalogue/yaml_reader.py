"""YAML with line numbers: typed fields are asked for by name, and what is missing, wrong or unknown is collected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import yaml

from lms.i18n import N_
from lms.problems import Problem

_MAX_CHARACTERS = 300_000
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,6})?")


@dataclass(frozen=True)
class Words:
    """A text in Vietnamese and, where there is one, in English."""

    vi: str
    en: str | None = None


@dataclass(frozen=True)
class WordLists:
    """A list of texts in Vietnamese and in English."""

    vi: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Reader:
    """One mapping of a YAML file; `close` reports the keys that nobody asked for."""

    def __init__(
        self, node: yaml.MappingNode | None, file: str, problems: list[Problem], line: int, lines: int
    ) -> None:
        self.file, self.problems, self._lines = file, problems, lines
        self.line = line
        self._nodes: dict[str, yaml.Node] = {}
        self._key_lines: dict[str, int] = {}
        self._asked: set[str] = set()
        for key, value in node.value if node is not None else ():
            name = str(key.value)
            at = key.start_mark.line + 1 + lines
            if name in self._nodes:
                self.fault(at, N_("Khoá %(key)s viết hai lần."), key=name)
            self._nodes[name], self._key_lines[name] = value, at

    def fault(self, line: int, message: str, **params: object) -> None:
        """Record a fault at a line of the file."""
        self.problems.append(Problem(line, message, params, self.file))

    def line_of(self, key: str) -> int:
        """The line of a key, or of the mapping where the key is missing."""
        return self._key_lines.get(key, self.line)

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self._nodes

    def has_children(self, key: str) -> bool:
        """Whether the key is written with keys of its own."""
        return isinstance(self._nodes.get(key), yaml.MappingNode)

    def keys(self) -> tuple[str, ...]:
        """The keys as written; each counts as asked for."""
        self._asked.update(self._nodes)
        return tuple(self._nodes)

    def close(self) -> None:
        """Report unknown keys."""
        for name in self._nodes:
            if name not in self._asked:
                self.fault(self._key_lines[name], N_("Khoá không có trong quy ước: %(key)s"), key=name)

    def _node(self, key: str, required: bool) -> yaml.Node | None:
        self._asked.add(key)
        node = self._nodes.get(key)
        empty = node is None or (isinstance(node, yaml.ScalarNode) and node.value.strip() in ("", "~", "null"))
        if empty:
            if required:
                self.fault(self.line_of(key), N_("Thiếu %(key)s."), key=key)
            return None
        return node

    def _wrong(self, key: str, wanted: str) -> None:
        self.fault(self.line_of(key), wanted, key=key)

    def text(self, key: str, *, required: bool = True, default: str = "") -> str:
        """A piece of text; numbers and dates count as they are written."""
        node = self._node(key, required)
        if node is None:
            return default
        if not isinstance(node, yaml.ScalarNode):
            self._wrong(key, N_("%(key)s phải là một đoạn chữ."))
            return default
        return str(node.value).strip()

    def number(
        self,
        key: str,
        *,
        low: Decimal | int | None = None,
        high: int | None = None,
        default: Decimal | int | None = None,
    ) -> Decimal:
        """A number between low and high; required where there is no default."""
        raw = self.text(key, required=default is None)
        if not raw:
            return Decimal(default or 0)
        number = Decimal(raw) if _NUMBER.fullmatch(raw) else None
        if number is None or (low is not None and number < low) or (high is not None and number > high):
            span = f"{'' if low is None else low}…{'' if high is None else high}"
            self.fault(self.line_of(key), N_("%(key)s phải là số trong khoảng %(span)s, không phải “%(raw)s”."),
                       key=key, span=span, raw=raw[:40])  # fmt: skip
            return Decimal(default or low or 0)
        return number

    def whole(self, key: str, *, low: int, high: int, default: int | None = None) -> int:
        """A whole number between low and high."""
        number = self.number(key, low=low, high=high, default=default)
        if number != int(number):
            self._wrong(key, N_("%(key)s phải là số nguyên."))
        return int(number)

    def flag(self, key: str, *, default: bool) -> bool:
        """true or false."""
        raw = self.text(key, required=False).lower()
        if raw and raw not in ("true", "false", "yes", "no"):
            self._wrong(key, N_("%(key)s phải là true hoặc false."))
        return raw in ("true", "yes") if raw else default

    def day(self, key: str) -> date | None:
        """An ISO date."""
        raw = self.text(key)
        try:
            return date.fromisoformat(raw) if raw else None
        except ValueError:
            self.fault(self.line_of(key), N_("%(key)s phải là ngày dạng 2026-11-21, không phải “%(raw)s”."),
                       key=key, raw=raw[:40])  # fmt: skip
            return None

    def choice(self, key: str, allowed: Sequence[str], *, default: str | None = None) -> str:
        """One of the allowed codes; required where there is no default."""
        raw = self.text(key, required=default is None, default=default or "")
        if raw and raw not in allowed:
            self.fault(self.line_of(key), N_("%(key)s: không có mã “%(raw)s”; được dùng: %(allowed)s"),
                       key=key, raw=raw[:40], allowed=", ".join(allowed))  # fmt: skip
        return raw if raw in allowed else default or allowed[0]

    def texts(self, key: str, *, required: bool = True, allowed: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of texts, of the allowed codes where codes are given."""
        node = self._node(key, required)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(n, yaml.ScalarNode) for n in node.value):
            self._wrong(key, N_("%(key)s phải là một danh sách đoạn chữ."))
            return ()
        if required and not node.value:
            self._wrong(key, N_("Thiếu %(key)s."))
        found = []
        for item in node.value:
            raw = str(item.value).strip()
            if allowed and raw not in allowed:
                self.fault(item.start_mark.line + 1 + self._lines,
                           N_("%(key)s: không có mã “%(raw)s”; được dùng: %(allowed)s"),
                           key=key, raw=raw[:40], allowed=", ".join(allowed))  # fmt: skip
            else:
                found.append(raw)
        return tuple(found)

    def child(self, key: str, *, required: bool = True) -> Reader | None:
        """A mapping within."""
        node = self._node(key, required)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self._wrong(key, N_("%(key)s phải có các khoá con."))
            return None
        return Reader(node, self.file, self.problems, self.line_of(key), self._lines)

    def children(self, key: str, *, required: bool = True) -> list[Reader]:
        """A list of mappings."""
        node = self._node(key, required)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(n, yaml.MappingNode) for n in node.value):
            self._wrong(key, N_("%(key)s phải là một danh sách, mỗi mục có các khoá con."))
            return []
        return [
            Reader(n, self.file, self.problems, n.start_mark.line + 1 + self._lines, self._lines) for n in node.value
        ]

    def words(self, key: str, *, required: bool = True) -> Words:
        """A text by language: `{vi: …, en: …}`."""
        inner = self.child(key, required=required)
        if inner is None:
            return Words("")
        found = Words(inner.text("vi"), inner.text("en", required=False) or None)
        inner.close()
        return found

    def word_lists(self, key: str) -> WordLists:
        """A list of texts by language."""
        inner = self.child(key)
        if inner is None:
            return WordLists()
        found = WordLists(inner.texts("vi"), inner.texts("en", required=False))
        inner.close()
        return found


def read_yaml(text: str, file: str, problems: list[Problem], *, lines: int = 0) -> list[Reader]:
    """The mappings of a YAML text: one, or those of a list. `lines` is how far down the file the text begins.

    Aliases are refused (they can grow without end), and so is a text of 300,000 characters or more.
    """
    if len(text) > _MAX_CHARACTERS:
        problems.append(Problem(1, N_("Tệp YAML quá lớn."), file=file))
        return []
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line = (event.start_mark.line if event.start_mark else 0) + 1 + lines
                problems.append(Problem(line, N_("YAML: không dùng dấu & và * để tham chiếu."), file=file))
                return []
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = (mark.line if mark else 0) + 1 + lines
        reason = getattr(fault, "problem", None) or type(fault).__name__
        problems.append(Problem(line, N_("YAML viết sai: %(reason)s"), {"reason": reason}, file))
        return []
    except RecursionError:
        problems.append(Problem(1 + lines, N_("YAML lồng nhau quá sâu."), file=file))
        return []
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    found = [item for item in nodes if isinstance(item, yaml.MappingNode)]
    if not found or len(found) < len(nodes):
        problems.append(Problem(1 + lines, N_("YAML: phải gồm các dòng dạng khoá: giá trị."), file=file))
        return []
    return [Reader(item, file, problems, item.start_mark.line + 1 + lines, lines) for item in found]
