"""Sheets of paper: printed, typed in once, signed lines confirmed; on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from core.clock import FixedClock, local_day
from core.database import Database
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from learning.models import ClassSession
from people.models import AuditEntry, Consent, Person
from referrals.events import TeachingConfirmed
from referrals.models.acts import Confirmation, Teaching
from referrals.models.papers import PaperSheet, PaperSlip
from referrals.models.tree import Credit, Lineage
from referrals.papers import CONSENT, Mark, read_mark
from referrals.queries import papers as sheets
from referrals.services import confirming, papers, voiding
from referrals.services.papers import AlreadyEntered, NotReady, SheetEntry, SheetWish, TypedLine
from tests.support.cast import Cast
from tests.support.story import Story

HOA, TAM = "Trần Thị Hoa", "Lê Văn Tám"


class Desk:
    """Where sheets are printed and typed in."""

    def __init__(self, story: Story, cast: Cast) -> None:
        self.story, self.session, self.cast, self.box = story, story.session, cast, story.box

    def printed(self, key: str = "alice", by: str = "alice", lines: int = 8) -> PaperSheet:
        wish = SheetWish(self.cast[key].person_id, lines)
        return papers.print_sheet(self.session, self.cast[by].actor, wish, self.story.clock.now())

    def entry(self, sheet: PaperSheet, *lines: TypedLine, **changes: Any) -> SheetEntry:
        values = {"taught_on": local_day(self.story.clock.now()), "skill_ids": (self.story.skill.id,)}
        return SheetEntry(sheet.serial, lines=lines, **values | changes)  # type: ignore[arg-type]

    def enter(
        self, sheet: PaperSheet, *lines: TypedLine, by: str = "alice", **changes: Any
    ) -> papers.SheetDone:
        entry = self.entry(sheet, *lines, **changes)
        return papers.enter_sheet(self.session, self.cast[by].actor, entry, self.story.clock.now(), self.box)

    def count(self, table: type) -> int:
        return self.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def desk(story: Story, cast: Cast) -> Desk:
    return Desk(story, cast)


def signed(line: int, name: str, **changes: Any) -> TypedLine:
    return TypedLine(line, name, signed=True, **changes)


def test_a_sheet_has_a_serial_and_a_code_for_each_line(desk: Desk, cast: Cast):
    sheet = desk.printed(lines=12)
    assert read_mark(sheet.serial) == Mark("sheet", sheet.serial)
    codes = [slip.code for slip in sheet.slips]
    assert len(set(codes)) == 12
    assert all(read_mark(code) == Mark("slip", code) for code in codes)
    third = read_mark(codes[2])
    assert isinstance(third, Mark)
    assert sheets.place_of(desk.session, cast.alice.actor, third) == (sheet.serial, 3)
    assert sheets.place_of(desk.session, cast.bob.actor, third) is None


def test_who_prints_for_whom(desk: Desk, cast: Cast):
    assert desk.printed("bob", by="carol").made_by == cast.carol.account_id
    for key, by in (("erin", "carol"), ("bob", "alice"), ("alice", "frank")):
        with pytest.raises((NotFound, NotAllowed)):
            desk.printed(key, by)
    with pytest.raises(Invalid) as refusal:
        desk.printed(lines=7)
    assert refusal.value.fields == {"lines": "not_a_choice"}


def test_a_sheet_of_a_class_is_for_whoever_teaches_in_it(desk: Desk, cast: Cast):
    held = ClassSession(
        kind="mobile_class", title="Lớp ở chợ", held_on=date(2026, 11, 20), lead_id=cast.alice.person_id,
        unit_id=cast.alice.unit_id, recorded_at=desk.story.clock.now(),
    )  # fmt: skip
    desk.session.add(held)
    desk.session.flush()
    now = desk.story.clock.now()
    wish = SheetWish(cast.alice.person_id, 8, held.id)
    sheet = papers.print_sheet(desk.session, cast.alice.actor, wish, now)
    desk.enter(sheet, signed(1, HOA), taught_on=held.held_on)
    assert desk.session.scalars(select(Teaching.class_id)).one() == held.id
    with pytest.raises(Invalid):
        papers.print_sheet(desk.session, cast.bob.actor, SheetWish(cast.bob.person_id, 8, held.id), now)


def test_signed_lines_are_confirmed_by_paper_and_the_others_wait(desk: Desk, cast: Cast):
    sheet = desk.printed()
    done = desk.enter(sheet, signed(1, HOA), TypedLine(2, TAM, "0905 111 222"), by="carol")
    assert (done.written, done.confirmed, done.stood) == (2, 1, 0)
    acts = {one.learner.full_name: one for one in desk.session.scalars(select(Teaching))}
    assert {name: one.state for name, one in acts.items()} == {HOA: "confirmed", TAM: "recorded"}
    assert {one.teacher_id for one in acts.values()} == {cast.alice.person_id}
    evidence = desk.session.scalars(select(Confirmation)).one()
    assert (evidence.teaching_id, evidence.kind) == (acts[HOA].id, "paper")
    assert evidence.account_id == cast.carol.account_id
    said = sheets.paper_evidence(desk.session, acts[HOA].id)
    assert said is not None
    assert said.entered_by == cast.carol.full_name
    assert sheets.paper_evidence(desk.session, acts[TAM].id) is None
    assert (desk.count(Credit), desk.count(Lineage)) == (1, 1)
    assert [type(one) for one in desk.story.told()].count(TeachingConfirmed) == 1
    consent = desk.session.scalars(select(Consent)).one()
    assert (consent.person_id, consent.how, consent.text_shown) == (acts[HOA].learner_id, "paper", CONSENT)
    assert "paper.entered" in set(desk.session.scalars(select(AuditEntry.action)))


def test_a_line_counts_once(desk: Desk, cast: Cast):
    sheet = desk.printed()
    desk.enter(sheet, signed(1, HOA))
    assert desk.enter(sheet, signed(1, HOA)).written == 0, "the very same, sent again, changes nothing"
    for by, name in (("carol", HOA), ("alice", TAM)):
        with pytest.raises(AlreadyEntered) as refusal:
            desk.enter(sheet, signed(1, name), signed(2, "Võ Văn Bảy"), by=by)
        (line,) = refusal.value.lines
        assert (line.line, line.entered_by, line.learner_name) == (1, cast.alice.full_name, HOA)
        assert line.entered_at == desk.story.clock.now()
    assert desk.count(Teaching) == 1


def test_a_half_entered_sheet_goes_on_and_is_closed_by_its_last_line_or_by_hand(desk: Desk, cast: Cast):
    sheet = desk.printed()
    desk.enter(sheet, signed(3, HOA))
    assert desk.session.scalar(select(PaperSheet.entered_at)) is None
    desk.story.clock.advance(hours=2)
    desk.enter(sheet, signed(4, TAM), finished=True)
    assert (sheet.entered_at, sheet.entered_by) == (desk.story.clock.now(), cast.alice.account_id)
    desk.enter(sheet, signed(5, "Võ Văn Bảy"))
    whole = desk.printed()
    desk.enter(whole, *(signed(number, f"Huỳnh Văn {word}") for number, word in enumerate(
        ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám"), 1)))  # fmt: skip
    assert whole.entered_at is not None
    rows = {one.serial: one for one in sheets.sheets_of(desk.session, cast.alice.actor)}
    assert [(rows[one.serial].entered, rows[one.serial].signed) for one in (sheet, whole)] == [
        (3, 3),
        (8, 8),
    ]
    assert set(rows) == {one.serial for one in sheets.sheets_of(desk.session, cast.carol.actor)}
    assert sheets.sheets_of(desk.session, cast.erin.actor) == []


def test_who_may_type_it_in(desk: Desk, cast: Cast):
    sheet = desk.printed()
    for key in ("bob", "erin", "frank", "olga"):
        with pytest.raises((NotFound, NotAllowed)):
            desk.enter(sheet, signed(1, HOA), by=key)
        with pytest.raises(NotFound):
            sheets.sheet_for(desk.session, cast[key].actor, sheet.serial)
    desk.enter(sheet, signed(1, HOA), by="carol")


def test_doubtful_lines_ask_and_refused_ones_say_why(desk: Desk, cast: Cast):
    desk.story.record(cast.alice, HOA, taught_on=date(2026, 11, 1))
    sheet = desk.printed()
    with pytest.raises(NotReady) as refusal:
        desk.enter(sheet, signed(1, HOA, phone="0905 111 222"), signed(2, "0905"), signed(3, TAM))
    kinds = [one.kind for one in refusal.value.verdicts]
    assert kinds[1:] == ["refused", "new"]
    assert desk.count(PaperSlip) == 8
    assert desk.session.scalar(select(func.count(PaperSlip.entered_at))) == 0
    asked = refusal.value.verdicts[0]
    if asked.kind == "doubtful":
        who = asked.candidates[0].person_id
        desk.enter(sheet, signed(1, HOA, phone="0905 111 222", choice="same", person_id=who), signed(3, TAM))
    else:
        desk.enter(sheet, signed(1, HOA, phone="0905 111 222"), signed(3, TAM))
    assert desk.session.scalar(select(func.count()).where(Person.full_name == HOA)) == 1


def test_two_of_one_name_on_one_sheet_or_on_two(desk: Desk, cast: Cast):
    sheet = desk.printed()
    with pytest.raises(NotReady) as refusal:
        desk.enter(sheet, signed(1, HOA), signed(2, HOA))
    assert refusal.value.verdicts[1].reasons[0] == "twice_in_list"
    desk.enter(sheet, signed(1, HOA), signed(2, HOA, choice="skip"))
    with pytest.raises(NotReady) as refusal:
        desk.enter(sheet, signed(2, HOA))
    (asked,) = refusal.value.verdicts
    assert (asked.kind, asked.reasons) == ("doubtful", ("on_another_line",))
    desk.enter(sheet, signed(2, HOA, choice="apart"))
    assert desk.session.scalar(select(func.count()).where(Person.full_name == HOA)) == 2
    other = desk.printed()
    who = desk.session.scalars(select(Teaching.learner_id).order_by(Teaching.id)).first()
    done = desk.enter(other, signed(1, HOA, choice="same", person_id=who))
    assert (done.written, done.stood, done.confirmed) == (0, 1, 0)
    assert desk.count(Teaching) == 2
    assert desk.count(Credit) == 2


def test_a_signature_confirms_what_was_recorded_on_the_phone(desk: Desk, cast: Cast):
    waits = desk.story.record(cast.alice, HOA)
    sheet = desk.printed()
    verdicts = papers.preview_sheet(
        desk.session, cast.alice.actor, desk.entry(sheet, signed(1, HOA)), desk.story.clock.now(), desk.box
    )
    assert [(one.kind, one.reasons) for one in verdicts] == [("known", ("same_act",))]
    done = desk.enter(sheet, signed(1, HOA))
    assert (done.written, done.stood, done.confirmed) == (0, 1, 1)
    assert (waits.state, desk.count(Teaching)) == ("confirmed", 1)
    assert sheets.sheet_lines(desk.session, sheet.id)[0].teaching_id == waits.id


def test_paper_does_not_overrule_the_learner(desk: Desk, cast: Cast):
    for state in ("disputed", "returned", "voided", "confirmed"):
        act = desk.story.record(cast.alice, f"{HOA} {state.title()}")
        act.state = state
        act.confirmed_at = desk.story.clock.now() if state == "confirmed" else None
        desk.session.flush()
        with pytest.raises(Conflict):
            confirming.confirm_on_paper(desk.session, cast.alice.actor, act.id, desk.story.clock.now())
    late = desk.story.record(cast.alice, TAM)
    late.state = "expired"
    desk.session.flush()
    for who in (cast.bob.actor, cast.erin.actor):
        with pytest.raises(NotFound):
            confirming.confirm_on_paper(desk.session, who, late.id, desk.story.clock.now())
    confirming.confirm_on_paper(desk.session, cast.carol.actor, late.id, desk.story.clock.now())
    assert late.state == "confirmed"
    voiding.void(desk.session, cast.carol.actor, late.id, "nhầm", desk.story.clock.now())
    assert desk.count(Credit) == 0


def test_an_unreadable_phone_costs_nobody_the_line(desk: Desk, cast: Cast):
    sheet = desk.printed()
    done = desk.enter(sheet, signed(1, HOA, phone="12"))
    assert done.losses == [(1, "phone_too_short")]
    assert desk.session.scalars(select(Person.phone_hash).where(Person.full_name == HOA)).one() is None


def test_the_frame_and_foreign_lines_are_checked(desk: Desk, cast: Cast):
    sheet = desk.printed()
    for changes in (
        {"taught_on": date(2027, 1, 1)},
        {"skill_ids": ()},
        {"place": "moon"},
        {"ward_code": "x"},
    ):
        with pytest.raises(Invalid):
            desk.enter(sheet, signed(1, HOA), **changes)
    with pytest.raises(Invalid):
        desk.enter(sheet, signed(9, HOA))
    with pytest.raises(NotFound):
        papers.enter_sheet(
            desk.session, cast.alice.actor, SheetEntry("NOTHING", date(2026, 11, 1), (1,)),
            desk.story.clock.now(), desk.box,
        )  # fmt: skip


@pytest.mark.parametrize("_again", range(2))
def test_two_people_type_the_same_sheet_at_once(
    database: Database, clock: FixedClock, box: SecretsBox, cast: Cast, _again: int
):
    work = UnitOfWork(database, {}, clock)
    with work.begin() as session:
        desk = Desk(Story(session, clock, box), cast)
        sheet = desk.printed()
        entry = desk.entry(sheet, signed(1, HOA), signed(2, TAM))
    barrier = threading.Barrier(4)

    def enter(key: str) -> object:
        barrier.wait(timeout=60)
        try:
            with work.begin() as session:
                return papers.enter_sheet(session, cast[key].actor, entry, clock.now(), box).confirmed
        except AlreadyEntered as refusal:
            return {one.line: one.entered_by for one in refusal.lines}

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(enter, ("alice", "carol", "carol", "alice")))
    winners = [one for one in outcomes if one == 2]
    assert len(winners) == 1
    assert all(one in (2, 0) or (isinstance(one, dict) and set(one) == {1, 2}) for one in outcomes)
    with work.begin(write=False) as session:
        for table, rows in ((Teaching, 2), (Confirmation, 2), (Credit, 2)):
            assert session.scalar(select(func.count()).select_from(table)) == rows
