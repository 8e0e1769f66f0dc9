"""Names of people: one `full_name`, family – middle – given; listed and addressed by the given name.

Words used here:

* *family*: the first word ("Nguyễn"), or the royal compounds of Huế ("Tôn Nữ");
* *given*: the last word, by which everyone calls and lists a person;
* *middle*: whatever stands between, any number of words, possibly none.

A title is no part of a name, but the word may be one: "Ông Ích Khiêm" and "Bà Rịa" stay. It is dropped only
where nothing else can be meant: "Ông/Bà …", and a title before a common family name and one word more ("Bà
Nguyễn Thị Lan"). "Bác Tư" is what everybody calls the person, and stays. So are dropped the number of a list
("12. …") and what stays behind when lists are copied. The Icelandic Ð that keyboards put for Đ becomes Đ.

Names of the Cơ Tu, Xơ Đăng, Ê Đê and others follow other rules ("Zơrâm Thị Hạnh", "H'Hen Niê"): they are
kept as written, and no function here asks for more than one word.
"""

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from core.vietnamese import clean_text, collation_key, fold

NAME_LENGTH = 100
"""Longest name that is taken, in characters. The longest names on Vietnamese identity cards stay below 50."""

NAME_KEY_LENGTH = 120
"""Longest `name_key`, in characters: what its column must hold."""

SORT_KEY_LENGTH = 255
"""Longest `sort_key`, in characters: what its column must hold."""

NameProblemCode = Literal["empty", "too_long", "no_letters", "has_digits", "has_link", "has_symbols"]


@dataclass(frozen=True, slots=True)
class NameProblem:
    """Why a text cannot be a name: a stable code, whose words live at the edge."""

    code: NameProblemCode


class Name(NamedTuple):
    """The parts of a full name; any but `given` may be empty."""

    family: str
    middle: str
    given: str


# fmt: off
_FAMILIES = frozenset({
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
    "dương", "lý", "đinh", "trương", "đoàn", "lương", "mai", "trịnh", "phùng", "tô", "đào", "vương", "tạ",
    "thái", "châu", "hà", "lâm", "tăng", "quách", "doãn", "nguyen", "tran", "le", "pham", "huynh",
})
# fmt: on
_BOTH_TITLES = re.compile(
    r"^(?:ông ?/ ?bà|bà ?/ ?ông|anh ?/ ?chị|chị ?/ ?anh|ông \(bà\)|anh \(chị\))[\s:.]+(?=\w)", re.IGNORECASE
)
_TITLE = re.compile(
    r"^(?:ông|bà|cô|chú|bác|anh|chị|em|thầy|cụ|dì|cậu|mợ|thím|ong|ba|co|chi)[\s.:]+(?=([^\W\d_]+) [^\W\d_(])",
    re.IGNORECASE,
)
_LIST_NUMBER = re.compile(r"^\d{1,4} ?[.)/\]-] ?(?=[^\W\d_]{1,20}(?:[ '’./(]|$))")
_LAST_STOP = re.compile(r"\s[.*_…·•]+$")
# Ð and Ɖ look like Đ; the full-width letters of East Asian keyboards look like ours.
_LOOK_ALIKES = str.maketrans("ÐðƉɖ", "ĐđĐđ") | {
    code: chr(code - 0xFEE0) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_NOTE = re.compile(r"\s*\([^()]*\)\s*")
_LETTER_RUN = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_PLAIN_NAME = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏẠ-ỹ]+(?: [A-Za-zÀ-ÖØ-öø-ɏẠ-ỹ]+)*")  # nearly all names: a short way
_LINK = re.compile(r"https?:|www\.|@|\.(?:com|vn|net|org)\b", re.IGNORECASE)
# What a name may hold beside letters and their marks: "H'Hen", "Ngọc-Anh", "N.V. An", "Lan (con bác Tư)".
_NAME_SYMBOLS = frozenset(" '’ʼ‘´`.-–()")
_EDGES = " -–.,;:•·*+"  # bullets and commas that stay behind when a list is copied
_TAIL = " -–,;:*"
_COMPOUND_FAMILIES = frozenset({("ton", "nu"), ("ton", "that")})
_ROYAL_BRANCHES = frozenset({("cong", "tang"), ("cong", "huyen")})
_KEY_SPACE = str.maketrans(dict.fromkeys("-/.,;:_()[]&|+", " ") | dict.fromkeys("'\"*!?#", None))


