"""The outbox of phones: each entry is taken once, in its writer's name, in whatever order they arrive."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.database import Database
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from learning.models import ClassSession
from people.models import Person
from referrals.entries import Entry, read_entry
from referrals.models.acts import Teaching
from referrals.models.sent import SentEntry
from referrals.services import outbox, voiding
from referrals.services.outbox import Taken, account_key, submit_entry
from referrals.services.outbox_lists import Asked
from tests.support.cast import Cast, Member


@dataclass
class Phone:
    """A phone with somebody signed in on it."""

    session: Session
    clock: FixedClock
    box: SecretsBox
    who: Member

    def entry(self, kind: str, mark: str | None = None, /, **content: Any) -> Entry:
        """What the phone sends; its clock is right unless said otherwise."""
        sent = {
            "kind": kind,
            "version": 1,
            "account": account_key(self.box, self.who.account_id or 0),
            "made_at": content.pop("made_at", self.clock.now()).isoformat(),
            "sent_at": content.pop("sent_at", self.clock.now()).isoformat(),
            "content": {"skills": [1], **content},
        }
        return read_entry(mark or str(uuid.uuid4()), sent)

    def send(self, entry: Entry) -> Taken:
        """Send it."""
        return submit_entry(self.session, self.who.actor, entry, self.clock.now(), self.box)

    def count(self, table: type) -> int:
        """How many rows a table has."""
        return self.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def phone(reference: None, cast: Cast, session: Session, clock: FixedClock, box: SecretsBox) -> Phone:
    """Alice's phone."""
    return Phone(session, clock, box, cast.alice)


# ── one person ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_day_is_the_day_it_was_made_by_a_clock_that_is_right(phone: Phone) -> None:
    now = phone.clock.now()
    three_days_ago = now - timedelta(days=3)
    plain = phone.send(phone.entry("one", full_name="Đỗ Thị Mười", made_at=three_days_ago))
    ahead = timedelta(days=800)
    fast = phone.entry("one", full_name="Bùi Văn Hai", made_at=three_days_ago + ahead, sent_at=now + ahead)
    slow = phone.entry("one", full_name="Mai Thị Ba", made_at=three_days_ago - ahead, sent_at=now - ahead)
    # Put right between writing and sending: a day to come is none, it was today at the latest.
    mended = phone.entry("one", full_name="Lê Văn Tư", made_at=now + ahead)
    days = [
        phone.session.get_one(Teaching, phone.send(entry).teaching_ids[0]).taught_on
        for entry in (fast, slow, mended)
    ]
    assert days == [date(2026, 11, 19), date(2026, 11, 19), date(2026, 11, 22)]
    assert phone.session.get_one(Teaching, plain.teaching_ids[0]).taught_on == date(2026, 11, 19)


def test_a_chosen_day_stands_whatever_the_clock_of_the_phone(phone: Phone) -> None:
    wrong = phone.clock.now() + timedelta(days=400)
    said = {"full_name": "Đỗ Thị Mười", "made_at": wrong, "sent_at": wrong}
    taken = phone.send(phone.entry("one", taught_on="2026-11-20", **said))
    assert phone.session.get_one(Teaching, taken.teaching_ids[0]).taught_on == date(2026, 11, 20)
    with pytest.raises(Invalid) as refused:
        phone.send(phone.entry("one", taught_on="2026-11-23", **said))
    assert refused.value.fields == {"taught_on": "in_future"}
    assert phone.count(SentEntry) == 1


def test_what_is_refused_leaves_nothing_behind(phone: Phone) -> None:
    mark = str(uuid.uuid4())
    with pytest.raises(Invalid):
        phone.send(phone.entry("one", mark, full_name="Đỗ Thị Mười", skills=[]))
    with pytest.raises(Invalid):
        phone.send(phone.entry("one", mark, full_name="123"))
    assert (phone.count(SentEntry), phone.count(Teaching)) == (0, 0)
    assert phone.send(phone.entry("one", mark, full_name="Đỗ Thị Mười")).again is False


def test_another_account_can_neither_send_nor_ask(
    phone: Phone, cast: Cast, session: Session, clock: FixedClock, box: SecretsBox
) -> None:
    hers = phone.entry("one", full_name="Đỗ Thị Mười")
    phone.send(hers)
    bob = Phone(session, clock, box, cast.bob)
    for entry in (hers, bob.entry("one", hers.uuid, full_name="Đỗ Thị Mười")):
        with pytest.raises(NotAllowed) as refused:
            bob.send(entry)
        assert refused.value.code == "someone_else"
    assert phone.count(Teaching) == 1


def test_an_account_has_a_name_of_its_own_that_says_nothing(box: SecretsBox) -> None:
    names = {account_key(box, number) for number in range(1, 200)}
    assert len(names) == 199
    assert all(len(name) == 32 for name in names)
    assert outbox.account_key(box, 7) == account_key(box, 7)


