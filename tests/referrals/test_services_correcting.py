"""Putting a typing mistake right: by whom, what, until when, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.clock import local_day
from core.errors import Conflict, Invalid, NotFound
from learning.models import Skill
from people.models import AuditEntry, Person
from people.permissions import Actor, Role
from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove
from referrals.queries import correctable, teachings
from referrals.services import correcting, voiding
from referrals.services.correcting import ChangedMeanwhile
from tests.support.cast import Cast
from tests.support.story import Story


def correct(story: Story, who: Any, teaching: Teaching, mark: str | None = None, **changes: Any) -> Teaching:
    actor = who if isinstance(who, Actor) else who.actor
    present = correcting.as_it_stands(teaching)
    wish = replace(present, **changes)
    sent = correcting.mark_of(teaching) if mark is None else mark
    return correcting.correct_teaching(
        story.session, actor, teaching.id, wish, sent, story.clock.now(), story.box
    )


def last_move(story: Story, teaching: Teaching) -> TeachingMove:
    return teachings.history(story.session, teaching.id)[0]


def test_everything_can_be_put_right_while_nobody_answered(story: Story, cast: Cast) -> None:
    act = story.record(cast.alice, "Trần Thị Hao", phone="0905123456")
    other = Skill(code="vneid", name_vi="VNeID", name_en="VNeID", position=2, active=True)
    story.session.add(other)
    story.session.flush()
    ward = story.ward()
    codes = story.session.scalar(select(func.count()).select_from(ConfirmationCode))
    yesterday = local_day(story.clock.now()) - timedelta(days=1)
    correct(
        story,
        cast.alice,
        act,
        full_name=" trần thị  hoa ",
        phone="0912 345 678",
        ward_code=ward.code,
        age_band="60_74",
        skill_ids=(other.id,),
        taught_on=yesterday,
        place="market",
    )
    story.session.expire_all()
    learner = act.learner
    assert (learner.full_name, learner.name_key, learner.age_band) == (
        "Trần Thị Hoa",
        "tran thi hoa",
        "60_74",
    )
    assert learner.phone_tail == "678"
    assert learner.phone_sealed is not None
    assert story.box.open(learner.phone_sealed) == "+84912345678"
    assert learner.ward_code == ward.code
    assert [skill.code for skill in act.skills] == ["vneid"]
    assert (act.taught_on, act.place, act.state) == (yesterday, "market", "recorded")
    # The code that was shown stays good; the history names the fields and holds no name and no number.
    assert story.session.scalar(select(func.count()).select_from(ConfirmationCode)) == codes
    move = last_move(story, act)
    assert (move.from_state, move.to_state) == ("recorded", "recorded")
    assert move.reason == (
        "Sửa lại: họ tên, số điện thoại, phường, xã, độ tuổi, việc đã dạy, ngày dạy, nơi dạy"
    )
    assert story.confirm(act).state == "confirmed"


def test_a_phone_is_kept_replaced_or_dropped(story: Story, cast: Cast) -> None:
    act = story.record(cast.alice, phone="0905123456")
    correct(story, cast.alice, act, place="market")
    assert act.learner.phone_tail == "456"
    correct(story, cast.alice, act, phone="+84 905 123 456", full_name="Trần Thị Hoà")
    assert last_move(story, act).reason == "Sửa lại: họ tên"
    correct(story, cast.alice, act, drop_phone=True)
    assert {act.learner.phone_tail, act.learner.phone_hash, act.learner.phone_sealed} == {None}
    assert last_move(story, act).reason == "Sửa lại: số điện thoại"


def test_nothing_changed_leaves_no_trace(story: Story, cast: Cast) -> None:
    act = story.record(cast.alice)
    before = len(teachings.history(story.session, act.id))
    correct(story, cast.alice, act, mark="")
    assert len(teachings.history(story.session, act.id)) == before


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"full_name": "Lan 2"}, {"full_name": "name_has_digits"}),
        ({"full_name": ""}, {"full_name": "name_empty"}),
        ({"phone": "O905123456"}, {"phone": "phone_letters"}),
        ({"ward_code": "99999"}, {"ward_code": "not_a_choice"}),
        ({"age_band": "old"}, {"age_band": "not_a_choice"}),
        ({"place": "moon"}, {"place": "not_a_choice"}),
        ({"taught_on": date(2030, 1, 1)}, {"taught_on": "in_future"}),
        ({"taught_on": date(2019, 12, 31)}, {"taught_on": "too_early"}),
        ({"skill_ids": ()}, {"skills": "choose_one"}),
        ({"skill_ids": (999,)}, {"skills": "not_a_choice"}),
    ],
)
def test_what_has_to_be_put_right_first(
    story: Story, cast: Cast, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    act = story.record(cast.alice)
    with pytest.raises(Invalid) as refused:
        correct(story, cast.alice, act, **changes)
    assert refused.value.fields == fields
    assert act.learner.full_name == "Trần Thị Hoa"


def test_a_skill_that_rests_may_stay_where_it_stood(story: Story, cast: Cast) -> None:
    act = story.record(cast.alice)
    story.skill.active = False
    story.session.flush()
    correct(story, cast.alice, act, place="market")
    assert act.place == "market"


def test_collisions_are_told(story: Story, cast: Cast) -> None:
    first = story.record(cast.alice, "Trần Thị Hoa")
    today = local_day(story.clock.now())
    second = story.record(
        cast.alice, "Trần Thị Hoa", learner_id=first.learner_id, taught_on=today - timedelta(days=1)
    )
    with pytest.raises(Invalid) as refused:
        correct(story, cast.alice, second, taught_on=today)
    assert refused.value.fields == {"taught_on": "same_act"}
    third = story.record(cast.alice, "Lê Văn Mười")
    with pytest.raises(Invalid) as refused:
        correct(story, cast.alice, third, full_name="TRẦN THỊ HOÀ")
    assert refused.value.fields == {"apart": "maybe_same_person"}
    assert (
        correct(story, cast.alice, third, full_name="Trần Thị Hoa", apart=True).learner_id != first.learner_id
    )


def test_the_later_of_two_tabs_is_told(story: Story, cast: Cast) -> None:
    act = story.record(cast.alice)
    mark = correcting.mark_of(act)
    correct(story, cast.alice, act, mark=mark, place="market")
    with pytest.raises(ChangedMeanwhile) as refused:
        correct(story, cast.alice, act, mark=mark, place="school")
    assert act.place == "market"
    correct(story, cast.alice, act, mark=refused.value.mark, place="school")
    assert act.place == "school"


def test_an_act_that_was_sent_back_waits_again(story: Story, cast: Cast) -> None:
    act = story.record(cast.alice)
    act.state = "returned"
    story.session.add(
        TeachingMove(
            teaching_id=act.id,
            from_state="recorded",
            to_state="returned",
            at=story.clock.now(),
            reason="Sai tên.",
        )
    )
    story.session.flush()
    correct(story, cast.alice, act, full_name="Trần Thị Hòa Bình")
    assert act.state == "recorded"
    assert last_move(story, act).from_state == "returned"
    assert story.confirm(act).state == "confirmed"


def test_after_an_answer_nothing_is_put_right(story: Story, cast: Cast) -> None:
    confirmed = story.confirm(story.record(cast.alice, "Một"))
    gone = story.record(cast.alice, "Hai")
    voiding.void(story.session, cast.alice.actor, gone.id, "", story.clock.now())
    for act in (confirmed, gone):
        with pytest.raises(Conflict, match="wrong_state"):
            correct(story, cast.alice, act, place="market")
        assert not correctable.may_correct(cast.alice.actor, act)


def test_the_person_belongs_to_whoever_relies_on_it(story: Story, cast: Cast) -> None:
    act = story.record(cast.alice)
    assert correctable.bound(story.session, act) is None
    # Confirmed once: the name is the learner's own word.
    known = story.person("Lê Văn Mười")
    story.taught(cast.alice.person_id, known, date(2026, 1, 1))
    again = story.record(cast.alice, "Lê Văn Mười", learner_id=known)
    assert correctable.bound(story.session, again) == "confirmed"
    correct(story, cast.alice, again, full_name="Khác Hẳn", phone="0905123456", place="market")
    person = story.session.get_one(Person, known)
    assert (person.full_name, person.phone_tail, again.place) == ("Lê Văn Mười", None, "market")
    # Another teacher's learner, too.
    story.session.add(
        Teaching(
            teacher_id=cast.bob.person_id,
            learner_id=act.learner_id,
            taught_on=act.taught_on,
            state="recorded",
            recorded_at=story.clock.now(),
        )
    )
    story.session.flush()
    assert correctable.bound(story.session, act) == "shared"
    # And somebody with an account.
    story.session.add(
        Teaching(
            teacher_id=cast.alice.person_id,
            learner_id=cast.bob.person_id,
            taught_on=act.taught_on,
            state="recorded",
            recorded_at=story.clock.now(),
        )
    )
    story.session.flush()
    bobs = story.session.scalars(select(Teaching).where(Teaching.learner_id == cast.bob.person_id)).one()
    assert correctable.bound(story.session, bobs) == "account"


def test_who_may(story: Story, cast: Cast) -> None:
    act = story.record(cast.alice)
    correct(story, cast.carol, act, place="market")
    entry = story.session.scalars(select(AuditEntry).where(AuditEntry.action == "teaching.corrected")).one()
    assert entry.details == {"fields": ["place"]}
    strangers = (cast.bob.actor, cast.erin.actor, cast.frank.actor)
    nobody = Actor(account_id=9_999, person_id=9_999, roles=frozenset({Role.VOLUNTEER}))
    for stranger in (*strangers, nobody):
        with pytest.raises(NotFound):
            correct(story, stranger, act, place="school")
        assert not correctable.may_correct(stranger, act)
