"""Entries of the outbox that hold a list: several people, a class and who came.

What can be written is written. A line that needs a word of its writer comes back; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.secrets_box import SecretsBox
from core.vietnamese import clean_text
from learning.classes import KINDS, TITLE_LENGTH
from learning.models import ClassSession
from learning.queries.classes import class_by_client_uuid
from learning.services.classes import ClassWish, open_class
from people.permissions import Actor, Permission, ensure
from referrals.batches import Candidate, Decided, Frame, Line, Verdict, Written
from referrals.entries import Entry, SeveralPeople, day_of, held_class, several_people
from referrals.name_lists import Typed, read_names
from referrals.services import class_attendance
from referrals.services.batches import judge_lines, write_lines
from referrals.services.several import source_of

MOST_LINES: Final = class_attendance.MOST_LINES
# What was written is written; these are the lines that say so.
_DONE: Final = frozenset({"same_act", "again", "skipped"})


@dataclass(frozen=True)
class Left:
    """A line that was not written: refused, or waiting for a word of its writer. `text` is what was typed."""

    row: int
    text: str
    kind: str
    reasons: tuple[str, ...]
    candidates: tuple[Candidate, ...]


class Asked(Invalid):
    """Not a line could be written before its writer has said more."""

    def __init__(self, left: Sequence[Left]) -> None:
        super().__init__("lines_left", {"lines": "lines_left"})
        self.left = tuple(left)


@dataclass(frozen=True)
class _List:
    """The lines of an entry, and where they belong: a class, or one's own acts of a day."""

    said: SeveralPeople
    typed: tuple[Typed, ...]
    lines: tuple[Line, ...]
    frame: Frame
    held: ClassSession | None = None


def take_several(
    session: Session, actor: Actor, entry: Entry, now: datetime, box: SecretsBox, confirm_days: int
) -> tuple[dict[str, Any], tuple[Left, ...]]:
    """Write what can be written of a list; return what to keep of it, and the lines that are left.

    Raises Asked when there are only such lines, Invalid("entry_invalid") for a list of nobody or of too many,
    and what `write_lines` raises; for people of a class what `write_list` raises.
    """
    ensure(actor, Permission.TEACHING_RECORD, anywhere=True)
    listed = _listed(session, actor, entry, now)
    ids, left = _write(session, actor, listed, now, box, confirm_days)
    if left and not ids:
        raise Asked(left)
    return _answer(ids, left, listed.said.class_id), left


def take_class(
    session: Session, actor: Actor, entry: Entry, now: datetime, box: SecretsBox, confirm_days: int
) -> tuple[dict[str, Any], tuple[Left, ...]]:
    """Open a class, keep its counts and write who came; return what to keep of it, and the lines left.

    Raises what opening a class raises, Invalid("counts_invalid") with fields, and what `write_list` raises.
    """
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    said = held_class(entry.content)
    held_on = day_of(entry, entry.content.get("held_on"), now)
    wish = ClassWish(
        kind=said.kind,
        title=said.title if said.title.strip() else _title(said.kind, said.place, held_on),
        held_on=held_on,
        skill_ids=said.people.skill_ids,
        place=said.place,
        ward_code=said.people.ward_code,
        group_id=said.group_id,
        lead_id=said.lead_id,
        helper_ids=said.helper_ids,
        note=said.note,
        client_uuid=entry.uuid,
    )
    held = open_class(session, actor, wish, now).held
    ids: list[int] = []
    left: tuple[Left, ...] = ()
    if said.people.lines.strip():
        listed = _listed(session, actor, entry, now, held)
        ids, left = _write(session, actor, listed, now, box, confirm_days)
    if said.counts.headcount is not None or any(
        (said.counts.elderly, said.counts.disabled, said.counts.poor, said.counts.minority)
    ):
        class_attendance.say_who_came(session, actor, held.id, said.counts)
    return _answer(ids, left, held.id), left


def _title(kind: str, place: str, held_on: date) -> str:
    """Return the title of a class that nobody named: its kind, place and day, in the language of titles."""
    parts = (KINDS.get(kind, ""), clean_text(place), f"{held_on:%d/%m/%Y}")
    return " · ".join(part for part in parts if part)[:TITLE_LENGTH]


