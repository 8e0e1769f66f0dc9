"""Those who wait: asked once, taken once, given back, ended and forgotten; on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.database import Database
from core.errors import AppError, Conflict, Invalid, NotAllowed, NotFound
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from people.models import AuditEntry, Person, Unit
from people.permissions import ANYONE, Actor
from referrals.models.waiting import WaitingLearner
from referrals.queries import ambassadors
from referrals.queries import waiting as waits
from referrals.services import waiting
from referrals.services.waiting import AskWish
from referrals.waiting import CONSENT, MOST_TAKEN, read_wish_token, wish_token
from tests.support.cast import Cast
from tests.support.story import Story

HOME, FAR, WIDER = "20194", "20195", "20196"


class Line:
    """The list of a town of three wards: Alice's, another of her union, and one of nobody here."""

    def __init__(self, story: Story, cast: Cast) -> None:
        self.session, self.clock, self.box, self.cast = story.session, story.clock, story.box, cast
        for code, name in ((HOME, "Hải Châu"), (FAR, "Hòa Vang"), (WIDER, "Hòa Cường")):
            story.ward(code, name)
        ward_of = {cast.units["haichau"]: HOME, cast.units["two"]: WIDER}
        for unit_id, code in ward_of.items():
            self.session.execute(update(Unit).where(Unit.id == unit_id).values(ward_code=code))

    def ask(self, name: str = "Trần Thị Hoa", actor: Actor = ANYONE, **changes: object) -> WaitingLearner:
        """Somebody asks, by the public form unless told otherwise."""
        wish = AskWish(
            **{"full_name": name, "ward_code": HOME, "phone": "0905 123 456", "consent_text": CONSENT}  # type: ignore[arg-type]
            | changes
        )
        return waiting.ask_to_learn(self.session, actor, wish, self.clock.now(), self.box)

    def take(self, wish_id: int, key: str = "alice") -> None:
        waiting.take(self.session, self.cast[key].actor, wish_id, self.clock.now())

    def one(self, wish_id: int) -> WaitingLearner:
        self.session.expire_all()
        found = self.session.get(WaitingLearner, wish_id)
        assert found is not None
        return found


@pytest.fixture
def line(story: Story, cast: Cast) -> Line:
    return Line(story, cast)


def test_whoever_asks_is_kept_with_the_words_of_consent(line: Line):
    row = line.ask(age_band="60_74", note="buổi tối")
    assert (row.state, row.came_by, row.recorded_by) == ("waiting", "form", None)
    assert (row.name_key, row.phone_tail, row.note) == ("tran thi hoa", "456", "buổi tối")
    assert row.consent_text == CONSENT
    assert row.consent_at == row.asked_at == line.clock.now()
    assert b"905123456" not in (row.phone_sealed or b"")


def test_the_same_name_and_phone_waits_once(line: Line):
    first = line.ask()
    assert line.ask("tran thi HOA", phone="+84 905 123 456").id == first.id
    assert line.ask("Lê Văn Tám").id != first.id, "families share phones"
    assert line.ask(phone="0905 123 457").id != first.id
    line.take(first.id)
    assert line.ask().id == first.id, "who is taken still waits"
    waiting.take_back_wish(line.session, ANYONE, first.id, line.clock.now())
    assert line.ask().id != first.id, "who has withdrawn may ask anew"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"full_name": "0905"}, "full_name", "name_no_letters"),
        ({"phone": ""}, "phone", "required"),
        ({"phone": "12"}, "phone", "phone_too_short"),
        ({"ward_code": "nowhere"}, "ward_code", "not_a_choice"),
        ({"skill_id": 999}, "skill_id", "not_a_choice"),
        ({"age_band": "old"}, "age_band", "not_a_choice"),
        ({"consent_text": " "}, "agree", "must_agree"),
        ({"came_by": "pigeon"}, "came_by", "not_a_choice"),
    ],
)
def test_what_is_wrong_is_told(line: Line, changes: dict[str, object], field: str, code: str):
    rest = {key: value for key, value in changes.items() if key != "full_name"}
    with pytest.raises(Invalid) as refusal:
        line.ask(str(changes.get("full_name", "Trần Thị Hoa")), ANYONE, **rest)
    assert refusal.value.fields == {field: code}


