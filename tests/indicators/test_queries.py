"""Every row of the table of D2 with its traps (PROGRAMMES.md)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lms.audiences.rules import LearnerGroup
from lms.catalogue.models import Course, CourseVersion
from lms.errors import Refused
from lms.indicators.elearning import elearning, learners_page, reach_split
from lms.indicators.lists import Listed, people_page
from lms.indicators.queries import ask, codes, value, values, values_by_child
from lms.indicators.rules import Reason, State
from lms.indicators.schema import programmes
from lms.people.models import Gender
from lms.temporal import vn_day_end
from lms.units.models import Level, UnitCount, UnitVersion
from tests.conftest import NOW
from tests.factories.ledger import make_record, void_record
from tests.factories.people import make_person
from tests.factories.units import make_post, make_term, make_unit

D2 = programmes()["D2"]
ON = date(2026, 6, 22)


@pytest.fixture
def province(session):
    return make_unit(session, "LĐLĐ tỉnh An Sơn", "provincial", code="AS")


@pytest.fixture
def commune(session, province):
    return make_unit(session, "Công đoàn phường Tân Khê", "direct_upper", province, code="AS-P1")


def look(session, code, unit, on=ON, known_by=None):
    question = ask(session, D2, unit, on, known_by)
    return value(session, D2.indicator(code), question), codes(session, D2.indicator(code), question)


def test_a_unit_out_of_force_has_no_values(session, province):
    ended = make_unit(session, "LĐLĐ huyện", "direct_upper", province, founded="2010-01-01", ended="2025-07-01")
    assert look(session, "D2-3", ended, date(2025, 6, 30))[0].state is State.no_data
    for day in (date(2025, 7, 1), date(2009, 12, 31)):
        with pytest.raises(Refused, match="unit_not_in_force"):
            ask(session, D2, ended, day)


def test_no_roster_is_no_data_and_a_roster_without_candidates_is_nobody(session, province, commune):
    assert {v.state for v in values(session, ask(session, D2, province, ON))} == {State.no_data}
    grassroots = make_unit(session, parent=commune, members=5000)
    make_post(session, grassroots, "accountant")
    assert {v.state for v in values(session, ask(session, D2, province, ON))} == {State.nobody}


def test_a_person_counts_once_and_in_each_branch(session, province, commune):
    other = make_unit(session, "Công đoàn xã Đồng Sậy", "direct_upper", province)
    person = make_person(session)
    make_post(session, commune, "specialist", person, full_time=True)
    make_post(session, other, "board_head", person, full_time=True)
    make_record(session, person, "labour_law", "2026-02-01")
    assert (look(session, "D2-3", province)[0].numerator, look(session, "D2-3", province)[0].denominator) == (1, 1)
    split = values_by_child(session, D2.indicator("D2-3"), ask(session, D2, province, ON))
    assert {unit: (v.numerator, v.denominator) for unit, v in split.items()} == {commune.id: (1, 1), other.id: (1, 1)}


def test_posts_are_half_open(session, commune):
    make_post(session, commune, "specialist", full_time=True, starts="2026-01-01", ends="2026-06-22")
    make_post(session, commune, "specialist", full_time=True, starts="2026-06-22")
    make_post(session, commune, "specialist", full_time=True, starts="2026-06-23")
    assert look(session, "D2-3", commune)[0].denominator == 1
    assert look(session, "D2-3", commune, date(2026, 6, 21))[0].denominator == 1


@pytest.mark.parametrize(
    ("members", "band"), [(0, "c"), (999, "c"), (1000, "b"), (2499, "b"), (2500, "a"), (9000, "a"), (None, None)]
)
def test_member_bands(session, province, commune, members, band):
    make_unit(session, parent=commune, members=1)
    chair = make_post(session, make_unit(session, parent=commune, members=members), "chair")
    for letter in "abc":
        found, named = look(session, f"D2-4{letter}", province)
        assert named.untrained == ([chair.person.code] if letter == band else [])
        assert named.excluded == ([] if band else [(chair.person.code, Reason.members_unknown)])
        assert found.state is (State.no_target if letter == band else State.nobody)


def test_the_count_of_the_day_is_the_latest_one_up_to_it(session, commune):
    unit = make_unit(session, parent=commune)
    make_post(session, unit, "chair")
    for day, members in (("2026-01-01", 999), ("2026-03-01", None), ("2026-06-22", 1000), ("2026-06-23", 2500)):
        session.add(UnitCount(unit_id=unit.id, counted_on=date.fromisoformat(day), members=members, workers=1))
    session.flush()
    assert [look(session, f"D2-4{band}", commune)[0].denominator for band in "abc"] == [0, 1, 0]
    before = date(2026, 6, 21)
    assert [look(session, f"D2-4{band}", commune, before)[0].denominator for band in "abc"] == [0, 0, 1]
    unknown = look(session, "D2-4c", commune, date(2025, 12, 31))[0]
    assert (unknown.denominator, unknown.state) == (0, State.no_data)


def test_the_deliverer_decides_by_its_level_on_the_day(session, province, commune):
    district = make_unit(session, "LĐLĐ huyện cũ", "direct_upper", province, ended="2025-07-01")
    grassroots = make_unit(session, parent=commune, members=300)
    chairs = {}
    for case, fields in {
        "district": {"delivered_by_id": district.id, "achieved": "2025-06-30"},
        "district after its end": {"delivered_by_id": district.id, "achieved": "2025-08-01"},
        "province": {"delivered_by_id": province.id},
        "recorded level wins": {"delivered_by_id": province.id, "delivered_level": "direct_upper"},
        "unknown": {},
        "other area": {"delivered_by_id": commune.id, "areas": "labour_law"},
    }.items():
        post = make_post(session, grassroots, "chair")
        level = fields.pop("delivered_level", None)
        make_record(session, post.person, **fields, delivered_level=Level(level) if level else None)
        chairs[case] = post.person.code
    named = look(session, "D2-4c", province)[1]
    assert named.trained == sorted(chairs[c] for c in ("district", "district after its end", "recorded level wins"))
    assert len(named.untrained) == 3


def test_a_deliverer_that_rose_counts_with_its_level_of_the_day(session, province, commune):
    unit = make_unit(session, "Trung tâm", "grassroots", province)
    session.query(UnitVersion).filter_by(unit_id=unit.id).one().valid_to = date(2026, 3, 1)
    session.add(
        UnitVersion(
            unit_id=unit.id,
            name="Công đoàn xã",
            level=Level.direct_upper,
            parent_id=province.id,
            valid_from=date(2026, 3, 1),
        )
    )
    session.flush()
    grassroots = make_unit(session, parent=commune, members=300)
    early, late = make_post(session, grassroots, "chair"), make_post(session, grassroots, "chair")
    make_record(session, early.person, achieved="2026-02-28", delivered_by_id=unit.id)
    make_record(session, late.person, achieved="2026-03-01", delivered_by_id=unit.id)
    assert look(session, "D2-4c", province)[1].trained == [late.person.code]


def test_level_mapping_where_there_is_no_direct_upper(session, province, commune):
    direct = make_post(session, make_unit(session, "Trực thuộc tỉnh", parent=province, members=300), "chair")
    usual = make_post(session, make_unit(session, "Thuộc phường", parent=commune, members=300), "chair")
    for post in (direct, usual):
        make_record(session, post.person, delivered_by_id=province.id)
    found, named = look(session, "D2-4c", province)
    assert (named.trained, named.untrained, found.mapped) == ([direct.person.code], [usual.person.code], 1)
    alone = look(session, "D2-4c", direct.unit)
    assert (alone[1].trained, alone[0].mapped) == ([direct.person.code], 1)


def test_every_required_area_within_the_term(session, province, commune):
    make_term(session, commune, "2023-07-01")
    make_term(session, province, "2023-09-20")
    done, early, partly = (make_post(session, commune, "specialist", full_time=True).person for _ in range(3))
    for person, first_day in ((done, "2023-07-01"), (early, "2023-06-30")):
        make_record(session, person, ["labour_relations", "member_development"], first_day)
        make_record(session, person, "dialogue_bargaining", "2026-06-22")
    make_record(session, partly, ["labour_relations", "member_development"], "2026-01-01")
    upper = make_post(session, province, "board_head", full_time=True).person
    make_record(session, upper, ["union_theory", "labour_relations"], "2024-01-01")
    found, named = look(session, "D2-2", province)
    assert named.trained == sorted([done.code, upper.code])
    assert named.untrained == sorted([early.code, partly.code])
    assert (found.percent, found.state) == (50.0, State.not_met)
    page = people_page(session, D2.indicator("D2-2"), ask(session, D2, province, ON), Listed.trained)
    assert {line.code: len(line.evidence) for line in page.lines} == {done.code: 2, upper.code: 1}


def test_two_posts_must_both_be_met_for_the_matrix(session, province, commune):
    make_term(session, commune)
    make_term(session, province)
    person = make_post(session, commune, "specialist", full_time=True).person
    make_post(session, province, "board_head", person, full_time=True)
    make_record(session, person, ["labour_relations", "member_development", "dialogue_bargaining"], "2026-01-01")
    assert look(session, "D2-2", province)[1].untrained == [person.code]
    assert look(session, "D2-2", commune)[1].trained == [person.code]
    make_record(session, person, "union_theory", "2026-01-02")
    assert look(session, "D2-2", province)[1].trained == [person.code]


def test_an_unknown_term_stays_in_as_untrained(session, commune):
    person = make_post(session, commune, "chair", full_time=True, first_time=True).person
    make_record(session, person, ["union_overview", "labour_relations", "member_development", "dialogue_bargaining"])
    for code in ("D2-1", "D2-2"):
        found, named = look(session, code, commune)
        assert (named.untrained, found.term_unknown, found.overdue) == ([person.code], 1, False)


def test_newly_elected_key_leaders_of_the_term(session, province, commune):
    make_term(session, commune, "2024-07-01")
    new = make_post(session, commune, "chair", starts="2024-07-01", first_time=True).person
    make_post(session, commune, "vice_chair", starts="2024-07-01", first_time=False)
    make_post(session, commune, "vice_chair", starts="2024-06-30", first_time=True)
    designated = make_post(session, commune, "vice_chair", starts="2025-01-01", selection="designated").person
    make_post(session, commune, "vice_chair", starts="2025-01-01", selection="unstated", first_time=True)
    unknown = make_post(session, commune, "vice_chair", starts="2025-01-01", selection=None, first_time=True).person
    make_post(session, commune, "executive_committee_member", starts="2025-01-01", first_time=True)
    make_post(session, make_unit(session, parent=commune), "chair", starts="2025-01-01", first_time=True)
    found, named = look(session, "D2-1", province)
    assert named.untrained == [new.code]
    assert sorted(named.excluded) == sorted([(designated.code, Reason.designated), (unknown.code, Reason.flag_unknown)])
    assert not found.overdue
    assert not look(session, "D2-1", province, date(2026, 7, 1))[0].overdue
    assert look(session, "D2-1", province, date(2026, 7, 2))[0].overdue
    make_record(session, new, "union_overview", "2024-07-01")
    late = look(session, "D2-1", province, date(2026, 7, 2))[0]
    assert (late.state, late.overdue) == (State.met, False)


def test_unknown_flags_alone_are_no_data(session, commune):
    person = make_post(session, commune, "specialist", full_time=None).person
    found, named = look(session, "D2-3", commune)
    assert (found.state, found.denominator, named.excluded) == (State.no_data, 0, [(person.code, Reason.flag_unknown)])
    make_post(session, commune, "specialist", full_time=True)
    assert look(session, "D2-3", commune)[0].state is State.no_target


def test_a_flag_that_does_not_matter_is_not_missed(session, commune):
    grassroots = make_unit(session, parent=commune)
    make_post(session, grassroots, "chair", full_time=None)
    assert look(session, "D2-3", commune)[0].state is State.no_data
    make_post(session, grassroots, "accountant", full_time=True)
    found, named = look(session, "D2-3", commune)
    assert (found.state, named.excluded) == (State.nobody, [])


def test_the_calendar_year(session, commune):
    people = {}
    for day in ("2025-12-31", "2026-01-01", "2026-06-22", "2026-06-23"):
        people[day] = make_post(session, commune, "specialist", full_time=True).person
        make_record(session, people[day], "digital_skills", day)
    named = look(session, "D2-3", commune)[1]
    assert named.trained == sorted([people["2026-01-01"].code, people["2026-06-22"].code])


def test_voided_rows_and_knowledge_of_a_day(session, commune):
    known = date(2026, 3, 10)
    last, after = datetime(2026, 3, 10, 16, 59, 59, tzinfo=UTC), vn_day_end(known)
    cases = {
        "kept": (last, None),
        "recorded later": (after, None),
        "voided in time": (last, last),
        "voided later": (last, after),
    }
    people = {}
    for case, (recorded, voided) in cases.items():
        people[case] = make_post(session, commune, "specialist", full_time=True).person
        record = make_record(session, people[case], "labour_law", "2026-02-01", recorded_at=recorded)
        if voided:
            void_record(session, record, voided)
    now = look(session, "D2-3", commune)[1].trained
    then = look(session, "D2-3", commune, known_by=known)[1].trained
    assert now == sorted([people["kept"].code, people["recorded later"].code])
    assert then == sorted([people["kept"].code, people["voided later"].code])


def test_a_voided_row_gives_way_to_the_next_in_the_evidence(session, commune):
    person = make_post(session, commune, "specialist", full_time=True).person
    void_record(session, make_record(session, person, "labour_law", "2026-01-05"))
    second = make_record(session, person, "labour_law", "2026-02-05", certificate_no="07/2026")
    make_record(session, person, "labour_law", "2026-03-05")
    page = people_page(session, D2.indicator("D2-3"), ask(session, D2, commune, ON), Listed.trained)
    assert [(e.record_id, e.certificate_no) for e in page.lines[0].evidence] == [(second.id, "07/2026")]
    assert page.lines[0].latest == date(2026, 3, 5)


def test_a_merger_moves_the_posts_with_the_tree(session, province):
    old = make_unit(session, "LĐLĐ huyện", "direct_upper", province, ended="2025-07-01")
    new = make_unit(session, "Công đoàn xã", "direct_upper", province, founded="2025-07-01")
    grassroots = make_unit(session, parent=old, members=300)
    session.query(UnitVersion).filter_by(unit_id=grassroots.id).one().valid_to = date(2025, 7, 1)
    session.add(
        UnitVersion(
            unit_id=grassroots.id, name="CĐCS", level=Level.grassroots, parent_id=new.id, valid_from=date(2025, 7, 1)
        )
    )
    post = make_post(session, grassroots, "chair")
    assert look(session, "D2-4c", old, date(2025, 6, 30))[1].untrained == [post.person.code]
    assert look(session, "D2-4c", new, date(2025, 7, 1))[1].untrained == [post.person.code]
    for day in (date(2025, 6, 30), date(2025, 7, 1)):
        assert look(session, "D2-4c", province, day)[0].denominator == 1


def test_an_orphan_stands_outside_the_tree_but_has_values_of_its_own(session, province):
    old = make_unit(session, "LĐLĐ huyện", "direct_upper", province, ended="2025-07-01")
    orphan = make_unit(session, parent=old, members=300)
    group = make_unit(session, "Tổ", "group", orphan)
    make_post(session, orphan, "chair")
    make_post(session, group, "group_leader")
    assert look(session, "D2-4c", province, date(2025, 6, 30))[0].denominator == 1
    assert look(session, "D2-4c", province)[0].state is State.no_data
    alone = look(session, "D2-4c", orphan)[0]
    assert (alone.denominator, alone.mapped) == (1, 0)


def test_a_post_counts_only_within_its_units_life(session, province):
    unit = make_unit(session, parent=province, members=300, founded="2026-01-01")
    make_post(session, unit, "chair", starts="2020-01-01")
    assert look(session, "D2-4c", province, date(2025, 12, 31))[0].state is State.no_data
    assert look(session, "D2-4c", province, date(2026, 1, 1))[0].denominator == 1


def test_lists_are_searched_narrowed_and_paged(session, province, commune):
    names = ["Đỗ Thị Huế", "Trần Văn Ánh", "Nguyễn Văn An", "Lê Thị Bình"]
    for name in names:
        make_post(session, commune, "specialist", make_person(session, name), full_time=True)
    make_post(session, province, "specialist", make_person(session, "Hà Văn Quý"), full_time=True)
    question, indicator = ask(session, D2, province, ON), D2.indicator("D2-3")

    def page(**wanted):
        found = people_page(session, indicator, question, Listed.untrained, **wanted)
        return [line.name for line in found.lines], found.total

    assert page(branch=commune.id) == (["Nguyễn Văn An", "Trần Văn Ánh", "Lê Thị Bình", "Đỗ Thị Huế"], 4)
    assert page(branch=province.id) == (["Hà Văn Quý"], 1)
    assert page(words="hue") == (["Đỗ Thị Huế"], 1)
    assert page(limit=2, offset=2) == (["Lê Thị Bình", "Đỗ Thị Huế"], 5)
    assert page(words="100%") == ([], 0)


def _course(session, owner, slug, groups, lessons=(12,), withdrawn=None, published=NOW):
    course = Course(slug=slug, owner_id=owner.id if owner else None, created_at=published, withdrawn_at=withdrawn)
    session.add(course)
    session.flush()
    for number, count in enumerate(lessons, start=1):
        session.add(
            CourseVersion(
                course_id=course.id,
                number=number,
                content_hash=f"{slug}{number}",
                published_at=published,
                title=slug,
                hours=8,
                lesson_count=count,
                areas=[],
                learner_groups=groups,
                manifest={},
            )
        )
    session.flush()


def test_content_built(session, province, commune):
    on = date(2026, 11, 21)
    _course(session, commune, "a", ["grassroots_chair", "grassroots_exec"], lessons=(10, 12))
    _course(session, province, "b", ["grassroots_chair"], lessons=(5,))
    _course(session, province, "c", ["fulltime"], withdrawn=NOW)
    _course(session, make_unit(session, "Nơi khác", "provincial"), "d", ["fulltime"])
    _course(session, None, "e", ["fulltime"])
    _course(session, province, "f", ["fulltime"], published=vn_day_end(on))
    found = elearning(session, ask(session, D2, province, on))
    assert (found.built.courses, found.built.lessons) == (2, 17)
    told = {group.value: (built.courses, built.lessons) for group, built in found.built_by_group.items()}
    assert told == {"grassroots_chair": (2, 17), "grassroots_exec": (1, 12)}
    earlier = elearning(session, ask(session, D2, province, date(2026, 11, 20)))
    assert earlier.built.courses == 0


def test_people_and_turns_online(session, province, commune):
    on = date(2028, 2, 29)
    first, second, third = (make_post(session, commune, "specialist").person for _ in range(3))
    make_record(session, first, mode="online", achieved="2028-02-29")
    make_record(session, first, mode="blended", achieved="2028-01-01")
    make_record(session, second, mode="in_person", achieved="2028-01-01")
    void_record(session, make_record(session, second, mode="online", achieved="2028-01-01"))
    make_record(session, second, mode="online", achieved="2027-02-28")
    make_record(session, third, mode="online", achieved="2027-03-01")
    make_record(session, make_person(session), mode="online", achieved="2028-01-01")
    found = elearning(session, ask(session, D2, province, on))
    counts = {count.code: (count.numerator, count.denominator, count.percent) for count in found.counts(roster=True)}
    assert counts == {
        "D2-E1": (0, None, None),
        "D2-E2": (1, 3, 33.3),
        "D2-E3": (2, None, None),
        "D2-E4": (1, 1, 0.0),
        "D2-E5": (2, 3, 66.7),
    }
    assert found.before_on == date(2027, 2, 28)


def test_the_reached_by_group_level_gender_and_full_time(session, province, commune):
    chair = make_post(session, make_unit(session, parent=commune), "chair", make_person(session, gender=Gender.male))
    make_post(session, commune, "specialist", chair.person, full_time=True)
    make_post(session, commune, "specialist", make_person(session, gender=None), full_time=None)
    make_record(session, chair.person, mode="online", achieved="2026-02-01")
    make_record(session, chair.person, mode="blended", achieved="2026-03-01")
    question = ask(session, D2, province, ON)
    found = reach_split(session, question)
    assert found.groups[LearnerGroup.grassroots_chair] == (1, 1)
    assert found.groups[LearnerGroup.womens_affairs] == (0, 0)
    assert (found.levels[Level.grassroots], found.levels[Level.direct_upper]) == ((1, 1), (2, 1))
    assert (found.genders[Gender.male], found.genders[Gender.female]) == ((1, 1), (0, 0))
    assert found.full_time == {True: (1, 1), False: (1, 1)}
    total, lines = learners_page(session, question, learned=True)
    assert (total, [(line.code, line.turns, line.last_on) for line in lines]) == (
        1,
        [(chair.person.code, 2, date(2026, 3, 1))],
    )
    assert learners_page(session, question, learned=False, words="nguyen")[0] == 1
    assert learners_page(session, question, learned=False, words=chair.person.code)[0] == 0


def test_no_comparison_with_a_year_in_which_the_unit_was_not(session):
    unit = make_unit(session, "LĐLĐ tỉnh mới", "provincial", founded="2026-01-01")
    make_post(session, unit, "chair", starts="2026-01-01")
    found = elearning(session, ask(session, D2, unit, ON))
    assert (found.learners_before, found.change) == (None, None)


def test_an_indicator_that_needs_an_absent_column_has_no_data(session, province, commune):
    """ROSTER.md: an absent column means unknown, not no; even where the rest of the rule finds somebody."""
    chair = make_post(session, make_unit(session, parent=commune, members=10), "chair", womens_affairs=None)
    make_post(session, commune, "specialist", full_time=True, womens_affairs=None)
    d4 = programmes()["D4"]
    question = ask(session, d4, province, ON)
    states = {found.indicator.code: found.state for found in values(session, question)}
    assert (states["D4-4"], states["D4-3"], states["D4-1a"]) == (State.no_data, State.not_met, State.not_met)
    split = values_by_child(session, d4.indicator("D4-4"), question)
    assert (split[commune.id].state, split[commune.id].denominator) == (State.no_data, 1)
    chair.womens_affairs = False
    session.flush()
    assert value(session, d4.indicator("D4-4"), question).state is State.not_met


def test_turns_of_unknown_mode_say_nothing_of_online_learning(session, commune):
    """ROSTER.md: without the column Hình thức nobody knows who learned online."""
    chair = make_post(session, make_unit(session, parent=commune, members=10))
    make_record(session, chair.person, mode=None, achieved="2026-02-01")
    found = elearning(session, ask(session, D2, commune, ON))
    assert {count.state for count in found.counts(roster=True) if count.code != "D2-E1"} == {State.no_data}
    make_record(session, chair.person, mode="in_person", achieved="2026-03-01")
    found = elearning(session, ask(session, D2, commune, ON))
    counts = {count.code: (count.numerator, count.denominator, count.state) for count in found.counts(roster=True)}
    assert counts["D2-E2"] == (0, 1, State.no_target)
    assert counts["D2-E5"] == (0, 2, State.no_target)
