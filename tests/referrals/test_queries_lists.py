"""The lists of a teacher, and the reads of single teachings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.clock import local_day
from core.errors import NotFound
from referrals.codes import Door
from referrals.doors import Standing
from referrals.learner_list import Filters
from referrals.queries import learners, lists, teachings
from referrals.services import issuing, voiding
from tests.support.story import Story


def names(page) -> list[str]:
    return [row.full_name for row in page.rows]


def test_each_learner_stands_once_by_the_newest_act(story: Story, cast):
    alice = cast.alice.person_id
    hoa, muoi = story.person("Trần Thị Hoa"), story.person("Lê Văn Mười")
    story.taught(alice, hoa, date(2026, 1, 1))
    story.taught(alice, muoi, date(2026, 1, 2))
    newest = story.taught(alice, hoa, date(2026, 1, 3))
    waiting = story.record(cast.alice, "Phan Thị Bốn")
    gone = story.record(cast.alice, "Ngô Năm")
    voiding.void(story.session, cast.alice.actor, gone.id, "", story.clock.now())
    story.taught(muoi, story.person("Cháu"))

    def listed(view="all", search=""):
        today = local_day(story.clock.now())
        return learners.my_learners(story.session, alice, Filters(view, search), today)

    everyone = listed()
    assert names(everyone) == ["Phan Thị Bốn", "Trần Thị Hoa", "Lê Văn Mười"]
    assert everyone.rows[1].teaching_id == newest.id
    assert [row.taught for row in everyone.rows] == [0, 0, 1]
    assert [row.counts for row in everyone.rows] == [False, True, True]
    assert everyone.rows[0].skill_names("en") == ["QR payment"]
    assert names(listed("waiting")) == ["Phan Thị Bốn"]
    assert names(listed("confirmed")) == ["Trần Thị Hoa", "Lê Văn Mười"]
    assert names(listed("teachers")) == ["Lê Văn Mười"]
    assert names(listed(search="tran HOA")) == ["Trần Thị Hoa"]
    assert names(listed(search="%")) == []
    assert learners.learner_counts(story.session, alice) == learners.LearnerCounts(3, 1, 2, 1)

    (row,) = lists.waiting(story.session, alice)
    assert (row.teaching_id, row.learner_name, row.state) == (waiting.id, "Phan Thị Bốn", "recorded")
    assert row.expires_at == story.clock.now() + timedelta(days=30)
    assert row.skill_names("vi") == ["Thanh toán QR"]


def test_an_empty_list(story: Story, cast):
    alice = cast.alice.person_id
    assert learners.my_learners(story.session, alice, Filters(), local_day(story.clock.now())).rows == []
    assert lists.waiting(story.session, alice) == []
    assert learners.learner_counts(story.session, alice) == learners.LearnerCounts(0, 0, 0, 0)


def test_a_teaching_is_found_by_those_it_concerns(story: Story, cast):
    teaching = story.record(cast.alice)
    for who in (cast.alice, cast.carol, cast.olga):
        assert teachings.teaching_for(story.session, who.actor, teaching.id) is teaching
    for who in (cast.bob, cast.erin, cast.frank, cast.grace):
        with pytest.raises(NotFound):
            teachings.teaching_for(story.session, who.actor, teaching.id)
    with pytest.raises(NotFound):
        teachings.teaching_for(story.session, cast.alice.actor, 999)


def test_digits_open_only_with_the_learners_own_name(story: Story, cast):
    teaching = story.record(cast.alice, "Zơrâm Thị Hạnh")
    digits = issuing.open_digits(story.session, cast.alice.actor, teaching.id, story.box)
    assert digits is not None
    found = issuing.digits_index(story.box, digits)

    def door(name_key: str) -> Door | None:
        return teachings.door_of_digits(story.session, found, name_key, story.clock.now())

    assert door("hanh") == door("thi hanh") == Door(teaching.id, 1, "code")
    assert [door(name) for name in ("", "anh", "thi", "zoram", "lan")] == [None] * 5
    story.clock.advance(days=30)
    assert door("hanh") is None


def test_how_things_stand_behind_a_door(story: Story, cast):
    teaching = story.record(cast.alice)
    now = story.clock.now()
    assert teachings.at_the_door(story.session, Door(teaching.id, 1), now).standing is Standing.OPEN
    issuing.reissue(story.session, cast.alice.actor, teaching.id, now, story.box, 30)
    assert teachings.at_the_door(story.session, Door(teaching.id, 1), now).standing is Standing.REPLACED
    voiding.void(story.session, cast.alice.actor, teaching.id, "", now)
    assert teachings.at_the_door(story.session, Door(teaching.id, 2), now).standing is Standing.WITHDRAWN
    for door in (Door(teaching.id, 3), Door(999, 1)):
        with pytest.raises(NotFound):
            teachings.at_the_door(story.session, door, now)


def test_what_was_chosen_the_last_time(story: Story, cast):
    assert teachings.last_choices(story.session, cast.alice.person_id) == teachings.LastChoices()
    story.ward("20194", "Hải Vân")
    story.record(cast.alice, place="market", ward_code="20194")
    last = teachings.last_choices(story.session, cast.alice.person_id)
    assert last == teachings.LastChoices((story.skill.id,), "market", "20194")
