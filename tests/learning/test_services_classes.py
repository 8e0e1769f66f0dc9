"""Opening, changing, counting, closing and calling off a class: who may, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.secrets_box import SecretsBox
from learning.classes import Counts
from learning.models import ClassSession, ClassTeacher
from learning.queries import classes as queries
from learning.services import classes
from people.models import AuditEntry
from people.permissions import ANYONE
from tests.support.cast import Cast
from tests.support.classes import class_wish, on, opened
from tests.support.story import Story

MARK = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def story(cast: Cast, session: Session, clock: FixedClock, box: SecretsBox) -> Story:
    return Story(session, clock, box)


def fields_of(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return refused.value.fields


def test_a_class_has_its_lead_helpers_skills_and_unit(story: Story, cast: Cast):
    held = opened(story, cast.alice, cast.bob, cast.erin, title="  Lớp  chợ\u200b Cồn ", kind="market_stand")
    assert (held.title, held.kind, held.state) == ("Lớp chợ Cồn", "market_stand", "open")
    assert held.unit_id == cast.alice.unit_id
    assert {one.id for one in held.teachers} == {
        cast.alice.person_id, cast.bob.person_id, cast.erin.person_id
    }  # fmt: skip
    assert [skill.id for skill in held.skills] == [story.skill.id]


def test_a_double_tap_opens_one_class(story: Story, cast: Cast):
    first = classes.open_class(
        story.session, cast.alice.actor, class_wish(story, client_uuid=MARK), story.clock.now()
    )
    second = classes.open_class(
        story.session, cast.alice.actor, class_wish(story, client_uuid=MARK), story.clock.now()
    )
    assert (first.again, second.again) == (False, True)
    assert first.held.id == second.held.id
    with pytest.raises(Conflict, match="changed_resend"):
        classes.open_class(
            story.session,
            cast.alice.actor,
            class_wish(story, client_uuid=MARK, title="Khác"),
            story.clock.now(),
        )
    with pytest.raises(Conflict, match="changed_resend"):
        classes.open_class(
            story.session, cast.bob.actor, class_wish(story, client_uuid=MARK), story.clock.now()
        )
    assert story.session.scalar(select(func.count()).select_from(ClassSession)) == 1


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"title": " \u200b"}, "title", "required"),
        ({"title": "x" * 121}, "title", "too_long"),
        ({"place": "x" * 121}, "place", "too_long"),
        ({"note": "x" * 501}, "note", "too_long"),
        ({"kind": "party"}, "kind", "not_a_choice"),
        ({"held_on": on(1).replace(year=2019)}, "held_on", "too_early"),
        ({"held_on": on(1).replace(year=2030)}, "held_on", "too_far"),
        ({"skill_ids": ()}, "skills", "choose_one"),
        ({"skill_ids": (10**12,)}, "skills", "not_a_choice"),
        ({"ward_code": "99999"}, "ward_code", "not_a_choice"),
        ({"group_id": 999}, "group_id", "not_a_choice"),
        ({"helper_ids": (10**12,)}, "helpers", "not_an_ambassador"),
        ({"helper_ids": tuple(range(100, 130))}, "helpers", "too_many_teachers"),
    ],
)
def test_what_is_refused(story: Story, cast: Cast, changes: dict[str, object], field: str, code: str):
    wish = class_wish(story, **changes)
    with pytest.raises(Invalid) as refused:
        classes.open_class(story.session, cast.alice.actor, wish, story.clock.now())
    assert fields_of(refused) == {field: code}


def test_learners_and_staff_are_no_helpers(story: Story, cast: Cast):
    for other in (cast.grace, cast.frank):
        with pytest.raises(Invalid) as refused:
            opened(story, cast.alice, other)
        assert fields_of(refused) == {"helpers": "not_an_ambassador"}


def test_who_may_open_and_for_whom(story: Story, cast: Cast):
    now = story.clock.now()
    for stranger in (ANYONE, cast.frank.actor, cast.olga.actor):
        with pytest.raises(NotAllowed):
            classes.open_class(story.session, stranger, class_wish(story), now)
    for_alice = class_wish(story, lead_id=cast.alice.person_id)
    held = classes.open_class(story.session, cast.carol.actor, for_alice, now).held
    assert (held.lead_id, held.unit_id) == (cast.alice.person_id, cast.alice.unit_id)
    assert story.session.scalars(select(AuditEntry.action)).all() == ["class.opened_for"]
    # Not for another unit's, not for a learner, not for oneself who teaches nobody, not for a colleague.
    for actor, lead in (
        (cast.carol, cast.erin), (cast.carol, cast.grace), (cast.carol, cast.carol), (cast.alice, cast.bob)
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            classes.open_class(story.session, actor.actor, class_wish(story, lead_id=lead.person_id), now)
        assert fields_of(refused) == {"lead": "not_a_choice"}


def test_who_sees_a_class_and_who_may_change_it(story: Story, cast: Cast):
    held = opened(story, cast.alice, cast.erin)
    now = story.clock.now()
    for member in (cast.alice, cast.erin, cast.carol):
        assert queries.class_for(story.session, member.actor, held.id).id == held.id
    for member in (cast.bob, cast.dave, cast.frank):
        with pytest.raises(NotFound):
            queries.class_for(story.session, member.actor, held.id)
    with pytest.raises(NotFound):
        queries.class_for(story.session, cast.alice.actor, held.id + 1)
    with pytest.raises(NotAllowed, match="not_your_class"):
        classes.close_class(story.session, cast.erin.actor, held.id, now)
    with pytest.raises(NotFound):
        classes.close_class(story.session, cast.bob.actor, held.id, now)
    assert classes.close_class(story.session, cast.carol.actor, held.id, now).state == "closed"


def test_closing_opening_again_and_calling_off(story: Story, cast: Cast):
    held, now = opened(story, cast.alice), story.clock.now()
    classes.close_class(story.session, cast.alice.actor, held.id, now)
    with pytest.raises(Conflict, match="class_over"):
        classes.edit_class(story.session, cast.alice.actor, held.id, class_wish(story), now)
    with pytest.raises(Conflict, match="class_over"):
        classes.close_class(story.session, cast.alice.actor, held.id, now)
    assert classes.reopen_class(story.session, cast.alice.actor, held.id).closed_at is None
    with pytest.raises(Conflict, match="class_over"):
        classes.reopen_class(story.session, cast.alice.actor, held.id)
    classes.call_off(story.session, cast.alice.actor, held.id, now)
    for again in (classes.call_off, classes.close_class):
        with pytest.raises(Conflict, match="class_over"):
            again(story.session, cast.alice.actor, held.id, now)
    with pytest.raises(Conflict, match="class_over"):
        classes.reopen_class(story.session, cast.alice.actor, held.id)


def test_editing_keeps_the_lead_and_skills_of_old(story: Story, cast: Cast):
    held = opened(story, cast.alice, cast.bob)
    story.skill.active = False
    wish = class_wish(story, title="Lớp mới", helper_ids=(cast.dave.person_id,), lead_id=cast.bob.person_id)
    held = classes.edit_class(story.session, cast.alice.actor, held.id, wish, story.clock.now())
    assert (held.title, held.lead_id) == ("Lớp mới", cast.alice.person_id)
    assert {one.id for one in held.teachers} == {cast.alice.person_id, cast.dave.person_id}
    with pytest.raises(Invalid):
        opened(story, cast.alice)


def test_counts_are_sums_of_the_class(story: Story, cast: Cast):
    held = opened(story, cast.alice)
    counts = Counts(30, elderly=12, disabled=1, poor=4, minority=30)
    classes.say_who_came(story.session, cast.alice.actor, held.id, counts, 28)
    assert (held.headcount, held.elderly, held.disabled, held.poor, held.minority) == (30, 12, 1, 4, 30)
    for wrong in (replace(counts, headcount=27), replace(counts, poor=31), replace(counts, disabled=-1)):
        with pytest.raises(Invalid, match="counts_invalid"):
            classes.say_who_came(story.session, cast.alice.actor, held.id, wrong, 28)
    assert held.headcount == 30


def test_the_list_of_classes(story: Story, cast: Cast):
    mine = [opened(story, cast.alice, held_on=on(day), title=f"Lớp {day}") for day in range(1, 23)]
    helped = opened(story, cast.erin, cast.alice, held_on=on(10), title="Lớp giúp")
    other = opened(story, cast.dave, held_on=on(23), title="Lớp của Dũng")
    first = queries.classes_page(story.session, cast.alice.actor)
    assert len(first.rows) == queries.ROWS_A_PAGE
    assert first.next is not None
    rest = queries.classes_page(story.session, cast.alice.actor, first.next)
    seen = [row.id for row in (*first.rows, *rest.rows)]
    assert sorted(seen) == sorted([*(one.id for one in mine), helped.id])
    days = [row.held_on for row in (*first.rows, *rest.rows)]
    assert days == sorted(days, reverse=True)
    assert queries.classes_page(story.session, cast.alice.actor, "nonsense").first
    reach = queries.classes_page(story.session, cast.carol.actor)
    assert reach.rows[0].id == other.id
    assert helped.id not in {row.id for row in reach.rows}
    assert queries.classes_page(story.session, cast.bob.actor).rows == []
    assert queries.classes_page(story.session, cast.frank.actor).rows == []


def test_who_can_be_found_as_a_helper(story: Story, cast: Cast):
    near = queries.ambassadors_near(story.session, cast.alice.person_id)
    assert [one.person_id for one in near] == [cast.bob.person_id]
    found = queries.ambassadors_named(story.session, "vo thi en")
    assert [(one.full_name, one.unit_name) for one in found] == [("Võ Thị Én", "Chi đoàn Sinh viên")]
    # Only the whole name finds somebody, never a part of it; learners and staff are not found at all.
    for key in ("vo", "en", "", "huynh thi gam", "dang van phuc", "%"):
        assert queries.ambassadors_named(story.session, key) == []
    assert queries.ambassadors_named(story.session, "vo thi en", cast.carol.actor.units) == []


def test_the_last_class_gives_the_choices_of_the_next(story: Story, cast: Cast):
    assert queries.last_class(story.session, cast.alice.person_id) is None
    opened(story, cast.alice, title="Một")
    last = opened(story, cast.alice, title="Hai", held_on=on(22) - timedelta(days=9))
    found = queries.last_class(story.session, cast.alice.person_id)
    assert found is not None
    assert found.id == last.id
    assert queries.skills_of_class(story.session, last.id) == (story.skill.id,)
    assert story.session.scalar(select(func.count()).select_from(ClassTeacher)) == 2
