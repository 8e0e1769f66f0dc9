"""Who came: by list and by ticks, whose part, one act a person; the acts follow the class, or go with it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.errors import Conflict, Invalid, NotFound
from learning.classes import Counts
from learning.models import ClassSession
from learning.services import classes
from people.models import Person
from referrals.batches import Line
from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove
from referrals.queries import class_lists, invariants
from referrals.services import class_attendance
from referrals.services.class_attendance import ClassListWish, open_class_with_list
from tests.support.cast import Cast
from tests.support.classes import came, checks_in, class_wish, door, on, opened
from tests.support.story import Story

MARK = "22222222-2222-4222-8222-222222222222"


def acts(story: Story) -> list[Teaching]:
    return list(story.session.scalars(select(Teaching).order_by(Teaching.id)))


def test_a_list_makes_one_act_a_person(story: Story, cast: Cast):
    held = opened(story, cast.alice, kind="market_stand", ward_code=story.ward().code)
    written = came(story, held, cast.alice, "Trần Thị Hoa", "Lê Văn Tám")
    assert [one.outcome for one in written] == ["written", "written"]
    for teaching in acts(story):
        assert (teaching.class_id, teaching.teacher_id) == (held.id, cast.alice.person_id)
        assert (teaching.taught_on, teaching.place, teaching.ward_code) == (held.held_on, "market", "20194")
        assert [skill.id for skill in teaching.skills] == [story.skill.id]
    again = came(story, held, cast.alice, "Trần Thị Hoa", "Lê Văn Tám")
    assert [one.outcome for one in again] == ["nothing", "nothing"]
    assert len(acts(story)) == 2
    assert class_lists.tallies(story.session, [held.id]) == {held.id: class_lists.Tally(2, 0)}
    rows = class_lists.who_came(story.session, held.id)
    assert [one.full_name for one in rows] == ["Trần Thị Hoa", "Lê Văn Tám"]


def test_whose_part_may_be_filled(story: Story, cast: Cast):
    held = opened(story, cast.alice, cast.erin)
    assert came(story, held, cast.erin, "Một Người")[0].outcome == "written"
    # The lead and whoever coordinates the class's teacher write for others; a helper does not.
    assert came(story, held, cast.alice, "Hai Người", part=cast.erin)[0].outcome == "written"
    assert came(story, held, cast.carol, "Ba Người", part=cast.alice)[0].outcome == "written"
    for actor, part in ((cast.erin, cast.alice), (cast.carol, cast.erin), (cast.alice, cast.bob)):
        with pytest.raises(Invalid) as refused:
            came(story, held, actor, "Không Được", part=part)
        assert refused.value.fields == {"teacher_id": "not_your_part"}
    for stranger in (cast.bob, cast.dave):
        with pytest.raises(NotFound):
            came(story, held, stranger, "Không Được")
    assert class_lists.teachers_with_part(story.session, held.id) == {
        cast.alice.person_id,
        cast.erin.person_id,
    }


def test_nobody_is_written_into_a_class_that_is_over_or_to_come(story: Story, cast: Cast):
    later = opened(story, cast.alice, held_on=on(23))
    with pytest.raises(Conflict, match="class_not_yet"):
        came(story, later, cast.alice, "Trần Thị Hoa")
    held = opened(story, cast.alice)
    classes.close_class(story.session, cast.alice.actor, held.id, story.clock.now())
    with pytest.raises(Conflict, match="class_over"):
        came(story, held, cast.alice, "Trần Thị Hoa")
    classes.reopen_class(story.session, cast.alice.actor, held.id)
    with pytest.raises(Invalid) as refused:
        came(story, held, cast.alice, *(f"Người Thứ {'x' * row}" for row in range(1, 302)))
    assert refused.value.fields == {"people": "too_many_lines"}


def test_ticks_of_earlier_learners(story: Story, cast: Cast):
    earlier = story.record(cast.alice, "Trần Thị Hoa", taught_on=on(3)).learner_id
    foreign = story.record(cast.bob, "Lê Văn Tám", taught_on=on(3)).learner_id
    held = opened(story, cast.alice)
    offered = class_lists.ticks(story.session, cast.alice.person_id, held.id)
    assert [one.person_id for one in offered] == [earlier]
    now = story.clock.now()
    done = class_attendance.tick(
        story.session, cast.alice.actor, held.id, cast.alice.person_id, [earlier, earlier], now, story.box
    )
    assert [(one.outcome, one.person_id) for one in done] == [("written", earlier)]
    assert class_lists.ticks(story.session, cast.alice.person_id, held.id) == []
    for wrong in ([foreign], [], [10**12], [cast.alice.person_id]):
        with pytest.raises(Invalid) as refused:
            class_attendance.tick(
                story.session, cast.alice.actor, held.id, cast.alice.person_id, wrong, now, story.box
            )
        assert "people" in refused.value.fields


def test_an_act_of_that_day_joins_the_class(story: Story, cast: Cast):
    before = story.record(cast.alice, "Trần Thị Hoa")
    held = opened(story, cast.alice)
    (written,) = came(story, held, cast.alice, "Trần Thị Hoa")
    assert (written.outcome, written.teaching_id) == ("nothing", before.id)
    story.session.refresh(before)
    assert before.class_id == held.id


def test_day_and_place_of_unconfirmed_acts_follow(story: Story, cast: Cast):
    held = opened(story, cast.alice, cast.bob)
    door(story, held, cast.alice)
    came(story, held, cast.alice, "Trần Thị Hoa", "Lê Văn Tám")
    confirmed = checks_in(story, held, cast.alice, "Phạm Thị Sáu").teaching
    hoa, tam, _ = acts(story)
    # Somebody wrote Tám down for the new day already: that act stays, this one keeps its day.
    story.session.add(
        Teaching(
            teacher_id=tam.teacher_id, learner_id=tam.learner_id, taught_on=on(20), taught_second=0,
            state="recorded", recorded_at=story.clock.now(),
        )
    )  # fmt: skip
    story.session.flush()
    wish = class_wish(story, held_on=on(20), kind="school", helper_ids=(cast.bob.person_id,))
    changed = class_attendance.change_class(story.session, cast.alice.actor, held.id, wish, story.clock.now())
    assert (changed.moved, changed.stayed) == (1, 1)
    for one in (hoa, tam, confirmed):
        story.session.refresh(one)
    assert (hoa.taught_on, hoa.place) == (on(20), "school")
    assert (tam.taught_on, tam.place) == (on(22), "school")
    assert (confirmed.taught_on, confirmed.place) == (on(22), "hamlet_house")
    with pytest.raises(Invalid) as refused:
        class_attendance.change_class(
            story.session, cast.alice.actor, held.id, class_wish(story, held_on=on(25)), story.clock.now()
        )
    assert refused.value.fields == {"held_on": "in_future"}


def test_a_helper_with_people_cannot_be_left_out(story: Story, cast: Cast):
    held = opened(story, cast.alice, cast.bob)
    came(story, held, cast.bob, "Trần Thị Hoa")
    with pytest.raises(Invalid) as refused:
        class_attendance.change_class(
            story.session, cast.alice.actor, held.id, class_wish(story), story.clock.now()
        )
    assert refused.value.fields == {"helpers": "has_part"}


def test_calling_off_takes_back_what_nobody_confirmed(story: Story, cast: Cast):
    held = opened(story, cast.alice, cast.bob)
    door(story, held, cast.alice)
    came(story, held, cast.alice, "Trần Thị Hoa")
    came(story, held, cast.bob, "Lê Văn Tám")
    kept = checks_in(story, held, cast.alice, "Phạm Thị Sáu").teaching
    now = story.clock.now()
    with pytest.raises(Invalid):
        class_attendance.call_off(story.session, cast.alice.actor, held.id, "  ", now)
    done = class_attendance.call_off(story.session, cast.alice.actor, held.id, "Mưa to", now)
    assert (done.voided, done.kept, done.held.state) == (2, 1, "cancelled")
    states = {one.id: one.state for one in acts(story)}
    assert states.pop(kept.id) == "confirmed"
    assert set(states.values()) == {"voided"}
    reasons = story.session.execute(
        select(TeachingMove.reason, TeachingMove.account_id).where(TeachingMove.to_state == "voided")
    ).all()
    assert reasons == [("Mưa to", cast.alice.account_id)] * 2
    with pytest.raises(Conflict, match="check_in_closed"):
        checks_in(story, held, cast.alice, "Võ Văn Bảy")
    assert invariants.problems(story.session) == []


def test_counts_are_never_fewer_than_the_list(story: Story, cast: Cast):
    held = opened(story, cast.alice)
    came(story, held, cast.alice, "Trần Thị Hoa", "Lê Văn Tám")
    with pytest.raises(Invalid) as refused:
        class_attendance.say_who_came(story.session, cast.alice.actor, held.id, Counts(1))
    assert refused.value.fields == {"headcount": "fewer_than_list"}
    class_attendance.say_who_came(story.session, cast.alice.actor, held.id, Counts(2, elderly=2))
    assert held.headcount == 2


def test_a_class_and_its_list_in_one_go_and_only_once(story: Story, cast: Cast):
    lines = (Line(1, "Trần Thị Hoa"), Line(2, "Lê Văn Tám", "0905123456"), Line(3, "12345"))
    wish = ClassListWish(class_wish(story, client_uuid=MARK), lines)
    now = story.clock.now()
    first = open_class_with_list(story.session, cast.alice.actor, wish, now, story.box)
    assert [one.outcome for one in first.written] == ["written", "written", "refused"]
    people = story.session.scalar(select(func.count()).select_from(Person))
    second = open_class_with_list(story.session, cast.alice.actor, wish, now, story.box)
    assert (second.again, second.held.id, second.written) == (True, first.held.id, ())
    assert story.session.scalar(select(func.count()).select_from(Person)) == people
    for table, number in ((ClassSession, 1), (Teaching, 2), (ConfirmationCode, 2)):
        assert story.session.scalar(select(func.count()).select_from(table)) == number
    doubtful = ClassListWish(
        class_wish(story, held_on=on(21)), (Line(1, "Hoa"), Line(2, "Hoa")), frozenset({2})
    )
    third = open_class_with_list(story.session, cast.bob.actor, doubtful, now, story.box)
    assert [one.outcome for one in third.written] == ["written", "written"]
