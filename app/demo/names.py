"""Names of invented people for the demonstration city: true to gender, generation and region.

A grandmother is called Nguyễn Thị Bốn, her granddaughter Nguyễn Ngọc Gia Hân. The lists are ours, ordered
from common to rare; who draws from them decides nothing but the seed. Any likeness with a living person is
chance, as with any name of this country.
"""

from functools import cache
from itertools import accumulate
from random import Random
from typing import Literal, NamedTuple

Generation = Literal["old", "middle", "young"]

HIGHLAND_SHARE = 0.03
"""How many of the city's people bear a Cơ Tu name: roughly that people's share of the city."""

_FAMILIES = """
Nguyễn:300 Trần:115 Lê:105 Phạm:60 Huỳnh:58 Võ:52 Phan:50 Đặng:36 Ngô:26 Hồ:26 Trương:26 Đỗ:20 Bùi:20
Đoàn:18 Mai:16 Hoàng:15 Lương:12 Dương:12 Đinh:12 Cao:9 Thái:9 Lý:7 Hà:7 Lưu:7 Châu:6 Phùng:6 Tạ:5 Tô:5
Trịnh:5 Văn:5 Thân:4 Hứa:4 Doãn:3 Kiều:3 Từ:3 Tăng:3 Đàm:2 Quách:2 Nghiêm:1 Lâm:6 Trà:2 Tán:1
Thi:1 Bạch:1 Vũ:8
"""
_HIGHLAND_FAMILIES = """
Alăng:9 Zơrâm:8 Bhling:7 Arất:7 Pơloong:6 Bríu:6 Ating:5 Hôih:4 Bhnướch:4 Cơlâu:4 Coor:3 Tơngôl:3 Ríah:3
Blúp:3
"""
_HIGHLAND_GIVEN = {
    "m": "Hùng Nhơn Tới Bằng Nghếp Năm Lợi Thành Điền Bích Vinh Đhưng Trứ Nhiên Sơn Bảy",
    "f": "Hạnh Nhiên Thương Bưởi Lành Nga Đào Thảo Mười Duyên Phượng Nhung Bê Liên Điệp Sương",
}

# Middle names: what stands before the given name, by gender and generation. "-" is none.
_MIDDLES: dict[tuple[str, Generation], str] = {
    ("m", "old"): "Văn:60 Đình:7 Hữu:7 Xuân:5 Ngọc:5 Công:4 Quang:4 Bá:3 Viết:3 Đức:3 Thanh:3 Tấn:3 -:4",
    ("f", "old"): "Thị:88 Thị_Kim:2 Thị_Ngọc:2 Thị_Thu:2 Thị_Minh:1 Thị_Thanh:1 Như:1 -:3",
    ("m", "middle"): (
        "Văn:30 Đình:7 Hữu:7 Quốc:6 Minh:6 Ngọc:6 Thanh:6 Quang:6 Đức:6 Xuân:5 Công:5 Tấn:4 Anh:3 Trọng:3 "
        "Duy:3 Hoàng:3 Viết:2 Phước:2 Bá:2 Thế:2 Mạnh:1 Tiến:2 -:3"
    ),
    ("f", "middle"): (
        "Thị:40 Thị_Thu:6 Thị_Thanh:6 Thị_Kim:6 Thị_Ngọc:5 Thị_Minh:4 Thị_Bích:4 Thị_Hồng:4 Thị_Mỹ:4 "
        "Thị_Tuyết:2 Thị_Phương:3 Kim:3 Thanh:3 Ngọc:3 Thu:2 Bích:2 Mỹ:2 Hoàng:1 -:2"
    ),
    ("m", "young"): (
        "Văn:5 Minh:10 Gia:9 Quốc:8 Anh:7 Hoàng:7 Đức:6 Nhật:6 Bảo:5 Tuấn:5 Thanh:4 Đăng:4 Hữu:3 Trọng:3 "
        "Duy:3 Quang:3 Ngọc:3 Thành:2 Công:2 Thiên:3 Nguyên:3 Phúc:2 Trần_Minh:1 Lê_Quốc:1 Ngọc_Gia:1 "
        "Đình_Bảo:1"
    ),
    ("f", "young"): (
        "Thị:6 Bảo:8 Khánh:8 Gia:6 Ngọc:8 Thanh:5 Phương:6 Minh:6 Quỳnh:5 Thảo:4 Hoài:3 Mai:3 Yến:3 "
        "Tường:2 Diệu:2 Thuỳ:3 Thị_Khánh:3 Thị_Thuỳ:3 Thị_Ngọc:3 Thị_Phương:3 Thị_Quỳnh:2 Trần_Bảo:1 "
        "Lê_Khánh:1 Ngọc_Gia:2 Hoàng_Thiên:1 Hoàng:2"
    ),
}

