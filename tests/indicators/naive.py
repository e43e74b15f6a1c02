"""A slow evaluator of PROGRAMMES.md over plain rows, for comparison: loops and ifs, no SQL, no YAML, none of the
product's rules. It answers one unit, one day, one indicator at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

VN = timezone(timedelta(hours=7))
ABOVE = ("central", "provincial", "direct_upper")
WOMEN_TITLES = ("womens_affairs_head", "womens_affairs_member")
THEORY = {"union_theory", "university_component"}
ANYTHING: set[str] = set()


@dataclass
class Version:
    since: date
    level: str
    parent: int | None
    sector: str | None = None
    kind: str | None = None


@dataclass
class UnitRow:
    founded: date | None
    ended: date | None
    versions: list[Version]
    counts: list[tuple[date, int | None, int | None]] = field(default_factory=list)
    terms: list[tuple[date, date | None]] = field(default_factory=list)


@dataclass
class PostRow:
    person: int
    unit: int
    title: str
    full_time: bool | None
    womens_affairs: bool | None
    selection: str | None
    first_time: bool | None
    start: date
    end: date | None


@dataclass
class CertificateRow:
    issued: date
    expires: date | None
    revoked: date | None
    created_at: datetime
    revoked_at: datetime | None


@dataclass
class Record:
    person: int
    areas: list[str]
    mode: str | None
    deliverer: int | None
    level: str | None
    achieved: date
    recorded_at: datetime
    voided_at: datetime | None = None
    certificate_no: str | None = None
    certificate: CertificateRow | None = None


@dataclass
class World:
    units: list[UnitRow]
    people: int
    posts: list[PostRow]
    records: list[Record]


@dataclass
class Answer:
    trained: dict[int, list[int]]
    """Person -> indexes of the earliest records that count."""
    untrained: set[int]
    designated: set[int]
    unknown: set[int]
    state: str
    overdue: bool
    percent: Decimal | None


def alive(world: World, unit: int, on: date) -> bool:
    row = world.units[unit]
    return (row.founded is None or row.founded <= on) and (row.ended is None or on < row.ended)


def version(world: World, unit: int, on: date) -> Version:
    found = world.units[unit].versions[0]
    for candidate in world.units[unit].versions:
        if candidate.since <= on:
            found = candidate
    return found


def parent(world: World, unit: int, on: date) -> int | None:
    above = version(world, unit, on).parent
    if above is None or not alive(world, unit, on) or not alive(world, above, on):
        return None
    return above


def line(world: World, unit: int, on: date) -> list[int]:
    """The units above, the nearest first."""
    found = []
    above = parent(world, unit, on)
    while above is not None:
        found.append(above)
        above = parent(world, above, on)
    return found


def below(world: World, unit: int, on: date) -> list[int]:
    return [u for u in range(len(world.units)) if alive(world, u, on) and (u == unit or unit in line(world, u, on))]


def latest(world: World, unit: int, on: date, which: int) -> int | None:
    known = [count for count in world.units[unit].counts if count[0] <= on and count[which] is not None]
    return max(known)[which] if known else None


def term(world: World, unit: int, on: date) -> date | None:
    found = [start for start, end in world.units[unit].terms if start <= on and (end is None or on < end)]
    return max(found) if found else None


def level_on(world: World, unit: int, day: date) -> str:
    row = world.units[unit]
    if row.founded is not None and day < row.founded:
        day = row.founded
    if row.ended is not None and day >= row.ended:
        day = row.ended - timedelta(days=1)
    return version(world, unit, day).level


def delivered_level(world: World, record: Record) -> str | None:
    if record.level is not None:
        return record.level
    return None if record.deliverer is None else level_on(world, record.deliverer, record.achieved)


def counts(record: Record, known_by: date | None) -> bool:
    if known_by is None:
        return record.voided_at is None
    if record.recorded_at.astimezone(VN).date() > known_by:
        return False
    return record.voided_at is None or record.voided_at.astimezone(VN).date() > known_by


def certified(record: Record, on: date, known_by: date | None) -> bool:
    held = record.certificate
    if held is not None and (known_by is None or held.created_at.astimezone(VN).date() <= known_by):
        revoked = held.revoked is not None and held.revoked <= on
        if revoked and known_by is not None and held.revoked_at.astimezone(VN).date() > known_by:
            revoked = False
        return held.issued <= on and (held.expires is None or held.expires > on) and not revoked
    return bool(record.certificate_no)


def both(*parts: bool | None) -> bool | None:
    """And, where None is unknown."""
    if False in parts:
        return False
    return None if None in parts else True


def either(*parts: bool | None) -> bool | None:
    if True in parts:
        return True
    return None if None in parts else False


def negate(part: bool | None) -> bool | None:
    return None if part is None else not part


def women(post: PostRow) -> bool | None:
    return True if post.title in WOMEN_TITLES else post.womens_affairs


def elected(post: PostRow) -> bool | None:
    return None if post.selection is None else post.selection == "elected"


def population(code: str, world: World, post: PostRow, on: date) -> bool | None:
    """Whether the post is in the population; None = an unknown fact decides."""
    here = version(world, post.unit, on)
    full = post.full_time
    key = post.title in ("chair", "vice_chair")
    chair = here.level == "grassroots" and post.title == "chair"
    members, workers = latest(world, post.unit, on, 1), latest(world, post.unit, on, 2)
    if code in ("D0-1a", "D3-2b", "D4-1a", "D4-1b"):
        return full
    if code in ("D0-1b", "D3-3", "D4-3"):
        return negate(full) if code != "D3-3" else both(negate(full), women(post) is not None or None)
    if code == "D0-2a":
        return key
    if code == "D0-2b":
        return women(post)
    if code == "D1-6":
        return True
    if code == "D2-1":
        start = term(world, post.unit, on)
        return both(
            here.level in ("provincial", "direct_upper"),
            key,
            elected(post),
            post.first_time,
            start is None or post.start >= start,
        )
    if code in ("D2-2", "D2-3"):
        return both(here.level in ABOVE, full)
    if code == "D2-4a":
        return both(chair, None if members is None else members >= 2500)
    if code == "D2-4b":
        return both(chair, None if members is None else 1000 <= members < 2500)
    if code == "D2-4c":
        return both(chair, None if members is None else members < 1000)
    if code == "D3-1":
        return key and here.level in ("direct_upper", "grassroots")
    if code == "D3-5":
        return both(
            chair,
            None if here.sector is None else here.sector in ("non_state", "fdi"),
            None if here.kind is None else here.kind == "enterprise",
            None if workers is None else workers >= 500,
        )
    if code == "D4-4":
        return either(negate(full), women(post))
    if code == "D5-1":
        return both(chair, elected(post), post.first_time, post.start.year == on.year)
    raise KeyError(code)


CLOCKS = {
    "D0": (date(2013, 12, 31), date(2018, 12, 31)),
    "D1": (date(2018, 1, 1), date(2023, 12, 31)),
    "D4": (date(2026, 1, 21), date(2030, 12, 31)),
}
YEARLY = ("D2-3", "D3-1", "D4-1b", "D5-1")
TERMLY = ("D2-1", "D2-2")
PROGRAMME = ("D0-1a", "D0-1b", "D0-2a", "D0-2b", "D1-6", "D4-3", "D4-4")
TARGETS = {
    "D0-1a": 100, "D0-1b": 80, "D0-2a": 60, "D0-2b": 100, "D1-6": 100, "D2-1": 100, "D2-2": 100, "D2-3": None,
    "D2-4a": None, "D2-4b": None, "D2-4c": None, "D3-1": 100, "D3-2b": 100, "D3-3": 100, "D3-5": 100, "D4-1a": 100,
    "D4-1b": 100, "D4-3": 100, "D4-4": 100, "D5-1": 100,
}  # fmt: skip
COLUMNS = {
    "full_time": "D0-1a D0-1b D2-2 D2-3 D3-2b D3-3 D4-1a D4-1b D4-3 D4-4",
    "womens_affairs": "D0-2b D3-3 D4-4",
    "selection": "D2-1 D5-1",
    "first_time": "D2-1 D5-1",
}
ENDS = {"D0": date(2018, 12, 31), "D1": date(2023, 12, 31), "D4": date(2030, 12, 31), "D5": date(2026, 12, 31)}
AREAS = {
    "D0-1a": THEORY, "D0-1b": THEORY, "D0-2a": {"gender_equality"}, "D0-2b": {"gender_equality"},
    "D1-6": {"union_theory", "union_practice", "university_component"}, "D2-1": {"union_overview"},
    "D2-3": ANYTHING, "D2-4a": {"chair_skills"}, "D2-4b": {"chair_skills"}, "D2-4c": {"chair_skills"},
    "D3-1": {"cadre_briefing"}, "D3-2b": THEORY, "D3-5": {"labour_law"}, "D4-1a": {"university_component"},
    "D4-1b": ANYTHING, "D4-3": {"union_practice"}, "D4-4": {"gender_equality"}, "D5-1": ANYTHING,
}  # fmt: skip


def needed(code: str, world: World, post: PostRow, on: date) -> list[set[str]]:
    """Sets of areas: of each at least one must have been learnt; an empty set: anything."""
    here = version(world, post.unit, on)
    if code == "D2-2":
        if here.level in ("central", "provincial"):
            return [{"union_theory"}, {"labour_relations"}]
        return [{"labour_relations"}, {"member_development"}, {"dialogue_bargaining"}]
    if code == "D3-3":
        if women(post):
            return [{"gender_equality", "union_practice"}]
        if post.title in ("group_leader", "group_deputy"):
            return [{"group_leader_skills", "mobilisation"}]
        if here.level == "grassroots" and post.title == "chair":
            return [{"chair_skills"}]
        return [{"union_practice"}]
    return [AREAS[code]]


def responsible(code: str, world: World, post: PostRow, on: date) -> str | None:
    if code == "D2-4a":
        return "central"
    if code == "D2-4b":
        return "provincial"
    if code != "D2-4c":
        return None
    levels = [version(world, unit, on).level for unit in line(world, post.unit, on)]
    if "direct_upper" in levels:
        return "direct_upper"
    return next((level for level in levels if level in ABOVE), "direct_upper")


def evidence(code: str, world: World, post: PostRow, on: date, known_by: date | None) -> list[int] | None:
    """The earliest record for each need, None when a need is not met."""
    first, last = date.min, on
    if code in YEARLY:
        first = date(on.year, 1, 1)
    if code in PROGRAMME:
        first, end = CLOCKS[code[:2]]
        last = min(end, on)
    if code in TERMLY:
        start = term(world, post.unit, on)
        if start is None:
            return None
        first = start
    level = responsible(code, world, post, on)
    found = []
    for areas in needed(code, world, post, on):
        good = [
            (record.achieved, number)
            for number, record in enumerate(world.records)
            if record.person == post.person
            and counts(record, known_by)
            and first <= record.achieved <= last
            and (not areas or areas & set(record.areas))
            and (level is None or delivered_level(world, record) == level)
            and (code != "D3-2b" or certified(record, on, known_by))
        ]
        if not good:
            return None
        found.append(min(good)[1])
    return found


def overdue(code: str, world: World, posts: list[PostRow], on: date) -> bool:
    if code == "D2-1":
        for post in posts:
            start = term(world, post.unit, on)
            if start is not None:
                try:
                    due = start.replace(year=start.year + 2)
                except ValueError:
                    due = date(start.year + 2, 2, 28)
                if on > due:
                    return True
        return False
    return code[:2] in ENDS and on > ENDS[code[:2]]


def fact_known(code: str, world: World, on: date) -> bool:
    """ROSTER.md: an absent column means unknown. Whether the facts about units that the indicator needs are there."""
    every = [count for unit in world.units for count in unit.counts if count[0] <= on]
    if code.startswith("D2-4"):
        return any(count[1] is not None for count in every)
    if code == "D3-5":
        stated = [v for unit in world.units for v in unit.versions]
        return (
            any(count[2] is not None for count in every)
            and any(v.sector is not None for v in stated)
            and any(v.kind is not None for v in stated)
        )
    return True


def columns_known(code: str, posts: list[PostRow]) -> bool:
    """ROSTER.md: an indicator that needs an absent column has no data."""
    needed = [name for name, readers in COLUMNS.items() if code in readers.split()]
    return bool(posts) and all(any(getattr(p, name) is not None for p in posts) for name in needed)


def flags_unknown(code: str, world: World, post: PostRow, on: date) -> bool:
    """Whether flags of the post itself (not facts about its unit) leave it open."""
    if code.startswith("D2-4") or code == "D3-5":
        return False
    return population(code, world, post, on) is None


def evaluate(code: str, world: World, unit: int, on: date, known_by: date | None) -> Answer:
    assert alive(world, unit, on)
    units = below(world, unit, on)
    posts = [p for p in world.posts if p.unit in units and p.start <= on and (p.end is None or on < p.end)]
    trained: dict[int, list[int]] = {}
    untrained: set[int] = set()
    late = False
    for person in {post.person for post in posts}:
        own = [post for post in posts if post.person == person and population(code, world, post, on) is True]
        if not own:
            continue
        proofs = [evidence(code, world, post, on, known_by) for post in own]
        met = [proof for proof in proofs if proof is not None]
        if len(met) == len(own) if code in ("D2-2", "D3-3") else met:
            if code in ("D2-2", "D3-3"):
                trained[person] = sorted({number for proof in met for number in proof})
            else:
                trained[person] = [min((world.records[p[0]].achieved, p[0]) for p in met)[1]]
        else:
            untrained.add(person)
            late = late or overdue(code, world, own, on)
    counted = trained.keys() | untrained
    unknown = {p.person for p in posts if population(code, world, p, on) is None} - counted
    unflagged = {p.person for p in posts if flags_unknown(code, world, p, on)} - counted
    total, target = len(counted), TARGETS[code]
    if not columns_known(code, posts) or (total == 0 and (unflagged or not fact_known(code, world, on))):
        state = "no_data"
    elif total == 0:
        state = "nobody"
    elif target is None:
        state = "no_target"
    else:
        state = "met" if len(trained) * 100 >= target * total else "not_met"
    share = None
    if total:
        share = (Decimal(len(trained)) * 100 / Decimal(total)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Answer(
        trained,
        untrained,
        designated(code, world, posts, on, counted),
        unknown,
        state,
        state == "not_met" and late,
        share,
    )


def designated(code: str, world: World, posts: list[PostRow], on: date, counted: set[int]) -> set[int]:
    if code not in ("D2-1", "D5-1"):
        return set()
    found = set()
    for post in posts:
        if post.selection == "designated":
            as_elected = PostRow(**{**vars(post), "selection": "elected", "first_time": True})
            if population(code, world, as_elected, on) is True:
                found.add(post.person)
    return found - counted


def elearning(world: World, unit: int, on: date, known_by: date | None) -> tuple[int, int, int, int]:
    """(people, learners, online turns, all turns)."""
    units = below(world, unit, on)
    people = {p.person for p in world.posts if p.unit in units and p.start <= on and (p.end is None or on < p.end)}
    rows = [
        r
        for r in world.records
        if r.person in people and counts(r, known_by) and r.achieved.year == on.year and r.achieved <= on
    ]
    online = [r for r in rows if r.mode in ("online", "blended")]
    return len(people), len({r.person for r in online}), len(online), len(rows)
