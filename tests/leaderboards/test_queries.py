"""Boards of chapters and of unions, the place of one unit, and what stands behind its numbers."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, update

from app.wiring import REACTIONS
from core.events import deliver
from leaderboards import queries, services
from leaderboards.boards import BY_CODE, MAIN, OF_UNIONS
from leaderboards.metrics import Figures
from leaderboards.periods import ALL, Kind, current, parse
from leaderboards.ranking import FEW_MEMBERS, NOTHING_YET
from people.models import Unit
from people.permissions import HOUSE
from referrals.services import voiding
from tests.support.story import Story

TODAY = date(2026, 11, 22)
OCTOBER = date(2026, 10, 5)
NOVEMBER = parse("2026-11")


@pytest.fixture
def told(session, cast, clock, box):
    """Alice of chapter One taught three, one of them in October; Dave of Two one; Erin's chapter is small."""
    story = Story(session, clock, box)
    for key, members in (("one", 30), ("two", 20), ("students", 2)):
        changed = update(Unit).where(Unit.id == cast.units[key]).values(declared_members=members)
        session.execute(changed)
    ids = {key: cast[key].person_id for key in ("alice", "bob", "dave", "erin", "grace", "heidi")}
    story.taught(ids["alice"], ids["bob"])
    story.taught(ids["alice"], ids["heidi"])
    story.taught(ids["alice"], ids["heidi"], TODAY.replace(day=3))
    story.taught(ids["alice"], ids["grace"], OCTOBER)
    story.taught(ids["dave"], ids["heidi"])
    story.taught(ids["dave"], story.person("Trần Văn Lạ"), OCTOBER)
    story.taught(ids["dave"], story.person("Trần Thị Quen"), OCTOBER)
    story.taught(ids["erin"], ids["grace"])
    deliver(session, REACTIONS, clock.now())
    services.count_sizes(session, HOUSE, clock.now())
    return story


def test_chapters_are_ranked_with_people_and_contacts_apart(session, cast, told):
    view = queries.board(session, MAIN, NOVEMBER)
    found = [(row.rank, row.name, row.learners, row.contacts, row.members) for row in view.rows]
    assert found == [(1, "Chi đoàn Một", 2, 3, 30), (2, "Chi đoàn Hai", 1, 1, 20)]
    assert [(row.movement, row.size) for row in view.rows] == [(1, "medium"), (-1, "medium")]
    assert [(row.entrant.name, row.reason) for row in view.unranked] == [("Chi đoàn Sinh viên", FEW_MEMBERS)]
    assert view.rows[0].parent_name == "Đoàn phường Hải Châu"


def test_a_board_is_one_statement(session, told):
    statements = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *told: statements.append(told[2]))
    queries.board(session, MAIN, NOVEMBER)
    assert len(statements) == 1
    queries.board(session, OF_UNIONS, ALL)
    assert len(statements) == 2


def test_a_union_has_everything_below_it(session, cast, told):
    rows = {row.name: row for row in queries.board(session, OF_UNIONS, ALL).rows}
    # 30 and 20 declared by the chapters, and Carol, whose home is the union itself.
    assert rows["Đoàn phường Hải Châu"].figures == Figures(51, 6, 7, 0)
    unranked = queries.board(session, OF_UNIONS, ALL).unranked
    assert [(row.entrant.name, row.reason) for row in unranked] == [("Khối các trường", FEW_MEMBERS)]


def test_what_a_union_declares_is_its_whole(session, cast, told):
    session.execute(update(Unit).where(Unit.id == cast.units["haichau"]).values(declared_members=400))
    assert queries.board(session, OF_UNIONS, ALL).rows[0].members == 400


def test_a_board_below_a_unit_ranks_its_chapters_alone(session, cast, told):
    view = queries.board(session, MAIN, ALL, below=cast.units["haichau"])
    assert {row.name for row in view.rows} == {"Chi đoàn Một", "Chi đoàn Hai"}
    none = queries.board(session, MAIN, ALL, below=cast.units["schools"])
    assert none.rows == ()
    assert len(none.unranked) == 1


