"""Recording an act, and everything a form may get wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.clock import local_day
from core.errors import Conflict, Invalid, NotAllowed
from people.models import Person
from people.permissions import ANYONE, HOUSE
from referrals.events import TeachingRecorded
from referrals.models.acts import ConfirmationCode, TeachingMove
from referrals.queries.teachings import newest_code
from referrals.services import recording, voiding
from referrals.services.recording import MaybeSamePerson, TeachingWish
from tests.support.story import Story


def test_an_act_is_written_down_with_learner_history_and_code(story: Story, cast):
    teaching = story.record(cast.alice, "Trần Thị Hoa", phone="0905 123 456", age_band="60_74")

    assert (teaching.teacher_id, teaching.state) == (cast.alice.person_id, "recorded")
    learner = story.session.get(Person, teaching.learner_id)
    assert (learner.full_name, learner.phone_tail, learner.age_band) == ("Trần Thị Hoa", "456", "60_74")
    move = story.session.scalars(select(TeachingMove)).one()
    assert (move.from_state, move.to_state, move.account_id) == (None, "recorded", cast.alice.account_id)
    code = newest_code(story.session, teaching.id)
    assert code is not None
    assert code.serial == 1
    assert code.digits_sealed is not None
    assert len(story.box.open(code.digits_sealed)) == 6
    assert code.expires_at == story.clock.now() + timedelta(days=30)
    assert story.told() == [TeachingRecorded(teaching.id, cast.alice.person_id, learner.id)]
    assert story.places() == {}
    assert story.credits() == set()


@pytest.mark.parametrize("who", [ANYONE, HOUSE])
def test_only_somebody_who_teaches_records(story: Story, cast, who):
    with pytest.raises(NotAllowed):
        story.record(who)


def test_communication_staff_record_nothing(story: Story, cast):
    with pytest.raises(NotAllowed):
        story.record(cast.frank)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"taught_on": date(2026, 11, 23)}, "taught_on", "in_future"),
        ({"taught_on": date(2019, 12, 31)}, "taught_on", "too_early"),
        ({"place": "moon"}, "place", "not_a_choice"),
        ({"skill_ids": ()}, "skills", "choose_one"),
        ({"skill_ids": (999,)}, "skills", "not_a_choice"),
        ({"full_name": "  "}, "full_name", "name_empty"),
        ({"full_name": "0905123456"}, "full_name", "name_no_letters"),
        ({"phone": "12"}, "phone", "phone_too_short"),
        ({"age_band": "old"}, "age_band", "not_a_choice"),
        ({"ward_code": "00000"}, "ward_code", "not_a_choice"),
        ({"learner_id": 1}, "learner", "not_a_choice"),
    ],
)
def test_what_is_wrong_is_told_by_field(story: Story, cast, changes, field, code):
    with pytest.raises(Invalid) as refusal:
        story.record(cast.alice, **{"full_name": "Trần Thị Hoa", **changes})
    assert field in refusal.value.fields
    if field != "phone":
        assert refusal.value.fields[field] == code


def test_an_inactive_skill_cannot_be_chosen(story: Story, cast):
    story.skill.active = False
    with pytest.raises(Invalid, match="teaching_invalid"):
        story.record(cast.alice)


def test_the_day_is_that_of_da_nang(story: Story, cast):
    story.clock.moment = story.clock.moment.replace(hour=18)  # 1 in the morning of the 23rd
    teaching = story.record(cast.alice, taught_on=date(2026, 11, 23))
    assert teaching.taught_on == local_day(story.clock.now())


def test_the_same_form_sent_twice_makes_one_record(story: Story, cast):
    wish = story.wish(client_uuid="11111111-1111-4111-8111-111111111111")
    first, second = (
        recording.record_teaching(story.session, cast.alice.actor, wish, story.clock.now(), story.box)
        for _ in range(2)
    )
    assert first.teaching.id == second.teaching.id
    assert (first.again, second.again) == (False, True)
    assert len(story.session.scalars(select(ConfirmationCode)).all()) == 1


def test_a_form_sent_again_with_another_name_loses_nothing(story: Story, cast):
    mark = "11111111-1111-4111-8111-111111111111"
    story.record(cast.alice, "Trần Thị Hoa", client_uuid=mark)
    with pytest.raises(Conflict, match="changed_resend"):
        story.record(cast.alice, "Lê Văn Mười", client_uuid=mark)
    with pytest.raises(Conflict, match="changed_resend"):
        story.record(cast.bob, "Trần Thị Hoa", client_uuid=mark)


def test_the_same_name_asks_whether_it_is_the_same_person(story: Story, cast):
    first = story.record(cast.alice, "Trần Thị Hoà")
    with pytest.raises(MaybeSamePerson) as question:
        story.record(cast.alice, "Tran Thi Hoa")
    assert [one.person_id for one in question.value.candidates] == [first.learner_id]

    other = story.record(cast.alice, "Trần Thị Hòa", apart=True)
    assert other.learner_id != first.learner_id
    again = story.record(
        cast.alice,
        "",
        learner_id=first.learner_id,
        taught_on=local_day(story.clock.now()) - timedelta(days=1),
    )
    assert again.learner_id == first.learner_id


def test_the_hint_knows_wards_and_phones_and_no_learner_of_others(story: Story, cast):
    story.ward("20194", "Hải Vân")
    story.ward("20200", "Liên Chiểu")
    story.record(cast.alice, "Trần Thị Hoa", ward_code="20194", phone="0905123456")

    story.record(cast.bob, "Trần Thị Hoa", ward_code="20194")
    story.record(cast.alice, "Trần Thị Hoa", ward_code="20200", phone="0905 999 999")
    with pytest.raises(MaybeSamePerson):
        story.record(cast.alice, "Trần Thị Hoa", ward_code="20200", phone="+84 905 123 456")
    with pytest.raises(MaybeSamePerson):
        story.record(cast.alice, "Trần Thị Hoa")


def test_one_act_a_day_with_one_learner(story: Story, cast):
    first = story.record(cast.alice, "Trần Thị Hoa")
    with pytest.raises(Conflict, match="same_act"):
        story.record(cast.alice, "", learner_id=first.learner_id)
    voiding.void(story.session, cast.alice.actor, first.id, "", story.clock.now())
    second = story.record(cast.alice, "Trần Thị Hoa")
    assert second.id != first.id


def test_a_learner_of_somebody_else_cannot_be_chosen(story: Story, cast):
    theirs = story.record(cast.bob, "Trần Thị Hoa")
    with pytest.raises(Invalid) as refusal:
        story.record(cast.alice, "", learner_id=theirs.learner_id)
    assert refusal.value.fields == {"learner": "not_a_choice"}


def test_a_wish_needs_a_name_or_a_learner():
    assert TeachingWish("Hoa", date(2026, 1, 1)).learner_id is None
