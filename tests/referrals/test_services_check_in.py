"""Checking in: one act a person, the one on the list rather than a second; who may not; two at one moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from learning.models import ClassSession
from learning.services import classes
from people.models import Consent, Person
from people.permissions import ANYONE
from referrals.codes import Door
from referrals.events import TeachingConfirmed, TeachingRecorded
from referrals.models.acts import Confirmation, Teaching, TeachingMove
from referrals.queries import class_lists, invariants
from referrals.services import check_in, confirming, voiding
from referrals.services.check_in import WhoIsIt
from referrals.services.confirming import Evidence
from referrals.turning_codes import Screen
from tests.referrals.test_concurrency import at_once
from tests.support.cast import Cast
from tests.support.classes import came, checks_in, door, learner_wish, on, opened
from tests.support.story import Story


@pytest.fixture
def held(story: Story, cast: Cast) -> ClassSession:
    """A class of Alice with Erin's help, its door open."""
    held = opened(story, cast.alice, cast.erin)
    door(story, held, cast.alice)
    return held


def people(story: Story) -> int:
    return story.session.scalar(select(func.count()).select_from(Person)) or 0


def test_a_name_is_enough(story: Story, cast: Cast, held: ClassSession):
    before = people(story)
    story.told()
    done = checks_in(story, held, cast.alice, "TRẦN THỊ HOA", "d" * 32, ward_code=None, age_band="60_74")
    teaching = done.teaching
    assert (done.again, teaching.state, teaching.class_id) == (False, "confirmed", held.id)
    assert (teaching.teacher_id, teaching.taught_on) == (cast.alice.person_id, held.held_on)
    assert [skill.id for skill in teaching.skills] == [story.skill.id]
    assert people(story) == before + 1
    learner = story.session.get_one(Person, teaching.learner_id)
    assert (learner.full_name, learner.age_band, learner.phone_hash) == ("Trần Thị Hoa", "60_74", None)
    evidence = story.session.get_one(Confirmation, teaching.id)
    assert (evidence.kind, evidence.device_hash, evidence.account_id) == ("check_in", "d" * 32, None)
    consent = story.session.scalars(select(Consent)).one()
    assert (consent.person_id, consent.given, consent.text_shown) == (learner.id, True, "Tôi đồng ý.")
    moves = story.session.scalars(select(TeachingMove.to_state).order_by(TeachingMove.id)).all()
    assert moves == ["recorded", "confirmed"]
    assert [type(one) for one in story.told()] == [TeachingRecorded, TeachingConfirmed]
    assert story.credits() == {(cast.alice.person_id, learner.id)}
    assert invariants.problems(story.session) == []


def test_who_shows_the_screen_has_taught(story: Story, cast: Cast, held: ClassSession):
    assert checks_in(story, held, cast.erin, "Trần Thị Hoa").teaching.teacher_id == cast.erin.person_id
    with pytest.raises(NotFound, match="check_in_unknown"):
        checks_in(story, held, cast.bob, "Lê Văn Tám")


def test_the_act_of_the_list_is_confirmed_instead_of_a_second(story: Story, cast: Cast, held: ClassSession):
    came(story, held, cast.erin, "Trần Thị Hoà")
    before = people(story)
    done = checks_in(story, held, cast.alice, "tran thi hoa")
    assert (done.teaching.teacher_id, done.teaching.state) == (cast.erin.person_id, "confirmed")
    assert people(story) == before
    assert class_lists.tallies(story.session, [held.id])[held.id] == class_lists.Tally(1, 1)


def test_twice_on_one_phone_is_the_first_ones_thanks(story: Story, cast: Cast, held: ClassSession):
    first = checks_in(story, held, cast.alice, "Trần Thị Hoa", "d" * 32)
    second = checks_in(story, held, cast.alice, "Trần thị hoa", "d" * 32)
    assert (second.again, second.teaching.id, second.door) == (True, first.teaching.id, first.door)
    assert checks_in(story, held, cast.alice, "Lê Văn Tám", "d" * 32).again is False