# Given names, common ones first.
_GIVEN: dict[tuple[str, Generation], str] = {
    ("m", "old"): (
        "Hùng Thanh Minh Sơn Dũng Tâm Bình Hai Ba Tư Năm Sáu Bảy Tám Chín Mười Út Lợi Phước Thành Xuân "
        "Hoà Hải Long Lộc Tài Đức Quang Nhơn Nghĩa Trí Cư Chút Chánh Đông Hiệp Hồng Kỳ Lai Liêm Luận Mẫn "
        "Nam Ngọc Phú Quý Sanh Tân Thạnh Thêm Thu Thuận Tín Trung Tường Vinh Xin Ích Ánh Cẩn Diêu Đáng "
        "Lúa Nhẫn Rô Sỹ Thảnh Đồng"
    ),
    ("f", "old"): (
        "Lan Hoa Hồng Mai Cúc Huệ Liên Bốn Năm Sáu Bảy Tám Chín Mười Út Hai Ba Tư Nhung Nga Hường Thu "
        "Xuân Hạnh Liễu Đào Lý Phượng Thơm Thảo Tâm Bông Bưởi Cam Chanh Dung Điểu Đông Gái Hiền Hương Lài "
        "Lành Lựu Mận Minh Mót Mùi Nở Nhạn Nuôi Phú Sen Sương Thanh Thi Thuận Trà Tuyết Vân Yến Xí Chút "
        "Em Én Khế Ký Lộc Ngọt Bích Đậm"
    ),
    ("m", "middle"): (
        "Hùng Tuấn Dũng Hải Cường Sơn Nam Thành Long Trung Hiếu Quang Minh Tùng Phương Thắng Toàn Vinh "
        "Phong Hoàng Tâm Lâm Linh Bình Đức Anh Huy Khánh Nghĩa Tú Việt Vũ Kiên Tiến Trường Phúc Lộc Thịnh "
        "Duy Khoa Công Đạt Hậu Hưng Khương Lợi Luân Nhân Ninh Pháp Quân Quốc Quyền Sang Sinh Tài Tân "
        "Thạch Thái Thiện Thông Thức Tín Trí Triều Vương Danh Diệp Điệp Đoàn Giang Hào Hiệp Hoài Hợp Nhật "
        "Phát Tịnh Tưởng Vượng Ý"
    ),
    ("f", "middle"): (
        "Hương Lan Hà Thảo Hằng Thuỷ Hạnh Nga Hoa Phương Thu Trang Linh Oanh Nhung Yến Mai Loan Vân Hiền "
        "Hồng Thanh Tuyết Dung Hoà Ngọc Liên Phượng Tâm Thuý Huyền Ánh Bích Chi Cúc Diễm Diệu Duyên Giang "
        "Hân Hoài Hoàng Hường Khánh Kiều Lài Lệ Liễu Ly Lý Mận Minh My Mỹ Ngà Nguyệt Nhàn Như Nương Quyên "
        "Quỳnh Sương Thắm Thoa Thơ Thuận Thư Thương Trâm Trinh Trúc Tuyền Uyên Vi Viên Xinh Xuân Ý Điệp "
        "Đông Ái Ân"
    ),
    ("m", "young"): (
        "Khôi Khang Huy Bảo Minh Anh Khoa Phúc Duy Đạt Quân Nguyên Kiệt Thịnh Long Hiếu Phát Hưng Nam "
        "Khánh Nhân Tuấn Tú Phong Thiên Vinh Đăng An Bách Lâm Hoàng Tiến Trí Dương Quang Vỹ Tín Sang "
        "Triết Hải Đức Thiện Việt Hào Khải Khiêm Kiên Lộc Nghĩa Nhật Phú Quốc Sơn Tài Tâm Thành Thái "
        "Thuận Toàn Trọng Trung Trường Tùng Vương Đan"
    ),
    ("f", "young"): (
        "Linh Ngọc Anh Hân Trâm Nhi My Thư Châu Như Hà Trang Vy Ngân Uyên Phương Quỳnh Mai Thảo Giang Chi "
        "Hiền Nguyên An Trinh Tiên Yến Băng Bình Diệp Dung Duyên Đan Hạ Hạnh Hằng Hương Khanh Khuê Kim "
        "Lam Lan Ly Minh Mẫn Ngà Nghi Nhiên Nhung Oanh Quyên Tâm Thanh Thi Thuỷ Thy Trân Trà Trúc Tú "
        "Tường Vân Vi Ý Ân Ái Sa Ngoan"
    ),
}

