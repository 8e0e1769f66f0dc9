"""Reads of lists on their way in: whose they are, how far they came, their rows, and who may have taught."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from core.errors import NotFound
from core.paging import Page, decode_key, encode_key
from core.secrets_box import SecretsBox
from learning.models import ClassSession
from people.models import Account, Person, RoleGrant, Unit
from people.names import name_key
from people.permissions import Actor, Role
from referrals.models.rosters import RosterImport, RosterRow
from referrals.rosters import WORKING, KeptRow

ROWS_A_PAGE = 50
LISTS_SHOWN = 30
CLASSES_OFFERED = 30
TEACHERS_OFFERED = 20

VERDICTS = ("new", "known", "doubtful", "refused")


@dataclass(frozen=True)
class Progress:
    """How far a list came."""

    state: str
    done: int
    total: int


@dataclass(frozen=True)
class RosterLine:
    """One list among those of an account."""

    id: int
    file_name: str
    state: str
    counts: dict[str, Any]
    total: int
    created_at: datetime
    teacher_name: str


@dataclass(frozen=True)
class ShownRow:
    """One row as its sender sees it again."""

    id: int
    sheet: str
    row: int
    verdict: str
    reasons: tuple[str, ...]
    choice: str | None
    candidate_id: int | None
    outcome: str | None
    teaching_id: int | None
    kept: KeptRow


@dataclass(frozen=True)
class TeacherOption:
    """Somebody who may have taught the people of a list."""

    person_id: int
    full_name: str
    unit_name: str | None


def roster_for(session: Session, actor: Actor, roster_id: int, *, lock: bool = False) -> RosterImport:
    """Return a list of this account, locked for a change where asked. Raises NotFound for anybody else's."""
    statement = (
        select(RosterImport)
        .options(joinedload(RosterImport.teacher), joinedload(RosterImport.held_in))
        .where(RosterImport.id == roster_id, RosterImport.account_id == actor.account_id)
    )
    if lock:
        statement = statement.with_for_update(of=RosterImport)
    found = session.scalar(statement)
    if found is None or actor.account_id is None:
        raise NotFound("not_found")
    return found


def progress_of(session: Session, actor: Actor, roster_id: int) -> Progress:
    """Return how far a list of this account came. Raises NotFound."""
    row = session.execute(
        select(RosterImport.state, RosterImport.done, RosterImport.total).where(
            RosterImport.id == roster_id, RosterImport.account_id == actor.account_id
        )
    ).first()
    if row is None:
        raise NotFound("not_found")
    return Progress(*row)


def my_rosters(session: Session, actor: Actor) -> list[RosterLine]:
    """Return the lists of this account, the newest first."""
    statement = (
        select(
            RosterImport.id, RosterImport.file_name, RosterImport.state, RosterImport.counts,
            RosterImport.total, RosterImport.created_at, Person.full_name,
        )
        .join(Person, Person.id == RosterImport.teacher_id)
        .where(RosterImport.account_id == actor.account_id)
        .order_by(RosterImport.id.desc())
        .limit(LISTS_SHOWN)
    )  # fmt: skip
    return [RosterLine(*row) for row in session.execute(statement)]


def at_work(session: Session, account_id: int | None) -> int:
    """Count the lists of an account that the background is busy with."""
    statement = select(func.count()).where(
        RosterImport.account_id == account_id, RosterImport.state.in_(WORKING)
    )
    return session.scalar(statement) or 0


def sent_since(session: Session, account_id: int | None, since: datetime) -> int:
    """Count the lists that an account has sent since a moment."""
    statement = select(func.count()).where(
        RosterImport.account_id == account_id, RosterImport.created_at > since
    )
    return session.scalar(statement) or 0


def taken_before(session: Session, roster: RosterImport) -> datetime | None:
    """Return when the very same file was written for the same teacher, or None."""
    return session.scalar(
        select(func.max(RosterImport.ended_at)).where(
            RosterImport.teacher_id == roster.teacher_id,
            RosterImport.file_hash == roster.file_hash,
            RosterImport.state == "done",
            RosterImport.id != roster.id,
        )
    )


