"""Many people at once: judge the lines of a list, and write those that are decided.

Lists, classes, sheets of paper and what was kept without signal all come through here; so does one person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import events
from core.database import is_sqlite
from core.errors import Invalid, NotFound
from core.secrets_box import SecretsBox
from learning.models import ClassSession, ClassTeacher
from people.models import Person
from people.permissions import Actor, Permission, ensure, may
from referrals.batches import Decided, Frame, Line, Verdict, Written
from referrals.events import TeachingRecorded
from referrals.queries import matching
from referrals.queries.matching import Marked
from referrals.services.batch_rows import NewAct, put_acts
from referrals.services.judging import Desk, lay_out
from referrals.weighing import Reading, Somebody, chosen

CONFIRM_DAYS: Final = 30
ANNOUNCED: Final = 200
"""Longer lists are written without an event for each act: nobody reacts to them one by one."""
# One lock for each teacher, on PostgreSQL: the first of the two numbers that name it.
_TEACHER_LOCK: Final = 7_220_416


def ensure_may_record(session: Session, actor: Actor, teacher_id: int, class_id: int | None = None) -> Person:
    """Return the teacher, if this actor may write down what the teacher taught.

    One's own acts with TEACHING_RECORD; another's with TEACHING_RECORD_FOR where the teacher is at home, or
    in a class that one leads and the teacher taught in. Raises NotAllowed, and NotFound for anybody else.
    """
    if teacher_id == actor.person_id and may(actor, Permission.TEACHING_RECORD, anywhere=True):
        ensure(actor, Permission.TEACHING_RECORD, anywhere=True)
    elif class_id is None or not may(actor, Permission.CLASS_HOLD, anywhere=True):
        ensure(actor, Permission.TEACHING_RECORD_FOR, anywhere=True)
    teacher = session.get(Person, teacher_id)
    if teacher is None or teacher.anonymised_at is not None:
        raise NotFound("not_found")
    if teacher_id == actor.person_id and may(actor, Permission.TEACHING_RECORD, anywhere=True):
        return teacher
    if may(actor, Permission.TEACHING_RECORD_FOR, unit_id=teacher.unit_id):
        return teacher
    if class_id is not None and _led_by(session, actor, class_id, teacher_id):
        return teacher
    raise NotFound("not_found")


def judge_lines(
    session: Session, actor: Actor, frame: Frame, lines: Sequence[Line], now: datetime, box: SecretsBox
) -> list[Verdict]:
    """Return what is thought of each line; nothing is written. A few queries, however many lines.

    Raises Invalid("teaching_invalid") with fields for what is wrong with the frame, and what
    `ensure_may_record` raises for each teacher.
    """
    ensure(actor, Permission.PERSON_CREATE, anywhere=True)
    desk = _laid_out(session, actor, frame, lines, now, box)
    return [desk.weighing.verdict(reading, desk.about(reading)) for reading in desk.readings]


def write_lines(
    session: Session,
    actor: Actor,
    frame: Frame,
    decided: Sequence[Decided],
    now: datetime,
    box: SecretsBox,
    confirm_days: int = CONFIRM_DAYS,
    *,
    at_form: bool = False,
) -> list[Written]:
    """Write the lines that are new, known or decided; return what became of each, in their order.

    Every line is judged again, under the lock of its teacher: what was written meanwhile, by a twin of this
    very list or otherwise, is seen. So writing twice changes nothing. A doubtful line that nobody decided is
    not written. Raises as `judge_lines` does.

    `at_form` tells that somebody stands at the form and can answer at once: then a known person is asked
    about too, and a part that would be left out refuses the line.
    """
    ensure(actor, Permission.PERSON_CREATE, anywhere=True)
    _lock_teachers(session, {frame.teacher_id, *(one.verdict.line.teacher_id or 0 for one in decided)} - {0})
    try:
        with session.begin_nested():
            return _write(session, actor, frame, decided, now, box, confirm_days, at_form)
    except IntegrityError:
        # Somebody who does not take this lock (a check-in, an import) was faster: what stands now is seen.
        return _write(session, actor, frame, decided, now, box, confirm_days, at_form)


def _write(
    session: Session,
    actor: Actor,
    frame: Frame,
    decided: Sequence[Decided],
    now: datetime,
    box: SecretsBox,
    confirm_days: int,
    at_form: bool,
) -> list[Written]:
    lines = [one.verdict.line for one in decided]
    named = [one.person_id for one in decided if one.person_id is not None]
    desk = _laid_out(session, actor, frame, lines, now, box, named)
    marks = matching.marks_taken(session, [line.client_uuid for line in lines if line.client_uuid])
    clerk = _Clerk(desk, marks, at_form=at_form)
    entries = [clerk.enter(one, reading) for one, reading in zip(decided, desk.readings, strict=True)]
    acts = [entry for entry in entries if isinstance(entry, NewAct)]
    stand_ins = [act.person_id for act in acts]
    if acts:
        put_acts(session, frame, acts, now, box, confirm_days, recorded_by=actor.account_id)
    if len(acts) <= ANNOUNCED:
        for act in acts:
            events.record(session, TeachingRecorded(act.teaching_id, act.reading.teacher_id, act.person_id))
    made = {stand_in: act for act, stand_in in zip(acts, stand_ins, strict=True) if stand_in < 0}
    return [_written(entry, made) for entry in entries]


class _Clerk:
    """Takes one decided line after the other, and says what is to be written."""

    def __init__(self, desk: Desk, marks: dict[str, Marked], *, at_form: bool) -> None:
        self._desk = desk
        self._at_form = at_form
        self._marks = marks
        self._marks_used: set[str] = set()
        self._made = 0

    def enter(self, decided: Decided, reading: Reading) -> NewAct | Written:
        """Return the act that a line makes, or why it makes none."""
        somebodies = self._desk.about(reading)
        verdict = self._desk.weighing.weigh(reading, somebodies)
        row, mark = reading.line.row, reading.line.client_uuid
        if decided.choice == "skip":
            return Written(row, "nothing", None, None, False, ("skipped",))
        if verdict.kind == "refused":
            return Written(row, "refused", None, None, False, verdict.reasons)
        if mark in self._marks_used:
            return Written(row, "refused", None, None, False, ("changed_resend",))
        if mark is not None and mark in self._marks:
            return self._again(decided, reading, self._marks[mark])
        if self._at_form and reading.losses:
            return Written(row, "refused", None, None, False, reading.losses)
        entry = self._entry(decided, reading, verdict, somebodies)
        if isinstance(entry, NewAct) and mark is not None:
            self._marks_used.add(mark)
        return entry

    def _entry(
        self, decided: Decided, reading: Reading, verdict: Verdict, somebodies: list[Somebody]
    ) -> NewAct | Written:
        if decided.choice is None and decided.verdict.kind == "doubtful":
            # Nobody decided, so the line takes no act that another one of that name may stand for.
            return Written(reading.line.row, "nothing", None, None, False, ("undecided", *verdict.reasons))
        choice = chosen(decided.choice, verdict)
        if self._at_form and decided.choice is None and verdict.kind == "known":
            choice = None
        if choice == "apart":
            before = decided.verdict
            seen = {one.person_id for one in before.candidates} | {before.person_id or 0}
            standing = self._desk.weighing.standing(reading, somebodies, frozenset(seen))
            if standing is not None and not self._at_form:
                return self._stands(reading, standing.candidate.person_id)
            self._made += 1
            return self._act(reading, -self._made, makes_person=True)
        if choice == "same":
            return self._same(decided, reading, verdict, somebodies)
        return Written(reading.line.row, "nothing", None, None, False, ("undecided", *verdict.reasons))

    def _same(
        self, decided: Decided, reading: Reading, verdict: Verdict, somebodies: list[Somebody]
    ) -> NewAct | Written:
        row = reading.line.row
        person_id = decided.person_id
        if person_id is None:
            # Said by a human, it is about whom they were asked about; else it is about who is certain.
            asked = verdict if decided.choice is None else decided.verdict
            person_id = asked.person_id
            if person_id is None and len(asked.candidates) == 1:
                person_id = asked.candidates[0].person_id
        if person_id is None:
            twin = self._desk.weighing.twin(reading)
            if twin is None or twin.person_id is None:
                return Written(row, "nothing", None, None, False, ("undecided", *verdict.reasons))
            person_id = twin.person_id
        elif person_id == reading.teacher_id:
            return Written(row, "refused", None, None, False, ("teaches_oneself",))
        elif person_id > 0 and not self._may_be(reading, person_id, somebodies):
            return Written(row, "refused", None, None, False, ("not_a_choice",))
        stands = self._desk.act(reading.teacher_id, person_id, reading.taught_on)
        if stands is not None or self._desk.weighing.taken(reading, person_id):
            return self._stands(reading, person_id)
        return self._act(reading, person_id, makes_person=False)

    def _may_be(self, reading: Reading, person_id: int, somebodies: list[Somebody]) -> bool:
        """Whether somebody may be named at all: whom we would have asked about, or one's own learner."""
        return (reading.teacher_id, person_id) in self._desk.acts or any(
            one.candidate.person_id == person_id for one in somebodies
        )

    def _act(self, reading: Reading, person_id: int, *, makes_person: bool) -> NewAct:
        self._desk.weighing.take(reading, person_id)
        return NewAct(reading, person_id, makes_person)

    def _stands(self, reading: Reading, person_id: int) -> Written:
        self._desk.weighing.take(reading, person_id)
        act = self._desk.act(reading.teacher_id, person_id, reading.taught_on)
        reasons = ("same_act", *reading.losses)
        return Written(
            reading.line.row, "nothing", person_id, act.teaching_id if act else None, False, reasons
        )

    def _again(self, decided: Decided, reading: Reading, marked: Marked) -> Written:
        row, before = reading.line.row, decided.verdict
        meant = {decided.person_id, before.person_id, *(one.person_id for one in before.candidates)}
        same_act = (reading.teacher_id, reading.taught_on) == (marked.teacher_id, marked.taught_on)
        if not same_act or not (marked.name_key == reading.traits.name_key or marked.learner_id in meant):
            return Written(row, "refused", None, None, False, ("changed_resend",))
        self._desk.weighing.take(reading, marked.learner_id)
        return Written(row, "nothing", marked.learner_id, marked.teaching_id, False, ("again",))


