"""The words of a skill and of a group: what may stand in them, and the mark that changes with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from core.vietnamese import clean_lines, clean_text, fold, without_marks

NAME_LENGTH: Final = 120
CARD_LENGTH: Final = 300
CARD_LINES: Final = 2
QUESTION_LENGTH: Final = 200
OPTION_LENGTH: Final = 80
OPTIONS: Final = 3
CODE_LENGTH: Final = 40


@dataclass(frozen=True)
class SkillWords:
    """Everything that an administrator writes about a skill. Of the options the first is the right one.

    English may be missing but for the name: then Vietnamese is shown.
    """

    name_vi: str
    name_en: str
    card_vi: str = ""
    card_en: str = ""
    question_vi: str = ""
    question_en: str = ""
    options_vi: tuple[str, ...] = ()
    options_en: tuple[str, ...] = ()
    group_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class GroupWords:
    """What an administrator writes about a target group."""

    name_vi: str
    name_en: str


def clean_skill(words: SkillWords) -> SkillWords:
    r"""The words fit to be stored: names, questions and options on one line, cards on their lines.

    >>> words = clean_skill(SkillWords(" Trả  tiền ", "Paying", card_vi="Một \n\n hai", options_vi=("", " ")))
    >>> words.name_vi, words.card_vi, words.options_vi
    ('Trả tiền', 'Một\nhai', ())
    """
    return SkillWords(
        name_vi=clean_text(words.name_vi),
        name_en=clean_text(words.name_en),
        card_vi=_lines(words.card_vi),
        card_en=_lines(words.card_en),
        question_vi=clean_text(words.question_vi),
        question_en=clean_text(words.question_en),
        options_vi=_options(words.options_vi),
        options_en=_options(words.options_en),
        group_ids=tuple(sorted(set(words.group_ids))),
    )


def clean_group(words: GroupWords) -> GroupWords:
    """The names fit to be stored."""
    return GroupWords(clean_text(words.name_vi), clean_text(words.name_en))


def _lines(text: str) -> str:
    return "\n".join(line for line in clean_lines(text[: CARD_LENGTH * 4]).split("\n") if line)


def _options(options: Sequence[str]) -> tuple[str, ...]:
    cleaned = tuple(clean_text(option) for option in options)
    return cleaned if any(cleaned) else ()


def problems_of_skill(words: SkillWords) -> dict[str, str]:
    r"""What has to be put right, a code for each field; the words are cleaned before.

    >>> problems_of_skill(SkillWords("Trả tiền", "Paying", question_vi="Sao?", options_vi=("A", "B", "a")))
    {'options_vi': 'options_equal'}
    >>> problems_of_skill(SkillWords("", "Paying", card_vi="1\n2\n3"))
    {'name_vi': 'required', 'card_vi': 'too_many_lines'}
    """
    fields = problems_of_names(words.name_vi, words.name_en)
    for language in ("vi", "en"):
        card = str(getattr(words, f"card_{language}"))
        question = str(getattr(words, f"question_{language}"))
        options: tuple[str, ...] = getattr(words, f"options_{language}")
        if len(card) > CARD_LENGTH:
            fields[f"card_{language}"] = "too_long"
        elif card.count("\n") >= CARD_LINES:
            fields[f"card_{language}"] = "too_many_lines"
        if len(question) > QUESTION_LENGTH:
            fields[f"question_{language}"] = "too_long"
        elif options and not question:
            fields[f"question_{language}"] = "question_missing"
        if problem := _problem_of_options(question, options):
            fields[f"options_{language}"] = problem
    if words.question_en and not words.question_vi and "question_vi" not in fields:
        fields["question_vi"] = "question_missing"
    if words.card_en and not words.card_vi:
        fields["card_vi"] = "required"
    return fields


def _problem_of_options(question: str, options: tuple[str, ...]) -> str | None:
    if not question and not options:
        return None
    if len(options) != OPTIONS or not all(options):
        return "options_missing"
    if any(len(option) > OPTION_LENGTH for option in options):
        return "too_long"
    return "options_equal" if len(set(map(fold, options))) < OPTIONS else None


def problems_of_names(name_vi: str, name_en: str) -> dict[str, str]:
    """What has to be put right in the two names of a skill or a group."""
    fields = {}
    for field, name in (("name_vi", name_vi), ("name_en", name_en)):
        if not name:
            fields[field] = "required"
        elif len(name) > NAME_LENGTH:
            fields[field] = "too_long"
        elif not any(character.isalpha() for character in name):
            fields[field] = "no_letters"
    return fields


def mark_of(words: SkillWords | GroupWords) -> str:
    """A short text that changes with the words: an edit that was begun before another's carries the old one.

    >>> mark_of(GroupWords("Người dân", "Residents")) == mark_of(GroupWords("Người dân", "People"))
    False
    """
    plain = json.dumps(asdict(words), ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def code_from(name: str, taken: Sequence[str]) -> str:
    """A stable code made from an English name, another than those that are taken.

    >>> code_from("Paying without cash!", ["paying_without_cash"]), code_from("…", [])
    ('paying_without_cash_2', 'skill')
    """
    letters = "".join(sign if sign.isalnum() else " " for sign in without_marks(fold(name)) if sign.isascii())
    base = "_".join(letters.split())[: CODE_LENGTH - 5].rstrip("_") or "skill"
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}_{number}"
    return code


def moved(ids: Sequence[int], chosen: int, step: int) -> list[int]:
    """The list with one of its members a step further down, or up where `step` is below zero.

    >>> moved([7, 8, 9], 8, -1), moved([7, 8, 9], 9, 1)
    ([8, 7, 9], [7, 8, 9])
    """
    order = list(ids)
    place = order.index(chosen)
    order.insert(max(0, place + (1 if step > 0 else -1)), order.pop(place))
    return order
