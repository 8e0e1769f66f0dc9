"""Lists on their way in: judged, decided, written, taken out again, forgotten; all of it by parts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import func, select

from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotAllowed, NotFound, TooLarge, TooMany
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from learning.models import ClassSession, ClassTeacher
from people.models import Person
from people.permissions import ANYONE, HOUSE
from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove, TeachingSkill
from referrals.models.rosters import ColumnMemory, RosterImport, RosterRow
from referrals.queries import rosters as queries
from referrals.rosters import LARGEST_FILE, Defaults
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
    for given in ("Ánh", "Bình", "Chi", "Dũng", "Giang", "Hải", "Khánh", "Linh", "Nam", "Phúc", "Quân")
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
def by_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything goes to the background, five rows at a time."""
    for module in (working, writing, undoing):
        monkeypatch.setattr(module, "PART", 5)
    monkeypatch.setattr(intake, "SMALL_FILE", 0)


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


def test_rows_in_doubt_are_written_only_as_somebody_decided(lists: Lists) -> None:
    names = ("Trần Thị Hoa", "Trần Thị Hoa", "Lê Văn Hùng")
    undecided = lists.take(people(*names, phones=False))
    assert lists.counts(undecided, "new", "doubtful") == (2, 1)
    done = lists.write(undecided)
    assert (done.counts["written"], done.counts["left"]) == (2, 1)
    assert "undecided" in lists.rows(undecided)[1].reasons


@pytest.mark.parametrize(
    ("choice", "written", "people_made"), [("apart", 3, 3), ("same", 2, 2), ("skip", 2, 2)]
)
def test_two_rows_of_one_name(lists: Lists, choice: str, written: int, people_made: int) -> None:
    roster_id = lists.take(people("Trần Thị Hoa", "Trần Thị Hoa", "Lê Văn Hùng", phones=False))
    lists.choose(roster_id, choice)
    lists.write(roster_id)
    assert lists.counts(roster_id, "written", "people") == (written, people_made)


def test_the_row_of_a_known_learner_is_a_further_contact(lists: Lists) -> None:
    lists.write(lists.take(people(*NAMES)))
    later = RosterWish(
        "ds.xlsx", people(*NAMES[:2]), lists.sender.person_id, lists.defaults(date(2026, 11, 22))
    )
    with lists.uow.begin() as session:
        roster_id = intake.take_roster(session, lists.sender.actor, later, lists.clock.now(), lists.box).id
    assert lists.counts(roster_id, "new", "known", "same_act") == (0, 2, 0)
    lists.write(roster_id)
    assert lists.counts(roster_id, "written", "people") == (2, 0)


def test_an_unreadable_phone_costs_nobody_the_record(lists: Lists) -> None:
    roster_id = lists.take(
        workbook([HEADER, (1, "Trần Thị Hoa", "O905123456"), (2, "Lê Văn Hùng", "0905 111 222")])
    )
    assert lists.counts(roster_id, "new", "phones") == (2, 1)
    lists.write(roster_id)
    assert lists.counts(roster_id, "written") == (2,)
    with lists.uow.begin(write=False) as session:
        tails = dict(session.execute(select(Person.full_name, Person.phone_tail)).all())
    assert (tails["Trần Thị Hoa"], tails["Lê Văn Hùng"]) == (None, "222")


def test_columns_can_be_put_right_and_are_remembered(lists: Lists) -> None:
    def file(name: str) -> bytes:
        return workbook(
            [("A", "Quý danh", "Mã"), (1, name, "x1"), (2, "Lê Văn Hùng", "x2"), (3, "Phạm Thị Mai", "x3")]
        )

    first = lists.take(file("Trần Thị Hoa"))
    sheet = lists.roster(first).mapping["sheets"][0]
    said = {
        sheet["name"]: {
            "read": True,
            "header_row": 1,
            "fields": {"0": "number", "1": "full_name", "2": "ignored"},
        }
    }
    with lists.uow.begin() as session:
        intake.correct_columns(session, lists.sender.actor, first, said, lists.clock.now(), lists.box)
    assert lists.roster(first).state == "ready"
    assert lists.counts(first, "new") == (3,)
    with lists.uow.begin(write=False) as session:
        assert session.scalar(select(func.count()).select_from(ColumnMemory)) == 1
    again = lists.take(file("Võ Thị Sáu"))
    assert lists.counts(again, "new") == (3,)
    assert lists.roster(again).mapping["sheets"][0]["remembered"]


