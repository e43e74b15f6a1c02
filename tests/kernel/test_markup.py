"""Markdown to safe HTML: what authors may write, what is refused, and the public XSS vectors."""

import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.markup import Rendered, render, render_inline, to_phrase
from lms.markup_tree import Media
from lms.sanitise import BLOCKS, PHRASING, sanitise

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "xss" / "vectors.json"


def lesson(text: str) -> Rendered:
    return render(
        text,
        resolve_link=lambda target: "/khoa/b" if target == "../02-x/01-y.md" else None,
        resolve_media=lambda path: Media("/m/a.webp", 640, 360) if path == "../media/a.webp" else None,
    )


class Safe(HTMLParser):
    """Fails on anything outside the allow-list."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = (PHRASING | BLOCKS)[tag]
        for name, value in attrs:
            assert name in allowed
            assert not name.startswith("on")
            assert name != "style"
            if name in ("href", "src"):
                bare = re.sub(r"[\x00-\x20]+", "", value or "").lower()
                assert not re.match(r"(?!https?:|mailto:|tel:)[a-z][a-z0-9+.-]*:", bare)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


def assert_safe(html: str) -> None:
    parser = Safe(convert_charrefs=True)
    parser.feed(html)
    parser.close()
    assert not re.search(r"<\s*(script|style|svg|math|iframe|object|embed|form|input)", html, re.I)


@pytest.mark.skipif(not VECTORS.is_file(), reason="the public XSS vectors are not beside this checkout")
def test_no_public_vector_survives() -> None:
    vectors = json.loads(VECTORS.read_text("utf-8"))
    assert len(vectors) >= 243
    for vector in vectors:
        for html in (
            lesson(vector["p"]).html,
            render_inline(vector["p"]),
            sanitise(vector["p"]),
            to_phrase(vector["p"]),
            lesson(f"- a\n\n    {vector['p']}\n\n| a |\n|---|\n| {vector['p']} |\n").html,
        ):
            assert_safe(html)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](JaVa\tScript:a)",
        "[a](data:text/html,x)", "![a](javascript:alert(1))", "[a]: javascript:alert(1)\n\n[a]",
        "<javascript:alert(1)>",
        "<a href=' javascript:alert(1)'>x</a>", "[a](&#106;avascript:alert(1))", "`<script>`", "```\n<script>\n```",
        "<div style='x'>", "[a](vbscript:x)", "<svg><a xlink:href='javascript:x'>", "*a*{onclick=alert(1)}",
        "## a {onclick=x}", "[a](x\"onclick=alert(1))", "![a\"onerror=\"x](../media/a.webp)",
        "<style>@import 'x'</style>",
        "[a](javascript&colon;alert(1))", "[a](java&Tab;script:alert(1))", "<base href=x>", "<p id=x><p id=x>",
    ],
)  # fmt: skip
def test_own_attacks(text: str) -> None:
    assert_safe(lesson(text).html)
    assert_safe(render_inline(text))


def test_script_is_gone_with_what_it_says() -> None:
    assert "alert" not in lesson("a <script>alert(1)</script> b\n\n<script>\nalert(2)\n</script>\n\nc").html


def test_what_an_author_may_write() -> None:
    html = lesson(
        '## Một\n\n!!! law "Căn cứ"\n    Nội dung\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n'
        "Từ\n:   Nghĩa\n\nChú ý[^1]\n\n[^1]: Nguồn\n\n```\nmã\n```\n"
    ).html
    for piece in (
        '<div class="admonition law">', '<p class="admonition-title">Căn cứ</p>', '<td class="end">2</td>',
        "<dd>Nghĩa</dd>", 'id="fn:1"', "<pre><code>mã", 'scope="col"',
    ):  # fmt: skip
        assert piece in html


def test_a_table_scrolls_and_its_empty_corner_is_no_heading() -> None:
    html = lesson("| | Hạn |\n|---|---|\n| Đối thoại | 5 ngày |\n\n").html
    assert '<div aria-label="Bảng" class="table" role="group" tabindex="0">' in html
    assert re.findall(r"<t[dh].*?</t[dh]>", html)[:2] == ["<td></td>", '<th scope="col">Hạn</th>']


def test_headings_begin_at_two_never_skip_and_have_unique_vietnamese_ids() -> None:
    html = lesson("# Đối thoại\n\n#### Đối thoại\n\n# Mục lục\n\n# ???\n").html
    assert re.findall(r'<(h\d) id="([^"]+)"', html) == [
        ("h2", "doi-thoai"), ("h3", "doi-thoai-2"), ("h2", "muc-luc-2"), ("h2", "muc")
    ]  # fmt: skip
    assert '<h3 id="c1-a"' in render("# a", prefix="c1-", top=3).html


def test_figures_have_captions_sizes_and_load_late() -> None:
    found = lesson('![Sơ đồ](../media/a.webp "Hình 1. Sơ đồ")\n\nchữ ![nhỏ](../media/a.webp) giữa dòng')
    assert "<figcaption>Hình 1. Sơ đồ</figcaption>" in found.html
    for piece in ('alt="Sơ đồ"', 'width="640"', 'height="360"', 'loading="lazy"', 'decoding="async"'):
        assert piece in found.html
    assert found.html.count("<figure>") == 1
    assert found.media == ("../media/a.webp",) * 2
    assert not found.problems


def test_links_inside_and_outside() -> None:
    html = lesson("[a](../02-x/01-y.md) [b](https://congdoan.vn) [c](#d) [e](mailto:a@b.vn)").html
    assert '<a href="/khoa/b">a</a>' in html
    assert re.search(r'<a href="https://congdoan.vn" rel="noopener noreferrer">b</a>', html)
    assert '<a href="#d">c</a>' in html


def test_laws_become_citations() -> None:
    found = lesson("[Luật Công đoàn 2024, Điều 27](law:luat-50#27) và [cả luật](law:luat-50)")
    assert found.citations == (("luat-50", "27"), ("luat-50", ""))
    assert '<span class="law">Luật Công đoàn 2024, Điều 27</span>' in found.html


def test_faults_have_their_lines() -> None:
    found = lesson("a\n\n[b](khong-co.md)\n\n![](../media/a.webp)\n\n![x](../media/b.webp)\n\n[c](javascript:x)")
    assert [(p.line, p.text()) for p in found.problems] == [
        (3, "Liên kết hỏng: không có khong-co.md"),
        (5, "Hình ../media/a.webp thiếu lời mô tả trong [ ]"),
        (7, "Không có tệp ../media/b.webp trong media/"),
        (9, "Liên kết không được phép: javascript:x"),
    ]


def test_plain_text_has_the_words_only() -> None:
    assert lesson("## Đối *thoại*\n\n- a\n- b <script>x</script>").plain_text == "Đối thoại a b"


def test_a_decomposed_text_comes_out_composed() -> None:
    assert lesson("Co\u0302ng đoa\u0300n").plain_text == "Công đoàn"


def test_inline_stays_inside_a_line() -> None:
    assert render_inline("một **hai**") == "một <strong>hai</strong>"
    assert render_inline("- a\n- b") == "a<br>b"
    assert to_phrase("<p>một</p>\n<p>hai</p>") == "một<br>hai"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000, "*" * 3000, "*a" * 3000, "_a" * 3000, "> " * 500 + "a", "- " * 500 + "a", "`a" * 3000, "<b>" * 3000,
        "![" * 3000, "\\" * 9000, "^a" * 5000, "!!! note\n    " * 3000, "x\n\n" + "[" * 5000, "é" * 110_000,
        "**a" * 3000, "[a](" * 3000, "(" * 200_001,
    ],
)  # fmt: skip
def test_pathological_text_is_refused_quickly(text: str) -> None:
    started = time.perf_counter()
    found = lesson(text)
    assert time.perf_counter() - started < 1
    assert found.html == ""
    assert len(found.problems) == 1


@settings(max_examples=150, deadline=20_000)
@given(st.one_of(st.text(max_size=300), st.text(alphabet=list("ab \n[](){}<>*_`!#|:-=\"'/&;^~.1x"), max_size=300)))
def test_any_text_renders_to_safe_html(text: str) -> None:
    assert_safe(lesson(text).html)
    assert_safe(render_inline(text))
