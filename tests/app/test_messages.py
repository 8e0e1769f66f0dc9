"""The languages: the catalogue is whole, Vietnamese needs none, WTForms never answers in its own English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
import wtforms
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale, gettext, ngettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    FloatField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length

from app.catalogues import compile_catalogues
from app.context import NAV
from app.error_words import CODE_WORDS, STATUS_WORDS
from app.languages import init_languages
from core.forms import ELSE, SAID, Form
from learning.start_set import START_SET
from people import forms as people_forms
from people.names import NameProblemCode
from people.passwords import PasswordProblem
from people.phones import PhoneProblemCode
from referrals.forms.words import FIELD_WORDS
from tests.support.catalogues import PLACEHOLDER
from tests.support.source_tree import PACKAGES

ROOT = Path(__file__).resolve().parent.parent.parent
PO = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
MARKED = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)

# Words that stay Vietnamese in English: names of people and places, what a file may hold.
KEPT = {
    "Use m, f, nam, nữ, or leave it empty.",
    "Nguyễn Thị Mẫu",
    "For example: the village house, Cồn market, Mr Sáu's home.",
}


def english() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture
def speaking() -> Iterator[Flask]:
    """An application that speaks, and has neither pages nor database."""
    compile_catalogues()
    app = Flask("speaking")
    app.config.update(TRANSLATIONS=str(ROOT / "translations"), SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    init_languages(app)
    with app.test_request_context("/", method="POST"):
        yield app


class Entry(NamedTuple):
    """A message: its Vietnamese, one text or two equal ones, and its English."""

    vietnamese: list[str]
    english: list[str]


def entries() -> list[Entry]:
    return [Entry(_texts(one.id), _texts(one.string)) for one in english() if one.id]


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list | tuple) else [str(value or "")]


class TestCatalogue:
    def test_no_entry_is_fuzzy_empty_or_left_over(self) -> None:
        catalogue = english()
        assert not catalogue.obsolete
        assert [message.id for message in catalogue if message.fuzzy] == []
        assert [entry for entry in entries() if not all(entry.english)] == []

    def test_english_has_two_forms_of_each_number_and_the_same_placeholders(self) -> None:
        for entry in entries():
            assert len(entry.english) == len(entry.vietnamese)
            for text in entry.english:
                assert _placeholders(text) == _placeholders(entry.vietnamese[0]), text

    def test_a_vietnamese_number_has_one_form(self) -> None:
        assert [entry for entry in entries() if len(set(entry.vietnamese)) > 1] == []

    def test_no_vietnamese_is_left_in_english(self) -> None:
        left = [text for entry in entries() for text in entry.english if MARKED.search(text)]
        assert set(left) == KEPT

    def test_both_languages_begin_and_end_alike(self) -> None:
        for vietnamese, english in entries():
            for text in (*vietnamese, *english):
                assert text == text.strip()
            assert vietnamese[0].endswith(":") == english[0].endswith(":"), english

    def test_vietnamese_keeps_to_the_house_style(self) -> None:
        """Straight quotes, doubled spaces, a space before a comma, tones on the wrong vowel: all slips."""
        slip = re.compile(r"  | [,.;:!?](?!\w)|\"|\w'|o[àáảãạ]\b|(?<![qQ])u[ỳýỷỹỵ]\b")
        assert [entry.vietnamese[0] for entry in entries() if slip.search(entry.vietnamese[0])] == []

    def test_a_skill_has_its_name_in_both_languages(self) -> None:
        for skill in START_SET:
            assert skill.name_vi
            assert skill.name_en
            assert not MARKED.search(skill.name_en)


class TestSpeaking:
    def test_vietnamese_speaks_its_own_ids(self, speaking: Flask) -> None:
        with force_locale("vi"):
            assert gettext("Hôm nay") == "Hôm nay"
            for number in (0, 1, 2, 5):
                said = ngettext("%(num)s người", "%(num)s người", number)
                assert said == f"{number} người"

    def test_english_counts_one_and_many(self, speaking: Flask) -> None:
        with force_locale("en"):
            assert gettext("Hôm nay") == "Today"
            assert ngettext("%(num)s người", "%(num)s người", 1) == "1 person"
            assert ngettext("%(num)s người", "%(num)s người", 2) == "2 people"

    def test_the_navigation_and_the_refusals_speak_both(self, speaking: Flask) -> None:
        refusals = [*STATUS_WORDS.values(), *CODE_WORDS.values()]
        texts = [line.label for line in NAV] + [
            text for words in refusals for text in (words.title, words.text)
        ]
        for text in texts:
            with force_locale("vi"):
                assert gettext(text) == text
            with force_locale("en"):
                assert gettext(text) != text, text


class Odd(Form):
    """A field of each kind, without a message of its own."""

    needed = StringField(validators=[InputRequired()])
    short = StringField(validators=[Length(max=2)])
    chosen = SelectField(choices=[SelectChoice("a", "A")])
    one = RadioField(choices=[SelectChoice("a", "A")], coerce=int)
    several = SelectMultipleField(choices=[SelectChoice(1, "A")], coerce=int)
    count = IntegerField()
    share = FloatField()
    day = DateField()


ANSWERS = MultiDict(
    {"short": "long", "chosen": "b", "one": "x", "several": "x", "count": "x", "share": "x", "day": "x"}
)


class TestForms:
    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_whatever_is_wrong_is_said_in_the_language_of_the_page(
        self, speaking: Flask, language: str
    ) -> None:
        with force_locale(language):
            form = Odd(formdata=ANSWERS)
            assert not form.validate()
            assert set(form.errors) == set(form._fields)
            said = {str(text) for texts in form.errors.values() for text in texts}
            ours = {gettext(text) for text in (*SAID.values(), ELSE)}
        assert said <= ours
        assert all(bool(MARKED.search(text)) == (language == "vi") for text in said)

    def test_what_wtforms_says_is_still_what_we_translate(self) -> None:
        """A new version that words a message anew would fall back to the general sentence."""
        template = Path(wtforms.__file__).parent / "locale" / "wtforms.pot"
        with template.open("rb") as file:
            said = {
                message.id[0] if isinstance(message.id, tuple) else message.id for message in read_po(file)
            }
        assert set(SAID) <= said

    def test_every_form_stands_on_ours(self) -> None:
        kinds, ahead = set[type](), [FlaskForm]
        while ahead:
            below = ahead.pop().__subclasses__()
            ahead += below
            kinds.update(kind for kind in below if kind.__module__.split(".")[0] in PACKAGES)
        assert len(kinds) > 8
        assert [kind for kind in kinds if not issubclass(kind, Form)] == []

    def test_every_problem_of_a_name_a_phone_and_a_password_has_a_sentence(self) -> None:
        names = {f"name_{code}" for code in get_args(NameProblemCode)}
        # An empty phone is no problem: a phone is optional wherever it is asked.
        phones = {f"phone_{code}" for code in get_args(PhoneProblemCode)} - {"phone_empty"}
        assert names | phones | set(get_args(PasswordProblem)) <= set(people_forms.FIELD_WORDS)
        assert names | phones <= set(FIELD_WORDS)


def test_what_is_compiled_says_what_is_written() -> None:
    compile_catalogues()
    assert compile_catalogues() == []
    assert PO.with_suffix(".mo").exists()


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}
