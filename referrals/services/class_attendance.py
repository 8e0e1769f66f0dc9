"""Attendance: who came to a class. Each is one act of one of its teachers, so that nobody counts twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.clock import local_day
from core.database import lock_tree
from core.errors import Conflict, Invalid
from core.secrets_box import SecretsBox
from learning.classes import ClassState, Counts
from learning.models import ClassSession
from learning.queries.classes import answers_for, class_for
from learning.services import classes
from learning.services.classes import ClassWish
from people.permissions import Actor, Permission, ensure
from referrals.batches import Decided, Frame, Line, Verdict, Written
from referrals.models.acts import Teaching
from referrals.places import OF_CLASS
from referrals.queries import class_lists
from referrals.services import batches, voiding
from referrals.services.batches import CONFIRM_DAYS
from referrals.states import State

MOST_LINES: Final = 300
_FOLLOWING: Final = (State.RECORDED.value, State.RETURNED.value, State.EXPIRED.value)
_UNCONFIRMED: Final = (*_FOLLOWING, State.DISPUTED.value)


@dataclass(frozen=True)
class Changed:
    """A class put right. `stayed` acts kept their old day: the pair has another act on the new one."""

    held: ClassSession
    moved: int
    stayed: int


@dataclass(frozen=True)
class CalledOff:
    """A class called off. `kept` acts are confirmed: the learners' own word stands."""

    held: ClassSession
    voided: int
    kept: int


@dataclass(frozen=True)
class ClassListWish:
    """A class and who came, in one go. `decided` tells by row what a human said of doubtful lines."""

    held: ClassWish
    lines: tuple[Line, ...] = ()
    apart_rows: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ClassWithList:
    """The class that stands now and what became of each line; `again`: all of it stood before."""

    held: ClassSession
    written: tuple[Written, ...]
    again: bool = False


def judge_list(
    session: Session,
    actor: Actor,
    class_id: int,
    teacher_id: int,
    lines: Sequence[Line],
    now: datetime,
    box: SecretsBox,
) -> list[Verdict]:
    """Return what is thought of each line of a list; nothing is written.

    Raises NotFound, Conflict("class_over"), Conflict("class_not_yet"), Invalid for a teacher whose part is
    not the actor's to fill, or for too many lines.
    """
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    held = _fillable(session, actor, class_id, now)
    _check_part(actor, held, teacher_id, lines)
    return batches.judge_lines(session, actor, frame_of(held, teacher_id), lines, now, box)


def write_list(
    session: Session,
    actor: Actor,
    class_id: int,
    teacher_id: int,
    decided: Sequence[Decided],
    now: datetime,
    box: SecretsBox,
    confirm_days: int = CONFIRM_DAYS,
) -> list[Written]:
    """Write a list that was judged and decided: one act a person. Raises as `judge_list` does."""
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    held = _fillable(session, actor, class_id, now)
    _check_part(actor, held, teacher_id, decided)
    frame = frame_of(held, teacher_id)
    written = batches.write_lines(session, actor, frame, decided, now, box, confirm_days)
    _take_in(session, held, written)
    return written


def tick(
    session: Session,
    actor: Actor,
    class_id: int,
    teacher_id: int,
    person_ids: Iterable[int],
    now: datetime,
    box: SecretsBox,
    confirm_days: int = CONFIRM_DAYS,
) -> list[Written]:
    """Write down that these earlier learners of the teacher came. Raises as `judge_list` does, and
    Invalid("class_invalid") with the field `people` where one of them is none of the teacher's.
    """
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    wanted = list(dict.fromkeys(person_ids))
    names = class_lists.learners_among(session, teacher_id, wanted[: MOST_LINES + 1])
    if not wanted or len(names) < len(wanted):
        raise Invalid("class_invalid", {"people": "not_a_choice" if wanted else "choose_somebody"})
    lines = [
        Decided(Verdict(Line(row, names[one]), "known", person_id=one), "same", one)
        for row, one in enumerate(wanted, 1)
    ]
    return write_list(session, actor, class_id, teacher_id, lines, now, box, confirm_days)


def open_class_with_list(
    session: Session,
    actor: Actor,
    wish: ClassListWish,
    now: datetime,
    box: SecretsBox,
    confirm_days: int = CONFIRM_DAYS,
) -> ClassWithList:
    """Open a class and write down who came; sent twice with one mark it is there once.

    Doubtful lines are not written, except those of `apart_rows`: they are named in what is returned, and can
    be decided on the page of the class. Raises as `open_class` and `judge_list` do.
    """
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    opened = classes.open_class(session, actor, wish.held, now)
    held = opened.held
    if opened.again or not wish.lines:
        return ClassWithList(held, (), again=opened.again)
    verdicts = judge_list(session, actor, held.id, held.lead_id, wish.lines, now, box)
    decided = [Decided(one, "apart" if one.line.row in wish.apart_rows else None) for one in verdicts]
    written = write_list(session, actor, held.id, held.lead_id, decided, now, box, confirm_days)
    return ClassWithList(held, tuple(written))


