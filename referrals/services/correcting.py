"""Correcting: a typing mistake in an act that nobody has confirmed is put right; the history tells of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import local_day
from core.errors import Conflict, Invalid
from core.secrets_box import SecretsBox
from learning.models import Skill
from learning.queries import skills as skill_queries
from people.age_bands import AGE_BANDS
from people.models import Person, Ward
from people.names import NameProblem, clean_name, name_key
from people.permissions import Actor, Permission, ensure
from people.phones import Phone, PhoneProblem, read_phone
from people.services.audit import write_audit
from people.services.persons import correct_person
from referrals.batches import FIRST_DAY
from referrals.models.acts import Teaching, TeachingMove
from referrals.places import PLACES
from referrals.queries.correctable import CORRECTABLE, bound
from referrals.queries.teachings import teaching_for
from referrals.states import State

# The fields as the history names them; what they held is not told: a name or a phone is no history.
FIELD_NAMES: Final = {
    "full_name": "họ tên",
    "phone": "số điện thoại",
    "ward_code": "phường, xã",
    "age_band": "độ tuổi",
    "skills": "việc đã dạy",
    "taught_on": "ngày dạy",
    "place": "nơi dạy",
}


_OF_THE_ACT: Final = ("state", "taught_on", "taught_second", "place", "class_id")
_OF_THE_PERSON: Final = ("full_name", "name_key", "ward_code", "age_band", "phone_hash", "anonymised_at")


@dataclass(frozen=True)
class Correction:
    """How an act and its learner should read. The person's own part is left alone where it is bound.

    An empty `phone` keeps the number that is there; `drop_phone` forgets it. `apart` says that a learner of
    the same name is somebody else.
    """

    full_name: str
    taught_on: date
    skill_ids: tuple[int, ...]
    place: str | None = None
    phone: str = ""
    drop_phone: bool = False
    ward_code: str | None = None
    age_band: str | None = None
    apart: bool = False


class ChangedMeanwhile(Conflict):
    """The act or its learner was changed after the page was opened; `mark` is that of what stands now."""

    def __init__(self, mark: str) -> None:
        super().__init__("edited_meanwhile")
        self.mark = mark


def as_it_stands(teaching: Teaching) -> Correction:
    """Return the act and its learner as they read now."""
    learner = teaching.learner
    return Correction(
        full_name=learner.full_name,
        taught_on=teaching.taught_on,
        skill_ids=tuple(sorted(skill.id for skill in teaching.skills)),
        place=teaching.place,
        ward_code=learner.ward_code,
        age_band=learner.age_band,
    )


def mark_of(teaching: Teaching) -> str:
    """Return a short text that changes with the act and its learner: a page carries it back."""
    plain = repr((as_it_stands(teaching), teaching.learner.phone_hash, teaching.state))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def correct_teaching(
    session: Session,
    actor: Actor,
    teaching_id: int,
    wish: Correction,
    mark: str,
    now: datetime,
    box: SecretsBox,
) -> Teaching:
    """Put an act right that nobody has confirmed; codes stay good, the history says what was changed.

    An act that was sent back waits for the learner again. Raises NotFound, NotAllowed,
    Conflict("wrong_state") once it was answered, ChangedMeanwhile, and Invalid("teaching_invalid") with
    fields; a field `apart` asks whether a learner of the same name is somebody else.
    """
    teaching = teaching_for(session, actor, teaching_id)
    owner = teaching.teacher_id
    ensure(actor, Permission.TEACHING_CORRECT, unit_id=teaching.teacher.unit_id, owner_id=owner)
    # Only columns of the row itself: PostgreSQL locks no row of an outer join.
    session.refresh(teaching, _OF_THE_ACT, with_for_update=True)
    session.refresh(teaching.learner, _OF_THE_PERSON, with_for_update=True)
    session.refresh(teaching, ["skills"])
    if teaching.state not in CORRECTABLE:
        raise Conflict("wrong_state")
    present = as_it_stands(teaching)
    free = bound(session, teaching) is None
    if teaching.class_id is not None:
        # The class says for all its acts when, where and what.
        wish = replace(wish, taught_on=present.taught_on, skill_ids=present.skill_ids, place=present.place)
    if not free:
        wish = replace(
            wish,
            full_name=present.full_name,
            ward_code=present.ward_code,
            age_band=present.age_band,
            phone="",
            drop_phone=False,
        )
    wish, phone, skills = _checked(session, teaching, wish, present, now)
    changed = _changed(teaching, wish, present, phone, box)
    if not changed and teaching.state == State.RECORDED.value:
        return teaching
    if mark != mark_of(teaching):
        raise ChangedMeanwhile(mark_of(teaching))
    if "full_name" in changed and not wish.apart and _namesake(session, teaching, wish):
        raise Invalid("teaching_invalid", {"apart": "maybe_same_person"})
    _write(session, actor, teaching, wish, skills, phone, box)
    _remember(session, actor, teaching, changed, now)
    return teaching


def _checked(
    session: Session, teaching: Teaching, wish: Correction, present: Correction, now: datetime
) -> tuple[Correction, Phone | None, list[Skill]]:
    fields: dict[str, str] = {}
    name = clean_name(wish.full_name, allow_digits=wish.full_name == present.full_name)
    if isinstance(name, NameProblem):
        fields["full_name"] = f"name_{name.code}"
    phone = read_phone(wish.phone)
    if isinstance(phone, PhoneProblem) and phone.code != "empty":
        fields["phone"] = f"phone_{phone.code}"
    if wish.ward_code and session.get(Ward, wish.ward_code) is None:
        fields["ward_code"] = "not_a_choice"
    if wish.age_band and wish.age_band not in AGE_BANDS:
        fields["age_band"] = "not_a_choice"
    if wish.place is not None and wish.place not in PLACES:
        fields["place"] = "not_a_choice"
    moved = wish.taught_on != present.taught_on
    if moved and (problem := _problem_of_day(session, teaching, wish.taught_on, now)):
        fields["taught_on"] = problem
    known = skill_queries.skills_by_ids(session, wish.skill_ids)
    # One that was switched off since may stay where it stood.
    kept = set(present.skill_ids)
    skills = [one for one in known.values() if one.active or one.id in kept]
    if len(skills) < len(set(wish.skill_ids)):
        fields["skills"] = "not_a_choice"
    elif not skills and kept:
        fields["skills"] = "choose_one"
    if fields or isinstance(name, NameProblem):
        raise Invalid("teaching_invalid", fields)
    wish = replace(
        wish,
        full_name=name,
        skill_ids=tuple(sorted(set(wish.skill_ids))),
        ward_code=wish.ward_code or None,
        age_band=wish.age_band or None,
    )
    return wish, phone if isinstance(phone, Phone) else None, skills


def _changed(
    teaching: Teaching, wish: Correction, present: Correction, phone: Phone | None, box: SecretsBox
) -> list[str]:
    changed = [
        field
        for field in ("full_name", "ward_code", "age_band", "taught_on", "place")
        if getattr(wish, field) != getattr(present, field)
    ]
    if wish.skill_ids != present.skill_ids:
        changed.append("skills")
    had = teaching.learner.phone_hash
    if (wish.drop_phone and phone is None and had) or (
        phone is not None and box.blind_index("phone", phone.e164) != had
    ):
        changed.append("phone")
    return [field for field in FIELD_NAMES if field in changed]


def _namesake(session: Session, teaching: Teaching, wish: Correction) -> bool:
    """Tell whether the teacher has another learner of the new name, from the same ward or an unknown one."""
    key = name_key(wish.full_name)
    if key == teaching.learner.name_key:
        return False
    rows = session.execute(
        select(Person.ward_code)
        .join(Teaching, Teaching.learner_id == Person.id)
        .where(
            Teaching.teacher_id == teaching.teacher_id,
            Teaching.state != State.VOIDED.value,
            Person.name_key == key,
            Person.id != teaching.learner_id,
            Person.anonymised_at.is_(None),
        )
        .limit(20)
    )
    return any(not ward or not wish.ward_code or ward == wish.ward_code for (ward,) in rows)


def _problem_of_day(session: Session, teaching: Teaching, day: date, now: datetime) -> str | None:
    if day > local_day(now):
        return "in_future"
    if day < FIRST_DAY:
        return "too_early"
    twin = select(Teaching.id).where(
        Teaching.teacher_id == teaching.teacher_id,
        Teaching.learner_id == teaching.learner_id,
        Teaching.taught_on == day,
        Teaching.taught_second == 0,
        Teaching.state != State.VOIDED.value,
        Teaching.id != teaching.id,
    )
    return "same_act" if session.scalar(twin.limit(1)) is not None else None


def _write(
    session: Session,
    actor: Actor,
    teaching: Teaching,
    wish: Correction,
    skills: list[Skill],
    phone: Phone | None,
    box: SecretsBox,
) -> None:
    correct_person(
        session,
        actor,
        teaching.learner,
        full_name=wish.full_name,
        ward_code=wish.ward_code,
        age_band=wish.age_band,
        phone=phone,
        drop_phone=wish.drop_phone,
        box=box,
    )
    try:
        with session.begin_nested():
            if wish.taught_on != teaching.taught_on:
                teaching.taught_on, teaching.taught_second, teaching.taught_precision = (
                    wish.taught_on,
                    0,
                    "day",
                )
            teaching.place = wish.place
            teaching.skills = skills
            session.flush()
    except IntegrityError as error:
        # The same act came in at the same moment.
        raise Invalid("teaching_invalid", {"taught_on": "same_act"}) from error


def _remember(session: Session, actor: Actor, teaching: Teaching, changed: list[str], now: datetime) -> None:
    before = teaching.state
    teaching.state = State.RECORDED.value
    what = ", ".join(FIELD_NAMES[field] for field in changed)
    session.add(
        TeachingMove(
            teaching_id=teaching.id,
            from_state=before,
            to_state=State.RECORDED.value,
            at=now,
            account_id=actor.account_id,
            reason=f"Sửa lại: {what}" if what else "",
        )
    )
    if actor.person_id != teaching.teacher_id:
        write_audit(session, actor, "teaching.corrected", "teaching", teaching.id, {"fields": changed}, now)
    session.flush()
