"""Recording: a teacher writes down whom they taught, what, when and where. Nothing counts yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotAllowed
from core.secrets_box import SecretsBox
from people.models import Person
from people.permissions import Actor, Permission, ensure
from referrals.batches import Candidate, Choice, Decided, Frame, Line, Verdict
from referrals.models.acts import Teaching
from referrals.services import batches
from referrals.services.batches import CONFIRM_DAYS

# Why a line cannot be written → the field of the form, and what to say there.
_FIELDS: Final = {
    "in_future": ("taught_on", "in_future"),
    "too_early": ("taught_on", "too_early"),
    "choose_one": ("skills", "choose_one"),
    "skill_unknown": ("skills", "not_a_choice"),
    "gender_unknown": ("gender", "not_a_choice"),
    "age_unknown": ("age_band", "not_a_choice"),
    "ward_unknown": ("ward_code", "not_a_choice"),
    "not_a_choice": ("learner", "not_a_choice"),
    "teaches_oneself": ("full_name", "teaches_oneself"),
}


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
    """We may know somebody of this name: the teacher has to say whether it is the same person.

    Without candidates it is the teacher's own name.
    """

    def __init__(self, candidates: tuple[Candidate, ...]) -> None:
        code = "maybe_same_person" if candidates else "own_name"
        super().__init__(code, {"learner": code})
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
    frame, line = _as_line(session, actor.person_id, wish)
    choice: Choice | None = "same" if wish.learner_id is not None else "apart" if wish.apart else None
    decided = Decided(Verdict(line, "new"), choice, wish.learner_id)
    (done,) = batches.write_lines(session, actor, frame, [decided], now, box, confirm_days, at_form=True)
    if done.reasons[:1] == ("same_act",):
        raise Conflict("same_act", teaching_id=done.teaching_id)
    if done.outcome == "nothing" and done.reasons[0] == "undecided":
        (verdict,) = batches.judge_lines(session, actor, frame, [line], now, box)
        raise MaybeSamePerson(verdict.candidates)
    if done.outcome == "refused":
        raise _refusal(done.reasons, wish)
    teaching = session.get_one(Teaching, done.teaching_id)
    return Recorded(teaching, again=done.outcome == "nothing")


def _as_line(session: Session, teacher_id: int, wish: TeachingWish) -> tuple[Frame, Line]:
    name = wish.full_name
    if wish.learner_id is not None and not name.strip():
        learner = session.get(Person, wish.learner_id)
        name = learner.full_name if learner else "?"
    frame = Frame(teacher_id, wish.taught_on, wish.skill_ids, place=wish.place, ward_code=wish.ward_code)
    line = Line(1, name, wish.phone or "", age_band=wish.age_band, client_uuid=wish.client_uuid)
    return frame, line


def _refusal(reasons: tuple[str, ...], wish: TeachingWish) -> Conflict | Invalid:
    if "changed_resend" in reasons:
        return Conflict("changed_resend")
    fields: dict[str, str] = {}
    for reason in reasons:
        if reason.startswith("name_"):
            fields["full_name"] = reason
        elif reason.startswith("phone_"):
            fields["phone"] = reason
        else:
            field, code = _FIELDS[reason]
            fields[field] = code
    if wish.learner_id is not None and fields.pop("full_name", None) is not None:
        fields["learner"] = "not_a_choice"
    return Invalid("teaching_invalid", fields)
