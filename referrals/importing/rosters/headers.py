"""What the header of a column means: known words first, then words in it, then words one typo away.

What we have no right to read (Law 91/2025/QH15: ethnicity, religion, identity cards, health, politics) is
known here by name, so that nobody reads it for something else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from core.vietnamese import clean_text, fold
from referrals.importing.rosters.vocabulary import KNOWN

HEADER_LENGTH: Final = 160
"""Longest text that may be a header, in characters: questions of online forms are long."""

EXACT: Final = 3
WORDS: Final = 2
TYPO: Final = 1
UNKNOWN: Final = 0


class Guess(NamedTuple):
    """What a header means and how sure that is. Of several columns of one field the lowest `rank` wins."""

    field: str
    sure: int
    rank: int = 0
    secret: bool = False


NOTHING: Final = Guess("ignored", UNKNOWN)

_SECRETS: Final = re.compile(
    r"\b(?:dan toc|ton giao|tin nguong|cccd|cmnd|cmt|cmtnd|can cuoc|chung minh|ho chieu|passport|dinh danh|"
    r"bhyt|bao hiem|bhxh|suc khoe|khuyet tat|benh|nhom mau|chieu cao|can nang|ho ngheo|can ngheo|dang vien|"
    r"vao dang|chinh tri|ethnic\w*|religion|disabilit\w*|disabled|health|id card|id number|identity|"
    r"tai khoan|stk|hoan canh|chinh sach|co cong|thuong binh|tien an|tien su|thanh phan|tong giao|"
    r"national id)\b"
)
_ASKED: Final = re.compile(  # questions about a thing, not the thing itself
    r"thong minh|smartphone|he dieu hanh|\b(?:cai dat|su dung|dung|biet|nhom|loai|hang|"
    r"dong) .*(?:zalo|dien thoai)"
    r"|\b(?:co|da) .*(?:zalo|dien thoai).*(?:khong|chua)\b|vneid|co mat|vang mat"
)
_RELATIVES: Final = re.compile(r"\b(?:phu huynh|nguoi than|giam ho|nguoi lien he|nguoi bao lanh|vo chong)\b")
_PARENTS: Final = re.compile(r"\b(?:cha|me|bo|vo|chong|con|cha me|bo me)\b")
_TAUGHT: Final = re.compile(
    r"\b(?:duoc (?:huong dan|day|ho tro|tap huan|dao tao)|tham gia|tham du|theo hoc)\b"
)
_TEACHERS: Final = re.compile(
    r"\b(?:(?:nguoi|can bo|doan vien|thanh vien|tinh nguyen vien)(?: truc tiep| phu trach)? "
    r"(?:day|huong dan|ho tro|giang day|phu trach|tap huan|truyen dat)|giang vien|giao vien|dai su(?: so)?|"
    r"tinh nguyen vien|tnv|tap huan vien|bao cao vien|huong dan vien|trainer|teacher|instructor|"
    r"ambassador|gvcn)\b"
)
_PHONES: Final = re.compile(
    r"\b(?:dien thoai|sdt|so dt|dtdd|dt|zalo|phone|mobile|tel|telephone|di dong|lien lac|"
    r"so lien he|hotline|whatsapp)\b"
)
_SECOND: Final = re.compile(r"\b(?:2|ii|phu|khac|ban|co dinh|nha|co quan|du phong)\b")
_NAMES: Final = re.compile(r"\b(?:ho va ten|ho ten|full ?name|hovaten|ho chu dem|ho dem va ten)\b")
_FAMILY: Final = re.compile(r"^ho(?: va)?(?: chu| ten)? (?:dem|lot)\b|^(?:ten|chu) (?:dem|lot)\b")
_LEARNERS: Final = re.compile(
    r"^(?:ten )?(?:nguoi (?:duoc|tham|hoc|dan)|hoc vien|cong dan|hoi vien|doan vien|thanh vien|dai bieu|"
    r"chu (?:quay|sap|hang|tiem|co so)|tieu thuong|ho (?:kinh doanh|tieu thuong)|ba con|hoc sinh|"
    r"sinh vien|can bo|nhan vien|cbccvc|cbcc|ho vien)\b(?!.*\bso\b)"
)
_ELSEWHERE: Final = re.compile(
    r"^(?:ma|ms\w{0,3}|so hieu|so the|so luong|so tien|so cong|chu ky|k[iy](?! nang)|loai|ket qua|xep loai|"
    r"diem|lop|nhom|khoa|"
    r"chi doan|chuc|nghe|trinh do|hoc van|noi sinh|noi cap|ngay cap|ngay vao|ngay ket|ngay ky|"
    r"ngay dang|ngay nop|"
    r"ten lop|ten chi|ten truong|tinh trang|trang thai|muc do|danh gia|kenh|hinh thuc)\b"
    r"|\b(?:e ?mail|thu dien tu|facebook|link|website|timestamp|dau thoi gian|chu ky|ket thuc|"
    r"y kien|gop y|nick\w*)\b|^ten (?:zalo|facebook)\b"
)
_BIRTHS: Final = re.compile(
    r"\b(?:ngay|nam|thang|ng)\b.*\bsinh\b(?! (?:vien|hoat|ly))|^sinh\b|\b(?:birth\w*|dob|ntns)\b"
)
_DAYS: Final = re.compile(
    r"^(?:ngay|thoi gian|thoi diem|buoi)(?: thang)?(?: nam)? (?:duoc )?(?:hoc|day|huong dan|"
    r"tap huan|tham gia|"
    r"tham du|to chuc|thuc hien|ho tro|dao tao|mo lop|bat dau|khai giang|ghi nhan|dien ra)\b"
)
_SKILLS: Final = re.compile(
    r"\b(?:ki|ky) nang\b|\bnoi dung\b|\bchu de\b|\bchuyen de\b|\bskills?\b|\btopics?\b"
)
_WARDS: Final = re.compile(r"\b(?:phuong xa|xa phuong|dac khu|ward|commune)\b")
_ADDRESSES: Final = re.compile(
    r"\b(?:dia chi|noi o|cho o|cu tru|thuong tru|tam tru|hktt|ho khau|address|noi cu ngu|dia ban|sinh song)\b"
)
_UNITS: Final = re.compile(r"\b(?:don vi|dv|co quan|cong tac|noi lam viec)\b")

_BRACKETS = re.compile(r"[(\[{<][^()\[\]{}<>]*[)\]}>]?")
_SIGNS = re.compile(r"[^a-z0-9#]+")
_LEADING_NUMBER = re.compile(r"^(?:cau )?\d{1,2} (?=[a-z])")


# One word that without its marks is a name or another word: the marks, where there are any, must fit.
_MARKED: Final = {
    fold(word.split("|")[0]): frozenset(word.split("|"))
    for word in (
        "phường", "tổ", "khoa|khóa|khoá", "trường", "họ", "quê", "thôn", "xã", "lớp", "nam|năm", "tên", "mã",
        "số", "đường", "đội", "tỉnh", "ban|bản", "loại", "giới", "phái", "nữ", "ca", "điểm", "nghề", "huyện",
        "quận", "ngày", "tuổi", "dạy", "nhóm", "buổi", "phòng", "đệm", "lót", "ông", "ngành",
    )
}  # fmt: skip


@lru_cache(maxsize=1 << 12)
def bare(header: str) -> str:
    r"""The words of a header alone: no marks, case, signs, notes in brackets, numbering.

    >>> bare("Ngày sinh\n(ngày/tháng/năm)"), bare("S.Đ.T"), bare("1. Họ và tên *"), bare("(SĐT)")
    ('ngay sinh', 'sdt', 'ho va ten', 'sdt')
    """
    folded = fold(clean_text(header[: HEADER_LENGTH * 2]))
    words = _SIGNS.sub(" ", _BRACKETS.sub(" ", folded)).strip() or _SIGNS.sub(" ", folded).strip()
    words = _LEADING_NUMBER.sub("", words.replace(" & ", " va "))
    parts = words.split()
    if len(parts) > 1 and all(len(part) == 1 for part in parts):
        return "".join(parts)
    return " ".join(parts)


def guess(header: str, group: str = "") -> Guess:
    """What a header means; `group` is the header above it, where a header has two lines.

    >>> guess("SĐT/ZALO")[:2], guess("HO TEN")[:2], guess("Số điện thoaị")[:2], guess("Gioi tinhh")[:2]
    (('phone', 3), ('full_name', 3), ('phone', 3), ('gender', 1))
    >>> guess("Số CCCD").secret, guess("Người hướng dẫn").field, guess("Tên người được hướng dẫn").field
    (True, 'teacher', 'full_name')
    >>> guess("Nữ", "Năm sinh").field, guess("Họ và tên", "Người hướng dẫn").field, guess("Điểm").field
    ('birth_f', 'teacher', 'ignored')
    """
    words, above = bare(header), bare(group) if group else ""
    if words in _MARKED and not header.isascii() and _only_word(header) not in _MARKED[words]:
        return NOTHING
    if not above or above == words:
        return _guess_words(words)
    return _guess_below(words, above)


def _only_word(header: str) -> str:
    return _BRACKETS.sub(" ", clean_text(header)).strip(" .,:;*-").lower()


@lru_cache(maxsize=1 << 12)
def _guess_below(words: str, above: str) -> Guess:
    outer = _guess_words(above)
    inner = _guess_words(words)
    if outer.secret or inner.secret:
        return Guess("ignored", WORDS, secret=True)
    if outer.field == "birth":
        if words in {"nam", "nu"}:
            # "Ngày | Tháng | Năm" and "Nam | Nữ" look the same without marks: the caller tells them apart.
            return Guess("birth_m" if words == "nam" else "birth_f", EXACT)
        if words in {"ngay", "thang"}:
            return Guess("ignored", EXACT)
    if outer.field == "gender" and words in {"nam", "nu"}:
        return inner
    if outer.field == "teacher" or _is_relative(above):
        named = inner.field in {"full_name", "family_part", "given_part"}
        return Guess("teacher", WORDS) if named and outer.field == "teacher" else Guess("ignored", WORDS)
    if outer.field == "taught_on" and inner.field in {"ignored", "taught_on"}:
        return Guess("taught_on", WORDS, 1 if words in {"den", "den ngay", "ket thuc"} else 0)
    if outer.field == "skills" and inner.sure == UNKNOWN:
        return NOTHING
    if inner.sure:
        return inner
    return _guess_words(f"{above} {words}") if outer.sure < EXACT else outer._replace(sure=WORDS)


@lru_cache(maxsize=1 << 12)
def _guess_words(words: str) -> Guess:
    if not words or len(words) > HEADER_LENGTH:
        return NOTHING
    if _SECRETS.search(words):
        return Guess("ignored", WORDS, secret=True)
    if (known := KNOWN.get(words)) or (known := KNOWN.get(words.replace(" ", ""))):
        return Guess(known[0], EXACT, known[1])
    return _by_words(words) or _by_likeness(words)


def _is_relative(words: str) -> bool:
    return _RELATIVES.search(words) is not None or words in {
        "cha",
        "me",
        "bo",
        "vo",
        "chong",
        "cha me",
        "bo me",
    }


def _by_words(words: str) -> Guess | None:
    if _ASKED.search(words) or _ELSEWHERE.search(words):
        return Guess("ignored", WORDS)
    if _ADDRESSES.search(words):
        return Guess("ward", WORDS, 2)
    teacher = _TEACHERS.search(words) is not None and not _TAUGHT.search(words)
    relative = _is_relative(words) or bool(
        _PARENTS.search(words) and (_PHONES.search(words) or "ten" in words.split())
    )
    if words.startswith(("ho ten", "ho va ten")) and not (teacher or relative):
        return Guess("full_name", WORDS)
    if _PHONES.search(words):
        if teacher:
            return Guess("ignored", WORDS)
        second = relative or _SECOND.search(words.removeprefix("dien thoai"))
        return Guess("phone_2", WORDS, 3 if relative else 1) if second else Guess("phone", WORDS, 1)
    if relative:
        return Guess("ignored", WORDS)
    if teacher:
        return Guess("teacher", WORDS)
    return _of_the_person(words) or _of_the_lesson(words)


def _of_the_person(words: str) -> Guess | None:
    if _FAMILY.search(words) and not words.endswith(" ten"):
        return Guess("family_part", WORDS)
    if _NAMES.search(words):
        return Guess("full_name", WORDS)
    if _BIRTHS.search(words):
        return Guess("birth", WORDS)
    if re.search(r"\btuoi\b|\bage\b", words):
        return Guess("age", WORDS)
    if re.search(r"\bgioi tinh\b|\bgender\b|\bsex\b|\bnam nu\b", words):
        return Guess("gender", WORDS)
    if _LEARNERS.search(words):
        return Guess("full_name", WORDS, 2)
    return None


def _of_the_lesson(words: str) -> Guess | None:
    if _DAYS.search(words):
        return Guess("taught_on", WORDS)
    if _SKILLS.search(words):
        return Guess("skills", WORDS)
    if _WARDS.search(words):
        return Guess("ward", WORDS, 1)
    if _UNITS.search(words):
        return Guess("ward", WORDS, 3)
    if re.search(r"\bghi chu\b|\bchu thich\b|\bnotes?\b|\bremarks?\b", words):
        return Guess("note", WORDS)
    return None


_LONG_NAMES: Final = [name for name in KNOWN if len(name) >= 5]


def _by_likeness(words: str) -> Guess:
    """A header one slip of the keyboard away from a known one."""
    if not 5 <= len(words) <= 40:
        return NOTHING
    found = process.extractOne(words, _LONG_NAMES, scorer=fuzz.ratio, score_cutoff=86)
    if found is None:
        return NOTHING
    field, rank = KNOWN[found[0]]
    return Guess(field, TYPO, rank)
