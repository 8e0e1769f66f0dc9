"""Vietnamese text: clean it, fold it for search, compare its spellings, and put it in order.

Words used here:

* *mark*: anything above, below or through a letter; *tone*: one of the five marks of pitch.
* *syllable*: what stands between two spaces; Vietnamese writes a space after every one.
* *tone placement*: "Hòa" and "Hoà" are one syllable in two schools of writing. Both are right.

All functions take any `str`, even a hostile one, and never raise. All are idempotent where the result
is a text of the same kind, and give the same answer for NFC and NFD input.
"""

import re
import unicodedata
from functools import lru_cache

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_QUALITIES = "\u0306\u0302\u031b"  # breve ă, circumflex â ê ô, horn ơ ư
_APOSTROPHES = "'`´ʹʻʼʽʾʿˈ‘’‛′＇"
_DASHES = "-‐‑‒–—―−－"
_QUOTES = '"“”„‟«»″＂'
# Letters that Unicode does not take apart, and fillers that show nothing but count as letters.
_SPECIAL = (
    dict.fromkeys(map(ord, "đĐðÐɖƉ"), "d")
    | dict.fromkeys(map(ord, _APOSTROPHES), "'")
    | dict.fromkeys(map(ord, _DASHES), "-")
    | dict.fromkeys(map(ord, _QUOTES), '"')
    | dict.fromkeys(map(ord, "łŁ"), "l")
    | dict.fromkeys(map(ord, "øØ"), "o")
)
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x180B, 0x1810))
)
_REMEMBERED = 0x3000  # characters below this are remembered; the rest is too rare, and too many


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me"} or unicodedata.combining(character) != 0


def _fold_character(character: str) -> str:
    special = _SPECIAL.get(ord(character))
    if special is not None:
        return special
    if character.isspace():
        return " "
    if character in _INVISIBLE or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}:
        return ""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(
        _SPECIAL.get(ord(part), part) for part in parts if not _is_mark(part) and part not in _INVISIBLE
    )


class _FoldTable(dict[int, str]):
    """What `str.translate` reads: a character's folded form, worked out when first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if code < _REMEMBERED:
            self[code] = folded
        return folded


_FOLD_TABLE = _FoldTable()


def fold(text: str) -> str:
    """The form that search and matching compare: no marks, no case, đ as d, single spaces.

    >>> fold("  Nguyễn  Thị ĐÀO ")
    'nguyen thi dao'
    >>> fold("Hòa") == fold("HOÀ") == "hoa"
    True
    >>> fold("H’Hen Niê")
    "h'hen nie"
    """
    return " ".join(text.translate(_FOLD_TABLE).split())


def without_marks(text: str) -> str:
    """The text in plain Latin letters, case and spacing kept: for English names and for file names.

    >>> without_marks("Đà Nẵng, Hoà Khánh")
    'Da Nang, Hoa Khanh'
    """
    plain = text.replace("đ", "d").replace("Đ", "D").replace("Ð", "D").replace("ð", "d")
    kept = (part for part in unicodedata.normalize("NFD", plain) if not _is_mark(part))
    return unicodedata.normalize("NFC", "".join(kept))


# ── cleaning ────────────────────────────────────────────────────────────────────────────────────────

_MARK_RANGES = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_PILED_MARKS = re.compile(f"([{_MARK_RANGES}]{{2}})[{_MARK_RANGES}]+")
_NOT_PLAIN = re.compile(r"[^\x21-\x7e\u00c0-\u024f\u1ea0-\u1ef9 ]")
_LINE_END = re.compile("\r\n|[\n\r\v\f\u0085\u2028\u2029]")
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    if character in _INVISIBLE or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}:
        return ""
    return character


def clean_text(text: str) -> str:
    r"""One line of text fit to be stored: composed (NFC), nothing invisible, single spaces.

    Control, zero-width and direction-changing characters go; piles of marks are cut to two a letter.

    >>> clean_text("  Lê\u200b Thị\u00a0\n Lan\u202e ")
    'Lê Thị Lan'
    """
    if _NOT_PLAIN.search(text):
        text = _NONCHARACTERS.sub("", "".join(map(_visible, text)))
        text = _PILED_MARKS.sub(r"\1", unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def clean_lines(text: str) -> str:
    r"""Like `clean_text`, for stories and notes: lines stay, at most one empty line between two.

    >>> clean_lines("Bác Lan \r\n\r\n\r\n  học   nhanh.  ")
    'Bác Lan\n\nhọc nhanh.'
    """
    lines = "\n".join(clean_text(line) for line in _LINE_END.split(text))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


# ── one spelling for both schools of tone placement ─────────────────────────────────────────────────

_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?P<onset>qu(?=[aeiouy])|gi(?=[aeiouy])|[bcdđghklmnpqrstvx]*)(?P<vowels>[aeiouy]{1,3})(?P<coda>ch|ng|nh|[cmnpt])?"
)
_SECOND_OF_TWO = {"oa", "oe", "uy"}


def _toned_vowel(vowels: str, qualities: list[bool], closed: bool) -> int:
    """The place of the tone among a syllable's vowels, as school books since 1984 have it."""
    marked = [place for place, has_quality in enumerate(qualities) if has_quality]
    if marked:
        return marked[-1]
    if len(vowels) == 1:
        return 0
    if closed or len(vowels) == 3:
        return len(vowels) - 1 if closed else 1
    return 1 if vowels in _SECOND_OF_TWO else 0


