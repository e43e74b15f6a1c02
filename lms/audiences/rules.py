"""The language of populations: a rule over a post, its unit and dates. The words are those of PROGRAMMES.md.

A rule is three-valued: where a fact it needs is unknown, it neither holds nor fails.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from lms.audiences.reading import Reader
from lms.i18n import N_
from lms.units.models import ABOVE_GRASSROOTS, Level, Sector, Title, UnitKind

KEY_LEADER_TITLES = (Title.chair, Title.vice_chair)
"""key leader: title chair or vice-chair, unless a programme lists other titles."""

WOMENS_AFFAIRS_TITLES = (Title.womens_affairs_head, Title.womens_affairs_member)
EXECUTIVE_TITLES = (
    Title.chair,
    Title.vice_chair,
    Title.standing_committee_member,
    Title.executive_committee_member,
)


class Election(enum.Enum):
    """newly_elected: `elected` and `first_time` · elected_or_designated: either, for the first time."""

    newly_elected = "newly_elected"
    elected_or_designated = "elected_or_designated"


class Began(enum.Enum):
    """When the post began: since the start of the unit's term in force (no known term: taken as yes), or in D's
    calendar year."""

    term = "term"
    year = "year"


@dataclass(frozen=True)
class Band:
    """A half-open band of whole numbers: `at_least` is in, `below` is out; None = no bound."""

    at_least: int | None = None
    below: int | None = None

    def __contains__(self, value: int) -> bool:
        return (self.at_least is None or value >= self.at_least) and (self.below is None or value < self.below)


@dataclass(frozen=True)
class PostRule:
    """Which posts belong: every condition set must hold; empty conditions ask nothing. `any_of`: and one of these."""

    levels: tuple[Level, ...] = ()
    titles: tuple[Title, ...] = ()
    full_time: bool | None = None
    womens_affairs: bool = False
    election: Election | None = None
    began: Began | None = None
    members: Band | None = None
    workers: Band | None = None
    sectors: tuple[Sector, ...] = ()
    kinds: tuple[UnitKind, ...] = ()
    any_of: tuple[PostRule, ...] = ()

    def without_unit_facts(self) -> PostRule:
        """The same rule that asks nothing of counts, sector and kind."""
        return replace(
            self,
            members=None,
            workers=None,
            sectors=(),
            kinds=(),
            any_of=tuple(rule.without_unit_facts() for rule in self.any_of),
        )

    def needs(self, name: str) -> bool:
        """Whether the condition of that name is set here or in one of `any_of`."""
        return bool(getattr(self, name)) or any(rule.needs(name) for rule in self.any_of)

    def flags(self) -> frozenset[str]:
        """The columns of a post that the rule reads and that a roster may lack: names of attributes of `Post`."""
        own = {
            "full_time": self.full_time is not None,
            "womens_affairs": self.womens_affairs,
            "selection": self.election is not None,
            "first_time": self.election is not None,
        }
        return frozenset(name for name, read in own.items() if read).union(*(rule.flags() for rule in self.any_of))


def read_rule(reader: Reader, key_leaders: tuple[Title, ...] = KEY_LEADER_TITLES) -> PostRule:
    """A rule from data; faults are reported to the reader. `above_grassroots` and `key_leader` are short words for
    lists of levels and titles."""
    levels = reader.codes("levels", Level)
    if reader.flag("above_grassroots"):
        if levels:
            reader.fault("above_grassroots", N_("không dùng cùng lúc với “%(other)s”"), other="levels")
        levels = ABOVE_GRASSROOTS
    titles = reader.codes("titles", Title)
    if reader.flag("key_leader"):
        if titles:
            reader.fault("key_leader", N_("không dùng cùng lúc với “%(other)s”"), other="titles")
        titles = key_leaders
    rule = PostRule(
        levels=levels,
        titles=titles,
        full_time=reader.flag("full_time"),
        womens_affairs=bool(reader.flag("womens_affairs")),
        election=reader.code("election", Election),
        began=reader.code("began", Began),
        members=_read_band(reader, "members"),
        workers=_read_band(reader, "workers"),
        sectors=reader.codes("sectors", Sector),
        kinds=reader.codes("kinds", UnitKind),
        any_of=tuple(read_rule(inner, key_leaders) for inner in reader.each("any_of")),
    )
    reader.finish()
    return rule


def _read_band(reader: Reader, key: str) -> Band | None:
    inner = reader.inner(key)
    if inner is None:
        return None
    band = Band(inner.number("at_least"), inner.number("below"))
    inner.finish()
    if band == Band():
        reader.fault(key, N_("cần ít nhất một trong hai mục at_least, below"))
    if band.at_least is not None and band.below is not None and band.below <= band.at_least:
        reader.fault(key, N_("khoảng rỗng: “below” phải lớn hơn “at_least”"))
    return band


class LearnerGroup(enum.Enum):
    """Learner groups (PROGRAMMES.md, Learner groups; DOMAIN.md (b) says what each must receive)."""

    key_leader_new = "key_leader_new"
    fulltime_upper = "fulltime_upper"
    fulltime_direct_upper = "fulltime_direct_upper"
    fulltime = "fulltime"
    grassroots_chair = "grassroots_chair"
    grassroots_chair_nonstate = "grassroots_chair_nonstate"
    grassroots_exec = "grassroots_exec"
    union_group_leader = "union_group_leader"
    womens_affairs = "womens_affairs"
    non_fulltime = "non_fulltime"
    trainer = "trainer"
    collaborator = "collaborator"
    core_member = "core_member"
    succession_pool = "succession_pool"


GROUP_RULES: dict[LearnerGroup, PostRule] = {
    LearnerGroup.key_leader_new: PostRule(
        levels=(Level.provincial, Level.direct_upper),
        titles=KEY_LEADER_TITLES,
        election=Election.newly_elected,
        began=Began.term,
    ),
    LearnerGroup.fulltime_upper: PostRule(levels=(Level.central, Level.provincial), full_time=True),
    LearnerGroup.fulltime_direct_upper: PostRule(levels=(Level.direct_upper,), full_time=True),
    LearnerGroup.fulltime: PostRule(full_time=True),
    LearnerGroup.grassroots_chair: PostRule(levels=(Level.grassroots,), titles=(Title.chair,)),
    LearnerGroup.grassroots_chair_nonstate: PostRule(
        levels=(Level.grassroots,),
        titles=(Title.chair,),
        sectors=(Sector.non_state, Sector.fdi),
        kinds=(UnitKind.enterprise,),
    ),
    LearnerGroup.grassroots_exec: PostRule(levels=(Level.grassroots,), titles=EXECUTIVE_TITLES),
    LearnerGroup.union_group_leader: PostRule(titles=(Title.group_leader, Title.group_deputy)),
    LearnerGroup.womens_affairs: PostRule(womens_affairs=True),
    LearnerGroup.non_fulltime: PostRule(full_time=False),
}
"""The groups that are rules over posts. The others (trainer, collaborator, core_member, succession_pool) are dated
memberships recorded apart from posts and never enter a denominator."""
