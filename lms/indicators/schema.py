"""Programmes from YAML: reading, and what is wrong said with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from lms.audiences.reading import Fault, Reader
from lms.audiences.rules import KEY_LEADER_TITLES, PostRule, read_rule
from lms.i18n import N_
from lms.indicators.rules import Case, ClockKind, Deadline, Indicator, Programme, Trained
from lms.ledger.models import Area
from lms.units.models import Level, Title

FOLDER = Path(__file__).parent / "programmes"
_FORMULA = {"denominator": "denominator_text", "numerator": "numerator_text"}


class ProgrammeFaults(Exception):
    """A programme that cannot be used, with everything that is wrong in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


@cache
def programmes() -> dict[str, Programme]:
    """The programmes shipped with the installation, by code."""
    read = [read_programme(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    return {programme.code: programme for programme in read}


def read_programme(text: str) -> Programme:
    """The programme written in YAML; raises ProgrammeFaults with every fault found."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{mark.line + 1}" if mark else "."
        raise ProgrammeFaults([Fault(place, N_("không đọc được YAML"))]) from error
    faults: list[Fault] = []
    programme = _programme(data, faults)
    if faults:
        raise ProgrammeFaults(faults)
    return programme


def _programme(data: Any, faults: list[Fault]) -> Programme:
    reader = Reader(data, "", faults)
    key_leaders = reader.codes("key_leaders", Title) or KEY_LEADER_TITLES
    period = reader.inner("period")
    first_day = last_day = None
    if period is None:
        reader.fault("period", N_("thiếu mục bắt buộc này"))
    else:
        first_day, last_day = period.day("first_day"), period.day("last_day")
        period.finish()
        if first_day is None:
            period.fault("first_day", N_("thiếu mục bắt buộc này"))
        elif last_day is not None and last_day < first_day:
            period.fault("last_day", N_("ngày cuối đứng trước ngày đầu"))
    programme = Programme(
        code=reader.required("code"),
        name=reader.required("name"),
        short_name=reader.required("short_name"),
        source=reader.required("source"),
        first_day=first_day or date.min,
        last_day=last_day,
        version=reader.number("version") or 1,
        indicators=tuple(_indicator(item, key_leaders, last_day) for item in reader.each("indicators")),
        elearning=reader.text("elearning"),
        english=_english(reader, {key: key for key in ("name", "short_name", "source", "elearning")}),
    )
    reader.finish()
    codes = [indicator.code for indicator in programme.indicators]
    for code in {code for code in codes if codes.count(code) > 1}:
        reader.fault("indicators", N_("mã chỉ tiêu “%(code)s” có hai lần"), code=code)
    if not codes:
        reader.fault("indicators", N_("cần ít nhất một chỉ tiêu"))
    return programme


def _indicator(reader: Reader, key_leaders: tuple[Title, ...], last_day: date | None) -> Indicator:
    population = reader.inner("population")
    clock = reader.code("clock", ClockKind)
    target = reader.number("target")
    if not reader.has("population"):
        reader.fault("population", N_("thiếu mục bắt buộc này"))
    if not reader.has("clock"):
        reader.fault("clock", N_("thiếu mục bắt buộc này"))
    if target is not None and not 1 <= target <= 100:
        reader.fault("target", N_("mục tiêu là phần trăm từ 1 đến 100"))
    indicator = Indicator(
        code=reader.required("code"),
        name=reader.required("name"),
        clause=reader.required("clause"),
        denominator_text=reader.required("denominator"),
        numerator_text=reader.required("numerator"),
        population=read_rule(population, key_leaders) if population else PostRule(),
        trained=_trained(reader, key_leaders),
        clock=clock or ClockKind.ever,
        target=target,
        strive=bool(reader.flag("strive")),
        deadline=_deadline(reader, last_day, target),
        people=reader.text("people") or "",
        english=_english(reader, {"name": "name", "clause": "clause", "people": "people"} | _FORMULA),
    )
    reader.finish()
    return indicator


def _english(reader: Reader, keys: Mapping[str, str]) -> dict[str, str]:
    """The English texts, by the names of the fields they translate."""
    inner = reader.inner("english")
    if inner is None:
        return {}
    found = {name: inner.text(key) for key, name in keys.items()}
    inner.finish()
    return {name: text for name, text in found.items() if text}


def _trained(reader: Reader, key_leaders: tuple[Title, ...]) -> Trained:
    inner = reader.inner("trained")
    if inner is None:
        reader.fault("trained", N_("thiếu mục bắt buộc này"))
        return Trained(())
    areas, any_area = inner.codes("any_of_areas", Area), inner.flag("any_area")
    matrix, audiences = inner.each("every_area_required"), inner.each("areas_by_audience")
    given = [bool(areas), bool(any_area), bool(matrix), bool(audiences)]
    if given.count(True) != 1:
        inner.fault(
            "",
            N_("cần đúng một trong các mục: %(keys)s"),
            keys="any_of_areas, any_area, every_area_required, areas_by_audience",
        )
    cases = tuple(_case(item, key_leaders, every=bool(matrix)) for item in matrix or audiences)
    trained = Trained(
        cases=cases or (Case(PostRule(), areas),),
        delivered_level=inner.code("delivered_level", Level),
        level_mapping=bool(inner.flag("level_mapping")),
        certificate=bool(inner.flag("certificate")),
        all_posts=bool(inner.flag("all_posts")),
    )
    if trained.level_mapping and trained.delivered_level is not Level.direct_upper:
        inner.fault("level_mapping", N_("chỉ dùng với delivered_level: direct_upper"))
    inner.finish()
    return trained


def _case(reader: Reader, key_leaders: tuple[Title, ...], *, every: bool) -> Case:
    when, areas = reader.inner("when"), reader.codes("areas", Area)
    if not areas:
        reader.fault("areas", N_("thiếu mục bắt buộc này"))
    reader.finish()
    return Case(read_rule(when, key_leaders) if when else PostRule(), areas, every)


def _deadline(reader: Reader, last_day: date | None, target: int | None) -> Deadline | None:
    inner = reader.inner("deadline")
    if inner is None:
        return Deadline(on=last_day) if last_day is not None and target is not None else None
    deadline = Deadline(term_years=inner.number("term_years"), on=inner.day("day"))
    if (deadline.term_years is None) == (deadline.on is None):
        reader.fault("deadline", N_("cần đúng một trong các mục: %(keys)s"), keys="term_years, day")
    inner.finish()
    return deadline