def test_who_writes_down_whom(line: Line, cast: Cast):
    walk_in = line.ask("Lê Văn Tám", cast.alice.actor, came_by="walk_in", phone="")
    assert (walk_in.recorded_by, walk_in.phone_hash) == (cast.alice.account_id, None)
    call = line.ask("Võ Văn Bảy", cast.carol.actor, came_by="call")
    assert call.recorded_by == cast.carol.account_id
    with pytest.raises(NotFound):
        line.ask("Võ Văn Bảy", cast.carol.actor, came_by="call", ward_code=FAR)
    for actor, came_by in ((ANYONE, "walk_in"), (ANYONE, "call"), (cast.alice.actor, "call"),
                           (cast.carol.actor, "walk_in"), (cast.frank.actor, "call")):  # fmt: skip
        with pytest.raises(NotAllowed):
            line.ask("Võ Văn Bảy", actor, came_by=came_by)
    assert set(line.session.scalars(select(AuditEntry.action))) == {"waiting.added"}


def test_offers_show_the_given_name_alone_the_longest_wait_first(line: Line, cast: Cast):
    second = line.ask("Lê Văn Tám", ward_code=WIDER)
    line.clock.advance(days=1)
    third = line.ask()
    line.clock.advance(days=-3)
    first = line.ask("Võ Văn Bảy")
    line.ask("Người Ở Xa", ward_code=FAR)
    offers = waits.offers(line.session, cast.alice.person_id)
    assert [one.id for one in offers.near] == [first.id, third.id]
    assert [one.id for one in offers.wider] == [second.id]
    assert [one.given_name for one in offers.near] == ["Bảy", "Hoa"]
    assert waits.offers_count(line.session, cast.alice.person_id) == 3
    assert "Trần" not in repr(offers)
    assert "905123456" not in repr(offers)
    assert waits.offers_count(line.session, 999_999) == 0


def test_a_home_ward_is_near_and_no_ward_at_all_is_everywhere(line: Line, cast: Cast):
    line.session.execute(update(Person).where(Person.id == cast.alice.person_id).values(ward_code=FAR))
    reach = ambassadors.reach_of(line.session, cast.alice.person_id)
    assert (set(reach.near), reach.wider) == ({HOME, FAR}, (WIDER,))
    assert ambassadors.reach_of(line.session, cast.erin.person_id).everywhere
    line.ask(ward_code=FAR)
    assert len(waits.offers(line.session, cast.erin.person_id).near) == 1


def test_taking_reveals_name_and_phone_to_the_taker_and_says_so(line: Line, cast: Cast):
    row = line.ask()
    line.take(row.id)
    line.take(row.id)
    mine = waits.taken_by(line.session, cast.alice.person_id, line.box)
    assert [(one.full_name, one.phone) for one in mine] == [("Trần Thị Hoa", "+84905123456")]
    assert waits.taken_one(line.session, cast.alice.person_id, row.id, line.box).id == row.id
    with pytest.raises(NotFound):
        waits.taken_one(line.session, cast.bob.person_id, row.id, line.box)
    entries = line.session.scalars(select(AuditEntry)).all()
    assert [(one.action, one.subject_id, one.account_id) for one in entries] == [
        ("waiting.taken", str(row.id), cast.alice.account_id)
    ]
    with pytest.raises(Conflict) as refusal:
        line.take(row.id, "bob")
    assert refusal.value.code == "wait_taken"


def test_five_at_once_and_foreign_wards(line: Line, cast: Cast):
    rows = [line.ask(phone=f"09051234{number}0") for number in range(MOST_TAKEN + 1)]
    for row in rows[:MOST_TAKEN]:
        line.take(row.id)
    with pytest.raises(Conflict) as refusal:
        line.take(rows[-1].id)
    assert refusal.value.code == "too_many_taken"
    far = line.ask("Người Ở Xa", ward_code=FAR)
    with pytest.raises(NotFound):
        line.take(far.id, "bob")
    with pytest.raises(NotFound):
        line.take(999_999, "bob")
    for key in ("carol", "frank", "olga"):
        with pytest.raises(NotAllowed):
            line.take(rows[-1].id, key)


