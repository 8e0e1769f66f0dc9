"""The form of one act."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form
from people.age_bands import AGE_BANDS
from people.phones import mask
from referrals.batches import Candidate
from referrals.forms.words import FIELD_WORDS, DayField
from referrals.places import PLACES
from referrals.services.recording import TeachingWish
from referrals.words import AGE_WORDS

SOMEBODY_ELSE = "other"


class RecordForm(Form):
    """Whom I taught, what, when and where. All but the name comes filled in from the last time."""

    full_name = StringField(
        _l("Tên người học"),
        validators=[
            InputRequired(FIELD_WORDS["name_empty"]),
            Length(max=200, message=FIELD_WORDS["name_too_long"]),
        ],
    )
    learner = RadioField(_l("Có phải người này không?"), choices=[], validators=[Optional()])
    skills = SelectMultipleField(_l("Đã dạy việc gì?"), coerce=int, choices=[])
    taught_on = DayField(_l("Ngày dạy"))
    place = RadioField(_l("Ở đâu?"), choices=[], validators=[Optional()])
    ward_code = SelectField(_l("Người học ở phường, xã nào?"), choices=[], validators=[Optional()])
    age_band = RadioField(_l("Độ tuổi"), choices=[], validators=[Optional()])
    phone = StringField(
        _l("Số điện thoại"), validators=[Length(max=40, message=FIELD_WORDS["phone_too_long"])]
    )
    client_uuid = HiddenField(validators=[Optional(), Length(max=36)])
    # Whose wait the record ends, when it was opened from the list of those who wait.
    waiting = HiddenField(validators=[Optional(), Length(max=20)])

    def offer(self, skills: Sequence[tuple[int, str]], wards: Sequence[tuple[str, str]]) -> None:
        """Give the lists to choose from."""
        self.skills.choices = list(skills)
        self.ward_code.choices = [("", gettext("Chưa rõ")), *wards]
        self.place.choices = [(code, gettext(text)) for code, text in PLACES.items()]
        self.age_band.choices = [(code, gettext(AGE_WORDS[code])) for code in AGE_BANDS]
        self.learner.choices = []
        # The list of namesakes comes with the question; what was answered to it is checked by the service.
        self.learner.validate_choice = False

    def ask_who(self, candidates: Sequence[Candidate]) -> None:
        """Ask whether it is one of these people, or somebody else."""
        self.learner.choices = [
            *((str(one.person_id), described(one)) for one in candidates),
            (SOMEBODY_ELSE, gettext("Không, đây là người khác")),
        ]

    def renew(self) -> None:
        """Give the form a new mark: what it sends from now on is another record."""
        self.client_uuid.data = str(uuid.uuid4())

    @property
    def waiting_id(self) -> int | None:
        """Return the wish that the record fulfils, None for an ordinary record."""
        sent = self.waiting.data or ""
        return int(sent) if sent.isdecimal() and len(sent) < 18 else None

    def wish(self) -> TeachingWish:
        """Return the typed wish."""
        chosen = self.learner.data or ""
        return TeachingWish(
            full_name=self.full_name.data or "",
            taught_on=self.taught_on.data or date.max,
            skill_ids=tuple(self.skills.data or ()),
            place=self.place.data or None,
            learner_id=int(chosen) if chosen.isdecimal() and len(chosen) < 18 else None,
            apart=chosen == SOMEBODY_ELSE,
            phone=self.phone.data or None,
            age_band=self.age_band.data or None,
            ward_code=self.ward_code.data or None,
            client_uuid=_mark(self.client_uuid.data or ""),
        )


def _mark(sent: str) -> str | None:
    # A mark that is none of ours (cut, or typed by hand) is no mark: the record is made all the same.
    try:
        return str(uuid.UUID(sent))
    except ValueError:
        return None


def described(one: Candidate) -> str:
    """Say who somebody is, so that two people of one name can be told apart; never more than may be seen."""
    phone = gettext("điện thoại %(tail)s", tail=mask(one.phone_tail)) if one.phone_tail else ""
    last = gettext("bạn đã dạy ngày %(day)s", day=f"{one.last_on:%d/%m/%Y}") if one.last_on else ""
    if not one.mine:
        last = gettext("đã có trong chương trình")
    return " · ".join(part for part in (one.full_name, one.ward_name, phone, last) if part)
