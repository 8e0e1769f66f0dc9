"""The forms of one act that stands: take it back."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length, Optional

from core.forms import Form
from referrals.words import WITHDRAW_REASONS


class WithdrawForm(Form):
    """Why an act is taken back: one of the common reasons, words of one's own, or both."""

    why = RadioField(_l("Vì sao rút lại?"), choices=[], validators=[Optional()])
    reason = TextAreaField(
        _l("Nói thêm"),
        validators=[Length(max=300, message=_l("Hãy viết ngắn lại, nhiều nhất 300 ký tự."))],
    )

    def offer(self) -> None:
        """Give the reasons to choose from."""
        self.why.choices = [(code, gettext(text)) for code, text in WITHDRAW_REASONS.items()]

    def reason_kept(self) -> str:
        """Return the reason as it is kept: the sentence chosen, in Vietnamese for staff, and own words."""
        chosen = WITHDRAW_REASONS.get(self.why.data or "", "")
        return ". ".join(part for part in (chosen, (self.reason.data or "").strip()) if part)
