"""Branching situations: scenes with choices, and whether every path through them makes sense."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.i18n import N_
from lms.problems import Problem

_SCENE = re.compile(r"##\s+(?P<id>[^|]+?)\s*\|\s*(?P<title>.+?)\s*$")
_CHOICE = re.compile(
    r"[-*]\s+\[(?P<text>.+?)\]\(#(?P<target>[^)\s]+)\)\s*(?P<points>[+\u2212-]?\d{1,3})?\s*(?::\s*(?P<after>.*))?$"
)
_LIKE_CHOICE = re.compile(r"[-*]\s+\[.+\]\(#")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_STEPS = 50_000
_CHOICE_FORM = N_("Lựa chọn phải có dạng: - [việc làm](#ma-canh) +2 : hệ quả")


@dataclass(frozen=True)
class SceneChoice:
    """A choice: what one does, where it leads, the points it gives, what comes of it."""

    text: str
    target: str
    points: int
    consequence: str


@dataclass(frozen=True)
class Scene:
    """A scene; without choices it is an end."""

    id: str
    title: str
    text: str
    line: int
    choices: tuple[SceneChoice, ...] = ()


@dataclass(frozen=True)
class Situation:
    """A situation; the first scene is its start."""

    points_max: int
    scenes: tuple[Scene, ...]


def read_situation(body: str, points_max: int, *, file: str, first_line: int, problems: list[Problem]) -> Situation:
    """Read the scenes from the body of a situation file; `first_line` is the line of the file where the body begins."""
    scenes: list[Scene] = []
    head: tuple[str, str, int] | None = None
    text: list[str] = []
    choices: list[SceneChoice] = []
    fenced = in_choice = False

    def fault(line: int, message: str, **params: object) -> None:
        problems.append(Problem(line, message, params, file))

    def finish() -> None:
        if head is not None:
            words = "\n".join(text).strip("\n")
            scenes.append(Scene(head[0], head[1], words, head[2], tuple(choices)))
        text.clear()
        choices.clear()

    for number, line in enumerate(body.split("\n"), start=first_line):
        fenced ^= line.startswith("```")
        if not fenced and line.startswith("## "):
            finish()
            match = _SCENE.match(line)
            if match is None or not _SLUG.fullmatch(match["id"]):
                fault(number, N_("Tên cảnh phải có dạng: ## ma-canh | Tên cảnh"))
            words = line.removeprefix("## ").strip()
            head = (match["id"], match["title"], number) if match else (words, words, number)
        elif head is None:
            if line.strip():
                fault(number, N_("Chữ đứng trước cảnh đầu tiên (## ma-canh | Tên cảnh)."))
                head = ("", "", number)
        elif not fenced and (match := _CHOICE.match(line)):
            if match["points"] is None or not (match["after"] or "").strip():
                fault(number, _CHOICE_FORM)
            points = int((match["points"] or "0").replace("\u2212", "-"))
            choices.append(SceneChoice(match["text"], match["target"], points, (match["after"] or "").strip()))
        elif not fenced and _LIKE_CHOICE.match(line):
            fault(number, _CHOICE_FORM)
            in_choice = True
            continue
        elif in_choice and line.startswith((" ", "\t")) and line.strip():
            last = choices.pop()
            choices.append(
                SceneChoice(last.text, last.target, last.points, f"{last.consequence} {line.strip()}".strip())
            )
            continue
        else:
            text.append(line)
        in_choice = False
    finish()
    situation = Situation(points_max, tuple(scene for scene in scenes if scene.id))
    _check(situation, file, first_line, problems)
    return situation


def _check(situation: Situation, file: str, first_line: int, problems: list[Problem]) -> None:
    def fault(line: int, message: str, **params: object) -> None:
        problems.append(Problem(line, message, params, file))

    scenes = {scene.id: scene for scene in reversed(situation.scenes)}
    if not situation.scenes:
        fault(first_line, N_("Tình huống chưa có cảnh nào."))
        return
    met: set[str] = set()
    for scene in situation.scenes:
        if scene.id in met:
            fault(scene.line, N_("Hai cảnh cùng mã %(scene)s."), scene=scene.id)
        met.add(scene.id)
        for choice in scene.choices:
            if choice.target not in scenes:
                fault(scene.line, N_("Lựa chọn dẫn đến cảnh không có: #%(scene)s"), scene=choice.target)
    ways = {s.id: [c.target for c in s.choices if c.target in scenes] for s in situation.scenes}
    reached, waiting = set[str](), [situation.scenes[0].id]
    while waiting:
        scene_id = waiting.pop()
        if scene_id not in reached:
            reached.add(scene_id)
            waiting += ways[scene_id]
    ending = {scene.id for scene in situation.scenes if not scene.choices}
    while grown := {s for s, to in ways.items() if s not in ending and ending & set(to)}:
        ending |= grown
    for scene_id, scene in scenes.items():
        if scene_id not in reached:
            fault(scene.line, N_("Không có đường nào dẫn đến cảnh %(scene)s."), scene=scene_id)
        if scene_id not in ending:
            fault(scene.line, N_("Từ cảnh %(scene)s không đi được đến kết thúc nào."), scene=scene_id)
    best = most_points(situation)
    if best is not None and best != situation.points_max:
        fault(1, N_("points_max là %(written)d, nhưng đường đi tốt nhất được %(best)d điểm."),
              written=situation.points_max, best=best)  # fmt: skip


def most_points(situation: Situation) -> int | None:
    """The most points of a way to an end that visits no scene twice; None where there is none or too many to try."""
    scenes = {scene.id: scene for scene in reversed(situation.scenes)}
    best: int | None = None
    waiting: list[tuple[str, int, frozenset[str]]] = [(situation.scenes[0].id, 0, frozenset())]
    for _ in range(_MAX_STEPS):
        if not waiting:
            return best
        scene_id, points, before = waiting.pop()
        scene = scenes.get(scene_id)
        if scene is None or scene_id in before:
            continue
        if not scene.choices:
            best = points if best is None else max(best, points)
        waiting += [(c.target, points + c.points, before | {scene_id}) for c in scene.choices]
    return None
