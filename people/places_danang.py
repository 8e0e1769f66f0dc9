"""The 94 wards, communes and the special zone of Da Nang since 1 July 2025: codes, kinds, names, populations.

Codes are those of the General Statistics Office; populations those published for the reorganisation of 2025.
Names are written as that list writes them ("Hoà Khánh"); people also write "Hòa Khánh", and `find_place`
takes both.
"""

import re
from dataclasses import dataclass
from typing import Literal

from core.vietnamese import clean_text, fold, without_marks

PlaceKind = Literal["ward", "commune", "special_zone"]

_KIND_VI = {"ward": "Phường", "commune": "Xã", "special_zone": "Đặc khu"}
_KIND_EN = {"ward": "Ward", "commune": "Commune", "special_zone": "Special Zone"}


@dataclass(frozen=True, slots=True)
class Place:
    """One unit of the city. `population` is `None` where nobody was counted."""

    code: str
    kind: PlaceKind
    name: str
    population: int | None

    @property
    def full_name(self) -> str:
        """Kind and name, in Vietnamese: "Phường Hải Châu"."""
        return f"{_KIND_VI[self.kind]} {self.name}"

    @property
    def name_en(self) -> str:
        """The name in plain Latin letters: "Hai Chau"."""
        return without_marks(self.name)

    @property
    def full_name_en(self) -> str:
        """Name and kind, in English: "Hai Chau Ward"."""
        return f"{self.name_en} {_KIND_EN[self.kind]}"