def test_samples_and_rows_are_sealed(lists: Lists) -> None:
    roster_id = lists.take(people(*NAMES))
    found = lists.roster(roster_id)
    assert "Hoa" not in str(found.mapping)
    assert all(b"Hoa" not in row.cells_sealed for row in lists.rows(roster_id))
    with lists.uow.begin(write=False) as session:
        assert b"PK" not in (session.scalar(select(RosterImport.file_sealed)) or b"PK")[:200]


# ── whose lists they are ────────────────────────────────────────────────────────────────────────────────


def test_a_list_of_another_is_not_there(
    lists: Lists, cast: Cast, uow: UnitOfWork, clock: FixedClock, box: SecretsBox
) -> None:
    roster_id = lists.take(people(*NAMES))
    for other in (cast.bob.actor, cast.carol.actor, HOUSE):
        with pytest.raises(NotFound), uow.begin() as session:
            writing.start_writing(session, other, roster_id)
        with pytest.raises(NotFound), uow.begin() as session:
            undoing.cancel(session, other, roster_id, clock.now())
    for nobody in (ANYONE, cast.frank.actor):
        with pytest.raises(NotAllowed), uow.begin() as session:
            deciding.decide_all(session, nobody, roster_id, "skip")


def test_a_coordinator_writes_for_the_own_units_alone(
    uow: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast
) -> None:
    carols = Lists(uow, clock, box, cast.carol)
    roster_id = carols.take(people(*NAMES), teacher=cast.bob)
    assert carols.write(roster_id).counts["written"] == 3
    with uow.begin(write=False) as session:
        assert set(session.scalars(select(Teaching.teacher_id))) == {cast.bob.person_id}
    with pytest.raises(NotFound):
        carols.take(people(*NAMES), teacher=cast.erin)
    with pytest.raises(NotAllowed):
        Lists(uow, clock, box, cast.alice).take(people(*NAMES), teacher=cast.bob)


def test_a_column_names_the_ambassador(
    uow: UnitOfWork, clock: FixedClock, box: SecretsBox, cast: Cast
) -> None:
    carols = Lists(uow, clock, box, cast.carol)
    rows = [
        ("Họ và tên", "Đại sứ số"),
        ("Trần Thị Hoa", "Phạm Văn Dũng"),
        ("Lê Văn Hùng", ""),
        ("Phạm Thị Mai", "Võ Thị Én"),
    ]
    roster_id = carols.take(workbook(rows), teacher=cast.bob)
    assert carols.counts(roster_id, "new", "refused") == (2, 1)
    assert "teacher_unknown" in carols.rows(roster_id)[2].reasons
    carols.write(roster_id)
    with uow.begin(write=False) as session:
        assert set(session.scalars(select(Teaching.teacher_id))) == {cast.bob.person_id, cast.dave.person_id}


# ── what is refused whole ───────────────────────────────────────────────────────────────────────────────


def test_a_file_that_is_no_list_leaves_nothing_behind(lists: Lists) -> None:
    for data in (b"", b"   ", b"%PDF-1.7 nothing", b"PK\x03\x04 not whole"):
        with pytest.raises(Invalid):
            lists.take(data)
    with pytest.raises(TooLarge):
        lists.take(b"x" * (LARGEST_FILE + 1))
    with lists.uow.begin(write=False) as session:
        assert session.scalar(select(func.count()).select_from(RosterImport)) == 0


def test_the_name_of_a_file_is_only_shown(lists: Lists) -> None:
    roster_id = lists.take(people(*NAMES), file_name="../../etc/<b>passwd</b>\x00" + "x" * 500)
    assert len(lists.roster(roster_id).file_name) <= 200


def test_many_lists_at_once_are_refused(lists: Lists, by_parts: None) -> None:
    for _ in range(intake.AT_WORK_AT_ONCE):
        lists.take(people(*NAMES))
    with pytest.raises(TooMany, match="roster_too_many"):
        lists.take(people(*NAMES))


# ── long lists, by parts ────────────────────────────────────────────────────────────────────────────────


def test_a_long_list_is_judged_and_written_by_parts(lists: Lists, by_parts: None) -> None:
    before = lists.stored()
    roster_id = lists.take(people(*MANY[:23]))
    assert lists.roster(roster_id).state == "judging"
    lists.work()
    found = lists.roster(roster_id)
    assert (found.state, found.total, found.done, found.counts["new"]) == ("ready", 23, 23, 23)
    assert lists.stored() == before
    lists.write(roster_id)
    assert lists.counts(roster_id, "written", "people") == (23, 23)
    assert lists.stored()["teaching"] - before["teaching"] == 23