def test_giving_back_keeps_the_place_and_not_wanted_ends_it(line: Line, cast: Cast):
    row = line.ask()
    asked = row.asked_at
    line.take(row.id)
    line.clock.advance(days=2)
    with pytest.raises(Invalid):
        waiting.give_back(line.session, cast.alice.actor, row.id, "just so", line.clock.now())
    with pytest.raises(NotFound):
        waiting.give_back(line.session, cast.bob.actor, row.id, "no_time", line.clock.now())
    waiting.give_back(line.session, cast.alice.actor, row.id, "no_answer", line.clock.now())
    back = line.one(row.id)
    assert (back.state, back.taken_by, back.asked_at) == ("waiting", None, asked)
    line.take(row.id, "bob")
    waiting.give_back(line.session, cast.bob.actor, row.id, "not_wanted", line.clock.now())
    assert line.one(row.id).state == "withdrawn"


def test_the_one_who_asked_may_withdraw_even_when_taken(line: Line, cast: Cast, box: SecretsBox):
    row = line.ask()
    line.take(row.id)
    assert read_wish_token(box, wish_token(box, row.id)) == row.id
    for _ in range(2):
        waiting.take_back_wish(line.session, ANYONE, row.id, line.clock.now())
    assert line.one(row.id).state == "withdrawn"
    with pytest.raises(NotFound):
        waiting.give_back(line.session, cast.alice.actor, row.id, "no_time", line.clock.now())
    assert waits.taken_by(line.session, cast.alice.person_id, box) == []


def test_an_act_ends_the_wait(line: Line, cast: Cast, story: Story):
    row = line.ask()
    line.take(row.id)
    foreign = story.record(cast.bob, "Trần Thị Hoa")
    mine = story.record(cast.alice, "Trần Thị Hoa")
    for actor, act in ((cast.alice.actor, foreign.id), (cast.bob.actor, foreign.id), (cast.alice.actor, 999)):
        with pytest.raises(NotFound):
            waiting.taught(line.session, actor, row.id, act, line.clock.now())
    for _ in range(2):
        waiting.taught(line.session, cast.alice.actor, row.id, mine.id, line.clock.now())
    done = line.one(row.id)
    assert (done.state, done.teaching_id, done.ended_at) == ("taught", mine.id, line.clock.now())
    waiting.take_back_wish(line.session, ANYONE, row.id, line.clock.now())
    assert line.one(row.id).state == "taught"


def test_time_returns_what_is_untaught_and_erases_what_has_ended(line: Line, cast: Cast):
    taken, ended = line.ask(), line.ask("Lê Văn Tám")
    line.take(taken.id)
    waiting.take_back_wish(line.session, ANYONE, ended.id, line.clock.now())
    line.clock.advance(days=6, hours=23)
    assert waiting.tend(line.session, line.clock.now()) == (0, 0)
    line.clock.advance(hours=1)
    assert waiting.tend(line.session, line.clock.now()) == (0, 1)
    assert waiting.tend(line.session, line.clock.now()) == (0, 0)
    gone = line.one(ended.id)
    assert (gone.full_name, gone.name_key, gone.phone_tail, gone.note) == ("", "", None, "")
    assert (gone.phone_sealed, gone.phone_hash) == (None, None)
    assert (gone.ward_code, gone.state) == (HOME, "withdrawn")
    line.clock.advance(days=7)
    assert waiting.tend(line.session, line.clock.now()) == (1, 0)
    back = line.one(taken.id)
    assert (back.state, back.taken_by, back.full_name) == ("waiting", None, "Trần Thị Hoa")


