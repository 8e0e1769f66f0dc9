"""What a line of a list is that is no person: totals, signatures, sections, page furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from core.vietnamese import fold
from referrals.importing.rosters.cells import cell_text, is_blank
from referrals.importing.rosters.grids import Cell
from referrals.importing.rosters.naming import starts_like_a_name

# Where a word without its marks could be a family name (Tổ – Tô, Cộng – Công), the marks are asked for.
_TOTAL: Final = re.compile(
    r"^(?:tổng|cộng|tong)(?=$|\s*[:=(–\-.…\d]|\s+(?:cộng|số|cong|so|hợp|kết|toàn|danh|tất|các|học|"
    r"người|có|là|tổ|lớp"
    r"|nhóm|khối|trang|mục|chung|phường|xã|đơn|chi|khu|thôn|buổi|theo|nam|nữ|dồn|mang)\b)"
    r"|^(?:cong)(?=$|\s*[:=(\d])"
    r"|^\(?(?:danh sách|danh sach)(?: này| nay| trên| tren)? (?:có|co|gồm|gom)\b"
    r"|^(?:ấn định|an dinh|sĩ số|si so|số lượng|so luong|bằng chữ|bang chu|total|subtotal|"
    r"grand total|sum|lũy kế|luỹ kế|luy ke)\b"
    r"|^(?:nam|nữ|nu|trong đó|trong do)\s*[:=]"
)
_SIGNED: Final = re.compile(
    r"^[(\"' ]*(?:da )?ky(?:$|\s*[,)]| (?:ten|va|ghi|dong|thay|nhan|nop)\b)|\bky ten\b|"
    r"\bky,? (?:va )?(?:ghi ro|dong dau)|\bghi ro ho ten|"
    r"^nguoi (?:lap|tong hop|thong ke|kiem tra|duyet|bao cao|ky|viet|lam)\b|"
    r"^(?:t ?/ ?m|tm|kt|k ?/ ?t|tl|t ?/ ?l|tuq)[. ]|^noi nhan\b|^xac nhan\b|^thu truong\b|^dai dien\b"
)
_DATED: Final = re.compile(r"\bngay\b[\s.…_\d]{0,20}\bthang\b[\s.…_\d]{0,20}\bnam\b")
_ROLES: Final = re.compile(
    r"^(?:q\. ?)?(?:pho )?(?:truong (?:phong|ban|khoa|thon)|giam doc|chu tich|hieu truong|bi thu|"
    r"to truong|lop truong|"
    r"can bo phu trach|giang vien|giao vien|giao vien chu nhiem|chi huy truong|chu nhiem|"
    r"ban chap hanh|uy ban nhan dan|"
    r"ke toan|thu ky|thu quy|chanh van phong|lanh dao)\b"
)
_SECTION: Final = re.compile(
    r"^(?:tổ|nhóm|lớp|khối|đội|khu|thôn|ấp|xóm|phường|xã|quận|huyện|thị trấn|đợt|khóa|khoá|buổi|"
    r"bản|danh sách|"
    r"đơn vị|chi hội|chi đoàn|chi bộ|liên đội|công đoàn|khu phố|ghi chú|lưu ý|chú ý|học viên|cơ quan|công ty|"
    r"trung tâm|ubnd|ủy ban|uỷ ban|địa điểm|thời gian|phụ lục|nguồn|kính gửi|nhà văn hóa|"
    r"nhà văn hoá|chợ|địa bàn|"
    r"nhom|lop|khoi|khu|thon|xom|danh sach|don vi|chi hoi|chi doan|khu pho|ghi chu|luu y|hoc vien|"
    r"co quan|cong ty|"
    r"trung tam|uy ban|dia diem|thoi gian|phu luc|buoi|dot)(?=$|[\s:.\-–(])"
    r"|^(?:to|doi|phuong|xa|trang|page|tuan|thang|tháng|tuần|ngày|ngay|ca)\s*(?:số|so)?\s*[:.]?\s*\d"
    r"|^(?:ca|buoi|buổi) (?:sáng|chiều|tối|sang|chieu|toi)\b|^(?:sáng|chiều|tối)(?=$|[\s:]*$|,)"
    r"|^đoàn (?:xã|phường|trường|cơ sở|thanh niên|viên|khối|tncs)\b"
    r"|^ban (?:chấp hành|tổ chức|giám|chỉ huy|cán sự|quản|đại diện)\b"
    r"|^hội (?:phụ nữ|nông dân|cựu|liên hiệp|người|chữ|khuyến|lhpn|lhtn|sinh viên)\b"
    r"|^trường (?:thcs|thpt|tiểu|mầm|mẫu|đại|cao|trung|đh|cđ|th|mn)\b"
    r"|^phòng (?:giáo|ban|học|họp|tổ|kinh|văn|nội|tài|y|khám|giao|công|\d)"
    r"|^khoa (?:công|kinh|luật|ngoại|sư|kiến|xây|điện|cơ|toán|văn|khám|khoa)\b"
    r"|^(?:nam|nữ|nu|nam giới|nữ giới)\s*:?$|^(?:người|nguoi) (?:cao tuổi|dân|học|khuyết|nghèo)\b"
    r"|^(?:cộng hòa|cộng hoà|cong hoa|độc lập|doc lap)\b"
)
_OUTLINE: Final = re.compile(r"^(?:[ivx]{1,5}|[a-d])\s*[.)/:\-–]+\s*(?P<rest>.+)$", re.IGNORECASE)
_OUTLINE_MARK: Final = re.compile(r"^(?:[IVX]{1,5}|[A-E])\s*[.)]?$")
_NUMBERED: Final = re.compile(r"^\(?\s*(?:\d{1,2}|[A-Z])\s*\)?(?:\s*=.*)?$")
_EXAMPLES: Final = frozenset(("vd", "vi du", "mau", "example", "vd:", "vi du:", "(vi du)"))


@lru_cache(maxsize=1 << 12)
def is_total(text: str) -> bool:
    """Whether a text heads a line of sums.

    >>> [is_total(one) for one in ("Tổng cộng", "Tổng số: 25 người", "Cộng tổ 1", "Tống Văn Cộng")]
    [True, True, True, False]
    """
    return _TOTAL.search(text.strip(" *-").lower()) is not None


@lru_cache(maxsize=1 << 12)
def is_signature(text: str) -> bool:
    """Whether a text belongs to the block of signatures below a list, whoever writes it.

    >>> is_signature("Đà Nẵng, ngày … tháng … năm 2026"), is_signature("TM. BAN THƯỜNG VỤ")
    (True, True)
    """
    folded = fold(text)
    if folded == "ky" and text.strip().lower() != "ký":
        return False  # Kỳ and Kỷ are names
    return _SIGNED.search(folded) is not None or _DATED.search(folded) is not None


@lru_cache(maxsize=1 << 12)
def is_role(text: str) -> bool:
    """Whether a text is the office of somebody who signs; it may also be what a column says of a person.

    >>> is_role("BÍ THƯ"), is_role("Bích Thư")
    (True, False)
    """
    return _ROLES.match(fold(text)) is not None


@lru_cache(maxsize=1 << 12)
def is_section(text: str) -> bool:
    """Whether a text heads a part of a list.

    >>> [is_section(one) for one in ("Tổ 1", "I. Khối phường", "Lớp sáng", "Tô Văn An", "Đoàn Văn An", "Lớp")]
    [True, True, True, False, False, True]
    """
    plain = text.strip(" *-–").lower()
    if _SECTION.search(plain):
        return True
    outline = _OUTLINE.match(text.strip())
    return outline is not None and not starts_like_a_name(outline["rest"])


def is_outline_mark(text: str) -> bool:
    """Whether the number column holds the mark of a part: I, II., A.

    >>> is_outline_mark("II."), is_outline_mark("12")
    (True, False)
    """
    return _OUTLINE_MARK.match(text) is not None


def is_example(text: str) -> bool:
    """Whether the number column says that the row only shows how to fill the list in.

    >>> is_example("VD"), is_example("1")
    (True, False)
    """
    return fold(text).strip(" .") in _EXAMPLES


def numbers_columns(row: Sequence[Cell]) -> bool:
    """Whether a line only numbers the columns: 1 2 3, (1) (2) (3), A B 1 2.

    >>> numbers_columns(("(1)", "(2)", "(3)")), numbers_columns((1, 2, 3.0)), numbers_columns((1, "An", 3))
    (True, True, False)
    """
    texts = [cell_text(cell) for cell in row if not is_blank(cell)]
    if len(texts) < 2 or not all(map(_NUMBERED.match, texts)):
        return False
    if len(texts) == 2 and not all(text.startswith("(") for text in texts):
        return False
    digits = [int(found[0]) for text in texts if (found := re.search(r"\d+", text))]
    return len(digits) >= 2 and all(second == first + 1 for first, second in pairwise(digits))
