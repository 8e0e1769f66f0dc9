"""The workbook that people fill in: what it asks for, the importer reads without a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.i18n import N_

ROWS: Final = 500
"""So many rows have drop-downs and text cells for phones; a longer list copies them down."""

HEADER_ROW: Final = 4
_FIRST: Final = HEADER_ROW  # the row below the header, counted from 0
_FONT: Final = "Times New Roman"

TITLE: Final = N_("DANH SÁCH NGƯỜI ĐÃ ĐƯỢC HƯỚNG DẪN")
SHEET: Final = N_("Danh sách")
GUIDE: Final = N_("Hướng dẫn")
HOW: Final = N_("Mỗi người một dòng. Chỉ cần họ và tên; những ô khác biết thì điền. Dòng ví dụ cứ để nguyên.")
EXAMPLE: Final = N_("Nguyễn Thị Mẫu")

HEADERS: Final = (
    ("number", N_("STT"), 6),
    ("full_name", N_("Họ và tên"), 28),
    ("phone", N_("Số điện thoại"), 16),
    ("gender", N_("Giới tính"), 11),
    ("age", N_("Nhóm tuổi"), 12),
    ("ward", N_("Phường, xã"), 24),
    ("taught_on", N_("Ngày dạy"), 13),
    ("skills", N_("Kỹ năng đã dạy"), 34),
    ("note", N_("Ghi chú"), 24),
)

GUIDE_LINES: Final = (
    N_("1. Điền vào trang “Danh sách”, từ dòng ngay dưới dòng ví dụ. Đừng đổi tên các cột."),
    N_("2. Họ và tên là ô duy nhất bắt buộc. Viết đủ dấu như trong giấy tờ của người học."),
    N_("3. Số điện thoại viết cả số 0 ở đầu. Người học không có số thì để trống."),
    N_("4. Giới tính, nhóm tuổi, phường xã, kỹ năng: bấm vào ô rồi chọn trong danh sách hiện ra."),
    N_("5. Ngày dạy viết như 05/03/2026. Cả lớp cùng một ngày thì để trống và chọn ngày khi gửi tệp."),
    N_("6. Dạy nhiều kỹ năng thì viết thêm sau dấu chấm phẩy, hoặc để trống và chọn chung khi gửi tệp."),
    N_("7. Không ghi dân tộc, tôn giáo, số căn cước hay tình trạng sức khỏe của bất kỳ ai."),
    N_("8. Lưu tệp rồi gửi ở mục “Danh sách Excel”. Bạn xem lại từng dòng trước khi ghi."),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the drop-downs offer, in the language of the workbook."""

    genders: Sequence[str]
    age_bands: Sequence[str]
    wards: Sequence[str]
    skills: Sequence[str]


def roster_template(choices: Choices, translate: Callable[[str], str] = str) -> bytes:
    """The .xlsx to download: a list with its header in row 4, an example row, a guide, the choices hidden.

    `translate` turns the message ids of this module into the language of the workbook.
    """
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": translate(TITLE)})
        sheet = book.add_worksheet(translate(SHEET))
        guide = book.add_worksheet(translate(GUIDE))
        lists = book.add_worksheet("_")
        lists.hide()
        _list(book, sheet, translate, choices)
        _guide(book, guide, translate)
        _choices(sheet, lists, choices)
        sheet.activate()
    return out.getvalue()


def _format(book: Workbook, **more: object) -> Format:
    return book.add_format({"font_name": _FONT, "font_size": 13, "valign": "vcenter", **more})


def _list(book: Workbook, sheet: Worksheet, translate: Callable[[str], str], choices: Choices) -> None:
    last = len(HEADERS) - 1
    sheet.merge_range(0, 0, 0, last, translate(TITLE), _format(book, bold=True, font_size=16, align="center"))
    sheet.merge_range(1, 0, 1, last, translate(HOW), _format(book, italic=True, align="center"))
    head = _format(book, bold=True, border=1, align="center", text_wrap=True, bg_color="#E8EEF7")
    text = _format(book, border=1, num_format="@")
    day = _format(book, border=1, num_format="dd/mm/yyyy")
    plain = _format(book, border=1, text_wrap=True)
    formats = {"phone": text, "taught_on": day}
    for place, (field, header, width) in enumerate(HEADERS):
        sheet.set_column(place, place, width)
        sheet.write_string(HEADER_ROW - 1, place, translate(header), head)
        for row in range(_FIRST, _FIRST + ROWS):
            sheet.write_blank(row, place, None, formats.get(field, plain))
    grey = _format(book, border=1, italic=True, font_color="#595959", num_format="@")
    offered = (choices.genders[:1], choices.age_bands[-1:], choices.wards[:1], choices.skills[:1])
    gender, age, ward, skill = (values[0] if values else "" for values in offered)
    example = ("VD", translate(EXAMPLE), "0905000000", gender, age, ward, "05/03/2026", skill, "")
    for place, value in enumerate(example):
        sheet.write_string(_FIRST, place, value, grey)
    sheet.freeze_panes(HEADER_ROW, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.repeat_rows(HEADER_ROW - 1)
    sheet.set_footer("&C&P / &N")


def _guide(book: Workbook, sheet: Worksheet, translate: Callable[[str], str]) -> None:
    sheet.set_column(0, 0, 110)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, translate(GUIDE), _format(book, bold=True, font_size=16))
    line = _format(book, text_wrap=True)
    for row, words in enumerate(GUIDE_LINES, 2):
        sheet.write_string(row, 0, translate(words), line)


def _choices(sheet: Worksheet, lists: Worksheet, choices: Choices) -> None:
    """Drop-downs; an entry of one's own is let through, since the importer reads much more than these."""
    places = {field: place for place, (field, _, _) in enumerate(HEADERS)}
    offered = (
        ("gender", choices.genders),
        ("age", choices.age_bands),
        ("ward", choices.wards),
        ("skills", choices.skills),
    )
    for column, (field, values) in enumerate(offered):
        if not values:
            continue
        for row, value in enumerate(values):
            lists.write_string(row, column, value)
        letter, place = "ABCD"[column], places[field]
        source = f"='_'!${letter}$1:${letter}${len(values)}"
        rule = {"validate": "list", "source": source, "error_type": "information"}
        sheet.data_validation(_FIRST, place, _FIRST + ROWS - 1, place, rule)
