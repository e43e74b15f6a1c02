"""Codes that look like a mistyped one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from lms.imports.vocabulary import word_key


def _shape(code: str) -> str:
    return word_key(code).replace(" ", "")


def _shortened(shape: str) -> set[str]:
    return {shape[:i] + shape[i + 1 :] for i in range(len(shape))}


class NearCodes:
    """Finds codes that differ in one letter, in two swapped neighbours, or only in case, accents and marks."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._index: dict[str, list[str]] | None = None
        self._codes = codes

    def find(self, code: str, limit: int = 3) -> list[str]:
        """The codes nearest to `code`, in their order; the index is made at the first question."""
        if self._index is None:
            self._index = defaultdict(list)
            for known in dict.fromkeys(self._codes):
                shape = _shape(known)
                for key in {shape, *_shortened(shape)}:
                    self._index[key].append(known)
        shape = _shape(code)
        if len(shape) < 2:
            return []
        exact = sorted(self._index.get(shape, []))
        near = {known for key in {shape, *_shortened(shape)} for known in self._index.get(key, [])}
        return [*exact, *sorted(near - set(exact))][:limit]
