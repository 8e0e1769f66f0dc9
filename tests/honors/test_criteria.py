from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from honors.criteria import (
    BY_CODE,
    CRITERIA,
    Criterion,
    as_stored,
    from_stored,
    is_candidate,
    reasons,
    weight,
)
from referrals.facts import PersonFacts


def facts(**values: Any) -> PersonFacts:
    return PersonFacts(1, **values)


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.code)
def test_each_criterion_begins_at_its_threshold(criterion: Criterion) -> None:
    below = facts(**{criterion.fact: criterion.threshold - 1})
    reached = facts(**{criterion.fact: criterion.threshold})
    assert criterion.code not in [reason.criterion.code for reason in reasons(below)]
    assert [(reason.criterion.code, reason.value) for reason in reasons(reached)] == [
        (criterion.code, criterion.threshold)
    ]


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.code)
def test_each_criterion_speaks_of_a_fact_and_shows_the_number(criterion: Criterion) -> None:
    assert criterion.fact in {field.name for field in fields(PersonFacts)}
    assert criterion.sentence.count("%(n)s") == criterion.short.count("%(n)s") == 1
    assert "%(" not in criterion.title


def test_codes_are_different() -> None:
    assert len(BY_CODE) == len(CRITERIA)


def test_contacts_alone_make_nobody_a_candidate() -> None:
    assert not is_candidate(facts(taught=4, contacts=40, reach=400))
    assert is_candidate(facts(taught=5, contacts=5))


def test_the_five_learners_are_read_first() -> None:
    everything = reasons(facts(taught=9, raised=2, elders=4, depth=4, reach=50, skills=6, wards=5))
    assert [reason.criterion.code for reason in everything] == [criterion.code for criterion in CRITERIA]
    assert everything[0].criterion.code == "taught_five"


def test_more_reasons_weigh_more_than_more_learners_and_ties_go_by_learners_then_reach() -> None:
    assert weight(facts(taught=6, elders=3)) > weight(facts(taught=40))
    assert weight(facts(taught=7)) > weight(facts(taught=6, reach=19))
    assert weight(facts(taught=6, reach=3)) > weight(facts(taught=6, reach=2))


def test_stored_reasons_come_back_as_they_were() -> None:
    found = reasons(facts(taught=12, elders=4, depth=3))
    assert from_stored(as_stored(found)) == found


def test_a_criterion_that_is_gone_is_left_out() -> None:
    assert from_stored([{"code": "gone", "value": 3}]) == []
