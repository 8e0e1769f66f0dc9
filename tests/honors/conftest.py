"""What the tests of honours start from: people with learners, and staff who look for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.secrets_box import SecretsBox
from honors import services
from honors.models import Nomination
from honors.services import ConsentAnswer
from people.models import Person
from tests.support.cast import Cast, Member
from tests.support.story import Story

WORDS = "Chiều thứ Bảy nào cũng mang ghế ra đầu kiệt, chỉ cho từng cô bác."


class Scene:
    """Tells what the people of the cast do, in one session."""

    def __init__(self, session: Session, cast: Cast, clock: FixedClock, box: SecretsBox) -> None:
        self.session = session
        self.cast = cast
        self.clock = clock
        self.story = Story(session, clock, box)

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.clock.now()

    def person(self, member: Member) -> Person:
        """The row of a member of the cast."""
        found = self.session.get(Person, member.person_id)
        assert found is not None
        return found

    def learners(self, teacher: Member | int, count: int, **values: str) -> list[int]:
        """Let somebody teach so many new people, each of whom confirms."""
        teacher_id = teacher if isinstance(teacher, int) else teacher.person_id
        made = []
        for number in range(count):
            learner = self.story.person(f"Người học {teacher_id} {number}")
            person = self.session.get(Person, learner)
            assert person is not None
            for name, value in values.items():
                setattr(person, name, value)
            self.session.flush()
            self.story.taught(teacher_id, learner)
            made.append(learner)
        return made

    def nominated(self, member: Member, words: str = WORDS) -> Nomination:
        """Nominate somebody with enough learners, and tell the story."""
        frank = self.cast.frank.actor
        nomination = services.nominate(self.session, frank, member.person_id, self.now)
        return services.tell_story(self.session, frank, nomination.id, words, self.now)

    def answer(self, nomination: Nomination, *, given: bool = True, **changes: Any) -> ConsentAnswer:
        """An answer to the present words."""
        values: dict[str, Any] = {
            "given": given,
            "text_shown": "Tôi đồng ý để bài này được đăng.",
            "language": "vi",
            "how": "in_person",
            "edition": nomination.edition,
        }
        return ConsentAnswer(**values | changes)

    def agrees(self, nomination: Nomination, **changes: Any) -> None:
        """Let the staff write down a yes."""
        answer = self.answer(nomination, **changes)
        services.answer_consent(self.session, self.cast.frank.actor, nomination.id, answer, self.now)

    def published(self, member: Member, **changes: Any) -> Nomination:
        """Put somebody with enough learners on the wall."""
        nomination = self.nominated(member)
        self.agrees(nomination, **changes)
        return services.publish(self.session, self.cast.frank.actor, nomination.id, self.now)


@pytest.fixture
def scene(cast: Cast, session: Session, clock: FixedClock, box: SecretsBox) -> Scene:
    """The stage, on each database."""
    return Scene(session, cast, clock, box)
