"""Stories of teaching for tests: record and confirm in a line, through the services that the pages call."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from core.clock import FixedClock, local_day
from core.secrets_box import SecretsBox
from learning.models import Skill
from people.models import Person, Ward
from people.names import name_key, sort_key
from people.permissions import ANYONE, HOUSE, Actor
from referrals.codes import Door
from referrals.models.acts import Teaching
from referrals.models.tree import Credit, Lineage
from referrals.services import confirming, recording
from referrals.services.recording import TeachingWish
from tests.support.cast import Member


class Story:
    """Tells what happens, in one session."""

    def __init__(self, session: Session, clock: FixedClock, box: SecretsBox) -> None:
        self.session = session
        self.clock = clock
        self.box = box

    @property
    def skill(self) -> Skill:
        """A skill; made when first asked for."""
        found = self.session.scalar(select(Skill).order_by(Skill.id))
        if found is None:
            found = Skill(code="qr", name_vi="Thanh toán QR", name_en="QR payment", position=1, active=True)
            self.session.add(found)
            self.session.flush()
        return found

    def ward(self, code: str = "20194", name: str = "Hải Vân") -> Ward:
        """A ward; made when first asked for."""
        found = self.session.get(Ward, code)
        if found is None:
            found = Ward(
                code=code, kind="ward", name=name, full_name=f"Phường {name}", name_en=name,
                full_name_en=f"{name} Ward", population=None, sort_key=sort_key(name),
            )  # fmt: skip
            self.session.add(found)
            self.session.flush()
        return found

    def person(self, full_name: str) -> int:
        """A new person without an account; the id."""
        person = Person(
            full_name=full_name,
            name_key=name_key(full_name),
            sort_key=sort_key(full_name),
            created_at=self.clock.now(),
        )
        self.session.add(person)
        self.session.flush()
        return person.id

    def wish(self, full_name: str = "Trần Thị Hoa", **changes: Any) -> TeachingWish:
        """A wish that is granted: today, at home, one skill."""
        values: dict[str, Any] = {
            "full_name": full_name,
            "taught_on": local_day(self.clock.now()),
            "skill_ids": (self.skill.id,),
            "place": "home",
        }
        return TeachingWish(**values | changes)

    def record(self, who: Member | Actor, full_name: str = "Trần Thị Hoa", **changes: Any) -> Teaching:
        """Record an act of this teacher."""
        actor = who.actor if isinstance(who, Member) else who
        wish = self.wish(full_name, **changes)
        return recording.record_teaching(self.session, actor, wish, self.clock.now(), self.box).teaching

    def confirm(self, teaching: Teaching, actor: Actor = ANYONE, serial: int = 1) -> Teaching:
        """Let the learner confirm through the link."""
        evidence = confirming.Evidence(Door(teaching.id, serial))
        return confirming.confirm(self.session, actor, evidence, self.clock.now())

    def taught(self, teacher: int, learner: int, on: date | None = None) -> Teaching:
        """A confirmed act between two people who are there already; the learner's word came on paper."""
        teaching = Teaching(
            teacher_id=teacher,
            learner_id=learner,
            taught_on=on or local_day(self.clock.now()),
            taught_second=0,
            taught_precision="day",
            state="recorded",
            recorded_at=self.clock.now(),
            skills=[self.skill],
        )
        self.session.add(teaching)
        self.session.flush()
        return confirming.confirm_by_house(self.session, HOUSE, teaching.id, self.clock.now())

    def places(self) -> dict[int, int]:
        """Who stands below whom: learner → teacher."""
        return {
            row[0]: row[1] for row in self.session.execute(select(Lineage.learner_id, Lineage.teacher_id))
        }

    def credits(self) -> set[tuple[int, int]]:
        """The counted (teacher, learner) pairs."""
        return {
            (row[0], row[1]) for row in self.session.execute(select(Credit.teacher_id, Credit.learner_id))
        }

    def told(self) -> list[object]:
        """The events recorded since the last time this was asked."""
        return events.take(self.session)
