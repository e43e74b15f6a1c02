"""Every role on every route, in and out of scope, against the access the route declares; no GET changes anything.

A new route needs a line in `samples`: an address that exists, and, where the address names something of a branch, the
same of the other branch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from lms.access.rules import Permission
from lms.db import make_engine
from lms.storage import Storage
from lms.web.access import Access
from tests.guards.world import GuardWorld, build, reaches, state_of

ROLES = ("visitor", "learner", "trainer", "viewer", "admin", "other admin", "federation admin", "system admin")
REFUSED = (403, 404)


@dataclass
class Sample:
    """Addresses of a route: `paths[0]` in the first branch, `paths[1]` in the second, where it names something of a
    branch. `own`: it is the learner's own; `or_with`: those with this permission where it lies see it too."""

    paths: list[str]
    data: dict[str, Any] = field(default_factory=dict)
    own: bool = False
    or_with: Permission | None = None


def one(path: str, **data: Any) -> Sample:
    """A route that names nothing of a branch."""
    return Sample([path], data)


def own(path: str, **data: Any) -> Sample:
    """A route that names something of the learner's."""
    return Sample([path], data, own=True)


def both(path: str, names: Any, **data: Any) -> Sample:
    """A route that names something of a branch: {} in the path is filled with one name or the other."""
    return Sample([path.format(name) for name in names], data)


def samples(guard: GuardWorld) -> dict[str, Sample]:
    """Sample arguments for every route."""
    slug, units = guard.course.slug, [unit.code for unit in guard.world.branches]
    serials = [certificate.serial_no for certificate in guard.certificates]
    verify = guard.certificates[0].verify_code
    sitting, uploads = guard.sitting.id, [upload.id for upload in guard.uploads]
    people = [person.code for person in guard.world.chairs]
    held = {"own": True, "or_with": Permission.view_register}
    return {
        "accounts.account": one("/tai-khoan"),
        "accounts.change": one("/tai-khoan/mat-khau"),
        "accounts.close": both("/khoa-tai-khoan/{}", people, khoa="0"),
        "accounts.enter_code": one("/mat-khau"),
        "accounts.forgot": one("/quen-mat-khau"),
        "accounts.issue": Sample(["/cap-tai-khoan", "/cap-tai-khoan?khac"], {}),
        "accounts.issue_one": both("/cap-tai-khoan/{}", people),
        "accounts.language": one("/ngon-ngu", locale="vi"),
        "accounts.links": one("/cap-tai-khoan"),
        "accounts.set_password": one(f"/mat-khau/{guard.token}"),
        "accounts.sign_in": one("/dang-nhap"),
        "accounts.sign_out": one("/dang-xuat"),
        "accounts.sign_out_elsewhere": one("/tai-khoan/dang-xuat-moi-noi"),
        "accounts.theme": one("/giao-dien", theme="auto"),
        "catalogue.course": one(f"/khoa-hoc/{slug}"),
        "catalogue.index": one("/khoa-hoc"),
        "catalogue.media": one(f"/media/{guard.media_key}"),
        "certificates.entry": both("/so-goc/{}", serials),
        "certificates.issuers": one("/so-goc/noi-cap"),
        "certificates.lookup": one("/xac-minh"),
        "certificates.mine": one("/giay-chung-nhan"),
        "certificates.missing": one("/so-goc/chua-cap"),
        "certificates.pdf": Sample([f"/giay-chung-nhan/{serials[0]}.pdf"], **held),
        "certificates.picture": Sample([f"/giay-chung-nhan/{serials[0]}.webp"], **held),
        "certificates.profile": both("/so-goc/noi-cap/{}", units),
        "certificates.public_pdf": one(f"/xac-minh/{verify}/giay.pdf"),
        "certificates.register": one("/so-goc"),
        "certificates.register_workbook": one("/so-goc.xlsx"),
        "certificates.revoke": both("/so-goc/{}/thu-hoi", serials),
        "certificates.verify": one(f"/xac-minh/{verify}"),
        "imports.corrected": both("/nhap-danh-sach/{}/tep-can-sua", uploads),
        "imports.empty": one("/nhap-danh-sach/mau"),
        "imports.export": one("/nhap-danh-sach/xuat"),
        "imports.index": one("/nhap-danh-sach"),
        "imports.load": both("/nhap-danh-sach/{}/nhap", uploads),
        "imports.put_aside": both("/nhap-danh-sach/{}/bo", uploads),
        "imports.show": both("/nhap-danh-sach/{}", uploads),
        "imports.upload": one("/nhap-danh-sach"),
        "indicators.export": both("/chi-tieu/D2/xlsx/{}", units),
        "indicators.home": one("/chi-tieu"),
        "indicators.learners": both("/chi-tieu/D2/truc-tuyen/{}", units),
        "indicators.people": both("/chi-tieu/D2/D2-4c/danh-sach/{}", units),
        "indicators.people_export": both("/chi-tieu/D2/D2-4c/xlsx/{}", units),
        "indicators.programme": both("/chi-tieu/D2/don-vi/{}", units),
        "learning.answer": own(f"/hoc/{slug}/bai/1/tra-loi", name="cau-2", key="trong-bai-1"),
        "learning.assign": one("/giao-khoa-hoc"),
        "learning.assignments": one("/giao-khoa-hoc"),
        "learning.attempt": own(f"/lam-bai/{sitting}/1"),
        "learning.completed": own(f"/hoc/{slug}/hoan-thanh"),
        "learning.course": own(f"/hoc/{slug}"),
        "learning.end": both("/giao-khoa-hoc/{}/dung", [assignment.id for assignment in guard.assignments]),
        "learning.finish": own(f"/hoc/{slug}/bai/1/xong"),
        "learning.lesson": own(f"/hoc/{slug}/bai/1"),
        "learning.mine": one("/hoc"),
        "learning.quiz": own(f"/hoc/{slug}/kiem-tra/1"),
        "learning.record": one("/so-boi-duong"),
        "learning.result": own(f"/lam-bai/{guard.result.id}/ket-qua"),
        "learning.review": own(f"/lam-bai/{sitting}/nop"),
        "learning.save": own(f"/lam-bai/{sitting}/1"),
        "learning.start": one(f"/khoa-hoc/{guard.other_course.slug}/bat-dau"),
        "learning.start_test": own(f"/hoc/{slug}/kiem-tra/1/bat-dau"),
        "learning.submit": own(f"/lam-bai/{sitting}/nop"),
        "people.export": one("/can-bo/xuat-xlsx"),
        "people.index": one("/can-bo"),
        "people.person": both("/can-bo/{}", people),
        "public.favicon": one("/favicon.ico"),
        "public.health": one("/suc-khoe"),
        "public.home": one("/"),
        "roles.audit": one("/nhat-ky"),
        "roles.audit_export": one("/nhat-ky/xuat-xlsx"),
        "roles.end": both("/phan-quyen/{}/ket-thuc", [grant.id for grant in guard.grants]),
        "roles.export": one("/phan-quyen/xuat-xlsx"),
        "roles.give": one("/phan-quyen"),
        "roles.index": one("/phan-quyen"),
        "units.export": both("/don-vi/xlsx/{}", units),
        "units.index": one("/don-vi"),
        "units.unit": both("/don-vi/{}", units),
    }