def test_two_people_of_one_name(story: Story, cast: Cast, held: ClassSession):
    first = checks_in(story, held, cast.alice, "Trần Thị Hoa", "1" * 32, tail="512")
    with pytest.raises(WhoIsIt) as asked:
        checks_in(story, held, cast.alice, "Trần Thị Hoa", "2" * 32)
    assert asked.value.question == "already_here"
    told = checks_in(story, held, cast.alice, "Trần Thị Hoa", "2" * 32, who="same")
    # Whoever only says so is thanked, and gets no way to take the first one's yes back.
    assert (told.again, told.teaching.id, told.door) == (True, first.teaching.id, None)
    by_tail = checks_in(story, held, cast.alice, "Trần Thị Hoa", "2" * 32, tail="512")
    assert (by_tail.again, by_tail.teaching.id) == (True, first.teaching.id)
    second = checks_in(story, held, cast.alice, "Trần Thị Hoa", "2" * 32, tail="777")
    assert second.teaching.learner_id != first.teaching.learner_id
    third = checks_in(story, held, cast.alice, "Trần Thị Hoa", "3" * 32, who="apart")
    assert len({first.teaching.id, second.teaching.id, third.teaching.id}) == 3
    with pytest.raises(Invalid) as refused:
        checks_in(story, held, cast.alice, "Trần Thị Hoa", tail="51x")
    assert refused.value.fields == {"tail": "tail_three_digits"}


def test_an_earlier_learner_stays_one_person(story: Story, cast: Cast, held: ClassSession):
    ward = story.ward().code
    earlier = story.record(cast.alice, "Trần Thị Hoa", taught_on=on(3), ward_code=ward).learner_id
    before = people(story)
    with pytest.raises(WhoIsIt) as asked:
        checks_in(story, held, cast.alice, "Trần Thị Hoa", "1" * 32)
    assert asked.value.question == "learned_before"
    done = checks_in(story, held, cast.alice, "Trần Thị Hoa", "1" * 32, ward_code=ward)
    assert done.teaching.learner_id == earlier
    assert people(story) == before
    other = checks_in(story, held, cast.alice, "Trần Thị Hoa", "2" * 32, who="apart")
    assert other.teaching.learner_id != earlier


def test_an_act_of_the_same_day_is_that_act(story: Story, cast: Cast, held: ClassSession):
    alone = story.record(cast.alice, "Trần Thị Hoa")
    done = checks_in(story, held, cast.alice, "Trần Thị Hoa", who="same")
    assert (done.teaching.id, done.teaching.class_id, done.teaching.state) == (alone.id, held.id, "confirmed")
    second = story.record(cast.alice, "Lê Văn Tám")
    confirming.dispute(story.session, ANYONE, Evidence(Door(second.id, 1)), "", story.clock.now())
    with pytest.raises(Conflict, match="check_in_disputed"):
        checks_in(story, held, cast.alice, "Lê Văn Tám", who="same")


def test_teachers_do_not_learn_in_their_own_class(story: Story, cast: Cast, held: ClassSession):
    for member in (cast.alice, cast.erin):
        with pytest.raises(NotAllowed, match="own_class"):
            checks_in(story, held, cast.alice, member.full_name, actor=member.actor)
    # Another ambassador who comes to learn is known by the account, and needs no question.
    done = checks_in(story, held, cast.alice, cast.bob.full_name, actor=cast.bob.actor)
    assert done.teaching.learner_id == cast.bob.person_id
    # A helper whom the lead once taught is no candidate for a namesake.
    story.taught(cast.alice.person_id, cast.erin.person_id, on(3))
    namesake = checks_in(story, held, cast.alice, cast.erin.full_name)
    assert namesake.teaching.learner_id != cast.erin.person_id


def test_the_circle_rule_holds_through_a_class(story: Story, cast: Cast):
    story.taught(cast.bob.person_id, cast.alice.person_id, on(3))
    held = opened(story, cast.alice)
    door(story, held, cast.alice)
    done = checks_in(story, held, cast.alice, cast.bob.full_name, actor=cast.bob.actor)
    assert done.teaching.state == "confirmed"
    assert story.places() == {cast.alice.person_id: cast.bob.person_id}
    assert (cast.alice.person_id, cast.bob.person_id) not in story.credits()
    assert invariants.problems(story.session) == []


def test_the_door(story: Story, cast: Cast):
    held = opened(story, cast.alice, cast.erin)
    with pytest.raises(Conflict, match="check_in_closed"):
        checks_in(story, held, cast.alice, "Trần Thị Hoa")
    for stranger in (cast.bob, cast.dave):
        with pytest.raises(NotFound):
            door(story, held, stranger)
    with pytest.raises(Invalid):
        door(story, held, cast.alice, hours=500)
    door(story, held, cast.erin, hours=2)
    story.clock.advance(hours=2, seconds=-1)
    assert checks_in(story, held, cast.alice, "Trần Thị Hoa").again is False
    assert class_lists.open_screens(story.session, story.clock.now()) == [
        Screen(held.id, one) for one in sorted((cast.alice.person_id, cast.erin.person_id))
    ]
    story.clock.advance(seconds=1)
    with pytest.raises(Conflict, match="check_in_closed"):
        checks_in(story, held, cast.alice, "Lê Văn Tám")
    assert class_lists.open_screens(story.session, story.clock.now()) == []
    door(story, held, cast.carol)
    check_in.close_door(story.session, cast.alice.actor, held.id)
    with pytest.raises(Conflict, match="check_in_closed"):
        checks_in(story, held, cast.alice, "Lê Văn Tám")
    classes.close_class(story.session, cast.alice.actor, held.id, story.clock.now())
    with pytest.raises(Conflict, match="class_over"):
        door(story, held, cast.alice)


