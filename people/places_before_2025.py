"""The wards, communes and townships that became today's units of Da Nang on 1 July 2025.

People go on writing the old names for years. Facts of Resolution 1659/NQ-UBTVQH15; a unit that was divided
stands under each of its parts.
"""

from typing import Final, NamedTuple


class OldPlace(NamedTuple):
    """A unit of before: its kind (phuong, xa, thi tran), its name, today's codes, the likeliest one first."""

    kind: str
    name: str
    codes: tuple[str, ...]


_KINDS: Final = {"P": "phuong", "X": "xa", "T": "thi tran"}

_BECAME: Final = {
    "20194": "X Hòa Bắc|P Hòa Hiệp Bắc|P Hòa Hiệp Nam",
    "20197": "P Hòa Khánh Bắc",
    "20200": "X Hòa Sơn|P Hòa Khánh Nam|P Hòa Minh",
    "20209": "P Chính Gián|P Thạc Gián|P Thanh Khê Đông|P Thanh Khê Tây|P Xuân Hà",
    "20242": "P Hải Châu|P Phước Ninh|P Thạch Thang|P Thanh Bình|P Thuận Phước",
    "20257": "P Bình Thuận|P Hòa Cường Bắc|P Hòa Cường Nam|P Hòa Thuận Tây",
    "20260": "P Hòa Thọ Đông|P Hòa Thọ Tây|P Khuê Trung",
    "20263": "P Mân Thái|P Nại Hiên Đông|P Thọ Quang",
    "20275": "P An Hải Bắc|P An Hải Nam|P Phước Mỹ",
    "20285": "P Hòa Hải|P Hòa Quý|P Khuê Mỹ|P Mỹ An",
    "20305": "P Hòa An|P Hòa Phát|P An Khê",
    "20308": "X Hòa Nhơn|X Hòa Ninh",
    "20314": "X Hòa Châu|X Hòa Phước|P Hòa Xuân",
    "20320": "X Hòa Phong|X Hòa Phú",
    "20332": "X Hòa Khương|X Hòa Tiến",
    "20335": "P Hòa Thuận|P Tân Thạnh|X Tam Thăng",
    "20341": "P An Mỹ|P An Xuân|P Trường Xuân",
    "20350": "P An Sơn|P Hòa Hương|X Tam Ngọc",
    "20356": "P An Phú|X Tam Phú|X Tam Thanh",
    "20364": "T Phú Thịnh|X Tam Thái|X Tam Đàn",
    "20380": "X Tam An|X Tam Lộc|X Tam Phước|X Tam Thành",
    "20392": "X Tam Đại|X Tam Lãnh|X Tam Dân",
    "20401": "P Cẩm An|P Tân An|P Thanh Hà|X Cẩm Hà",
    "20410": "P Cẩm Nam|P Cẩm Phô|P Minh An|P Sơn Phong|X Cẩm Kim",
    "20413": "P Cẩm Châu|P Cửa Đại|X Cẩm Thanh",
    "20434": "X Tân Hiệp",
    "20443": "X A Xan|X Ch'ơm|X Ga Ri|X Tr'Hy",
    "20455": "X A Nông|X A Tiêng|X Dang|X Lăng",
    "20458": "X A Vương|X Bha Lêê",
    "20467": "T Prao|X A Rooi|X Tà Lu|X Zà Hung",
    "20476": "X A Ting|X Jơ Ngây|X Sông Kôn",
    "20485": "X Ba|X Tư",
    "20494": "X Kà Dăng|X Mà Cooih",
    "20500": "T Ái Nghĩa|X Đại An|X Đại Hiệp|X Đại Hòa|X Đại Nghĩa",
    "20506": "X Đại Hưng|X Đại Lãnh|X Đại Sơn",
    "20515": "X Đại Đồng|X Đại Hồng|X Đại Quang",
    "20539": "X Đại Cường|X Đại Minh|X Đại Phong",
    "20542": "X Đại Chánh|X Đại Tân|X Đại Thắng|X Đại Thạnh",
    "20551": "P Điện Minh|P Điện Phương|P Vĩnh Điện",
    "20557": "P Điện Thắng Bắc|X Điện Hòa|X Điện Tiến",
    "20569": "X Điện Hồng|X Điện Phước|X Điện Thọ",
    "20575": "P Điện An|P Điện Thắng Nam|P Điện Thắng Trung",
    "20579": "P Điện Dương|P Điện Nam Bắc|P Điện Nam Đông|P Điện Nam Trung|P Điện Ngọc",
    "20587": "X Điện Phong|X Điện Quang|X Điện Trung",
    "20599": "T Nam Phước|X Duy Phước|X Duy Vinh",
    "20611": "X Duy Châu|X Duy Hòa|X Duy Phú|X Duy Tân",
    "20623": "X Duy Sơn|X Duy Trinh|X Duy Trung",
    "20635": "X Duy Hải|X Duy Nghĩa|X Duy Thành",
    "20641": "T Đông Phú|X Quế An|X Quế Long|X Quế Minh|X Quế Phong",
    "20650": "T Hương An|X Quế Phú|X Quế Xuân 1|X Quế Xuân 2",
    "20656": "T Trung Phước|X Quế Lộc",
    "20662": "X Quế Châu|X Quế Hiệp|X Quế Mỹ|X Quế Thuận",
    "20669": "X Ninh Phước|X Phước Ninh|X Quế Lâm",
    "20695": "T Thạnh Mỹ",
    "20698": "X Chơ Chun|X La Êê",
    "20704": "X Đắc Tôi|X La Dêê",
    "20707": "X Chà Vàl|X Zuôih",
    "20710": "X Cà Dy|X Tà Bhing|X Tà Pơơ",
    "20716": "X Đắc Pre|X Đắc Pring",
    "20722": "T Khâm Đức|X Phước Xuân",
    "20728": "X Phước Hiệp|X Phước Hòa",
    "20734": "X Phước Đức|X Phước Mỹ|X Phước Năng",
    "20740": "X Phước Chánh|X Phước Công",
    "20752": "X Phước Kim|X Phước Lộc|X Phước Thành",
    "20767": "X Bình Lâm|X Bình Sơn|X Quế Thọ|X Thăng Phước",
    "20770": "X Phước Gia|X Phước Trà|X Sông Trà",
    "20779": "T Tân Bình|X Quế Lưu|X Quế Tân",
    "20791": "T Hà Lam|X Bình Nguyên|X Bình Phục|X Bình Quý",
    "20794": "X Bình Đào|X Bình Dương|X Bình Giang|X Bình Minh|X Bình Triều",
    "20818": "X Bình Định|X Bình Lãnh|X Bình Trị",
    "20827": "X Bình Phú|X Bình Quế",
    "20836": "X Bình Hải|X Bình Nam|X Bình Sa",
    "20848": "X Bình An|X Bình Trung|X Bình Tú",
    "20854": "T Tiên Kỳ|X Tiên Mỹ|X Tiên Phong|X Tiên Thọ",
    "20857": "X Tiên Châu|X Tiên Hà|X Tiên Sơn",
    "20875": "X Tiên Hiệp|X Tiên Lãnh|X Tiên Ngọc",
    "20878": "X Tiên An|X Tiên Cảnh|X Tiên Lập|X Tiên Lộc",
    "20900": "T Trà My|X Trà Dương|X Trà Giang|X Trà Sơn",
    "20908": "X Trà Đông|X Trà Kót|X Trà Nú",
    "20920": "X Trà Bui|X Trà Đốc",
    "20923": "X Trà Giác|X Trà Tân",
    "20929": "X Trà Giáp|X Trà Ka",
    "20938": "X Trà Leng|X Trà Dơn",
    "20941": "X Trà Cang|X Trà Tập",
    "20944": "X Trà Mai|X Trà Don",
    "20950": "X Trà Linh|X Trà Nam",
    "20959": "X Trà Vân|X Trà Vinh",
    "20965": "T Núi Thành|X Tam Giang|X Tam Hiệp|X Tam Nghĩa|X Tam Quang",
    "20971": "X Tam Tiến|X Tam Xuân I|X Tam Xuân II",
    "20977": "X Tam Sơn|X Tam Thạnh",
    "20984": "X Tam Anh Bắc|X Tam Anh Nam|X Tam Hòa",
    "20992": "X Tam Hải",
    "21004": "X Tam Mỹ Đông|X Tam Mỹ Tây|X Tam Trà",
}

OLD_PLACES: Final = (
    *(
        OldPlace(_KINDS[one[0]], one[2:], (code,))
        for code, names in _BECAME.items()
        for one in names.split("|")
    ),
    OldPlace("xa", "Hòa Liên", ("20197", "20194")),
)
