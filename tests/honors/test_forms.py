from __future__ import annotations

import pytest
from flask import Flask

from honors.forms import AnswerForm, ConsentForm, StoryForm
from honors.services import ConsentAnswer


@pytest.fixture
def asked(bare_app: Flask):
    """`asked(Form, field=value)`: the form as posted, the token left to the edge."""

    def post(form, **data):
        with bare_app.test_request_context(method="POST", data=data):
            made = form(meta={"csrf": False})
            made.validate_on_submit()
            return made

    return post


def test_an_answer_that_was_heard_becomes_a_wish(asked) -> None:
    form = asked(ConsentForm, answer="yes", how="phone", guardian_name=" Mẹ ", edition="3")
    assert form.errors == {}
    assert form.wish("Lời hỏi", "vi") == ConsentAnswer(True, "Lời hỏi", "vi", "phone", 3, " Mẹ ")


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({}, {"answer", "how"}),
        ({"answer": "perhaps", "how": "phone", "edition": "1"}, {"answer"}),
        ({"answer": "no", "how": "link", "edition": "1"}, {"how"}),
        ({"answer": "no", "how": "phone", "edition": "one"}, {"edition"}),
        ({"answer": "no", "how": "phone", "edition": "1", "guardian_name": "a" * 121}, {"guardian_name"}),
    ],
)
def test_nothing_is_guessed(asked, data: dict[str, str], wrong: set[str]) -> None:
    assert set(asked(ConsentForm, **data).errors) == wrong


def test_no_answer_is_ticked_before_somebody_ticks_it(bare_app: Flask) -> None:
    with bare_app.test_request_context():
        form = ConsentForm(formdata=None, data={"edition": 2})
        assert form.answer.data is None
        assert form.how.data is None
        assert 'value="2"' in str(form.edition())


def test_the_persons_own_answer_becomes_a_wish(asked) -> None:
    form = asked(AnswerForm, nomination="7", edition="1", answer="no")
    assert form.errors == {}
    assert form.wish("Lời hỏi", "en") == ConsentAnswer(False, "Lời hỏi", "en", "form", 1)
    assert set(asked(AnswerForm, nomination="7", edition="1", answer="ok").errors) == {"answer"}
    assert set(asked(AnswerForm).errors) == {"nomination", "edition", "answer"}


def test_a_story_far_too_long_is_stopped_at_the_door(asked) -> None:
    assert asked(StoryForm, story="a" * 5_000).errors
    assert asked(StoryForm, story="").words == ""
