"""A messy list in a real browser: from upload over a corrected column to the mended rows, sent again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.web import house
from people.models import Person
from referrals.importing.rosters.opening import open_book
from referrals.models.acts import Teaching
from tests.journeys.surfing import Screen, Surfer
from tests.support.cast import Cast

pytestmark = pytest.mark.browser

# "Quý vị" is no header that a list of names usually has: its column has to be shown.
HEADER = (("TT", "Quý vị", "Năm sinh", "", "Liên lạc qua"), ("", "", "Nam", "Nữ", ""))
ROWS = (
    (1, "Trần Thị Hoa", "", 1958, 905111222),
    (2, "Lê Văn Hùng", 1960, "", "0905 333 444"),
    (3, "Phạm Thị Mai", "", 1971, "O905123456"),
    (4, "Trần Thị Hoa", "", 1958, ""),
    (5, "http://an.vn", "", "", "0905 999 888"),
    (6, "Võ Thị Sáu", "", 1949, "0905 555 666"),
)


def messy(path: Path) -> Path:
    """Titles above, a header of two lines, merged cells, a total below, a hidden sheet."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("Lớp chợ Cồn")
        page.merge_range(0, 0, 0, 4, "DANH SÁCH HỌC VIÊN")
        page.merge_range(1, 0, 1, 4, "Nhà văn hóa thôn 2")
        for number, line in enumerate((*HEADER, *ROWS), 3):
            page.write_row(number, 0, line)
        page.write_row(3 + len(HEADER) + len(ROWS), 0, ("", "Tổng cộng: 6 người"))
        hidden = book.add_worksheet("Nháp")
        hidden.hide()
        hidden.write_row(0, 0, ("Họ tên",))
        hidden.write_row(1, 0, ("Người Ẩn",))
    return path


def send(page: Page, path: Path) -> None:
    """Choose a file, tick a skill where none is, send it."""
    page.goto("/danh-sach")
    page.set_input_files("input[name=file]", str(path))
    if not page.locator("input[name=skills]:checked").count():
        page.locator("label.chip", has=page.locator("input[name=skills]")).first.click()
    page.locator("form[enctype='multipart/form-data'] button[type=submit]").click()
    page.wait_for_url(lambda url: url.rstrip("/").rsplit("/", 1)[-1].isdigit())


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("screen", [Screen(360, "vi"), Screen(1280, "en", "dark")], ids=str)
def test_a_messy_list(
    surfer: Callable[[Screen], Surfer], cast: Cast, guarded_app: object, screen: Screen, tmp_path: Path
) -> None:
    alice = surfer(screen)
    page = alice.sign_in(cast.alice)
    alice.open("/danh-sach")
    alice.look()
    send(page, messy(tmp_path / "danh sách <b>lớp.xlsx"))

    # The column of names is said by hand; of phones only the tails are shown.
    columns = page.locator("#columns")
    if columns.get_attribute("open") is None:
        columns.locator("summary").click()
    expect(columns).to_contain_text("••• 222")
    expect(columns).not_to_contain_text("905111222")
    alice.look()
    columns.locator("#field-0-1").select_option("full_name")
    columns.locator("#field-0-4").select_option("phone")
    columns.locator("button[type=submit]").click()
    expect(page.locator(".notice-good")).to_be_visible()

    # The row in doubt: another Hoa. Then one tap writes all.
    preview = page.url.split("?")[0]
    expect(page.locator(".roster-question")).to_have_count(1)
    alice.look()
    page.locator(".roster-question label", has=page.locator("input[value=apart]")).click()
    page.locator("button.button-big").click()
    expect(page.locator(".details")).to_be_visible()
    expect(page.locator(".details")).to_contain_text("5")
    alice.look()
    assert page.url.split("?")[0] == preview

    # What was refused comes back as a file; mended, it is read as the first one was.
    with page.expect_download() as downloading:
        page.locator("a[href$='.xlsx']").click()
    mend = tmp_path / "can-sua.xlsx"
    downloading.value.save_as(mend)
    (sheet,) = open_book(mend.read_bytes(), mend.name).sheets
    assert [row[1] for row in sheet.rows[2:]] == ["http://an.vn"]
    lines = [["" if cell is None else cell for cell in row] for row in sheet.rows]
    lines[2][1] = "Hồ Thị Ân"
    with xlsxwriter.Workbook(str(mend), {"strings_to_urls": False}) as book:
        again = book.add_worksheet("Lớp chợ Cồn")
        for number, line in enumerate(lines):
            again.write_row(number, 0, line)
    send(page, mend)
    # What was said of the columns is remembered for the file that came back.
    expect(page.locator("#field-0-1")).to_have_value("full_name")
    page.locator("button.button-big").click()
    expect(page.locator(".details")).to_be_visible()

    # The first file once more: nothing is left to write, and the page says when it was taken.
    send(page, tmp_path / "danh sách <b>lớp.xlsx")
    expect(page.locator("button.button-big")).to_have_count(0)
    expect(page.locator(".notice-info")).to_be_visible()
    page.goto(page.url.split("?")[0] + "/thoi")
    alice.look()
    with house(guarded_app).work.begin(write=False) as session:  # type: ignore[arg-type]
        names = sorted(
            session.scalars(select(Person.full_name).join(Teaching, Teaching.learner_id == Person.id))
        )
    assert names == sorted(
        ["Trần Thị Hoa", "Trần Thị Hoa", "Lê Văn Hùng", "Phạm Thị Mai", "Võ Thị Sáu", "Hồ Thị Ân"]
    )
