"""Every act that is recorded has words on the page of the trail."""

from __future__ import annotations

import ast
from pathlib import Path

import lms
from lms.web.roles.words import ACTIONS, SUBJECTS

RECORDERS = {"record", "audit"}


def recorded_actions() -> set[str]:
    """Actions written out in calls of the recorder anywhere in the package."""
    found = set()
    for path in Path(lms.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RECORDERS:
                found |= {arg.value for arg in node.args[2:3] if isinstance(arg, ast.Constant)}
    return found


def test_every_act_has_words():
    recorded = recorded_actions()
    assert len(recorded) > 10
    assert recorded - set(ACTIONS) == set()


def test_every_act_belongs_to_a_subject_one_can_filter_by():
    assert {action.partition(".")[0] for action in ACTIONS} == set(SUBJECTS)
