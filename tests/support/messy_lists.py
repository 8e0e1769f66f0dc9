"""Lists as people make them, beside their naive truth: hypothesis draws the mess; the truth went in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from hypothesis import strategies as st

from referrals.importing.rosters.grids import Cell, Row

FAMILIES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Đặng",
    "Võ",
    "Huỳnh",
    "Tô",
    "Trương",
    "Đoàn",
    "Zơrâm",
    "Alăng",
    "Tống",
)
MIDDLES = ("Văn", "Thị", "Thị Thu", "Minh", "Như Khánh", "")
GIVEN = ("An", "Bé", "Hòa", "Thuỷ", "Tổng", "Lớp", "Tám", "Nữ", "Nam", "Phương", "Đào", "Hội")
PREFIXES = ("090", "091", "098", "035", "079", "086", "056")
OLD = {"0163": "033", "0122": "077", "0129": "082"}
FIRST_YEAR, LAST_YEAR = 1936, 1964

HEADERS: dict[str, Sequence[str]] = {
    "number": ("STT", "TT", "Số TT", "stt ", "No."),
    "full_name": (
        "Họ và tên", "HỌ TÊN", "Ho va ten", "Họ và\ntên", "Họ tên học viên", "Full name",
        "Họ và tên (chữ in hoa)", "Họ, tên", "Họ và tênn", "HỌ & TÊN",
    ),
    "family_part": ("Họ đệm", "HỌ VÀ CHỮ ĐỆM", "Họ lót", "Họ và tên đệm", "Họ"),
    "given_part": ("Tên", "TÊN", "ten"),
    "phone": (
        "SĐT", "Số điện thoại", "ĐT", "Số ĐT", "Điện thoại", "SĐT/ZALO", "Mobile", "Phone", "DĐ", "S.Đ.T",
        "so dien thoai", "Số điện thoại\n(Zalo)", "Số điện thọai", "Điện thoại liên hệ",
    ),
    "birth": ("Năm sinh", "Ngày sinh", "NTNS", "Ngày, tháng, năm sinh", "Sinh năm", "DOB"),
    "gender": ("Giới tính", "Phái", "Nam/Nữ", "GT", "Gender"),
    "ward": ("Địa chỉ", "Phường/xã", "Nơi ở hiện nay", "Xã, phường", "Đơn vị công tác", "Address"),
    "note": ("Ghi chú", "GHI CHÚ", "Note"),
    "code": ("Mã số", "MSSV", "Mã HV"),
    "email": ("Email", "E-mail"),
    "secret": ("Dân tộc", "Số CCCD", "Tôn giáo", "Tình trạng sức khỏe"),
    "other": ("Chức vụ", "Quầy số", "Kết quả"),
}  # fmt: skip

WARDS = {
    "Phường Hải Châu": "20242",
    "P. Hòa Minh": "20200",
    "Tổ 5, xã Hòa Tiến": "20332",
    "thanh khê tây": "20209",
}


@dataclass
class Somebody:
    """One person as the truth has it."""

    family: str
    given: str
    digits: str | None
    year: int
    gender: str
    ward: str

    @property
    def name(self) -> str:
        return f"{self.family} {self.given}"


@dataclass
class Messy:
    """A grid, and what a careful reader finds in it: rows count from 1, phones are E.164."""

    rows: list[Row] = field(default_factory=list)
    header_row: int = 0
    header_rows: list[int] = field(default_factory=list)
    people: list[tuple[int, Somebody]] = field(default_factory=list)
    layout: tuple[str, ...] = ()


@st.composite
def somebody(draw: st.DrawFn) -> Somebody:
    """A person with a name of this country, mostly with a phone."""
    family = " ".join(
        part for part in (draw(st.sampled_from(FAMILIES)), draw(st.sampled_from(MIDDLES))) if part
    )
    digits = draw(st.none() | st.integers(0, 9_999_999).map(lambda tail: f"{tail:07d}"))
    prefix = draw(st.sampled_from(PREFIXES))
    return Somebody(
        family,
        draw(st.sampled_from(GIVEN)),
        None if digits is None else prefix + digits,
        draw(st.integers(FIRST_YEAR, LAST_YEAR)),
        draw(st.sampled_from("mf")),
        draw(st.sampled_from(sorted(WARDS))),
    )


NAME_FORMS: Sequence[Callable[[str], str]] = (
    str, str, str.upper, lambda name: f" {name}  ", lambda name: name.replace(" ", "  "),
    lambda name: name.replace("Đ", "Ð"), lambda name: f"{name}*", lambda name: f"{name} (tổ trưởng)",
)  # fmt: skip
PHONE_FORMS: Sequence[Callable[[str], Cell]] = (
    str, str, int, float, lambda one: f"{one[:4]} {one[4:7]} {one[7:]}",
    lambda one: f"{one[:4]}.{one[4:7]}.{one[7:]}",
    lambda one: "+84" + one[1:], lambda one: f"'{one}", lambda one: f"{one} (con trai)",
    lambda one: f"{one}/{one}",
    lambda one: next((old + one[3:] for old, new in OLD.items() if one.startswith(new)), one),
)  # fmt: skip
BIRTH_FORMS: Sequence[Callable[[int], Cell]] = (
    int, str, lambda year: f"05/03/{year}", lambda year: f"5.3.{year}", lambda year: date(year, 3, 5),
    lambda year: datetime(year, 3, 5), lambda year: f"{year}-03-05", lambda year: f"5-3-{year % 100}",  # noqa: DTZ001
    lambda year: (date(year, 3, 5) - date(1899, 12, 30)).days,
)  # fmt: skip
TITLES = (
    "DANH SÁCH HỌC VIÊN LỚP BÌNH DÂN HỌC VỤ SỐ", "ĐOÀN TNCS HỒ CHÍ MINH", "Tháng 03/2026", "Phường Hải Châu",
    "(Kèm theo Kế hoạch số 12-KH/ĐTN ngày 05/3/2026)", "Thời gian: 8h00 ngày 05/3/2026", "Lớp sáng",
)  # fmt: skip
SECTIONS = ("Tổ 1", "I. Khối phường", "Lớp chiều", "Chi đoàn khối phố 3", "A. CHỢ CỒN", "PHƯỜNG HẢI CHÂU")
SUMS = ("Tổng cộng", "Cộng", "Tổng số: 25 người", "TỔNG", "Cộng tổ 1: 5", "Danh sách này có 12 người")
SIGNATURES = (
    ("Đà Nẵng, ngày 10 tháng 3 năm 2026",),
    ("NGƯỜI LẬP BIỂU", None, "TM. BAN THƯỜNG VỤ"),
    ("(Ký, ghi rõ họ tên)", None, "BÍ THƯ"),
    (None,),
    ("Nguyễn Thị Lập", None, "Trần Văn Bí"),
)


@st.composite
def messy_list(draw: st.DrawFn) -> Messy:
    """One sheet: title rows, a header of one or two lines, people among sums, sections and signatures."""
    split = draw(st.booleans())
    names = ["family_part", "given_part"] if split else ["full_name"]
    others = draw(st.lists(
        st.sampled_from(["phone", "birth", "gender", "ward", "note", "code", "email", "secret", "other"]),
        unique=True, max_size=7,
    ))  # fmt: skip
    numbered = draw(st.booleans())
    blocks = draw(st.permutations([names, *([one] for one in others)]))
    columns = (["number"] if numbered else []) + [one for block in blocks for one in block]
    if not numbered and len(columns) == 1:
        columns.append("note")
    left = draw(st.integers(0, 2))
    texts = {one: draw(st.sampled_from(HEADERS[one])) for one in columns}
    messy = Messy(layout=tuple(columns))
    _titles(draw, messy)
    headers = [_header(draw, messy, columns, texts, left)]
    if draw(st.integers(0, 4)) == 0:
        numbers = tuple(f"({place})" for place in range(1, len(columns) + 1))
        messy.rows.append((None,) * left + numbers)
    people = draw(st.lists(somebody(), min_size=3, max_size=9))
    for place, one in enumerate(people):
        if place and draw(st.integers(0, 5)) == 0:
            headers += _between(draw, messy, columns, texts, left, numbered)
        messy.rows.append((None,) * left + _person(draw, one, columns, place + 1))
        messy.people.append((len(messy.rows), one))
    _below(draw, messy, columns, left, numbered, len(people))
    messy.header_row, messy.header_rows = headers[0], headers
    return messy


def _titles(draw: st.DrawFn, messy: Messy) -> None:
    for title in draw(st.lists(st.sampled_from(TITLES), max_size=4)):
        messy.rows.append((None,) * draw(st.integers(0, 2)) + (title,))
        messy.rows += [()] * draw(st.integers(0, 2))


def _header(draw: st.DrawFn, messy: Messy, columns: list[str], texts: dict[str, str], left: int) -> int:
    line: list[Cell] = [texts[one] for one in columns]
    if "family_part" in columns and draw(st.booleans()):
        place = columns.index("family_part")
        below: list[Cell] = [None] * len(columns)
        below[place], below[place + 1] = line[place], line[place + 1]
        line[place], line[place + 1] = "Họ và tên", None
        messy.rows.append((None,) * left + tuple(line))
        line = below
    messy.rows.append((None,) * left + tuple(line))
    return len(messy.rows)


def _person(draw: st.DrawFn, one: Somebody, columns: list[str], number: int) -> Row:
    form = draw(st.sampled_from(NAME_FORMS))
    cells: dict[str, Cell] = {
        "number": draw(st.sampled_from(_numbers(number))),
        "full_name": form(one.name),
        "family_part": one.family.upper() if draw(st.booleans()) else f"{one.family} ",
        "given_part": one.given,
        "phone": None if one.digits is None else draw(st.sampled_from(PHONE_FORMS))(one.digits),
        "birth": draw(st.sampled_from(BIRTH_FORMS))(one.year),
        "gender": draw(st.sampled_from(["Nam", "nam", "NAM"] if one.gender == "m" else ["Nữ", "nữ", "Nu"])),
        "ward": one.ward,
        "note": draw(st.sampled_from([None, "học nhanh", "x"])),
        "code": f"HV{number:03d}",
        "email": f"a{number}@example.vn",
        "secret": draw(st.sampled_from(["Kinh", "048160001234", "Không"])),
        "other": draw(st.sampled_from(["Tổ trưởng", "Đạt", None])),
    }
    return tuple(cells[column] for column in columns)


def _numbers(number: int) -> tuple[Cell, ...]:
    return (number, float(number), str(number), f"{number}.")


def _between(
    draw: st.DrawFn, messy: Messy, columns: list[str], texts: dict[str, str], left: int, numbered: bool
) -> list[int]:
    """What stands between people; gives the rows of headers among it."""
    kind = draw(st.sampled_from(("section", "sum", "blank", "header", "page")))
    if kind == "section":
        messy.rows.append((None,) * left + (draw(st.sampled_from(SECTIONS)),))
    elif kind == "sum" and numbered:
        messy.rows.append(
            (None,) * left + (draw(st.sampled_from(SUMS)), *[None] * max(0, len(columns) - 2), 7)
        )
    elif kind == "blank":
        messy.rows.append(())
    elif kind == "page":
        messy.rows.append((None,) * left + ("Trang 2/3",))
    elif kind == "header":
        return [_header(draw, messy, columns, texts, left)]
    return []


def _below(draw: st.DrawFn, messy: Messy, columns: list[str], left: int, numbered: bool, people: int) -> None:
    if numbered and draw(st.booleans()):
        messy.rows += [(None,) * left + (people + extra,) for extra in (1, 2, 3)]
    if draw(st.booleans()):
        name = next(place for place, one in enumerate(columns) if one in {"full_name", "family_part"})
        messy.rows.append(
            (None,) * (left + draw(st.sampled_from([0, name]))) + (draw(st.sampled_from(SUMS)),)
        )
    if draw(st.booleans()):
        messy.rows.append(())
        shift = draw(st.integers(0, max(0, len(columns) - 1)))
        messy.rows += [(None,) * (left + shift) + line for line in SIGNATURES]