def endpoints(app: Flask) -> list[str]:
    """The application's own routes."""
    return sorted({rule.endpoint for rule in app.url_map.iter_rules()} - {"static"})


@pytest.fixture
def guard(app, db):
    made = build(db, Storage(app.config["SETTINGS"].storage_url))
    db.commit()
    return made


def test_every_route_declares_access(app):
    undeclared = [
        name for name in endpoints(app) if not isinstance(getattr(app.view_functions[name], "__access__", None), Access)
    ]
    assert undeclared == []


def test_every_route_has_a_sample_here(app, guard):
    assert sorted(samples(guard)) == endpoints(app)


def may_enter(guard: GuardWorld, role: str, need: Access, sample: Sample, branch: int | None) -> bool:
    """Whether the declared access lets somebody of that name in, signed in or public."""
    if need.permission is not None:
        return need.permission in guard.permissions(role) and (branch is None or reaches(role, branch))
    if not sample.own or role == "learner":
        return True
    return sample.or_with is not None and sample.or_with in guard.permissions(role) and reaches(role, 0)


def fault(response: Any, need: Access, role: str, allowed: bool) -> str | None:
    """What is wrong with an answer; None when it is as declared."""
    status, location = response.status_code, response.headers.get("Location", "")
    if role == "visitor" and need.signed_in:
        return None if status == 302 and location.startswith("/dang-nhap") else f"{status}, not sent to sign in"
    if allowed:
        turned_away = status in (401, 405, *REFUSED) or location.startswith("/dang-nhap")
        return f"{status}, not let in" if turned_away or status >= 500 else None
    return None if status in REFUSED else f"{status}, not refused"


@pytest.mark.parametrize("role", ROLES)
def test_every_route_keeps_to_its_declared_access_and_no_get_changes_anything(app, db, guard, role):
    engine = make_engine(app.config["SETTINGS"].database_url)
    account, table, faults = guard.roles[role], samples(guard), []

    def ask(name: str, method: str) -> None:
        sample, need = table[name], app.view_functions[name].__access__
        for branch, path in enumerate(sample.paths):
            client = app.test_client()
            if account is not None:
                db.refresh(account)
                db.commit()
                client.sign_in(account)
            with client.open(path, method=method, data=data_for(name, branch, sample, guard)) as response:
                allowed = may_enter(guard, role, need, sample, branch if len(sample.paths) > 1 else None)
                found = fault(response, need, role, allowed)
            if found:
                faults.append(f"{role}: {method} {path} ({name}): {found}")

    methods = {name: set() for name in table}
    for rule in app.url_map.iter_rules():
        methods.get(rule.endpoint, set()).update(rule.methods or ())
    before = state_of(engine)
    for name in [name for name in table if "GET" in methods[name]]:
        ask(name, "GET")
    after = state_of(engine)
    changed = [name for name in before if before[name] != after[name]]
    for name in [name for name in table if "POST" in methods[name]]:
        ask(name, "POST")
    engine.dispose()
    assert faults == []
    assert changed == [], "tables changed by GET"


def data_for(name: str, branch: int, sample: Sample, guard: GuardWorld) -> dict[str, Any]:
    """The form sent along; where the form, not the address, names the unit, that of the branch."""
    if name == "accounts.issue":
        return {"don_vi": guard.world.branches[branch].code, "dang": "xlsx", **sample.data}
    return sample.data
