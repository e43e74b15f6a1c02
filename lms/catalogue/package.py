"""A course package as frozen values: everything that its files say, before anything is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lms.catalogue.questions import Criterion, Question
from lms.catalogue.situations import Situation
from lms.catalogue.yaml_reader import WordLists, Words
from lms.problems import Problem


class Kind(StrEnum):
    """What a lesson is."""

    READING = "reading"
    SITUATION = "situation"
    ASSIGNMENT = "assignment"


@dataclass(frozen=True)
class Reference:
    """A law that the course rests on, and when the lessons were last compared with it."""

    law_ref: str
    title: Words
    number: str
    valid_from: date | None
    checked_on: date | None
    review_due: date | None
    line: int = 0


@dataclass(frozen=True)
class QuizRule:
    """How each module quiz is passed; attempts are not limited."""

    pass_percent: int
    draw: int


@dataclass(frozen=True)
class FinalRule:
    """How the final test is passed; `attempts` 0 = no limit, `wait_hours` pause before used-up attempts come again."""

    pass_percent: int
    draw: int
    attempts: int
    wait_hours: int


@dataclass(frozen=True)
class PassRule:
    """What completes the course, besides reading every lesson that is not optional."""

    quiz: QuizRule | None = None
    final: FinalRule | None = None


@dataclass(frozen=True)
class Block:
    """Questions in the flow of a lesson, and the lines of the body that they take."""

    first: int
    last: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Assignment:
    """What is handed in and how it is judged."""

    submit: str
    rubric: tuple[Criterion, ...]


@dataclass(frozen=True)
class Lesson:
    """A lesson. `body` is its Markdown, which begins at `body_line` of the file; `blocks` are its fenced questions."""

    path: str
    slug: str
    kind: Kind
    title: Words
    minutes: int
    optional: bool
    body: str
    body_line: int
    blocks: tuple[Block, ...] = ()
    situation: Situation | None = None
    assignment: Assignment | None = None


@dataclass(frozen=True)
class ModulePart:
    """A module; `pool` are the questions of its quiz, none when it has no quiz."""

    path: str
    slug: str
    title: Words
    objectives: WordLists
    lessons: tuple[Lesson, ...]
    pool: tuple[Question, ...] = ()


@dataclass(frozen=True)
class CoursePackage:
    """A whole course. `media` are its files by path; `problems` what must be mended before it can be published."""

    slug: str
    content_hash: str
    title: Words = field(default_factory=lambda: Words(""))
    summary: Words = field(default_factory=lambda: Words(""))
    learner_groups: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    hours: Decimal = Decimal(0)
    objectives: WordLists = field(default_factory=WordLists)
    pass_rule: PassRule = field(default_factory=PassRule)
    certificate_kind: str = "none"
    validity_months: int = 0
    references: tuple[Reference, ...] = ()
    modules: tuple[ModulePart, ...] = ()
    final_pool: tuple[Question, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()

    def lessons(self) -> Iterator[tuple[ModulePart, Lesson]]:
        """Every lesson with its module, in order."""
        for module in self.modules:
            for lesson in module.lessons:
                yield module, lesson
