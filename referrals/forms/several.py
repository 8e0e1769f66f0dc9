"""The form of several people at once, and its lines as they are shown before anything is written."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form
from referrals.batches import Choice, Decided, Frame, Kind, Line, Verdict
from referrals.forms.recording import described
from referrals.forms.words import FIELD_WORDS, DayField
from referrals.name_lists import MOST_CHARACTERS, MOST_LINES, Typed, read_names
from referrals.outbox_words import ELSE, LINE_WORDS
from referrals.places import PLACES
from referrals.services.several import source_of

_STOOD: Final = _l("Lượt này đã được ghi rồi, không ghi lại.")
KINDS: Final[tuple[Kind, ...]] = ("doubtful", "refused", "new", "known")
"""The kinds of lines in the order in which they are shown: what waits for somebody first."""


class SeveralForm(Form):
    """Whom I taught, one a line; what, when and where, once for all of them."""

    names = TextAreaField(
        _l("Danh sách người học"),
        validators=[
            InputRequired(_l("Hãy viết ít nhất một người, mỗi người một dòng.")),
            Length(max=MOST_CHARACTERS, message=_l("Danh sách dài quá. Hãy chia làm nhiều lần.")),
        ],
    )
    skills = SelectMultipleField(_l("Đã dạy việc gì?"), coerce=int, choices=[])
    taught_on = DayField(_l("Ngày dạy"))
    place = RadioField(_l("Ở đâu?"), choices=[], validators=[Optional()])
    ward_code = SelectField(_l("Người học ở phường, xã nào?"), choices=[], validators=[Optional()])
    client_uuid = HiddenField(validators=[Optional(), Length(max=36)])

    def offer(self, skills: Sequence[tuple[int, str]], wards: Sequence[tuple[str, str]]) -> None:
        """Give the lists to choose from."""
        self.skills.choices = list(skills)
        self.ward_code.choices = [("", gettext("Chưa rõ")), *wards]
        self.place.choices = [(code, gettext(text)) for code, text in PLACES.items()]

    def renew(self) -> None:
        """Give the form a new mark: what it sends from now on is another list."""
        self.client_uuid.data = str(uuid.uuid4())

    @property
    def mark(self) -> str:
        """The form's mark; a new one where what was sent is none of ours."""
        try:
            return str(uuid.UUID(self.client_uuid.data or ""))
        except ValueError:
            self.renew()
            return str(self.client_uuid.data)

    def typed(self) -> list[Typed]:
        """Return the people of the list; too many of them are said beside it."""
        people = read_names(self.names.data or "")
        if len(people) > MOST_LINES:
            words = gettext(
                "Mỗi lần nhiều nhất %(most)s người, ở đây có %(n)s.", most=MOST_LINES, n=len(people)
            )
            self.names.errors = [*self.names.errors, words]
        elif not people:
            self.names.errors = [
                *self.names.errors,
                gettext("Hãy viết ít nhất một người, mỗi người một dòng."),
            ]
        return people

    def lines(self, people: Sequence[Typed]) -> list[Line]:
        """Return the lines; each has a mark of its own, the same however often this form is sent."""
        space = uuid.UUID(self.mark)
        return [
            Line(
                one.row,
                one.full_name,
                one.phone,
                client_uuid=str(uuid.uuid5(space, f"{one.row}\n{one.full_name}\n{one.phone}")),
            )
            for one in people
        ]

    def frame(self, teacher_id: int) -> Frame:
        """Return what holds for all lines."""
        return Frame(
            teacher_id,
            self.taught_on.data or date.max,
            tuple(self.skills.data or ()),
            place=self.place.data or None,
            ward_code=self.ward_code.data or None,
            source=source_of(self.mark),
        )


@dataclass(frozen=True)
class Shown:
    """A line as it is shown. `options` are what can be said to it; `said` is what was."""

    typed: Typed
    verdict: Verdict
    field: str
    words: tuple[object, ...]
    options: tuple[tuple[str, str], ...]
    said: str

    @property
    def writes(self) -> bool:
        """Tell whether the line is going to be written, as far as can be told before it is answered."""
        return self.verdict.kind != "refused" and not _stands(self.verdict, *self.verdict.reasons)

    @property
    def waits(self) -> bool:
        """Tell whether somebody has to say something first."""
        return self.verdict.kind == "doubtful" and not self.said

    @property
    def decided(self) -> Decided:
        """The line with what was said to it."""
        choice, _, person = self.said.partition(":")
        if not choice:
            return Decided(self.verdict)
        return Decided(self.verdict, cast(Choice, choice), int(person) if person else None)


def shown(people: Sequence[Typed], verdicts: Sequence[Verdict], sent: Mapping[str, str]) -> list[Shown]:
    """Return the lines with their words and choices; `sent` holds what was said so far."""
    return [_shown(one, verdict, sent) for one, verdict in zip(people, verdicts, strict=True)]


def _shown(typed: Typed, verdict: Verdict, sent: Mapping[str, str]) -> Shown:
    # The answer belongs to what stood in the line, not to its number: an edited list asks again.
    field = f"line-{typed.row}-{zlib.crc32(typed.raw.encode('utf-8', 'replace')):08x}"
    options = _options(verdict)
    said = sent.get(field, "")
    return Shown(
        typed,
        verdict,
        field,
        tuple(_STOOD if _stands(verdict, code) else _word(code) for code in verdict.reasons),
        options,
        said if said in dict(options) else "",
    )


def _stands(verdict: Verdict, *codes: str) -> bool:
    return verdict.kind == "known" and "same_act" in codes


def _options(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    if verdict.kind not in ("doubtful", "known"):
        return ()
    options = [
        (f"same:{one.person_id}", gettext("Cùng một người: %(who)s", who=described(one)))
        for one in verdict.candidates
    ]
    if not options and verdict.same_as_row is not None:
        options.append(
            ("same", gettext("Viết trùng với dòng %(row)s, chỉ ghi một lần", row=verdict.same_as_row))
        )
    return (*options, ("apart", gettext("Người khác")), ("skip", gettext("Để lại, chưa ghi")))


def _word(code: str) -> str:
    if code in LINE_WORDS or code not in FIELD_WORDS:
        return str(gettext(LINE_WORDS.get(code, ELSE)))
    return str(FIELD_WORDS[code])
