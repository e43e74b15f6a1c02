"""The pages of people, roles and the audit trail, within one's scope."""

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from lms.access.models import Grant, Role
from lms.people.models import Account
from tests.factories.access import make_world
from tests.factories.ledger import make_record
from tests.factories.passwords import give_password
from tests.factories.people import make_person
from tests.factories.units import make_post


@pytest.fixture
def world(db):
    made = make_world(db)
    db.commit()
    return made


def rows_of(response):
    assert response.status_code == 200
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.data)).get_sheet_by_index(0)
    return sheet.to_python()[1:]


def test_the_list_shows_ones_own_branch(client, world):
    client.sign_in(world.admins[0])
    page = client.get("/can-bo").text
    assert "Nguyễn Thị Thu Hiền" in page
    assert "Đỗ Văn Ước" not in page
    assert "4 đồng chí" in page


def test_the_list_is_searched_without_marks_and_narrowed_to_a_unit(client, world):
    client.sign_in(world.federation_admin)
    assert "Đỗ Văn Ước" in client.get("/can-bo?q=do van").text
    page = client.get("/can-bo?don_vi=AS-01-001").text
    assert "Nguyễn Thị Thu Hiền" in page
    assert "Hà Văn Quý" not in page
    assert "Không tìm thấy ai" in client.get("/can-bo?q=khong ai").text
    assert "Hãy chọn một" in client.get("/can-bo?don_vi=suoi linh").text


def test_long_lists_are_paged_in_a_steady_order(client, db, world):
    for number in range(60):
        make_post(db, world.unions[0], "group_leader", make_person(db, "Lý Thị Y", code=f"LY-{number:02d}"))
    db.commit()
    client.sign_in(world.admins[0])
    pages = [client.get(f"/can-bo?q=ly thi y&trang={number}").text for number in (1, 2)]
    assert "LY-00" in pages[0]
    assert "LY-49" in pages[0]
    assert "LY-50" in pages[1]
    assert "LY-49" not in pages[1]
    assert "q=ly" in pages[0]


def test_the_list_needs_few_queries_however_long_it_is(client, db, world, count_queries):
    for number in range(60):
        make_post(db, world.unions[0], "group_leader", make_person(db, "Lý Thị Y", code=f"LY-{number:02d}"))
    db.commit()
    client.sign_in(world.admins[0])
    with count_queries() as queries:
        client.get("/can-bo")
    assert len(queries) <= 14, queries.statements


def test_the_list_is_exported_as_it_is_seen(client, world):
    client.sign_in(world.admins[0])
    rows = rows_of(client.get("/can-bo/xuat-xlsx?q=thu hien"))
    assert rows == [
        [
            "CB-1",
            "Nguyễn Thị Thu Hiền",
            "Nữ",
            "",
            "AS-01-001",
            "CĐCS Công ty TNHH May Tân Khê",
            "Chủ tịch",
            "Không chuyên trách",
            rows[0][8],
            "",
            "Chưa cấp liên kết",
        ]
    ]
    assert {row[0] for row in rows_of(client.get("/can-bo/xuat-xlsx"))} == {"CB-1", "QT-2", "QT-4", "QT-5"}


def test_a_persons_page_shows_posts_ledger_and_account(client, db, world):
    make_record(db, world.chairs[0], ["chair_skills", "labour_law"], title="Kỹ năng Chủ tịch CĐCS", hours=24)
    give_password(db, world.learner)
    db.commit()
    client.sign_in(world.admins[0])
    page = client.get("/can-bo/CB-1").text
    for words in ("Kỹ năng Chủ tịch CĐCS", "01/03/2026", "Chủ tịch, CĐCS Công ty TNHH May Tân Khê", "Đã có mật khẩu"):
        assert words in page
    assert client.get("/can-bo/CB-2").status_code == 404
    assert client.get("/can-bo/CB-99").status_code == 404


def test_codes_with_slashes_have_their_pages(client, db, world):
    make_post(db, world.unions[0], person=make_person(db, "Vàng A Chư", code="CB/2026/7"))
    db.commit()
    client.sign_in(world.admins[0])
    assert client.get("/can-bo/CB/2026/7").status_code == 200
    assert client.post("/cap-tai-khoan/CB/2026/7").status_code == 200


