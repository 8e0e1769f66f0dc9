"""Badges come with the confirmation, go with the void, and a reconcile puts everything right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from badges import queries, services
from badges.catalogue import BY_CODE, progress
from badges.models import Award
from core.clock import FixedClock
from core.errors import NotAllowed, NotFound
from people.models import Person
from people.names import name_key, sort_key
from people.permissions import ANYONE, HOUSE
from referrals.events import NetworkImported, TeachingConfirmed, TeachingVoided
from referrals.models.acts import Teaching
from referrals.models.tree import Credit, Lineage, PersonFigures
from referrals.queries.facts import facts_of
from tests.support.cast import Cast

DAY = date(2026, 11, 20)


@dataclass
class City:
    """Confirms and voids acts as referrals does, and tells the badges."""

    session: Session
    now: datetime
    source: str | None = None

    def person(self, name: str) -> int:
        row = Person(full_name=name, name_key=name_key(name), sort_key=sort_key(name), created_at=self.now)
        self.session.add(row)
        self.session.flush()
        return row.id

    def taught(self, teacher: int, learner: int, tell: bool = True) -> Teaching:
        act = Teaching(
            teacher_id=teacher,
            learner_id=learner,
            taught_on=DAY,
            recorded_at=self.now,
            state="confirmed",
            confirmed_at=self.now,
            source=self.source,
        )
        self.session.add(act)
        self.session.flush()
        self.session.add(Credit(teacher_id=teacher, learner_id=learner, teaching_id=act.id))
        placed = self.session.get(Lineage, learner) is None
        if placed:
            place = Lineage(learner_id=learner, teacher_id=teacher, teaching_id=act.id, since=self.now)
            self.session.add(place)
        self.session.flush()
        if tell:
            told = TeachingConfirmed(act.id, teacher, learner, DAY, None, credited=True, placed=placed)
            services.on_teaching_confirmed(self.session, told, self.now)
        return act

    def void(self, act: Teaching) -> None:
        act.state = "voided"
        for table in (Credit, Lineage):
            self.session.execute(delete(table).where(table.teaching_id == act.id))
        self.session.flush()
        told = TeachingVoided(act.id, act.teacher_id, act.learner_id, uncredited=True)
        services.on_teaching_voided(self.session, told, self.now)

    def raise_to_five(self, teacher: int, tell: bool = True) -> list[Teaching]:
        return [self.taught(teacher, self.person(f"Người học {n}"), tell) for n in range(5)]

    def codes(self, person: int) -> set[str]:
        return {one.badge.code for one in queries.earned_of(self.session, person)}


@pytest.fixture
def city(cast: Cast, session: Session, clock: FixedClock) -> City:
    return City(session, clock.now())


def test_the_first_and_the_fifth_learner_bring_a_badge(city, cast):
    alice = cast.alice.person_id
    acts = city.raise_to_five(alice)
    assert city.codes(alice) == {"first_learner", "five_learners"}
    awards = queries.unseen(city.session, alice)
    assert [one.badge.code for one in awards] == ["five_learners", "first_learner"]
    assert [one.teaching_id for one in awards] == [acts[4].id, acts[0].id]


def test_told_twice_a_badge_comes_once(city, cast):
    act = city.taught(cast.alice.person_id, cast.bob.person_id)
    told = TeachingConfirmed(act.id, act.teacher_id, act.learner_id, DAY, None, credited=True, placed=True)
    services.on_teaching_confirmed(city.session, told, city.now)
    assert city.session.scalar(select(func.count()).select_from(Award)) == 1


def test_a_twin_that_was_quicker_does_not_spoil_the_confirmation(city, cast):
    alice = cast.alice.person_id
    services._give(city.session, [(alice, "first_learner")] * 2, None, city.now)
    services._give(city.session, [(alice, "first_learner")], None, city.now)
    assert city.codes(alice) == {"first_learner"}


def test_a_badge_given_while_the_facts_are_read_stays(city, cast, monkeypatch):
    """On PostgreSQL a confirmation may commit between the two reads of a reconcile."""
    alice = cast.alice.person_id

    def read_and_confirm(session, people):
        found = facts_of(session, people)
        city.taught(alice, cast.bob.person_id, tell=False)
        services._give(session, [(alice, "first_learner")], None, city.now)
        return found

    monkeypatch.setattr(services, "facts_of", read_and_confirm)
    services._settle(city.session, [alice], city.now)
    assert city.codes(alice) == {"first_learner"}


def test_who_raised_somebody_to_five_plants_a_tree(city, cast):
    alice, bob = cast.alice.person_id, cast.bob.person_id
    city.taught(alice, bob)
    acts = city.raise_to_five(bob)
    assert "raised_one" in city.codes(alice)
    city.void(acts[2])
    assert "raised_one" not in city.codes(alice)
    assert city.codes(bob) == {"first_learner"}
    revoked = city.session.scalars(select(Award).where(Award.revoked_at.is_not(None))).all()
    assert {award.badge_code for award in revoked} == {"raised_one", "five_learners"}


def test_who_teaches_one_that_has_five_already_plants_a_tree_too(city, cast):
    city.raise_to_five(cast.bob.person_id)
    city.taught(cast.alice.person_id, cast.bob.person_id)
    assert "raised_one" in city.codes(cast.alice.person_id)


def test_a_badge_that_went_can_come_back(city, cast):
    alice = cast.alice.person_id
    act = city.taught(alice, cast.bob.person_id)
    city.void(act)
    assert city.codes(alice) == set()
    city.taught(alice, cast.dave.person_id)
    assert city.codes(alice) == {"first_learner"}
    assert city.session.scalar(select(func.count()).select_from(Award)) == 2


def test_reach_and_depth_come_from_the_snapshot_and_only_a_reconcile_takes_them(city, cast):
    alice = cast.alice.person_id
    act = city.taught(alice, cast.bob.person_id)
    figures = PersonFigures(person_id=alice, direct=1, reach=60, depth=3, generation=0)
    city.session.add(figures)
    city.session.flush()
    report = services.reconcile(city.session, HOUSE, city.now)
    assert report.given == {"three_generations": 1, "reach_fifty": 1}
    figures.reach, figures.depth = 0, 0
    city.void(act)
    assert city.codes(alice) == {"three_generations", "reach_fifty"}
    report = services.reconcile(city.session, HOUSE, city.now)
    assert report.taken == {"three_generations": 1, "reach_fifty": 1}
    assert city.codes(alice) == set()


def test_a_reconcile_gives_what_was_missed_takes_what_is_wrong_and_then_rests(city, cast):
    alice, bob = cast.alice.person_id, cast.bob.person_id
    city.raise_to_five(alice, tell=False)
    services._give(city.session, [(bob, "fifty_learners"), (bob, "a_badge_of_old")], None, city.now)
    report = services.reconcile(city.session, HOUSE, city.now)
    assert report.given == {"first_learner": 1, "five_learners": 1}
    assert report.taken == {"fifty_learners": 1}
    assert services.reconcile(city.session, HOUSE, city.now) == services.Report(2, {}, {})


def test_a_network_is_settled_at_once_with_the_parents(city, cast):
    alice, bob, dave = (cast[key].person_id for key in ("alice", "bob", "dave"))
    city.taught(alice, bob, tell=False)
    city.source = "net"
    city.raise_to_five(bob, tell=False)
    city.source = "other"
    city.raise_to_five(dave, tell=False)
    services.on_network_imported(city.session, NetworkImported("net"), city.now)
    assert city.codes(bob) == {"first_learner", "five_learners"}
    assert city.codes(alice) == {"first_learner", "raised_one"}
    assert city.codes(dave) == set()


def test_only_the_house_and_the_administrator_reconcile(city, cast):
    for actor in (cast.alice.actor, cast.carol.actor, cast.frank.actor, ANYONE):
        with pytest.raises(NotAllowed):
            services.reconcile(city.session, actor, city.now)
    services.reconcile(city.session, cast.olga.actor, city.now)


def test_a_celebration_is_seen_once_and_by_its_owner_alone(city, cast, clock):
    city.taught(cast.alice.person_id, cast.bob.person_id)
    (award,) = queries.unseen(city.session, cast.alice.person_id)
    for stranger in (cast.bob.actor, cast.olga.actor):
        with pytest.raises(NotFound):
            services.mark_seen(city.session, stranger, award.award_id, city.now)
    with pytest.raises(NotAllowed):
        services.mark_seen(city.session, ANYONE, award.award_id, city.now)
    services.mark_seen(city.session, cast.alice.actor, award.award_id, city.now)
    clock.advance(days=1)
    seen = services.mark_seen(city.session, cast.alice.actor, award.award_id, clock.now())
    assert seen.seen_at == city.now
    assert queries.unseen(city.session, cast.alice.person_id) == []


def test_what_is_not_counted_is_counted(city, cast):
    alice, bob, grace = (cast[key].person_id for key in ("alice", "bob", "grace"))
    city.taught(alice, bob)
    beside = [
        (bob, "confirmed"),
        (grace, "confirmed"),
        (grace, "expired"),
        (grace, "disputed"),
        (bob, "returned"),
    ]
    for second, (learner, state) in enumerate(beside, 1):
        confirmed_at = city.now if state == "confirmed" else None
        city.session.add(
            Teaching(
                teacher_id=alice,
                learner_id=learner,
                taught_on=DAY,
                taught_second=second,
                recorded_at=city.now,
                state=state,
                confirmed_at=confirmed_at,
            )
        )
    city.session.flush()
    missed = queries.uncounted(city.session, alice)
    assert (missed.repeats, missed.above) == (1, 1)
    assert (missed.expired, missed.disputed, missed.returned) == (1, 1, 1)
    assert (missed.no_age, missed.no_ward) == (1, 1)


def test_the_next_badge_and_the_holders(city, cast):
    alice = cast.alice.person_id
    city.taught(alice, cast.bob.person_id)
    facts = facts_of(city.session, [alice])[alice]
    assert queries.next_badge(city.session, facts) == progress(BY_CODE["five_learners"], facts)
    assert queries.holders(city.session, "first_learner") == {alice}
    assert queries.holders_among(city.session, "first_learner", [cast.bob.person_id]) == set()
    assert queries.award_by_id(city.session, 0) is None
