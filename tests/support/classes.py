"""Classes for tests: open one, fill its list and its door in a line."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.clock import local_day
from learning.models import ClassSession
from learning.services.classes import ClassWish, open_class
from people.permissions import ANYONE, Actor
from referrals.batches import Decided, Line, Written
from referrals.checking_in import Said
from referrals.services import check_in, class_attendance
from referrals.services.check_in import CheckedIn, CheckInWish
from referrals.services.confirming import Shown
from referrals.turning_codes import Screen
from tests.support.cast import Member
from tests.support.story import Story


def class_wish(story: Story, **changes: Any) -> ClassWish:
    """A wish that is granted: a mobile class today, one skill."""
    values: dict[str, Any] = {
        "kind": "mobile_class",
        "title": "Lớp nhà văn hóa",
        "held_on": local_day(story.clock.now()),
        "skill_ids": (story.skill.id,),
        "place": "Nhà văn hóa thôn 2",
    }
    return ClassWish(**values | changes)


def opened(story: Story, lead: Member, *helpers: Member, **changes: Any) -> ClassSession:
    """A class of this lead, today."""
    wish = class_wish(story, helper_ids=tuple(one.person_id for one in helpers), **changes)
    return open_class(story.session, lead.actor, wish, story.clock.now()).held


def door(story: Story, held: ClassSession, who: Member, hours: int = 2) -> None:
    """Open the door."""
    check_in.open_door(story.session, who.actor, held.id, hours, story.clock.now())


def came(
    story: Story, held: ClassSession, who: Member, *names: str, part: Member | None = None
) -> list[Written]:
    """Write these names on the list of the class."""
    lines = [Line(row, name) for row, name in enumerate(names, 1)]
    teacher_id = (part or who).person_id
    verdicts = class_attendance.judge_list(
        story.session, who.actor, held.id, teacher_id, lines, story.clock.now(), story.box
    )
    return class_attendance.write_list(
        story.session,
        who.actor,
        held.id,
        teacher_id,
        [Decided(one) for one in verdicts],
        story.clock.now(),
        story.box,
    )


def learner_wish(
    held: ClassSession, at: Member, name: str, device: str | None = None, **said: Any
) -> CheckInWish:
    """What a learner says at a screen."""
    return CheckInWish(
        screen=Screen(held.id, at.person_id),
        full_name=name,
        said=Said(**said),
        consent=Shown("Tôi đồng ý.", "vi"),
        device_hash=device,
        address_hash="a" * 32,
    )


def checks_in(
    story: Story,
    held: ClassSession,
    at: Member,
    name: str,
    device: str | None = None,
    actor: Actor = ANYONE,
    **said: Any,
) -> CheckedIn:
    """Somebody checks in at the screen of a teacher."""
    wish = learner_wish(held, at, name, device, **said)
    return check_in.check_in(story.session, actor, wish, story.clock.now(), story.box)


def on(day: int) -> date:
    """A day of November 2026."""
    return date(2026, 11, day)