PLACES = (
    Place("20194", "ward", "Hải Vân", 48_992),
    Place("20197", "ward", "Liên Chiểu", 70_628),
    Place("20200", "ward", "Hoà Khánh", 112_518),
    Place("20209", "ward", "Thanh Khê", 201_240),
    Place("20242", "ward", "Hải Châu", 131_427),
    Place("20257", "ward", "Hoà Cường", 119_363),
    Place("20260", "ward", "Cẩm Lệ", 78_837),
    Place("20263", "ward", "Sơn Trà", 86_890),
    Place("20275", "ward", "An Hải", 82_635),
    Place("20285", "ward", "Ngũ Hành Sơn", 115_944),
    Place("20305", "ward", "An Khê", 93_625),
    Place("20308", "commune", "Bà Nà", 25_267),
    Place("20314", "ward", "Hoà Xuân", 85_580),
    Place("20320", "commune", "Hoà Vang", 26_712),
    Place("20332", "commune", "Hoà Tiến", 38_823),
    Place("20333", "special_zone", "Hoàng Sa", None),
    Place("20335", "ward", "Bàn Thạch", 36_800),
    Place("20341", "ward", "Tam Kỳ", 44_075),
    Place("20350", "ward", "Hương Trà", 33_523),
    Place("20356", "ward", "Quảng Phú", 29_401),
    Place("20364", "commune", "Chiên Đàn", 32_145),
    Place("20380", "commune", "Tây Hồ", 35_493),
    Place("20392", "commune", "Phú Ninh", 26_954),
    Place("20401", "ward", "Hội An Tây", 42_370),
    Place("20410", "ward", "Hội An", 37_222),
    Place("20413", "ward", "Hội An Đông", 31_109),
    Place("20434", "commune", "Tân Hiệp", 2_614),
    Place("20443", "commune", "Hùng Sơn", 7_958),
    Place("20455", "commune", "Tây Giang", 8_629),
    Place("20458", "commune", "Avương", 5_463),
    Place("20467", "commune", "Đông Giang", 8_870),
    Place("20476", "commune", "Sông Kôn", 8_746),
    Place("20485", "commune", "Sông Vàng", 7_024),
    Place("20494", "commune", "Bến Hiên", 4_588),
    Place("20500", "commune", "Đại Lộc", 61_217),
    Place("20506", "commune", "Thượng Đức", 22_520),
    Place("20515", "commune", "Hà Nha", 38_199),
    Place("20539", "commune", "Vu Gia", 27_649),
    Place("20542", "commune", "Phú Thuận", 27_575),
    Place("20551", "ward", "Điện Bàn", 41_270),
    Place("20557", "ward", "Điện Bàn Bắc", 30_780),
    Place("20569", "commune", "Điện Bàn Tây", 43_310),
    Place("20575", "ward", "An Thắng", 34_176),
    Place("20579", "ward", "Điện Bàn Đông", 72_273),
    Place("20587", "commune", "Gò Nổi", 29_968),
    Place("20599", "commune", "Nam Phước", 53_498),
    Place("20611", "commune", "Thu Bồn", 36_909),
    Place("20623", "commune", "Duy Xuyên", 32_243),
    Place("20635", "commune", "Duy Nghĩa", 32_143),
    Place("20641", "commune", "Quế Sơn", 34_122),
    Place("20650", "commune", "Xuân Phú", 37_083),
    Place("20656", "commune", "Nông Sơn", 21_018),
    Place("20662", "commune", "Quế Sơn Trung", 33_300),
    Place("20669", "commune", "Quế Phước", 14_162),
    Place("20695", "commune", "Thạnh Mỹ", 9_072),
    Place("20698", "commune", "La Êê", 2_371),
    Place("20704", "commune", "La Dêê", 2_930),
    Place("20707", "commune", "Nam Giang", 4_979),
    Place("20710", "commune", "Bến Giằng", 8_277),
    Place("20716", "commune", "Đắc Pring", 3_060),
    Place("20722", "commune", "Khâm Đức", 9_741),
    Place("20728", "commune", "Phước Hiệp", 4_529),
    Place("20734", "commune", "Phước Năng", 8_452),
    Place("20740", "commune", "Phước Chánh", 4_466),
    Place("20752", "commune", "Phước Thành", 4_651),
    Place("20767", "commune", "Việt An", 26_196),
    Place("20770", "commune", "Phước Trà", 6_933),
    Place("20779", "commune", "Hiệp Đức", 14_931),
    Place("20791", "commune", "Thăng Bình", 54_415),
    Place("20794", "commune", "Thăng An", 51_988),
    Place("20818", "commune", "Đồng Dương", 24_773),
    Place("20827", "commune", "Thăng Phú", 17_266),
    Place("20836", "commune", "Thăng Trường", 24_803),
    Place("20848", "commune", "Thăng Điền", 42_280),
    Place("20854", "commune", "Tiên Phước", 28_137),
    Place("20857", "commune", "Sơn Cẩm Hà", 17_608),
    Place("20875", "commune", "Lãnh Ngọc", 14_847),
    Place("20878", "commune", "Thạnh Bình", 24_775),
    Place("20900", "commune", "Trà My", 19_956),
    Place("20908", "commune", "Trà Liên", 7_052),
    Place("20920", "commune", "Trà Đốc", 10_475),
    Place("20923", "commune", "Trà Tân", 6_293),
    Place("20929", "commune", "Trà Giáp", 5_939),
    Place("20938", "commune", "Trà Leng", 6_586),
    Place("20941", "commune", "Trà Tập", 8_384),
    Place("20944", "commune", "Nam Trà My", 7_395),
    Place("20950", "commune", "Trà Linh", 7_088),
    Place("20959", "commune", "Trà Vân", 5_342),
    Place("20965", "commune", "Núi Thành", 69_406),
    Place("20971", "commune", "Tam Xuân", 42_834),
    Place("20977", "commune", "Đức Phú", 9_240),
    Place("20984", "commune", "Tam Anh", 31_026),
    Place("20992", "commune", "Tam Hải", 10_312),
    Place("21004", "commune", "Tam Mỹ", 18_064),
)

PLACE_BY_CODE = {place.code: place for place in PLACES}

_CITY = re.compile(r",? *(?:(?:thanh pho|tp\.?) *)?da nang[ .,]*$")
_KIND = re.compile(r"(?P<kind>phuong|xa|dac khu|p|x|dk)(?:\. *| +)(?P<name>.+)")
_PLACE_BY_NAME = {fold(place.name): place for place in PLACES}


def find_place(text: str) -> Place | None:
    """The place that a code or a name means, in any case, spelling or accents, with or without its kind.

    A kind that contradicts ("Xã Hải Châu") finds nothing: it may be one of the units of before July 2025.

    >>> find_place("P. Hòa Khánh") == find_place("hoa khanh") == find_place("20200") == PLACE_BY_CODE["20200"]
    True
    >>> find_place("Xã Hải Châu"), find_place("Hà Nội")
    (None, None)
    """
    wanted = _CITY.sub("", fold(clean_text(text[:200]))).strip(" ,.")
    place = PLACE_BY_CODE.get(wanted) or _PLACE_BY_NAME.get(wanted)
    if place is None and (match := _KIND.fullmatch(wanted)):
        place = _PLACE_BY_NAME.get(match["name"])
        if place is not None and not match["kind"].startswith(fold(_KIND_VI[place.kind])[0]):
            return None
    return place
