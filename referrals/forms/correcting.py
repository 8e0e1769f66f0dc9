"""The form that puts a typing mistake in an act right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form
from people.age_bands import AGE_BANDS
from referrals.forms.words import FIELD_WORDS, DayField
from referrals.places import PLACES
from referrals.services.correcting import Correction
from referrals.words import AGE_WORDS

OF_THE_PERSON = ("full_name", "phone", "drop_phone", "ward_code", "age_band", "apart")
OF_THE_ACT = ("skills", "taught_on", "place")


class CorrectForm(Form):
    """What was written down, to be put right. Fields that are not the teacher's to change are left out."""

    full_name = StringField(
        _l("Tên người học"),
        validators=[
            InputRequired(FIELD_WORDS["name_empty"]),
            Length(max=200, message=FIELD_WORDS["name_too_long"]),
        ],
    )
    apart = BooleanField(_l("Đây là hai người khác nhau, chỉ trùng tên"))
    ward_code = SelectField(_l("Người học ở phường, xã nào?"), choices=[], validators=[Optional()])
    age_band = RadioField(_l("Độ tuổi"), choices=[], validators=[Optional()])
    phone = StringField(
        _l("Số điện thoại mới"), validators=[Length(max=40, message=FIELD_WORDS["phone_too_long"])]
    )
    drop_phone = BooleanField(_l("Bỏ số điện thoại đang giữ"))
    skills = SelectMultipleField(_l("Đã dạy việc gì?"), coerce=int, choices=[])
    taught_on = DayField(_l("Ngày dạy"))
    place = RadioField(_l("Ở đâu?"), choices=[], validators=[Optional()])
    mark = HiddenField()

    def offer(
        self,
        skills: Sequence[tuple[int, str]],
        wards: Sequence[tuple[str, str]],
        *,
        person: bool,
        act: bool,
    ) -> None:
        """Give the lists to choose from; leave out what may not be changed here."""
        self.skills.choices = list(skills)
        self.ward_code.choices = [("", gettext("Chưa rõ")), *wards]
        self.place.choices = [(code, gettext(text)) for code, text in PLACES.items()]
        self.age_band.choices = [(code, gettext(AGE_WORDS[code])) for code in AGE_BANDS]
        for names, wanted in ((OF_THE_PERSON, person), (OF_THE_ACT, act)):
            for name in () if wanted else names:
                del self[name]

    def show(self, present: Correction, mark: str) -> None:
        """Fill in what stands now."""
        values = {
            "full_name": present.full_name,
            "ward_code": present.ward_code or "",
            "age_band": present.age_band,
            "skills": list(present.skill_ids),
            "taught_on": present.taught_on,
            "place": present.place,
            "mark": mark,
        }
        for name, value in values.items():
            if name in self:
                self[name].data = value

    def wish(self, present: Correction) -> Correction:
        """Return the typed wish; what was not asked stays as it is."""
        wish = present
        if "full_name" in self:
            wish = replace(
                wish,
                full_name=self.full_name.data or "",
                ward_code=self.ward_code.data or None,
                age_band=self.age_band.data or None,
                phone=self.phone.data or "",
                drop_phone=bool(self.drop_phone.data),
                apart=bool(self.apart.data),
            )
        if "taught_on" in self:
            wish = replace(
                wish,
                skill_ids=tuple(self.skills.data or ()),
                taught_on=self.taught_on.data or present.taught_on,
                place=self.place.data or None,
            )
        return wish
