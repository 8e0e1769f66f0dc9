"""The forms of one act that stands: take it back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    TextAreaField,
)
from wtforms.validators import Length

from core.forms import Form


class WithdrawForm(Form):
    """Why an act is taken back."""

    reason = TextAreaField(
        _l("Lý do"),
        validators=[Length(max=300, message=_l("Hãy viết ngắn lại, nhiều nhất 300 ký tự."))],
    )