def clean_name(raw: str, *, allow_digits: bool = False) -> str | NameProblem:
    """A name fit to be stored, or why it is none. Cleaning twice changes nothing.

    Spaces are made single and invisible characters go. A name typed all in capitals or all in small
    letters gets its capitals; any other name stays as its owner wrote it. With `allow_digits` a stand-in
    from an imported file ("User 7", "735") passes, exactly as written.

    >>> clean_name("  NGUYỄN   thị LAN ")
    'NGUYỄN thị LAN'
    >>> clean_name("NGUYỄN THỊ LAN"), clean_name("h'hen niê")
    ('Nguyễn Thị Lan', "H'Hen Niê")
    >>> clean_name("3. Ông/Bà Nguyễn Thị Lan"), clean_name("Ông Ích Khiêm"), clean_name("Ðào")
    ('Nguyễn Thị Lan', 'Ông Ích Khiêm', 'Đào')
    >>> clean_name("0905123456")
    NameProblem(code='no_letters')
    >>> clean_name("Lan 2"), clean_name("User 7", allow_digits=True)
    (NameProblem(code='has_digits'), 'User 7')
    """
    if len(raw) > NAME_LENGTH * 20:
        return NameProblem("too_long")
    text = clean_text(raw)
    if not text:
        return NameProblem("empty")
    name = _bare(text, allow_digits=allow_digits)
    if len(name) > NAME_LENGTH:
        return NameProblem("too_long")
    if _PLAIN_NAME.fullmatch(name):
        return _with_capitals(name)
    if allow_digits and any(character.isdigit() for character in name):
        return name
    if not any(character.isalpha() for character in name):
        return NameProblem("no_letters")
    if _LINK.search(name):
        return NameProblem("has_link")
    if any(character.isnumeric() for character in name):
        return NameProblem("has_digits")
    if not all(map(_belongs, name)):
        return NameProblem("has_symbols")
    return _with_capitals(name)


def _bare(text: str, *, allow_digits: bool) -> str:
    """The name without what a list or a letter puts round it; a stand-in with digits keeps its number."""
    name = clean_text(text.translate(_LOOK_ALIKES)).lstrip(_EDGES).rstrip(_TAIL)
    if not allow_digits and name[:1].isdecimal():
        name = _LIST_NUMBER.sub("", name).lstrip(_EDGES)
    if not _PLAIN_NAME.fullmatch(name):
        name = _LAST_STOP.sub("", _BOTH_TITLES.sub("", name)).rstrip(_TAIL)
    title = _TITLE.match(name)
    if title and title[1].lower() in _FAMILIES:
        name = name[title.end() :]
    return name


def _belongs(character: str) -> bool:
    return character.isalpha() or character in _NAME_SYMBOLS or "\u0300" <= character <= "\u036f"


def _with_capitals(name: str) -> str:
    if not (name.isupper() or name.islower()):
        return name
    capitals = _capitalised(name)
    return capitals if len(capitals) <= NAME_LENGTH and _capitalised(capitals) == capitals else name


def _capitalised(name: str) -> str:
    return clean_text(_LETTER_RUN.sub(lambda match: match[0].capitalize(), name))