def next_to_work(session: Session) -> RosterImport | None:
    """Return the list to go on with, locked: the one with the least left, so none waits for a giant."""
    return session.scalar(
        select(RosterImport)
        .where(RosterImport.state.in_(WORKING))
        .order_by(RosterImport.total - RosterImport.done, RosterImport.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def rows_after(
    session: Session, roster_id: int, verdict: str, after: int, limit: int, outcome: str | None = None
) -> Sequence[RosterRow]:
    """Return rows of one verdict in their order, after a row; `outcome` leaves only those."""
    statement = (
        select(RosterRow)
        .where(RosterRow.import_id == roster_id, RosterRow.verdict == verdict, RosterRow.id > after)
        .order_by(RosterRow.id)
        .limit(limit)
    )
    if outcome is not None:
        statement = statement.where(RosterRow.outcome == outcome)
    return session.scalars(statement).all()


def rows_page(
    session: Session, roster: RosterImport, verdict: str, after: str | None, box: SecretsBox
) -> Page[ShownRow]:
    """Return a page of the rows of one verdict."""
    key = decode_key(after)
    start = key[0] if key and len(key) == 1 and isinstance(key[0], int) else 0
    rows = rows_after(session, roster.id, verdict, start, ROWS_A_PAGE + 1)
    shown = rows[:ROWS_A_PAGE]
    following = encode_key((shown[-1].id,)) if len(rows) > ROWS_A_PAGE else None
    return Page([shown_row(row, box) for row in shown], following, first=start == 0)


def shown_row(row: RosterRow, box: SecretsBox) -> ShownRow:
    """Return a row, opened."""
    kept = KeptRow.unpack(box.open(row.cells_sealed))
    return ShownRow(
        row.id, row.sheet, row.row, row.verdict, tuple(row.reasons), row.choice, row.candidate_id,
        row.outcome, row.teaching_id, kept,
    )  # fmt: skip


def teachers_like(session: Session, actor: Actor, text: str) -> list[TeacherOption]:
    """Return ambassadors of the actor's units whose name holds a text, without regard to accents."""
    statement = (
        _teachers(actor)
        .with_only_columns(Person.id, Person.full_name, Unit.name)
        .order_by(Person.sort_key, Person.id)
        .limit(TEACHERS_OFFERED + 1)
    )
    key = name_key(text)
    if key:
        statement = statement.where(Person.name_key.contains(key, autoescape=True))
    return [TeacherOption(*row) for row in session.execute(statement)]


def teachers_by_name(session: Session, actor: Actor, keys: Iterable[str]) -> dict[str, list[int]]:
    """Return, by name key, the ambassadors of the actor's units; the actor too."""
    found: dict[str, list[int]] = {}
    statement = _teachers(actor).with_only_columns(Person.name_key, Person.id)
    for key, person_id in session.execute(statement.where(Person.name_key.in_(sorted(set(keys))))):
        found.setdefault(key, []).append(person_id)
    return found


def _teachers(actor: Actor) -> Any:
    in_reach = Person.unit_id.in_(sorted(actor.units)) if actor.units else Person.id == -1
    return (
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(
            or_(Person.id == actor.person_id, in_reach),
            Account.active,
            select(RoleGrant.id)
            .where(
                RoleGrant.account_id == Account.id,
                RoleGrant.role == Role.VOLUNTEER.value,
                RoleGrant.revoked_at.is_(None),
            )
            .exists(),
        )
    )


def classes_for(session: Session, actor: Actor) -> list[ClassSession]:
    """Return the newest classes that this actor leads or coordinates, cancelled ones left out."""
    mine = ClassSession.lead_id == actor.person_id
    ours = ClassSession.unit_id.in_(sorted(actor.units)) if actor.units else mine
    statement = (
        select(ClassSession)
        .where(or_(mine, ours), ClassSession.state != "cancelled")
        .order_by(ClassSession.held_on.desc(), ClassSession.id.desc())
        .limit(CLASSES_OFFERED)
    )
    return list(session.scalars(statement))


def rows_left_out(session: Session, roster_id: int) -> list[tuple[str, int, tuple[str, ...]]]:
    """Return sheet, number and reasons of the rows that somebody has to mend: refused, or left in doubt."""
    statement = (
        select(RosterRow.sheet, RosterRow.row, RosterRow.reasons)
        .where(RosterRow.import_id == roster_id, RosterRow.outcome.in_(("refused", "nothing")))
        .order_by(RosterRow.id)
    )
    return [
        (sheet, row, tuple(reasons))
        for sheet, row, reasons in session.execute(statement)
        if not {"same_act", "again"} & set(reasons)
    ]
