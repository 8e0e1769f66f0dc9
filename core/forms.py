"""The base of every form: what WTForms itself says, said in our words.

WTForms speaks English, or one of its own languages (no Vietnamese among them), wherever a field or a
validator has no message of its own: an answer that is none of the choices, a number that is none.
"""

from __future__ import annotations

from typing import Final

from flask_babel import gettext
from flask_wtf import FlaskForm

from core.i18n import N_

ELSE: Final = N_("Chỗ này chưa đúng. Hãy xem lại giúp.")

_CHOOSE: Final = N_("Hãy chọn một mục trong danh sách.")
_FILL_IN: Final = N_("Hãy điền chỗ này.")
_DAY: Final = N_("Hãy viết ngày như 22/11/2026.")
_NUMBER: Final = N_("Hãy điền một số.")
_SHORTER: Final = N_("Hãy viết ngắn lại.")
_EMAIL: Final = N_("Email chưa đúng, ví dụ: lan@example.vn.")

# What WTForms says → what we say. Whatever is not named here is ELSE: no English sentence gets through.
SAID: Final[dict[str, str]] = {
    "This field is required.": _FILL_IN,
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "'%(value)s' is not a valid choice for this field.": _CHOOSE,
    "Not a valid date value.": _DAY,
    "Not a valid integer value.": _NUMBER,
    "Not a valid decimal value.": _NUMBER,
    "Not a valid float value.": _NUMBER,
    "Field cannot be longer than %(max)d character.": _SHORTER,
    "Invalid email address.": _EMAIL,
}


class _OurWords:
    """What WTForms takes for its translations."""

    def gettext(self, string: str) -> str:
        return str(gettext(SAID.get(string, ELSE)))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular)


class Form(FlaskForm):
    """A form that speaks the language of the page, whatever goes wrong."""

    class Meta(FlaskForm.Meta):
        """How WTForms is set up for us."""

        def get_translations(self, form: FlaskForm) -> _OurWords:
            """Return our words in place of WTForms' catalogues."""
            return _OurWords()