def test_closed_chapters_leave_the_board_but_not_the_sum_of_their_union(session, cast, told, clock):
    session.execute(update(Unit).where(Unit.id == cast.units["two"]).values(closed_at=clock.now()))
    assert [row.name for row in queries.board(session, MAIN, ALL).rows] == ["Chi đoàn Một"]
    assert queries.board(session, OF_UNIONS, ALL).rows[0].learners == 6
    assert queries.unit_place(session, cast.units["two"], ALL) is None


def test_my_chapter_its_place_and_the_gap(session, cast, told):
    found = queries.unit_place(session, cast.units["two"], NOVEMBER)
    assert found is not None
    assert (found.place.rank, found.of, found.reason) == (2, 2, None)
    assert found.gap.other_name == "Chi đoàn Một"
    assert found.gap.learners == 1
    first = queries.unit_place(session, cast.units["one"], NOVEMBER)
    assert first.place.rank == 1
    assert first.gap is None
    small = queries.unit_place(session, cast.units["students"], NOVEMBER)
    assert (small.place, small.reason) == (None, FEW_MEMBERS)
    quiet = queries.unit_place(session, cast.units["one"], parse("2025"))
    assert (quiet.place, quiet.reason) == (None, NOTHING_YET)
    assert queries.unit_place(session, cast.units["city"], NOVEMBER) is None


def test_the_home_page_shows_the_shortest_period_with_anybody(session, cast, told):
    assert queries.top_units(session, TODAY, limit=1).period.code == "2026-11"
    assert len(queries.top_units(session, TODAY, limit=1).rows) == 1
    assert queries.top_units(session, date(2026, 12, 2)).period.code == "2026-Q4"
    assert queries.top_units(session, date(2027, 1, 2)).period is ALL


def test_the_home_page_of_an_empty_city_is_empty(session):
    assert queries.top_units(session, TODAY).rows == ()


def test_members_who_reached_five_have_their_own_board(session, cast, told, clock):
    for number in range(3):
        told.taught(cast.alice.person_id, told.person(f"Người học {number}"))
    deliver(session, REACTIONS, clock.now())
    view = queries.board(session, BY_CODE["dat-nam"], ALL)
    assert [(row.name, row.reached_five) for row in view.rows] == [("Chi đoàn Một", 1)]


def test_the_story_of_a_unit_adds_up(session, cast, told, clock):
    act = told.taught(cast.bob.person_id, cast.heidi.person_id)
    deliver(session, REACTIONS, clock.now())
    voiding.void(session, HOUSE, act.id, "ghi nhầm", clock.now())
    deliver(session, REACTIONS, clock.now())
    told.record(cast.alice, "Ngô Thị Chờ")
    unit = session.get_one(Unit, cast.units["one"])
    found = queries.unit_story(session, unit, NOVEMBER)
    assert (found.given["learner"], found.taken["learner"]) == (3, 1)
    assert (found.given["contact"], found.taken["contact"]) == (4, 1)
    assert (found.people, found.waiting) == (2, 1)
    assert (found.declared_members, found.members_on_record) == (30, 3)
    whole = queries.unit_story(session, session.get_one(Unit, cast.units["haichau"]), ALL)
    # Heidi was taught by Alice and by Dave: two credits, one person.
    assert whole.given["learner"] - whole.taken["learner"] == 6
    assert whole.people == 5


def test_learners_week_by_week(session, cast, told):
    weeks = queries.weekly_learners(session, cast.units["one"], TODAY, weeks=8)
    assert len(weeks) == 8
    assert sum(weeks) == 3
    assert weeks[-1] + weeks[-3] == 2
    assert current(Kind.WEEK, OCTOBER).holds(OCTOBER)
