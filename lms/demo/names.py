"""Invented names, the way people of the province are called: Kinh, Thái, Mông, Tày and Dao."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

SHARES: Final = {"Kinh": 62, "Thái": 15, "Mông": 9, "Tày": 9, "Dao": 5}
"""People of a hundred, per group."""


@dataclass(frozen=True)
class Called:
    """A name with what it tells: gender (Nam, Nữ) and ethnic group."""

    full_name: str
    gender: str
    ethnicity: str


@cache
def _words() -> dict[tuple[str, str], list[str]]:
    lines = (Path(__file__).parent / "names.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if not line.startswith("#")]
    return {(group, part): words.split() for group, part, words in cells}


def invent(dice: Random, *, women: float = 0.5) -> Called:
    """One name; `women` is the share of women to aim at."""
    gender = "Nữ" if dice.random() < women else "Nam"
    group = dice.choices(list(SHARES), list(SHARES.values()))[0]
    surname = dice.choice(_words()[group, "surname"])
    middle = dice.choice(_words()[group, f"middle {gender}"]).replace("_", " ")
    given = dice.choice(_words()[group, f"given {gender}"])
    if given in middle.split():
        middle = "Thị" if gender == "Nữ" else "Văn"
    return Called(f"{surname} {middle} {given}", gender, group)
