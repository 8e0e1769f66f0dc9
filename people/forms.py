"""The shape of input to people: what was typed in, a typed wish out, and the words for what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.forms import Form
from people.queries import UnitOption
from people.services.accounts import OpenAccountWish, PasswordWish
from people.services.roles import GrantWish
from people.services.units import UnitWish

ROLE_WORDS = {
    "volunteer": _l("Đại sứ số"),
    "coordinator": _l("Cán bộ Đoàn phụ trách"),
    "communication": _l("Cán bộ truyền thông"),
    "administrator": _l("Quản trị hệ thống"),
}

# Stable code of a service → what to do about it.
FIELD_WORDS = {
    "required": _l("Hãy điền chỗ này."),
    "not_a_choice": _l("Hãy chọn một mục trong danh sách."),
    "too_long": _l("Hãy viết ngắn lại."),
    "not_negative": _l("Hãy điền số từ 0 trở lên."),
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
    "phone_taken": _l("Số này đã có tài khoản."),
    "phone_or_email_required": _l("Hãy điền số điện thoại hoặc email để đăng nhập."),
    "email_malformed": _l("Email chưa đúng, ví dụ: lan@example.vn."),
    "email_taken": _l("Email này đã có tài khoản."),
    "unit_required": _l("Cán bộ Đoàn phụ trách cần có đơn vị. Hãy chọn đơn vị."),
    "kind_does_not_fit": _l("Cấp này không thể nằm dưới đơn vị đã chọn."),
    "code_malformed": _l("Mã chỉ gồm chữ cái không dấu, chữ số và dấu gạch nối."),
    "code_taken": _l("Mã này đã có đơn vị khác dùng."),
    "wrong_password": _l("Mật khẩu cũ chưa đúng."),
    "password_too_short": _l("Mật khẩu cần ít nhất 10 ký tự. Một câu ngắn dễ nhớ là tốt nhất."),
    "password_too_long": _l("Mật khẩu dài quá 200 ký tự."),
    "password_too_common": _l("Mật khẩu này nhiều người dùng, rất dễ đoán. Hãy chọn một câu của riêng bạn."),
}

NEED = _l("Hãy điền chỗ này.")


def tell(form: Form, fields: Mapping[str, str]) -> None:
    """Put what a service refused beside the fields; a field that the form does not have goes to the top."""
    for name, code in fields.items():
        words = FIELD_WORDS.get(code, FIELD_WORDS["not_a_choice"])
        if name in form:
            form[name].errors = [*form[name].errors, words]
        else:
            form.form_errors.append(words)


def choices(pairs: Iterable[tuple[str, object]], first: str | None = None) -> list[SelectChoice]:
    """Return (value, label) pairs as choices; with `first`, before them one that means none."""
    nothing = [] if first is None else [SelectChoice("", first)]
    return [*nothing, *(SelectChoice(value, label) for value, label in pairs)]


class SignInForm(Form):
    """Name and password, and the page that was asked for."""

    name = StringField(
        _l("Số điện thoại hoặc email"),
        validators=[
            InputRequired(_l("Hãy điền số điện thoại hoặc email.")),
            Length(max=200, message=FIELD_WORDS["too_long"]),
        ],
    )
    password = PasswordField(_l("Mật khẩu"), validators=[InputRequired(_l("Hãy điền mật khẩu."))])
    next = HiddenField()


class PasswordForm(Form):
    """A change of one's own password."""

    old = PasswordField(_l("Mật khẩu cũ"), validators=[InputRequired(NEED)])
    new = PasswordField(
        _l("Mật khẩu mới"),
        validators=[InputRequired(NEED)],
        description=_l("Ít nhất 10 ký tự. Một câu ngắn chỉ mình bạn nhớ là tốt nhất, có dấu cũng được."),
    )

    def wish(self) -> PasswordWish:
        """Return the typed wish."""
        return PasswordWish(old=str(self.old.data), new=str(self.new.data))


class LanguageForm(Form):
    """The language one is spoken to in."""

    language = RadioField(
        _l("Ngôn ngữ"),
        choices=[SelectChoice("vi", "Tiếng Việt"), SelectChoice("en", "English")],
        validators=[InputRequired(FIELD_WORDS["not_a_choice"])],
        validate_choice=False,
    )


