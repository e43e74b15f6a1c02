"""Reading a whole course package: every file has its place, every fault its file and line."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from lms.catalogue.checks import check_package
from lms.catalogue.gift import Category, parse_gift
from lms.catalogue.lessons import read_lesson, report_names
from lms.catalogue.package import (
    CoursePackage,
    FinalRule,
    Kind,
    ModulePart,
    PassRule,
    QuizRule,
    Reference,
)
from lms.catalogue.question_yaml import read_question_yaml
from lms.catalogue.questions import Question
from lms.catalogue.source import Source, content_hash, decode, read_source
from lms.catalogue.vocabulary import AREAS, CERTIFICATE_KINDS, LEARNER_GROUPS
from lms.catalogue.yaml_reader import Reader, WordLists, Words, read_yaml
from lms.i18n import N_
from lms.problems import Problem

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_MODULE = re.compile(rf"(\d{{2}})-({_SLUG})")
_LESSON = re.compile(rf"(\d{{2}})-({_SLUG})(\.situation|\.assignment)?\.md")
_KINDS = {None: Kind.READING, ".situation": Kind.SITUATION, ".assignment": Kind.ASSIGNMENT}
_MEDIA = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.(?:png|jpe?g|webp|svg|pdf|mp3|mp4|vtt)")
_LAW_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_TOP = ("course.yaml", "final.gift", "final.questions.yaml")
_IN_MODULE = ("module.yaml", "quiz.gift", "quiz.questions.yaml")


def read_package(path: Path) -> CoursePackage:
    """Read and check a package in a folder or zip file; its faults are in `problems`, sorted by file and line."""
    return read_files(read_source(path))


def read_files(source: Source) -> CoursePackage:
    """Read and check a package from its files."""
    return _PackageReader(source).read()


class _PackageReader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems = list(source.problems)
        self.torn: set[str] = set()

    def fault(self, file: str, line: int, message: str, **params: object) -> None:
        self.problems.append(Problem(line, message, params, file))

    def text(self, path: str) -> str:
        return decode(self.source.files[path], path, self.problems)

    def read(self) -> CoursePackage:
        files = self.source.files
        if not files and self.source.problems:
            return CoursePackage(self.source.slug, content_hash(files), problems=self.source.problems)
        if not re.fullmatch(_SLUG, self.source.slug):
            message = N_("Tên thư mục khoá học chỉ gồm chữ thường không dấu, số và dấu gạch nối: %(slug)s")
            self.fault("course.yaml", 1, message, slug=self.source.slug)
        folders: dict[str, list[str]] = defaultdict(list)
        media: dict[str, bytes] = {}
        for path in sorted(files):
            folder, _, name = path.rpartition("/")
            if folder == "media" and _MEDIA.fullmatch(name):
                media[path] = files[path]
            elif _MODULE.fullmatch(folder) and (name in _IN_MODULE or _LESSON.fullmatch(name)):
                folders[folder].append(name)
            elif folder or name not in _TOP:
                self.fault(path, 1, N_("Tệp không theo quy ước đặt tên của gói khoá học."))
        course = CoursePackage(self.source.slug, content_hash(files), media=media)
        described = False
        if "course.yaml" in files:
            readers = read_yaml(self.text("course.yaml"), "course.yaml", self.problems)
            if readers:
                described = True
                course = replace(course, **self._course(readers[0]))
        else:
            self.fault("course.yaml", 1, N_("Thiếu tệp course.yaml."))
        modules = tuple(self._module(folder, folders[folder]) for folder in sorted(folders))
        self._same_slugs([(m.path, m.slug) for m in modules])
        course = replace(course, modules=modules, final_pool=self._pool("final"))
        self.problems += check_package(course, described=described, torn=self.torn)
        self.problems.sort(key=lambda problem: (problem.file, problem.line))
        return replace(course, problems=tuple(dict.fromkeys(self.problems)))

    def _same_slugs(self, named: list[tuple[str, str]]) -> None:
        seen: set[str] = set()
        for path, slug in named:
            if slug in seen:
                self.fault(path, 1, N_("Trùng tên (phần sau số thứ tự): %(slug)s"), slug=slug)
            seen.add(slug)

    def _course(self, top: Reader) -> dict[str, Any]:
        if top.text("format") not in ("1", ""):
            top.fault(top.line_of("format"), N_("Chỉ đọc được format: 1."))
        hours = top.number("hours", low=Decimal("0.5"), high=999)
        if hours % Decimal("0.5"):
            top.fault(top.line_of("hours"), N_("Số giờ phải là bội của 0,5."))
        found = {
            "title": top.words("title"),
            "summary": top.words("summary"),
            "learner_groups": top.texts("learner_groups", allowed=LEARNER_GROUPS),
            "areas": top.texts("areas", allowed=AREAS),
            "hours": hours,
            "objectives": top.word_lists("objectives"),
            "pass_rule": self._pass_rule(top.child("pass_rule")),
            "certificate_kind": self._certificate(top),
            "validity_months": top.whole("validity_months", low=0, high=600, default=0),
            "references": tuple(self._reference(row) for row in top.children("references", required=False)),
        }
        top.close()
        return found

    @staticmethod
    def _certificate(top: Reader) -> str:
        if not top.has_children("certificate"):
            return top.choice("certificate", ("none",))
        inner = top.child("certificate")
        kind = inner.choice("kind", CERTIFICATE_KINDS) if inner else "none"
        if inner:
            inner.close()
        return kind

    @staticmethod
    def _pass_rule(rule: Reader | None) -> PassRule:
        if rule is None:
            return PassRule()
        rule.choice("lessons", ("all",), default="all")
        quiz, final = rule.child("quiz", required=False), rule.child("final", required=False)
        found = PassRule(
            QuizRule(quiz.whole("pass_percent", low=0, high=100), quiz.whole("draw", low=1, high=500))
            if quiz
            else None,
            FinalRule(
                final.whole("pass_percent", low=0, high=100),
                final.whole("draw", low=1, high=500),
                final.whole("attempts", low=0, high=100, default=0),
                final.whole("wait_hours", low=0, high=8760, default=0),
            )
            if final
            else None,
        )
        for reader in (quiz, final, rule):
            if reader:
                reader.close()
        return found

    @staticmethod
    def _reference(row: Reader) -> Reference:
        law_ref = row.text("law_ref")
        if law_ref and not _LAW_REF.fullmatch(law_ref):
            row.fault(
                row.line_of("law_ref"),
                N_("law_ref chỉ gồm chữ không dấu, số, dấu chấm và gạch nối: %(id)s"),
                id=law_ref,
            )
        found = Reference(
            law_ref, row.words("title"), row.text("number", required=False), row.day("valid_from"),
            row.day("checked_on"), row.day("review_due"), row.line,
        )  # fmt: skip
        row.close()
        return found

    def _module(self, folder: str, names: list[str]) -> ModulePart:
        match = _MODULE.fullmatch(folder)
        title, objectives = Words(""), WordLists()
        path = f"{folder}/module.yaml"
        if "module.yaml" in names:
            for top in read_yaml(self.text(path), path, self.problems)[:1]:
                title, objectives = top.words("title"), top.word_lists("objectives")
                top.close()
        else:
            self.fault(path, 1, N_("Thiếu tệp module.yaml."))
        lessons = []
        numbers: set[str] = set()
        for name in sorted(names):
            if found := _LESSON.fullmatch(name):
                if found[1] in numbers:
                    self.fault(f"{folder}/{name}", 1, N_("Hai bài cùng số thứ tự %(number)s."), number=found[1])
                numbers.add(found[1])
                text = self.text(f"{folder}/{name}")
                lessons.append(read_lesson(text, f"{folder}/{name}", found[2], _KINDS[found[3]], self.problems))
        if not lessons:
            self.fault(path, 1, N_("Mô đun chưa có bài nào."))
        self._same_slugs([(lesson.path, lesson.slug) for lesson in lessons])
        slug = match[2] if match else folder
        return ModulePart(folder, slug, title, objectives, tuple(lessons), self._pool(f"{folder}/quiz"))

    def _pool(self, stem: str) -> tuple[Question, ...]:
        """The questions of `<stem>.gift` and `<stem>.questions.yaml`, each named, no name twice."""
        pool: list[tuple[str, Question]] = []
        gift, listed = f"{stem}.gift", f"{stem}.questions.yaml"
        if gift in self.source.files:
            found = parse_gift(self.text(gift))
            self.problems += [problem.moved(gift) for problem in found.problems]
            if found.problems:
                self.torn.add(gift)
            pool += [(gift, item) for item in found.items if not isinstance(item, Category)]
        if listed in self.source.files:
            pool += [(listed, q) for q in read_question_yaml(self.text(listed), listed, self.problems)]
        report_names(pool, self.problems)
        if not pool and gift not in self.torn and (gift in self.source.files or listed in self.source.files):
            self.fault(gift if gift in self.source.files else listed, 1, N_("Tệp không có câu hỏi nào."))
        return tuple(question for _, question in pool)
