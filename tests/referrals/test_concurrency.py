"""Writers at the same moment, with real threads, on both databases: the rules hold in every interleaving."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from core.clock import FixedClock
from core.database import Database
from core.errors import AppError, Conflict
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from people.models import Person
from people.permissions import ANYONE, HOUSE
from referrals.codes import Door
from referrals.models.acts import Confirmation, ConfirmationCode, Teaching
from referrals.models.tree import Credit, Lineage
from referrals.queries import invariants
from referrals.services import confirming, issuing, recording, voiding
from referrals.services.confirming import Evidence
from tests.support.cast import Cast
from tests.support.story import Story


@pytest.fixture
def work(database: Database, clock: FixedClock) -> UnitOfWork:
    """Units of work without reactions: here only referrals are tried."""
    return UnitOfWork(database, {}, clock)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do all of these at the same moment; return what each returned, or the refusal it met."""
    barrier = threading.Barrier(len(deeds))

    def one(deed: Callable[[], object]) -> object:
        barrier.wait(timeout=60)
        try:
            return deed()
        except AppError as refusal:
            return refusal

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def waiting_act(work: UnitOfWork, clock: FixedClock, box: SecretsBox, teacher: int, learner: int) -> int:
    with work.begin() as session:
        story = Story(session, clock, box)
        teaching = Teaching(
            teacher_id=teacher,
            learner_id=learner,
            taught_on=story.wish().taught_on,
            taught_second=0,
            taught_precision="day",
            state="recorded",
            recorded_at=clock.now(),
        )
        session.add(teaching)
        session.flush()
        issuing.issue_code(session, teaching, clock.now(), box, 30)
        return teaching.id


def test_two_taps_confirm_once(work: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast):
    act = waiting_act(work, clock, box, cast.alice.person_id, cast.heidi.person_id)

    def tap() -> object:
        with work.begin() as session:
            return confirming.confirm(session, ANYONE, Evidence(Door(act, 1)), clock.now()).state

    outcomes = at_once(*[tap] * 4)
    assert outcomes.count("confirmed") == 1
    refusals = [one for one in outcomes if isinstance(one, Conflict)]
    assert [one.code for one in refusals] == ["already_confirmed"] * 3
    with work.begin(write=False) as session:
        for table in (Confirmation, Credit, Lineage):
            assert session.scalar(select(func.count()).select_from(table)) == 1


@pytest.mark.parametrize("_again", range(3))
def test_two_halves_of_a_circle(
    work: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast, _again: int
):
    people = [cast.alice.person_id, cast.bob.person_id, cast.dave.person_id, cast.erin.person_id]
    acts = [
        waiting_act(work, clock, box, teacher, learner)
        for teacher, learner in zip(people, [*people[1:], people[0]], strict=True)
    ]

    def confirm(act: int) -> Callable[[], object]:
        def deed() -> object:
            with work.begin() as session:
                return confirming.confirm(session, ANYONE, Evidence(Door(act, 1)), clock.now()).state

        return deed

    assert at_once(*map(confirm, acts)) == ["confirmed"] * 4
    with work.begin(write=False) as session:
        assert invariants.problems(session) == []
        assert session.scalar(select(func.count()).select_from(Lineage)) == 3
        assert session.scalar(select(func.count()).select_from(Credit)) == 3


def test_a_double_tap_records_once(work: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast):
    with work.begin() as session:
        wish = Story(session, clock, box).wish(client_uuid="11111111-1111-4111-8111-111111111111")
        before = session.scalar(select(func.count()).select_from(Person))

    def tap() -> object:
        with work.begin() as session:
            done = recording.record_teaching(session, cast.alice.actor, wish, clock.now(), box)
            return done.teaching.id, done.again

    outcomes = at_once(*[tap] * 4)
    assert len({one[0] for one in outcomes if isinstance(one, tuple)}) == 1
    assert sorted(one[1] for one in outcomes if isinstance(one, tuple)) == [False, True, True, True]
    with work.begin(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Teaching)) == 1
        assert session.scalar(select(func.count()).select_from(ConfirmationCode)) == 1
        assert session.scalar(select(func.count()).select_from(Person)) == (before or 0) + 1


def test_one_withdraws_while_the_other_confirms(
    work: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast
):
    act = waiting_act(work, clock, box, cast.alice.person_id, cast.heidi.person_id)

    def confirm() -> object:
        with work.begin() as session:
            return confirming.confirm(session, ANYONE, Evidence(Door(act, 1)), clock.now()).state

    def withdraw() -> object:
        with work.begin() as session:
            return voiding.void(session, cast.alice.actor, act, "", clock.now()).state

    outcomes = at_once(confirm, withdraw)
    with work.begin(write=False) as session:
        state = session.scalar(select(Teaching.state))
        assert [one for one in outcomes if isinstance(one, str)] == [state]
        counted = 1 if state == "confirmed" else 0
        assert session.scalar(select(func.count()).select_from(Credit)) == counted
        assert invariants.problems(session) == []


def test_many_confirm_while_the_founding_acts_are_voided(
    work: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast
):
    teachers = [cast.alice.person_id, cast.bob.person_id, cast.dave.person_id]
    learner = cast.heidi.person_id
    acts = [waiting_act(work, clock, box, teacher, learner) for teacher in teachers]
    back = [waiting_act(work, clock, box, learner, teacher) for teacher in teachers[:2]]
    with work.begin() as session:
        confirming.confirm(session, ANYONE, Evidence(Door(acts[0], 1)), clock.now())

    def confirm(act: int) -> Callable[[], object]:
        def deed() -> object:
            with work.begin() as session:
                return confirming.confirm(session, ANYONE, Evidence(Door(act, 1)), clock.now()).state

        return deed

    def void() -> object:
        with work.begin() as session:
            return voiding.void(session, HOUSE, acts[0], "", clock.now()).state

    outcomes = at_once(void, *map(confirm, [*acts[1:], *back]))
    assert all(isinstance(one, str) for one in outcomes), outcomes
    with work.begin(write=False) as session:
        assert invariants.problems(session) == []
