"""Long lists cost the same number of statements whatever their length."""

from __future__ import annotations

import pytest

from lms.access.models import Role
from lms.access.rules import SYSTEM
from lms.audiences.rules import LearnerGroup
from lms.certificates.operations import issue_certificate
from lms.imports.uploads import receive
from lms.learning.operations import assign_course, enrol
from lms.storage import Storage
from tests.conftest import NOW
from tests.factories.access import actor_of, make_grant
from tests.factories.catalogue import make_course
from tests.factories.certificates import make_completion, make_version
from tests.factories.ledger import make_record
from tests.factories.people import make_account, make_person
from tests.factories.units import make_post, make_unit
from tests.guards.world import build
from tests.imports.workbooks import small

LISTS = (
    "/can-bo",
    "/can-bo?giu_chuc=ca",
    "/can-bo/QT-2",
    "/cap-tai-khoan",
    "/phan-quyen?da_ket_thuc=1",
    "/nhat-ky",
    "/so-goc",
    "/so-goc/noi-cap",
    "/giao-khoa-hoc",
    "/nhap-danh-sach",
    "/don-vi",
    "/don-vi/AS-01",
    "/chi-tieu/D2/don-vi/AS-01",
    "/hoc",
    "/so-boi-duong",
    "/giay-chung-nhan",
    "/khoa-hoc",
)


def grow(db, guard, storage):
    """More of everything in the first branch, some of it the administrator's own."""
    world = guard.world
    branch, admin = world.branches[0], world.admins[0]
    for number in range(8):
        unit = make_unit(db, f"CĐCS số {number}", "grassroots", branch, members=40)
        holder = make_account(db, make_person(db, f"Nguyễn Văn Số {number}"))
        make_post(db, unit, "chair", holder.person)
        make_grant(db, holder, Role.viewer, unit)
        make_record(db, admin.person, delivered_by_id=branch.id)
        version = make_version(db, f"Khoá học số {number}")
        for learner in (holder.person, admin.person):
            issue_certificate(db, SYSTEM, make_completion(db, learner, version, branch), at=NOW)
        course = make_course(db, f"them-{unit.id}").course
        assign_course(db, actor_of(admin), course, unit.id, learner_group=LearnerGroup.grassroots_chair, at=NOW)
        enrol(db, actor_of(admin), course, at=NOW)
        receive(db, actor_of(admin), storage, unit_id=unit.id, file_name="ds.xlsx", content=small(), at=NOW)
    db.commit()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_list_asks_once_per_row(app, client, db, count_queries):
    storage = Storage(app.config["SETTINGS"].storage_url)
    guard = build(db, storage)
    grow(db, guard, storage)
    client.sign_in(guard.world.admins[0])

    def statements() -> dict[str, int]:
        counts = {}
        for path in LISTS:
            with count_queries() as queries:
                assert client.get(path).status_code == 200, path
            counts[path] = len(queries)
        return counts

    few = statements()
    grow(db, guard, storage)
    assert statements() == few
    assert max(few.values()) <= 45
