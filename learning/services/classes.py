"""Writes of classes: open one, put it right, say how many came, close it, call it off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import local_day
from core.errors import Conflict, Invalid, NotAllowed
from core.vietnamese import clean_text
from learning.classes import (
    COUNTS,
    KINDS,
    MOST_SKILLS,
    MOST_TEACHERS,
    NOTE_LENGTH,
    PLACE_LENGTH,
    TITLE_LENGTH,
    ClassState,
    Counts,
    count_problems,
    day_problem,
)
from learning.models import ClassSession, Skill, TargetGroup
from learning.queries.classes import (
    ambassadors_by_ids,
    answers_for,
    class_by_client_uuid,
    class_for,
)
from learning.queries.skills import skills_by_ids
from people.models import Person, Ward
from people.permissions import Actor, Permission, ensure, may
from people.queries import persons_by_ids
from people.services.audit import write_audit

_LONGEST: Final = {"title": TITLE_LENGTH, "place": PLACE_LENGTH, "note": NOTE_LENGTH}


@dataclass(frozen=True)
class ClassWish:
    """What is said of a class. `lead_id` None: whoever asks. `helper_ids` are the other teachers.

    `client_uuid` was made with the form: sent again it opens nothing.
    """

    kind: str
    title: str
    held_on: date
    skill_ids: tuple[int, ...]
    place: str = ""
    ward_code: str | None = None
    group_id: int | None = None
    lead_id: int | None = None
    helper_ids: tuple[int, ...] = ()
    note: str = ""
    client_uuid: str | None = None


@dataclass(frozen=True)
class Opened:
    """The class that stands now; `again` tells that the very same form had opened it before."""

    held: ClassSession
    again: bool = False


@dataclass(frozen=True)
class _Checked:
    skills: list[Skill]
    teachers: list[Person]
    lead: Person


def open_class(session: Session, actor: Actor, wish: ClassWish, now: datetime) -> Opened:
    """Open a class of one's own, or of an ambassador of a unit that one coordinates.

    Raises Invalid("class_invalid") with fields, NotAllowed for another's lead, and
    Conflict("changed_resend") when the form's mark was used for another class.
    """
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    wish = _cleaned(replace(wish, lead_id=wish.lead_id or actor.person_id))
    found = _opened_before(session, wish)
    if found is not None:
        return found
    checked = _checked(session, actor, wish, now)
    held = ClassSession(
        kind=wish.kind,
        lead_id=checked.lead.id,
        unit_id=checked.lead.unit_id,
        state=ClassState.OPEN.value,
        client_uuid=wish.client_uuid,
        recorded_by=actor.account_id,
        recorded_at=now,
    )
    _fill(held, wish, checked)
    try:
        # A twin of this very form may be writing at the same moment: then its class is ours.
        with session.begin_nested():
            session.add(held)
    except IntegrityError:
        found = _opened_before(session, wish)
        if found is None:
            raise
        return found
    if checked.lead.id != actor.person_id:
        write_audit(session, actor, "class.opened_for", "class", held.id, {"lead": checked.lead.id}, now)
    return Opened(class_for(session, actor, held.id))


def edit_class(session: Session, actor: Actor, class_id: int, wish: ClassWish, now: datetime) -> ClassSession:
    """Put right what is said of a class; its lead and its mark stay.

    Raises NotFound, NotAllowed for a helper, Conflict("class_over") once it is closed or called off, and
    Invalid("class_invalid") with fields.
    """
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    held = _mine(session, actor, class_id)
    if held.state != ClassState.OPEN.value:
        raise Conflict("class_over")
    wish = _cleaned(replace(wish, lead_id=held.lead_id))
    # Whoever helped already, and what was taught already, may stay, though they could not be chosen today.
    _fill(held, wish, _checked(session, actor, wish, now, held))
    session.flush()
    return held


def say_who_came(
    session: Session, actor: Actor, class_id: int, counts: Counts, on_the_list: int
) -> ClassSession:
    """Keep the anonymous counts of a class. `on_the_list` people came by name.

    Raises NotFound, NotAllowed for a helper, Conflict("class_over") once it was called off, and
    Invalid("counts_invalid") with fields.
    """
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    held = _mine(session, actor, class_id)
    if held.state == ClassState.CANCELLED.value:
        raise Conflict("class_over")
    fields = count_problems(counts, on_the_list)
    if fields:
        raise Invalid("counts_invalid", fields)
    held.headcount = counts.headcount
    for name in COUNTS:
        setattr(held, name, getattr(counts, name))
    session.flush()
    return held


def close_class(session: Session, actor: Actor, class_id: int, now: datetime) -> ClassSession:
    """Say that a class is done: nobody is added any more. Raises NotFound, NotAllowed, Conflict."""
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    held = _mine(session, actor, class_id)
    if held.state != ClassState.OPEN.value:
        raise Conflict("class_over")
    held.state = ClassState.CLOSED.value
    held.closed_at, held.check_in_until = now, None
    session.flush()
    return held


def reopen_class(session: Session, actor: Actor, class_id: int) -> ClassSession:
    """Take back that a class is done. Raises NotFound, NotAllowed, Conflict("class_over")."""
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    held = _mine(session, actor, class_id)
    if held.state != ClassState.CLOSED.value:
        raise Conflict("class_over")
    held.state, held.closed_at = ClassState.OPEN.value, None
    session.flush()
    return held


def call_off(session: Session, actor: Actor, class_id: int, now: datetime) -> ClassSession:
    """Say that a class was not held, for good. Raises NotFound, NotAllowed, Conflict("class_over")."""
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    held = _mine(session, actor, class_id)
    if held.state == ClassState.CANCELLED.value:
        raise Conflict("class_over")
    held.state = ClassState.CANCELLED.value
    held.closed_at, held.check_in_until = now, None
    write_audit(session, actor, "class.called_off", "class", held.id, {}, now)
    session.flush()
    return held


def _mine(session: Session, actor: Actor, class_id: int) -> ClassSession:
    held = class_for(session, actor, class_id, lock=True)
    if not answers_for(held, actor):
        raise NotAllowed("not_your_class")
    return held


def _cleaned(wish: ClassWish) -> ClassWish:
    return replace(
        wish, title=clean_text(wish.title), place=clean_text(wish.place), note=clean_text(wish.note)
    )


def _opened_before(session: Session, wish: ClassWish) -> Opened | None:
    found = class_by_client_uuid(session, wish.client_uuid) if wish.client_uuid else None
    if found is None:
        return None
    same = (found.lead_id, found.kind, found.title, found.held_on)
    if same != (wish.lead_id, wish.kind, wish.title, wish.held_on):
        raise Conflict("changed_resend")
    return Opened(found, again=True)


def _checked(
    session: Session, actor: Actor, wish: ClassWish, now: datetime, before: ClassSession | None = None
) -> _Checked:
    fields = {name: "too_long" for name, longest in _LONGEST.items() if len(getattr(wish, name)) > longest}
    if not wish.title:
        fields["title"] = "required"
    if wish.kind not in KINDS:
        fields["kind"] = "not_a_choice"
    day = day_problem(wish.held_on, local_day(now))
    if day is not None:
        fields["held_on"] = day
    if wish.ward_code is not None and session.get(Ward, wish.ward_code) is None:
        fields["ward_code"] = "not_a_choice"
    if wish.group_id is not None and session.get(TargetGroup, wish.group_id) is None:
        fields["group_id"] = "not_a_choice"
    skills = _skills(session, wish, fields, before)
    lead = session.get(Person, wish.lead_id) if wish.lead_id is not None else None
    if before is None and (lead is None or not _may_lead(session, actor, lead)):
        fields["lead"] = "not_a_choice"
    teachers = _teachers(session, wish, fields, before)
    if fields or lead is None:
        raise Invalid("class_invalid", fields)
    return _Checked(skills, [lead, *teachers], lead)


def _skills(
    session: Session, wish: ClassWish, fields: dict[str, str], before: ClassSession | None
) -> list[Skill]:
    wanted = tuple(dict.fromkeys(wish.skill_ids))
    kept = {skill.id for skill in before.skills} if before else set()
    known = skills_by_ids(session, wanted[: MOST_SKILLS + 1])
    skills = [known[one] for one in wanted if one in known and (known[one].active or one in kept)]
    if not wanted:
        fields["skills"] = "choose_one"
    elif len(wanted) > MOST_SKILLS or len(skills) < len(wanted):
        fields["skills"] = "not_a_choice"
    return skills


def _teachers(
    session: Session, wish: ClassWish, fields: dict[str, str], before: ClassSession | None
) -> list[Person]:
    wanted = [one for one in dict.fromkeys(wish.helper_ids) if one != wish.lead_id]
    if len(wanted) >= MOST_TEACHERS:
        fields["helpers"] = "too_many_teachers"
        return []
    kept = {person.id for person in before.teachers} if before else set()
    allowed = {one.person_id for one in ambassadors_by_ids(session, wanted)} | kept
    if not set(wanted) <= allowed:
        fields["helpers"] = "not_an_ambassador"
        return []
    return list(persons_by_ids(session, wanted).values())


def _may_lead(session: Session, actor: Actor, lead: Person) -> bool:
    if not ambassadors_by_ids(session, [lead.id]):
        return False
    return lead.id == actor.person_id or may(actor, Permission.TEACHING_RECORD_FOR, unit_id=lead.unit_id)


def _fill(held: ClassSession, wish: ClassWish, checked: _Checked) -> None:
    held.kind = wish.kind
    held.title = wish.title
    held.held_on = wish.held_on
    held.place = wish.place
    held.ward_code = wish.ward_code
    held.group_id = wish.group_id
    held.note = wish.note or None
    held.skills = checked.skills
    held.teachers = checked.teachers
