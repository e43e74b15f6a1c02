"""An indicator as SQL: candidate posts, whether each one's holder is trained, and the verdict per person.

Nothing here reads a person at a time: every select works on whole sets, on both databases.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
)

from lms.audiences.queries import holds, posts_in
from lms.audiences.rules import Began, Election, PostRule
from lms.certificates.models import ActKind, Certificate, CertificateAct
from lms.indicators.rules import Case, ClockKind, Indicator, Programme, Reason, due_before, window_end, window_start
from lms.ledger.models import Area, TrainingRecord, TrainingRecordArea, TrainingRecordVoid
from lms.temporal import vn_day_end
from lms.units.models import Level, Post, Selection
from lms.units.tree import Above, level_then, members_on, subtree, term_start_on, workers_on

RANK = {reason: number for number, reason in enumerate(Reason, start=1)}
"""Verdict 0: in the denominator; otherwise the rank of the reason why not."""


@dataclass(frozen=True)
class Question:
    """What is asked: which programme, of which unit, as of which day, known by the end of which day (None: today's
    knowledge); `above` is what stands above the unit in the tree of that day."""

    programme: Programme
    unit_id: int
    on: date
    known_by: date | None = None
    above: Above = field(default_factory=Above)


def counting(question: Question) -> ColumnElement[bool]:
    """Condition on `TrainingRecord`: not voided and recorded, as known by the end of K (PROGRAMMES.md, rule 3)."""
    void = exists().where(TrainingRecordVoid.record_id == TrainingRecord.id)
    if question.known_by is None:
        return ~void
    end = vn_day_end(question.known_by)
    return and_(TrainingRecord.recorded_at < end, ~void.where(TrainingRecordVoid.voided_at < end))


def candidates(indicator: Indicator, question: Question) -> CTE:
    """The posts that are in the denominator or left out for a reason worth telling.

    Columns: `post_id`, `person_id`, `unit_id`, `branch_id`, `verdict` (see RANK), `case_no` (the case of the rule for
    training that fits), `term_start`, `required_level` and `mapped` (1: another level delivers in place of the one
    that is not there).
    """
    on, rule = question.on, indicator.population
    tree = subtree(question.unit_id, on, question.above)
    required, mapped = _required_level(indicator, tree)
    term_start = term_start_on(Post.unit_id, on) if _needs_term(indicator) else null()
    broad = holds(replace(rule.without_unit_facts(), election=None, began=None), on)
    posts = (
        posts_in(tree, on)
        .add_columns(
            Post.id.label("post_id"),
            Post.person_id.label("person_id"),
            Post.unit_id.label("unit_id"),
            tree.c.branch_id.label("branch_id"),
            _verdict(indicator, on).label("verdict"),
            _case_no(indicator.trained.cases, on).label("case_no"),
            term_start.label("term_start"),
            required.label("required_level"),
            mapped.label("mapped"),
        )
        .where(or_(broad, broad.is_(None)))
        .cte("posts")
    )
    return select(posts).where(posts.c.verdict.is_not(None)).cte("candidates").prefix_with("MATERIALIZED")


def _needs_term(indicator: Indicator) -> bool:
    due = indicator.deadline is not None and indicator.deadline.term_years is not None
    return indicator.clock is ClockKind.term or due


def _required_level(indicator: Indicator, tree: CTE) -> tuple[ColumnElement[str | None], ColumnElement[int]]:
    level = indicator.trained.delivered_level
    wanted: ColumnElement[str | None] = literal(level.value if level else None, String)
    if not indicator.trained.level_mapping:
        return wanted, literal(0)
    missing = and_(tree.c.direct_upper_above == 0, tree.c.upper_level.is_not(None))
    return (
        case((missing, tree.c.upper_level), else_=wanted),
        case((and_(missing, tree.c.upper_level != Level.direct_upper.value), 1), else_=0),
    )


def _case_no(cases: tuple[Case, ...], on: date) -> ColumnElement[int]:
    if len(cases) == 1 and cases[0].when == PostRule():
        return literal(0)
    return case(*((holds(one.when, on), number) for number, one in enumerate(cases)))


def _fits(cases: tuple[Case, ...], on: date) -> ColumnElement[bool]:
    """Whether a case fits: null where an earlier case than the one that fits is unknown."""
    if len(cases) == 1 and cases[0].when == PostRule():
        return true()
    steps = []
    for one in cases:
        condition = holds(one.when, on)
        steps += [(condition, literal(1)), (condition.is_(None), null())]
    return case(*steps, else_=literal(0)) == 1


def _verdict(indicator: Indicator, on: date) -> ColumnElement[int | None]:
    rule, fits = indicator.population, _fits(indicator.trained.cases, on)
    inside = holds(rule, on)
    steps: list[tuple[ColumnElement[bool], ColumnElement[int]]] = [(and_(inside, fits), literal(0))]
    if rule.election is Election.newly_elected:
        designated = and_(holds(replace(rule, election=None), on), Post.selection == Selection.designated, fits)
        steps.append((designated, literal(RANK[Reason.designated])))
    if fits is not true():
        steps.append((and_(inside, ~fits), literal(RANK[Reason.no_requirement])))
    known = and_(holds(rule.without_unit_facts(), on), fits)
    unknown = and_(inside, fits).is_(None)
    for name, latest, reason in (
        ("members", members_on, Reason.members_unknown),
        ("workers", workers_on, Reason.workers_unknown),
    ):
        if rule.needs(name):
            steps.append((and_(unknown, known, latest(Post.unit_id, on).is_(None)), literal(RANK[reason])))
    if rule.needs("sectors") or rule.needs("kinds"):
        steps.append((and_(unknown, known), literal(RANK[Reason.sector_unknown])))
    steps.append((unknown, literal(RANK[Reason.flag_unknown])))
    return case(*steps)


def record_matches(indicator: Indicator, question: Question, posts: CTE) -> ColumnElement[bool]:
    """Condition: a `TrainingRecord` counts for a candidate post, its areas left aside."""
    clock, programme, on = indicator.clock, question.programme, question.on
    parts = [
        TrainingRecord.person_id == posts.c.person_id,
        TrainingRecord.achieved_on <= window_end(clock, programme, on),
        counting(question),
    ]
    if clock is ClockKind.term:
        parts.append(TrainingRecord.achieved_on >= posts.c.term_start)
    start = window_start(clock, programme, on)
    if start is not None:
        parts.append(TrainingRecord.achieved_on >= start)
    if indicator.trained.delivered_level is not None:
        then = level_then(TrainingRecord.delivered_by_id, TrainingRecord.achieved_on)
        level = func.coalesce(cast(TrainingRecord.delivered_level, String), cast(then, String))
        parts.append(level == posts.c.required_level)
    if indicator.trained.certificate:
        parts.append(_certified(question))
    return and_(*parts)


def _certified(question: Question) -> ColumnElement[bool]:
    """A number in the register that is in force on D, or, where the register has none, a number recorded."""
    on = question.on
    registered = exists().where(Certificate.record_id == TrainingRecord.id)
    revoked = exists().where(
        CertificateAct.certificate_id == Certificate.id,
        CertificateAct.kind == ActKind.revoked,
        CertificateAct.effective_on <= on,
    )
    if question.known_by is not None:
        end = vn_day_end(question.known_by)
        registered = registered.where(Certificate.created_at < end)
        revoked = revoked.where(CertificateAct.recorded_at < end)
    valid = registered.where(
        Certificate.issued_on <= on, or_(Certificate.expires_on.is_(None), Certificate.expires_on > on), ~revoked
    )
    recorded = and_(TrainingRecord.certificate_no.is_not(None), TrainingRecord.certificate_no != "")
    return or_(valid, and_(~registered, recorded))


def _has(indicator: Indicator, question: Question, posts: CTE, areas: tuple[Area, ...]) -> ColumnElement[bool]:
    query = select(literal(1)).select_from(TrainingRecord).where(record_matches(indicator, question, posts))
    if areas:
        query = query.join(TrainingRecordArea).where(TrainingRecordArea.area.in_(areas))
    return query.correlate(posts).exists()


def _is_trained(indicator: Indicator, question: Question, posts: CTE) -> ColumnElement[bool]:
    steps = []
    for number, one in enumerate(indicator.trained.cases):
        if one.every:
            met = and_(*(_has(indicator, question, posts, (area,)) for area in one.areas))
        else:
            met = _has(indicator, question, posts, one.areas)
        steps.append(and_(posts.c.case_no == number, met))
    return or_(false(), *steps)


def judged(indicator: Indicator, question: Question) -> CTE:
    """The candidate posts with `trained`, `late` (deadline passed) and `term_unknown`, each 0 or 1."""
    posts = candidates(indicator, question)
    inside = posts.c.verdict == 0
    late: ColumnElement[int] = literal(0)
    if indicator.deadline is not None and indicator.deadline.term_years is not None:
        late = case((posts.c.term_start < due_before(question.on, indicator.deadline.term_years), 1), else_=0)
    elif indicator.deadline is not None and indicator.deadline.on is not None:
        late = literal(int(indicator.deadline.on < question.on))
    no_term: ColumnElement[int] = literal(0)
    if indicator.clock is ClockKind.term or indicator.population.began is Began.term:
        no_term = case((posts.c.term_start.is_(None), 1), else_=0)
    trained = case((and_(inside, _is_trained(indicator, question, posts)), 1), else_=0)
    return select(posts, trained.label("trained"), late.label("late"), no_term.label("term_unknown")).cte("judged")


def people(indicator: Indicator, question: Question, *, by_branch: bool = False, branch: int | None = None) -> Subquery:
    """One row per person (per branch and person with `by_branch`), 0/1 columns: `inside` the denominator, `trained`,
    `late`, `term_unknown`, `mapped`; `reason` is the rank of the first reason why not inside;
    `flag_unknown`: a post was left out for that, whatever the first reason.

    `branch`: only people with a candidate post in that branch, or in the unit itself (`branch` = the unit's own id).
    """
    posts = judged(indicator, question)
    inside = posts.c.verdict == 0
    key = [posts.c.branch_id, posts.c.person_id] if by_branch else [posts.c.person_id]

    def any_of(column: ColumnElement[int]) -> ColumnElement[int]:
        return func.max(case((inside, column), else_=0))

    trained = (
        func.min(case((inside, posts.c.trained), else_=1)) if indicator.trained.all_posts else any_of(posts.c.trained)
    )
    query: Select[*tuple[int, ...]] = select(
        *key,
        func.max(case((inside, 1), else_=0)).label("inside"),
        trained.label("trained"),
        any_of(posts.c.late).label("late"),
        any_of(posts.c.term_unknown).label("term_unknown"),
        any_of(posts.c.mapped).label("mapped"),
        func.min(case((~inside, posts.c.verdict))).label("reason"),
        func.max(case((posts.c.verdict == RANK[Reason.flag_unknown], 1), else_=0)).label("flag_unknown"),
    ).group_by(*key)
    if branch is not None:
        where = posts.c.branch_id.is_(None) if branch == question.unit_id else posts.c.branch_id == branch
        query = query.having(func.max(case((where, 1), else_=0)) == 1)
    return query.subquery("people")