def test_namesakes_in_different_parts(lists: Lists, by_parts: None) -> None:
    rows = [HEADER, *((at, name, "") for at, name in enumerate(MANY[:7]))]
    rows += [
        (8, MANY[0], "0905 111 222"),
        (9, MANY[1], ""),
        (10, MANY[8], "0905 333 444"),
        *((11, name, "") for name in MANY[9:13]),
    ]
    rows += [(20, MANY[8], "0905 555 666"), (21, MANY[8], "0905 333 444")]
    roster_id = lists.take(workbook(rows))
    lists.work()
    verdicts = {(row.row, row.verdict) for row in lists.rows(roster_id)}
    # Once without and once with a phone, or twice without: perhaps. Two phones: two people. One: the same.
    assert {(9, "doubtful"), (10, "doubtful"), (11, "new"), (16, "new"), (17, "known")} <= verdicts
    lists.choose(roster_id, "apart")
    lists.write(roster_id)
    assert lists.counts(roster_id, "written", "people", "stood", "left") == (15, 15, 1, 0)


def test_whoever_goes_on_after_a_kill_begins_where_it_stood(lists: Lists, by_parts: None) -> None:
    names = [*MANY[:13], *MANY[:2]]
    roster_id = lists.take(people(*names, phones=False))
    while not lists.roster(roster_id).done:
        lists.part()
    # The worker is gone with what it had read: another process has another desk.
    lists.desk = working.Desk()
    lists.work()
    assert lists.counts(roster_id, "new", "doubtful") == (13, 2)
    lists.start(roster_id)
    lists.part()
    killed = lists.uow.database.session(write=True)
    working.work_part(killed, HOUSE, lists.desk, lists.clock.now(), lists.box)
    killed.close()
    lists.desk = working.Desk()
    lists.work()
    assert lists.counts(roster_id, "written", "people", "left") == (13, 13, 2)
    assert lists.stored()["teaching"] == 13


def test_of_two_who_press_write_one_wins(lists: Lists) -> None:
    roster_id = lists.take(people(*NAMES))
    lists.start(roster_id)
    with pytest.raises(Conflict, match="roster_started"):
        lists.start(roster_id)
    lists.work()
    assert lists.counts(roster_id, "written") == (3,)


