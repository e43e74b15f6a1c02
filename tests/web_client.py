"""A client on the real application: pages fetched through it are linted."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from lms.people.models import Account

# What html5lib reports although the standard allows it today.
_TOLERATED = {"unexpected-character-after-solidus-in-tag"}


class LintingClient(FlaskClient):
    """Every HTML page must be valid, have a language, a title and a heading, unique ids, labelled controls, and no
    inline script or style."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 307, 308):
            faults = lint(response.get_data(as_text=True))
            assert not faults, f"{response.request.path}: " + "; ".join(faults)
        return response

    def sign_in(self, account: Account) -> LintingClient:
        """Be signed in as the account, without the sign-in page."""
        with self.session_transaction() as cookie:
            cookie["_user_id"] = f"{account.id}.{account.session_epoch}"
            cookie["_fresh"] = True
        return self


def lint(page: str) -> list[str]:
    """What is wrong with a page; nothing when it is right."""
    faults: list[str] = []
    parser = html5lib.HTMLParser(strict=False)
    document = parser.parse(page)
    for (line, column), code, _details in parser.errors:
        if code not in _TOLERATED:
            faults.append(f"line {line}:{column} {code}")
    namespace = "{http://www.w3.org/1999/xhtml}"
    if not document.get("lang"):
        faults.append("html without lang")
    title = document.find(f".//{namespace}title")
    if title is None or not (title.text or "").strip():
        faults.append("no title")
    headings = document.findall(f".//{namespace}h1")
    if len(headings) != 1:
        faults.append(f"{len(headings)} h1")
    ids = Counter(element.get("id") for element in document.iter() if element.get("id"))
    faults += [f"id {name!r} {count} times" for name, count in ids.items() if count > 1]
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.removeprefix(namespace)
        if element.get("style") is not None or tag == "style":
            faults.append(f"inline style on {tag}")
        if tag == "script" and not element.get("src"):
            faults.append("inline script")
        faults += [
            f"{name} on {tag}" for name in element.attrib if isinstance(name, str) and re.match(r"on[a-z]+$", name)
        ]
        if tag == "img" and element.get("alt") is None:
            faults.append("img without alt")
        for reference in (element.get("aria-describedby") or "").split() + (
            element.get("aria-labelledby") or ""
        ).split():
            if reference not in ids:
                faults.append(f"{tag} points to missing id {reference!r}")
        if tag == "label" and element.get("for") and element.get("for") not in ids:
            faults.append(f"label for missing id {element.get('for')!r}")
    return faults


class QueryCounter:
    """Counts the statements sent to a database within a `with` block."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.statements: list[str] = []

    def _note(self, _conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.statements.append(statement)

    def __enter__(self) -> QueryCounter:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_exc: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def __len__(self) -> int:
        return len(self.statements)


def make_app(database: str, folder: Any, clock: datetime) -> Flask:
    """The application on a database, with its clock standing still."""
    from lms.app import create_app
    from lms.settings import load_settings
    from tests.factories.passwords import CHEAP

    settings = load_settings({"LMS_DATABASE_URL": database, "LMS_INSTANCE": str(folder)})
    app = create_app(settings, clock=lambda: clock, testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["PASSWORD_HASHER"] = CHEAP
    app.test_client_class = LintingClient
    return app
