"""The rules of many at once: what makes two records one person, and that writing twice changes nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.clock import FixedClock
from core.database import Database
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from people.models import Person
from people.names import name_key
from referrals.batches import Decided, Frame, Line, Verdict, undecided
from referrals.likeness import Likeness, NearNames, Traits, likeness, near, nothing_against
from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove, TeachingSkill
from referrals.services import batches
from tests.support.cast import Cast
from tests.support.story import Story

TABLES = (Person, Teaching, TeachingMove, TeachingSkill, ConfirmationCode)


def traits(name: str, **known: str) -> Traits:
    return Traits(name_key(name), name, **known)


A, B = "Lê Thị Hoà", "Lê Thị Hoa"


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        (traits(A), traits("LÊ THỊ HÒA"), "maybe"),
        (traits(A, phone_hash="p"), traits("le thi hoa", phone_hash="p", ward_code="2"), "phone"),
        (traits(A, phone_hash="p"), traits(B, phone_hash="p"), "maybe"),
        (traits(A, phone_hash="p", gender="f"), traits(A, phone_hash="p", gender="m"), "maybe"),
        (traits(A, phone_hash="p", age_band="75_plus"), traits(A, phone_hash="p", age_band="16_24"), "maybe"),
        (traits(A, ward_code="1"), traits(A, ward_code="1"), "certain"),
        (traits(A, ward_code="1"), traits(B, ward_code="1"), "maybe"),
        (traits(A, ward_code="1", age_band="45_59"), traits(A, ward_code="1", age_band="60_74"), "maybe"),
        (traits(A, ward_code="1", phone_hash="p"), traits(A, ward_code="1", phone_hash="q"), "maybe"),
        (traits(A, ward_code="1", phone_hash="p"), traits(A, ward_code="2", phone_hash="q"), "other"),
        (traits(A, ward_code="1"), traits("Lê Thị Hoàng", ward_code="1"), "other"),
        (traits(A, ward_code="1"), traits("Lê Thij Hoà", ward_code="1"), "maybe"),
        (traits(A, ward_code="1"), traits("Lê Thij Hoà", ward_code="2"), "other"),
    ],
)
def test_what_makes_two_records_one_person(one: Traits, other: Traits, how: Likeness):
    assert likeness(one, other) == likeness(other, one) == how


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("nguyen van an", "nguyen van anh", False),
        ("nguyen van an", "nguyen vann an", True),
        ("nguyen van an", "nguyenvan an", True),
        ("nguyen van an", "nguyen an", True),
        ("nguyen an", "nguyen binh", False),
        ("lan", "lann", False),
        ("nguyen van an", "nguyen van an", False),
        ("", "lan", False),
    ],
)
def test_near_names(one: str, other: str, expected: bool):
    assert near(one, other) == near(other, one) == expected
    assert NearNames([one]).of(other) == ([one] if expected else [])


WORDS = st.sampled_from(
    ["nguyen", "nguyenx", "le", "thi", "thij", "van", "an", "anh", "hoa", "zoram", "zram"]
)
KEYS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@given(st.lists(KEYS, max_size=12), KEYS)
def test_the_blocks_miss_no_near_name(keys: list[str], key: str):
    assert set(NearNames(keys).of(key)) == {one for one in keys if near(one, key)}


@given(
    st.builds(traits, st.sampled_from(["Lê Hoà", "Le Hoa", "Lê Hoa"]), phone_hash=st.sampled_from(["p", "q"]))
)
def test_everybody_is_like_themselves(one: Traits):
    assert likeness(one, one) == "phone"
    assert nothing_against(one, one)


def test_the_undecided_are_found():
    assert undecided([Verdict(Line(1, "Lan"), "known")]) == []


LINES = st.lists(
    st.builds(
        Line,
        row=st.just(0),
        full_name=st.sampled_from(
            ["Lê Thị Hoà", "Le Thi Hoa", "Lê Thij Hoà", "Võ An", "123", "Nguyễn Thị An"]
        ),
        phone=st.sampled_from(["", "0905123456", "0905123457", "12"]),
        taught_on=st.sampled_from([None, date(2026, 11, 20), date(2027, 1, 1)]),
        age_band=st.sampled_from([None, "60_74"]),
    ),
    max_size=5,
)
CHOICES = st.lists(st.sampled_from([None, "same", "apart", "skip"]), min_size=5, max_size=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=st.lists(st.tuples(LINES, CHOICES), min_size=1, max_size=2))
def test_writing_twice_changes_nothing(story: Story, cast: Cast, lists: Any):
    with story.session.begin_nested() as this_example:
        for lines, choices in lists:
            numbered = [Line(**vars(line) | {"row": row}) for row, line in enumerate(lines, start=1)]
            frame = Frame(cast.alice.person_id, date(2026, 11, 22), (story.skill.id,))
            around = (story.session, cast.alice.actor, frame)
            verdicts = batches.judge_lines(*around, numbered, story.clock.now(), story.box)
            decided = [Decided(*pair) for pair in zip(verdicts, choices, strict=False)]
            first = batches.write_lines(*around, decided, story.clock.now(), story.box)
            before = [story.session.scalar(select(func.count()).select_from(table)) for table in TABLES]
            again = batches.write_lines(*around, decided, story.clock.now(), story.box)
            assert "written" not in {one.outcome for one in again}
            after = [story.session.scalar(select(func.count()).select_from(table)) for table in TABLES]
            assert after == before
            assert [one.outcome == "refused" for one in first] == [one.outcome == "refused" for one in again]
        this_example.rollback()


@pytest.fixture
def work(database: Database, clock: FixedClock) -> UnitOfWork:
    return UnitOfWork(database, {}, clock)


@pytest.mark.parametrize("marked", [False, True])
def test_two_at_once_with_one_list_write_each_act_once(
    work: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast, marked: bool
):
    with work.begin() as session:
        frame = Frame(cast.alice.person_id, date(2026, 11, 22), (Story(session, clock, box).skill.id,))
        people = session.scalar(select(func.count()).select_from(Person)) or 0
    lines = [
        Line(
            row,
            f"Lê Thị {'H' + 'o' * row}",
            f"09051234{row}" if row % 2 else "",
            client_uuid=f"11111111-1111-4111-8111-0000000000{row}" if marked else None,
        )
        for row in range(10, 50)
    ]
    with work.begin(write=False) as session:
        verdicts = batches.judge_lines(session, cast.alice.actor, frame, lines, clock.now(), box)
    assert {one.kind for one in verdicts} == {"new"}
    barrier = threading.Barrier(3)

    def write(_: int) -> list[str]:
        barrier.wait(timeout=60)
        with work.begin() as session:
            decided = [Decided(one) for one in verdicts]
            done = batches.write_lines(session, cast.alice.actor, frame, decided, clock.now(), box)
            return [one.outcome for one in done]

    with ThreadPoolExecutor(3) as pool:
        outcomes = sorted(pool.map(write, range(3)))
    assert outcomes == [["nothing"] * 40, ["nothing"] * 40, ["written"] * 40]
    with work.begin(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Teaching)) == 40
        assert session.scalar(select(func.count()).select_from(Person)) == people + 40