def test_contacts_are_for_those_in_charge_and_viewers_change_nothing(client, app, db, world):
    world.chairs[0].phone = "0912345678"
    db.commit()
    client.sign_in(world.admins[0])
    assert "0912345678" in client.get("/can-bo/CB-1").text
    viewer = app.test_client().sign_in(world.viewer)
    page = viewer.get("/can-bo/CB-1").text
    assert "0912345678" not in page
    assert "Khoá tài khoản" not in page
    assert viewer.post("/cap-tai-khoan/CB-1").status_code == 403


def give(client, **data):
    return client.post("/phan-quyen", data={"person": "CB-1", "role": "viewer", "unit": "AS-01", **data})


def test_a_role_is_given_by_code_or_name_and_shown(client, db, world):
    client.sign_in(world.admins[0])
    assert give(client, person="thu hien", unit="may tan khe").status_code == 302
    grant = db.scalars(select(Grant).where(Grant.account_id == world.learner.id)).one()
    assert (grant.role, grant.unit_id) == (Role.viewer, world.unions[0].id)
    assert "Nguyễn Thị Thu Hiền" in client.get("/phan-quyen").text
    assert ["CB-1", "Nguyễn Thị Thu Hiền"] in [row[:2] for row in rows_of(client.get("/phan-quyen/xuat-xlsx"))]


def test_a_role_needs_an_account_and_makes_it(client, db, world):
    client.sign_in(world.admins[1])
    assert give(client, person="CB-2", unit="AS-02").status_code == 302
    account = db.scalars(select(Account).where(Account.person_id == world.chairs[1].id)).one()
    assert account.password_hash is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"person": "CB-2"}, "Không có cán bộ nào như vậy"),
        ({"unit": "AS-02"}, "Không có đơn vị nào như vậy"),
        ({"unit": "AS"}, "Hãy chọn một ở bên dưới"),
        ({"unit": ""}, "Hãy chọn đơn vị"),
        ({"unit": "tân khê"}, "Hãy chọn một ở bên dưới"),
        ({"person": "CB-1", "role": "system_admin"}, "Hãy chọn vai trò"),
        ({"person": ""}, "Hãy nhập mã cán bộ hoặc họ tên"),
    ],
)
def test_a_role_that_cannot_be_given_is_refused_beside_its_field(client, db, world, data, words):
    client.sign_in(world.admins[0])
    response = give(client, **data)
    assert response.status_code == 422
    assert words in response.text
    assert db.scalars(select(Grant).where(Grant.account_id == world.learner.id)).all() == []


def test_a_role_ends_and_its_holder_is_out(client, app, db, world):
    client.sign_in(world.admins[0])
    grant = db.scalars(select(Grant).where(Grant.account_id == world.viewer.id)).one()
    viewer = app.test_client().sign_in(world.viewer)
    assert viewer.get("/can-bo").status_code == 200
    assert client.post(f"/phan-quyen/{grant.id}/ket-thuc").status_code == 302
    assert viewer.get("/can-bo").status_code == 403
    assert "Phạm Tiến Đạt" not in client.get("/phan-quyen").text
    assert "Phạm Tiến Đạt" in client.get("/phan-quyen?da_ket_thuc=1").text


def test_a_role_of_another_branch_is_not_there(client, db, world):
    client.sign_in(world.admins[0])
    theirs = db.scalars(select(Grant).where(Grant.account_id == world.admins[1].id)).one()
    assert client.post(f"/phan-quyen/{theirs.id}/ket-thuc").status_code == 404
    assert client.post("/phan-quyen/99999/ket-thuc").status_code == 404


def test_the_trail_says_what_was_done_in_words(client, db, world):
    client.sign_in(world.admins[0])
    give(client)
    client.post("/cap-tai-khoan", data={"don_vi": "AS-01", "dang": "xlsx"})
    page = client.get("/nhat-ky").text
    for words in ("Giao vai trò", "Lãnh đạo theo dõi", "Cấp liên kết đặt mật khẩu cho đơn vị", "Hà Văn Quý"):
        assert words in page
    assert "Giao vai trò" not in client.get("/nhat-ky?viec=account").text.partition("<table")[2]
    assert "Không có việc nào" in client.get("/nhat-ky?den=01/01/2020").text
    assert client.get("/nhat-ky?tu=99/99/9999&can_bo=CB-99").status_code == 200
    assert len(rows_of(client.get("/nhat-ky/xuat-xlsx"))) == 2


def test_the_trail_of_another_branch_is_not_read(client, app, world):
    client.sign_in(world.admins[0])
    give(client)
    other = app.test_client().sign_in(world.admins[1])
    assert "Không có việc nào" in other.get("/nhat-ky").text
