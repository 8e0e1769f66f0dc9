"""Classes, a home visit and people who wait, in the demonstration city: invented, by the same services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sqlalchemy.orm import Session

from app.demo.names import make_name
from core.clock import local_day
from core.secrets_box import SecretsBox
from learning.classes import Counts
from learning.queries.skills import skills_by_code
from learning.services import classes
from learning.services.classes import ClassWish
from people.models import Person
from people.permissions import ANYONE, HOUSE, Actor, Role
from referrals.batches import Decided, Line, Verdict
from referrals.services import class_attendance, confirming, waiting
from referrals.services.waiting import AskWish

CONSENT: Final = "Dữ liệu trình diễn: người này không có thật."


@dataclass
class Gathered:
    """What was made."""

    classes: int = 0
    waiting: int = 0
    people: int = 0


@dataclass(frozen=True)
class _Held:
    """A class as it is told: days ago, how many came by name, how many of them checked in."""

    kind: str
    title: str
    place: str
    days_ago: int
    skills: tuple[str, ...]
    names: int
    checked_in: int
    counts: Counts
    closed: bool = True


CLASSES: Final = (
    _Held(
        "mobile_class",
        "Dịch vụ công cho bà con tổ 12",
        "Nhà văn hóa tổ 12",
        16,
        ("public_services", "identity"),
        9,
        7,
        Counts(headcount=14, elderly=9, disabled=1, poor=2, minority=0),
    ),
    _Held(
        "market_stand",
        "Trả tiền chợ bằng mã QR",
        "Cổng chợ, quầy số 3",
        6,
        ("payment", "safety"),
        6,
        6,
        Counts(headcount=11, elderly=4, disabled=0, poor=1, minority=0),
    ),
    _Held(
        "home_visit",
        "Đặt lịch khám cho ông bà",
        "",
        1,
        ("health",),
        2,
        0,
        Counts(headcount=2, elderly=2, disabled=1, poor=0, minority=0),
        closed=False,
    ),
)

# Age band, skill, days of waiting, how the wish came, a note.
WISHES: Final = (
    ("60_74", "identity", 23, "call", "Nhà ở cuối kiệt, gọi cửa giúp."),
    ("75_plus", "health", 12, "form", ""),
    ("45_59", "payment", 5, "walk_in", "Bán hàng ở chợ, rảnh buổi trưa."),
    ("60_74", "messages", 2, "form", "Muốn gọi video cho cháu."),
)


def gather(
    session: Session, box: SecretsBox, now: datetime, seed: int, lead: Person, helper: Person
) -> Gathered:
    """Hold the classes; let people of the helper's ward wait to be taught."""
    random = Random(seed)  # the same city each time, nothing secret
    actor = Actor(person_id=lead.id, roles=frozenset({Role.VOLUNTEER}))
    skills = {code: skill.id for code, skill in skills_by_code(session).items()}
    made = Gathered(len(CLASSES), len(WISHES))
    for told in CLASSES:
        made.people += _hold(
            session, box, now, random, actor, told, tuple(skills[code] for code in told.skills), helper
        )
    for number, (age_band, skill, days, came_by, note) in enumerate(WISHES):
        name = make_name(random, random.choice("mf"), age_band)
        asked_at = now - timedelta(days=days)
        wish = AskWish(
            full_name=name,
            ward_code=str(helper.ward_code),
            phone=f"09050000{number:02}",
            skill_id=skills[skill],
            age_band=age_band,
            note=note,
            came_by=came_by,
            consent_text=CONSENT,
        )
        waiting.ask_to_learn(session, ANYONE if came_by == "form" else HOUSE, wish, asked_at, box)
    return made


def _hold(
    session: Session,
    box: SecretsBox,
    now: datetime,
    random: Random,
    actor: Actor,
    told: _Held,
    skill_ids: tuple[int, ...],
    helper: Person,
) -> int:
    """Hold one class; return how many came by name."""
    at = now - timedelta(days=told.days_ago)
    home = session.get_one(Person, actor.person_id)
    wish = ClassWish(
        kind=told.kind,
        title=told.title,
        held_on=local_day(at),
        skill_ids=skill_ids,
        place=told.place,
        ward_code=home.ward_code,
        helper_ids=() if told.kind == "home_visit" else (helper.id,),
    )
    held = classes.open_class(session, actor, wish, at).held
    lines = [
        Line(row, make_name(random, random.choice("mf"), "60_74"), age_band="60_74", ward_code=home.ward_code)
        for row in range(1, told.names + 1)
    ]
    decided = [Decided(Verdict(line, "new", ()), "apart") for line in lines]
    written = class_attendance.write_list(session, actor, held.id, held.lead_id, decided, at, box)
    for number, one in enumerate(written):
        if one.person_id is not None:
            session.get_one(Person, one.person_id).is_demo = True
        if one.teaching_id is not None and number < told.checked_in:
            confirming.confirm_by_house(session, HOUSE, one.teaching_id, at, kind="check_in")
    class_attendance.say_who_came(session, actor, held.id, told.counts)
    if told.closed:
        classes.close_class(session, actor, held.id, at)
    return len(written)