def _written(entry: NewAct | Written, made: dict[int, NewAct]) -> Written:
    """What became of a line, once the people that the list makes have their ids."""
    if isinstance(entry, Written):
        if entry.person_id is None or entry.person_id not in made:
            return entry
        act = made[entry.person_id]
        return replace(entry, person_id=act.person_id, teaching_id=act.teaching_id)
    reading = entry.reading
    return Written(
        reading.line.row, "written", entry.person_id, entry.teaching_id, entry.makes_person, reading.losses
    )


def _laid_out(
    session: Session,
    actor: Actor,
    frame: Frame,
    lines: Sequence[Line],
    now: datetime,
    box: SecretsBox,
    named: Sequence[int] = (),
) -> Desk:
    teachers = {frame.teacher_id, *(line.teacher_id for line in lines if line.teacher_id is not None)}
    for teacher_id in sorted(teachers):
        ensure_may_record(session, actor, teacher_id, frame.class_id)
    reach = actor if actor.units and teachers != {actor.person_id} else None
    desk = lay_out(session, reach, frame, lines, now, box, named)
    if desk.frame_fields:
        raise Invalid("teaching_invalid", desk.frame_fields)
    return desk


def _led_by(session: Session, actor: Actor, class_id: int, teacher_id: int) -> bool:
    """Whether the actor leads this class, and the teacher taught in it."""
    held = session.get(ClassSession, class_id)
    if (
        held is None
        or held.lead_id != actor.person_id
        or not may(actor, Permission.CLASS_HOLD, anywhere=True)
    ):
        return False
    return teacher_id == held.lead_id or session.get(ClassTeacher, (class_id, teacher_id)) is not None


def _lock_teachers(session: Session, teachers: set[int]) -> None:
    """Let one list of a teacher be written at a time; on SQLite the write lock does it already."""
    if is_sqlite(session):
        return
    for teacher_id in sorted(teachers):
        session.execute(
            text("SELECT pg_advisory_xact_lock(:kind, :teacher)"),
            {"kind": _TEACHER_LOCK, "teacher": teacher_id % 2**31},
        )
