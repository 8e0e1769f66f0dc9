"""The forms of lists: send one, say what its columns mean, decide about rows in doubt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional

from core.forms import Form
from referrals.batches import Choice
from referrals.forms.words import FIELD_WORDS, DayField
from referrals.importing.rosters.refusals import REFUSALS
from referrals.importing.rosters.shapes import FIELDS, HALF_FIELDS
from referrals.importing.rosters.words import DOUBT_WORDS, REFUSED_WORDS
from referrals.places import PLACES
from referrals.queries.rosters import TeacherOption
from referrals.roster_words import ELSE, ROW_REASONS
from referrals.rosters import Defaults
from referrals.services.rosters.deciding import RowChoice
from referrals.services.rosters.intake import RosterWish

LAST_ROW = 1_048_576
_CHOICE = re.compile(r"choice-(\d{1,18})")
_SAID = re.compile(r"(same|apart|skip)(?:-(\d{1,18}))?")


class RosterForm(Form):
    """A file or pasted rows, who taught these people, and what holds where the rows say nothing."""

    file = FileField(_l("Tệp danh sách"))
    pasted = TextAreaField(_l("Hoặc dán các dòng từ bảng tính"))
    teacher = RadioField(_l("Ai đã dạy những người này?"), choices=[], validate_choice=False)
    class_id = SelectField(_l("Thuộc lớp nào?"), choices=[], validators=[Optional()])
    skills = SelectMultipleField(_l("Đã dạy việc gì?"), coerce=int, choices=[])
    taught_on = DayField(_l("Ngày dạy"))
    place = RadioField(_l("Ở đâu?"), choices=[], validators=[Optional()])
    ward_code = SelectField(_l("Người học ở phường, xã nào?"), choices=[], validators=[Optional()])

    def offer(
        self,
        teachers: Sequence[TeacherOption],
        classes: Sequence[tuple[int, str]],
        skills: Sequence[tuple[int, str]],
        wards: Sequence[tuple[str, str]],
    ) -> None:
        """Give the lists to choose from."""
        self.teacher.choices = [
            (str(one.person_id), " · ".join(filter(None, (one.full_name, one.unit_name)))) for one in teachers
        ]
        self.class_id.choices = [
            ("", gettext("Không thuộc lớp nào")),
            *((str(one), title) for one, title in classes),
        ]
        self.skills.choices = list(skills)
        self.place.choices = [(code, gettext(text)) for code, text in PLACES.items()]
        self.ward_code.choices = [("", gettext("Chưa rõ")), *wards]

    def wish(self, own_id: int | None) -> RosterWish:
        """Return the typed wish; whoever may only record for themselves need not say so."""
        sent = self.file.data
        data, name = (sent.read(), sent.filename or "") if sent and sent.filename else (b"", "")
        if not data and (self.pasted.data or "").strip():
            data, name = (self.pasted.data or "").encode("utf-8", "replace"), gettext("Các dòng đã dán")
        chosen = self.teacher.data or ""
        class_id = self.class_id.data or ""
        return RosterWish(
            name,
            data,
            int(chosen) if chosen.isdecimal() and len(chosen) < 18 else own_id or 0,
            Defaults(
                self.taught_on.data or date.max,
                tuple(self.skills.data or ()),
                self.place.data or None,
                self.ward_code.data or None,
            ),
            int(class_id) if class_id.isdecimal() else None,
        )


def columns_said(form: MultiDict[str, str], sheets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a form says of the columns of each sheet, by its name.

    >>> sheets = [{"name": "Lớp 1", "header_row": 3, "columns": [{"index": 0}, {"index": 1}]}]
    >>> columns_said(MultiDict([("read-0", "1"), ("field-0-1", "phone"), ("header-0", "3")]), sheets)
    {'Lớp 1': {'read': True, 'header_row': 3, 'fields': {'1': 'phone'}}}
    """
    said: dict[str, Any] = {}
    for place, sheet in enumerate(sheets):
        about: dict[str, Any] = {"read": f"read-{place}" in form}
        header = form.get(f"header-{place}", "").strip()
        if header.isascii() and header.isdecimal() and len(header) < 8 and int(header) <= LAST_ROW:
            about["header_row"] = int(header)
        fields = {
            str(column["index"]): meaning
            for column in sheet["columns"]
            if (meaning := form.get(f"field-{place}-{column['index']}")) in (*FIELDS, *HALF_FIELDS)
        }
        moved = about.get("header_row") not in (None, sheet["header_row"])
        # Another header has other columns: what was said of these no longer fits.
        if fields and not moved:
            about["fields"] = fields
        said[sheet["name"]] = about
    return said


def choices_said(form: MultiDict[str, str]) -> list[RowChoice]:
    """Return what a form says of rows in doubt; anything that is no choice is passed over.

    >>> choices_said(MultiDict([("choice-7", "same-12"), ("choice-8", "skip"), ("choice-9", "x")]))
    [RowChoice(row_id=7, choice='same', person_id=12), RowChoice(row_id=8, choice='skip', person_id=None)]
    """
    found = []
    for name, value in form.items():
        row, what = _CHOICE.fullmatch(name), _SAID.fullmatch(value)
        if row and what:
            choice: Choice = "same" if what[1] == "same" else "apart" if what[1] == "apart" else "skip"
            found.append(RowChoice(int(row[1]), choice, int(what[2]) if what[2] else None))
    return found


def reason_words(code: str) -> str:
    """Return the sentence of a reason, in the language of the page."""
    for words in (ROW_REASONS, DOUBT_WORDS, REFUSED_WORDS):
        if code in words:
            return str(gettext(words[code]))
    if code in FIELD_WORDS:
        return str(FIELD_WORDS[code])
    return str(gettext(ELSE))


def problem_words(code: str) -> tuple[str, str]:
    """Return title and advice of why a whole list failed, in the language of the page."""
    if code in REFUSALS:
        return str(gettext(REFUSALS[code].title)), str(gettext(REFUSALS[code].advice))
    return (
        gettext("Danh sách này chưa làm xong được"),
        gettext("Tệp của bạn vẫn còn đây. Hãy thử lại; nếu vẫn vậy, hãy báo cán bộ phụ trách."),
    )
