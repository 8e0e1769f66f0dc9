"""What to do about each refusal, in words; and the field of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
)
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput

from core.dates import UNKNOWN, DateProblem, read_when
from core.forms import Form
from referrals.importing.rosters.refusals import REFUSALS

# Stable code of a service → what to do about it.
FIELD_WORDS = {
    "required": _l("Hãy điền chỗ này."),
    "must_agree": _l("Chưa có lời đồng ý nên chưa ghi được. Hãy đánh dấu ô này nếu đồng ý."),
    "choose_one": _l("Hãy chọn ít nhất một việc đã dạy."),
    "not_a_choice": _l("Hãy chọn một mục trong danh sách."),
    "in_future": _l("Ngày này chưa đến. Hãy chọn hôm nay hoặc một ngày đã qua."),
    "too_early": _l("Ngày này quá xa. Hãy chọn một ngày từ năm 2020."),
    "not_a_date": _l("Hãy viết ngày như 22/11/2026."),
    "no_such_day": _l("Không có ngày này trong lịch. Hãy xem lại ngày và tháng."),
    "maybe_same_person": _l("Bạn đã ghi một người cùng tên. Hãy chọn xem có phải người đó không."),
    "teaches_oneself": _l("Đây là tên và số điện thoại của chính bạn."),
    "own_name": _l("Đây là tên của chính bạn. Nếu là một người khác trùng tên, hãy chọn như vậy."),
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
    "too_long": _l("Hãy viết ngắn lại."),
    "too_far": _l("Ngày này còn xa quá. Lớp chỉ mở trước nhiều nhất một năm."),
    "too_many_teachers": _l("Một lớp có nhiều nhất 20 người dạy."),
    "not_an_ambassador": _l("Chỉ chọn được người đã có tài khoản Đại sứ số."),
    "has_part": _l("Người này đã có người học trong lớp nên chưa bỏ ra được."),
    "not_your_part": _l("Bạn chỉ ghi được người do chính bạn dạy, hoặc thay người mà bạn phụ trách."),
    "choose_lead": _l("Hãy tìm rồi chọn người đứng lớp."),
    "choose_somebody": _l("Hãy chọn hoặc viết ít nhất một người."),
    "too_many_lines": _l("Mỗi lần ghi nhiều nhất 300 người. Hãy chia ra, hoặc đưa tệp bảng tính lên."),
    "not_a_count": _l("Hãy điền một số từ 0 trở lên."),
    "count_first": _l("Hãy điền tất cả bao nhiêu người đến trước đã."),
    "fewer_than_list": _l("Số này ít hơn số người có tên trong danh sách."),
    "too_many_people": _l("Một lớp có nhiều nhất 2.000 người."),
    "more_than_headcount": _l("Số này nhiều hơn tất cả số người đến."),
    "tail_three_digits": _l("Hãy gõ đúng ba chữ số cuối."),
    "several_here": _l("Có mấy người cùng tên này. Hãy gõ ba số cuối điện thoại để phân biệt."),
} | {code: _l(refusal.advice) for code, refusal in REFUSALS.items()}  # of a file sent


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