def split_name(full_name: str) -> Name:
    """Take a name apart. A note in brackets is no part of it; a name of one word is a given name.

    >>> split_name("Nguyễn Thị Minh Khai")
    Name(family='Nguyễn', middle='Thị Minh', given='Khai')
    >>> split_name("Công Tằng Tôn Nữ Mỹ Lan (tổ trưởng)")
    Name(family='Công Tằng Tôn Nữ', middle='Mỹ', given='Lan')
    >>> split_name("Lan")
    Name(family='', middle='', given='Lan')
    """
    words = (_NOTE.sub(" ", full_name) if "(" in full_name else full_name).split() or full_name.split()
    if not words:
        return Name("", "", "")
    *before, given = words
    family = _family_words(before)
    return Name(" ".join(before[:family]), " ".join(before[family:]), given)


def _family_words(before: list[str]) -> int:
    """How many words at the head of a name, its given name left out, are the family's."""
    if len(before) < 2 or fold(before[0]) not in {"ton", "cong"}:
        return min(1, len(before))
    head = [fold(word) for word in before[:4]]
    if tuple(head[:2]) in _COMPOUND_FAMILIES:
        return 2
    if tuple(head[:2]) in _ROYAL_BRANCHES and tuple(head[2:]) in _COMPOUND_FAMILIES:
        return 4
    return 1


def given_name(full_name: str) -> str:
    """The word by which a person is addressed.

    >>> given_name("Zơrâm Thị Hạnh")
    'Hạnh'
    """
    return split_name(full_name).given


def name_key(full_name: str) -> str:
    """The form by which names are searched and matched: no marks, case, tone placement or punctuation.

    >>> name_key("Đỗ Thị Hòa") == name_key("ĐỖ  THỊ HOÀ") == "do thi hoa"
    True
    >>> name_key("H’Hen Niê")
    'hhen nie'
    """
    folded = fold(full_name)
    return (
        " ".join(folded.translate(_KEY_SPACE).split())[:NAME_KEY_LENGTH].rstrip()
        or folded[:NAME_KEY_LENGTH].rstrip()
    )


def sort_key(full_name: str) -> str:
    """The place of a name in a Vietnamese list: by given name, then family, then middle name.

    Plain ASCII, see `core.vietnamese.collation_key`; at most `SORT_KEY_LENGTH` characters.

    >>> sorted(["Trần Văn Bình", "Lê Thị Ánh", "Nguyễn An", "Võ Ân", "Bùi An"], key=sort_key)
    ['Bùi An', 'Nguyễn An', 'Lê Thị Ánh', 'Võ Ân', 'Trần Văn Bình']
    """
    family, middle, given = split_name(full_name)
    return collation_key(f"{given} {family} {middle}")[:SORT_KEY_LENGTH]


def initials(full_name: str) -> str:
    """The first letter of each word, in capitals.

    >>> initials("Nguyễn Thị Minh Khai")
    'NTMK'
    """
    family, middle, given = split_name(full_name)
    return "".join(_capital(word) for word in (*family.split(), *middle.split(), given) if _capital(word))


def avatar_letter(full_name: str) -> str:
    """The one letter in a person's circle: that of the given name; "?" where there is none.

    >>> avatar_letter("Nguyễn Thị Ánh"), avatar_letter("User 7"), avatar_letter("…")
    ('Á', '7', '?')
    """
    return _capital(given_name(full_name)) or "?"


def _capital(word: str) -> str:
    return next((character.upper()[0] for character in word if character.isalnum()), "")


def public_name(full_name: str, *, minor: bool) -> str:
    """What strangers may read on boards and walls.

    Of a minor only the given name is shown, the way everyone calls them. The family name is left out, even
    as an initial: a rare one in a small commune points at one house, and at times at its ethnicity.
    A minor whose whole name is one word shows as an initial.

    >>> public_name("Nguyễn Thuỳ Linh", minor=False), public_name("Nguyễn Thuỳ Linh", minor=True)
    ('Nguyễn Thuỳ Linh', 'Linh')
    >>> public_name("Linh", minor=True)
    'L.'
    """
    if not minor:
        return full_name
    name = split_name(full_name)
    return name.given if name.family else f"{avatar_letter(full_name)}."
