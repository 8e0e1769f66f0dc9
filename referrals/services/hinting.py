"""The hint while a name is typed: whom it may stand for. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.clock import local_day
from core.errors import NotAllowed
from core.secrets_box import SecretsBox
from people.permissions import Actor, Permission, ensure
from referrals.batches import Candidate, Frame, Line
from referrals.services.judging import lay_out
from referrals.services.recording import TeachingWish


@dataclass(frozen=True)
class HintWish:
    """What stands in the form so far."""

    full_name: str
    phone: str = ""
    ward_code: str | None = None
    age_band: str | None = None
    taught_on: date | None = None

    @classmethod
    def of(cls, wish: TeachingWish) -> HintWish:
        """Return what a whole form says of the learner."""
        return cls(wish.full_name, wish.phone or "", wish.ward_code, wish.age_band, wish.taught_on)


@dataclass(frozen=True)
class Hint:
    """Whom a name may stand for. `own_name`: it is the teacher's own, and nobody else's that we know of."""

    candidates: tuple[Candidate, ...] = ()
    same_act: bool = False
    own_name: bool = False


def hint(session: Session, actor: Actor, wish: HintWish, now: datetime, box: SecretsBox) -> Hint:
    """Return whom a name may stand for, by the very rules of recording; nobody for what is no name yet."""
    ensure(actor, Permission.TEACHING_RECORD, anywhere=True)
    if actor.person_id is None:
        raise NotAllowed("no_person")
    today = local_day(now)
    day = wish.taught_on if wish.taught_on is not None and wish.taught_on <= today else today
    line = Line(1, wish.full_name, wish.phone, age_band=wish.age_band, ward_code=wish.ward_code)
    # The skills have no say in who somebody is: the hint does not wait until they are chosen.
    desk = lay_out(session, None, Frame(actor.person_id, day, ()), [line], now, box, whoever=True)
    reading = desk.readings[0]
    verdict = desk.weighing.weigh(reading, desk.about(reading))
    reasons = verdict.reasons
    return Hint(verdict.candidates, "same_act" in reasons, "own_name" in reasons)