def test_a_crash_is_told_and_can_be_tried_again(
    lists: Lists, by_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster_id = lists.take(people(*MANY[:12]))
    lists.work()
    lists.start(roster_id)
    lists.part()

    def crash(*_args: object, **_more: object) -> None:
        raise RuntimeError("a mistake of ours")

    with monkeypatch.context() as broken:
        broken.setattr(working, "write_part", crash)
        lists.work()
    failed = lists.roster(roster_id)
    assert (failed.state, failed.problem, failed.counts["written"]) == ("failed", "accident", 5)
    with lists.uow.begin() as session:
        intake.try_again(session, lists.sender.actor, roster_id)
    lists.work()
    assert lists.counts(roster_id, "written") == (12,)


def test_a_file_that_cannot_be_opened_fails_with_its_reason(lists: Lists, by_parts: None) -> None:
    roster_id = lists.take(b"%PDF-1.7 nothing at all")
    lists.work()
    assert (lists.roster(roster_id).state, lists.roster(roster_id).problem) == ("failed", "file_not_a_list")


# ── cancelling ──────────────────────────────────────────────────────────────────────────────────────────


def test_cancelled_while_judging_nothing_is_written(lists: Lists, by_parts: None) -> None:
    before = lists.stored()
    roster_id = lists.take(people(*MANY[:12]))
    lists.part()
    lists.part()
    lists.cancel(roster_id)
    lists.work()
    assert lists.roster(roster_id).state == "cancelled"
    assert lists.stored() == before
    with pytest.raises(Conflict, match="roster_started"):
        lists.start(roster_id)


def test_cancelled_while_writing_no_half_of_the_list_stays(lists: Lists, by_parts: None) -> None:
    before = lists.stored()
    roster_id = lists.take(people(*MANY[:12]))
    lists.work()
    lists.start(roster_id)
    lists.part()
    assert lists.stored()["teaching"] - before["teaching"] == 5
    lists.cancel(roster_id)
    lists.work()
    found = lists.roster(roster_id)
    assert (found.state, found.counts["undone"], found.counts["people_undone"]) == ("cancelled", 5, 5)
    assert lists.stored() == before
    assert [row.outcome for row in lists.rows(roster_id)] == ["undone"] * 5 + [None] * 7


def test_what_was_confirmed_meanwhile_stays(lists: Lists) -> None:
    roster_id = lists.take(people(*NAMES))
    lists.write(roster_id)
    kept = lists.rows(roster_id)[0]
    assert kept.teaching_id is not None
    with lists.uow.begin() as session:
        Story(session, lists.clock, lists.box).confirm(session.get_one(Teaching, kept.teaching_id))
    lists.cancel(roster_id)
    lists.work()
    assert lists.counts(roster_id, "undone", "stays", "people_undone") == (2, 1, 2)
    with lists.uow.begin(write=False) as session:
        assert session.scalars(select(Teaching.state)).all() == ["confirmed"]
        assert session.get(Person, kept.person_id) is not None


def test_somebody_whom_another_taught_since_stays_a_person(lists: Lists, cast: Cast) -> None:
    roster_id = lists.take(people(*NAMES))
    lists.write(roster_id)
    person_id = lists.rows(roster_id)[0].person_id
    with lists.uow.begin() as session:
        act = Teaching(
            teacher_id=cast.bob.person_id, learner_id=person_id, taught_on=date(2026, 11, 20),
            taught_second=0, taught_precision="day", state="recorded", recorded_at=lists.clock.now(),
        )  # fmt: skip
        session.add(act)
    lists.cancel(roster_id)
    lists.work()
    assert lists.counts(roster_id, "undone", "people_undone") == (3, 2)
    with lists.uow.begin(write=False) as session:
        assert session.scalars(select(Teaching.teacher_id)).all() == [cast.bob.person_id]


def test_what_failed_half_way_can_be_taken_out(
    lists: Lists, by_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lists.stored()
    roster_id = lists.take(people(*MANY[:12]))
    lists.work()
    lists.start(roster_id)
    lists.part()
    with monkeypatch.context() as broken:
        broken.delattr(working, "write_part")
        lists.work()
    assert (lists.roster(roster_id).state, lists.counts(roster_id, "written")) == ("failed", (5,))
    lists.cancel(roster_id)
    lists.work()
    assert lists.stored() == before


# ── forgetting ──────────────────────────────────────────────────────────────────────────────────────────


def forget(lists: Lists) -> None:
    for _ in range(20):
        with lists.uow.begin() as session:
            if not forgetting.forget_part(session, HOUSE, lists.clock.now()):
                return
    raise AssertionError("it never ends")


def test_after_a_week_file_and_rows_go_and_the_counts_stay(lists: Lists) -> None:
    done, left = lists.take(people(*NAMES)), lists.take(people(*MANY[:2]))
    lists.write(done)
    forget(lists)
    assert len(lists.rows(done)) == 3
    lists.clock.advance(days=8)
    forget(lists)
    assert lists.rows(done) == lists.rows(left) == []
    assert lists.counts(done, "written") == (3,)
    assert (lists.roster(done).state, lists.roster(left).state) == ("done", "cancelled")
    with lists.uow.begin(write=False) as session:
        assert set(session.scalars(select(RosterImport.file_sealed))) == {None}
    with pytest.raises(Conflict, match="roster_ended"):
        lists.cancel(done)


def test_a_list_can_fill_a_class(lists: Lists, cast: Cast) -> None:
    def held(lead: Member) -> ClassSession:
        return ClassSession(
            kind="mobile_class", title="Lớp chợ Cồn", held_on=date(2026, 11, 21), lead_id=lead.person_id,
            unit_id=lead.unit_id, recorded_at=lists.clock.now(),
        )  # fmt: skip

    with lists.uow.begin() as session:
        mine, foreign = held(lists.sender), held(cast.erin)
        session.add_all([mine, foreign])
        session.flush()
        ids = (mine.id, foreign.id)
        session.add(ClassTeacher(class_id=mine.id, person_id=mine.lead_id))
    done = lists.write(lists.take(people(*NAMES), class_id=ids[0]))
    assert done.counts["written"] == 3
    with lists.uow.begin(write=False) as session:
        assert set(session.scalars(select(Teaching.class_id))) == {ids[0]}
    with pytest.raises(NotFound):
        lists.take(people(*NAMES), class_id=ids[1])
