"""The forms of the learner: type a code, say no."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form
from referrals.words import DISPUTE_REASONS


class CodeForm(Form):
    """Six digits said by the ambassador, and one's own given name."""

    digits = StringField(
        _l("Mã sáu số"),
        validators=[InputRequired(_l("Hãy gõ mã sáu số mà Đại sứ số đọc cho bạn.")), Length(max=20)],
    )
    given_name = StringField(
        _l("Tên của bạn"),
        validators=[InputRequired(_l("Hãy gõ tên của bạn, không cần dấu.")), Length(max=60)],
    )


class DisputeForm(Form):
    """What is not right; all of it may be left out."""

    why = RadioField(_l("Chỗ nào không đúng?"), choices=[], validators=[Optional()])
    note = TextAreaField(
        _l("Bạn muốn nói thêm gì không?"),
        validators=[Length(max=300, message=_l("Hãy viết ngắn lại, nhiều nhất 300 ký tự."))],
    )

    def offer(self) -> None:
        """Give the reasons to choose from."""
        self.why.choices = [(code, gettext(text)) for code, text in DISPUTE_REASONS.items()]

    def reason(self) -> str:
        """Return the reason as it is kept: the sentence chosen, in Vietnamese for the staff, and the note."""
        chosen = DISPUTE_REASONS.get(self.why.data or "", "")
        return ". ".join(part for part in (chosen, (self.note.data or "").strip()) if part)
