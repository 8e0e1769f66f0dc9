"""Taking an act back: who may, and who inherits the place and the credit."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.errors import Conflict, Invalid, NotAllowed, NotFound
from people.models import AuditEntry
from people.permissions import ANYONE, HOUSE
from referrals import lineage
from referrals.events import CreditMoved, TeachingVoided
from referrals.models.acts import Teaching
from referrals.models.tree import Credit, Lineage
from referrals.queries import invariants
from referrals.services import voiding
from tests.support.story import Story


def test_the_teacher_takes_back_what_nobody_confirmed(story: Story, cast):
    teaching = story.record(cast.alice)
    story.told()
    voiding.void(story.session, cast.alice.actor, teaching.id, "", story.clock.now())
    assert teaching.state == "voided"
    assert story.told() == []
    assert story.session.scalars(select(AuditEntry)).all() == []
    with pytest.raises(Conflict, match="wrong_state"):
        story.confirm(teaching)
    with pytest.raises(Conflict, match="wrong_state"):
        voiding.void(story.session, cast.alice.actor, teaching.id, "", story.clock.now())


def test_a_confirmed_act_is_struck_out_by_the_unit_with_a_reason_and_logged(story: Story, cast):
    teaching = story.record(cast.alice)
    story.confirm(teaching)
    story.told()
    with pytest.raises(NotAllowed):
        voiding.void(story.session, cast.alice.actor, teaching.id, "nhầm", story.clock.now())
    with pytest.raises(Invalid) as refusal:
        voiding.void(story.session, cast.carol.actor, teaching.id, " ", story.clock.now())
    assert refusal.value.fields == {"reason": "required"}
    voiding.void(story.session, cast.carol.actor, teaching.id, "Ghi trùng", story.clock.now())
    assert story.told() == [
        TeachingVoided(teaching.id, teaching.teacher_id, teaching.learner_id, uncredited=True)
    ]
    entry = story.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_id, entry.account_id) == (
        "teaching.voided",
        str(teaching.id),
        cast.carol.account_id,
    )
    assert story.places() == {}
    assert story.credits() == set()


def test_strangers_do_not_even_see_it(story: Story, cast):
    theirs = story.record(cast.erin)
    for stranger in (cast.carol.actor, cast.alice.actor, cast.frank.actor, ANYONE):
        with pytest.raises(NotFound):
            voiding.void(story.session, stranger, theirs.id, "x", story.clock.now())
    voiding.void(story.session, cast.olga.actor, theirs.id, "Ghi trùng", story.clock.now())
    assert theirs.state == "voided"


def test_the_place_goes_to_the_earliest_act_that_fits(story: Story, cast):
    one, two, three, learner, below = (story.person(name) for name in ("Một", "Hai", "Ba", "Học", "Dưới"))
    founding = story.taught(one, learner, date(2026, 1, 1))
    story.taught(learner, below, date(2026, 1, 2))
    story.taught(three, learner, date(2026, 3, 1))
    story.taught(two, learner, date(2026, 2, 1))
    story.taught(below, learner, date(2026, 1, 15))  # stands below: never
    story.told()
    voiding.void(story.session, HOUSE, founding.id, "", story.clock.now())
    assert story.places() == {learner: two, below: learner}
    assert story.credits() == {(two, learner), (three, learner), (learner, below)}
    assert story.told() == [TeachingVoided(founding.id, one, learner, uncredited=True)]
    assert invariants.problems(story.session) == []


def test_the_credit_goes_to_another_act_of_the_pair(story: Story, cast):
    one, learner = story.person("Một"), story.person("Học")
    first = story.taught(one, learner, date(2026, 1, 1))
    second = story.taught(one, learner, date(2026, 2, 1))
    story.told()
    voiding.void(story.session, HOUSE, first.id, "", story.clock.now())
    assert story.places() == {learner: one}
    credit = story.session.get(Credit, (one, learner))
    place = story.session.get(Lineage, learner)
    assert (credit.teaching_id, place.teaching_id) == (second.id, second.id)
    assert story.told() == [
        TeachingVoided(first.id, one, learner, uncredited=True),
        CreditMoved(second.id, one, learner, second.taught_on, None),
    ]


def test_voiding_a_second_act_moves_nothing(story: Story, cast):
    one, learner = story.person("Một"), story.person("Học")
    story.taught(one, learner, date(2026, 1, 1))
    second = story.taught(one, learner, date(2026, 2, 1))
    story.told()
    voiding.void(story.session, HOUSE, second.id, "", story.clock.now())
    assert story.told() == [TeachingVoided(second.id, one, learner, uncredited=False)]
    assert story.credits() == {(one, learner)}


def test_an_act_that_fitted_not_before_may_inherit_and_then_counts(story: Story, cast):
    top, middle, end = (story.person(name) for name in ("Trên", "Giữa", "Dưới"))
    outer = story.person("Ngoài")
    story.taught(outer, top)
    link = story.taught(top, middle)
    story.taught(middle, end)
    story.taught(end, top)  # end stands below top: a contact only
    founding = story.session.scalars(select(Teaching).where(Teaching.teacher_id == outer)).one()
    voiding.void(story.session, HOUSE, link.id, "", story.clock.now())
    assert story.places() == {top: outer, end: middle}
    story.told()
    voiding.void(story.session, HOUSE, founding.id, "", story.clock.now())
    assert story.places() == {top: end, end: middle}
    assert (end, top) in story.credits()
    voided, moved = story.told()
    assert isinstance(voided, TeachingVoided)
    assert isinstance(moved, CreditMoved)
    assert (moved.teacher_id, moved.learner_id) == (end, top)
    assert invariants.problems(story.session) == []


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(
    steps=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), min_size=1, max_size=18)
)
def test_any_story_keeps_the_forest_sound(story: Story, cast, steps: list[tuple[int, int, bool]]):
    people = [story.person(f"Người {letter}") for letter in "ABCDE"]
    standing: list[Teaching] = []
    only_grown = lineage.Lineage()
    taken_back = False
    for day, (teacher, learner, back) in enumerate(steps, 1):
        if back and standing:
            chosen = standing.pop((teacher * 5 + learner) % len(standing))
            voiding.void(story.session, HOUSE, chosen.id, "", story.clock.now())
            taken_back = True
        elif teacher != learner:
            on = date.fromordinal(date(2026, 1, 1).toordinal() + day)
            standing.append(story.taught(people[teacher], people[learner], on))
            if not taken_back:
                only_grown.take(people[teacher], people[learner])
        assert invariants.problems(story.session) == []
        mine = {learner: above for learner, above in story.places().items() if learner in people}
        if not taken_back:
            assert mine == dict(only_grown.pairs())
    confirmed = {(one.teacher_id, one.learner_id) for one in standing}
    assert {pair for pair in story.credits() if pair[0] in people} <= confirmed
