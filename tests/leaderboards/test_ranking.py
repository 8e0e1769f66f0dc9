"""Ranks, ties, movement, the gap to the next place, and rates drawn in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboards.boards import BOARDS
from leaderboards.metrics import BY_CODE, Figures, drawn_in, per_100
from leaderboards.ranking import (
    FEW_MEMBERS,
    LEAST_MEMBERS,
    NOTHING_YET,
    Entrant,
    competition_ranks,
    gap_to_next,
    standings,
)

RATE = BY_CODE["rate"]
counts = st.integers(0, 400)
sizes = st.integers(LEAST_MEMBERS, 300)
cities = st.lists(st.tuples(counts, sizes, counts), min_size=1, max_size=25)


def unit(number: int, learners: int, members: int, before: int = 0, name: str | None = None) -> Entrant:
    name = name or f"Chi đoàn {number}"
    return Entrant(
        number, name, name.lower(), Figures(members, learners, 2 * learners), Figures(members, before, before)
    )


def city(rows: list[tuple[int, int, int]]) -> list[Entrant]:
    return [unit(number, *row) for number, row in enumerate(rows, 1)]


@given(st.lists(st.integers(0, 9), max_size=30))
def test_ties_share_a_rank_and_the_next_is_skipped(values):
    values.sort(reverse=True)
    ranks = competition_ranks(values)
    assert ranks == [1 + sum(other > value for other in values) for value in values]


@given(counts, sizes, counts, sizes)
def test_a_rate_lies_between_its_own_and_the_common_one(learners, members, others, other_members):
    every, every_members = learners + others, members + other_members
    own, common = 100 * learners / members, 100 * every / every_members
    value = drawn_in(learners, members, every, every_members)
    assert min(own, common) - 0.05 <= value <= max(own, common) + 0.05


@given(counts, sizes, counts, sizes)
def test_one_more_learner_never_lowers_a_rate(learners, members, others, other_members):
    every, every_members = learners + others, members + other_members
    less = drawn_in(learners, members, every, every_members)
    assert drawn_in(learners + 1, members, every + 1, every_members) >= less


@given(st.integers(1, 20), sizes)
def test_with_more_members_a_rate_is_drawn_in_less(factor, members):
    every, every_members = 50, 1000
    own = 100.0 * 2  # two learners a member, at any size
    small = drawn_in(2 * members, members, every, every_members)
    large = drawn_in(2 * members * factor, members * factor, every, every_members)
    assert small <= large <= own


def test_a_tiny_chapter_does_not_win_by_chance():
    found = standings([unit(1, 4, 3), unit(2, 60, 60), unit(3, 10, 60)], RATE)
    assert per_100(4, 3) > per_100(60, 60)
    assert [place.unit_id for place in found.places] == [2, 1, 3]


@given(cities)
def test_a_better_value_has_a_better_rank(rows):
    found = standings(city(rows), RATE)
    for first, second in zip(found.places, found.places[1:], strict=False):
        assert (first.value > second.value) == (first.rank < second.rank)
        assert (first.value == second.value) == (first.rank == second.rank)
    assert len(found.places) + len(found.unranked) == len(rows)


@given(cities, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_reading(rows, random):
    shuffled = city(rows)
    random.shuffle(shuffled)
    assert standings(shuffled, RATE) == standings(city(rows), RATE)


def test_rows_of_one_rank_stand_by_learners_then_by_name():
    names = standings([unit(1, 5, 40, name="Chợ"), unit(2, 5, 40, name="An"), unit(3, 9, 40)], RATE).places
    assert [(place.rank, place.name) for place in names] == [(1, "Chi đoàn 3"), (2, "An"), (2, "Chợ")]


def test_movement_compares_with_the_previous_period():
    found = standings([unit(1, 9, 30, before=1), unit(2, 5, 30, before=6), unit(3, 3, 30)], RATE)
    assert [(place.unit_id, place.movement) for place in found.places] == [(1, 1), (2, -1), (3, None)]


def test_who_is_not_ranked_and_why():
    found = standings([unit(1, 2, 2), unit(2, 0, 30), unit(3, 1, 3)], RATE)
    assert [place.unit_id for place in found.places] == [3]
    assert {row.entrant.unit_id: row.reason for row in found.unranked} == {1: FEW_MEMBERS, 2: NOTHING_YET}
    assert found.every.members == 33


@given(cities)
def test_the_gap_is_enough_and_nothing_less_is(rows):
    entrants = city(rows)
    found = standings(entrants, RATE)
    for place in found.places:
        gap = gap_to_next(found, place.unit_id, RATE)
        if place.rank == 1:
            assert gap is None
            continue
        assert gap is not None
        assert gap.ahead.rank < place.rank

        def rank_with(more, place=place, gap=gap):
            changed = [
                replace(entrant, figures=replace(entrant.figures, learners=entrant.figures.learners + more))
                if entrant.unit_id == place.unit_id
                else entrant
                for entrant in entrants
            ]
            ranks = {row.unit_id: row.rank for row in standings(changed, RATE).places}
            return ranks[place.unit_id] <= ranks[gap.ahead.unit_id]

        assert rank_with(gap.learners)
        assert not rank_with(gap.learners - 1)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.code)
def test_every_board_ranks(board):
    busy = replace(unit(1, 8, 30), figures=Figures(30, 8, 12, 2))
    found = standings([busy, unit(2, 0, 30)], board.metric)
    assert [(place.unit_id, place.rank) for place in found.places] == [(1, 1)]
    assert found.places[0].value > 0
