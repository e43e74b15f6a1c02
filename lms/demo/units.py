"""The units of the sample federation, with their history: districts ended on 1/7/2025, their unions were handed on."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random

CENTRAL, PROVINCE, UPPER = "Tổng Liên đoàn", "Cấp tỉnh", "Cấp trên trực tiếp cơ sở"
GRASSROOTS, SECTION, GROUP = "Công đoàn cơ sở", "Công đoàn bộ phận", "Tổ công đoàn"
REFORM = date(2025, 7, 1)
"""The day the districts ended."""
WITHOUT_ROSTER = "AS-P08"
"""A commune union that has sent nothing yet, so that "no data" can be seen."""

_COMMUNES = (
    "phường Tân An",
    "phường Sơn Lâm",
    "phường Hòa Khê",
    "xã Mường Vạn",
    "xã Phù Lĩnh",
    "xã Bản Khoang",
    "xã Thượng Khê",
    "xã Nậm Lôm",
)
_DISTRICTS = ("thành phố An Sơn", "huyện Mường Vạn", "huyện Phù Lĩnh")


@dataclass(frozen=True)
class SampleUnit:
    """A unit as the workbook tells it. `before`: its upper unit until the reform; `terms`: (name, start, end);
    `under`: for a part of a grassroots union, the unit above that."""

    code: str
    name: str
    level: str
    parent: str | None
    before: str | None = None
    sector: str | None = None
    kind: str | None = None
    members: int | None = None
    workers: int | None = None
    founded: date | None = None
    ended: date | None = None
    terms: tuple[tuple[str, date, date | None], ...] = field(default=())
    under: str | None = None


def federation(dice: Random) -> list[SampleUnit]:
    """Every unit, upper ones first."""
    units = [*_upper_units(), *_grassroots(dice)]
    units += [part for unit in units if unit.level == GRASSROOTS for part in _parts(unit, dice)]
    return [replace(unit, terms=_terms(unit, dice)) for unit in units]


def _upper_units() -> list[SampleUnit]:
    found = date(1961, 5, 1)
    units = [
        SampleUnit("TLD", "Tổng Liên đoàn Lao động Việt Nam", CENTRAL, None, founded=date(1929, 7, 28)),
        SampleUnit("AS", "LĐLĐ tỉnh An Sơn", PROVINCE, "TLD", founded=found),
        SampleUnit("AS-KCN", "Công đoàn các khu công nghiệp tỉnh An Sơn", UPPER, "AS", founded=date(2012, 10, 1)),
    ]
    for number, name in enumerate(_DISTRICTS, start=1):
        units.append(SampleUnit(f"AS-H{number:02d}", f"LĐLĐ {name}", UPPER, "AS", founded=found, ended=REFORM))
    for number, name in enumerate(_COMMUNES, start=1):
        units.append(SampleUnit(f"AS-P{number:02d}", f"Công đoàn {name}", UPPER, "AS", founded=REFORM))
    return units


def _grassroots(dice: Random) -> list[SampleUnit]:
    lines = (Path(__file__).parent / "grassroots.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t")
    units = []
    for number, (upper, before, sector, kind, members, workers, year, name) in enumerate(rows, start=1):
        founded = date(int(year), dice.randint(1, 12), dice.randint(1, 28))
        full_name = name if name.startswith("Nghiệp đoàn") else f"CĐCS {name}"
        units.append(
            SampleUnit(
                f"AS-C{number:03d}",
                full_name,
                GRASSROOTS,
                upper,
                before if before not in ("-", upper) else None,
                sector,
                kind,
                int(members) if members else None,
                int(workers) if workers else None,
                founded,
            )
        )
    office = SampleUnit("AS-C900", "CĐCS Sở Nội vụ tỉnh An Sơn", GRASSROOTS, "AS", sector="Nhà nước", kind="Cơ quan")
    ended = replace(office, members=64, workers=64, founded=date(1997, 1, 1), ended=date(2025, 6, 15))
    return [*units, ended]


def _parts(unit: SampleUnit, dice: Random) -> list[SampleUnit]:
    """Sections of the biggest unions, groups of some others."""
    if unit.members is None or unit.ended or unit.parent == WITHOUT_ROSTER:
        return []
    founded = date((unit.founded or REFORM).year + 1, 1, 1)
    if unit.members >= 2500:
        names = dice.sample(("Xưởng 1", "Xưởng 2", "Xưởng 3", "Khối văn phòng", "Kho vận", "Chất lượng"), 4)
        return [
            SampleUnit(
                f"{unit.code}-B{n}",
                f"CĐBP {name} – {_short(unit)}",
                SECTION,
                unit.code,
                founded=founded,
                under=unit.parent,
            )
            for n, name in enumerate(names, start=1)
        ]
    if unit.members >= 600 or dice.random() < 0.25:
        return [
            SampleUnit(
                f"{unit.code}-T{n}",
                f"Tổ công đoàn số {n} – {_short(unit)}",
                GROUP,
                unit.code,
                founded=founded,
                under=unit.parent,
            )
            for n in range(1, dice.randint(2, 4) + 1)
        ]
    return []


def _short(unit: SampleUnit) -> str:
    return unit.name.removeprefix("CĐCS ").removeprefix("Công ty ").removeprefix("TNHH ").removeprefix("CP ")


def _terms(unit: SampleUnit, dice: Random) -> tuple[tuple[str, date, date | None], ...]:
    if unit.level in (CENTRAL, SECTION, GROUP) or WITHOUT_ROSTER in (unit.parent, unit.code):
        return ()
    if unit.code == "AS":
        return (("2018-2023", date(2018, 4, 12), date(2023, 9, 20)), ("2023-2028", date(2023, 9, 20), None))
    if unit.level == UPPER and unit.ended:
        return (("2023-2028", date(2023, 5, 10), unit.ended),)
    if unit.level == UPPER:
        start = unit.founded if unit.founded == REFORM else date(2023, 6, 5)
        return (("2025-2030" if start == REFORM else "2023-2028", start or REFORM, None),)
    if unit.members is None or dice.random() < 0.04:
        return ()
    if dice.random() < 0.3 or (unit.founded or REFORM).year > 2022:
        return (("2025-2030", date(2025, dice.randint(8, 12), dice.randint(1, 28)), None),)
    return (("2023-2028", date(2023, dice.randint(1, 7), dice.randint(1, 28)), unit.ended),)
