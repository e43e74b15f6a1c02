"""Planning the sheet Cán bộ: people, and their posts."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from itertools import chain

from lms.imports.columns import POSTS
from lms.imports.known import Known, KnownPerson, KnownUnit, PersonFacts, PostFacts, PostKey
from lms.imports.near import NearCodes
from lms.imports.plan_units import UnitPlanner
from lms.imports.planned import Detail, PersonChange, Plan, PostChange, RowState, as_written
from lms.imports.rows import PostRow, RosterRead

_PERSON_KEYS = tuple(field.name for field in fields(PersonFacts))
_POST_KEYS = tuple(field.name for field in fields(PostFacts))
_COLUMN = {"born_on": "born", "born_year": "born"}
_CONTACTS = ("email", "phone")
"""What somebody signs in with, and where a link to reset the password goes."""


class PostPlanner:
    """Plans people and posts; afterwards tells the sheet Bồi dưỡng which people there are."""

    def __init__(self, plan: Plan, read: RosterRead, known: Known, units: UnitPlanner) -> None:
        self.plan, self.known, self.units = plan, known, units
        sheet = read.sheets[POSTS.name]
        self.columns = sheet.columns
        self.rows = [row for row in sheet.rows.values() if isinstance(row, PostRow)]
        self.refused_codes = set(sheet.refused_codes) - {""}
        self.names: dict[str, str] = {}
        self._stated: dict[str, tuple[PersonFacts, dict[str, int]]] = {}
        self._posts: dict[PostKey, tuple[PostRow, PostFacts]] = {}
        self._first_rows: dict[str, int] = {}
        self._pending: tuple[PersonFacts, dict[str, int]]
        self.near = NearCodes(chain(known.person_codes, (row.person for row in self.rows)))

    def run(self) -> None:
        """Refuse what cannot be, then lay out the changes."""
        good = [row for row in self.rows if self._stands(row)]
        for row in self.rows:
            if self.plan.is_refused(POSTS, row.row) and row.person not in self._stated:
                self.refused_codes.add(row.person)
        changed = self._lay_out_people()
        for row in good:
            self._settle(row, changed.get(row.person, []) if self._first_rows[row.person] == row.row else [])

    def exists(self, code: str) -> bool:
        """Whether the person is known within the scope or will be made."""
        person = self.known.people.get(code)
        return code in self._stated or (person is not None and person.within)

    def _stands(self, row: PostRow) -> bool:
        person = self.known.people.get(row.person)
        if person and not person.within:
            self.plan.refuse(POSTS, row.row, "person", "code_elsewhere", value=row.person)
        elif not self.units.exists(row.unit):
            self.units.missing(
                lambda key, code, **params: self.plan.refuse(POSTS, row.row, key, code, **params), "unit", row.unit
            )
        elif self._agrees(row, person) and self._is_no_twin(row):
            self._first_rows.setdefault(row.person, row.row)
            self._remark_on_life(row, self.units.unit(row.unit))
            return True
        return False

    def _agrees(self, row: PostRow, person: KnownPerson | None) -> bool:
        """Several rows of one person: what two of them state must be the same; an empty cell states nothing there."""
        facts, origin = self._stated.get(row.person, (PersonFacts("", *[None] * 6), {}))
        stated = {key: value for key in _PERSON_KEYS if (value := getattr(row, key)) is not None}
        clash = [key for key, value in stated.items() if key in origin and getattr(facts, key) != value]
        if clash:
            headers = ", ".join(dict.fromkeys(POSTS.header(_COLUMN.get(key, key)) for key in clash))
            column = _COLUMN.get(clash[0], clash[0])
            self.plan.refuse(
                POSTS, row.row, column, "duplicate_code", value=row.person, other=origin[clash[0]], what=headers
            )
            return False
        merged = replace(facts, **stated)
        if person and not person.owned and self._with_known(merged, person) != person.facts:
            self.plan.refuse(POSTS, row.row, "person", "person_elsewhere", value=row.person)
            return False
        self._pending = (merged, {**origin, **dict.fromkeys(stated.keys() - origin.keys(), row.row)})
        return True

    def _is_no_twin(self, row: PostRow) -> bool:
        key: PostKey = (row.person, row.unit, row.title, row.starts_on)
        facts = PostFacts(**{name: getattr(row, name) for name in _POST_KEYS})
        twin = self._posts.get(key)
        what = [name for name in _POST_KEYS if getattr(twin[1], name) != getattr(facts, name)] if twin else []
        if twin and what:
            headers = ", ".join(POSTS.header(name) for name in what)
            params = {"value": row.person, "other": twin[0].row, "what": headers}
            self.plan.refuse(POSTS, row.row, what[0], "duplicate_post", **params)
            return False
        self._stated[row.person] = self._pending
        self._posts.setdefault(key, (row, facts))
        return True

    def _with_known(self, facts: PersonFacts, person: KnownPerson) -> PersonFacts:
        """The person as the file has it; absent columns leave what is known, a year alone leaves a known birth date.
        How somebody signs in who holds a greater role than the loader stays as it is."""
        known = person.facts
        kept = {key: getattr(known, key) for key in _PERSON_KEYS if _COLUMN.get(key, key) not in self.columns}
        if person.guarded:
            kept |= {key: getattr(known, key) for key in _CONTACTS}
        if facts.born_on is None and facts.born_year and known.born_on and known.born_on.year == facts.born_year:
            kept |= {"born_on": known.born_on, "born_year": known.born_year}
        return replace(facts, **kept)

    def _lay_out_people(self) -> dict[str, list[Detail]]:
        changed: dict[str, list[Detail]] = {}
        for code, (facts, _) in self._stated.items():
            self.names[code] = facts.full_name
            person = self.known.people.get(code)
            if person is None:
                self.plan.people.append(PersonChange(code, None, facts))
                continue
            wanted = self._with_known(facts, person)
            self._remark_on_contacts(code, facts, person)
            if wanted == person.facts:
                continue
            self.plan.people.append(PersonChange(code, person.id, wanted))
            seen = [_Seen.of(person.facts), _Seen.of(wanted)]
            changed[code] = [
                (POSTS.header(key), old, new) for key, old, new in zip(_Seen.KEYS, *seen, strict=True) if old != new
            ]
        return changed

    def _remark_on_contacts(self, code: str, facts: PersonFacts, person: KnownPerson) -> None:
        for key in _CONTACTS if person.guarded else ():
            if key in self.columns and getattr(facts, key) != getattr(person.facts, key):
                self.plan.warn(POSTS, self._first_rows[code], key, "contact_kept", value=code)

    def _settle(self, row: PostRow, person_details: list[Detail]) -> None:
        key: PostKey = (row.person, row.unit, row.title, row.starts_on)
        first, facts = self._posts[key]
        if first is not row:
            self.plan.settle(POSTS, row.row, RowState.unchanged)
            return
        known = self.known.posts.get(key)
        if known is None:
            self.plan.posts.append(PostChange(key, None, facts))
            told = [(POSTS.header(name), "", as_written(getattr(row, name))) for name in ("title", "unit", "starts_on")]
            self.plan.settle(POSTS, row.row, RowState.new, [*person_details, *told])
            return
        kept = {name: getattr(known[1], name) for name in _POST_KEYS if name not in self.columns}
        wanted = replace(facts, **kept)
        details = list(person_details)
        if wanted != known[1]:
            self.plan.posts.append(PostChange(key, known[0], wanted))
            details += [
                (POSTS.header(name), _flag(getattr(known[1], name)), _flag(getattr(wanted, name)))
                for name in _POST_KEYS
                if getattr(known[1], name) != getattr(wanted, name)
            ]
        self.plan.settle(POSTS, row.row, RowState.changed if details else RowState.unchanged, details)

    def _remark_on_life(self, row: PostRow, unit: KnownUnit) -> None:
        early = unit.founded_on is not None and row.starts_on < unit.founded_on
        late = unit.ended_on is not None and (row.ends_on is None or row.ends_on > unit.ended_on)
        if early or late:
            self.plan.warn(POSTS, row.row, "starts_on" if early else "ends_on", "post_outside_unit_life")


class _Seen:
    """A person's facts column by column, in words."""

    KEYS = ("full_name", "born", "gender", "ethnicity", "email", "phone")

    @staticmethod
    def of(facts: PersonFacts) -> list[str]:
        born: date | str = facts.born_on or str(facts.born_year or "")
        values = (facts.full_name, born, facts.gender, facts.ethnicity, facts.email, facts.phone)
        return [as_written(value) for value in values]


def _flag(value: object) -> str:
    return ("có" if value else "không") if isinstance(value, bool) else as_written(value)