@lru_cache(maxsize=1 << 16)
def _same_syllable(word: str) -> str:
    composed = unicodedata.normalize("NFC", word)
    parts = unicodedata.normalize("NFD", word)
    tones = [part for part in parts if part in _TONES]
    if len(tones) != 1:
        return composed
    letters: list[str] = []  # one letter each, with its quality mark but without its tone
    for part in parts:
        if part in _TONES:
            continue
        if unicodedata.combining(part) and letters:
            letters[-1] += part
        else:
            letters.append(part)
    match = _SYLLABLE.fullmatch("".join(letter[0].lower() for letter in letters))
    if match is None:
        return composed
    start, end = match.span("vowels")
    qualities = [any(mark in _QUALITIES for mark in letter[1:]) for letter in letters[start:end]]
    place = start + _toned_vowel(match["vowels"], qualities, closed=match["coda"] is not None)
    letters[place] += tones[0]
    return unicodedata.normalize("NFC", "".join(letters))


def same_spelling(text: str) -> str:
    """The text with every tone in one canonical place, so that two ways of typing compare equal.

    "Hòa" and "Hoà", "thủy" and "thuỷ", also slips of the keyboard such as "ngừơi". The canonical place is
    that of the school books ("Hoà"). It is a form to compare by: what is shown stays as its owner wrote it.
    Words that are no Vietnamese syllable are left alone.

    >>> same_spelling("Hòa Thủy"), same_spelling("HOÀ THUỶ")
    ('Hoà Thuỷ', 'HOÀ THUỶ')
    >>> same_spelling("qúy gía ngừơi khuỷu hòan Zơrâm")
    'quý giá người khuỷu hoàn Zơrâm'
    """
    if text.isascii():
        return text
    placed = _WORD.sub(lambda match: _same_syllable(match[0]), unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFC", placed)


# ── order ───────────────────────────────────────────────────────────────────────────────────────────

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_PIECE = re.compile(r"[0-9]+|[^0-9]+")
_BREAKS = re.compile(r"[\s\-/,.;:_|]+")
_STROKE = "\u0335"  # Unicode does not take đ apart; here it is a d with a stroke, like the other variants
_VARIANTS = {
    "a\u0306": "a1",
    "a\u0302": "a2",
    "d\u0335": "d1",
    "e\u0302": "e1",
    "o\u0302": "o1",
    "o\u031b": "o2",
    "u\u031b": "u1",
}


def _number_key(digits: str) -> str:
    """Numbers by size, before all letters: "1", how many digits, the digits ("2" before "10")."""
    plain = digits.lstrip("0") or "0"
    pieces = [plain[start : start + 35] for start in range(0, len(plain), 35)]
    return "".join(f"1{_BASE36[len(piece)]}{piece}" for piece in pieces)


def _foreign_key(character: str) -> str:
    """A letter of another script: after every Latin one, by code point, in five places."""
    code = ord(character)
    places = (code // 46656 + 1, code // 1296 % 36, code // 36 % 36, code % 36)
    return "z" + "".join(_BASE36[place] for place in places)


def _letters_key(parts: str) -> tuple[str, int]:
    """The key of decomposed letters, and the first tone among them (0 for none)."""
    keys: list[str] = []
    tone = 0
    for part in parts:
        if part in _TONES:
            tone = tone or _TONES[part]
        elif part in _QUALITIES + _STROKE and keys:
            keys[-1] = _VARIANTS.get(keys[-1][0] + part, keys[-1])
        elif "a" <= part <= "z":
            keys.append(part + "0")
        elif part.isalpha() and not _is_mark(part):
            keys.append(_foreign_key(part))
    return "".join(keys), tone


@lru_cache(maxsize=1 << 16)
def _syllable_key(word: str) -> str:
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    parts = parts.replace("đ", "d" + _STROKE).replace("ð", "d" + _STROKE)
    keys: list[str] = []
    tone = 0
    for piece in _PIECE.findall(parts):
        if piece[0] in "0123456789":
            keys.append(_number_key(piece))
            continue
        key, piece_tone = _letters_key(piece)
        keys.append(key)
        tone = tone or piece_tone
    key = "".join(keys)
    return f"{key}0{tone}" if key else ""


def collation_key(text: str) -> str:
    """The text's place in Vietnamese order, as plain ASCII [0-9a-z] that any database compares alike.

    The order is the dictionary's: syllable by syllable, in each the letters first (a ă â b c d đ e ê …
    o ô ơ … u ư …), then the tone (none, huyền, hỏi, ngã, sắc, nặng). Case, tone placement and punctuation do
    not count; a space, a hyphen or a full stop ends a syllable; numbers stand before letters and go by size;
    other scripts follow z.

    Each letter takes two places ("a0" a, "a1" ă, "a2" â, "d1" đ), the end of a syllable two ("0", the tone),
    and since digits sort before letters everywhere, "C", glibc and ICU collations agree.

    >>> collation_key("Hòa")
    'h0o0a001'
    >>> names = ["Đào", "Dung", "Ân", "Ánh", "An", "Anh", "Ăn", "Hồng", "Hoàng", "Hoa Lê", "Hòa"]
    >>> sorted(names, key=collation_key)
    ['An', 'Anh', 'Ánh', 'Ăn', 'Ân', 'Dung', 'Đào', 'Hoa Lê', 'Hòa', 'Hoàng', 'Hồng']
    >>> sorted(["Chi đoàn 10", "Chi đoàn 2"], key=collation_key)
    ['Chi đoàn 2', 'Chi đoàn 10']
    """
    return "".join(map(_syllable_key, _BREAKS.split(text)))