# ── several people ──────────────────────────────────────────────────────────────────────────────────────


LIST = "1. Đỗ Thị Mười, 0905 123 456\n\nBùi Văn Hai\n12345\nBùi Văn Hai"


def test_what_can_be_written_is_written_and_the_rest_comes_back(phone: Phone) -> None:
    entry = phone.entry("several", lines=LIST, place="market")
    taken = phone.send(entry)
    assert len(taken.teaching_ids) == 2
    assert [(one.row, one.text, one.kind) for one in taken.left] == [
        (4, "12345", "refused"),
        (5, "Bùi Văn Hai", "doubtful"),
    ]
    assert taken.left[1].reasons == ("twice_in_list",)
    again = phone.send(entry)
    assert again.again
    assert again.teaching_ids == taken.teaching_ids
    assert [one.row for one in again.left] == [4, 5]
    assert phone.count(Teaching) == 2


def test_a_list_with_nothing_but_questions_stays_on_the_phone(phone: Phone) -> None:
    mark = str(uuid.uuid4())
    with pytest.raises(Asked) as asked:
        phone.send(phone.entry("several", mark, lines="Nguyễn Thị An\n007"))
    assert [one.reasons[0] for one in asked.value.left] == ["own_name", "name_empty"]
    assert phone.count(SentEntry) == 0
    chosen = {"1": {"choice": "apart"}}
    taken = phone.send(phone.entry("several", mark, lines="Nguyễn Thị An", chosen=chosen))
    assert len(taken.teaching_ids) == 1
    assert taken.left == ()


def test_a_question_is_answered_in_the_next_entry(phone: Phone) -> None:
    taken = phone.send(phone.entry("several", lines="Bùi Văn Hai\nBùi Văn Hai"))
    assert len(taken.left) == 1
    rest = phone.entry("several", lines=taken.left[0].text, chosen={"1": {"choice": "apart"}})
    more = phone.send(rest)
    assert more.left == ()
    assert phone.count(Teaching) == 2
    learners = select(func.count(func.distinct(Teaching.learner_id)))
    assert phone.session.scalar(learners) == 2
    skipped = phone.send(phone.entry("several", lines="Lê Văn Tư", chosen={"1": {"choice": "skip"}}))
    assert (skipped.teaching_ids, skipped.left) == ([], ())


