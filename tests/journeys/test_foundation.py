"""The whole job: a roster goes in, a chair learns on a phone, a certificate comes out, the indicator moves by one."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from lms.temporal import utc_now, vn_today
from tests.journeys.conftest import DESK, PHONE, Installation
from tests.journeys.course import RIGHT, write_course

pytestmark = pytest.mark.browser
PASSWORD = "mùa lúa chín vàng đồng"
CHAIR = "Nguyễn Thị Thu Hiền"


def write_roster(path: Path) -> Path:
    """A federation in one workbook: three units, terms, five posts."""
    today = vn_today(utc_now())
    began = (today - timedelta(days=100)).strftime("%d/%m/%Y")
    sheets: dict[str, list[list[object]]] = {
        "Đơn vị": [
            [
                "Mã đơn vị",
                "Tên đơn vị",
                "Cấp",
                "Mã đơn vị cấp trên",
                "Khu vực",
                "Loại hình",
                "Số đoàn viên",
                "Số lao động",
            ],
            ["AS", "LĐLĐ tỉnh An Sơn", "Cấp tỉnh", "", "", "", "", ""],
            ["AS-01", "Công đoàn phường Tân Khê", "Cấp trên trực tiếp cơ sở", "AS", "", "", "", ""],
            ["AS-01-01", "CĐCS Công ty TNHH May Tân Khê", "Công đoàn cơ sở", "AS-01", "FDI", "Doanh nghiệp", 640, 700],
            [
                "AS-01-02",
                "CĐCS Trường Mầm non Hoa Ban",
                "Công đoàn cơ sở",
                "AS-01",
                "Nhà nước",
                "Đơn vị sự nghiệp",
                32,
                35,
            ],
        ],
        "Nhiệm kỳ": [
            ["Mã đơn vị", "Nhiệm kỳ", "Bắt đầu", "Kết thúc"],
            ["AS", "2023-2028", "01/07/2023", "01/07/2028"],
            ["AS-01", "2025-2030", "01/07/2025", ""],
        ],
        "Cán bộ": [
            [
                "Mã cán bộ",
                "Họ và tên",
                "Ngày sinh",
                "Giới tính",
                "Email",
                "Điện thoại",
                "Mã đơn vị",
                "Chức danh",
                "Chuyên trách",
                "Nữ công",
                "Hình thức",
                "Lần đầu",
                "Từ ngày",
                "Đến ngày",
            ],
            [
                "CB-1",
                CHAIR,
                "14/05/1983",
                "Nữ",
                "",
                "0912 000 318",
                "AS-01-01",
                "Chủ tịch",
                "",
                "",
                "Bầu",
                "x",
                began,
                "",
            ],
            ["CB-2", "Lò Văn Hặc", "1979", "Nam", "", "", "AS-01-02", "Chủ tịch", "", "", "Bầu", "", began, ""],
            ["CB-3", "Trần Mạnh Cường", "", "Nam", "", "", "AS-01", "Chủ tịch", "x", "", "Bầu", "x", began, ""],
            ["CB-4", "Đỗ Thị Hoa", "", "Nữ", "", "", "AS", "Chuyên viên", "x", "", "Bổ nhiệm", "", began, ""],
            ["CB-5", "Vàng A Chư", "", "Nam", "", "", "AS-01-01", "Tổ trưởng", "", "", "", "", began, ""],
        ],
    }
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


def count(installation: Installation, unit: str) -> dict[str, object]:
    """D2-4c of a unit as the command line tells it."""
    answer = json.loads(
        installation.lms("indicators", "compute", "D2", "--unit", unit, "--persons", "--format", "json")
    )
    return next(indicator for indicator in answer["indicators"] if indicator["code"] == "D2-4c")


def be_signed_in(page: Page, login: str) -> None:
    """Sign in through the page."""
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.locator("input[name=identifier]").fill(login)
    page.locator("main button.go").click()
    expect(page.locator("h1")).to_be_visible()


def go_on(page: Page) -> None:
    """Press the one primary action."""
    page.locator("main .btn.go, .foot .btn.go").last.click()


def sit(page: Page, right: bool) -> None:
    """Take the final test from its first page, everything right or everything wrong, and hand it in."""
    for _ in range(4):
        page.locator("label.opt", has_text=RIGHT if right else "Phương án sai").click()
        page.locator(".foot .btn.go").click()
    expect(page.locator("h1")).to_have_text("Xem lại trước khi nộp")
    page.get_by_role("button", name="Nộp bài").click()


def test_from_the_roster_to_the_certificate_and_the_indicator(
    installation: Installation, browser: Browser, tmp_path: Path
) -> None:
    # The administrator sets the installation up and loads the roster.
    installation.lms("admin", "create", "--name", "Bùi Ngọc", "--email", "ngoc@example.org", "--code", "QT-1",
                     "--password-stdin", given=PASSWORD + "\n")  # fmt: skip
    desk = browser.new_context(viewport=DESK, locale="vi-VN", accept_downloads=True)
    admin = desk.new_page()
    admin.goto(f"{installation.url}/dang-nhap")
    be_signed_in(admin, "ngoc@example.org")
    admin.goto(f"{installation.url}/nhap-danh-sach")
    admin.set_input_files("input[type=file]", write_roster(tmp_path / "danh-sach.xlsx"))
    admin.get_by_role("button", name="Kiểm tra thử").click()
    expect(admin.get_by_role("button", name="Nhập", exact=True)).to_be_visible(timeout=30_000)
    admin.get_by_role("button", name="Nhập", exact=True).click()
    expect(admin.get_by_text("Đã nhập toàn bộ danh sách.")).to_be_visible(timeout=30_000)
    assert count(installation, "AS-01-01")["numerator"] == 0

    # A course is published and required of grassroots chairs by the ward's union.
    installation.lms("courses", "load", str(write_course(tmp_path)), "--owner", "AS")
    admin.goto(f"{installation.url}/giao-khoa-hoc")
    admin.get_by_label("Đối tượng").select_option("grassroots_chair")
    admin.get_by_label("Đơn vị").select_option(label="Công đoàn phường Tân Khê")
    admin.get_by_role("button", name="Giao khoá học").click()
    expect(admin.get_by_text("Đã giao khoá học.")).to_be_visible()

    # First passwords for the chair's unit, as slips.
    admin.goto(f"{installation.url}/cap-tai-khoan?don_vi=AS-01-01")
    admin.get_by_role("button", name="Cấp và in phiếu").click()
    slip = admin.locator(".slip", has_text=CHAIR)
    token = slip.locator(".mono").inner_text().strip()

    # The chair, on her phone.
    phone = browser.new_context(viewport=PHONE, locale="vi-VN", accept_downloads=True, has_touch=True, is_mobile=True)
    page = phone.new_page()
    page.goto(f"{installation.url}/mat-khau/{token}")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    page.locator("main button.go").click()
    page.context.clear_cookies()
    page.goto(f"{installation.url}/dang-nhap")
    be_signed_in(page, "0912000318")
    expect(page.get_by_text("Vì đồng chí là Chủ tịch CĐCS Công ty TNHH May Tân Khê")).to_be_visible()
    go_on(page)
    go_on(page)
    for lesson in ("Hai mươi bốn giờ", "Tuần đầu tiên"):
        expect(page.locator("h1")).to_have_text(lesson)
        page.locator("label.opt", has_text="12 giờ").click()
        page.get_by_role("button", name="Trả lời").click()
        expect(page.get_by_text("Đó là mức của uỷ viên ban chấp hành.")).to_be_visible()
        page.locator("label.opt", has_text="24 giờ").click()
        page.get_by_role("button", name="Trả lời lại").click()
        expect(page.locator(".ask .note").get_by_text("Đúng rồi.").first).to_be_visible()
        page.locator(".foot .btn.go").click()
    expect(page.locator("h1")).to_have_text("Bài kiểm tra cuối khoá")
    go_on(page)
    sit(page, right=False)
    expect(page.locator("h1")).to_contain_text("Chưa đạt")
    page.locator(".foot .btn.go").click()
    go_on(page)
    sit(page, right=True)
    expect(page.locator("h1")).to_contain_text("Chúc mừng đồng chí Hiền")

    # The certificate, and its public page from the QR's address.
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải giấy chứng nhận (PDF)").click()
    paper = PdfReader(download.value.path())
    text = re.sub(r"\s+", " ", paper.pages[0].extract_text())
    assert CHAIR in text
    address = page.get_by_role("link", name="Trang xác minh công khai").get_attribute("href") or ""
    public = browser.new_context(viewport=PHONE).new_page()
    public.goto(installation.url + address)
    expect(public.get_by_text(CHAIR).first).to_be_visible()
    expect(public.get_by_text("Kỹ năng của Chủ tịch công đoàn cơ sở").first).to_be_visible()
    serial = re.search(r"[A-Z0-9-]+-\d{4}-\d{6}", text)
    assert serial is not None
    expect(public.get_by_text(serial[0]).first).to_be_visible()

    # The indicator moved by one, and the list shows her with that certificate.
    after = count(installation, "AS-01-01")
    assert (after["numerator"], after["denominator"]) == (1, 1)
    assert after["persons"] == {"trained": ["CB-1"], "untrained": [], "excluded": []}
    assert count(installation, "AS")["numerator"] == 1
    assert count(installation, "AS")["denominator"] == 2
    admin.goto(f"{installation.url}/chi-tieu/D2/D2-4c/danh-sach/AS-01-01?nhom=trained")
    row = admin.locator("tr", has_text=CHAIR)
    expect(row).to_contain_text(serial[0])
