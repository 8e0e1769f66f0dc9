"""The name in a cell of a list: without its number, its title and its notes, which people put beside it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from core.vietnamese import fold, same_spelling
from people.names import NameProblem, clean_name
from referrals.importing.rosters.cells import cell_text
from referrals.importing.rosters.grids import Cell

_FAMILIES: Final = (
    "nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh đoàn đào trịnh hà "
    "mai lương cao phùng lưu lâm tạ chu châu vương thái quách triệu tô kiều nông lại lai đàm văn la "
    "lã mạc mã hứa tống bạch khuất đồng giang nghiêm lữ từ vi diệp điêu cẩm lò lô tôn lục hồng chung "
    "kim phương thạch thân trang đậu liễu âu ninh quan sầm thiều trương khổng bế vòng cù khúc khương "
    "ung hạn tưởng uông trà an công cung trầm tất ông ngụy thảo nhâm ksor lạc cái doãn thượng ngân "
    "phó mẫn sỹ tiêu tăng thẩm bàng cáp k rơ siu kpă rah lan y rmah niê ayun mlô êban adrong rơchăm "
    "puih nay zơrâm alăng a ating bling bhling bhnướch bríu briu pơloong hôih hiên arất riah ríah "
    "coor cơlâu tơngôl blúp abing rapát zrâm jơrâm clâu bhríu apat tào giáp viên lộ phí nhan hàn nhữ "
    "hình cồ biện bành lều chế đường đới thiệu vưu thi trác hầu tạc mẫu ca lềnh sùng giàng vàng thào "
    "hạng lù tẩn phàn lừu cứ mùa vừ già vang quàng tòng cà hoa lường phồn huyền "
)
FAMILY_WORDS: Final = frozenset(_FAMILIES.split()) | {same_spelling(word) for word in _FAMILIES.split()}
_PLAIN_FAMILIES: Final = frozenset(fold(word) for word in _FAMILIES.split())

_COMRADE = re.compile(
    r"^(?:đ ?/ ?c|d ?/ ?c|đồng chí|dong chi|đc|mr|mrs|ms|miss)\b[\s.:,]*(?=\S)", re.IGNORECASE
)
_DEGREES = re.compile(r"^(?:(?:pgs|gs|ts|ths|bs|ks|cn|bscki|bsckii|lm|sr)\b[\s.,:]*)+(?=\S)", re.IGNORECASE)
_BOTH = re.compile(r"^(?:ông|ong) ?[/(] ?(?:bà|ba)\)?[\s.:]+(?=\S)", re.IGNORECASE)
_KIN: Final = {
    "bà": "f", "ba": "f", "chị": "f", "chi": "f", "cô": "f", "co": "f", "dì": "f", "thím": "f", "mợ": "f",
    "chú": "m", "chu": "m", "thầy": "m", "thay": "m", "cậu": "m", "bác": None, "bac": None, "cụ": None,
    "cu": None, "em": None, "cháu": None, "chau": None, "ông": "m", "ong": "m", "anh": "m",
}  # fmt: skip
_ONLY_BEFORE_FAMILIES: Final = frozenset(
    ("ông", "ong", "anh", "ba", "chi", "co", "chu", "thay", "bac", "cu", "chau")
)
_DEGREE_WORDS: Final = ("pgs", "gs", "ts", "ths", "bs", "ks", "cn", "bscki", "bsckii", "lm", "sr")
_TITLES: Final = frozenset(_KIN) | {"đồng", "dong", "mr", "mrs", "ms", "miss", "đc", *_DEGREE_WORDS}
_MIDDLES: Final = frozenset(("văn", "van", "thị", "thi", "ích", "ich", "thế", "the"))

_NUMBERING = re.compile(r"^[(\[]?\d{1,4}[\s.)\]\-/:,]+(?=[^\W\d_])")
_BRACKETS = re.compile(r"[(\[{（【]([^()\[\]{}（）【】]*)(?:[)\]}）】]|$)")
_PHONE = re.compile(r"(?<![\d+])(?:\+?84|0)(?:[\s.\-]?\d){8,10}(?!\d)")
_YEAR = re.compile(
    r"[\s,\-–(]+(?:sn|s\.n|ns|sinh năm|sinh nam|năm sinh|nam sinh|năm|nam)?[\s.:]*((?:19|20)\d\d)\)?$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    r"(?:sn|ns|sinh năm|sinh nam)?[\s.:]*((?:19|20)\d\d)\s*(?=[,;.\-–]|$)", re.IGNORECASE
)
_AFTER_DASH = re.compile(r"\s+[-–—|/]\s+|\s*[;|]\s*|,\s+|\t")
_JOINED = re.compile(r"\s*[,;/&+]\s*|\s+(?:và|va|-|–)\s+", re.IGNORECASE)
_COMMON: Final = frozenset(_FAMILIES.split()[:24]) | {fold(word) for word in _FAMILIES.split()[:24]}
_LABELS: Final = frozenset(("sdt", "dt", "so dt", "zalo", "so dien thoai", "dien thoai", "tel", "phone"))
_TWIN_NUMBER = re.compile(r"(?<=[^\W\d_])[\s.]+\(?(\d|[IVX]{1,3})\)?$")
_PLAIN = re.compile(r"[A-Za-zÀ-ÏÑ-ÖØ-ïñ-öø-ɏẠ-ỹ]+(?: [A-Za-zÀ-ÏÑ-ÖØ-ïñ-öø-ɏẠ-ỹ]+){1,5}")
_EXAMPLE = re.compile(r"^(?:ví dụ|vi du|vd|mẫu|example|e\.g\.)\s*[:.]\s*(?=\S)", re.IGNORECASE)


class NameRead(NamedTuple):
    """A name, or the stable code of why there is none; and what stood beside it in the cell."""

    name: str | None
    reason: str = ""
    phone_text: str = ""
    birth_text: str = ""
    gender: str | None = None
    note: str = ""


def starts_like_a_name(text: str) -> bool:
    """Whether the first word is a family name of this country, marks and all where there are any.

    >>> starts_like_a_name("Đoàn Văn An"), starts_like_a_name("Lop sang"), starts_like_a_name("Trương A")
    (True, False, True)
    """
    first = text.split(" ", 1)[0].lower()
    if first in FAMILY_WORDS:
        return True
    return first.isascii() and first in _PLAIN_FAMILIES


def is_example_name(text: str) -> bool:
    """Whether the cell says that it only shows how a name is to be written.

    >>> is_example_name("Ví dụ: Nguyễn Văn A"), is_example_name("Vi Dụ")
    (True, False)
    """
    return _EXAMPLE.match(text) is not None


def read_name(cell: Cell) -> NameRead:
    """The name in a cell.

    Numbers before it, titles ("Ông", "Đ/c"), notes in brackets or behind a dash, a phone and a year of birth
    are taken off and given back beside it. A title of kinship stays before a single word ("Bác Năm"): it is
    how that person is known.

    >>> read_name("1. Nguyễn Văn An"), read_name("Bà Trần Thị Bé (vợ ông Tư)")[::4]
    (NameRead(name='Nguyễn Văn An', reason='', phone_text='', birth_text='', gender=None, note=''),
     ('Trần Thị Bé', 'f'))
    >>> read_name("Lê Lan - 0905 123 456").phone_text
    '0905 123 456'
    >>> read_name("Ông Ích Khiêm").name, read_name("Bác Năm").name
    ('Ông Ích Khiêm', 'Bác Năm')
    >>> read_name("0905123456").reason, read_name(" ").reason, read_name("Lan2").reason
    ('name_no_letters', 'no_name', 'name_has_digits')
    """
    text = cell_text(cell)
    if _PLAIN.fullmatch(text) and text.split(" ", 1)[0].lower() not in _TITLES and " và " not in text:
        name = clean_name(text)
        if isinstance(name, str):
            return NameRead(name)
    return _read_slowly(text)


def _read_slowly(text: str) -> NameRead:
    if not any(map(str.isalnum, text)):
        return NameRead(None, "no_name")
    text = _EXAMPLE.sub("", unicodedata.normalize("NFKC", text) if "①" <= max(text) <= "⓿" else text)
    notes: list[str] = []
    phone = _PHONE.search(text)
    if phone and any(map(str.isalpha, text)):
        text = f"{text[: phone.start()]} {text[phone.end() :]}".strip()
    text = _NUMBERING.sub("", _trimmed(text, keep="()[]{}0123456789"))
    if bracketed := [one.strip() for one in _BRACKETS.findall(text)]:
        text = _BRACKETS.sub(" ", text)
    text = _trimmed(text, keep="0123456789")
    year = _YEAR.search(text)
    birth = year[1] if year else ""
    if year:
        text = text[: year.start()]
    if _two_people(text):
        return NameRead(None, "name_several")
    head, tail = _parted(text)
    text = _trimmed(head, keep="0123456789")
    for note in (*bracketed, tail):
        if re.fullmatch(r"(?:sn|ns|sinh năm|sinh nam)?[\s.:]*(?:19|20)\d\d", note, re.IGNORECASE):
            birth = birth or note[-4:]
        elif note and fold(note).strip(" .:") not in _LABELS:
            if not birth and (year := _YEAR_FIRST.match(note)):
                birth = year[1]
            notes.append(note)
    if twin := _TWIN_NUMBER.search(text):
        notes.insert(0, twin[1])
        text = text[: twin.start()]
    text, gender = _untitled(" ".join(text.split()))
    name = clean_name(_trimmed(text, keep="0123456789"))
    if isinstance(name, NameProblem):
        reason = "no_name" if name.code == "empty" else f"name_{name.code}"
        return NameRead(None, reason, phone[0] if phone else "")
    return NameRead(name, "", phone[0] if phone else "", birth, gender, "; ".join(notes))


def _two_people(text: str) -> bool:
    """Whether two full names stand in one cell: neither may be lost, and only their sender can part them."""
    names = [name.split() for name in _JOINED.split(text)]
    return len(names) > 1 and all(
        1 < len(words) < 6 and words[0].lower() in _COMMON and words[-1][0].isupper() for words in names
    )


def _parted(text: str) -> tuple[str, str]:
    """The name, and what stands behind a dash or a comma after at least two words."""
    cut = _AFTER_DASH.search(text)
    if cut is None or len(text[: cut.start()].split()) < 2:
        return text, ""
    return text[: cut.start()], _trimmed(text[cut.end() :], keep="0123456789")


def _trimmed(text: str, keep: str) -> str:
    """The text without signs at its ends: bullets, stars, ticks, pictures."""
    start, end = 0, len(text)
    while start < end and not _belongs(text[start], keep):
        start += 1
    while end > start and not _belongs(text[end - 1], keep + "'’"):
        end -= 1
    return text[start:end]


def _belongs(character: str, keep: str) -> bool:
    return character.isalpha() or character in keep or unicodedata.combining(character) != 0


def _untitled(text: str) -> tuple[str, str | None]:
    text = _DEGREES.sub("", _COMRADE.sub("", _BOTH.sub("", text)))
    title, _, rest = text.partition(" ")
    key = title.lower().rstrip(".:")
    if key not in _KIN or " " not in rest:
        return text, None
    following = rest.split(" ", 1)[0].lower()
    before_family = starts_like_a_name(rest) and following not in _MIDDLES
    if key in _ONLY_BEFORE_FAMILIES and not before_family:
        return text, None
    return rest, _KIN[key]
