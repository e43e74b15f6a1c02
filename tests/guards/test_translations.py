"""English is complete: every Vietnamese message has its translation, with the same placeholders, compiled."""

from __future__ import annotations

import re
import tomllib
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}

VIETNAMESE = re.compile(r"[ăâđêôơư]|[\u1ea0-\u1ef9]", re.IGNORECASE)
NAMES = {"Công Tằng Tôn Nữ Nguyễn Phạm Hoàng Thuỳ Dương"}
"""Names of people are the same in English."""


def collected() -> set[str]:
    """The ids of every message in the source."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    found: set[str] = set()
    for _, _, message, _, _ in extract_from_dir(str(ROOT), methods, {}, KEYWORDS):
        found.add(message[0] if isinstance(message, tuple) else message)
    return found


def catalogue() -> Catalog:
    return read_po(BytesIO(CATALOGUE.read_bytes()), locale="en")


def ids(messages: Catalog) -> set[str]:
    return {m.id[0] if isinstance(m.id, tuple) else m.id for m in messages if m.id}


def test_every_message_is_in_the_catalogue_and_nothing_else():
    source = collected()
    assert len(source) > 300
    assert ids(catalogue()) == source, "run `make messages` and translate what is new"


def test_every_message_is_translated_with_its_placeholders():
    faults = []
    for message in catalogue():
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(re.findall(r"%\(\w+\)[sd]", originals[0]))
        for word in words:
            if not word or message.fuzzy:
                faults.append(f"missing: {originals[0]}")
            elif set(re.findall(r"%\(\w+\)[sd]", word)) - wanted or (
                wanted - set(re.findall(r"%\(\w+\)[sd]", word)) - {"%(num)s", "%(num)d"}
            ):
                faults.append(f"placeholders: {originals[0]} -> {word}")
            elif VIETNAMESE.search(word) and (
                not re.search(r"[A-Za-z]{3}", word) or (word == originals[0] and word not in NAMES)
            ):
                faults.append(f"still Vietnamese: {word}")
    assert not faults, "\n".join(faults[:20])


def test_the_compiled_catalogue_is_that_of_the_source():
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run `make messages`"
