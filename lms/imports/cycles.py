"""Cycles in a dated tree of units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from lms.imports.known import Versions, in_force


def cycles_of(trees: Mapping[str, Versions]) -> Iterator[tuple[date, list[str]]]:
    """Every cycle with a day on which it exists, each set of units once. A tree without cycles takes linear time."""
    suspects = _never_settled({code: {facts.parent for _, facts in versions} for code, versions in trees.items()})
    days = sorted({day for code in suspects for day, _ in trees[code]})
    told: set[frozenset[str]] = set()
    for day in days:
        parents = {}
        for code in suspects:
            facts = in_force(trees[code], day)
            parents[code] = facts.parent if facts else None
        for cycle in _cycles(parents):
            if frozenset(cycle) not in told:
                told.add(frozenset(cycle))
                yield day, cycle


def _never_settled(parents: Mapping[str, set[str | None]]) -> set[str]:
    """The units that reach a cycle when all dates are thrown together: what is left after settling the others."""
    waiting = {code: {parent for parent in above if parent in parents} for code, above in parents.items()}
    below: dict[str, list[str]] = {}
    for code, above in waiting.items():
        for parent in above:
            below.setdefault(str(parent), []).append(code)
    ready = [code for code, above in waiting.items() if not above]
    settled: set[str] = set()
    while ready:
        code = ready.pop()
        settled.add(code)
        for child in below.get(code, []):
            waiting[child].discard(code)
            if not waiting[child]:
                ready.append(child)
    return set(waiting) - settled


def _cycles(parents: Mapping[str, str | None]) -> Iterator[list[str]]:
    seen: set[str] = set()
    for start in sorted(parents):
        path: list[str] = []
        code: str | None = start
        while code is not None and code in parents and code not in seen:
            seen.add(code)
            path.append(code)
            code = parents[code]
        if code in path:
            yield path[path.index(code) :]
