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

_EXACT: Final[dict[str, tuple[str, int]]] = {}


def _known(field: str, rank: int, names: str) -> None:
    for name in names.split("|"):
        _EXACT.setdefault(name, (field, rank))


_known("number", 0, "stt|tt|so tt|so thu tu|thu tu|no|s t t|s tt|stt no|order|index|#|number|so")
_known(
    "full_name",
    0,
    "ho va ten|ho ten|ho ten hoc vien|ho va ten hoc vien|hoc vien|ten hoc vien|ho va ten nguoi hoc|nguoi hoc|"
    "ho ten nguoi hoc|ten nguoi hoc|full name|fullname|name|student name|learner|learner name|participant|"
    "ho va ten doan vien|doan vien|hoi vien|ho va ten hoi vien|thanh vien|ten thanh vien|nguoi tham gia|"
    "nguoi tham du|dai bieu|cong dan|ho ten cong dan|nguoi dan|ho ten khai sinh|ten day du|"
    "ho va ten cong dan|"
    "hovaten|hoten|htvt|ho va ten ca nhan|nguoi duoc huong dan|ho va ten nguoi duoc huong dan|ho ten day du|"
    "ho ten nguoi duoc huong dan|hoc sinh|sinh vien|ho ten sinh vien|ho ten hoc sinh|ho va ten sinh vien|"
    "ho va ten hoc sinh|ho va ten dai bieu|nguoi duoc day|nguoi duoc ho tro|ho va ten nguoi dan|"
    "ten nguoi dan|"
    "ho chu dem va ten|ho ten dem va ten|ho dem va ten|ho dem ten|ho lot ten|ho lot va ten|ho chu lot va ten|"
    "ho ten chu lot|ho va ten khai sinh|ho ten va chu dem",
)
_known("full_name", 3, "ong ba|ong|anh chi|quy ong ba|ong va ba|ho ten ong ba")
_known("full_name", 5, "chu ho|ho ten chu ho|ten chu ho|ho va ten chu ho")
_known(
    "family_part",
    0,
    "ho dem|ho va dem|ho va chu dem|ho va ten dem|ho ten dem|ho chu dem|ho lot|ho va lot|ho va chu lot|"
    "ho va ten lot|ho chu lot|ho ten lot|ho|ten dem|ten lot|chu dem|chu lot|dem|last name|"
    "surname|family name|"
    "middle name|lastname|ho va t dem|family",
)
_known("given_part", 0, "ten|first name|given name|firstname|ten goi|given")
_known(
    "phone",
    0,
    "so dien thoai|dien thoai|sdt|so dt|dt|phone|phone number|phone no|mobile|mobile phone|tel|"
    "telephone|di dong|"
    "dd|dtdd|dt dd|so dtdd|so di dong|dien thoai di dong|so dien thoai di dong|sdt lien he|"
    "dien thoai lien he|"
    "so dien thoai lien he|sdt lien lac|dien thoai lien lac|s dt|so phone|so may|cell|cellphone|"
    "dthoai|d thoai|"
    "so dien thoai ca nhan|sdt ca nhan|sdt hoc vien|so dthoai|dt lien he|dt lien lac|sodienthoai|"
    "dienthoai|sdthoai",
)
_known(
    "phone",
    1,
    "sdt zalo|dt zalo|dien thoai zalo|so dien thoai zalo|so dt zalo|zalo sdt|so zalo|zalo|lien he|"
    "lien lac|contact|contact number|hotline|so lien lac|so lien he|thong tin lien he|"
    "thong tin lien lac|whatsapp",
)
_known(
    "phone_2",
    0,
    "sdt 2|dien thoai 2|so dien thoai 2|dt 2|phone 2|sdt phu|sdt khac|dien thoai khac|dien thoai ban|"
    "dien thoai co dinh|dt ban|dt co dinh|dien thoai nha|dt nha|dien thoai co quan|"
    "so dien thoai khac|so khac",
)
_known("gender", 0, "gioi tinh|gioi|phai|gt|nam nu|nu nam|gender|sex|g tinh|gtinh|phai tinh")
_known("gender_m", 0, "nam")
_known("gender_f", 0, "nu")
_known(
    "birth",
    0,
    "ngay sinh|nam sinh|ngay thang nam sinh|ntns|ns|sinh nam|sinh ngay|nam sinh tuoi|dob|"
    "date of birth|birthday|"
    "birth date|birthdate|year of birth|yob|birth year|n sinh|ngay thang nam|ngay nam sinh|namsinh|ngaysinh|"
    "ngay thang sinh|ng sinh|nt nam sinh|ngay sinh nam sinh|birth",
)
_known("age", 0, "tuoi|do tuoi|age|nhom tuoi|so tuoi|lua tuoi|age group|age band|khoang tuoi")
_known(
    "ward",
    1,
    "phuong xa|xa phuong|phuong|xa|phuong xa dac khu|xa phuong dac khu|p x|x p|phuong xa thi tran|"
    "xa phuong thi tran|ward|commune|ward commune|xa phuong tt|phuong hoac xa",
)
_known(
    "ward",
    2,
    "dia chi|noi o|noi o hien nay|dia chi thuong tru|thuong tru|noi thuong tru|tam tru|"
    "noi tam tru|ho khau|hktt|"
    "cho o|cho o hien nay|noi cu tru|noi cu ngu|cu tru|address|dia chi hien tai|dia chi lien he|"
    "dia chi noi o|"
    "ho khau thuong tru|dc|dia ban|khu vuc|dia phuong|dia chi lien lac|noi o hien tai|dia chi nha",
)
_known(
    "ward",
    3,
    "don vi|don vi cong tac|dv cong tac|noi cong tac|co quan|noi lam viec|co quan don vi|"
    "don vi truc tiep|dvct|"
    "don vi co quan|noi sinh hoat|don vi sinh hoat|unit|ten don vi|dv|co quan cong tac",
)
_known("ward", 4, "que quan|nguyen quan|que|hometown|nguyen quan que quan")
_known(
    "taught_on",
    0,
    "ngay hoc|ngay day|ngay huong dan|ngay tap huan|ngay tham gia|ngay tham du|ngay to chuc|ngay thuc hien|"
    "ngay duoc huong dan|ngay dao tao|ngay ho tro|ngay bat dau|training date|session date|"
    "date taught|taught on|"
    "thoi gian huong dan|thoi gian hoc|thoi gian tap huan|thoi gian tham gia|thoi gian day|ngay khai giang",
)
_known("taught_on", 1, "ngay|date|thoi gian|thgian|thoi diem|ngay gio|ngay ghi nhan|tgian|day")
_known(
    "skills",
    0,
    "ky nang|noi dung|noi dung huong dan|noi dung hoc|ky nang da hoc|ky nang so|chu de|noi dung tap huan|"
    "noi dung dao tao|ky nang duoc huong dan|skills|skill|topic|topics|content|chuyen de|"
    "khoa hoc|bai hoc|mon hoc|"
    "noi dung day|noi dung da hoc|noi dung ho tro|ki nang|noi dung duoc huong dan",
)
_known(
    "teacher",
    0,
    "nguoi day|nguoi huong dan|giang vien|giao vien|dai su so|dai su|tinh nguyen vien|tnv|tap huan vien|"
    "bao cao vien|nguoi phu trach|trainer|teacher|ambassador|instructor|tro giang|huong dan vien|"
    "giao vien huong dan|"
    "tinh nguyen vien huong dan|nguoi truc tiep huong dan|can bo huong dan|nguoi ho tro|gv|gvhd|hdv",
)
_known("taught_on", 0, "day of the teaching|day of the lesson|day taught")
_known("ward", 1, "ward or commune|commune or ward")
_known("skills", 0, "skills taught|skill taught")
_known("note", 0, "ghi chu|chu thich|note|notes|remark|remarks|comment|comments|gc|g chu|ghi chu khac|luu y")
_known(
    "ignored",
    0,
    "ma|id|code|mssv|msv|masv|ma sv|ma so|ma hv|mshv|ma nv|msnv|lop|nhom|chi doan|chi hoi|"
    "lien chi doan|chuc vu|"
    "chuc danh|nghe nghiep|nghe|trinh do|email|e mail|mail|facebook|fb|chu ky|ky ten|ky nhan|ki ten|diem|"
    "diem danh|xep loai|ket qua|noi sinh|ngay ket thuc|ngay cap|noi cap|to|thon|to dan pho|khoi pho|khu pho|"
    "thon to|to thon|quan|huyen|quan huyen|tinh|tinh thanh|tinh thanh pho|thanh pho|so nha|duong|"
    "ly do|reason|"
    "timestamp|dau thoi gian|ngay vao doan|xac nhan|da hoc|khoa|nganh|truong|buoi|ca|trang thai|"
    "status|so luong|"
    "ngay dang ky|loai|hang muc|doi|class|group|position|signature|score|phong|ban|to khoi pho|thon ban",
)
del _known

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
    if (known := _EXACT.get(words)) or (known := _EXACT.get(words.replace(" ", ""))):
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


_LONG_NAMES: Final = [name for name in _EXACT if len(name) >= 5]


def _by_likeness(words: str) -> Guess:
    """A header one slip of the keyboard away from a known one."""
    if not 5 <= len(words) <= 40:
        return NOTHING
    found = process.extractOne(words, _LONG_NAMES, scorer=fuzz.ratio, score_cutoff=86)
    if found is None:
        return NOTHING
    field, rank = _EXACT[found[0]]
    return Guess(field, TYPO, rank)
