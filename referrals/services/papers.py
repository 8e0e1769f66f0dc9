"""Print a sheet with its slips; type it in when it comes back: each line counts once, whoever types it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, Unavailable
from core.secrets_box import SecretsBox
from people.audit import PAPER_ENTERED
from people.consents import LEARNING_RECORD
from people.names import name_key
from people.permissions import Actor, Permission, ensure
from people.services.audit import write_audit
from people.services.consents import ConsentWish, record_consent
from referrals.batches import Choice, Decided, Frame, Line, Verdict, Written
from referrals.models.papers import PaperSheet, PaperSlip
from referrals.papers import CONSENT, LINES, new_serial, new_slip_code
from referrals.queries.papers import (
    SheetLine,
    classes_taught,
    learners_on_paper,
    sheet_for,
    sheet_lines,
    teachings_on_slips,
)
from referrals.services.batches import CONFIRM_DAYS, ensure_may_record, judge_lines, write_lines
from referrals.services.confirming import confirm_on_paper

TRIES: Final = 5


@dataclass(frozen=True)
class SheetWish:
    """A sheet to print: for whom, with how many lines, and for which class if for one."""

    teacher_id: int
    lines: int
    class_id: int | None = None


@dataclass(frozen=True)
class TypedLine:
    """One line as somebody typed it in; `choice` and `person_id` answer the question whether we know them."""

    line: int
    full_name: str
    phone: str = ""
    skill_ids: tuple[int, ...] = ()
    signed: bool = False
    choice: Choice | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class SheetEntry:
    """What somebody typed in from a sheet; lines without a name are left out by whoever makes this.

    `finished` says that the lines which are left are empty on the paper, too.
    """

    serial: str
    taught_on: date
    skill_ids: tuple[int, ...]
    place: str | None = None
    ward_code: str | None = None
    lines: tuple[TypedLine, ...] = ()
    finished: bool = False


@dataclass
class SheetDone:
    """What was entered: how many acts stand by it now, how many of them are confirmed, what was left out.

    `losses` are (line, code) pairs: what could not be taken over, such as an unreadable phone.
    """

    written: int = 0
    confirmed: int = 0
    stood: int = 0
    losses: list[tuple[int, str]] = field(default_factory=list)


class AlreadyEntered(Conflict):
    """Somebody typed in some of these lines before; nothing of this entry is written."""

    def __init__(self, lines: Sequence[SheetLine]) -> None:
        super().__init__("paper_entered")
        self.lines = list(lines)


class NotReady(Invalid):
    """Some lines cannot be written as they are, or ask who somebody is; the verdicts say which and why."""

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        super().__init__("paper_not_ready")
        self.verdicts = list(verdicts)


def print_sheet(session: Session, actor: Actor, wish: SheetWish, now: datetime) -> PaperSheet:
    """Return a new sheet with its serial, and a slip with a code of its own for each line.

    Raises NotFound for a teacher whom one may not record for, Invalid("sheet_invalid") with fields.
    """
    ensure(actor, Permission.PERSON_CREATE, anywhere=True)
    ensure_may_record(session, actor, wish.teacher_id)
    fields: dict[str, str] = {}
    if wish.lines not in LINES:
        fields["lines"] = "not_a_choice"
    taught = (
        {one.id for one in classes_taught(session, wish.teacher_id)} if wish.class_id is not None else set()
    )
    if wish.class_id is not None and wish.class_id not in taught:
        fields["class_id"] = "not_a_choice"
    if fields:
        raise Invalid("sheet_invalid", fields)
    for _ in range(TRIES):
        sheet = PaperSheet(
            serial=new_serial(),
            teacher_id=wish.teacher_id,
            class_id=wish.class_id,
            lines=wish.lines,
            made_by=actor.account_id,
            made_at=now,
            slips=[PaperSlip(line=number, code=new_slip_code()) for number in range(1, wish.lines + 1)],
        )
        try:
            with session.begin_nested():
                session.add(sheet)
        except IntegrityError:
            continue
        return sheet
    raise Unavailable("no_free_serial")


def preview_sheet(
    session: Session, actor: Actor, entry: SheetEntry, now: datetime, box: SecretsBox
) -> list[Verdict]:
    """Return what is thought of each line; nothing is written. Raises as `judge_lines` does."""
    ensure(actor, Permission.PERSON_CREATE, anywhere=True)
    sheet = sheet_for(session, actor, entry.serial)
    return _judge(session, actor, _frame(sheet, entry), entry.lines, now, box)


def enter_sheet(
    session: Session,
    actor: Actor,
    entry: SheetEntry,
    now: datetime,
    box: SecretsBox,
    confirm_days: int = CONFIRM_DAYS,
) -> SheetDone:
    """Write down the lines of a sheet: signed ones are confirmed by the paper, the others wait as usual.

    All of them or none. Raises NotFound, Invalid("teaching_invalid") for the day and the skills, `NotReady`
    with the verdicts, `AlreadyEntered` with the lines that somebody else typed in meanwhile. Sent again by
    the same person, the same lines change nothing.
    """
    ensure(actor, Permission.PERSON_CREATE, anywhere=True)
    sheet = sheet_for(session, actor, entry.serial)
    # One person at a time types in a sheet; the locks of the teacher and of the tree come after this one.
    session.execute(select(PaperSheet.id).where(PaperSheet.id == sheet.id).with_for_update())
    typed = _still_open(actor, entry.lines, sheet_lines(session, sheet.id))
    done = SheetDone()
    if typed:
        frame = _frame(sheet, entry)
        verdicts = _judge(session, actor, frame, typed, now, box)
        if any(_asks(verdict, one) for verdict, one in zip(verdicts, typed, strict=True)):
            raise NotReady(verdicts)
        decided = [
            Decided(verdict, one.choice, one.person_id) for verdict, one in zip(verdicts, typed, strict=True)
        ]
        written = write_lines(session, actor, frame, decided, now, box, confirm_days)
        for one, outcome in zip(typed, written, strict=True):
            if outcome.outcome == "refused" or "undecided" in outcome.reasons:
                raise NotReady(verdicts)
            _keep(session, actor, sheet, one, outcome, done, now)
        numbers = [one.line for one in typed]
        details: dict[str, Any] = {"serial": sheet.serial, "lines": numbers, "confirmed": done.confirmed}
        write_audit(session, actor, PAPER_ENTERED, "paper_sheet", sheet.id, details, now)
    _close(session, actor, sheet, entry.finished, now)
    return done


def _frame(sheet: PaperSheet, entry: SheetEntry) -> Frame:
    return Frame(
        teacher_id=sheet.teacher_id,
        taught_on=entry.taught_on,
        skill_ids=entry.skill_ids,
        place=entry.place,
        ward_code=entry.ward_code,
        class_id=sheet.class_id,
    )


def _judge(
    session: Session,
    actor: Actor,
    frame: Frame,
    typed: Sequence[TypedLine],
    now: datetime,
    box: SecretsBox,
) -> list[Verdict]:
    """Judge the lines; ask about an act that another line of paper stands for: two people, or one twice?"""
    verdicts = judge_lines(session, actor, frame, [_line(one) for one in typed], now, box)
    standing = [one.person_id for one in verdicts if "same_act" in one.reasons and one.person_id is not None]
    on_paper = learners_on_paper(session, frame.teacher_id, frame.taught_on, standing)
    return [
        replace(one, kind="doubtful", reasons=("on_another_line",)) if one.person_id in on_paper else one
        for one in verdicts
    ]


def _line(one: TypedLine) -> Line:
    return Line(one.line, one.full_name, one.phone, skill_ids=one.skill_ids)


def _asks(verdict: Verdict, typed: TypedLine) -> bool:
    if typed.choice == "skip":
        return False
    return verdict.kind == "refused" or (verdict.kind == "doubtful" and typed.choice is None)


def _still_open(actor: Actor, typed: Sequence[TypedLine], lines: Sequence[SheetLine]) -> list[TypedLine]:
    """Return the typed lines that nobody has entered; those that the same person sent before are left out."""
    stored = {line.line: line for line in lines}
    if any(one.line not in stored for one in typed):
        raise Invalid("sheet_invalid", {"line": "not_a_choice"})
    entered = [(one, stored[one.line]) for one in typed if stored[one.line].entered_at is not None]
    foreign = [
        line
        for one, line in entered
        if line.entered_by_id != actor.account_id or line.learner_key != name_key(one.full_name)
    ]
    if foreign:
        raise AlreadyEntered(foreign)
    again = {one.line for one, _ in entered}
    return [one for one in typed if one.line not in again]


def _keep(
    session: Session,
    actor: Actor,
    sheet: PaperSheet,
    typed: TypedLine,
    outcome: Written,
    done: SheetDone,
    now: datetime,
) -> None:
    if "skipped" in outcome.reasons:
        return
    done.losses += [(typed.line, reason) for reason in outcome.reasons if reason.startswith("phone_")]
    act = outcome.teaching_id
    if outcome.outcome == "written":
        done.written += 1
    else:
        done.stood += 1
    # An act that another line stands for already keeps that line as its paper.
    free = act if act is not None and not teachings_on_slips(session, [act]) else None
    changed = session.execute(
        update(PaperSlip)
        .where(PaperSlip.sheet_id == sheet.id, PaperSlip.line == typed.line, PaperSlip.entered_at.is_(None))
        .values(teaching_id=free, entered_by=actor.account_id, entered_at=now),
        execution_options={"synchronize_session": False},
    )
    if cast("CursorResult[Any]", changed).rowcount != 1:
        raise AlreadyEntered([one for one in sheet_lines(session, sheet.id) if one.line == typed.line])
    if typed.signed and act is not None and outcome.person_id is not None:
        done.confirmed += _signed(session, actor, act, outcome.person_id, now)


def _signed(session: Session, actor: Actor, act: int, learner_id: int, now: datetime) -> int:
    """Take the signature for a yes; return 1 where it made one, 0 where the learner has answered already."""
    try:
        confirm_on_paper(session, actor, act, now)
    except Conflict:
        return 0
    # The sheet is printed with the Vietnamese words, whatever language the page speaks.
    wish = ConsentWish(learner_id, LEARNING_RECORD, CONSENT, "vi", "paper")
    record_consent(session, actor, wish, now)
    return 1


def _close(session: Session, actor: Actor, sheet: PaperSheet, finished: bool, now: datetime) -> None:
    left = [line for line in sheet_lines(session, sheet.id) if line.entered_at is None]
    if sheet.entered_at is None and (finished or not left):
        sheet.entered_at, sheet.entered_by = now, actor.account_id
        session.flush()
