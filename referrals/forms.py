"""The shape of input to referrals: record an act, type a code, say no, take back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import DateInput

from core.dates import UNKNOWN, DateProblem, read_when
from core.forms import Form
from people.age_bands import AGE_BANDS
from people.phones import mask
from referrals.places import PLACES
from referrals.queries.teachings import Namesake
from referrals.services.recording import TeachingWish
from referrals.words import AGE_WORDS, DISPUTE_REASONS

SOMEBODY_ELSE = "other"

# Stable code of a service → what to do about it.
FIELD_WORDS = {
    "required": _l("Hãy điền chỗ này."),
    "choose_one": _l("Hãy chọn ít nhất một việc đã dạy."),
    "not_a_choice": _l("Hãy chọn một mục trong danh sách."),
    "in_future": _l("Ngày này chưa đến. Hãy chọn hôm nay hoặc một ngày đã qua."),
    "too_early": _l("Ngày này quá xa. Hãy chọn một ngày từ năm 2020."),
    "not_a_date": _l("Hãy viết ngày như 22/11/2026."),
    "no_such_day": _l("Không có ngày này trong lịch. Hãy xem lại ngày và tháng."),
    "maybe_same_person": _l("Bạn đã ghi một người cùng tên. Hãy chọn xem có phải người đó không."),
    "same_act": _l("Lượt dạy người này trong ngày này đã được ghi rồi."),
    "name_empty": _l("Hãy viết họ tên."),
    "name_too_long": _l("Họ tên dài quá, hãy viết ngắn lại."),
    "name_no_letters": _l("Họ tên phải có chữ cái."),
    "name_has_digits": _l("Họ tên không thể có chữ số."),
    "name_has_link": _l("Hãy chỉ viết họ tên, không viết địa chỉ trang mạng hay email."),
    "name_has_symbols": _l("Họ tên chỉ gồm chữ cái, dấu cách, dấu nháy và dấu gạch nối."),
    "phone_letters": _l("Số điện thoại có lẫn chữ cái, ví dụ chữ O thay cho số 0."),
    "phone_symbols": _l("Số điện thoại có ký hiệu lạ."),
    "phone_several": _l("Hãy chỉ viết một số điện thoại."),
    "phone_rounded": _l("Bảng tính đã làm tròn số này. Hãy gõ lại đủ các chữ số."),
    "phone_too_short": _l("Số điện thoại còn thiếu chữ số."),
    "phone_too_long": _l("Số điện thoại thừa chữ số."),
    "phone_landline": _l("Đây là số máy bàn. Hãy dùng số di động."),
    "phone_foreign": _l("Đây là số nước ngoài. Hãy dùng số di động Việt Nam."),
    "phone_unknown_prefix": _l("Không có mạng di động nào dùng đầu số này."),
}


def tell(form: Form, fields: Mapping[str, str]) -> None:
    """Put what a service refused beside the fields."""
    for name, code in fields.items():
        words = FIELD_WORDS.get(code, FIELD_WORDS["not_a_choice"])
        if name not in form:
            form.form_errors.append(words)
        elif words not in form[name].errors:
            form[name].errors = [*form[name].errors, words]


class DayField(Field):
    """A civil day: what the phone's own picker sends, or dd/mm/yyyy as people write it."""

    widget = DateInput()
    data: date | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the day. Raises ValidationError with what to do."""
        typed = valuelist[0] if valuelist else ""
        when = read_when(typed)
        if isinstance(when, DateProblem):
            self.data = None
            raise ValidationError(FIELD_WORDS.get(when.code, FIELD_WORDS["not_a_date"]))
        if when == UNKNOWN or when.precision == "year":
            self.data = None
            raise ValidationError(FIELD_WORDS["not_a_date"])
        self.data = when.day


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

    def offer(self, skills: Sequence[tuple[int, str]], wards: Sequence[tuple[str, str]]) -> None:
        """Give the lists to choose from."""
        self.skills.choices = list(skills)
        self.ward_code.choices = [("", gettext("Chưa rõ")), *wards]
        self.place.choices = [(code, gettext(text)) for code, text in PLACES.items()]
        self.age_band.choices = [(code, gettext(AGE_WORDS[code])) for code in AGE_BANDS]
        self.learner.choices = []
        # The list of namesakes comes with the question; what was answered to it is checked by the service.
        self.learner.validate_choice = False

    def ask_who(self, candidates: Sequence[Namesake]) -> None:
        """Ask whether it is one of these people, or somebody else."""
        self.learner.choices = [
            *((str(one.person_id), _described(one)) for one in candidates),
            (SOMEBODY_ELSE, gettext("Không, đây là người khác")),
        ]

    def renew(self) -> None:
        """Give the form a new mark: what it sends from now on is another record."""
        self.client_uuid.data = str(uuid.uuid4())

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


class WithdrawForm(Form):
    """Why an act is taken back."""

    reason = TextAreaField(
        _l("Lý do"),
        validators=[Length(max=300, message=_l("Hãy viết ngắn lại, nhiều nhất 300 ký tự."))],
    )


def _mark(sent: str) -> str | None:
    # A mark that is none of ours (cut, or typed by hand) is no mark: the record is made all the same.
    try:
        return str(uuid.UUID(sent))
    except ValueError:
        return None


def _described(one: Namesake) -> str:
    phone = mask(one.phone_tail) if one.phone_tail else ""
    last = gettext("dạy gần nhất %(day)s", day=f"{one.last_on:%d/%m/%Y}")
    return " · ".join(part for part in (one.full_name, one.ward_name, phone, last) if part)