def left_again(
    session: Session, actor: Actor, entry: Entry, answer: dict[str, Any], now: datetime, box: SecretsBox
) -> tuple[Left, ...]:
    """Return the lines that were left when the entry was taken, as things stand now."""
    ensure(actor, Permission.PERSON_CREATE, anywhere=True)
    rows = set(answer.get("left", ()))
    if not rows:
        return ()
    held = class_by_client_uuid(session, entry.uuid) if entry.kind == "class" else None
    try:
        listed = _listed(session, actor, entry, now, held)
        lines = [line for line in listed.lines if line.row in rows]
        return tuple(_left(listed, verdict) for verdict in _judged(session, actor, listed, lines, now, box))
    except (Conflict, NotFound):
        # The class is closed by now: what stands, stands.
        return ()


def _listed(
    session: Session, actor: Actor, entry: Entry, now: datetime, held: ClassSession | None = None
) -> _List:
    content = entry.content
    said = held_class(content).people if entry.kind == "class" else several_people(content)
    typed = tuple(read_names(said.lines))
    if not typed:
        raise Invalid("entry_invalid", {"lines": "name_empty"})
    if len(typed) > MOST_LINES:
        raise Invalid("entry_invalid", {"lines": "too_many_lines"})
    lines = tuple(
        Line(one.row, one.full_name, one.phone, client_uuid=_mark(entry.uuid, one)) for one in typed
    )
    me = actor.person_id or 0
    if held is None and said.class_id is not None:
        held = session.get(ClassSession, said.class_id)
        if held is None:
            raise NotFound("not_found")
    if held is not None:
        teaches = any(one.id == me for one in held.teachers)
        frame = class_attendance.frame_of(held, me if teaches else held.lead_id)
        return _List(said, typed, lines, frame, held)
    frame = Frame(
        me,
        day_of(entry, content.get("taught_on"), now),
        said.skill_ids,
        place=said.place,
        ward_code=said.ward_code,
        # The page of their codes finds them by it.
        source=source_of(entry.uuid),
    )
    return _List(said, typed, lines, frame)


def _mark(uuid: str, typed: Typed) -> str:
    """Return the mark of a line, the one that the page of several people gives it under the same form."""
    return str(uuid5(UUID(uuid), f"{typed.row}\n{typed.full_name}\n{typed.phone}"))


def _judged(
    session: Session, actor: Actor, listed: _List, lines: Sequence[Line], now: datetime, box: SecretsBox
) -> list[Verdict]:
    if listed.held is None:
        return judge_lines(session, actor, listed.frame, lines, now, box)
    me = listed.frame.teacher_id
    return class_attendance.judge_list(session, actor, listed.held.id, me, lines, now, box)


def _write(
    session: Session, actor: Actor, listed: _List, now: datetime, box: SecretsBox, confirm_days: int
) -> tuple[list[int], tuple[Left, ...]]:
    verdicts = _judged(session, actor, listed, listed.lines, now, box)
    decided = [_decided(listed, verdict) for verdict in verdicts]
    written: list[Written]
    if listed.held is None:
        written = write_lines(session, actor, listed.frame, decided, now, box, confirm_days)
    else:
        me = listed.frame.teacher_id
        written = class_attendance.write_list(
            session, actor, listed.held.id, me, decided, now, box, confirm_days
        )
    ids = [one.teaching_id for one in written if one.teaching_id is not None]
    left = tuple(
        _left(listed, verdict)
        for verdict, one in zip(verdicts, written, strict=True)
        if one.outcome == "refused" or (one.outcome == "nothing" and not _DONE & set(one.reasons))
    )
    return list(dict.fromkeys(ids)), left


def _decided(listed: _List, verdict: Verdict) -> Decided:
    said = listed.said.chosen.get(verdict.line.row)
    return Decided(verdict, said.choice, said.person_id) if said is not None else Decided(verdict)


def _left(listed: _List, verdict: Verdict) -> Left:
    line = verdict.line
    kind = "refused" if verdict.kind == "refused" else "doubtful"
    text = next(one.raw for one in listed.typed if one.row == line.row)
    return Left(line.row, text, kind, verdict.reasons, verdict.candidates)


def _answer(ids: list[int], left: Sequence[Left], class_id: int | None) -> dict[str, Any]:
    answer: dict[str, Any] = {"teaching_ids": ids, "left": [one.row for one in left]}
    return answer if class_id is None else {**answer, "class_id": class_id}