def test_a_coordinator_sees_the_wards_of_the_units_and_gives(line: Line, cast: Cast):
    here = line.ask()
    line.clock.advance(days=1)
    line.ask("Lê Văn Tám", ward_code=WIDER)
    far = line.ask("Người Ở Xa", ward_code=FAR)
    seen = waits.wards_seen(line.session, cast.carol.actor)
    assert set(seen) == {HOME, WIDER}
    assert [(one.ward_code, one.waiting, one.taken) for one in waits.ward_waits(line.session, seen)] == [
        (HOME, 1, 0), (WIDER, 1, 0),
    ]  # fmt: skip
    now = line.clock.now()
    waiting.give_to(line.session, cast.carol.actor, here.id, cast.dave.person_id, now)
    lines = waits.desk_lines(line.session, seen)
    assert [(one.offer.given_name, one.state, one.taker_name) for one in lines] == [
        ("Tám", "waiting", None), ("Hoa", "taken", "Phạm Văn Dũng"),
    ]  # fmt: skip
    assert "905123456" not in repr(lines)
    other = lines[0].offer.id
    for wish_id, person_id in (
        (far.id, cast.dave.person_id), (other, cast.erin.person_id), (other, cast.grace.person_id), (999, 1),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            waiting.give_to(line.session, cast.carol.actor, wish_id, person_id, now)
    with pytest.raises(Conflict):
        waiting.give_to(line.session, cast.carol.actor, here.id, cast.bob.person_id, now)
    with pytest.raises(NotAllowed):
        waiting.give_to(line.session, cast.alice.actor, other, cast.bob.person_id, now)
    assert waits.wards_seen(line.session, cast.frank.actor) == ()
    with pytest.raises(NotFound):
        waits.desk_line(line.session, cast.carol.actor, far.id)


# ── at the same moment ───────────────────────────────────────────────────────────────────────────────────


def at_once(*deeds: Callable[[], object]) -> list[object]:
    barrier = threading.Barrier(len(deeds))

    def one(deed: Callable[[], object]) -> object:
        barrier.wait(timeout=60)
        try:
            return deed()
        except AppError as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


@pytest.fixture
def work(database: Database, clock: FixedClock, cast: Cast, box: SecretsBox) -> UnitOfWork:
    work = UnitOfWork(database, {}, clock)
    with work.begin() as session:
        Line(Story(session, clock, box), cast)
    return work


def asked(work: UnitOfWork, clock: FixedClock, box: SecretsBox, phone: str = "0905123456") -> int:
    with work.begin() as session:
        wish = AskWish("Trần Thị Hoa", HOME, phone, consent_text=CONSENT)
        return waiting.ask_to_learn(session, ANYONE, wish, clock.now(), box).id


@pytest.mark.parametrize("_again", range(3))
def test_no_two_take_the_same(work: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast, _again: int):
    wish_id = asked(work, clock, box)

    def take(key: str) -> Callable[[], object]:
        def deed() -> object:
            with work.begin() as session:
                waiting.take(session, cast[key].actor, wish_id, clock.now())
            return key

        return deed

    outcomes = at_once(*(take(key) for key in ("alice", "bob", "dave", "erin")))
    assert outcomes.count("wait_taken") == 3
    winner = next(str(one) for one in outcomes if one != "wait_taken")
    with work.begin(write=False) as session:
        row = session.get(WaitingLearner, wish_id)
        assert row is not None
        assert row.taken_by == cast[winner].person_id
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_ten_hands_hold_five(work: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast):
    wishes = [asked(work, clock, box, f"09051234{number:02}") for number in range(8)]

    def take(wish_id: int) -> Callable[[], object]:
        def deed() -> object:
            with work.begin() as session:
                waiting.take(session, cast.alice.actor, wish_id, clock.now())
            return "mine"

        return deed

    outcomes = at_once(*map(take, wishes))
    assert (outcomes.count("mine"), outcomes.count("too_many_taken")) == (5, 3)


def test_asking_four_times_at_once_waits_once(work: UnitOfWork, clock: FixedClock, box: SecretsBox):
    ids = at_once(*[lambda: asked(work, clock, box)] * 4)
    assert len(set(ids)) == 1


def test_the_longest_wait_is_kept_through_a_late_return(line: Line, session: Session, cast: Cast):
    early = line.ask()
    line.clock.advance(days=1)
    late = line.ask("Lê Văn Tám")
    line.take(early.id)
    line.clock.advance(days=20)
    waiting.tend(session, line.clock.now() - timedelta(seconds=0))
    assert [one.id for one in waits.offers(session, cast.bob.person_id).near] == [early.id, late.id]
