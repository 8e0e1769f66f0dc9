from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from core.paging import encode_key
from honors import queries, services
from honors.criteria import CRITERIA
from learning.models import Skill
from people.models import Unit
from referrals.models.tree import PersonFigures
from tests.honors.conftest import WORDS, Scene
from tests.support.cast import Cast


def names(found: list[queries.Candidate]) -> list[str]:
    return [one.full_name for one in found]


# ── candidates ──────────────────────────────────────────────────────────────────────────────────────────


def test_five_confirmed_learners_make_a_candidate_with_a_reason(scene: Scene, cast: Cast) -> None:
    learners = scene.learners(cast.alice, 4)
    assert queries.candidates(scene.session) == []
    scene.story.taught(cast.alice.person_id, learners[0], on=datetime(2026, 1, 1, tzinfo=UTC).date())
    assert queries.candidates(scene.session) == []
    scene.learners(cast.alice, 1)
    (found,) = queries.candidates(scene.session)
    assert (found.full_name, found.where) == ("Nguyễn Thị An", "Chi đoàn Một")
    assert (found.facts.taught, found.facts.contacts) == (5, 6)
    assert [(reason.criterion.code, reason.value) for reason in found.reasons] == [("taught_five", 5)]
    assert not found.declined


def test_the_weightiest_come_first_and_the_nominated_are_gone(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 6)
    scene.learners(cast.bob, 5, age_band="75_plus")
    scene.learners(cast.dave, 5)
    assert names(queries.candidates(scene.session)) == ["Trần Văn Bình", "Nguyễn Thị An", "Phạm Văn Dũng"]
    scene.nominated(cast.bob)
    assert names(queries.candidates(scene.session)) == ["Nguyễn Thị An", "Phạm Văn Dũng"]
    assert names(queries.candidates(scene.session, limit=1)) == ["Nguyễn Thị An"]
    assert names(queries.candidates(scene.session, without=cast.alice.person_id)) == ["Phạm Văn Dũng"]


@pytest.mark.parametrize(
    "search", ["binh", "BÌNH", "Trần Văn", "tran  van", "Bi\u0300nh", " van binh ", "trần-văn"]
)
def test_search_needs_no_accents(scene: Scene, cast: Cast, search: str) -> None:
    scene.learners(cast.alice, 5)
    scene.learners(cast.bob, 5)
    assert names(queries.candidates(scene.session, search=search)) == ["Trần Văn Bình"]


@pytest.mark.parametrize("search", ["%", "_", "' OR 1=1 --", "\\", "zzz"])
def test_search_takes_signs_for_signs(scene: Scene, cast: Cast, search: str) -> None:
    scene.learners(cast.alice, 5)
    assert queries.candidates(scene.session, search=search) == []


def test_a_ward_is_the_persons_own_or_else_that_of_the_unit(scene: Scene, cast: Cast) -> None:
    for member in (cast.alice, cast.bob, cast.dave):
        scene.learners(member, 5)
    near, far = scene.story.ward("20194", "Hải Vân"), scene.story.ward("20195", "Hoà Khánh")
    unit = scene.session.get(Unit, cast.units["one"])
    assert unit is not None
    unit.ward_code = near.code
    scene.person(cast.bob).ward_code = far.code
    scene.session.flush()
    assert names(queries.candidates(scene.session, ward_code=near.code)) == ["Nguyễn Thị An"]
    assert names(queries.candidates(scene.session, ward_code=far.code)) == ["Trần Văn Bình"]
    (found,) = queries.candidates(scene.session, ward_code=near.code)
    assert found.where_in("vi") == "Chi đoàn Một · Phường Hải Vân"
    assert found.where_in("en") == "Chi đoàn Một · Hải Vân Ward"
    assert queries.candidates(scene.session, ward_code="nowhere") == []


def test_each_criterion_finds_exactly_those_who_give_it_as_a_reason(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 6)
    elders = scene.learners(cast.bob, 5, age_band="60_74")
    for code in ("1", "2", "3"):
        scene.story.ward(code, f"Phường {code}")
    for learner, code in zip(scene.learners(cast.dave, 5), ("1", "2", "3", "3", "3"), strict=True):
        person = scene.session.get(type(scene.person(cast.dave)), learner)
        assert person is not None
        person.ward_code = code
    scene.learners(elders[0], 5)
    act = scene.story.taught(
        cast.erin.person_id, scene.learners(cast.erin, 5)[0], on=scene.now.date().replace(day=1)
    )
    for position in range(5):
        act.skills.append(
            Skill(code=f"s{position}", name_vi="Việc", name_en="Thing", position=position + 9, active=True)
        )
    scene.session.add(
        PersonFigures(person_id=cast.alice.person_id, direct=6, reach=40, depth=4, generation=0)
    )
    scene.session.flush()
    everybody = queries.candidates(scene.session)
    for criterion in CRITERIA:
        expected = {
            one.person_id for one in everybody if criterion in [each.criterion for each in one.reasons]
        }
        found = {one.person_id for one in queries.candidates(scene.session, criterion=criterion.code)}
        assert found == expected, criterion.code
        assert found, criterion.code