@pytest.mark.parametrize(("day", "opens"), [(20, False), (21, True), (22, True), (23, False)])
def test_the_door_opens_on_the_day_alone(story: Story, cast: Cast, day: int, opens: bool):
    held = opened(story, cast.alice, held_on=on(day))
    if opens:
        door(story, held, cast.alice)
        assert held.check_in_until is not None
        return
    with pytest.raises(Conflict, match="check_in_wrong_day"):
        door(story, held, cast.alice)


@pytest.mark.parametrize("name", ["", "   ", "12345", "x" * 300, "http://a.vn", "\u202e\u200b", "😀😀"])
def test_what_is_no_name(story: Story, cast: Cast, held: ClassSession, name: str):
    before = people(story)
    with pytest.raises(Invalid) as refused:
        checks_in(story, held, cast.alice, name)
    assert set(refused.value.fields) == {"full_name"}
    assert people(story) == before


def test_the_way_back_takes_the_yes_back(story: Story, cast: Cast, held: ClassSession):
    done = checks_in(story, held, cast.alice, "Trần Thị Hoa")
    assert done.door is not None
    confirming.dispute(story.session, ANYONE, Evidence(done.door), "Bấm nhầm", story.clock.now())
    assert done.teaching.state == "disputed"
    assert story.credits() == set()
    assert class_lists.at_the_screen(story.session, held.id).number == 0
    assert invariants.problems(story.session) == []


def test_whoever_answers_for_the_unit_takes_a_check_in_out(story: Story, cast: Cast, held: ClassSession):
    done = checks_in(story, held, cast.alice, "Trần Thị Hoa")
    with pytest.raises(NotAllowed):
        voiding.void(story.session, cast.alice.actor, done.teaching.id, "Đùa", story.clock.now())
    voiding.void(story.session, cast.carol.actor, done.teaching.id, "Đùa", story.clock.now())
    assert class_lists.tallies(story.session, [held.id]) == {}
    again = checks_in(story, held, cast.alice, "Trần Thị Hoa", who="apart")
    assert again.again is False


def test_two_check_ins_of_one_name_at_one_moment(
    database: object, uow: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast
):
    with uow.begin() as session:
        story = Story(session, clock, box)
        held = opened(story, cast.alice)
        door(story, held, cast.alice)
        came(story, held, cast.alice, "Trần Thị Hoa")
        before = people(story)

    def tap(device: str) -> Callable[[], object]:
        def deed() -> object:
            with uow.begin() as session:
                wish = learner_wish(held, cast.alice, "Trần Thị Hoa", device * 32)
                done = check_in.check_in(session, ANYONE, wish, clock.now(), box)
                return done.teaching.id, done.again

        return deed

    outcomes = at_once(tap("1"), tap("1"), tap("2"))
    done = [one for one in outcomes if isinstance(one, tuple)]
    # One of the two phones confirms the act; the other phone is asked; a double tap is thanked.
    assert len({act for act, _ in done}) == 1
    assert [again for _, again in done].count(False) == 1
    assert all(isinstance(one, tuple | WhoIsIt) for one in outcomes)
    with uow.begin() as session:
        assert people(Story(session, clock, box)) == before
        assert session.scalar(select(func.count()).select_from(Teaching)) == 1
        assert session.scalar(select(func.count()).select_from(Confirmation)) == 1
        assert invariants.problems(session) == []


def test_a_class_is_called_off_while_somebody_checks_in(
    uow: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast
):
    with uow.begin() as session:
        story = Story(session, clock, box)
        held = opened(story, cast.alice)
        door(story, held, cast.alice)

    def tap() -> object:
        with uow.begin() as session:
            wish = learner_wish(held, cast.alice, "Trần Thị Hoa")
            return check_in.check_in(session, ANYONE, wish, clock.now(), box).teaching.state

    def off() -> object:
        with uow.begin() as session:
            return classes.call_off(session, cast.alice.actor, held.id, clock.now()).state

    outcomes = at_once(tap, off)
    assert "cancelled" in outcomes
    with uow.begin() as session:
        assert invariants.problems(session) == []
