"""The forms of those who wait: ask to be taught, write down who asked, give a wish back."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form
from people.age_bands import AGE_BANDS
from referrals.forms.words import FIELD_WORDS
from referrals.queries.ambassadors import Ambassador
from referrals.services.waiting import AskWish
from referrals.waiting import CONSENT, LONGEST_NOTE, REASONS
from referrals.words import AGE_WORDS


class AskForm(Form):
    """Who wants to be taught, where, and how to reach them. The tick is never set beforehand."""

    full_name = StringField(
        _l("Họ và tên"),
        validators=[
            InputRequired(FIELD_WORDS["name_empty"]),
            Length(max=200, message=FIELD_WORDS["name_too_long"]),
        ],
    )
    phone = StringField(
        _l("Số điện thoại"),
        validators=[
            InputRequired(FIELD_WORDS["required"]),
            Length(max=40, message=FIELD_WORDS["phone_too_long"]),
        ],
    )
    ward_code = SelectField(
        _l("Ở phường, xã nào?"), choices=[], validators=[InputRequired(FIELD_WORDS["not_a_choice"])]
    )
    skill_id = SelectField(_l("Muốn học việc gì?"), choices=[], validators=[Optional()])
    age_band = RadioField(_l("Độ tuổi"), choices=[], validators=[Optional()])
    note = StringField(
        _l("Gọi lúc nào thì tiện?"),
        validators=[Length(max=LONGEST_NOTE, message=_l("Hãy viết ngắn lại, nhiều nhất 200 ký tự."))],
    )
    agree = BooleanField(_l("Tôi đồng ý"), validators=[InputRequired(FIELD_WORDS["must_agree"])])
    # Nobody sees this field: what fills it in is a program that fills in everything.
    website = StringField(_l("Để trống ô này"), validators=[Optional()])

    def offer(self, skills: Sequence[tuple[int, str]], wards: Sequence[tuple[str, str]]) -> None:
        """Give the lists to choose from."""
        self.ward_code.choices = [("", gettext("Hãy chọn")), *wards]
        self.skill_id.choices = [
            ("", gettext("Gì cũng được, xin chỉ giúp")),
            *((str(number), name) for number, name in skills),
        ]
        self.age_band.choices = [(code, gettext(AGE_WORDS[code])) for code in AGE_BANDS]
        self.agree.label.text = gettext(CONSENT)

    def written_down_by(self, came_by: str) -> None:
        """Say the form in the words of somebody who writes down another's wish."""
        self.agree.label.text = (
            gettext("Tôi đã đọc cho người ấy nghe, và người ấy đồng ý:") + " “" + gettext(CONSENT) + "”"
        )
        if came_by == "walk_in":
            self.phone.validators = [Optional(), Length(max=40, message=FIELD_WORDS["phone_too_long"])]
            self.phone.flags.required = False

    @property
    def is_from_a_program(self) -> bool:
        """Tell whether the field that nobody sees was filled in."""
        return bool((self.website.data or "").strip())

    def wish(self, came_by: str) -> AskWish:
        """Return the typed wish."""
        skill = self.skill_id.data or ""
        return AskWish(
            full_name=self.full_name.data or "",
            ward_code=self.ward_code.data or "",
            phone=self.phone.data or "",
            skill_id=int(skill) if skill.isdecimal() and len(skill) < 18 else None,
            age_band=self.age_band.data or None,
            note=self.note.data or "",
            came_by=came_by,
            consent_text=gettext(CONSENT) if self.agree.data else "",
        )


class GiveBackForm(Form):
    """Why a wish is given back."""

    reason = RadioField(
        _l("Vì sao trả lại?"), choices=[], validators=[InputRequired(FIELD_WORDS["not_a_choice"])]
    )

    def offer(self) -> None:
        """Give the reasons to choose from."""
        self.reason.choices = [(code, gettext(text)) for code, text in REASONS.items()]


class GiveForm(Form):
    """To whom a wish is given."""

    person_id = SelectField(_l("Giao cho ai?"), choices=[], coerce=int)

    def offer(self, ambassadors: Sequence[Ambassador]) -> None:
        """Give the ambassadors to choose from."""
        self.person_id.choices = [
            (one.person_id, f"{one.full_name} · {one.unit_name}") for one in ambassadors
        ]
