"""The shape of input to honours."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import AnyOf, InputRequired, Length
from wtforms.widgets import HiddenInput

from core.forms import Form
from honors.services import ConsentAnswer
from honors.stories import LONGEST
from people.consents import WAYS

ANSWERS = ("yes", "no")
HEARD = ("in_person", "phone", "paper")


class StoryForm(Form):
    """The words for the wall."""

    story = TextAreaField(
        _l("Câu chuyện"),
        validators=[Length(max=LONGEST * 4, message=_l("Hãy rút gọn, nhiều nhất 1.200 ký tự."))],
    )

    @property
    def words(self) -> str:
        """What was typed."""
        return str(self.story.data or "")


class ConsentForm(Form):
    """What the person answered, as the staff heard it."""

    answer = RadioField(
        _l("Người được đề cử trả lời"),
        choices=[SelectChoice("yes", _l("Đồng ý đăng")), SelectChoice("no", _l("Không đồng ý"))],
        validators=[InputRequired(_l("Hãy chọn câu trả lời của người đó."))],
    )
    how = RadioField(
        _l("Trả lời bằng cách nào"),
        choices=[SelectChoice(code, _l(WAYS[code])) for code in HEARD],
        validators=[InputRequired(_l("Hãy chọn cách người đó trả lời."))],
    )
    guardian_name = StringField(
        _l("Tên người giám hộ"),
        validators=[Length(max=120, message=_l("Tên nhiều nhất 120 ký tự."))],
    )
    edition = IntegerField(widget=HiddenInput(), default=0)

    def wish(self, text_shown: str, language: str) -> ConsentAnswer:
        """Return the typed answer."""
        return ConsentAnswer(
            given=self.answer.data == "yes",
            text_shown=text_shown,
            language=language,
            how=str(self.how.data),
            edition=int(self.edition.data or 0),
            guardian_name=str(self.guardian_name.data or ""),
        )


class AnswerForm(Form):
    """The person's own answer: one of two buttons."""

    nomination = IntegerField(validators=[InputRequired()])
    edition = IntegerField(validators=[InputRequired()])
    answer = HiddenField(validators=[AnyOf(ANSWERS)])

    def wish(self, text_shown: str, language: str) -> ConsentAnswer:
        """Return the typed answer."""
        return ConsentAnswer(
            given=self.answer.data == "yes",
            text_shown=text_shown,
            language=language,
            how="form",
            edition=int(self.edition.data or 0),
        )
