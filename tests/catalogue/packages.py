"""A small good course package, to be spoilt one file at a time."""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image

from lms.catalogue.package import CoursePackage
from lms.catalogue.package_reader import read_files
from lms.catalogue.source import Source

COURSE = """format: 1
title: {vi: "Khoá thử", en: "Trial course"}
summary: {vi: "Một câu.", en: "One sentence."}
learner_groups: [grassroots_chair]
areas: [chair_skills, union_practice]
hours: 1.5
objectives: {vi: ["Biết"], en: ["Know"]}
pass_rule:
  lessons: all
  quiz: {pass_percent: 60, draw: 1}
  final: {pass_percent: 80, draw: 2, attempts: 3, wait_hours: 24}
certificate: {kind: completion_certificate}
validity_months: 24
references:
  - law_ref: luat-50
    title: {vi: "Luật Công đoàn 2024", en: "Trade Union Law 2024"}
    number: 50/2024/QH15
    valid_from: 2025-07-01
    checked_on: 2026-11-21
    review_due: 2027-05-21
"""
LESSON = """---
title: {vi: "Bài một", en: "Lesson one"}
minutes: 8
---
Mở đầu, xem [bài hai](02-hai.situation.md) và [Luật, Điều 27](law:luat-50#27)[^1].

## Mục

![Sơ đồ](../media/so-do.svg "Hình 1")

```gift
::trong-bai::Đúng không? {T#Chưa.#Đúng rồi.}
```

Sau câu hỏi ![ảnh](../media/anh.png) nhỏ.

[^1]: Chú thích.
"""
SITUATION = """---
title: {vi: "Tình huống", en: "Situation"}
minutes: 5
points_max: 2
---
## dau | Mở đầu

Chuyện xảy ra.

- [Hỏi](#cuoi) +2 : Tốt.
- [Chờ](#dau) 0 : Mất thời gian.

## cuoi | Kết thúc

!!! reflection "Nhìn lại"
    Nghĩ lại xem.
"""
ASSIGNMENT = """---
title: {vi: "Bài làm"}
minutes: 30
optional: true
submit: both
rubric:
  - {criterion: "Rõ", points: 4, levels: ["kém", "tốt"]}
---
Viết kế hoạch.
"""
QUIZ = """// Câu hỏi
::m1-a::Chọn {=a#tốt ~b}

::m1-b::Số? {#5}
"""
FINAL = """::c-a::Một {T}

::c-b::Hai {=x =y}

::c-c::Ba {=a->1 =b->2}
"""
YAML = """- id: xep
  type: ordering
  stem: "Xếp."
  items: ["a", "b"]
- id: dien
  type: cloze
  stem: "Trước {{1}} ngày, sau {{2}}."
  blanks: {1: {answers: ["5", "năm"]}, 2: {number: 5, tolerance: 0}}
- id: viet
  type: essay
  stem: "Viết."
  rubric:
    - {criterion: "Rõ", points: 4, levels: ["kém", "tốt"]}
"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"><title>x</title><path d="M0 0"/></svg>'


def png(width: int = 20, height: int = 10) -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return out.getvalue()


def good_files() -> dict[str, bytes]:
    """The files of the good package."""
    texts = {
        "course.yaml": COURSE,
        "01-mot/module.yaml": 'title: {vi: "Mô đun một", en: "One"}\nobjectives: {vi: ["Hiểu"]}\n',
        "01-mot/01-mot.md": LESSON,
        "01-mot/02-hai.situation.md": SITUATION,
        "01-mot/03-ba.assignment.md": ASSIGNMENT,
        "01-mot/quiz.gift": QUIZ,
        "01-mot/quiz.questions.yaml": YAML,
        "final.gift": FINAL,
    }
    files = {path: text.encode() for path, text in texts.items()}
    return files | {"media/so-do.svg": SVG, "media/anh.png": png()}


def package(changes: Mapping[str, str | bytes | None] = {}, slug: str = "khoa-thu") -> CoursePackage:
    """The package with some files replaced, or taken away (None)."""
    files = good_files()
    for path, content in changes.items():
        if content is None:
            del files[path]
        else:
            files[path] = content.encode() if isinstance(content, str) else content
    return read_files(Source(slug, files))
