"""Phone numbers as people write them in Viet Nam, read into one form: E.164 ("+84905123456").

A phone is a hint that two records may be one person, never an identity: families share phones.
Only mobile numbers are taken, since they are what messages and Zalo reach.

We clean first and ask `phonenumbers` last, and only whether the prefix is in use: left alone it takes
"O905123456" and "=905123456", and reads the letters of "(con trai)" as digits. What cannot be read for
certain is refused, not guessed.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from phonenumbers import PhoneNumber, is_valid_number

from core.vietnamese import clean_text, fold

PhoneProblemCode = Literal[
    "empty",
    "letters",
    "symbols",
    "several",
    "rounded",
    "too_short",
    "too_long",
    "landline",
    "foreign",
    "unknown_prefix",
]


@dataclass(frozen=True, slots=True)
class Phone:
    """A mobile number of Viet Nam in E.164: "+84" and nine digits."""

    e164: str


@dataclass(frozen=True, slots=True)
class PhoneProblem:
    """Why a text is no mobile number: a stable code, whose words live at the edge."""

    code: PhoneProblemCode


# Ministry of Information and Communications, plan 798 of 2018: 11 digits became 10, one to one.
# fmt: off
_OLD_PREFIXES = {
    "162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39",
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
    "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
    "186": "56", "188": "58", "199": "59",
}
# fmt: on
_OLD_LANDLINES = ("510", "511")  # Quảng Nam and Đà Nẵng before 2017

_FULL_WIDTH = str.maketrans("０１２３４５６７８９＋（）－．", "0123456789+()-.")
# What people write where there is no number, folded.
# fmt: off
_NOTHING = frozenset({
    "khong", "khong co", "ko", "ko co", "k", "k co", "chua", "chua co", "khong ro", "chua ro", "khong nho",
    "khong biet", "khong dung", "n/a", "#n/a", "na", "none", "null", "nan", "x",
    *(f"{no} {what}" for no in ("khong co", "ko co", "chua co", "khong dung")
      for what in ("sdt", "dt", "so dt", "so", "so dien thoai", "dien thoai", "phone", "zalo")),
})
# fmt: on
_NOTE = re.compile(r"[(\[][^()\[\]]*[^\W\d_][^()\[\]]*[)\]]")
_LABEL = re.compile(
    r"^(?:s[đd]t|(?:s[oố] )?(?:[đd]/?t|[đd]t[dđ][đd]|[đd]i[eệ]n tho[aạ]i)|di [đd][oộ]ng|[dđ]\.?[đd]\.?|zalo"
    r"|tel|phone|mobile)"
    r"(?: ?/? ?zalo)?(?:\b|(?<=\.))(?: ?\d ?(?=[:.)]))?[\s:.)]*",
    re.IGNORECASE,
)
# Words of two letters and more: a single letter may be a mistyped digit, and so may "Ol".
_WORD = r"(?:(?![oOlIiSsBbZzqQ]{2,3}\b)[^\W\d_]{2,}|(?<=[\s.])[A-ZĐ]\.)"
_WORDS_BEFORE = re.compile(rf"^{_WORD}(?:[\s.,'–-]+{_WORD})*[\s.:,–-]+(?=[+(]{{0,2}}\d)")
_WORDS_AFTER = re.compile(rf"(?<=\d)[\s,:;/(–-]+{_WORD}(?:[\s.,()–-]+{_WORD})*[.)]*$")
_WORDS_BETWEEN = re.compile(
    rf"(?<=\d)[\s,:;–-]+{_WORD}(?:[\s.,:;–-]+{_WORD}){{0,8}}[\s.,:;–-]+(?=[+(]{{0,2}}\d)"
)
_TEXT_CELL = re.compile(r"^(?:['’‘`]|=?[\"“”](?=.*[\"”]$))")
_SIGNS = dict.fromkeys(map(ord, "☎☏✆📞📱📲\ufe0f"))  # the little telephone before a number
_FLOAT = re.compile(r"(\+?\d{9,12})[.,]0+")
_SCIENTIFIC = re.compile(r"(\d[.,]\d+)[eE]\+?(\d{1,2})")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_GROUPS = re.compile(r"0\d{1,3}(?:[,/'~ ] ?\d{2,4}){2,4}")
_SEPARATORS = re.compile(r"[\s.·•()\-‐‑‒–—―−_]+")
_BETWEEN = re.compile(r"[/;|&\n]|,\s|,(?=0|\+)|\s[-–]\s|\bhoặc\b|\bvà\b", re.IGNORECASE)
_RUN = re.compile(r"(?:0[35789]\d{8}){2,}")


def read_phone(text: str) -> Phone | PhoneProblem:
    """Read one mobile number.

    Taken: 0905…, +84…, 0084…, 84…; nine digits (a spreadsheet ate the zero); 905123456.0 and 9.05123456E8;
    the 11 digits of before 2018, turned into today's; spaces, full stops, hyphens, brackets between digits; a
    label or a name before ("SĐT:", "Mẹ:") and a note after ("(con trai)", "- con trai"), which are dropped;
    one number written twice; full-width digits.

    Refused: `empty` (also "không có"), `letters` in the number (also digits of other scripts), `symbols` such
    as "=", `several` numbers, `rounded` by a spreadsheet, `too_short`, `too_long`, `landline`, `foreign`,
    `unknown_prefix`.

    >>> read_phone("0905 123 456"), read_phone("905123456.0"), read_phone("0163 123 4567 (con trai)")
    (Phone(e164='+84905123456'), Phone(e164='+84905123456'), Phone(e164='+84331234567'))
    >>> read_phone("0905-123-456 / 0905123456"), read_phone("Mẹ: 0905.123.456")
    (Phone(e164='+84905123456'), Phone(e164='+84905123456'))
    >>> read_phone("O905123456"), read_phone("=905123456"), read_phone("0236 382 2222")
    (PhoneProblem(code='letters'), PhoneProblem(code='symbols'), PhoneProblem(code='landline'))
    """
    if len(text) == 10 and text.isascii() and text.isdecimal() and text[0] == "0":
        return _from_national(text[1:])
    cleaned = clean_text(text[:200].translate(_SIGNS)).translate(_FULL_WIDTH)
    if not any(character.isalnum() for character in cleaned) or fold(cleaned) in _NOTHING:
        return PhoneProblem("empty")
    pieces = _numbers(cleaned)
    if len(pieces) > 1:
        found = {_from_text(piece) for piece in pieces}
        return found.pop() if len(found) == 1 else PhoneProblem("several")
    return _from_text(cleaned)


def _from_text(text: str) -> Phone | PhoneProblem:
    digits = _bare(text)
    return digits if isinstance(digits, PhoneProblem) else _from_digits(digits)


def _numbers(text: str) -> list[str]:
    """The pieces of a cell that hold a whole number; notes in brackets count where they hold one."""
    if _SCIENTIFIC.fullmatch(text) or len(text) < 18:
        return []
    return [piece for piece in _pieces(_opened(text)) if _digits(piece) >= 9]


def _opened(text: str) -> str:
    """The text with every note that holds a whole number set apart from what stands before it."""
    return _NOTE.sub(lambda note: f" / {note[0][1:-1]} / " if _digits(note[0]) >= 9 else note[0], text)


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


def read_phones(text: str) -> list[Phone | PhoneProblem]:
    """Read a cell that may hold several numbers; none is given twice, an empty cell gives none.

    >>> read_phones("0905123456 / 0912 345 678")
    [Phone(e164='+84905123456'), Phone(e164='+84912345678')]
    >>> read_phones("0905123456, O912"), read_phones("không có")
    ([Phone(e164='+84905123456'), PhoneProblem(code='letters')], [])
    """
    whole = read_phone(text)
    if isinstance(whole, Phone):
        return [whole]
    if whole.code == "empty":
        return []
    found = dict.fromkeys(read_phone(piece) for piece in _pieces(_opened(text[:1000])))
    found.pop(PhoneProblem("empty"), None)
    return list(found)


def _pieces(text: str) -> list[str]:
    """The cell, cut where one number ends and another begins."""
    pieces: list[str] = []
    for piece in _BETWEEN.split(_WORDS_BETWEEN.sub(" / ", text)):
        digits = _SEPARATORS.sub("", piece)
        run = [digits[start : start + 10] for start in range(0, len(digits), 10)]
        pieces.extend(run if _RUN.fullmatch(digits) else [piece])
    return pieces


def _bare(text: str) -> str | PhoneProblem:
    """Only digits, with a "+" before them where it was written; or what stands in the way."""
    text = _TEXT_CELL.sub("", text).rstrip('"”').strip()
    text = _LABEL.sub("", _NOTE.sub(" ", text).strip(), count=1)
    text = _WORDS_AFTER.sub("", _WORDS_BEFORE.sub("", text)).strip(" ,;.")
    if match := _SCIENTIFIC.fullmatch(text):
        return _unrounded(match)
    if match := _FLOAT.fullmatch(text):
        text = match[1]
    elif _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif _GROUPS.fullmatch(text) and _digits(text) in {10, 11}:
        text = re.sub(r"\D", "", text)
    digits = _SEPARATORS.sub("", text)
    if digits.removeprefix("+").isascii() and digits.removeprefix("+").isdecimal():
        return digits
    if any(
        character.isalpha() or (character.isnumeric() and not character.isascii()) for character in digits
    ):
        return PhoneProblem("letters")
    return PhoneProblem("symbols")


def _unrounded(match: re.Match[str]) -> str | PhoneProblem:
    """A number written as 9.05123456E8, if no digit of it was lost. Two zeros at the end may be true ones."""
    mantissa, exponent = match[1].replace(",", "."), int(match[2])
    while len(mantissa.partition(".")[2]) > exponent and mantissa.endswith("0"):
        mantissa = mantissa[:-1]
    decimals = len(mantissa.partition(".")[2])
    if decimals > exponent or exponent > 15 or decimals < exponent - 2:
        return PhoneProblem("rounded")
    return str(int(Decimal(mantissa).scaleb(exponent)))


def _from_digits(digits: str) -> Phone | PhoneProblem:
    international = digits.startswith(("+", "00"))
    if international:
        if digits.startswith("+0"):
            return PhoneProblem("symbols")  # no country's code begins so
        digits = digits.removeprefix("+") if digits[0] == "+" else digits[2:]
        if not digits.startswith("84") and digits.strip("0"):
            return PhoneProblem("foreign" if len(digits) >= 7 else "too_short")
    # "084 905 123 456": the country's code with a zero before it; nothing else has twelve digits.
    if not international and len(digits) == 12 and digits.startswith("084"):
        digits = digits[1:]
    # "84" and nine digits is the country's code; "84" and seven is a number 084… that lost its zero.
    if international or (digits.startswith("84") and len(digits) >= 11):
        digits = digits[2:]
    return _from_national(digits.removeprefix("0"))


def _from_national(digits: str) -> Phone | PhoneProblem:
    """From the digits after the zero."""
    if len(digits) == 10 and digits[:3] in _OLD_PREFIXES:
        digits = _OLD_PREFIXES[digits[:3]] + digits[3:]
    if len(digits) in {9, 10} and digits.startswith("2"):
        return PhoneProblem("landline")
    if len(digits) == 10 and digits.startswith(_OLD_LANDLINES):
        return PhoneProblem("landline")
    if len(digits) < 9:
        return PhoneProblem("too_short")
    if len(digits) > 9:
        return PhoneProblem("too_long" if digits[0] != "1" or len(digits) > 10 else "unknown_prefix")
    if digits[0] not in "35789" or not _in_use(digits[:4]):
        return PhoneProblem("unknown_prefix")
    return Phone(f"+84{digits}")


@lru_cache(maxsize=10_000)
def _in_use(prefix: str) -> bool:
    """Whether mobile numbers begin so. Four digits decide: the country's plan hands out no smaller blocks."""
    return is_valid_number(PhoneNumber(country_code=84, national_number=int(prefix + "12345")))


def display(e164: str) -> str:
    """The number as people read it aloud.

    >>> display("+84905123456")
    '0905 123 456'
    """
    national = "0" + e164.removeprefix("+84")
    return f"{national[:4]} {national[4:7]} {national[7:]}"


def tail(e164: str) -> str:
    """The last three digits: what a list may show, to tell two people of one name apart.

    >>> tail("+84905123456")
    '456'
    """
    return e164[-3:]


def mask(e164: str) -> str:
    """The number as everyone but its owner sees it. Also takes a tail alone.

    >>> mask("+84905123456"), mask("456")
    ('••• 456', '••• 456')
    """
    return f"••• {tail(e164)}"