def change_class(session: Session, actor: Actor, class_id: int, wish: ClassWish, now: datetime) -> Changed:
    """Put right what is said of a class; day and place of its unconfirmed acts follow.

    Raises as `edit_class` does; Invalid with the field `helpers` where a teacher would go who has people on
    the list, with `held_on` where the new day is to come and people have come already.
    """
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    before = class_for(session, actor, class_id, lock=True)
    old_day = before.held_on
    busy = class_lists.teachers_with_part(session, class_id)
    if busy - {before.lead_id, *wish.helper_ids}:
        raise Invalid("class_invalid", {"helpers": "has_part"})
    if busy and wish.held_on > local_day(now):
        raise Invalid("class_invalid", {"held_on": "in_future"})
    held = classes.edit_class(session, actor, class_id, wish, now)
    moved, stayed = _follow(session, held, old_day)
    return Changed(held, moved, stayed)


def say_who_came(session: Session, actor: Actor, class_id: int, counts: Counts) -> ClassSession:
    """Keep the anonymous counts of a class, never fewer people than stand on its list."""
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    tally = class_lists.tallies(session, [class_id]).get(class_id, class_lists.Tally())
    return classes.say_who_came(session, actor, class_id, counts, tally.people)


def call_off(session: Session, actor: Actor, class_id: int, reason: str, now: datetime) -> CalledOff:
    """Call a class off: its unconfirmed acts are taken back with the reason, confirmed ones stand.

    Raises NotFound, NotAllowed, Conflict("class_over"), Invalid with the field `reason`.
    """
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    # Before any row is held: whoever checks in takes the lock of the tree first, too.
    lock_tree(session)
    held = class_for(session, actor, class_id)
    if answers_for(held, actor) and not reason.strip():
        raise Invalid("class_invalid", {"reason": "required"})
    held = classes.call_off(session, actor, class_id, now)
    acts = session.execute(
        select(Teaching.id, Teaching.state)
        .where(Teaching.class_id == class_id, Teaching.state != State.VOIDED.value)
        .order_by(Teaching.id)
    ).all()
    waiting = [row.id for row in acts if row.state in _UNCONFIRMED]
    # Whoever may call the class off may take back what stands in it, a helper's part included.
    for_all = replace(actor, is_house=True)
    for teaching_id in waiting:
        voiding.void(session, for_all, teaching_id, reason, now)
    return CalledOff(held, voided=len(waiting), kept=len(acts) - len(waiting))


def frame_of(held: ClassSession, teacher_id: int) -> Frame:
    """Return what holds for everybody on the list of a class."""
    return Frame(
        teacher_id=teacher_id,
        taught_on=held.held_on,
        skill_ids=tuple(skill.id for skill in held.skills),
        place=OF_CLASS[held.kind],
        ward_code=held.ward_code,
        class_id=held.id,
    )


def _fillable(session: Session, actor: Actor, class_id: int, now: datetime) -> ClassSession:
    held = class_for(session, actor, class_id)
    if held.state != ClassState.OPEN.value:
        raise Conflict("class_over")
    if held.held_on > local_day(now):
        raise Conflict("class_not_yet")
    return held


def _check_part(actor: Actor, held: ClassSession, teacher_id: int, lines: Sequence[object]) -> None:
    if not any(one.id == teacher_id for one in class_lists.teachers_for(actor, held)):
        raise Invalid("class_invalid", {"teacher_id": "not_your_part"})
    if len(lines) > MOST_LINES:
        raise Invalid("class_invalid", {"people": "too_many_lines"})


def _take_in(session: Session, held: ClassSession, written: Sequence[Written]) -> None:
    """Let acts of this very day that stood already, outside any class, belong to this one."""
    ids = [one.teaching_id for one in written if one.outcome == "nothing" and one.teaching_id is not None]
    if not ids:
        return
    statement = select(Teaching).where(Teaching.id.in_(ids), Teaching.class_id.is_(None))
    for teaching in session.scalars(statement):
        if teaching.taught_on == held.held_on:
            teaching.class_id = held.id
    session.flush()


def _follow(session: Session, held: ClassSession, old_day: date) -> tuple[int, int]:
    acts = list(
        session.scalars(select(Teaching).where(Teaching.class_id == held.id, Teaching.state.in_(_FOLLOWING)))
    )
    other = aliased(Teaching)
    taken = set(
        session.scalars(
            select(Teaching.id)
            .join(
                other,
                (other.teacher_id == Teaching.teacher_id)
                & (other.learner_id == Teaching.learner_id)
                & (other.id != Teaching.id),
            )
            .where(
                Teaching.class_id == held.id,
                other.taught_on == held.held_on,
                other.taught_second == 0,
                other.state != State.VOIDED.value,
            )
        )
    )
    moved = stayed = 0
    for teaching in acts:
        teaching.place, teaching.ward_code = OF_CLASS[held.kind], held.ward_code
        if old_day == held.held_on or teaching.taught_on != old_day:
            continue
        if teaching.id in taken:
            stayed += 1
        else:
            teaching.taught_on = held.held_on
            moved += 1
    session.flush()
    return moved, stayed
