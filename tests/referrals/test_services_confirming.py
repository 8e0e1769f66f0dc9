"""The learner's yes and no, through the link and through the digits."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy import func, select

from core.errors import Conflict, Invalid, NotAllowed, NotFound
from people.permissions import ANYONE, HOUSE
from referrals.codes import Door
from referrals.events import CreditMoved, TeachingConfirmed, TeachingVoided
from referrals.models.acts import Confirmation, TeachingMove
from referrals.queries import invariants
from referrals.queries.teachings import newest_code
from referrals.services import batch_rows, confirming, expiring, issuing
from referrals.services.confirming import Evidence
from tests.support.story import Story


def test_a_yes_counts_places_and_credits(story: Story, cast):
    teaching = story.record(cast.alice)
    story.told()
    story.clock.advance(hours=1)
    evidence = Evidence(Door(teaching.id, 1, "code"), address_hash="a" * 32)
    confirming.confirm(story.session, ANYONE, evidence, story.clock.now())

    assert teaching.state == "confirmed"
    assert teaching.confirmed_at == story.clock.now()
    alice, learner = teaching.teacher_id, teaching.learner_id
    assert story.places() == {learner: alice}
    assert story.credits() == {(alice, learner)}
    row = story.session.get(Confirmation, teaching.id)
    assert (row.kind, row.account_id, row.address_hash) == ("code", None, "a" * 32)
    code = newest_code(story.session, teaching.id)
    assert (code.used_at, code.digits_hash, code.digits_sealed) == (story.clock.now(), None, None)
    moves = story.session.scalars(select(TeachingMove.to_state).order_by(TeachingMove.id)).all()
    assert moves == ["recorded", "confirmed"]
    assert story.told() == [
        TeachingConfirmed(
            teaching.id, alice, learner, teaching.taught_on, cast.alice.unit_id, credited=True, placed=True
        )
    ]
    assert invariants.problems(story.session) == []


def test_a_second_yes_is_told_that_all_is_done(story: Story, cast):
    teaching = story.record(cast.alice)
    story.confirm(teaching)
    with pytest.raises(Conflict, match="already_confirmed"):
        story.confirm(teaching)
    assert story.session.scalar(select(func.count()).select_from(Confirmation)) == 1


def test_the_teacher_cannot_answer_for_the_learner(story: Story, cast):
    teaching = story.record(cast.alice)
    with pytest.raises(NotAllowed, match="own_teaching"):
        story.confirm(teaching, cast.alice.actor)
    with pytest.raises(NotAllowed, match="own_teaching"):
        confirming.dispute(
            story.session, cast.alice.actor, Evidence(Door(teaching.id, 1)), "", story.clock.now()
        )
    assert story.confirm(teaching, cast.bob.actor).state == "confirmed"


def test_a_link_that_leads_nowhere(story: Story, cast):
    with pytest.raises(NotFound, match="link_unknown"):
        confirming.confirm(story.session, ANYONE, Evidence(Door(999, 1)), story.clock.now())


def test_a_new_code_closes_the_old_link(story: Story, cast):
    teaching = story.record(cast.alice)
    issuing.reissue(story.session, cast.alice.actor, teaching.id, story.clock.now(), story.box, 30)
    with pytest.raises(Conflict, match="code_replaced"):
        story.confirm(teaching, serial=1)
    assert story.confirm(teaching, serial=2).state == "confirmed"
    with pytest.raises(Conflict, match="wrong_state"):
        issuing.reissue(story.session, cast.alice.actor, teaching.id, story.clock.now(), story.box, 30)


def test_only_the_teacher_issues_and_reads_the_digits(story: Story, cast):
    teaching = story.record(cast.alice)
    digits = issuing.open_digits(story.session, cast.alice.actor, teaching.id, story.box)
    assert digits is not None
    assert len(digits) == 6
    with pytest.raises(NotAllowed):
        issuing.open_digits(story.session, cast.carol.actor, teaching.id, story.box)
    for stranger in (cast.carol, cast.bob, cast.erin):
        with pytest.raises(NotFound):
            issuing.reissue(story.session, stranger.actor, teaching.id, story.clock.now(), story.box, 30)


def test_after_thirty_days_the_link_has_run_out_until_it_is_issued_again(story: Story, cast):
    teaching = story.record(cast.alice)
    story.clock.advance(days=30)
    with pytest.raises(Conflict, match="code_expired"):
        story.confirm(teaching)
    assert expiring.expire(story.session, story.clock.now()) == 1
    assert expiring.expire(story.session, story.clock.now()) == 0
    story.session.refresh(teaching)
    assert teaching.state == "expired"
    with pytest.raises(Conflict, match="code_expired"):
        story.confirm(teaching)
    issuing.reissue(story.session, cast.alice.actor, teaching.id, story.clock.now(), story.box, 30)
    assert story.confirm(teaching, serial=2).state == "confirmed"
    story.clock.advance(days=60)
    assert expiring.expire(story.session, story.clock.now()) == 0


def test_digits_are_drawn_again_when_they_are_in_use(story: Story, cast, monkeypatch: pytest.MonkeyPatch):
    draws = iter(["123456", "123456", "123456", "654321"])
    monkeypatch.setattr(batch_rows, "new_digits", lambda: next(draws))
    first, second = story.record(cast.alice, "Hoa"), story.record(cast.alice, "Mười")
    found = [
        issuing.open_digits(story.session, cast.alice.actor, one.id, story.box) for one in (first, second)
    ]
    assert found == ["123456", "654321"]


def test_a_no_stops_everything(story: Story, cast):
    teaching = story.record(cast.alice)
    story.told()
    evidence = Evidence(Door(teaching.id, 1))
    confirming.dispute(story.session, ANYONE, evidence, "Tôi chưa học", story.clock.now())
    assert teaching.state == "disputed"
    assert story.told() == []
    assert story.credits() == set()
    with pytest.raises(Conflict, match="wrong_state"):
        story.confirm(teaching)
    with pytest.raises(Conflict, match="wrong_state"):
        confirming.dispute(story.session, ANYONE, evidence, "", story.clock.now())


def test_a_yes_is_withdrawn_by_the_same_link(story: Story, cast):
    teaching = story.record(cast.alice)
    story.confirm(teaching)
    story.told()
    confirming.dispute(story.session, ANYONE, Evidence(Door(teaching.id, 1)), "Bấm nhầm", story.clock.now())
    assert teaching.state == "disputed"
    assert story.places() == {}
    assert story.credits() == set()
    assert story.session.get(Confirmation, teaching.id) is None
    assert story.told() == [
        TeachingVoided(teaching.id, teaching.teacher_id, teaching.learner_id, uncredited=True)
    ]
    confirming.confirm_by_house(story.session, HOUSE, teaching.id, story.clock.now(), "call_back")
    assert story.credits() == {(teaching.teacher_id, teaching.learner_id)}
    assert invariants.problems(story.session) == []


def test_the_house_takes_a_yes_on_paper_and_nobody_else_does(story: Story, cast):
    teaching = story.record(cast.alice)
    with pytest.raises(NotAllowed):
        confirming.confirm_by_house(story.session, cast.alice.actor, teaching.id, story.clock.now())
    with pytest.raises(Invalid, match="unknown_kind"):
        confirming.confirm_by_house(story.session, HOUSE, teaching.id, story.clock.now(), "rumour")
    with pytest.raises(NotFound):
        confirming.confirm_by_house(story.session, HOUSE, 999, story.clock.now())
    confirming.confirm_by_house(story.session, HOUSE, teaching.id, story.clock.now())
    with pytest.raises(Conflict, match="wrong_state"):
        confirming.confirm_by_house(story.session, HOUSE, teaching.id, story.clock.now())


# ── places and credit ────────────────────────────────────────────────────────────────────────────────────


def test_later_teachers_earn_credit_and_move_nobody(story: Story, cast):
    one, two, learner = (story.person(name) for name in ("Một", "Hai", "Học"))
    story.taught(one, learner)
    story.told()
    story.taught(two, learner)
    assert story.places() == {learner: one}
    assert story.credits() == {(one, learner), (two, learner)}
    (event,) = story.told()
    assert isinstance(event, TeachingConfirmed)
    assert (event.credited, event.placed) == (True, False)


def test_teaching_somebody_above_counts_as_a_contact_only(story: Story, cast):
    chain = [story.person(name) for name in ("Một", "Hai", "Ba", "Bốn")]
    for teacher, learner in pairwise(chain):
        story.taught(teacher, learner)
    story.told()
    story.taught(chain[3], chain[0])
    (event,) = story.told()
    assert isinstance(event, TeachingConfirmed)
    assert (event.credited, event.placed) == (False, False)
    assert story.places() == {chain[1]: chain[0], chain[2]: chain[1], chain[3]: chain[2]}
    assert invariants.problems(story.session) == []


def test_a_root_joins_below_and_brings_its_branch(story: Story, cast):
    one, two, three = (story.person(name) for name in ("Một", "Hai", "Ba"))
    story.taught(two, three)
    story.taught(one, two)
    assert story.places() == {three: two, two: one}
    story.taught(three, one)
    assert story.places() == {three: two, two: one}


def test_a_second_act_of_a_pair_is_a_contact_and_no_second_credit(story: Story, cast):
    one, two = story.person("Một"), story.person("Hai")
    story.taught(one, two)
    story.clock.advance(days=1)
    story.told()
    story.taught(one, two)
    (event,) = story.told()
    assert isinstance(event, TeachingConfirmed)
    assert (event.credited, event.placed) == (False, False)
    assert not any(isinstance(event, CreditMoved) for event in story.told())