@pytest.mark.parametrize(
    ("lines", "code"), [("", "name_empty"), (" \n\n", "name_empty"), ("A B\n" * 301, "too_many_lines")]
)
def test_a_list_of_nobody_or_of_too_many_is_refused(phone: Phone, lines: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        phone.send(phone.entry("several", lines=lines))
    assert refused.value.fields == {"lines": code}


def test_once_everything_was_taken_back_it_does_not_come_again(phone: Phone) -> None:
    entry = phone.entry("several", lines="Đỗ Thị Mười\nBùi Văn Hai")
    first, second = phone.send(entry).teaching_ids
    voiding.void(phone.session, phone.who.actor, first, "", phone.clock.now())
    assert phone.send(entry).again
    voiding.void(phone.session, phone.who.actor, second, "", phone.clock.now())
    with pytest.raises(Conflict) as gone:
        phone.send(entry)
    assert gone.value.code == "entry_voided"


# ── a class ─────────────────────────────────────────────────────────────────────────────────────────────


CLASS = {
    "title": "Lớp ở chợ Cồn", "kind": "market_stand", "held_on": "", "place": "Chợ Cồn",
    "headcount": "12", "elderly": "4", "lines": LIST,
}  # fmt: skip


def test_a_class_comes_with_its_people_and_its_counts(phone: Phone) -> None:
    entry = phone.entry("class", **CLASS)
    taken = phone.send(entry)
    held = phone.session.get_one(ClassSession, taken.class_id)
    assert (held.title, held.held_on, held.headcount, held.elderly) == (
        "Lớp ở chợ Cồn", date(2026, 11, 22), 12, 4,
    )  # fmt: skip
    assert held.lead_id == phone.who.person_id
    acts = phone.session.scalars(select(Teaching)).all()
    assert {act.class_id for act in acts} == {held.id}
    assert len(acts) == 2
    again = phone.send(entry)
    assert (again.again, again.class_id, again.teaching_ids) == (True, taken.class_id, taken.teaching_ids)
    assert [one.row for one in again.left] == [one.row for one in taken.left] == [4, 5]
    assert phone.count(ClassSession) == 1
    rest = phone.entry("several", lines="Mai Thị Ba", class_id=taken.class_id)
    more = phone.send(rest)
    assert phone.session.get_one(Teaching, more.teaching_ids[0]).class_id == held.id


def test_a_class_without_a_list_is_a_class(phone: Phone) -> None:
    taken = phone.send(phone.entry("class", **{**CLASS, "lines": "", "headcount": "", "elderly": ""}))
    assert taken.teaching_ids == []
    assert phone.count(ClassSession) == 1


def test_a_class_that_nobody_named_is_named_after_what_it_is(phone: Phone, cast: Cast) -> None:
    said = {**CLASS, "title": " ", "lines": "", "helpers": [cast.bob.person_id], "note": "Mượn máy chiếu."}
    held = phone.session.get_one(ClassSession, phone.send(phone.entry("class", **said)).class_id)
    assert held.title == "Điểm ở chợ · Chợ Cồn · 22/11/2026"
    assert {one.id for one in held.teachers} == {cast.alice.person_id, cast.bob.person_id}
    assert held.note == "Mượn máy chiếu."


def test_what_is_wrong_with_a_class_is_told_and_nothing_is_opened(phone: Phone) -> None:
    for wrong, fields in (
        ({"title": "x" * 130}, {"title": "too_long"}),
        ({"kind": "party"}, {"kind": "not_a_choice"}),
        ({"elderly": "40"}, {"elderly": "more_than_headcount"}),
        ({"headcount": "twelve"}, {"headcount": "not_a_count"}),
    ):
        with pytest.raises(Invalid) as refused:
            phone.send(phone.entry("class", **{**CLASS, **wrong}))
        assert refused.value.fields == fields
    assert phone.count(ClassSession) == 0
    assert phone.count(Teaching) == 0


def test_people_are_not_added_to_the_class_of_somebody_else(
    phone: Phone, cast: Cast, session: Session, clock: FixedClock, box: SecretsBox
) -> None:
    class_id = phone.send(phone.entry("class", **CLASS)).class_id
    erin = Phone(session, clock, box, cast.erin)
    with pytest.raises(NotFound):
        erin.send(erin.entry("several", lines="Mai Thị Ba", class_id=class_id))
    assert phone.count(Teaching) == 2


# ── at the same moment ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["one", "several", "class"])
def test_two_tabs_that_send_the_same_entry_at_once_make_it_once(
    reference: None, cast: Cast, database: Database, clock: FixedClock, box: SecretsBox, kind: str
) -> None:
    contents: dict[str, dict[str, Any]] = {
        "one": {"full_name": "Đỗ Thị Mười"},
        "several": {"lines": "Đỗ Thị Mười\nBùi Văn Hai"},
        "class": {**CLASS, "lines": "Đỗ Thị Mười"},
    }
    work = UnitOfWork(database, {}, clock)
    with work.begin(write=False) as session:
        entry = Phone(session, clock, box, cast.alice).entry(kind, **contents[kind])
    ready = threading.Barrier(4)

    def send(_number: int) -> tuple[bool, tuple[int, ...]]:
        ready.wait(timeout=60)
        with work.begin() as session:
            taken = submit_entry(session, cast.alice.actor, entry, clock.now(), box)
            return taken.again, tuple(taken.teaching_ids)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert sorted(again for again, _ in answers) == [False, True, True, True]
    assert len({ids for _, ids in answers}) == 1
    with work.begin(write=False) as session:
        phone = Phone(session, clock, box, cast.alice)
        assert phone.count(Teaching) == {"one": 1, "several": 2, "class": 1}[kind]
        assert phone.count(SentEntry) == 1


# ── any order ───────────────────────────────────────────────────────────────────────────────────────────


NAMES = ("Đỗ Thị Mười", "Bùi Văn Hai", "Mai Thị Ba", "Lê Văn Tư")


@dataclass
class Told:
    """What the server has answered so far."""

    first: dict[str, list[int]] = field(default_factory=dict)


@pytest.fixture
def rolled_back(
    reference: None, cast: Cast, database: Database, clock: FixedClock, box: SecretsBox
) -> Iterator[Phone]:
    """Alice's phone, before a server whose every story is forgotten."""
    with database.session(write=True) as session:
        yield Phone(session, clock, box, cast.alice)
        session.rollback()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 5), min_size=1, max_size=16))
def test_any_order_of_sending_again_makes_each_act_once(rolled_back: Phone, order: list[int]) -> None:
    phone = rolled_back
    story = phone.session.begin_nested()
    entries = [phone.entry("one", full_name=name) for name in NAMES]
    entries.append(phone.entry("several", lines="Hồ Văn Năm\nTạ Thị Sáu"))
    entries.append(phone.entry("class", title="Lớp", kind="school", lines="Võ Văn Bảy"))
    told = Told()
    for number in order:
        entry = entries[number]
        taken = phone.send(entry)
        assert taken.again == (entry.uuid in told.first)
        assert told.first.setdefault(entry.uuid, taken.teaching_ids) == taken.teaching_ids
    sizes = [1, 1, 1, 1, 2, 1]
    assert phone.count(Teaching) == sum(sizes[number] for number in set(order))
    assert phone.count(SentEntry) == len(set(order))
    assert phone.session.scalar(select(func.count()).where(Person.full_name.in_(NAMES))) == len(
        {number for number in order if number < 4}
    )
    story.rollback()
    phone.session.expire_all()
