"""From a lesson's Markdown and questions to what is stored: sanitised HTML in segments, questions with safe texts."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from lms.catalogue.package import CoursePackage, Lesson
from lms.catalogue.questions import (
    ChoiceQuestion,
    Matching,
    Numerical,
    Ordering,
    Question,
    ShortAnswer,
    Text,
    TextFormat,
    TrueFalse,
    to_json,
)
from lms.catalogue.situations import SceneChoice
from lms.markup import Rendered, render, render_inline, to_phrase, too_much
from lms.markup_tree import Media
from lms.problems import Problem
from lms.sanitise import plain_text, sanitise


@dataclass
class Renderer:
    """Renders the texts of a course; `media` says where its files are served from. Collects faults, laws and media."""

    course: CoursePackage
    media: Mapping[str, Media]
    problems: list[Problem] = field(default_factory=list)
    citations: list[tuple[str, str, int]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._places = {lesson.path: place for place, (_, lesson) in enumerate(self.course.lessons(), start=1)}
        self._file, self._line = "", 1

    def markdown(self, text: str, path: str, line: int, **options: Any) -> Rendered:
        """Render a piece of the file `path` whose first line is `line`."""
        folder = posixpath.dirname(path)

        def there(target: str) -> str:
            return posixpath.normpath(posixpath.join(folder, target))

        def link(target: str) -> str | None:
            bare, _, fragment = target.partition("#")
            if (name := there(bare)) in self._places:
                address = f"/hoc/{self.course.slug}/bai/{self._places[name]}"
                return f"{address}#{fragment}" if fragment else address
            found = media(bare)
            return found.url if found else None

        def media(target: str) -> Media | None:
            name = there(target)
            if name in self.media:
                self.used.add(name)
            return self.media.get(name)

        found = render(text, resolve_link=link, resolve_media=media, **options)
        self.problems += [problem.moved(path, line - 1) for problem in found.problems]
        self.citations += [(law, path, line) for law, _ in found.citations]
        return found

    def text(self, text: Text, path: str, line: int, *, phrase: bool) -> Text:
        """A text of a question as safe HTML; with `phrase` only what may stand in a label."""
        if fault := too_much(text.text):
            self.problems.append(Problem(line, fault.message, fault.params, path))
            return Text("", TextFormat.SAFE)
        if text.format is TextFormat.MARKDOWN:
            html = self.markdown(text.text, path, line).html
        elif text.format is TextFormat.PLAIN:
            html = escape(text.text, quote=False).replace("\n", "<br>")
        elif text.format is TextFormat.MOODLE:
            html = sanitise(text.text.replace("\n", "<br>"))
        else:
            html = sanitise(text.text)
        single = re.fullmatch(r"\s*<p>((?:(?!</?p>).)*)</p>\s*", html, re.S)
        return Text(to_phrase(html) if phrase else single[1] if single else html.strip(), TextFormat.SAFE)

    def question(self, question: Question, path: str) -> Question:
        """The question with every text as safe HTML."""

        def safe(text: Text, *, phrase: bool = True) -> Text:
            return self.text(text, path, question.line, phrase=phrase)

        def maybe(text: Text | None) -> Text | None:
            return text and safe(text)

        new: dict[str, Any] = {"stem": safe(question.stem, phrase=False), "feedback": maybe(question.feedback)}
        if isinstance(question, TrueFalse):
            new |= {"if_wrong": maybe(question.if_wrong), "if_right": maybe(question.if_right)}
        elif isinstance(question, ChoiceQuestion):
            options = (replace(c, text=safe(c.text), feedback=maybe(c.feedback)) for c in question.choices)
            new |= {"choices": tuple(options)}
        elif isinstance(question, Matching):
            new |= {"pairs": tuple(replace(p, left=safe(p.left)) for p in question.pairs)}
        elif isinstance(question, Ordering):
            new |= {"items": tuple(replace(i, text=safe(i.text)) for i in question.items)}
        elif isinstance(question, ShortAnswer):
            new |= {"answers": tuple(replace(a, feedback=maybe(a.feedback)) for a in question.answers)}
        elif isinstance(question, Numerical):
            new |= {"answers": tuple(replace(n, feedback=maybe(n.feedback)) for n in question.answers)}
        changed: Question = replace(question, **new)
        return changed

    def body(self, lesson: Lesson) -> tuple[list[dict[str, Any]], str]:
        """The lesson in segments of reading order (`{"html"}`, `{"question"}`), and its words."""
        if lesson.situation is not None:
            return self._situation(lesson)
        lines = lesson.body.split("\n")
        stamp = "cau" + hashlib.sha256(lesson.body.encode("utf-8", "replace")).hexdigest()[:16]
        for index, block in enumerate(lesson.blocks):
            lines[block.first : block.last + 1] = ["", f"{stamp}n{index}x"] + [""] * (block.last - block.first - 1)
        found = self.markdown("\n".join(lines), lesson.path, lesson.body_line)
        segments: list[dict[str, Any]] = []
        words: list[str] = []
        parts = re.split(rf"<p>{stamp}n(\d+)x</p>", found.html)
        for index, part in enumerate(parts):
            if index % 2 == 0:
                if part.strip():
                    segments.append({"html": part.strip()})
                    words.append(plain_text(part))
                continue
            for question in lesson.blocks[int(part)].questions:
                safe = self.question(question, lesson.path)
                segments.append({"question": to_json(safe)})
                words.append(plain_text(safe.stem.text))
        return segments, " ".join(words)

    def _situation(self, lesson: Lesson) -> tuple[list[dict[str, Any]], str]:
        """The scenes as plain reading: each with its text and its choices, linked by their ids."""
        segments: list[dict[str, Any]] = []
        words: list[str] = []
        titles = {scene.id: scene.title for scene in lesson.situation.scenes} if lesson.situation else {}
        for scene in lesson.situation.scenes if lesson.situation else ():
            found = self.markdown(scene.text, lesson.path, scene.line + 1, prefix=f"{scene.id}-", top=3)
            head = f'<h2 id="{escape(scene.id)}">{escape(scene.title)}</h2>'
            ways = "".join(self._way(choice, titles, lesson.path, scene.line) for choice in scene.choices)
            html = sanitise(head + found.html + (f"<ul>{ways}</ul>" if ways else ""))
            segments.append({"html": html})
            words.append(plain_text(html))
        return segments, " ".join(words)

    def _way(self, choice: SceneChoice, titles: Mapping[str, str], path: str, line: int) -> str:
        after = to_phrase(self.markdown(choice.consequence, path, line).html)
        link = f'<a href="#{escape(choice.target)}">→ {escape(titles.get(choice.target, choice.target))}</a>'
        return f"<li><p><strong>{render_inline(choice.text)}</strong></p><p>{after} {link}</p></li>"
