"""Random small histories, and putting them into a database."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lms.certificates.models import ActKind, Certificate, CertificateAct, CertificateKind
from lms.ledger.models import Area, Mode, Source, TrainingRecord, TrainingRecordArea, TrainingRecordVoid
from lms.people.models import Person
from lms.temporal import ALWAYS
from lms.units.models import Level, Post, Sector, Selection, Term, Title, Unit, UnitCount, UnitKind, UnitVersion
from tests.conftest import NOW
from tests.indicators.naive import VN, CertificateRow, PostRow, Record, UnitRow, Version, World

ERAS = [
    ["2013-12-30", "2013-12-31", "2016-02-29", "2017-12-31", "2018-01-01", "2018-02-28", "2018-12-31", "2019-01-01",
     "2020-02-29", "2023-12-31", "2024-01-01"],
    ["2024-02-29", "2024-07-01", "2025-06-30", "2025-07-01", "2025-12-31", "2026-01-01", "2026-01-20", "2026-01-21",
     "2026-02-28", "2026-03-01", "2026-06-30", "2026-07-01", "2027-01-01", "2028-02-29", "2030-12-31", "2031-01-01"],
]  # fmt: skip
PACKS = [
    ["chair_skills"],
    ["chair_skills"],
    ["chair_skills", "labour_law"],
    ["union_overview", "labour_relations", "member_development", "dialogue_bargaining"],
    ["union_theory", "labour_relations"],
    ["labour_relations", "member_development", "dialogue_bargaining"],
    ["labour_relations"],
    ["union_theory"],
    ["university_component"],
    ["union_overview"],
    ["union_practice", "gender_equality"],
    ["mobilisation"],
    ["cadre_briefing"],
    ["digital_skills"],
]
LEVELS = [level.value for level in Level]
TITLES = [
    "chair",
    "chair",
    "vice_chair",
    "executive_committee_member",
    "womens_affairs_head",
    "specialist",
    "group_leader",
]


def moment(day: date, *, last: bool) -> datetime:
    """The last second of a Vietnamese day, or the first."""
    start = datetime.combine(day, time.min, VN).astimezone(UTC)
    return start + timedelta(days=1, seconds=-1) if last else start


class Maker:
    """Makes a history by chance: mostly a sensible federation, with every odd thing now and then."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.days = [date.fromisoformat(text) for text in chance.choice(ERAS)]

    def one(self, *choices: Any) -> Any:
        return self.chance.choice(choices)

    def day(self) -> date:
        return self.chance.choice(self.days)

    def early(self) -> date:
        return self.chance.choice(self.days[: len(self.days) // 2])

    def seldom(self, value: Any, odds: int = 5) -> Any:
        return value if self.chance.randrange(odds) == 0 else None

    def moment(self) -> datetime:
        return moment(self.day(), last=self.chance.random() < 0.5)

    def version(self, number: int, since: date) -> Version:
        usual = ["provincial", "direct_upper", "direct_upper"][number] if number < 3 else "grassroots"
        level = self.one(*[usual] * 5, self.chance.choice(LEVELS)) if number else self.one(*LEVELS[:3])
        parent = self.one(*range(min(number, 3)), number - 1) if number else None
        return Version(
            since,
            level,
            None if self.seldom(True, 12) else parent,
            self.one("non_state", "non_state", "fdi", "fdi", "state", None),
            self.one(*["enterprise"] * 4, "agency", None),
        )

    def unit(self, number: int) -> UnitRow:
        founded, ended = self.seldom(self.early()), self.seldom(self.day())
        if founded and ended and ended <= founded:
            ended = None
        changes = sorted(self.chance.sample(self.days, self.one(0, 0, 1, 2)))
        versions = [self.version(number, since) for since in [ALWAYS, *changes]]
        counts = [
            (at, self.one(999, 1000, 2499, 2500, 300, None), self.one(499, 500, 500, None))
            for at in self.chance.sample(self.days, self.one(0, 1, 1, 2))
        ]
        starts = sorted(self.chance.sample(self.days, self.one(0, 1, 2, 3)))
        terms: list[tuple[date, date | None]] = [*itertools.pairwise(starts)]
        terms += [(starts[-1], None)] if starts else []
        if len(terms) > 1 and self.chance.random() < 0.3:
            terms.pop(self.chance.randrange(len(terms)))
        return UnitRow(founded, ended, versions, counts, terms)

    def post(self, people: int, units: int) -> PostRow:
        start, end = self.one(self.early(), self.early(), self.day()), self.seldom(self.day(), 4)
        unit = self.chance.randrange(units)
        return PostRow(
            self.chance.randrange(people),
            unit,
            "chair" if unit > 2 and self.chance.random() < 0.5 else self.chance.choice(TITLES),
            self.one(True, True, False, False, None),
            self.one(True, False, False, None),
            self.one(*["elected"] * 5, "designated", "appointed", "unstated", None),
            self.one(True, True, True, False, None),
            start,
            end if end and end > start else None,
        )

    def record(self, people: int, units: int) -> Record:
        certificate = None
        if self.chance.random() < 0.25:
            certificate = CertificateRow(
                self.day(), self.seldom(self.day(), 3), self.seldom(self.day(), 3), self.moment(), self.moment()
            )
        return Record(
            self.chance.randrange(people),
            self.chance.choice(PACKS),
            self.one("online", "in_person", "blended", None),
            self.one(None, self.chance.randrange(units), self.chance.randrange(units)),
            self.one(None, None, *LEVELS[:4]),
            self.day(),
            self.moment(),
            self.seldom(self.moment()),
            self.one(None, None, "", "01/2026"),
            certificate,
        )


def make_world(chance: Random) -> tuple[World, list[date]]:
    """A history of up to 9 units, 7 people, 16 posts and 40 ledger rows, with the days when something may change."""
    maker = Maker(chance)
    units = [maker.unit(number) for number in range(chance.choice([1, 2, 4, 5, 6, 7, 8, 9]))]
    people = chance.randint(1, 7)
    posts = [maker.post(people, len(units)) for _ in range(chance.randint(0, 16))]
    own = {(post.person, post.unit, post.title, post.start): post for post in posts}
    records = [maker.record(people, len(units)) for _ in range(chance.randint(0, 40))]
    if chance.random() < 0.1:
        for unit in units:
            unit.counts = [(at, None, None) for at, _, _ in unit.counts]
    return World(units, people, list(own.values()), records), maker.days


def _of(kind: Any, code: str | None) -> Any:
    return None if code is None else kind(code)


def load(session: Session, world: World) -> None:
    """Write the history into an empty database; ids are index + 1."""

    def put(model: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            session.execute(insert(model), rows)

    put(
        Unit,
        [
            {"id": n, "code": f"U{n}", "founded_on": u.founded, "ended_on": u.ended, "created_at": NOW}
            for n, u in enumerate(world.units, 1)
        ],
    )
    put(
        UnitVersion,
        [
            {
                "unit_id": n,
                "name": f"Đơn vị {n}",
                "name_folded": f"don vi {n}",
                "level": Level(v.level),
                "parent_id": None if v.parent is None else v.parent + 1,
                "sector": _of(Sector, v.sector),
                "kind": _of(UnitKind, v.kind),
                "valid_from": v.since,
                "valid_to": following.since if following else None,
                "decision_no": None,
            }
            for n, u in enumerate(world.units, 1)
            for v, following in zip(u.versions, [*u.versions[1:], None], strict=True)
        ],
    )
    put(
        UnitCount,
        [
            {"unit_id": n, "counted_on": at, "members": members, "workers": workers}
            for n, u in enumerate(world.units, 1)
            for at, members, workers in u.counts
        ],
    )
    put(
        Term,
        [
            {"unit_id": n, "name": str(start.year), "starts_on": start, "ends_on": end}
            for n, u in enumerate(world.units, 1)
            for start, end in u.terms
        ],
    )
    put(
        Person,
        [
            {
                "id": n,
                "code": f"P{n}",
                "full_name": f"Người {n}",
                "ho_dem": "Người",
                "ten": str(n),
                "name_folded": f"nguoi {n}",
                "sort_key": bytes([n]),
                "created_at": NOW,
            }
            for n in range(1, world.people + 1)
        ],
    )
    put(
        Post,
        [
            {
                "person_id": p.person + 1,
                "unit_id": p.unit + 1,
                "title": Title(p.title),
                "full_time": p.full_time,
                "womens_affairs": p.womens_affairs,
                "selection": _of(Selection, p.selection),
                "first_time": p.first_time,
                "starts_on": p.start,
                "ends_on": p.end,
                "created_at": NOW,
                "created_by_id": None,
            }
            for p in world.posts
        ],
    )
    _load_records(put, world)


def _load_records(put: Any, world: World) -> None:
    numbered = list(enumerate(world.records, 1))
    put(
        TrainingRecord,
        [
            {
                "id": n,
                "person_id": r.person + 1,
                "mode": _of(Mode, r.mode),
                "delivered_by_id": None if r.deliverer is None else r.deliverer + 1,
                "delivered_level": _of(Level, r.level),
                "achieved_on": r.achieved,
                "recorded_at": r.recorded_at,
                "certificate_no": r.certificate_no,
                "source": Source.entry,
                "source_key": f"w:{n}",
            }
            for n, r in numbered
        ],
    )
    put(TrainingRecordArea, [{"record_id": n, "area": Area(code)} for n, r in numbered for code in r.areas])
    put(
        TrainingRecordVoid,
        [{"record_id": n, "voided_at": r.voided_at, "reason": "Ghi nhầm"} for n, r in numbered if r.voided_at],
    )
    held = [(n, r, r.certificate) for n, r in numbered if r.certificate]
    put(
        Certificate,
        [
            {
                "id": n,
                "kind": CertificateKind.completion_certificate,
                "issuer_id": 1,
                "year": 2026,
                "number": n,
                "serial_no": f"S{n}",
                "verify_code": f"V{n}",
                "record_id": n,
                "person_id": r.person + 1,
                "issued_on": c.issued,
                "expires_on": c.expires,
                "achieved_on": r.achieved,
                "holder_name": "Người",
                "holder_folded": "nguoi",
                "course_title": "Khóa",
                "mode": "online",
                "issuer": {},
                "layout": "formal",
                "created_at": c.created_at,
            }
            for n, r, c in held
        ],
    )
    put(
        CertificateAct,
        [
            {"certificate_id": n, "kind": ActKind.revoked, "effective_on": c.revoked, "recorded_at": c.revoked_at}
            for n, _, c in held
            if c.revoked
        ],
    )