# How much of each generation's taste is found in a band: old, middle, young.
_TASTES = {
    "75_plus": (100, 0, 0),
    "60_74": (80, 20, 0),
    "45_59": (25, 75, 0),
    "25_44": (0, 75, 25),
    "16_24": (0, 20, 80),
    "under_16": (0, 5, 95),
}
_GENERATIONS: tuple[Generation, ...] = ("old", "middle", "young")


class _Urn(NamedTuple):
    """Words to draw from, and the running sum of their weights."""

    words: tuple[str, ...]
    weights: tuple[float, ...]

    def draw(self, random: Random) -> str:
        return random.choices(self.words, cum_weights=self.weights)[0]


@cache
def _weighted(text: str) -> _Urn:
    """An urn of "word:weight"; "_" stands for a space and "-" for nothing."""
    pairs = [entry.split(":") for entry in text.split()]
    words = tuple(word.replace("_", " ").replace("-", "") for word, _ in pairs)
    return _Urn(words, tuple(accumulate(float(weight) for _, weight in pairs)))


@cache
def _ranked(text: str) -> _Urn:
    """An urn of words from common to rare: the first is drawn about eight times as often as the last."""
    words = tuple(text.split())
    return _Urn(words, tuple(accumulate(1 / (rank + len(words) / 7) for rank in range(len(words)))))


def make_name(random: Random, gender: str, age_band: str | None, *, highland: float = HIGHLAND_SHARE) -> str:
    """Make a full name for someone of that gender ("m", "f", or any other for either) and age band.

    `highland` is the chance, 0 to 1, of a Cơ Tu name ("Zơrâm Thị Hạnh"). The same state of `random` makes the
    same name.

    >>> make_name(Random(7), "f", "60_74") == make_name(Random(7), "f", "60_74")
    True
    """
    sex = gender if gender in {"m", "f"} else random.choice("mf")
    generation = random.choices(_GENERATIONS, _TASTES[age_band or "25_44"])[0]
    if random.random() < highland:
        return _highland_name(random, sex)
    family = _weighted(_FAMILIES).draw(random)
    middle = _weighted(_MIDDLES[sex, generation]).draw(random)
    given = _ranked(_GIVEN[sex, generation]).draw(random)
    while given in middle.split() or given == family or (not middle and sex == "f" and generation == "old"):
        middle = _weighted(_MIDDLES[sex, generation]).draw(random)
        given = _ranked(_GIVEN[sex, generation]).draw(random)
    return " ".join(part for part in (family, middle, given) if part)


def _highland_name(random: Random, sex: str) -> str:
    family = _weighted(_HIGHLAND_FAMILIES).draw(random)
    given = _ranked(_HIGHLAND_GIVEN[sex]).draw(random)
    middle = random.choices(("Thị " if sex == "f" else "Văn ", ""), (6, 4))[0]
    return f"{family} {middle}{given}"


def given_names(gender: str) -> frozenset[str]:
    """All given names that `make_name` may draw for a gender, "m" or "f".

    >>> "Hân" in given_names("f"), "Hân" in given_names("m")
    (True, False)
    """
    drawn = [text for (sex, _), text in _GIVEN.items() if sex == gender]
    return frozenset(word for text in (*drawn, _HIGHLAND_GIVEN[gender]) for word in text.split())
