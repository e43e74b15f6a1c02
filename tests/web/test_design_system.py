"""The stylesheet, the script and the icons keep to their budgets, and templates use only what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "lms/web/templates").rglob("*.html"))
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
KINDS = r"icon\('([\w-]+)'|icon(?:_end)?='([\w-]+)'|chip\((?:[^()]|\([^()]*\))*, '([\w-]+)'\)"


@pytest.mark.parametrize(("name", "most"), [("app.css", 30_000), ("app.js", 6_144), ("icons.svg", 12_288)])
def test_weight(name: str, most: int) -> None:
    assert (STATIC / name).stat().st_size <= most


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "lms/web/templates")))
def test_template_uses_known_icons_and_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text()
    used = {name for pair in re.findall(KINDS, text) for name in pair if name}
    assert used <= ICONS
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\bsrc=)", text)


def test_icons_are_unique_and_line_drawn() -> None:
    text = (STATIC / "icons.svg").read_text()
    assert len(re.findall(r"<symbol id=", text)) == len(ICONS)
    assert "<style" not in text
    assert "<script" not in text


def test_both_dark_themes_are_the_same() -> None:
    css = (STATIC / "app.css").read_text()
    dark = re.findall(r"\{color-scheme:dark;([^}]+)\}", css)
    assert len(dark) == 2
    assert dark[0] == dark[1]


def test_every_custom_property_used_is_defined() -> None:
    css = (STATIC / "app.css").read_text()
    assert set(re.findall(r"var\((--[\w-]+)", css)) <= set(re.findall(r"(--[\w-]+):", css))
