"""Recording: a teacher writes down whom they taught, what, when and where. Nothing counts yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import events
from core.clock import local_day
from core.errors import Conflict, Invalid, NotAllowed
from core.secrets_box import SecretsBox
from learning.models import Skill
from learning.queries import skills as skill_queries
from people.names import name_key
from people.permissions import Actor, Permission, ensure
from people.phones import Phone, read_phone
from people.services.persons import NAME_KEY_LENGTH, PersonWish, create_person
from referrals.events import TeachingRecorded
from referrals.models.acts import Teaching, TeachingMove
from referrals.places import PLACES
from referrals.queries import teachings
from referrals.queries.teachings import Namesake
from referrals.services.issuing import issue_code
from referrals.states import State

FIRST_DAY: Final = date(2020, 1, 1)
CONFIRM_DAYS: Final = 30


@dataclass(frozen=True)
class TeachingWish:
    """What a teacher says of one act.

    Either `learner_id`, one of the teacher's own learners, or a `full_name`. `apart` says that a learner of
    the same name is somebody else. `client_uuid` was made with the form: sent again it makes nothing.
    """

    full_name: str
    taught_on: date
    skill_ids: tuple[int, ...] = ()
    place: str | None = None
    learner_id: int | None = None
    apart: bool = False
    phone: str | None = None
    age_band: str | None = None
    ward_code: str | None = None
    client_uuid: str | None = None


@dataclass(frozen=True)
class Recorded:
    """The teaching that stands now; `again` tells that it had been recorded before by the very same form."""

    teaching: Teaching
    again: bool = False


class MaybeSamePerson(Invalid):
    """One of the teacher's learners has this name: the teacher has to say whether it is the same person."""

    def __init__(self, candidates: list[Namesake]) -> None:
        super().__init__("maybe_same_person", {"learner": "maybe_same_person"})
        self.candidates = candidates


def record_teaching(
    session: Session,
    actor: Actor,
    wish: TeachingWish,
    now: datetime,
    box: SecretsBox,
    confirm_days: int = CONFIRM_DAYS,
) -> Recorded:
    """Write down an act, the learner where that is a new person, and a code to confirm it by.

    Raises Invalid("teaching_invalid") with fields, MaybeSamePerson, Conflict("same_act") when this act stands
    already, and Conflict("changed_resend") when the form's mark was used for something else.
    """
    ensure(actor, Permission.TEACHING_RECORD, anywhere=True)
    if actor.person_id is None:
        raise NotAllowed("no_person")
    found = _sent_before(session, actor.person_id, wish)
    if found is not None:
        return found
    skills = _checked(session, actor.person_id, wish, now, box)
    try:
        # A twin of this very form may be writing at the same moment: then its record is ours.
        with session.begin_nested():
            teaching = _write(session, actor, wish, skills, now, box)
    except IntegrityError:
        found = _sent_before(session, actor.person_id, wish)
        if found is None:
            raise
        return found
    issue_code(session, teaching, now, box, confirm_days)
    events.record(session, TeachingRecorded(teaching.id, teaching.teacher_id, teaching.learner_id))
    return Recorded(teaching)


def _sent_before(session: Session, teacher_id: int, wish: TeachingWish) -> Recorded | None:
    found = teachings.by_client_uuid(session, wish.client_uuid) if wish.client_uuid else None
    if found is None:
        return None
    same_learner = (
        found.learner_id == wish.learner_id
        if wish.learner_id is not None
        else found.learner.name_key == name_key(wish.full_name)[:NAME_KEY_LENGTH]
    )
    if found.teacher_id != teacher_id or not same_learner or found.taught_on != wish.taught_on:
        raise Conflict("changed_resend")
    return Recorded(found, again=True)


def _checked(
    session: Session, teacher_id: int, wish: TeachingWish, now: datetime, box: SecretsBox
) -> list[Skill]:
    fields: dict[str, str] = {}
    if wish.taught_on > local_day(now):
        fields["taught_on"] = "in_future"
    elif wish.taught_on < FIRST_DAY:
        fields["taught_on"] = "too_early"
    if wish.place is not None and wish.place not in PLACES:
        fields["place"] = "not_a_choice"
    known = skill_queries.skills_by_ids(session, wish.skill_ids)
    skills = [known[one] for one in dict.fromkeys(wish.skill_ids) if one in known and known[one].active]
    if not wish.skill_ids:
        fields["skills"] = "choose_one"
    elif len(skills) < len(set(wish.skill_ids)):
        fields["skills"] = "not_a_choice"
    if wish.learner_id is not None and not teachings.is_my_learner(session, teacher_id, wish.learner_id):
        fields["learner"] = "not_a_choice"
    if fields:
        raise Invalid("teaching_invalid", fields)
    if wish.learner_id is None and not wish.apart:
        phone = read_phone(wish.phone or "")
        phone_hash = box.blind_index("phone", phone.e164) if isinstance(phone, Phone) else None
        candidates = teachings.namesakes(
            session,
            teacher_id,
            name_key(wish.full_name),
            ward_code=wish.ward_code,
            phone_hash=phone_hash,
        )
        if candidates:
            raise MaybeSamePerson(candidates)
    return skills


def _write(
    session: Session, actor: Actor, wish: TeachingWish, skills: list[Skill], now: datetime, box: SecretsBox
) -> Teaching:
    learner_id = wish.learner_id
    if learner_id is None:
        person = PersonWish(wish.full_name, wish.phone, age_band=wish.age_band, ward_code=wish.ward_code)
        learner_id = create_person(session, actor, person, now, box).id
    elif _same_act(session, actor.person_id, learner_id, wish.taught_on):
        raise Conflict("same_act")
    teaching = Teaching(
        teacher_id=actor.person_id,
        learner_id=learner_id,
        taught_on=wish.taught_on,
        taught_second=0,
        taught_precision="day",
        place=wish.place,
        ward_code=wish.ward_code,
        state=State.RECORDED.value,
        recorded_by=actor.account_id,
        recorded_at=now,
        client_uuid=wish.client_uuid,
        skills=skills,
    )
    session.add(teaching)
    session.flush()
    session.add(
        TeachingMove(
            teaching_id=teaching.id,
            from_state=None,
            to_state=State.RECORDED.value,
            at=now,
            account_id=actor.account_id,
        )
    )
    return teaching


def _same_act(session: Session, teacher_id: int | None, learner_id: int, taught_on: date) -> bool:
    statement = select(Teaching.id).where(
        Teaching.teacher_id == teacher_id,
        Teaching.learner_id == learner_id,
        Teaching.taught_on == taught_on,
        Teaching.taught_second == 0,
        Teaching.state != State.VOIDED.value,
    )
    return session.scalar(statement.limit(1)) is not None
