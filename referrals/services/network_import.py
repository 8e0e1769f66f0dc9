"""Import of a whole network from two files: people, then acts, then their confirmation.

Each batch is a transaction of its own, so memory stays bounded, other writers get their turn, and a run that
was killed goes on where it stopped: whatever is stored is found again, and nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.bulk import tell_planner
from core.errors import Conflict
from core.events import record
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from people.models import AuditEntry, Person, Ward
from people.permissions import Actor, Permission, ensure
from people.services.places import install_places
from referrals.events import NetworkImported
from referrals.importing.reading import BadLine, FileProblem, Survey, rows, survey
from referrals.importing.rows import (
    PEOPLE_COLUMNS,
    PEOPLE_REQUIRED,
    TAUGHT_COLUMNS,
    TAUGHT_REQUIRED,
    ActReader,
    ActRow,
    PersonReader,
    PersonRow,
    Refusal,
)
from referrals.models.acts import Confirmation, Teaching
from referrals.models.tree import Credit
from referrals.models.tree import Lineage as LineageRow
from referrals.reports import ImportReport
from referrals.services.import_state import (
    BATCH,
    IMPORTED,
    ImportState,
    ImportWish,
    load_ids,
    load_units,
)
from referrals.services.network_acts import put_acts
from referrals.services.network_confirm import Growth, confirm_some, waiting
from referrals.services.network_people import put_people
from referrals.services.snapshot import rebuild_figures

SOURCE_LENGTH = 80
TRIES = 4

Tell = Callable[[str, int, int], object]
"""Told (stage, done, total) as the work goes on; stages are `people`, `taught`, `confirm`, `figures`."""

Read = TypeVar("Read", PersonRow, ActRow)


def import_network(
    work: UnitOfWork,
    actor: Actor,
    box: SecretsBox,
    wish: ImportWish,
    refuse_row: Callable[[Refusal], object],
    tell: Tell,
) -> ImportReport:
    """Load a network; safe to repeat, and safe to kill at any moment.

    `refuse_row` is handed each row that does not go in, as it comes. Raises FileProblem before anything is
    written where a file cannot be taken whole, and Conflict where somebody else keeps writing the same rows.
    """
    ensure(actor, Permission.SYSTEM_OPERATE)
    if not 1 <= len(wish.source) <= SOURCE_LENGTH:
        raise FileProblem("bad_source", source=wish.source)
    people = survey(wish.people, PEOPLE_COLUMNS, PEOPLE_REQUIRED)
    taught = survey(wish.taught, TAUGHT_COLUMNS, TAUGHT_REQUIRED)
    state = ImportState(wish.source, box, work.clock.now(), refuse_row, ImportReport(wish.source))
    # SQLite folds its write-ahead log into the file whenever the last connection closes: keep one open.
    with work.database.engine.connect():
        _run(work, actor, state, people, taught, wish.confirmed, tell)
    return state.report


def _run(
    work: UnitOfWork,
    actor: Actor,
    state: ImportState,
    people: Survey,
    taught: Survey,
    confirmed: bool,
    tell: Tell,
) -> None:
    with work.begin() as session:
        if session.scalar(select(Ward.code).limit(1)) is None:
            install_places(session, actor, state.now)
        state.units = load_units(session)
        state.ids = load_ids(session, state.source)
    _people(work, actor, state, people, tell)
    _acts(work, actor, state, taught, tell)
    if confirmed:
        _confirm(work, actor, state, tell)
    _finish(work, actor, state, tell)


def source_of(people: Path, taught: Path) -> str:
    """The name of a source, from the names of its files.

    >>> source_of(Path("danang_people.csv"), Path("danang_taught.csv"))
    'danang'
    >>> source_of(Path("list.csv"), Path("x/twitter16_edges.csv.gz"))
    'twitter16'
    >>> source_of(Path("list.csv"), Path("acts.csv"))
    'list'
    """
    for path, endings in ((people, ("_people",)), (taught, ("_taught", "_edges", "_tree"))):
        stem = path.name.split(".")[0]
        for ending in endings:
            if stem.lower().endswith(ending) and len(stem) > len(ending):
                return stem[: -len(ending)][:SOURCE_LENGTH]
    return people.name.split(".")[0][:SOURCE_LENGTH]


def _people(work: UnitOfWork, actor: Actor, state: ImportState, of: Survey, tell: Tell) -> None:
    reader = PersonReader(of.name, of.columns, len(of.header))
    for number, (line, batch) in enumerate(_batches(_read(of, reader.read, state)), start=1):
        with work.begin() as session:
            put_people(session, actor, state, of.name, batch)
            if _doubled(number):
                tell_planner(session, Person)
        tell("people", line - of.first_row + 1, of.rows)
    tell("people", of.rows, of.rows)


def _acts(work: UnitOfWork, actor: Actor, state: ImportState, of: Survey, tell: Tell) -> None:
    reader = ActReader(of.name, of.columns, len(of.header))
    for number, (line, batch) in enumerate(_batches(_read(of, reader.read, state)), start=1):
        with work.begin() as session:
            put_acts(session, actor, state, of.name, batch)
            if _doubled(number):
                tell_planner(session, Person, Teaching)
        tell("taught", line - of.first_row + 1, of.rows)
    tell("taught", of.rows, of.rows)


def _doubled(batches: int) -> bool:
    """After the 1st, 2nd, 4th, 8th … batch: the tables have twice the rows they had.

    >>> [number for number in range(1, 10) if _doubled(number)]
    [1, 2, 4, 8]
    """
    return batches & (batches - 1) == 0


def _read(of: Survey, read: Callable[[int, list[str]], Read | Refusal], state: ImportState) -> Iterator[Read]:
    for found in rows(of):
        row = Refusal(of.name, *_bad(found)) if isinstance(found, BadLine) else read(*found)
        if isinstance(row, Refusal):
            state.refuse(row)
        else:
            yield row


def _bad(line: BadLine) -> tuple[int, str, str]:
    return line.line, line.code, line.value


def _batches(found: Iterable[Read]) -> Iterator[tuple[int, list[Read]]]:
    """Batches of rows, each with the number of its last line."""
    source = iter(found)
    while batch := list(islice(source, BATCH)):
        yield batch[-1].line, batch


def _confirm(work: UnitOfWork, actor: Actor, state: ImportState, tell: Tell) -> None:
    with work.begin(write=False) as session:
        total = waiting(session, state.source)
    growth, done, failed, number = Growth(), 0, 0, 0
    while True:
        try:
            with work.begin() as session:
                some = confirm_some(session, actor, state, growth)
                number += 1
                if _doubled(number):
                    tell_planner(session, LineageRow, Credit)
        except Conflict:
            # Somebody placed one of these learners between two batches: look again, and go on.
            failed += 1
            if failed == TRIES:
                raise
            growth.forget()
            continue
        if not some:
            break
        done += some
        tell("confirm", done, max(total, done))


def _finish(work: UnitOfWork, actor: Actor, state: ImportState, tell: Tell) -> None:
    """Figures, boards and badges catch up, in one transaction with the entry that says so.

    A run that was killed before it came here left no entry, so the next one finds its work undone.
    """
    with work.begin(write=False) as session:
        due = state.report.wrote or not _was_finished(session, state.source)
    if due:
        tell("figures", 0, 1)
        with work.begin() as session:
            now = work.clock.now()
            rebuild_figures(session, actor, now)
            record(session, NetworkImported(state.source))
            _sums(session, state)
            session.add(
                AuditEntry(
                    at=now,
                    account_id=actor.account_id,
                    action=IMPORTED,
                    subject_kind="source",
                    subject_id=state.source,
                    details={
                        "people": state.report.people_new + state.report.people_named_only_in_taught,
                        "teachings": state.report.teachings_new,
                        "confirmed": state.report.confirmed_now,
                        "refused": sum(state.report.refused.values()),
                    },
                )
            )
        tell("figures", 1, 1)
    else:
        with work.begin(write=False) as session:
            _sums(session, state)


def _was_finished(session: Session, source: str) -> bool:
    finished = session.scalar(
        select(func.max(AuditEntry.at)).where(
            AuditEntry.subject_kind == "source",
            AuditEntry.subject_id == source,
            AuditEntry.action == IMPORTED,
        )
    )
    if finished is None:
        return False
    imported = (
        select(func.max(Person.created_at)).where(Person.source == source),
        select(func.max(Teaching.recorded_at)).where(Teaching.source == source),
        select(func.max(Confirmation.confirmed_at))
        .join(Teaching, Teaching.id == Confirmation.teaching_id)
        .where(Teaching.source == source, Confirmation.kind == "import"),
    )
    moments = [session.scalar(query) for query in imported]
    return all(moment is None or moment <= finished for moment in moments)


def _sums(session: Session, state: ImportState) -> None:
    """What the whole source holds now."""
    report, source = state.report, state.source
    of_source = Teaching.source == source
    report.teachings = session.scalar(select(func.count()).where(of_source, Teaching.state != "voided")) or 0
    contacts, unique = session.execute(
        select(func.count(), func.count(Teaching.learner_id.distinct())).where(
            of_source, Teaching.state == "confirmed"
        )
    ).one()
    report.contacts, report.unique_people = contacts, unique
    report.placed = (
        session.scalar(
            select(func.count())
            .select_from(LineageRow)
            .join(Person, Person.id == LineageRow.learner_id)
            .where(Person.source == source)
        )
        or 0
    )