def unit_choices(options: Iterable[UnitOption]) -> list[SelectChoice]:
    """Return the choices of a list of units, set in by their depth; the first one is none."""
    listed = ((str(unit.id), "\u2003" * unit.depth + unit.label) for unit in options)
    return choices(listed, gettext("Chưa chọn"))


def row_id(text: object) -> int | None:
    """Return the id that a form sent, or None for nothing, nonsense, and what no column can hold.

    >>> row_id("7"), row_id(7), row_id(""), row_id("-1"), row_id("9" * 30)
    (7, 7, None, None, None)
    """
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None


class RoleForm(Form):
    """A role, and the unit it reaches from."""

    role = RadioField(
        _l("Vai trò"),
        choices=choices(ROLE_WORDS.items()),
        validators=[InputRequired(_l("Hãy chọn vai trò."))],
        validate_choice=False,
    )
    unit_id = SelectField(
        _l("Đơn vị phụ trách"),
        description=_l(
            "Chỉ cán bộ Đoàn phụ trách cần đơn vị: người đó thấy đơn vị này và các đơn vị bên dưới."
        ),
        coerce=row_id,
        validate_choice=False,
    )

    def wish(self, account_id: int) -> GrantWish:
        """Return the typed wish."""
        return GrantWish(account_id, str(self.role.data), self.unit_id.data)


class NewAccountForm(Form):
    """A new person with an account and a first role; the first password is made by the house."""

    full_name = StringField(
        _l("Họ và tên"), validators=[InputRequired(NEED), Length(max=150, message=FIELD_WORDS["too_long"])]
    )
    phone = StringField(_l("Số điện thoại"), description=_l("Dùng để đăng nhập. Số được mã hóa khi lưu."))
    email = StringField(_l("Email"), description=_l("Cần một trong hai: số điện thoại hoặc email."))
    role = RadioField(
        _l("Vai trò"),
        choices=choices(ROLE_WORDS.items()),
        default="volunteer",
        validators=[InputRequired(_l("Hãy chọn vai trò."))],
        validate_choice=False,
    )
    unit_id = SelectField(
        _l("Đơn vị"),
        description=_l(
            "Nơi người này sinh hoạt. Với cán bộ Đoàn phụ trách, đây cũng là đơn vị họ phụ trách."
        ),
        coerce=row_id,
        validate_choice=False,
    )

    def wish(self, password: str) -> OpenAccountWish:
        """Return the typed wish with a password made by the caller."""
        return OpenAccountWish(
            full_name=str(self.full_name.data or ""),
            password=password,
            role=str(self.role.data),
            email=self.email.data or None,
            phone=self.phone.data or None,
            unit_id=self.unit_id.data,
        )


class UnitForm(Form):
    """A unit to add below the one that is shown."""

    name = StringField(
        _l("Tên đơn vị"), validators=[InputRequired(NEED), Length(max=150, message=FIELD_WORDS["too_long"])]
    )
    kind = RadioField(
        _l("Cấp"), validators=[InputRequired(_l("Hãy chọn cấp của đơn vị."))], validate_choice=False
    )
    code = StringField(_l("Mã đơn vị"), description=_l("Để trống thì hệ thống tự đặt mã theo tên."))
    ward_code = SelectField(
        _l("Phường, xã"), coerce=lambda text: str(text) if text else None, validate_choice=False
    )
    declared_members = IntegerField(
        _l("Số đoàn viên"),
        validators=[
            Optional(),
            NumberRange(min=0, max=1_000_000, message=FIELD_WORDS["not_negative"]),
        ],
        description=_l("Theo báo cáo của đơn vị, để so sánh công bằng giữa các chi đoàn."),
    )

    def wish(self, parent_id: int) -> UnitWish:
        """Return the typed wish."""
        return UnitWish(
            name=str(self.name.data or ""),
            kind=str(self.kind.data or ""),
            parent_id=parent_id,
            code=str(self.code.data or ""),
            ward_code=self.ward_code.data,
            declared_members=self.declared_members.data,
        )
