"""Lists on their way in: judged, decided, written, taken out again, forgotten; by parts, from where they stood."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotAllowed, NotFound, TooLarge, TooMany
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from people.models import Person
from people.permissions import ANYONE, HOUSE
from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove, TeachingSkill
from referrals.models.rosters import ColumnMemory, RosterImport, RosterRow
from referrals.queries import rosters as queries
from referrals.rosters import LARGEST_FILE, PART, Defaults
from referrals.services.rosters import deciding, forgetting, intake, undoing, working, writing
from referrals.services.rosters.intake import RosterWish
from tests.support.cast import Cast, Member
from tests.support.story import Story

HEADER = ("STT", "Họ và tên", "Số điện thoại")


def workbook(rows: Sequence[Sequence[Any]], sheet: str = "Danh sách") -> bytes:
    """An .xlsx of one sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return file.getvalue()


def people(*names: str, phones: bool = True) -> bytes:
    """A plain list of these names, each with a phone of its own."""
    return workbook(
        [HEADER, *((at, name, f"09051{at:05d}" if phones else "") for at, name in enumerate(names, 1))]
    )


NAMES = ("Trần Thị Hoa", "Lê Văn Hùng", "Phạm Thị Mai")
MANY = [
    f"{family} {middle} {given}"
    for family in ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng")
    for middle in ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Thanh", "Quang", "Hữu", "Kim", "Xuân")
    for given in ("An", "Bình", "Chi", "Dũng", "Giang", "Hải", "Khánh", "Linh", "Nam", "Oanh", "Phúc", "Quân")
]


class Lists:
    """What a sender does with lists, each step in a unit of work of its own."""

    def __init__(self, uow: UnitOfWork, clock: FixedClock, box: SecretsBox, sender: Member) -> None:
        self.uow, self.clock, self.box, self.sender = uow, clock, box, sender
        self.desk = working.Desk()
        with uow.begin() as session:
            self.skill_id = Story(session, clock, box).skill.id

    def defaults(self, day: date = date(2026, 11, 21)) -> Defaults:
        return Defaults(day, (self.skill_id,), "home")

    def take(self, data: bytes, teacher: Member | None = None, **changes: Any) -> int:
        wish = RosterWish(
            changes.pop("file_name", "ds.xlsx"),
            data,
            (teacher or self.sender).person_id,
            self.defaults(),
            **changes,
        )
        with self.uow.begin() as session:
            return intake.take_roster(session, self.sender.actor, wish, self.clock.now(), self.box).id

    def start(self, roster_id: int) -> None:
        with self.uow.begin() as session:
            writing.start_writing(session, self.sender.actor, roster_id)

    def part(self) -> bool:
        with self.uow.begin() as session:
            return working.work_part(session, HOUSE, self.desk, self.clock.now(), self.box)

    def work(self) -> int:
        parts = 0
        while self.part():
            parts += 1
            assert parts < 200
        return parts

    def write(self, roster_id: int) -> RosterImport:
        self.start(roster_id)
        self.work()
        return self.roster(roster_id)

    def cancel(self, roster_id: int) -> None:
        with self.uow.begin() as session:
            undoing.cancel(session, self.sender.actor, roster_id, self.clock.now())

    def choose(self, roster_id: int, choice: Any) -> None:
        with self.uow.begin() as session:
            deciding.decide_all(session, self.sender.actor, roster_id, choice)

    def roster(self, roster_id: int) -> RosterImport:
        with self.uow.begin(write=False) as session:
            found = session.get_one(RosterImport, roster_id)
            session.expunge(found)
            return found

    def counts(self, roster_id: int, *names: str) -> tuple[int, ...]:
        counts = self.roster(roster_id).counts
        return tuple(counts.get(name, 0) for name in names)

    def rows(self, roster_id: int) -> list[RosterRow]:
        with self.uow.begin(write=False) as session:
            found = session.scalars(
                select(RosterRow).where(RosterRow.import_id == roster_id).order_by(RosterRow.id)
            )
            rows = list(found)
            session.expunge_all()
            return rows

    def stored(self) -> dict[str, int]:
        with self.uow.begin(write=False) as session:
            return {
                model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
                for model in (Person, Teaching, TeachingMove, TeachingSkill, ConfirmationCode)
            }


@pytest.fixture
def lists(uow: UnitOfWork, cast: Cast, clock: FixedClock, box: SecretsBox) -> Lists:
    return Lists(uow, clock, box, cast.alice)


@pytest.fixture
def by_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything goes to the background, five rows at a time."""
    for module in (working, writing, undoing):
        monkeypatch.setattr(module, "PART", 5)
    monkeypatch.setattr(intake, "SMALL_FILE", 0)
    yield


# ── small lists ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_small_list_is_judged_at_once_and_nothing_is_written(lists: Lists) -> None:
    before = lists.stored()
    roster_id = lists.take(people(*NAMES))
    assert lists.roster(roster_id).state == "ready"
    assert lists.counts(roster_id, "new", "known", "doubtful", "refused") == (3, 0, 0, 0)
    assert lists.stored() == before


def test_what_the_preview_said_is_written(lists: Lists) -> None:
    before = lists.stored()
    done = lists.write(lists.take(people(*NAMES)))
    assert (done.state, done.counts["written"], done.counts["people"]) == ("done", 3, 3)
    after = lists.stored()
    assert {name: after[name] - before[name] for name in after} == dict.fromkeys(after, 3)
    assert [row.outcome for row in lists.rows(done.id)] == ["written"] * 3


def test_the_same_file_twice_changes_nothing(lists: Lists) -> None:
    data = people(*NAMES)
    first = lists.write(lists.take(data))
    before = lists.stored()
    again = lists.take(data)
    assert lists.counts(again, "new", "known", "same_act") == (0, 3, 3)
    with pytest.raises(Conflict, match="roster_nothing"):
        lists.start(again)
    assert lists.stored() == before
    with lists.uow.begin(write=False) as session:
        assert queries.taken_before(session, session.get_one(RosterImport, again)) == first.ended_at


def test_the_same_file_previewed_twice_and_written_twice_changes_nothing_the_second_time(
    lists: Lists,
) -> None:
    data = people(*NAMES)
    one, other = lists.take(data), lists.take(data)
    lists.write(one)
    before = lists.stored()
    assert lists.write(other).state == "done"
    assert lists.counts(other, "written", "stood") == (0, 3)
    assert lists.stored() == before
