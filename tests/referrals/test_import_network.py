"""Importing a network: what goes in, what is refused and why, that a second run writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.clock import FixedClock
from core.database import Base, Database
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from people.models import AuditEntry, Person, Unit
from people.permissions import ANYONE, HOUSE
from referrals.importing.reading import FileProblem
from referrals.importing.rows import Refusal
from referrals.models.acts import Confirmation, Teaching, TeachingMove
from referrals.models.tree import Credit, Lineage, PersonFigures
from referrals.queries.checks import everything
from referrals.reports import ImportReport
from referrals.services import network_confirm, network_import
from referrals.services.import_state import ImportWish
from referrals.services.network_import import import_network

PEOPLE = "id,full_name,gender,phone,unit_code,unit_name\n"
TAUGHT = "teacher_id,learner_id,date\n"

Load = Callable[..., tuple[ImportReport, list[Refusal]]]


@pytest.fixture
def load(uow: UnitOfWork, box: SecretsBox, tmp_path: Path, reference: None) -> Load:
    """Load two texts; returns the report and what was refused."""

    def load(
        people: str | bytes, taught: str | bytes, *, confirmed: bool = True, source: str = "test"
    ) -> Any:
        paths = tmp_path / "people.csv", tmp_path / "taught.csv"
        for path, content in zip(paths, (people, taught), strict=True):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        refused: list[Refusal] = []
        wish = ImportWish(*paths, source, confirmed)
        report = import_network(uow, HOUSE, box, wish, refused.append, lambda stage, done, total: None)
        return report, refused

    return load


def rows_of_everything(database: Database) -> dict[str, int]:
    with database.session(write=False) as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def codes(refused: list[Refusal]) -> list[tuple[int, str, str]]:
    return [(one.line, one.code, one.value) for one in refused]


def person(database: Database, source_id: str) -> Person:
    with database.session(write=False) as session:
        return session.scalars(select(Person).where(Person.source_id == source_id)).one()


def test_people_with_all_that_the_file_says(load: Load, database: Database, box: SecretsBox) -> None:
    report, refused = load(
        PEOPLE + "7,TRẦN THỊ LAN,Nữ,0905 123 456,20260,Phường Cẩm Lệ\n8,Minh,,,,\n",
        TAUGHT + "7,8,2026-01-15\n",
    )
    assert (report.people_new, report.teachings_new, refused) == (2, 1, [])
    lan = person(database, "7")
    assert (lan.full_name, lan.gender, lan.phone_tail, lan.ward_code) == ("Trần Thị Lan", "f", "456", "20260")
    assert lan.phone_sealed is not None
    assert box.open(lan.phone_sealed) == "+84905123456"
    assert lan.phone_hash == box.blind_index("phone", "+84905123456")
    with database.session(write=False) as session:
        unit = session.get(Unit, lan.unit_id)
    assert unit is not None
    assert (unit.kind, unit.ward_code) == ("ward_union", "20260")


def test_what_a_confirmed_act_leaves(load: Load, database: Database, clock: FixedClock) -> None:
    load(PEOPLE, TAUGHT + "1,2,2026-01-15T03:00:00Z\n2,3,2025\n3,1,\n")
    with database.session(write=False) as session:
        acts = session.scalars(select(Teaching).order_by(Teaching.id)).all()
        assert [(str(act.taught_on), act.taught_second, act.taught_precision) for act in acts] == [
            ("2026-01-15", 36_000, "time"),
            ("2025-01-01", 0, "year"),
            ("9999-12-31", 0, "none"),
        ]
        assert {act.state for act in acts} == {"confirmed"}
        moves = session.execute(
            select(TeachingMove.from_state, TeachingMove.to_state)
            .where(TeachingMove.teaching_id == acts[0].id)
            .order_by(TeachingMove.id)
        ).all()
        assert [tuple(move) for move in moves] == [(None, "recorded"), ("recorded", "confirmed")]
        assert set(session.scalars(select(Confirmation.kind))) == {"import"}
        assert session.scalar(select(func.max(Confirmation.confirmed_at))) == clock.now()
        # 2 taught 3 in 2025, so 1 came later and stands above both; 3 taught 1 last of all, from below.
        places = session.execute(
            select(Person.source_id, Lineage.teaching_id).join(Lineage, Lineage.learner_id == Person.id)
        ).all()
        assert {row[0] for row in places} == {"2", "3"}
        assert session.scalar(select(func.count()).select_from(Credit)) == 2
        assert everything(session) == []


def test_without_confirmed_nothing_counts_and_a_later_run_confirms(load: Load, database: Database) -> None:
    people, taught = PEOPLE + "1,Lan,,,,\n", TAUGHT + "1,2,\n1,3,\n"
    report, _ = load(people, taught, confirmed=False)
    assert (report.teachings, report.contacts, report.placed) == (2, 0, 0)
    report, _ = load(people, taught)
    assert (report.teachings_new, report.confirmed_now, report.contacts, report.placed) == (0, 2, 2, 2)


def test_a_second_run_writes_nothing(load: Load, database: Database) -> None:
    people = PEOPLE + "1,Lan,f,0905123456,20260,\n2,Minh,,x,,\n2,Minh,,,,\n4,Tư,,,999,\n"
    taught = TAUGHT + "1,2,2026-01-15\n2,1,2026-01-16\n1,2,2026-01-15\n3,3,\n9,2,\n9,4,31/02/2026\n"
    first, refused_first = load(people, taught)
    before = rows_of_everything(database)
    with database.session(write=False) as watcher:
        if database.engine.dialect.name == "sqlite":
            seen = watcher.connection().exec_driver_sql("PRAGMA data_version").scalar()
        again, refused_again = load(people, taught)
        if database.engine.dialect.name == "sqlite":
            assert watcher.connection().exec_driver_sql("PRAGMA data_version").scalar() == seen
    assert rows_of_everything(database) == before
    assert refused_again == refused_first
    assert not again.wrote
    assert (again.people_known, again.teachings_known) == (2, 3)
    sums = ("teachings", "contacts", "unique_people", "placed", "refused", "weights")
    assert [getattr(again, name) for name in sums] == [getattr(first, name) for name in sums]


def test_every_refusal_names_its_line_and_value(load: Load) -> None:
    report, refused = load(
        PEOPLE
        + "1,Lan,,,,\n,Vô danh,,,,\n3, ,,,,\n1,Lan khác,,,,\n5,Năm,,,99999,Phường Không Có\n"
        + "6,Sáu,?,O905,,\n7,Bảy,,,,,thừa\n8,"
        + "x" * 101
        + ",,,,\n"
        + "9" * 81
        + ",Chín,,,,\n",
        TAUGHT
        + "1,1,\n1,,\n,1,\n1,2,31/02/2026\n1,2,2026-13-01\n1,2,mai\n1,2,01/02/26\n1,2,2026-01-01T25:00\n"
        + "1,2,2026\n1,2,2026\n1,3,,x\n",
    )
    assert codes(refused) == [
        (3, "no_id", "Vô danh"),
        (4, "no_name", "3"),
        (8, "too_many_cells", "thừa"),
        (9, "name_too_long", "x" * 101),
        (10, "id_too_long", "9" * 81),
        (5, "duplicate_id", "1"),
        (6, "unknown_unit", "99999 (Phường Không Có)"),
        (7, "unknown_gender", "?"),
        (7, "bad_phone", "O905"),
        (2, "teaches_oneself", "1"),
        (3, "no_learner", "1"),
        (4, "no_teacher", "1"),
        (5, "no_such_day", "31/02/2026"),
        (6, "no_such_day", "2026-13-01"),
        (7, "not_a_date", "mai"),
        (8, "short_year", "01/02/26"),
        (9, "no_such_time", "2026-01-01T25:00"),
        (12, "too_many_cells", "x"),
        (11, "same_act_twice", "1 → 2, 2026"),
    ]
    assert dict(report.weights) == {"mistake": 15, "kept": 2, "rule": 2}
    assert (report.people_new, report.people_named_only_in_taught, report.contacts) == (2, 1, 1)


def test_somebody_without_a_name_gets_it_when_the_file_is_mended(load: Load, database: Database) -> None:
    load(PEOPLE + "1,,f,,20260,\n", TAUGHT + "1,2,\n")
    assert person(database, "1").full_name == "1"
    report, _ = load(PEOPLE + "1,Lan,f,0905123456,20260,\n", TAUGHT + "1,2,\n")
    assert (report.people_completed, report.people_known) == (1, 0)
    lan = person(database, "1")
    assert (lan.full_name, lan.name_key, lan.gender, lan.phone_tail) == ("Lan", "lan", "f", "456")
    assert not load(PEOPLE + "1,Lan,f,0905123456,20260,\n", TAUGHT + "1,2,\n")[0].wrote


def test_who_is_known_is_left_as_the_house_has_them(load: Load, database: Database) -> None:
    load(PEOPLE + "1,Lan,,,,\n", TAUGHT)
    report, _ = load(PEOPLE + "1,Lan Anh,,,,\n", TAUGHT)
    assert (report.people_known, report.wrote) == (1, False)
    assert person(database, "1").full_name == "Lan"


def test_a_voided_act_is_not_brought_back(load: Load, database: Database, uow: UnitOfWork) -> None:
    load(PEOPLE, TAUGHT + "1,2,2026-01-15\n", confirmed=False)
    with uow.begin() as session:
        act = session.scalars(select(Teaching)).one()
        act.state = "voided"
    report, _ = load(PEOPLE, TAUGHT + "1,2,2026-01-15\n")
    assert (report.teachings_new, report.teachings_known, report.contacts) == (0, 1, 0)


def test_two_sources_do_not_meet(load: Load, database: Database) -> None:
    load(PEOPLE + "1,Lan,,,,\n", TAUGHT + "1,2,\n", source="a")
    report, _ = load(PEOPLE + "1,Minh,,,,\n", TAUGHT + "1,2,\n", source="b")
    assert (report.people_new, report.people_named_only_in_taught, report.contacts) == (1, 1, 1)
    with database.session(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 4


def test_more_acts_of_a_source_join_the_tree_that_stands(load: Load, database: Database) -> None:
    load(PEOPLE, TAUGHT + "1,2,2026-01-15\n2,3,2026-01-16\n")
    report, _ = load(PEOPLE, TAUGHT + "3,1,2025-01-01\n3,4,\n4,2,\n2,3,2026-02-01\n1,3,\n")
    # 3 → 1 and 4 → 2 teach somebody above; 2 → 3 once more is a contact without a second credit.
    assert (report.confirmed_now, report.credited_now, report.placed_now) == (5, 2, 1)
    with database.session(write=False) as session:
        assert everything(session) == []


def test_a_batch_boundary_changes_nothing(
    load: Load, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = "".join(f"{n},{n % 7 + 1},2026-01-{n % 28 + 1:02}\n{n // 2 + 1},{n},\n" for n in range(2, 60))
    whole, refused = load(PEOPLE, TAUGHT + acts, source="whole")
    monkeypatch.setattr(network_import, "BATCH", 4)
    small, refused_small = load(PEOPLE, TAUGHT + acts, source="small")
    without = {"source", "teachings", "contacts", "unique_people", "placed"}
    assert {k: v for k, v in asdict(small).items() if k not in without} == {
        k: v for k, v in asdict(whole).items() if k not in without
    }
    assert refused_small == refused


def test_figures_and_the_audit_entry_come_with_it(load: Load, database: Database) -> None:
    load(PEOPLE, TAUGHT + "1,2,\n2,3,\n")
    with database.session(write=False) as session:
        rows = session.execute(
            select(Person.source_id, PersonFigures.reach).join(Person, Person.id == PersonFigures.person_id)
        )
        reach = {source_id: below for source_id, below in rows}  # noqa: C416  # dict() asks a Result for keys
        assert reach == {"1": 2, "2": 1, "3": 0}
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "network.imported")).one()
        assert (entry.subject_id, entry.details["confirmed"]) == ("test", 2)


def test_a_run_that_died_before_the_end_is_finished_by_the_next(
    load: Load, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    people, taught = PEOPLE, TAUGHT + "1,2,\n2,3,\n"
    with monkeypatch.context() as patch:
        patch.setattr(network_import, "rebuild_figures", die)
        with pytest.raises(Killed):
            load(people, taught)
    report, _ = load(people, taught)
    assert not report.wrote
    with database.session(write=False) as session:
        assert session.scalar(select(func.max(PersonFigures.reach))) == 2
        assert session.scalar(select(func.count()).where(AuditEntry.action == "network.imported")) == 1


def test_somebody_confirms_by_hand_between_two_batches(
    load: Load, database: Database, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, taught = PEOPLE, TAUGHT + "".join(f"{n},{n + 1},\n" for n in range(1, 20))
    load(people, taught, confirmed=False)
    plain = network_confirm.confirm_some
    calls = []

    def and_a_stranger(session: Any, actor: Any, state: Any, growth: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            # As if another transaction had placed 11 below 10 just before this batch.
            act = session.scalars(
                select(Teaching)
                .join(Person, Person.id == Teaching.teacher_id)
                .where(Person.source_id == "10")
            ).one()
            act.state, act.confirmed_at = "confirmed", state.now
            session.add(
                TeachingMove(teaching_id=act.id, from_state="recorded", to_state="confirmed", at=state.now)
            )
            session.add(Confirmation(teaching_id=act.id, kind="paper", confirmed_at=state.now))
            for row in (Credit, Lineage):
                values: dict[str, Any] = {"since": state.now} if row is Lineage else {}
                session.add(
                    row(teacher_id=act.teacher_id, learner_id=act.learner_id, teaching_id=act.id, **values)
                )
            session.flush()
        return plain(session, actor, state, growth, 4)

    monkeypatch.setattr(network_import, "confirm_some", and_a_stranger)
    report, _ = load(people, taught)
    assert (report.confirmed_now, report.contacts, report.placed) == (18, 19, 19)
    with database.session(write=False) as session:
        assert everything(session) == []


def test_a_bad_file_leaves_everything_as_it_was(load: Load, database: Database) -> None:
    before = rows_of_everything(database)
    with pytest.raises(FileProblem):
        load(PEOPLE + "1,Lan,,,,\n", "a,b\n")
    with pytest.raises(FileProblem):
        load(PEOPLE + "1,Lan,,,,\n", TAUGHT, source="")
    with pytest.raises(FileProblem):
        load(PEOPLE + "1,Lan,,,,\n", TAUGHT, source="x" * 81)
    assert rows_of_everything(database) == before


def test_only_the_house_may(uow: UnitOfWork, box: SecretsBox, tmp_path: Path) -> None:
    wish = ImportWish(tmp_path / "a", tmp_path / "b", "x")
    with pytest.raises(Exception, match="not_allowed"):
        import_network(uow, ANYONE, box, wish, lambda _: None, lambda *_: None)


def test_wards_come_with_the_first_import(
    uow: UnitOfWork, box: SecretsBox, database: Database, tmp_path: Path
) -> None:
    people, taught = tmp_path / "p.csv", tmp_path / "t.csv"
    people.write_text(PEOPLE + "1,Lan,,,20260,\n")
    taught.write_text(TAUGHT)
    import_network(uow, HOUSE, box, ImportWish(people, taught, "x"), lambda _: None, lambda *_: None)
    assert person(database, "1").ward_code == "20260"
