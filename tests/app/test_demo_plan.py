"""The plan of the demonstration city: the same from the same seed, and a city that could be."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from app.demo.plan import DAYS, CityPlan, plan_city
from referrals import lineage

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def plan() -> CityPlan:
    return plan_city(600, 2026, TODAY)


def test_one_seed_makes_one_plan(plan: CityPlan) -> None:
    assert plan_city(600, 2026, TODAY) == plan
    assert plan_city(600, 2027, TODAY) != plan


def test_another_day_moves_the_city_with_it(plan: CityPlan) -> None:
    later = plan_city(600, 2026, TODAY + timedelta(days=30))
    newest = max(act.day for act in later.acts)
    assert newest <= TODAY + timedelta(days=30)
    assert newest > max(act.day for act in plan.acts)


@pytest.mark.parametrize("wanted", [50, 200, 600, 3000])
def test_it_has_about_the_wanted_people(wanted: int) -> None:
    people = plan_city(wanted, 7, TODAY).people
    assert wanted <= len(people) <= wanted * 1.1 + 15


def test_keys_are_places_and_acts_name_people_who_are_there(plan: CityPlan) -> None:
    assert [person.key for person in plan.people] == list(range(len(plan.people)))
    keys = set(range(len(plan.people)))
    assert {act.teacher for act in plan.acts} | {act.learner for act in plan.acts} <= keys
    units = {unit.code for unit in plan.units}
    assert {person.chapter for person in plan.people if person.chapter} <= units


def test_acts_come_by_their_days_within_a_year_and_none_tomorrow(plan: CityPlan) -> None:
    days = [act.day for act in plan.acts]
    assert days == sorted(days)
    assert TODAY - timedelta(days=DAYS + 10) <= days[0]
    assert days[-1] <= TODAY
    assert all(act.day + timedelta(days=act.answer_after_days) <= TODAY for act in plan.acts)
    months = Counter((day.year, day.month) for day in days)
    assert len(months) >= 12, "no month stands still"


def test_every_outcome_is_there_and_most_are_confirmed(plan: CityPlan) -> None:
    states = Counter(act.state for act in plan.acts)
    assert set(states) == {"confirmed", "recorded", "disputed", "expired", "voided"}
    assert states["confirmed"] > len(plan.acts) / 2
    assert {act.evidence for act in plan.acts} == {"link", "code", "paper"}


def test_nobody_teaches_oneself_and_the_tree_has_depth(plan: CityPlan) -> None:
    assert all(act.teacher != act.learner for act in plan.acts)
    parents: dict[int, int] = {}
    for act in plan.acts:
        parents.setdefault(act.learner, act.teacher)
    assert lineage.check(parents) == []
    reach = Counter(act.teacher for act in plan.acts)
    assert sum(1 for many in reach.values() if many >= 5) >= 20, "a wall needs candidates"
    assert max(reach.values()) > 2 * sorted(reach.values())[len(reach) // 2], "a few teach many"


@pytest.mark.parametrize(("people", "seed"), [(50, 3), (50, 4), (60, 2026), (600, 1), (600, 2026)])
def test_the_two_of_the_tour_stand_where_the_tour_says(people: int, seed: int) -> None:
    plan = plan_city(people, seed, TODAY)
    lan, bao = plan.named["lan"], plan.named["bao"]
    assert (lan.full_name, bao.full_name) == ("Nguyễn Thị Lan", "Trần Quốc Bảo")
    own = [act for act in plan.acts if act.teacher == lan.key]
    assert Counter(act.state for act in own) == {"confirmed": 3, "recorded": 2}
    assert sum(1 for act in plan.acts if act.teacher == bao.key and act.state == "confirmed") == 7
