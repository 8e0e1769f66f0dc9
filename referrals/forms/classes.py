"""The forms of classes: open one, who came, how many, call it off; and the learner's form at the screen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Final, cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form
from learning.classes import COUNTS, KINDS, NOTE_LENGTH, PLACE_LENGTH, TITLE_LENGTH, Counts
from learning.models import ClassSession
from learning.queries.classes import Ambassador
from learning.services.classes import ClassWish
from people.age_bands import AGE_BANDS
from referrals.checking_in import Question, Said, Who
from referrals.forms.words import FIELD_WORDS, DayField
from referrals.services.check_in import HOURS
from referrals.words import AGE_WORDS

LARGEST_ID: Final = 2**63 - 1
LONGEST_LIST: Final = 40_000

Choices = Sequence[tuple[str, str]]


def row_id(text: str | None) -> int | None:
    """Return the row id that a choice holds, or None for what no row can have.

    >>> row_id("12"), row_id(""), row_id("9" * 30), row_id("x")
    (12, None, None, None)
    """
    if not text or len(text) > 19 or not text.isascii() or not text.isdecimal():
        return None
    return int(text) if int(text) <= LARGEST_ID else None


class ClassForm(Form):
    """What is said of a class. A title left empty is made of the kind, the place and the day."""

    kind = RadioField(_l("Đây là"), choices=[], default="mobile_class")
    lead = RadioField(_l("Ai đứng lớp?"), choices=[], validate_choice=False, validators=[Optional()])
    lead_name = StringField(_l("Tìm người đứng lớp"), validators=[Length(max=200)])
    skills = SelectMultipleField(_l("Dạy việc gì?"), coerce=int, choices=[])
    held_on = DayField(_l("Ngày"))
    place = StringField(_l("Nơi"), validators=[Length(max=PLACE_LENGTH, message=FIELD_WORDS["too_long"])])
    ward_code = SelectField(_l("Phường, xã"), choices=[], validators=[Optional()])
    helpers = SelectMultipleField(
        _l("Ai cùng dạy?"), coerce=int, choices=[], validate_choice=False, validators=[Optional()]
    )
    helper_name = StringField(_l("Tìm người cùng dạy ở đơn vị khác"), validators=[Length(max=200)])
    title = StringField(_l("Tên lớp"), validators=[Length(max=TITLE_LENGTH, message=FIELD_WORDS["too_long"])])
    group_id = SelectField(_l("Lớp dành cho"), choices=[], validators=[Optional()])
    note = TextAreaField(_l("Ghi chú"), validators=[Length(max=NOTE_LENGTH, message=FIELD_WORDS["too_long"])])
    client_uuid = HiddenField(validators=[Optional(), Length(max=36)])

    def offer(self, skills: Sequence[tuple[int, str]], wards: Choices, groups: Choices) -> None:
        """Give the lists to choose from."""
        self.kind.choices = [(code, gettext(text)) for code, text in KINDS.items()]
        self.skills.choices = list(skills)
        self.ward_code.choices = [("", gettext("Chưa rõ")), *wards]
        self.group_id.choices = [("", gettext("Mọi người")), *groups]
        self.helpers.choices, self.lead.choices = [], []

    def offer_helpers(self, people: Sequence[Ambassador], home: str | None) -> None:
        """Give the ambassadors who can help; the unit is told where it is another than home."""
        self.helpers.choices = [(one.person_id, _named(one, home)) for one in people]

    def offer_leads(self, people: Sequence[Ambassador], me: int | None) -> None:
        """Give the ambassadors who can lead."""
        self.lead.choices = [
            (str(one.person_id), gettext("Tôi") if one.person_id == me else _named(one, None))
            for one in people
        ]

    def fill_from(self, held: ClassSession) -> None:
        """Show what stands in a class."""
        self.kind.data, self.title.data, self.held_on.data = held.kind, held.title, held.held_on
        self.place.data, self.ward_code.data = held.place, held.ward_code or ""
        self.group_id.data = str(held.group_id or "")
        self.note.data = held.note or ""
        self.skills.data = [skill.id for skill in held.skills]
        self.helpers.data = [one.id for one in held.teachers if one.id != held.lead_id]

    def renew(self) -> None:
        """Give the form a new mark: what it sends from now on is another class."""
        self.client_uuid.data = str(uuid.uuid4())

    def wish(self) -> ClassWish:
        """Return the typed wish."""
        held_on = self.held_on.data or date.max
        return ClassWish(
            kind=self.kind.data or "",
            title=(self.title.data or "").strip() or self._suggested(held_on),
            held_on=held_on,
            skill_ids=tuple(self.skills.data or ()),
            place=self.place.data or "",
            ward_code=self.ward_code.data or None,
            group_id=row_id(self.group_id.data),
            lead_id=row_id(self.lead.data),
            helper_ids=tuple(one for one in self.helpers.data or () if 0 < one <= LARGEST_ID),
            note=self.note.data or "",
            client_uuid=_mark(self.client_uuid.data or ""),
        )

    def _suggested(self, held_on: date) -> str:
        kind = gettext(KINDS.get(self.kind.data or "", KINDS["mobile_class"]))
        where = (self.place.data or "").strip()
        if not where:
            wards = dict(cast("Choices", self.ward_code.choices or ()))
            where = wards.get(self.ward_code.data, "") if self.ward_code.data else ""
        return " · ".join(part for part in (kind, where, f"{held_on:%d/%m/%Y}") if part)[:TITLE_LENGTH]


class AttendanceForm(Form):
    """Names, one a line, a phone after the name where there is one."""

    people = TextAreaField(
        _l("Những người đã đến"),
        validators=[
            InputRequired(_l("Hãy viết ít nhất một tên, mỗi người một dòng.")),
            Length(max=LONGEST_LIST, message=_l("Danh sách dài quá. Hãy chia làm hai lần.")),
        ],
    )
    teacher_id = RadioField(_l("Ai đã dạy những người này?"), choices=[], validators=[Optional()])

    def offer(self, teachers: Choices) -> None:
        """Give the teachers whose part may be filled in."""
        self.teacher_id.choices = list(teachers)


class TickForm(Form):
    """Earlier learners who came."""

    people = SelectMultipleField(
        _l("Ai đã đến?"), coerce=int, choices=[], validate_choice=False, validators=[Optional()]
    )
    teacher_id = RadioField(_l("Ai đã dạy những người này?"), choices=[], validators=[Optional()])

    def offer(self, teachers: Choices, people: Sequence[tuple[int, str]]) -> None:
        """Give the lists to choose from."""
        self.teacher_id.choices = list(teachers)
        self.people.choices = list(people)

    def chosen(self) -> list[int]:
        """Return the ids that were ticked, as far as they can be ids."""
        return [one for one in self.people.data or () if 0 < one <= LARGEST_ID]


class CountsForm(Form):
    """How many came, and how many of them the programme puts first."""

    headcount = IntegerField(_l("Tất cả bao nhiêu người đến?"), validators=[Optional()])
    elderly = IntegerField(_l("Người cao tuổi (từ 60)"), validators=[Optional()])
    disabled = IntegerField(_l("Người khuyết tật"), validators=[Optional()])
    poor = IntegerField(_l("Người thuộc hộ nghèo, cận nghèo"), validators=[Optional()])
    minority = IntegerField(_l("Người dân tộc thiểu số"), validators=[Optional()])

    def fill_from(self, held: ClassSession) -> None:
        """Show what stands in a class."""
        self.headcount.data = held.headcount
        for name in COUNTS:
            self[name].data = getattr(held, name) or None

    def counts(self) -> Counts:
        """Return the counts; what was left empty is none."""
        return Counts(self.headcount.data, **{name: self[name].data or 0 for name in COUNTS})


class CallOffForm(Form):
    """Why a class was not held."""

    reason = TextAreaField(
        _l("Vì sao lớp không diễn ra?"),
        validators=[
            InputRequired(FIELD_WORDS["required"]),
            Length(max=300, message=_l("Hãy viết ngắn lại, nhiều nhất 300 ký tự.")),
        ],
    )


class DoorForm(Form):
    """For how many hours learners may check in."""

    hours = RadioField(_l("Mở trong bao lâu?"), choices=[], default="2")

    def offer(self) -> None:
        """Give the hours to choose from."""
        self.hours.choices = [(str(one), gettext("%(n)s giờ", n=one)) for one in HOURS]


class CheckInForm(Form):
    """The learner at the screen: the name; the rest may be left out."""

    full_name = StringField(
        _l("Họ tên của bạn"),
        validators=[
            InputRequired(_l("Hãy gõ họ tên của bạn.")),
            Length(max=200, message=FIELD_WORDS["name_too_long"]),
        ],
    )
    who = RadioField(choices=[], validate_choice=False, validators=[Optional()])
    tail = StringField(
        _l("Ba số cuối điện thoại của bạn"),
        validators=[Length(max=10, message=FIELD_WORDS["tail_three_digits"])],
    )
    ward_code = SelectField(_l("Bạn ở phường, xã nào?"), choices=[], validators=[Optional()])
    age_band = RadioField(_l("Độ tuổi"), choices=[], validators=[Optional()])
    given_pass = HiddenField(validators=[Optional(), Length(max=80)])

    def offer(self, wards: Choices) -> None:
        """Give the lists to choose from."""
        self.ward_code.choices = [("", gettext("Không ghi")), *wards]
        self.age_band.choices = [(code, gettext(AGE_WORDS[code])) for code in AGE_BANDS]
        self.who.choices = []

    def ask(self, question: Question, teachers: str) -> None:
        """Ask the learner who it is."""
        if question == "already_here":
            self.who.label.text = gettext("Đã có một người tên này điểm danh. Đó là bạn?")
            answers = (gettext("Là tôi, tôi đã điểm danh"), gettext("Không, tôi trùng tên với người đó"))
        else:
            self.who.label.text = gettext("Bạn đã từng học với %(name)s chưa?", name=teachers)
            answers = (gettext("Rồi, tôi đã học"), gettext("Chưa, đây là lần đầu"))
        self.who.choices = list(zip(("same", "apart"), answers, strict=True))

    def said(self) -> Said:
        """Return what was said beside the name."""
        answer = self.who.data if self.who.data in ("same", "apart") else ""
        return Said(
            ward_code=self.ward_code.data or None,
            age_band=self.age_band.data or None,
            tail=(self.tail.data or "").strip(),
            who=cast("Who", answer),
        )


class ScreenCodeForm(Form):
    """The six digits on the teacher's screen."""

    digits = StringField(
        _l("Mã sáu số trên màn hình"),
        validators=[InputRequired(_l("Hãy gõ mã sáu số trên màn hình của lớp.")), Length(max=20)],
    )


def _named(one: Ambassador, home: str | None) -> str:
    return f"{one.full_name} ({one.unit_name})" if one.unit_name and one.unit_name != home else one.full_name


def _mark(sent: str) -> str | None:
    # A mark that is none of ours (cut, or typed by hand) is no mark: the class is opened all the same.
    try:
        return str(uuid.UUID(sent))
    except ValueError:
        return None
