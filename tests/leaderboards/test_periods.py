"""Calendar periods, their codes, their names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboards.periods import ALL, PHRASES, TITLES, UNKNOWN_DAY, Kind, current, parse, periods_of

days = st.dates(date(2001, 1, 1), date(2190, 12, 31))


@given(days, st.sampled_from(Kind))
def test_a_period_holds_its_day_and_its_code_leads_back(day, kind):
    period = current(kind, day)
    assert period.holds(day)
    assert parse(period.code) == period
    if period.start and period.end:
        assert current(kind, period.start) == current(kind, period.end) == period
        assert current(kind, period.end + timedelta(days=1)).previous == period


@given(days)
def test_an_act_is_scored_in_the_four_periods_of_its_day(day):
    kinds = (Kind.ALL, Kind.YEAR, Kind.QUARTER, Kind.MONTH)
    assert periods_of(day) == tuple(current(kind, day).code for kind in kinds)


@given(days)
def test_a_week_runs_from_monday_to_sunday(day):
    week = current(Kind.WEEK, day)
    assert week.start is not None
    assert week.end is not None
    assert (week.start.weekday(), week.end.weekday()) == (0, 6)


def test_an_unknown_day_counts_in_all_time_only():
    assert periods_of(UNKNOWN_DAY) == ("all",)
    assert ALL.holds(UNKNOWN_DAY)
    assert not parse("2026").holds(UNKNOWN_DAY)


@pytest.mark.parametrize(
    "code",
    ["", "1999", "2201", "9999", "2026-13", "2026-00", "2026-Q5", "2026-W54", "2026-W00", "2026-1", "x"],
)
def test_nonsense_names_no_period(code):
    with pytest.raises(ValueError, match=r"."):
        parse(code)


@pytest.mark.parametrize("kind", Kind)
def test_a_name_has_all_that_its_words_need(kind):
    period = current(kind, date(2026, 11, 22))
    assert TITLES[kind] % period.title.values
    assert PHRASES[kind] % period.phrase.values
