"""The list of my learners: every filter, every order, page after page, and the sums of its file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.clock import local_day
from core.errors import NotFound
from learning.models import Skill
from people.models import Person
from people.names import sort_key
from referrals.learner_list import Filters
from referrals.models.acts import Teaching
from referrals.queries import learners
from referrals.queries.learner_sums import every_sum
from referrals.services import issuing, voiding
from tests.support.cast import Cast
from tests.support.story import Story


def listed(
    story: Story, teacher: int, after: str | None = None, phone: str | None = None, **asked: Any
) -> Any:
    phone_hash = story.box.blind_index("phone", phone) if phone else None
    today = local_day(story.clock.now())
    return learners.my_learners(
        story.session, teacher, Filters(**asked), today, phone_hash=phone_hash, after=after
    )


def names(page: Any) -> list[str]:
    return [row.full_name for row in page.rows]


def whole(story: Story, teacher: int, **asked: Any) -> list[str]:
    """Every page after the other."""
    seen: list[str] = []
    after = None
    while True:
        page = listed(story, teacher, after, **asked)
        assert page.first == (after is None)
        seen += names(page)
        after = page.next
        if after is None:
            return seen


def set_state(story: Story, act: Teaching, state: str) -> None:
    act.state = state
    story.session.flush()


def test_each_filter_alone_and_together(story: Story, cast: Cast) -> None:
    alice, today = cast.alice.person_id, local_day(story.clock.now())
    ward, _first = story.ward(), story.skill
    vneid = Skill(code="vneid", name_vi="VNeID", name_en="VNeID", position=2, active=True)
    story.session.add(vneid)
    story.session.flush()
    hoa = story.record(cast.alice, "Trần Thị Hoà", phone="0905123512", ward_code=ward.code)
    muoi = story.record(
        cast.alice, "Lê Văn Mười", skill_ids=(vneid.id,), taught_on=today - timedelta(days=40)
    )
    set_state(story, muoi, "expired")
    bon = story.record(cast.alice, "Phan Thị Bốn", taught_on=today - timedelta(days=400))
    set_state(story, bon, "disputed")
    nam = story.record(cast.alice, "Ngô Thị Năm")
    set_state(story, nam, "returned")
    story.taught(alice, story.person("Đỗ Thị Hoa"))

    assert names(listed(story, alice, search="hoa")) == ["Đỗ Thị Hoa", "Trần Thị Hoà"]
    assert names(listed(story, alice, search="HÒA trần")) == ["Trần Thị Hoà"]
    assert names(listed(story, alice, search="512")) == ["Trần Thị Hoà"]
    assert names(listed(story, alice, search="hoa ••• 512")) == ["Trần Thị Hoà"]
    assert names(listed(story, alice, search="51")) == []
    assert names(listed(story, alice, phone="+84905123512", search="0905 123 512")) == ["Trần Thị Hoà"]
    assert names(listed(story, alice, search="%")) == names(listed(story, alice, search="_")) == []
    assert names(listed(story, alice, view="recorded")) == ["Trần Thị Hoà"]
    assert names(listed(story, alice, view="expired")) == ["Lê Văn Mười"]
    assert names(listed(story, alice, view="disputed")) == ["Phan Thị Bốn"]
    assert names(listed(story, alice, view="returned")) == ["Ngô Thị Năm"]
    assert len(names(listed(story, alice, view="waiting"))) == 4
    assert names(listed(story, alice, ward_code=ward.code)) == ["Trần Thị Hoà"]
    assert names(listed(story, alice, skill_id=vneid.id)) == ["Lê Văn Mười"]
    assert names(listed(story, alice, period="month")) == ["Đỗ Thị Hoa", "Ngô Thị Năm", "Trần Thị Hoà"]
    assert len(names(listed(story, alice, period="year"))) == 4
    assert names(listed(story, alice, period="year", skill_id=vneid.id, view="expired", search="muoi")) == [
        "Lê Văn Mười"
    ]
    assert names(listed(story, alice, skill_id=vneid.id, view="confirmed")) == []
    (row,) = listed(story, alice, search="512").rows
    assert (row.phone_tail, row.teaching_id, row.ward_name) == ("512", hoa.id, "Phường Hải Vân")
    assert row.expires_at == story.clock.now() + timedelta(days=30)
    assert listed(story, cast.bob.person_id).rows == []


def test_the_orders(story: Story, cast: Cast) -> None:
    alice = cast.alice.person_id
    for name in ("Nguyễn Văn Ánh", "Trần Thị Anh", "Bùi Ân", "Hồ Văn Đào", "Cao Dũng"):
        story.record(cast.alice, name)
    again = story.session.query(Teaching).filter(Teaching.learner.has(full_name="Nguyễn Văn Ánh")).one()
    story.record(
        cast.alice,
        "Nguyễn Văn Ánh",
        learner_id=again.learner_id,
        taught_on=local_day(story.clock.now()) - timedelta(days=1),
    )
    by_name = ["Trần Thị Anh", "Nguyễn Văn Ánh", "Bùi Ân", "Cao Dũng", "Hồ Văn Đào"]
    assert names(listed(story, alice, order="name")) == by_name == sorted(by_name, key=sort_key)
    newest = ["Nguyễn Văn Ánh", "Cao Dũng", "Hồ Văn Đào", "Bùi Ân", "Trần Thị Anh"]
    assert names(listed(story, alice)) == newest
    # Whoever waits longest, by the oldest act that waits.
    longest = ["Nguyễn Văn Ánh", "Trần Thị Anh", "Bùi Ân", "Hồ Văn Đào", "Cao Dũng"]
    assert names(listed(story, alice, view="waiting", order="longest")) == longest


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"order": "name"},
        {"order": "longest", "view": "waiting"},
        {"search": "hoc"},
        {"search": "hoc", "order": "name"},
        {"view": "waiting"},
        {"view": "recorded"},
    ],
)
def test_pages_follow_each_other_without_a_gap(
    story: Story, cast: Cast, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    alice = cast.alice.person_id
    for number in range(7):
        story.record(cast.alice, f"Học {'abcdecb'[number]}", apart=True)
    at_once = names(listed(story, alice, **asked))
    assert len(at_once) == 7
    monkeypatch.setattr(learners, "ROWS_A_PAGE", 2)
    assert whole(story, alice, **asked) == at_once
    for nonsense in ("nonsense", "WyJhIl0", "W251bGxd", "WzEsMiwzXQ", "WyJhIiwiYiJd"):
        assert listed(story, alice, nonsense, **asked).first


def test_a_row_leads_to_the_newest_act_that_fits(story: Story, cast: Cast) -> None:
    today = local_day(story.clock.now())
    first = story.record(cast.alice, taught_on=today - timedelta(days=2))
    second = story.record(cast.alice, learner_id=first.learner_id, taught_on=today - timedelta(days=1))
    story.confirm(first)
    alice = cast.alice.person_id
    assert [row.teaching_id for row in listed(story, alice).rows] == [second.id]
    assert [row.teaching_id for row in listed(story, alice, view="confirmed").rows] == [first.id]
    voiding.void(story.session, cast.alice.actor, second.id, "", story.clock.now())
    assert [row.teaching_id for row in listed(story, alice).rows] == [first.id]


def test_a_new_code_ends_later(story: Story, cast: Cast) -> None:
    act = story.record(cast.alice)
    issuing.reissue(story.session, cast.alice.actor, act.id, story.clock.now(), story.box, days=7)
    assert listed(story, cast.alice.person_id).rows[0].expires_at == story.clock.now() + timedelta(days=7)


def test_very_many_are_not_counted_to_the_end(
    story: Story, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        story.record(cast.alice, f"Học {'abcd'[number]}", apart=True)
    monkeypatch.setattr(learners, "COUNTED_TO", 2)
    assert learners.learner_counts(story.session, cast.alice.person_id) == learners.LearnerCounts(3, 3, 0, 0)


def test_all_about_one_learner(story: Story, cast: Cast) -> None:
    today = local_day(story.clock.now())
    first = story.confirm(story.record(cast.alice, taught_on=today - timedelta(days=1)))
    second = story.record(cast.alice, learner_id=first.learner_id)
    story.taught(first.learner_id, story.person("Cháu"))
    found = learners.learner_of_mine(story.session, cast.alice.person_id, first.learner_id)
    assert [act.teaching_id for act in found.acts] == [second.id, first.id]
    assert [act.counts for act in found.acts] == [True, True]
    assert (found.taught, found.person.full_name) == (1, "Trần Thị Hoa")
    for teacher, learner in ((cast.bob.person_id, first.learner_id), (cast.alice.person_id, 999_999)):
        with pytest.raises(NotFound):
            learners.learner_of_mine(story.session, teacher, learner)
    gone = story.record(cast.alice, "Ngô Năm")
    voiding.void(story.session, cast.alice.actor, gone.id, "", story.clock.now())
    with pytest.raises(NotFound):
        learners.learner_of_mine(story.session, cast.alice.person_id, gone.learner_id)


def test_the_sums_of_the_file(story: Story, cast: Cast) -> None:
    alice, today = cast.alice.person_id, local_day(story.clock.now())
    hoa = story.person("Trần Thị Hoa")
    story.taught(alice, hoa, date(2026, 1, 1))
    story.taught(alice, hoa, date(2026, 1, 2))
    story.record(cast.alice, "Trần Thị Hoa", learner_id=hoa)
    waiting = story.record(cast.alice, "Lê Văn Mười", phone="0905123512")
    gone = story.record(cast.alice, "Lê Văn Mười", learner_id=waiting.learner_id, taught_on=date(2026, 2, 1))
    voiding.void(story.session, cast.alice.actor, gone.id, "", story.clock.now())
    story.taught(hoa, story.person("Cháu"))
    muoi, told = every_sum(story.session, alice, Filters(), today)
    assert (told.full_name, told.people, told.contacts, told.waiting, told.taught) == (
        "Trần Thị Hoa",
        1,
        2,
        1,
        1,
    )
    assert (told.last_on, told.state) == (today, "recorded")
    assert [skill.vi for skill in told.skills] == ["Thanh toán QR"]
    assert (muoi.people, muoi.contacts, muoi.waiting, muoi.phone_tail) == (0, 0, 1, "512")
    assert [row.full_name for row in every_sum(story.session, alice, Filters("confirmed"), today)] == [
        "Trần Thị Hoa"
    ]
    assert list(every_sum(story.session, cast.bob.person_id, Filters(), today)) == []


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_those_who_wait_are_found_by_an_index_of_their_own(story: Story, cast: Cast) -> None:
    """Beside a hundred thousand confirmed acts the few that wait are read alone."""
    for asked in (Filters("waiting"), Filters("expired"), Filters("waiting", order="longest")):
        statement, _ = learners._ids(cast.alice.person_id, asked, date(2026, 11, 22), None)
        sql = str(statement.compile(story.session.get_bind(), compile_kwargs={"literal_binds": True}))
        plan = " ".join(row[3] for row in story.session.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
        assert "ix_teaching_open" in plan
    assert story.session.get(Person, cast.alice.person_id) is not None
