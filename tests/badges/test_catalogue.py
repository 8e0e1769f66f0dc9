"""The catalogue, progress, and the reasons why not yet."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.catalogue import BY_CODE, CATALOGUE, MAIN, best_first, earned, have, next_of, progress
from badges.reasons import RULES, Uncounted, reasons
from referrals.facts import PersonFacts

NOBODY = PersonFacts(person_id=7)
COUNTED = sorted({badge.fact for badge in CATALOGUE})
facts_of_somebody = st.builds(
    PersonFacts, person_id=st.just(7), **{fact: st.integers(0, 80) for fact in COUNTED}
)

# (code, the fact, how much of it): one row a badge.
ROWS = (
    ("first_learner", "taught", 1),
    ("five_learners", "taught", 5),
    ("twenty_learners", "taught", 20),
    ("fifty_learners", "taught", 50),
    ("raised_one", "raised", 1),
    ("raised_five", "raised", 5),
    ("three_generations", "depth", 3),
    ("reach_fifty", "reach", 50),
    ("five_elders", "elders", 5),
    ("five_skills", "skills", 5),
    ("three_wards", "wards", 3),
)


def test_every_badge_has_its_row():
    assert [row[0] for row in ROWS] == [badge.code for badge in CATALOGUE]
    assert len(BY_CODE) == len(CATALOGUE)


@pytest.mark.parametrize(("code", "fact", "number"), ROWS)
def test_a_badge_is_due_at_its_number_and_not_one_before(code, fact, number):
    badge = BY_CODE[code]
    short, enough = replace(NOBODY, **{fact: number - 1}), replace(NOBODY, **{fact: number})
    assert badge not in earned(short)
    assert progress(badge, short).missing == 1
    assert badge in earned(enough)
    assert progress(badge, enough).done


@pytest.mark.parametrize("badge", CATALOGUE, ids=lambda badge: badge.code)
def test_a_badge_can_be_drawn_and_explained(badge):
    assert badge.fact in {field.name for field in fields(PersonFacts)}
    assert badge.fact in RULES
    assert 1 <= badge.level <= 4
    assert len(badge.code) <= 40


@pytest.mark.parametrize("badge", CATALOGUE, ids=lambda badge: badge.code)
def test_no_badge_sounds_like_the_official_confirmation(badge):
    words = f"{badge.name} {badge.description}".lower()
    assert not [
        word for word in ("vneid", "chứng nhận", "đạt chuẩn", "phổ cập", "công nhận") if word in words
    ]


@given(facts_of_somebody)
def test_progress_and_what_is_earned_agree(facts):
    assert set(earned(facts)) == {badge for badge in CATALOGUE if progress(badge, facts).done}


@given(facts_of_somebody, st.sets(st.sampled_from(sorted(BY_CODE))))
def test_the_next_badge_is_one_that_is_not_there(facts, held):
    found = next_of(facts, held)
    assert (found is None) == (held == set(BY_CODE))
    if found is not None:
        assert found.badge.code not in held
        assert found.have == have(found.badge, facts)


def test_the_path_comes_first_and_then_the_nearest():
    path = {"first_learner", "five_learners", "twenty_learners", "fifty_learners"}
    assert next_of(NOBODY) == progress(BY_CODE["first_learner"], NOBODY)
    almost = next_of(replace(NOBODY, taught=60, elders=4, skills=1), path)
    assert almost is not None
    assert almost.badge.code == "five_elders"
    assert next_of(NOBODY, set(BY_CODE)) is None


def test_the_proudest_stand_first():
    assert [badge.code for badge in best_first(CATALOGUE)][:2] == ["fifty_learners", "raised_five"]


def test_reasons_say_what_does_not_count_and_leave_zeros_out():
    facts = replace(NOBODY, taught=3, waiting=2)
    missed = Uncounted(repeats=4, above=1, expired=1, no_age=2, no_ward=3)
    codes = {one.code: one.number for one in reasons(progress(MAIN, facts), facts, missed)}
    assert codes == {"waiting": 2, "expired": 1, "repeats": 4, "above": 1}
    elders = reasons(progress(BY_CODE["five_elders"], facts), facts, missed)
    assert ("no_age", 2) in [(one.code, one.number) for one in elders]
    assert reasons(progress(MAIN, NOBODY), NOBODY, Uncounted()) == []
