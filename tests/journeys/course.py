"""A short course for journeys: two lessons and a final test whose right options are known by their words."""

from __future__ import annotations

from pathlib import Path

RIGHT = "Phương án đúng"

_COURSE = """format: 1
title: {vi: "Kỹ năng của Chủ tịch công đoàn cơ sở", en: "Skills of the grassroots union chair"}
summary: {vi: "Khoá ngắn để thử trọn con đường.", en: "A short course to try the whole way."}
learner_groups: [grassroots_chair]
areas: [chair_skills, union_practice]
hours: 1.5
objectives: {vi: ["Biết việc của chủ tịch"], en: ["Know what a chair does"]}
pass_rule:
  lessons: all
  final: {pass_percent: 80, draw: 4, attempts: 3, wait_hours: 24}
certificate: {kind: completion_certificate}
validity_months: 0
references:
  - law_ref: luat-50
    title: {vi: "Luật Công đoàn 2024", en: "Trade Union Law 2024"}
    number: 50/2024/QH15
    valid_from: 2025-07-01
    checked_on: 2026-11-21
    review_due: 2027-05-21
"""

_LESSON = """---
title: {{vi: "{title}", en: "Lesson {number}"}}
minutes: 5
---
Chủ tịch và phó chủ tịch có 24 giờ mỗi tháng cho công việc công đoàn,
theo [Luật Công đoàn 2024, Điều 27](law:luat-50#27).

## Nhớ một điều

- Thời gian này được trả lương.

```gift
::bai-{number}::Chủ tịch có bao nhiêu giờ mỗi tháng? {{
  =24 giờ#Đúng rồi.
  ~12 giờ#Đó là mức của uỷ viên ban chấp hành.
  ####Luật Công đoàn 2024, Điều 27.
}}
```
"""

_QUESTION = """::cuoi-{number}::Câu cuối khoá số {number}? {{
  ={right} {number}#Đúng.
  ~Phương án sai {number}#Chưa đúng.
}}

"""


def write_course(folder: Path) -> Path:
    """Write the package below `folder` and return its path."""
    package = folder / "ky-nang-chu-tich"
    module = package / "01-viec-cua-chu-tich"
    module.mkdir(parents=True)
    (package / "course.yaml").write_text(_COURSE, "utf-8")
    (module / "module.yaml").write_text(
        'title: {vi: "Việc của chủ tịch", en: "What a chair does"}\nobjectives: {vi: ["Biết"], en: ["Know"]}\n', "utf-8"
    )
    for number, title in ((1, "Hai mươi bốn giờ"), (2, "Tuần đầu tiên")):
        (module / f"{number:02d}-bai-{number}.md").write_text(_LESSON.format(number=number, title=title), "utf-8")
    questions = "".join(_QUESTION.format(number=number, right=RIGHT) for number in range(1, 7))
    (package / "final.gift").write_text(questions, "utf-8")
    return package
