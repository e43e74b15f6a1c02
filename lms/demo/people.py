"""The cadres of the sample federation: who holds which post in which unit, from when to when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from lms.demo.names import Called, invent
from lms.demo.units import GRASSROOTS, GROUP, REFORM, SECTION, UPPER, WITHOUT_ROSTER, SampleUnit
from lms.text import slugify, split_name

CHAIR, VICE, STANDING, COMMITTEE = "Chủ tịch", "Phó Chủ tịch", "Ủy viên Ban Thường vụ", "Ủy viên Ban Chấp hành"
WOMEN_HEAD, WOMEN = "Trưởng ban Nữ công", "Ủy viên Ban Nữ công"
AUDIT_HEAD, AUDIT = "Chủ nhiệm Ủy ban Kiểm tra", "Ủy viên Ủy ban Kiểm tra"
BOARD_HEAD, BOARD_DEPUTY, SPECIALIST, ACCOUNTANT = "Trưởng ban", "Phó Trưởng ban", "Chuyên viên", "Kế toán"
LEADER, DEPUTY = "Tổ trưởng", "Tổ phó"
ELECTED, DESIGNATED, APPOINTED = "Bầu", "Chỉ định", "Bổ nhiệm"
MAIL = "cdanson.example"


@dataclass(frozen=True)
class SamplePerson:
    """A cadre. `diligence` (0..1) says how readily they go to courses; it is not part of the roster."""

    code: str
    called: Called
    born: date | int
    email: str | None
    phone: str | None
    diligence: float


@dataclass(frozen=True)
class SamplePost:
    """A post as the workbook tells it."""

    person: SamplePerson
    unit: SampleUnit
    title: str
    starts: date
    ends: date | None = None
    full_time: bool = False
    womens: bool = False
    selection: str | None = ELECTED
    first: bool = False


@dataclass
class Staff:
    """Fills the units with people."""

    dice: Random
    today: date
    people: list[SamplePerson] = field(default_factory=list)
    posts: list[SamplePost] = field(default_factory=list)

    def person(self, *, reachable: float, women: float = 0.5) -> SamplePerson:
        """A new cadre; `reachable` is the chance of having an e-mail address."""
        dice, number = self.dice, len(self.people) + 1
        called = invent(dice, women=women)
        born = date(dice.randint(1968, 2001), dice.randint(1, 12), dice.randint(1, 28))
        head, given = split_name(called.full_name)
        initials = "".join(word[0] for word in slugify(head).split("-"))
        email = f"{slugify(given)}.{initials}{number}@{MAIL}" if dice.random() < reachable else None
        phone = f"09990{number:05d}" if dice.random() < 0.88 else None
        made = SamplePerson(
            f"AS-{number:05d}", called, born.year if dice.random() < 0.04 else born, email, phone, dice.random()
        )
        self.people.append(made)
        return made

    def post(self, person: SamplePerson, unit: SampleUnit, title: str, starts: date, **more: object) -> SamplePost:
        """Give somebody a post."""
        made = SamplePost(person, unit, title, starts, **more)  # type: ignore[arg-type]
        self.posts.append(made)
        return made


def staff(units: list[SampleUnit], dice: Random, today: date) -> Staff:
    """People and posts of every unit but those without a roster, as of `today`."""
    by_code = {unit.code: unit for unit in units}
    made = Staff(dice, today)
    _province(made, by_code["AS"])
    former = _districts(made, [unit for unit in units if unit.level == UPPER and unit.ended])
    for unit in units:
        if WITHOUT_ROSTER in (unit.code, unit.parent) or unit.ended:
            continue
        if unit.level == UPPER:
            _upper(made, unit, former)
        elif unit.level == GRASSROOTS:
            _grassroots(made, unit)
        elif unit.level == SECTION:
            _section(made, unit)
        elif unit.level == GROUP:
            _group(made, unit)
    _committees_above(made, by_code)
    return made


def _province(made: Staff, unit: SampleUnit) -> None:
    start = unit.terms[-1][1]
    late = date(2025, 3, 18)
    made.post(made.person(reachable=1), unit, CHAIR, start, full_time=True)
    made.post(made.person(reachable=1), unit, VICE, start, full_time=True)
    made.post(made.person(reachable=1, women=1), unit, VICE, start, full_time=True, first=True)
    made.post(made.person(reachable=1, women=0), unit, VICE, late, full_time=True, first=True)
    gone = made.person(reachable=1, women=0)
    made.post(gone, unit, VICE, start, ends=late, full_time=True)
    women = made.person(reachable=1, women=1)
    made.post(women, unit, WOMEN_HEAD, start, full_time=True, womens=True, selection=APPOINTED)
    made.post(women, unit, STANDING, start, full_time=True)
    made.post(made.person(reachable=1), unit, AUDIT_HEAD, start, full_time=True)
    for title, count in ((BOARD_HEAD, 2), (BOARD_DEPUTY, 2), (SPECIALIST, 8), (ACCOUNTANT, 1)):
        for _ in range(count):
            begun = date(made.dice.randint(2016, 2024), made.dice.randint(1, 12), 1)
            made.post(made.person(reachable=1), unit, title, begun, full_time=True, selection=APPOINTED)


def _districts(made: Staff, districts: list[SampleUnit]) -> list[SamplePerson]:
    """Staff of the districts until their end; they are who can be called to the new unions."""
    former = []
    for unit in districts:
        start = unit.terms[0][1]
        for title in (CHAIR, VICE, SPECIALIST, SPECIALIST, ACCOUNTANT):
            person = made.person(reachable=1)
            selection = ELECTED if title in (CHAIR, VICE) else APPOINTED
            made.post(person, unit, title, start, ends=unit.ended, full_time=True, selection=selection)
            former.append(person)
    made.dice.shuffle(former)
    return former


def _upper(made: Staff, unit: SampleUnit, former: list[SamplePerson]) -> None:
    start = unit.terms[0][1]
    commune = unit.founded == REFORM
    congress = start + timedelta(days=made.dice.randint(70, 130)) if commune and made.dice.random() < 0.6 else None
    for title in (CHAIR, VICE):
        person = former.pop() if commune and former else made.person(reachable=1)
        if not commune:
            made.post(person, unit, title, start, full_time=True, first=title == VICE)
            continue
        made.post(person, unit, title, start, ends=congress, full_time=True, selection=DESIGNATED, first=True)
        if congress:
            made.post(person, unit, title, congress, full_time=True, first=True)
    for _ in range(3 if not commune else made.dice.choice((0, 1, 1))):
        made.post(made.person(reachable=1), unit, SPECIALIST, start, full_time=True, selection=APPOINTED)
    made.post(made.person(reachable=0.9), unit, ACCOUNTANT, start, full_time=not commune, selection=APPOINTED)
    women = made.person(reachable=0.8, women=1)
    made.post(women, unit, WOMEN_HEAD, start, womens=True, selection=DESIGNATED if commune else ELECTED)


def _grassroots(made: Staff, unit: SampleUnit) -> None:
    dice, size = made.dice, unit.members or 120
    start = unit.terms[0][1] if unit.terms else max(date(2024, 4, 1), unit.founded or REFORM)
    full_time = size >= 2500 and dice.random() < 0.7
    new = start.year >= 2025 and dice.random() < 0.6
    if dice.random() < 0.16:  # the chair changed in the middle of the term
        change = min(max(start, REFORM) + timedelta(days=dice.randint(60, 400)), made.today - timedelta(days=21))
        made.post(made.person(reachable=0.7), unit, CHAIR, start, ends=change, full_time=full_time)
        how = DESIGNATED if dice.random() < 0.3 else ELECTED
        chair = made.person(reachable=0.75)
        made.post(chair, unit, CHAIR, change, full_time=full_time, first=True, selection=how)
    else:
        made.post(made.person(reachable=0.75), unit, CHAIR, start, full_time=full_time, first=new)
    for _ in range(1 + (size >= 600) + (size >= 2500)):
        made.post(made.person(reachable=0.5), unit, VICE, start, first=dice.random() < 0.35)
    committee = [made.person(reachable=0.35) for _ in range(5 + min(size // 120, 10))]
    for person in committee:
        selection = ELECTED if dice.random() < 0.95 else None
        made.post(person, unit, COMMITTEE, start, first=dice.random() < 0.45, selection=selection)
    made.post(committee[0], unit, AUDIT_HEAD, start)
    for _ in range(2 + (size >= 150) + 2 * (size >= 1000)):
        made.post(made.person(reachable=0.3), unit, AUDIT, start, first=dice.random() < 0.4)
    women = next((person for person in committee if person.called.gender == "Nữ"), committee[-1])
    made.post(women, unit, WOMEN_HEAD, start, womens=True, selection=DESIGNATED)
    for _ in range(2 + (size >= 300) + 3 * (size >= 1000)):
        helper = made.person(reachable=0.3, women=0.97)
        made.post(helper, unit, WOMEN, start, womens=True, selection=DESIGNATED, first=dice.random() < 0.4)
    if size >= 600:
        made.post(made.person(reachable=0.6, women=0.85), unit, ACCOUNTANT, start, selection=APPOINTED)


def _section(made: Staff, unit: SampleUnit) -> None:
    start = date(2023, 6, 1)
    made.post(made.person(reachable=0.4), unit, CHAIR, start, first=made.dice.random() < 0.4)
    made.post(made.person(reachable=0.3), unit, VICE, start, first=made.dice.random() < 0.5)
    for _ in range(3):
        made.post(made.person(reachable=0.2), unit, COMMITTEE, start, first=made.dice.random() < 0.5)


def _group(made: Staff, unit: SampleUnit) -> None:
    start = date(2024, made.dice.randint(1, 6), 1)
    for title in (LEADER, DEPUTY):
        made.post(made.person(reachable=0.15, women=0.6), unit, title, start, first=made.dice.random() < 0.5)


def _committees_above(made: Staff, by_code: dict[str, SampleUnit]) -> None:
    """Chairs sit in the committee of the unit above them; some of those in the province's too."""
    chairs = [post for post in made.posts if post.title == CHAIR and post.ends is None]
    for post in chairs:
        upper = by_code.get(post.unit.parent or "")
        if upper is None or upper.level == GRASSROOTS or not upper.terms or made.dice.random() < 0.35:
            continue
        start = max(upper.terms[-1][1], post.starts)
        selection = DESIGNATED if upper.founded == REFORM else ELECTED
        made.post(post.person, upper, COMMITTEE, start, selection=selection, first=made.dice.random() < 0.3)
