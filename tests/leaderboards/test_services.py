"""The ledger, the score rows and the recount, told of confirmations and voids in any order."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import NotAllowed
from leaderboards import queries, services
from leaderboards.models import LedgerEntry, UnitScore, UnitSize
from leaderboards.periods import UNKNOWN_DAY, periods_of
from people.models import Person
from people.permissions import HOUSE
from referrals.events import CreditMoved, NetworkImported, TeachingConfirmed, TeachingVoided
from referrals.models.acts import Teaching
from referrals.models.tree import Credit
from tests.support.cast import Cast

NOVEMBER = date(2026, 11, 20)


@dataclass
class City:
    """Writes acts and credits as referrals does, and tells the boards about them."""

    session: Session
    now: datetime
    acts: dict[int, Teaching] = field(default_factory=dict)

    def act(self, teacher: int, learner: int, day: date = NOVEMBER, source: str | None = None) -> Teaching:
        teaching = Teaching(
            teacher_id=teacher, learner_id=learner, taught_on=day, recorded_at=self.now, source=source
        )
        teaching.taught_second = len(self.acts)
        self.session.add(teaching)
        self.session.flush()
        self.acts[teaching.id] = teaching
        return teaching

    def unit_of(self, teaching: Teaching) -> int | None:
        return self.session.scalar(select(Person.unit_id).where(Person.id == teaching.teacher_id))

    def credit_of(self, teaching: Teaching) -> Credit | None:
        return self.session.get(Credit, (teaching.teacher_id, teaching.learner_id))

    def confirm(self, teaching: Teaching, tell: bool = True) -> None:
        teaching.state, teaching.confirmed_at = "confirmed", self.now
        credited = self.credit_of(teaching) is None
        if credited:
            self.session.add(
                Credit(
                    teacher_id=teaching.teacher_id, learner_id=teaching.learner_id, teaching_id=teaching.id
                )
            )
        self.session.flush()
        if tell:
            services.on_teaching_confirmed(self.session, self.confirmed(teaching, credited), self.now)

    def confirmed(self, teaching: Teaching, credited: bool) -> TeachingConfirmed:
        unit_id = self.unit_of(teaching)
        return TeachingConfirmed(
            teaching.id,
            teaching.teacher_id,
            teaching.learner_id,
            teaching.taught_on,
            unit_id,
            credited,
            credited,
        )

    def void(self, teaching: Teaching) -> None:
        teaching.state = "voided"
        credit = self.credit_of(teaching)
        uncredited = credit is not None and credit.teaching_id == teaching.id
        heir = None
        if uncredited:
            self.session.delete(credit)
            self.session.flush()
            heir = self.another(teaching)
        if heir is not None:
            self.session.add(
                Credit(teacher_id=heir.teacher_id, learner_id=heir.learner_id, teaching_id=heir.id)
            )
        self.session.flush()
        told = TeachingVoided(teaching.id, teaching.teacher_id, teaching.learner_id, uncredited)
        services.on_teaching_voided(self.session, told, self.now)
        if heir is not None:
            unit_id = self.unit_of(heir)
            moved = CreditMoved(heir.id, heir.teacher_id, heir.learner_id, heir.taught_on, unit_id)
            services.on_credit_moved(self.session, moved, self.now)

    def another(self, teaching: Teaching) -> Teaching | None:
        pair = (teaching.teacher_id, teaching.learner_id)
        rest = [
            act
            for act in self.acts.values()
            if (act.teacher_id, act.learner_id) == pair and act.state == "confirmed"
        ]
        return min(rest, key=lambda act: (act.taught_on, act.id), default=None)


@pytest.fixture
def city(cast: Cast, session: Session, clock: FixedClock) -> City:
    return City(session, clock.now())


def scores(session: Session) -> dict[tuple[int, str], tuple[int, int]]:
    return queries.stored_scores(session)


def test_an_act_counts_in_the_four_periods_of_its_day(city, cast):
    city.confirm(city.act(cast.alice.person_id, cast.heidi.person_id))
    expected = {(cast.units["one"], period): (1, 1) for period in periods_of(NOVEMBER)}
    assert scores(city.session) == expected


def test_a_second_act_of_the_pair_is_a_contact_and_no_learner(city, cast):
    for day in (NOVEMBER, NOVEMBER + timedelta(days=1)):
        city.confirm(city.act(cast.alice.person_id, cast.heidi.person_id, day))
    assert scores(city.session)[cast.units["one"], "2026-11"] == (2, 1)


def test_told_twice_an_act_counts_once(city, cast):
    teaching = city.act(cast.alice.person_id, cast.heidi.person_id)
    city.confirm(teaching)
    services.on_teaching_confirmed(city.session, city.confirmed(teaching, credited=True), city.now)
    assert scores(city.session)[cast.units["one"], "all"] == (1, 1)


def test_an_unknown_day_counts_in_all_time_only(city, cast):
    city.confirm(city.act(cast.alice.person_id, cast.heidi.person_id, UNKNOWN_DAY))
    assert scores(city.session) == {(cast.units["one"], "all"): (1, 1)}


def test_without_a_unit_the_ledger_knows_and_no_board_does(city, cast):
    city.confirm(city.act(cast.heidi.person_id, cast.grace.person_id))
    assert city.session.scalar(select(func.count()).select_from(LedgerEntry)) == 2
    assert scores(city.session) == {}


def test_a_void_is_a_reversing_row_for_the_first_unit_and_day(city, cast):
    teaching = city.act(cast.alice.person_id, cast.heidi.person_id)
    city.confirm(teaching)
    # Alice moves on; what she did stays with the chapter where she did it.
    city.session.execute(
        update(Person).where(Person.id == cast.alice.person_id).values(unit_id=cast.units["two"])
    )
    city.void(teaching)
    entries = city.session.execute(
        select(LedgerEntry.unit_id, LedgerEntry.day, func.sum(LedgerEntry.amount), func.count()).group_by(
            LedgerEntry.unit_id, LedgerEntry.day
        )
    ).all()
    assert [tuple(row) for row in entries] == [(cast.units["one"], NOVEMBER, 0, 4)]
    assert scores(city.session) == {}


def test_a_void_told_twice_takes_back_once(city, cast):
    teaching = city.act(cast.alice.person_id, cast.heidi.person_id)
    city.confirm(teaching)
    city.void(teaching)
    told = TeachingVoided(teaching.id, teaching.teacher_id, teaching.learner_id, uncredited=True)
    services.on_teaching_voided(city.session, told, city.now)
    assert city.session.scalar(select(func.sum(LedgerEntry.amount))) == 0


def test_a_credit_that_moves_counts_in_the_period_of_the_other_act(city, cast):
    october = date(2026, 10, 3)
    first = city.act(cast.alice.person_id, cast.heidi.person_id, october)
    second = city.act(cast.alice.person_id, cast.heidi.person_id, NOVEMBER)
    city.confirm(first)
    city.confirm(second)
    city.void(first)
    found = scores(city.session)
    assert (cast.units["one"], "2026-10") not in found
    assert found[cast.units["one"], "2026-11"] == (1, 1)
    assert found[cast.units["one"], "all"] == (1, 1)


@pytest.mark.parametrize("seed", range(6))
def test_after_any_sequence_the_ledger_the_scores_and_the_truth_agree(city, cast, seed):
    draw = random.Random(seed)
    people = [cast[key].person_id for key in ("alice", "bob", "dave", "erin", "grace", "heidi", "carol")]
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 10, 1), NOVEMBER, UNKNOWN_DAY]
    for _ in range(70):
        confirmed = [act for act in city.acts.values() if act.state == "confirmed"]
        if confirmed and draw.random() < 0.35:
            city.void(draw.choice(confirmed))
        else:
            city.confirm(city.act(*draw.sample(people, 2), draw.choice(days)))
    session = city.session
    assert queries.differences(session) == []
    assert scores(session) == scores_of_the_truth(city)
    before = session.scalar(select(func.count()).select_from(LedgerEntry))
    again = services.recount(session, HOUSE, city.now)
    assert (again.entries, again.scores) == (0, ())
    assert session.scalar(select(func.count()).select_from(LedgerEntry)) == before


def scores_of_the_truth(city: City) -> dict[tuple[int, str], tuple[int, int]]:
    contacts: Counter[tuple[int, str]] = Counter()
    learners: Counter[tuple[int, str]] = Counter()
    for act in city.acts.values():
        unit_id = city.unit_of(act)
        if act.state != "confirmed" or unit_id is None:
            continue
        credit = city.credit_of(act)
        assert credit is not None
        for period in periods_of(act.taught_on):
            contacts[unit_id, period] += 1
            learners[unit_id, period] += credit.teaching_id == act.id
    return {key: (count, learners[key]) for key, count in contacts.items()}


def test_a_network_is_counted_at_once_and_a_second_time_changes_nothing(city, cast):
    pairs = [("alice", "bob"), ("alice", "heidi"), ("bob", "grace"), ("dave", "heidi")]
    for teacher, learner in pairs:
        city.confirm(city.act(cast[teacher].person_id, cast[learner].person_id, source="net"), tell=False)
    city.confirm(city.act(cast.erin.person_id, cast.grace.person_id, source="other"), tell=False)
    for _ in range(2):
        services.on_network_imported(city.session, NetworkImported("net"), city.now)
    assert scores(city.session)[cast.units["one"], "2026-11"] == (3, 3)
    assert scores(city.session)[cast.units["two"], "all"] == (1, 1)
    assert (cast.units["students"], "all") not in scores(city.session)
    services.recount(city.session, HOUSE, city.now)
    assert scores(city.session)[cast.units["students"], "all"] == (1, 1)
    assert scores(city.session) == scores_of_the_truth(city)


def test_a_recount_mends_the_ledger_and_the_scores_and_says_what(city, cast):
    kept = city.act(cast.alice.person_id, cast.heidi.person_id)
    gone = city.act(cast.bob.person_id, cast.grace.person_id)
    city.confirm(kept)
    city.confirm(gone)
    gone.state = "voided"
    city.session.delete(city.credit_of(gone))
    city.session.execute(update(UnitScore).where(UnitScore.period == "2026").values(learners=99))
    city.session.flush()
    found = services.recount(city.session, HOUSE, city.now)
    assert found.entries == 2
    assert {wrong.period for wrong in found.scores} == set(periods_of(NOVEMBER))
    assert scores(city.session) == scores_of_the_truth(city)
    assert queries.differences(city.session) == []


def test_sizes_are_members_on_record_and_those_who_reached_five(city, cast):
    learners = [cast[key].person_id for key in ("bob", "carol", "dave", "erin", "grace")]
    for learner in learners:
        city.confirm(city.act(cast.alice.person_id, learner))
    size = city.session.get(UnitSize, cast.units["one"])
    assert size is not None
    assert (size.members, size.reached_five) == (3, 1)
    city.void(next(iter(city.acts.values())))
    city.session.expire_all()
    assert size.reached_five == 0
    assert services.count_sizes(city.session, HOUSE, city.now) == 5


@pytest.mark.parametrize("service", [services.recount, services.count_sizes])
def test_only_the_house_and_the_administrator_count_again(service, city, cast):
    with pytest.raises(NotAllowed):
        service(city.session, cast.carol.actor, city.now)
    service(city.session, cast.olga.actor, city.now)
