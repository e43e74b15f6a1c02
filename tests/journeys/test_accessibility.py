"""axe finds nothing on the main pages: on a phone and at a desk, in both languages, light and dark; nothing is wider
than the screen, and no script or style is refused by the Content-Security-Policy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

import lms.models
from lms.catalogue.models import CourseVersion
from lms.db import make_engine
from lms.people.models import Account
from lms.storage import Storage
from tests.conftest import NOW
from tests.guards.world import GuardWorld, build
from tests.journeys.conftest import DESK, PHONE
from tests.web_client import make_app

pytestmark = pytest.mark.browser

RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def apart(work: Callable[[], Any]) -> Any:
    """Run what needs the application in a thread of its own: the browser's event loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@dataclass
class Site:
    """The application being served with a small world in it."""

    app: Flask
    world: GuardWorld
    session: Session
    url: str
    signed_in: dict[tuple[int, str], BrowserContext] = field(default_factory=dict)

    def cookie(self, account: Account | None, locale: str) -> str:
        """The session's cookie of somebody who has chosen that language."""
        client = self.app.test_client()
        if account:
            client.sign_in(account)  # type: ignore[attr-defined]
        client.post("/ngon-ngu", data={"locale": locale, "next": "/suc-khoe"})
        found = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        assert found is not None
        return str(found.value)

    def open(self, browser: Browser, account: Account | None, locale: str) -> Page:
        """A page of somebody signed in by cookie, reading in that language."""
        key = (account.id if account else 0, locale)
        if key not in self.signed_in:
            value: str = apart(lambda: self.cookie(account, locale))
            context = browser.new_context(reduced_motion="reduce")
            context.add_cookies([{"name": self.app.config["SESSION_COOKIE_NAME"], "value": value, "url": self.url}])
            self.signed_in[key] = context
        return self.signed_in[key].new_page()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, on SQLite; its clock stands still."""
    folder: Path = tmp_path_factory.mktemp("accessible")
    database = f"sqlite:///{folder / 'lms.sqlite3'}"
    engine = make_engine(database)
    lms.models.metadata.create_all(engine)
    app: Flask = apart(lambda: make_app(database, folder / "instance", NOW))
    with Session(engine, expire_on_commit=False) as session:
        world = build(session, Storage(app.config["SETTINGS"].storage_url))
        for version in session.scalars(select(CourseVersion)):
            version.manifest = {"title": {"vi": version.title, "en": version.title}, **version.manifest}
        session.commit()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Site(app, world, session, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()
        server.server_close()
    engine.dispose()


def public(world: GuardWorld) -> list[str]:
    """What a visitor sees."""
    code = world.certificates[0].verify_code
    return ["/", "/dang-nhap", "/quen-mat-khau", "/mat-khau", f"/mat-khau/{world.token}", "/xac-minh",
            f"/xac-minh/{code}", "/khong-co-trang-nay"]  # fmt: skip


def learners(world: GuardWorld) -> list[str]:
    """What a learner sees."""
    slug = world.course.slug
    return ["/hoc", "/khoa-hoc", f"/khoa-hoc/{slug}", f"/hoc/{slug}", f"/hoc/{slug}/bai/1", f"/hoc/{slug}/kiem-tra/1",
            f"/lam-bai/{world.sitting.id}/1", f"/lam-bai/{world.sitting.id}/nop",
            f"/lam-bai/{world.result.id}/ket-qua", "/so-boi-duong", "/giay-chung-nhan", "/tai-khoan"]  # fmt: skip


def administrators(world: GuardWorld) -> list[str]:
    """What a training administrator of the federation sees."""
    person, serial = world.world.chairs[0].code, world.certificates[0].serial_no
    return ["/chi-tieu/D2/don-vi/AS", "/chi-tieu/D2/D2-4c/danh-sach/AS", "/chi-tieu/D2/truc-tuyen/AS",
            "/don-vi", "/don-vi/AS", "/don-vi/AS-01-001", "/can-bo", f"/can-bo/{person}",
            "/giao-khoa-hoc", "/so-goc", f"/so-goc/{serial}", "/so-goc/noi-cap", "/nhap-danh-sach",
            f"/nhap-danh-sach/{world.uploads[0].id}", "/cap-tai-khoan", "/phan-quyen", "/nhat-ky"]  # fmt: skip


def faults(page: Page) -> list[str]:
    """What axe and the width say of the page as it stands."""
    found: list[dict[str, Any]] = page.evaluate(RUN)
    said = [f"{rule['id']} at {rule['nodes'][0]['target']} ({len(rule['nodes'])})" for rule in found]
    wider = page.evaluate(WIDER)
    return said + ([f"{wider} px wider than the screen"] if wider > 0 else [])


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("who", ["visitor", "learner", "administrator"])
def test_axe_finds_nothing(site: Site, browser: Browser, who: str, locale: str) -> None:
    world = site.world
    account, paths = {
        "visitor": (None, public(world)),
        "learner": (world.world.learner, learners(world)),
        "administrator": (world.world.federation_admin, administrators(world)),
    }[who]
    page = site.open(browser, account, locale)
    problems: list[str] = []
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in paths:
        said.clear()
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light")
        answer = page.goto(site.url + path)
        expected = 404 if path == "/khong-co-trang-nay" else 200
        assert answer is not None
        assert answer.status == expected, path
        assert page.evaluate("document.documentElement.lang") == locale, path
        page.evaluate(AXE_SCRIPT)
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                problems += [f"{path} {size['width']} {scheme}: {fault}" for fault in faults(page)]
        problems += [f"{path}: {text}" for text in said if expected == 200]
    page.close()
    assert not problems, "\n".join(problems)
