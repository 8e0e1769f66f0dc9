"""The forms of paper: print a sheet, find one that came back, type its lines in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import Optional

from core.forms import Form
from core.i18n import N_
from referrals.batches import Choice
from referrals.forms.words import DayField
from referrals.papers import LINES, MarkProblem
from referrals.places import PLACES
from referrals.services.papers import SheetEntry, SheetWish, TypedLine

CHOICES: dict[str, Choice] = {"apart": "apart", "skip": "skip", "same": "same"}

# What to do about a code that is none.
MARK_WORDS: dict[str, str] = {
    "empty": N_("Hãy gõ mã in trên tờ giấy hoặc phiếu."),
    "short": N_("Mã còn thiếu chữ. Mã của tờ có 8 chữ, mã của phiếu có 9 chữ."),
    "long": N_("Mã thừa chữ. Mã của tờ có 8 chữ, mã của phiếu có 9 chữ."),
    "strange": N_("Hãy xem lại chữ thứ %(n)s: trên giấy không có chữ O, I, L và số 0, 1."),
    "wrong": N_("Hãy xem lại chữ thứ %(n)s, có vẻ gõ nhầm."),
    "swapped": N_("Hãy xem lại chữ thứ %(n)s và chữ liền sau, có vẻ đổi chỗ."),
    "unreadable": N_("Mã này chưa đúng, có hơn một chữ gõ nhầm. Hãy xem lại cả mã."),
}
NO_SHEET = N_("Không có tờ giấy nào của bạn mang mã này. Hãy xem lại, hoặc hỏi người đã in.")


def mark_words(problem: MarkProblem) -> str:
    """Return what to do about a code that is none, in the language of the page."""
    return str(gettext(MARK_WORDS[problem.code], n=problem.letter))


class PrintForm(Form):
    """Which sheet to print."""

    teacher_id = SelectField(_l("In cho ai?"), choices=[], coerce=int)
    class_id = SelectField(_l("Cho lớp nào?"), choices=[], validators=[Optional()])
    lines = RadioField(_l("Bao nhiêu dòng?"), choices=[], coerce=int)

    def offer(self, teachers: Sequence[tuple[int, str]], classes: Sequence[tuple[int, str]]) -> None:
        """Give the lists to choose from."""
        self.teacher_id.choices = list(teachers)
        self.class_id.choices = [
            ("", gettext("Không theo lớp")),
            *((str(one), title) for one, title in classes),
        ]
        said = {
            8: gettext("8 dòng cao, dễ điểm chỉ"),
            12: gettext("12 dòng, một trang"),
            24: gettext("24 dòng, hai trang"),
        }
        self.lines.choices = [(number, said[number]) for number in LINES]

    def wish(self) -> SheetWish:
        """Return the typed wish."""
        chosen = self.class_id.data or ""
        return SheetWish(
            self.teacher_id.data, self.lines.data or 0, int(chosen) if chosen.isdecimal() else None
        )


class SheetForm(Form):
    """What holds for a whole sheet; its lines are read by `typed_lines`."""

    taught_on = DayField(_l("Ngày dạy"))
    skills = SelectMultipleField(_l("Đã dạy việc gì?"), coerce=int, choices=[])
    place = RadioField(_l("Ở đâu?"), choices=[], validators=[Optional()])
    ward_code = SelectField(_l("Người học ở phường, xã nào?"), choices=[], validators=[Optional()])
    finished = BooleanField(_l("Các dòng còn lại trên giấy để trống"))

    def offer(self, skills: Sequence[tuple[int, str]], wards: Sequence[tuple[str, str]]) -> None:
        """Give the lists to choose from."""
        self.skills.choices = list(skills)
        self.ward_code.choices = [("", gettext("Chưa rõ")), *wards]
        self.place.choices = [(code, gettext(text)) for code, text in PLACES.items()]

    def entry(self, serial: str, lines: Sequence[TypedLine]) -> SheetEntry:
        """Return what was typed in."""
        return SheetEntry(
            serial=serial,
            taught_on=self.taught_on.data or date.max,
            skill_ids=tuple(self.skills.data or ()),
            place=self.place.data or None,
            ward_code=self.ward_code.data or None,
            lines=tuple(lines),
            finished=bool(self.finished.data),
        )


def typed_lines(values: MultiDict[str, str], numbers: Collection[int]) -> list[TypedLine]:
    """Return the lines of the sheet that have a name, or anything else to lose."""
    lines = [_typed(values, number) for number in sorted(numbers)]
    return [one for one in lines if one.full_name.strip() or one.phone.strip()]


def _typed(values: MultiDict[str, str], number: int) -> TypedLine:
    answer, _, person = values.get(f"chon-{number}", "").partition(":")
    skills = [one for one in values.getlist(f"viec-{number}") if one.isdecimal() and len(one) < 18]
    return TypedLine(
        line=number,
        full_name=values.get(f"ten-{number}", ""),
        phone=values.get(f"so-{number}", ""),
        skill_ids=tuple(int(one) for one in skills),
        signed=f"ky-{number}" in values,
        choice=CHOICES.get(answer),
        person_id=int(person) if answer == "same" and person.isdecimal() and len(person) < 18 else None,
    )
