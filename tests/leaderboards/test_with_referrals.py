"""Boards and badges beside the real services of referrals: whatever is confirmed and voided, all agree."""

from __future__ import annotations

import random
from datetime import date

import pytest
from sqlalchemy import func, select

from app.wiring import REACTIONS
from core.events import deliver
from leaderboards import queries, services
from leaderboards.models import LedgerEntry
from people.permissions import HOUSE
from referrals.models.acts import Teaching
from referrals.models.tree import Credit
from referrals.services import voiding
from tests.support.story import Story

DAYS = (date(2025, 12, 31), date(2026, 9, 30), date(2026, 11, 1), date(2026, 11, 20))


@pytest.mark.parametrize("seed", range(4))
def test_the_ledger_agrees_with_referrals_after_any_story(session, cast, clock, box, seed):
    draw = random.Random(seed)
    story = Story(session, clock, box)
    people = [cast[key].person_id for key in ("alice", "bob", "dave", "erin", "grace", "heidi")]
    taken: set[tuple[int, int, date]] = set()
    acts: list[Teaching] = []
    for _ in range(40):
        standing = [act for act in acts if act.state == "confirmed"]
        if standing and draw.random() < 0.35:
            voiding.void(session, HOUSE, draw.choice(standing).id, "ghi nhầm", clock.now())
        else:
            teacher, learner = draw.sample(people, 2)
            key = (teacher, learner, draw.choice(DAYS))
            if key in taken:
                continue
            taken.add(key)
            acts.append(story.taught(*key))
        deliver(session, REACTIONS, clock.now())
    assert queries.differences(session) == []
    assert services.recount(session, HOUSE, clock.now()).entries == 0
    sums = dict(
        session.execute(
            select(LedgerEntry.kind, func.sum(LedgerEntry.amount)).group_by(LedgerEntry.kind)
        ).all()
    )
    confirmed = sum(act.state == "confirmed" for act in acts)
    assert sums.get("contact", 0) == confirmed
    assert sums.get("learner", 0) == session.scalar(select(func.count()).select_from(Credit))
