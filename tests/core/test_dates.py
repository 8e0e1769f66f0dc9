"""Dates: every way in which files and people write them."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import LOCAL
from core.dates import UNKNOWN, DateProblem, When, read_when

NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"
DAY = date(2026, 1, 31)
AFTERNOON = 14 * 3600 + 25 * 60


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("", UNKNOWN),
        (" \t\n\u00a0\ufeff", UNKNOWN),
        ("2026", When(date(2026, 1, 1), 0, "year")),
        (" 1947 ", When(date(1947, 1, 1), 0, "year")),
        ("2003.0", When(date(2003, 1, 1), 0, "year")),
        ("năm 2003", When(date(2003, 1, 1), 0, "year")),
        ("1000", When(date(1000, 1, 1), 0, "year")),
        ("9998", When(date(9998, 1, 1), 0, "year")),
        ("2026-01-31", When(DAY, 0, "day")),
        ("1947-01-31", When(date(1947, 1, 31), 0, "day")),
        ("2026-1-31", When(DAY, 0, "day")),
        ("2026/01/31", When(DAY, 0, "day")),
        (" 2026-01-31 ", When(DAY, 0, "day")),
        ("2024-02-29", When(date(2024, 2, 29), 0, "day")),
        ("31/01/2026", When(DAY, 0, "day")),
        ("31/1/2026", When(DAY, 0, "day")),
        ("1/2/2026", When(date(2026, 2, 1), 0, "day")),
        ("31-01-2026", When(DAY, 0, "day")),
        ("31.01.2026", When(DAY, 0, "day")),
        ("31 / 01 / 2026", When(DAY, 0, "day")),
        ("ngày 31/01/2026", When(DAY, 0, "day")),
        ("３１/０１/２０２６", When(DAY, 0, "day")),
        ("31/01/2026 14:25", When(DAY, AFTERNOON, "time")),
        ("31/01/2026 14:25:07", When(DAY, AFTERNOON + 7, "time")),
        ("31/01/2026 14h25", When(DAY, AFTERNOON, "time")),
        ("31/01/2026, 14h", When(DAY, 14 * 3600, "time")),
        ("31/01/2026 lúc 14g25", When(DAY, AFTERNOON, "time")),
        ("14:25 31/01/2026", When(DAY, AFTERNOON, "time")),
        ("14h25, ngày 31/01/2026", When(DAY, AFTERNOON, "time")),
        ("2010-03-03 14:25", When(date(2010, 3, 3), AFTERNOON, "time")),
        ("2026-01-31T14:25", When(DAY, AFTERNOON, "time")),
        ("2026-01-31t14:25", When(DAY, AFTERNOON, "time")),
        ("2026-01-31T14:25:07", When(DAY, AFTERNOON + 7, "time")),
        ("2026-01-31 14:25:07.999999", When(DAY, AFTERNOON + 7, "time")),
        ("2026-01-31T14:25:07,5", When(DAY, AFTERNOON + 7, "time")),
        ("2026-01-31 00:00:00", When(DAY, 0, "day")),
        ("2026-01-31T00:00", When(DAY, 0, "day")),
        ("2026-01-31T07:25:00Z", When(DAY, AFTERNOON, "time")),
        ("2026-01-31T07:25Z", When(DAY, AFTERNOON, "time")),
        ("2026-01-31T07:25:00.123Z", When(DAY, AFTERNOON, "time")),
        ("2026-01-31 07:25:00 UTC", When(DAY, AFTERNOON, "time")),
        ("2026-01-31T14:25:00+07:00", When(DAY, AFTERNOON, "time")),
        ("2026-01-31T14:25:00+0700", When(DAY, AFTERNOON, "time")),
        ("2026-01-31T14:25:00+07", When(DAY, AFTERNOON, "time")),
        ("2026-01-31T02:25:00-05:00", When(DAY, AFTERNOON, "time")),
        ("2026-01-31T17:00:00Z", When(date(2026, 2, 1), 0, "time")),
        ("2026-01-31T16:59:59Z", When(DAY, 86_399, "time")),
        ("2026-12-31T20:00:00Z", When(date(2027, 1, 1), 3 * 3600, "time")),
        ("2026-02-01T00:30:00+09:00", When(DAY, 22 * 3600 + 1800, "time")),
        ("1968-06-01T00:00:00Z", When(date(1968, 6, 1), 8 * 3600, "time")),  # UTC+8 in those years
    ],
)
def test_what_is_read(text: str, when: When) -> None:
    assert read_when(text) == when


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31/02/2026", "no_such_day"),
        ("2026-02-31", "no_such_day"),
        ("29/02/2025", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("12/25/2026", "no_such_day"),
        ("00/01/2026", "no_such_day"),
        ("2026-02-31T10:00:00Z", "no_such_day"),
        ("2026-01-31T25:00", "no_such_time"),
        ("2026-01-31T24:00:00Z", "no_such_time"),
        ("2026-01-31T10:61:00Z", "no_such_time"),
        ("2026-01-31T10:00:60Z", "no_such_time"),
        ("2026-01-31T10:00:00+99:00", "no_such_time"),
        ("31/01/2026 14:75", "no_such_time"),
        ("31/01/26", "short_year"),
        ("31-1-26", "short_year"),
        ("0000", "out_of_range"),
        ("0999", "out_of_range"),
        ("9999", "out_of_range"),
        ("9999-12-31", "out_of_range"),
        ("0001-01-01", "out_of_range"),
        ("31/12/9999", "out_of_range"),
        ("9998-12-31T20:00:00Z", "out_of_range"),
        ("9999-12-31T23:00:00Z", "out_of_range"),
        ("1000-01-01T00:00:00+14:00", "out_of_range"),
        ("tomorrow", "not_a_date"),
        ("hôm qua", "not_a_date"),
        ("-", "not_a_date"),
        ("0", "not_a_date"),
        ("45321", "not_a_date"),
        ("20260131", "not_a_date"),
        ("2026-01", "not_a_date"),
        ("01/2026", "not_a_date"),
        ("2026-W05-6", "not_a_date"),
        ("2026-W05-6T10:00:00Z", "not_a_date"),
        ("2026-01-31x10:00", "not_a_date"),
        ("2026/01-31", "not_a_date"),
        ("31/01-2026", "not_a_date"),
        ("31/01/2026 14:", "not_a_date"),
        ("2026-01-31T", "not_a_date"),
        ("٢٠٢٦-٠١-٣١", "not_a_date"),
        ("٢٠٢٦", "not_a_date"),
        ("2" * 100_000, "not_a_date"),
    ],
)
def test_what_is_refused_says_why(text: str, code: str) -> None:
    assert read_when(text) == DateProblem(code)  # type: ignore[arg-type]


@given(
    st.datetimes(
        min_value=datetime.fromisoformat("1000-01-02"), max_value=datetime.fromisoformat("9998-12-30")
    ),
    st.integers(min_value=-14 * 60, max_value=14 * 60),
)
def test_moments_agree_with_the_standard_library(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)), microsecond=0)
    here = moment.astimezone(LOCAL)
    expected = When(here.date(), here.hour * 3600 + here.minute * 60 + here.second, "time")
    assert read_when(moment.isoformat()) == expected
    utc = moment.astimezone(UTC).isoformat()
    assert read_when(utc.replace("+00:00", "Z")) == expected
    assert read_when(utc.replace("T", " ")) == expected


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(9998, 12, 31)))
def test_days_read_alike_in_every_dress(day: date) -> None:
    expected = When(day, 0, "day")
    dresses = (day.isoformat(), f"{day:%d/%m/}{day.year}", f"{day.day}-{day.month}-{day.year}")
    assert [read_when(dress) for dress in dresses] == [expected] * 3
    assert expected < UNKNOWN


@given(st.text(max_size=30) | st.text(alphabet="0123456789-/.:TZ+ h", max_size=25))
def test_any_text_is_read_or_refused(text: str) -> None:
    when = read_when(text)
    if isinstance(when, When) and when != UNKNOWN:
        assert 1000 <= when.day.year <= 9998
        assert 0 <= when.second < 86_400
        assert when.second == 0 or when.precision == "time"


@pytest.mark.skipif(not NAUGHTY.exists(), reason="no ../shared/data/bad_input/blns.json beside the checkout")
def test_naughty_strings_break_nothing() -> None:
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        assert isinstance(read_when(text), When | DateProblem)