def test_who_said_no_the_last_time_is_marked(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.nominated(cast.alice)
    no = scene.answer(nomination, given=False)
    services.answer_consent(scene.session, cast.frank.actor, nomination.id, no, scene.now)
    services.withdraw(scene.session, cast.frank.actor, nomination.id, scene.now)
    assert [one.declined for one in queries.candidates(scene.session)] == [True]


def test_the_anonymous_are_no_candidates(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    scene.person(cast.alice).anonymised_at = scene.now
    scene.session.flush()
    assert queries.candidates(scene.session) == []


def test_a_list_costs_the_same_few_statements_however_long_it_is(scene: Scene, cast: Cast) -> None:
    def cost() -> int:
        scene.session.flush()
        seen: list[str] = []
        bind = scene.session.get_bind()
        count = lambda _c, _cur, statement, *_rest: seen.append(statement)  # noqa: E731
        event.listen(bind, "before_cursor_execute", count)
        queries.candidates(scene.session, search="n")
        queries.wall(scene.session)
        queries.nominations(scene.session)
        event.remove(bind, "before_cursor_execute", count)
        return len(seen)

    scene.learners(cast.alice, 5)
    few = cost()
    for member in (cast.bob, cast.dave, cast.erin):
        scene.learners(member, 5)
    scene.published(cast.alice)
    assert cost() == few == 5


# ── nominations ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_says_what_is_missing_next(scene: Scene, cast: Cast) -> None:
    def state() -> tuple[str, bool, bool | None, bool]:
        scene.session.flush()
        (line,) = queries.nominations(scene.session)
        return line.state, line.told, line.answer, line.shown

    scene.learners(cast.alice, 5)
    nomination = services.nominate(scene.session, cast.frank.actor, cast.alice.person_id, scene.now)
    assert state() == ("shortlisted", False, None, False)
    services.tell_story(scene.session, cast.frank.actor, nomination.id, WORDS, scene.now)
    assert state() == ("shortlisted", True, None, False)
    scene.agrees(nomination)
    assert state() == ("shortlisted", True, True, False)
    services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)
    assert state() == ("published", True, True, True)
    services.tell_story(scene.session, cast.frank.actor, nomination.id, WORDS + " Thêm.", scene.now)
    assert state() == ("shortlisted", True, None, False)
    scene.agrees(nomination, given=False)
    assert state() == ("shortlisted", True, False, False)
    services.withdraw(scene.session, cast.frank.actor, nomination.id, scene.now)
    scene.session.flush()
    assert queries.nominations(scene.session) == []


def test_one_is_asked_once_there_are_words_and_until_one_answers(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    alice = cast.alice.person_id
    nomination = services.nominate(scene.session, cast.frank.actor, alice, scene.now)
    assert queries.answers_of(scene.session, alice) == []
    services.tell_story(scene.session, cast.frank.actor, nomination.id, WORDS, scene.now)
    assert queries.answers_of(scene.session, alice) == [False]
    scene.agrees(nomination)
    assert queries.answers_of(scene.session, alice) == [True]
    assert queries.answers_of(scene.session, cast.bob.person_id) == []


# ── the wall ────────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_newest_word_about_these_words_counts(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    scene.learners(cast.bob, 5)
    scene.published(cast.alice)
    other = scene.published(cast.bob)
    no = scene.answer(other, given=False)
    services.answer_consent(scene.session, cast.frank.actor, other.id, no, scene.now)
    scene.session.flush()
    assert [one.name for one in queries.published(scene.session, limit=9)] == ["Nguyễn Thị An"]


def test_a_published_row_without_a_standing_consent_is_not_shown(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.published(cast.alice)
    nomination.edition += 1
    scene.session.flush()
    assert queries.wall(scene.session).rows == []
    assert queries.honoree(scene.session, nomination.slug or "") is None


def test_an_anonymous_person_leaves_the_wall(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.published(cast.alice)
    scene.person(cast.alice).anonymised_at = scene.now
    scene.session.flush()
    assert queries.wall(scene.session).rows == []
    assert queries.honoree(scene.session, nomination.slug or "") is None


def test_the_wall_is_filtered_by_ward_and_by_reason(scene: Scene, cast: Cast) -> None:
    ward = scene.story.ward()
    scene.learners(cast.alice, 5, age_band="60_74")
    scene.learners(cast.bob, 5)
    scene.published(cast.alice)
    scene.published(cast.bob)
    scene.person(cast.bob).ward_code = ward.code
    scene.session.flush()

    def shown(**filters: str) -> list[str]:
        return [one.name for one in queries.wall(scene.session, **filters).rows]

    assert shown() == ["Trần Văn Bình", "Nguyễn Thị An"]
    assert shown(criterion="elders") == ["Nguyễn Thị An"]
    assert shown(ward_code=ward.code) == ["Trần Văn Bình"]
    assert shown(ward_code=ward.code, criterion="elders") == []
    assert [one.code for one in queries.wards_of_the_wall(scene.session)] == [ward.code]


def test_pages_of_the_wall_follow_one_another_without_a_gap(
    scene: Scene, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "ON_ONE_WALL", 2)
    for member in (cast.alice, cast.bob, cast.carol, cast.dave, cast.erin):
        scene.learners(member, 5)
        scene.published(member)
        if member is not cast.bob:  # bob and carol on the same moment
            scene.clock.advance(minutes=1)
    seen, after = [], None
    for number in range(3):
        page = queries.wall(scene.session, after=after)
        assert page.first is (number == 0)
        seen += [one.name for one in page.rows]
        after = page.next
    assert after is None
    assert seen == ["Võ Thị Én", "Phạm Văn Dũng", "Lê Thị Châu", "Trần Văn Bình", "Nguyễn Thị An"]


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        encode_key(()),
        encode_key((1, 2)),
        encode_key(("x", 1)),
        encode_key(("2026-01-01T00:00:00+00:00", 10**30)),
        encode_key(("0001-01-01T00:00:00+14:00", 1)),
    ],
)
def test_a_token_of_nonsense_shows_the_first_page(scene: Scene, cast: Cast, token: str) -> None:
    scene.learners(cast.alice, 5)
    scene.published(cast.alice)
    page = queries.wall(scene.session, after=token)
    assert (len(page.rows), page.first) == (1, True)
