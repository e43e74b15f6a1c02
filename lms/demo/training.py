"""Earlier training of the sample federation: the classes of six years and who came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lms.demo.people import (
    CHAIR,
    COMMITTEE,
    DEPUTY,
    LEADER,
    SPECIALIST,
    VICE,
    SamplePerson,
    SamplePost,
    Staff,
)
from lms.demo.units import CENTRAL, GRASSROOTS, PROVINCE, REFORM, UPPER, SampleUnit

ONLINE, IN_PERSON, BLENDED = "Trực tuyến", "Trực tiếp", "Kết hợp"


@dataclass(frozen=True)
class SampleClass:
    """A class that was held. `unit` delivered it, or (None) `level` is what the evidence says."""

    title: str
    areas: str
    mode: str
    unit: SampleUnit | None
    level: str | None
    on: date
    hours: int
    certified: bool


@dataclass(frozen=True)
class SampleTraining:
    """Somebody's training as the workbook tells it."""

    person: SamplePerson
    held: SampleClass
    certificate_no: str | None
    evidence: str | None


# What is offered: how often (years), title, areas, mode, hours, certified, whom for, share of them who come.
_PROVINCE = (
    (2, "Lý luận và nghiệp vụ công đoàn", "union_theory;union_practice", BLENDED, 40, True, "full_time", 0.75),
    (2, "Quan hệ lao động trong tình hình mới", "labour_relations", IN_PERSON, 24, True, "full_time", 0.7),
    (1, "Phát triển đoàn viên; đối thoại, thương lượng", "member_development;dialogue_bargaining", IN_PERSON, 24, True,
     "full_time_direct", 0.8),
    (1, "Cập nhật kiến thức hằng năm cho cán bộ chuyên trách", "digital_skills", ONLINE, 8, False, "full_time", 0.45),
    (1, "Kỹ năng, phương pháp hoạt động của chủ tịch CĐCS", "chair_skills", IN_PERSON, 16, True, "chair_middle", 0.2),
    (2, "Công tác nữ công và lồng ghép giới", "gender_equality", IN_PERSON, 16, False, "womens", 0.35),
    (1, "Pháp luật lao động cho chủ tịch CĐCS ngoài nhà nước", "labour_law", BLENDED, 16, False, "chair_private", 0.25),
    (1, "Nghiệp vụ công đoàn trực tuyến", "union_practice", ONLINE, 12, False, "committee", 0.1),
    (2, "Tổng quan tổ chức và hoạt động công đoàn", "union_overview", IN_PERSON, 16, True, "leaders", 0.7),
)  # fmt: skip
_UPPER = (
    (1, "Kỹ năng chủ tịch công đoàn cơ sở", "chair_skills", IN_PERSON, 16, False, "chair_small", 0.13),
    (1, "Nghiệp vụ công đoàn cho ban chấp hành CĐCS", "union_practice", IN_PERSON, 8, False, "committee_below", 0.22),
    (2, "Kỹ năng tổ trưởng công đoàn", "group_leader_skills;mobilisation", IN_PERSON, 8, False, "leaders_below", 0.4),
)


def classes_and_learners(
    made: Staff, units: list[SampleUnit], dice: Random, today: date
) -> Iterator[tuple[SampleClass, list[SamplePerson]]]:
    """The classes of this year and the five before it, each with those who came."""
    by_code = {unit.code: unit for unit in units}
    province = by_code["AS"]
    for year in range(today.year - 5, today.year + 1):
        for every, title, areas, mode, hours, certified, audience, share in _PROVINCE:
            if (year - today.year) % every == 0:
                held = SampleClass(title, areas, mode, province, None, _day(dice, year, today), hours, certified)
                yield held, _who_came(dice, _audience(made, audience, province), share)
        if year % 2 == today.year % 2:
            title = "Kỹ năng chủ tịch CĐCS có đông đoàn viên"
            held = SampleClass(title, "chair_skills", IN_PERSON, None, CENTRAL, _day(dice, year, today), 24, True)
            yield held, _who_came(dice, _audience(made, "chair_big", province), 0.35)
        for upper in units:
            if upper.level == UPPER:
                yield from _of_upper_unit(made, upper, dice, year, today)


def _of_upper_unit(
    made: Staff, upper: SampleUnit, dice: Random, year: int, today: date
) -> Iterator[tuple[SampleClass, list[SamplePerson]]]:
    for every, title, areas, mode, hours, certified, audience, share in _UPPER:
        on = _day(dice, year, today)
        began = REFORM if upper.founded == REFORM else date(1990, 1, 1)
        if (year - today.year) % every == 0 and began <= on < (upper.ended or date.max):
            held = SampleClass(title, areas, mode, upper, None, on, hours, certified)
            yield held, _who_came(dice, _audience(made, audience, upper), share)


def _day(dice: Random, year: int, today: date) -> date:
    last = min(date(year, 11, 28), today - timedelta(days=10))
    first = min(date(year, 3, 1), last)
    return first + timedelta(days=dice.randint(0, (last - first).days))


def _audience(made: Staff, audience: str, upper: SampleUnit) -> list[SamplePerson]:
    """Who a class of `upper` is meant for, as the posts of today say."""
    found = {
        post.person.code: post.person for post in made.posts if post.ends is None and _meant(post, audience, upper)
    }
    return list(found.values())


def _meant(post: SamplePost, audience: str, upper: SampleUnit) -> bool:
    unit, members = post.unit, post.unit.members
    chair = post.title == CHAIR and unit.level == GRASSROOTS and members is not None
    below = upper.code in (unit.parent, unit.before)
    match audience:
        case "full_time":
            return post.full_time
        case "full_time_direct":
            return post.full_time and unit.level == UPPER
        case "leaders":
            return post.title in (CHAIR, VICE) and unit.level in (PROVINCE, UPPER)
        case "womens":
            return post.womens
        case "chair_big":
            return chair and (members or 0) >= 2500
        case "chair_middle":
            return chair and (members or 0) >= 600
        case "chair_small":
            return chair and (members or 0) < 1000 and below
        case "chair_private":
            return chair and unit.sector != "Nhà nước"
        case "committee":
            return post.title in (COMMITTEE, CHAIR, VICE, SPECIALIST)
        case "committee_below":
            return post.title in (COMMITTEE, VICE) and below
        case _:
            return post.title in (LEADER, DEPUTY) and unit.under == upper.code


def _who_came(dice: Random, audience: list[SamplePerson], share: float) -> list[SamplePerson]:
    """Each of the audience with that chance, the diligent ones rather than the others."""
    return [person for person in audience if dice.random() < share * (0.2 + 1.4 * person.diligence)]


def earlier_training(made: Staff, units: list[SampleUnit], dice: Random, today: date) -> list[SampleTraining]:
    """Every row of earlier training, in the order of its classes; some with certificate number or other evidence."""
    rows: list[SampleTraining] = []
    numbers: dict[tuple[str, int], int] = {}
    for held, came in classes_and_learners(made, units, dice, today):
        symbol = held.unit.code if held.unit else "TLĐ"
        decision = f"Quyết định số {dice.randint(12, 480)}/QĐ-LĐLĐ ngày {held.on:%d/%m/%Y}"
        for person in came:
            certificate = None
            if held.certified and dice.random() < 0.9:
                numbers[symbol, held.on.year] = number = numbers.get((symbol, held.on.year), 0) + 1
                certificate = f"{number:03d}/{held.on.year}/GCN-{symbol}"
            evidence = decision if certificate or dice.random() < 0.6 else None
            rows.append(SampleTraining(person, held, certificate, evidence))
    return rows
