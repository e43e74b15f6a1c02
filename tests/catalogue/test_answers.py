"""The right response of every question of the shipped courses earns the whole mark."""

from __future__ import annotations

import pytest

from lms.catalogue.answers import right_response
from lms.catalogue.grading import grade
from lms.catalogue.package_reader import read_package
from lms.catalogue.questions import AUTO_GRADED, Essay, Text
from lms.settings import resource

COURSES = sorted(path.parent for path in resource("courses").glob("*/course.yaml"))


@pytest.mark.parametrize("folder", COURSES, ids=lambda folder: folder.name)
def test_every_shipped_question_can_be_answered_rightly(folder):
    package = read_package(folder)
    pools = [module.pool for module in package.modules] + [package.final_pool]
    questions = [question for pool in pools for question in pool if isinstance(question, AUTO_GRADED)]
    assert len(questions) >= 40
    wrong = [question.name for question in questions if not grade(question, right_response(question)).correct]
    assert wrong == []


def test_what_people_mark_has_no_right_response():
    with pytest.raises(TypeError):
        right_response(Essay(name="ke-hoach", stem=Text("Viết kế hoạch.")))
