"""The words a roster may use and the codes they stand for.

The labels of the slices are the official words; federations write others too. Matching is without case and accents.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

from lms.ledger.labels import AREAS, MODES
from lms.ledger.models import Area, Mode
from lms.people.labels import GENDERS
from lms.people.models import Gender
from lms.text import fold
from lms.units.labels import KINDS, LEVELS, SECTORS, SELECTIONS, TITLES
from lms.units.models import Level, Sector, Selection, Title, UnitKind

E = TypeVar("E", bound=enum.Enum)

YES: Final = frozenset({"x", "co", "1", "true"})
NO: Final = frozenset({"", "khong", "0", "false"})
UNKNOWN: Final = "không rõ"
"""Says of a flag, in a column that is there, what an absent column says: it is not known."""

_LEVELS: Final = {
    Level.central: "tong lien doan lao dong viet nam; tong ldld viet nam; tld; trung uong; cap trung uong",
    Level.provincial: (
        "tinh; cap tinh, thanh pho; lien doan lao dong tinh; ldld tinh; nganh trung uong; cong doan nganh trung uong; "
        "cong doan tong cong ty"
    ),
    Level.direct_upper: (
        "cap tren truc tiep; cong doan cap tren truc tiep co so; cd cap tren truc tiep co so; cap tren co so; "
        "cong doan cap tren co so; cap tren ttcs"
    ),
    Level.grassroots: "cdcs; cap co so; co so; nghiep doan co so; nghiep doan",
    Level.section: "cdbp; bo phan",
    Level.group: "tcd; to",
}
_SECTORS: Final = {
    Sector.state: "khu vuc nha nuoc; nn",
    Sector.non_state: "ngoai nn; khu vuc ngoai nha nuoc; tu nhan; dan doanh",
    Sector.fdi: "co von dau tu nuoc ngoai; dau tu nuoc ngoai; von dau tu nuoc ngoai; doanh nghiep fdi",
}
_KINDS: Final = {
    UnitKind.enterprise: "dn; cong ty",
    UnitKind.public_service: "su nghiep; don vi su nghiep cong lap; dvsn",
    UnitKind.agency: "co quan nha nuoc; co quan hanh chinh",
    UnitKind.other: "loai khac",
}
_TITLES: Final = {
    Title.chair: "chu tich cong doan; chu tich cdcs; chu tich cong doan co so",
    Title.vice_chair: "pho chu tich cong doan; pho chu tich cdcs",
    Title.standing_committee_member: "uy vien btv; uv ban thuong vu; uv btv; uvbtv; uy vien thuong vu",
    Title.executive_committee_member: "uy vien bch; uv ban chap hanh; uv bch; uvbch; uy vien chap hanh",
    Title.womens_affairs_head: "truong ban nu cong quan chung; truong nu cong",
    Title.womens_affairs_member: "uv ban nu cong; uy vien nu cong",
    Title.inspection_head: "chu nhiem ubkt; chu nhiem uy ban kiem tra cong doan",
    Title.inspection_member: "uy vien ubkt; uv ubkt; uv uy ban kiem tra",
    Title.board_head: "",
    Title.board_deputy: "pho ban",
    Title.specialist: "",
    Title.accountant: "ke toan cong doan",
    Title.group_leader: "to truong cong doan; to truong to cong doan",
    Title.group_deputy: "to pho cong doan; to pho to cong doan",
}
_SELECTIONS: Final = {
    Selection.elected: "duoc bau; bau cu; bau tai dai hoi",
    Selection.designated: "duoc chi dinh",
    Selection.appointed: "duoc bo nhiem",
}
_MODES: Final = {
    Mode.online: "online; truc tuyen qua mang; e-learning; elearning",
    Mode.in_person: "tap trung; offline; truc tiep tai lop",
    Mode.blended: "ket hop truc tuyen va truc tiep; hon hop",
}
_GENDERS: Final = {Gender.male: "", Gender.female: "nu gioi"}
_AREAS: Final = {
    Area.union_overview: "tong quan cong doan; kien thuc tong quan",
    Area.union_theory: "ly luan nghiep vu cong doan",
    Area.union_practice: "nghiep vu cong tac cong doan",
    Area.university_component: "dai hoc phan",
    Area.member_development: "phat trien doan vien, thanh lap cong doan co so",
    Area.dialogue_bargaining: "doi thoai, thuong luong tap the; thuong luong tap the; doi thoai",
    Area.chair_skills: "ky nang chu tich cong doan; ky nang chu tich",
    Area.group_leader_skills: "ky nang to truong cong doan; ky nang to truong",
    Area.mobilisation: "tuyen truyen van dong; van dong quan chung",
    Area.gender_equality: "binh dang gioi, long ghep gioi; long ghep gioi",
    Area.pedagogy: "su pham",
    Area.cadre_briefing: "quan triet cong tac can bo",
    Area.emulation_welfare: "thi dua, cham lo doi song",
    Area.labour_law: "phap luat; luat lao dong",
    Area.dispute_resolution: "tranh chap lao dong",
    Area.state_management: "qlnn",
    Area.political_theory: "llct",
    Area.digital_skills: "cong nghe thong tin; tin hoc",
}
_HINTS: Final[dict[str, Title]] = {
    "ct": Title.chair,
    "pct": Title.vice_chair,
    "tt": Title.group_leader,
    "tp": Title.group_deputy,
}


def word_key(word: str) -> str:
    """The form in which words are compared: folded, marks of punctuation as single spaces."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(word)))


class Words(Mapping[str, E]):
    """One vocabulary: `words["Chủ tịch"]` is a code; `official` lists the words of the workbook in their order."""

    def __init__(
        self, labels: Mapping[E, str], synonyms: Mapping[E, str], hints: Mapping[str, E] | None = None
    ) -> None:
        self.labels: dict[E, str] = dict(labels)
        self._codes: dict[str, E] = {}
        self._hints = hints or {}
        for code, label in labels.items():
            for word in (label, str(code.value), *synonyms.get(code, "").split(";")):
                if word.strip():
                    self._codes[word_key(word)] = code

    def __getitem__(self, word: str) -> E:
        return self._codes[word_key(word)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def official(self) -> list[str]:
        """The words that exports and the template use."""
        return list(self.labels.values())

    def meant(self, word: str) -> str | None:
        """The official word that an unknown abbreviation most likely stands for."""
        code = self._hints.get(word_key(word))
        return self.labels[code] if code is not None else None


LEVEL_WORDS: Final = Words(LEVELS, _LEVELS)
SECTOR_WORDS: Final = Words(SECTORS, _SECTORS)
KIND_WORDS: Final = Words(KINDS, _KINDS)
TITLE_WORDS: Final = Words[Title](TITLES, _TITLES, _HINTS)
SELECTION_WORDS: Final = Words[Selection](
    {k: v for k, v in SELECTIONS.items() if k is not Selection.unstated}, _SELECTIONS
)
MODE_WORDS: Final = Words(MODES, _MODES)
GENDER_WORDS: Final = Words(GENDERS, _GENDERS)
AREA_WORDS: Final = Words(AREAS, _AREAS)
