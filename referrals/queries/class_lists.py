"""Who came to a class: its list, those of one name, its open doors, and how many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from core.vietnamese import fold
from learning.classes import ClassState
from learning.models import ClassSession, ClassTeacher
from people.models import Person, Ward
from people.names import given_name
from people.permissions import Actor, Permission, may
from referrals.checking_in import Attendee, Earlier
from referrals.models.acts import Confirmation, Teaching
from referrals.states import State
from referrals.turning_codes import Screen

MOST_SHOWN: Final = 500
MOST_SCREENS: Final = 5_000
MOST_TICKS: Final = 60
MOST_NAMES: Final = 60
_STANDS = Teaching.state != State.VOIDED.value


@dataclass(frozen=True)
class Came:
    """Somebody on the list of a class, with the act that stands for it."""

    teaching_id: int
    learner_id: int
    full_name: str
    ward_name: str | None
    teacher_id: int
    state: str
    # How it was confirmed: "check_in", "link", "code", "paper" …; None while it is not.
    kind: str | None


@dataclass(frozen=True)
class Tally:
    """How many people a class has on its list, and how many of them have confirmed."""

    people: int = 0
    confirmed: int = 0


@dataclass(frozen=True)
class Tick:
    """An earlier learner who can be ticked as present."""

    person_id: int
    full_name: str
    ward_name: str | None
    last_on: date


@dataclass(frozen=True)
class AtTheScreen:
    """What the screen of a class shows: how many have checked in, and the given names, the newest first."""

    number: int
    names: tuple[str, ...]


def who_came(session: Session, class_id: int) -> list[Came]:
    """Return the list of a class in Vietnamese order; of a very long one the first 500."""
    statement = (
        select(
            Teaching.id,
            Person.id,
            Person.full_name,
            Ward.full_name,
            Teaching.teacher_id,
            Teaching.state,
            Confirmation.kind,
        )
        .join(Person, Person.id == Teaching.learner_id)
        .outerjoin(Ward, Ward.code == Person.ward_code)
        .outerjoin(Confirmation, Confirmation.teaching_id == Teaching.id)
        .where(Teaching.class_id == class_id, _STANDS)
        .order_by(Person.sort_key, Teaching.id)
        .limit(MOST_SHOWN)
    )
    return [Came(*row) for row in session.execute(statement)]


def tallies(session: Session, class_ids: Iterable[int]) -> dict[int, Tally]:
    """Return how many stand on the list of each of these classes; one without a list is missing."""
    ids = sorted(set(class_ids))
    if not ids:
        return {}
    confirmed = case((Teaching.state == State.CONFIRMED.value, Teaching.learner_id))
    statement = (
        select(
            Teaching.class_id,
            func.count(func.distinct(Teaching.learner_id)),
            func.count(func.distinct(confirmed)),
        )
        .where(Teaching.class_id.in_(ids), _STANDS)
        .group_by(Teaching.class_id)
    )
    return {class_id: Tally(all_, done) for class_id, all_, done in session.execute(statement) if class_id}


def teachers_with_part(session: Session, class_id: int) -> frozenset[int]:
    """Return the teachers who have somebody on the list of a class."""
    statement = select(Teaching.teacher_id).where(Teaching.class_id == class_id, _STANDS).distinct()
    return frozenset(session.scalars(statement))


def teachers_for(actor: Actor, held: ClassSession) -> list[Person]:
    """Return the teachers of a class whose part the actor may fill in.

    One's own; as the lead, or as whoever coordinates their units, that of others too.
    """
    leads = held.lead_id == actor.person_id and may(actor, Permission.CLASS_HOLD, anywhere=True)
    return [one for one in held.teachers if leads or _may_fill(actor, one)]


def _may_fill(actor: Actor, teacher: Person) -> bool:
    own = teacher.id == actor.person_id and may(actor, Permission.TEACHING_RECORD)
    return own or may(actor, Permission.TEACHING_RECORD_FOR, unit_id=teacher.unit_id)


def namesakes_here(session: Session, class_id: int, name_key: str, device_hash: str | None) -> list[Attendee]:
    """Return those of this very name on the list of a class who wait or have confirmed."""
    statement = (
        select(Teaching.id, Teaching.state, Person.phone_tail, Confirmation.device_hash)
        .join(Person, Person.id == Teaching.learner_id)
        .outerjoin(Confirmation, Confirmation.teaching_id == Teaching.id)
        .where(
            Teaching.class_id == class_id,
            Person.name_key == name_key,
            Teaching.state.in_((State.RECORDED.value, State.CONFIRMED.value)),
        )
        .order_by(Teaching.id)
    )
    return [
        Attendee(
            teaching_id=row.id,
            confirmed=row.state == State.CONFIRMED.value,
            phone_tail=row.phone_tail,
            same_device=device_hash is not None and row.device_hash == device_hash,
        )
        for row in session.execute(statement)
    ]


def earlier_learners(session: Session, teacher_ids: Sequence[int], name_key: str) -> list[Earlier]:
    """Return those of this very name whom one of these teachers taught before, the teachers left out."""
    taught = exists(
        select(Teaching.id).where(
            Teaching.learner_id == Person.id, Teaching.teacher_id.in_(teacher_ids), _STANDS
        )
    )
    statement = (
        select(Person.id, Person.ward_code, Person.age_band, Person.phone_tail)
        .where(
            Person.name_key == name_key,
            Person.anonymised_at.is_(None),
            Person.id.not_in(teacher_ids),
            taught,
        )
        .order_by(Person.id)
    )
    return [Earlier(*row) for row in session.execute(statement)]


def same_act(session: Session, teacher_id: int, learner_id: int, taught_on: date) -> Teaching | None:
    """Return the act of this pair on this day that stands already."""
    return session.scalar(
        select(Teaching).where(
            Teaching.teacher_id == teacher_id,
            Teaching.learner_id == learner_id,
            Teaching.taught_on == taught_on,
            Teaching.taught_second == 0,
            _STANDS,
        )
    )


def open_screens(session: Session, now: datetime) -> list[Screen]:
    """Return every screen by which somebody can check in at this moment."""
    statement = (
        select(ClassTeacher.class_id, ClassTeacher.person_id)
        .join(ClassSession, ClassSession.id == ClassTeacher.class_id)
        .where(ClassSession.state == ClassState.OPEN.value, ClassSession.check_in_until > now)
        .order_by(ClassTeacher.class_id, ClassTeacher.person_id)
        .limit(MOST_SCREENS)
    )
    return [Screen(*row) for row in session.execute(statement)]


def at_the_screen(session: Session, class_id: int) -> AtTheScreen:
    """Return who has checked in at the door of a class."""
    checked_in = and_(
        Teaching.class_id == class_id,
        Teaching.state == State.CONFIRMED.value,
        Confirmation.kind == "check_in",
    )
    statement = (
        select(Person.full_name)
        .join(Teaching, Teaching.learner_id == Person.id)
        .join(Confirmation, Confirmation.teaching_id == Teaching.id)
        .where(checked_in)
        .order_by(Confirmation.confirmed_at.desc(), Teaching.id.desc())
        .limit(MOST_NAMES)
    )
    number = session.scalar(
        select(func.count())
        .select_from(Teaching)
        .join(Confirmation, Confirmation.teaching_id == Teaching.id)
        .where(checked_in)
    )
    names = tuple(given_name(name) for name in session.scalars(statement))
    return AtTheScreen(number or 0, names)


def ticks(session: Session, teacher_id: int, class_id: int, search: str = "") -> list[Tick]:
    """Return earlier learners of a teacher who are not on the list of the class, the latest first."""
    here = aliased(Teaching)
    on_the_list = exists(
        select(here.id).where(
            here.class_id == class_id, here.learner_id == Person.id, here.state != State.VOIDED.value
        )
    )
    last_on = func.max(Teaching.taught_on)
    statement = (
        select(Person.id, Person.full_name, Ward.full_name, last_on)
        .join(Teaching, Teaching.learner_id == Person.id)
        .outerjoin(Ward, Ward.code == Person.ward_code)
        .where(Teaching.teacher_id == teacher_id, _STANDS, Person.anonymised_at.is_(None), ~on_the_list)
        .group_by(Person.id, Person.full_name, Ward.full_name)
        .order_by(last_on.desc(), Person.id.desc())
        .limit(MOST_TICKS)
    )
    for word in fold(search).split()[:6]:
        statement = statement.where(Person.name_key.contains(word, autoescape=True))
    return [Tick(*row) for row in session.execute(statement)]


def learners_among(session: Session, teacher_id: int, person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of those of these people whom the teacher has taught before, by id."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return {}
    statement = (
        select(Person.id, Person.full_name)
        .join(Teaching, Teaching.learner_id == Person.id)
        .where(Teaching.teacher_id == teacher_id, _STANDS, Person.id.in_(wanted))
        .distinct()
    )
    return {row[0]: row[1] for row in session.execute(statement)}
