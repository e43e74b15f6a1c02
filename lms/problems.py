"""Faults in what an author wrote: the file, the line and words that say how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One fault. `message` is a msgid (Vietnamese); its `%(name)s` places are filled from `params`."""

    line: int
    message: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    file: str = ""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The message in words, `translate` being a gettext for the reader's language."""
        words = translate(self.message)
        return words % self.params if self.params else words

    def moved(self, file: str, lines: int = 0) -> Problem:
        """The same fault told of a file, `lines` further down (a block that is a part of the file)."""
        return Problem(self.line + lines, self.message, self.params, file)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text()}"
