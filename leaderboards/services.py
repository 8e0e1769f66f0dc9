"""Writes of the boards: ledger entries and score rows, as acts begin and stop to count; the recount.

The ledger is only added to. An entry keeps the unit and the day with which the act began to count, and a void
takes back exactly that entry, whatever has changed since. Score rows are sums of the ledger and of nothing
else; `recount` proves it and mends what is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import (
    CursorResult,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.database import is_sqlite
from leaderboards.models import LedgerEntry, UnitScore, UnitSize
from leaderboards.periods import periods_of
from leaderboards.queries import STANDING, Difference, differences
from people.models import Person
from people.permissions import Actor, Permission, ensure
from referrals.events import CreditMoved, NetworkImported, TeachingConfirmed, TeachingVoided
from referrals.models.acts import Teaching
from referrals.models.tree import Credit

FIVE: Final = 5
# A unit's size is counted again with the next act after this long; a job counts all of them.
SIZE_IS_FRESH: Final = timedelta(minutes=10)

Kinds = dict[str, tuple[int | None, date]]


@dataclass(frozen=True)
class Recount:
    """What a recount found and mended: entries added to the ledger, score rows corrected, units counted."""

    entries: int
    scores: tuple[Difference, ...]
    units: int


# ── reactions ───────────────────────────────────────────────────────────────────────────────────────────


def on_teaching_confirmed(session: Session, event: TeachingConfirmed, now: datetime) -> None:
    """Count the contact and, where the pair is credited by this act, the learner. Told twice, counts once."""
    standing = _standing(session, event.teaching_id)
    kinds = ["contact", "learner"] if event.credited else ["contact"]
    entries = {kind: (event.unit_id, event.taught_on) for kind in kinds if kind not in standing}
    _enter(session, event.teaching_id, event.teacher_id, entries, 1, now)
    if event.credited:
        _renew_size(session, event.unit_id, event.teacher_id, now)


def on_teaching_voided(session: Session, event: TeachingVoided, now: datetime) -> None:
    """Take back what this act counted, from the unit and the periods where it was counted."""
    standing = _standing(session, event.teaching_id)
    _enter(session, event.teaching_id, event.teacher_id, standing, -1, now)
    if "learner" in standing:
        _renew_size(session, standing["learner"][0], event.teacher_id, now)


def on_credit_moved(session: Session, event: CreditMoved, now: datetime) -> None:
    """Count the learner by another act of the pair, for the unit where that act counts as a contact."""
    standing = _standing(session, event.teaching_id)
    if "learner" in standing:
        return
    where = standing.get("contact", (event.unit_id, event.taught_on))
    _enter(session, event.teaching_id, event.teacher_id, {"learner": where}, 1, now)
    _renew_size(session, where[0], event.teacher_id, now)


def on_network_imported(session: Session, event: NetworkImported, now: datetime) -> None:
    """Bring ledger, scores and sizes up to date with the acts of one source."""
    _catch_up(session, now, event.source)
    _mend_scores(session)
    _count_sizes(session, now)


# ── services ────────────────────────────────────────────────────────────────────────────────────────────


def recount(session: Session, actor: Actor, now: datetime) -> Recount:
    """Compare the ledger with the confirmed acts and the scores with the ledger; mend both; count sizes."""
    ensure(actor, Permission.SYSTEM_OPERATE)
    entries = _catch_up(session, now, None)
    mended = _mend_scores(session)
    return Recount(entries, tuple(mended), _count_sizes(session, now))


def count_sizes(session: Session, actor: Actor, now: datetime) -> int:
    """Count the members of all units, and those who have taught five; return how many units have any."""
    ensure(actor, Permission.SYSTEM_OPERATE)
    return _count_sizes(session, now)


# ── the ledger ──────────────────────────────────────────────────────────────────────────────────────────

ENTRIES_OF_ACT = (
    select(LedgerEntry.kind, LedgerEntry.amount, LedgerEntry.unit_id, LedgerEntry.day)
    .where(LedgerEntry.teaching_id == bindparam("teaching_id"))
    .order_by(LedgerEntry.id)
)
NEW_ENTRY = insert(cast(Table, LedgerEntry.__table__))


def _standing(session: Session, teaching_id: int) -> Kinds:
    """Return what this act counts as now: kind → (unit, day) of the entry that stands."""
    standing: Kinds = {}
    for kind, amount, unit_id, day in session.execute(ENTRIES_OF_ACT, {"teaching_id": teaching_id}):
        if amount > 0:
            standing[kind] = (unit_id, day)
        else:
            standing.pop(kind, None)
    return standing


def _enter(
    session: Session, teaching_id: int, teacher_id: int, kinds: Kinds, amount: int, now: datetime
) -> None:
    if not kinds:
        return
    rows = [
        {
            "teaching_id": teaching_id,
            "teacher_id": teacher_id,
            "unit_id": unit_id,
            "kind": kind,
            "amount": amount,
            "day": day,
            "at": now,
        }
        for kind, (unit_id, day) in kinds.items()
    ]
    session.execute(NEW_ENTRY, rows)
    sums: defaultdict[tuple[int, str], dict[str, int]] = defaultdict(lambda: {"contact": 0, "learner": 0})
    for kind, (unit_id, day) in kinds.items():
        if unit_id is not None:
            for period in periods_of(day):
                sums[unit_id, period][kind] += amount
    _add_scores(session, ((*key, add["contact"], add["learner"]) for key, add in sorted(sums.items())))


def _catch_up(session: Session, now: datetime, source: str | None) -> int:
    """Add the entries that acts lack, take back those of acts that no longer count; return how many."""
    of_source = [Teaching.source == source] if source is not None else []
    columns = ["teaching_id", "teacher_id", "unit_id", "kind", "amount", "day", "at"]
    added = 0
    for kind in ("contact", "learner"):
        counts = (
            Teaching.state == "confirmed"
            if kind == "contact"
            else exists().where(Credit.teaching_id == Teaching.id)
        )
        stands = exists().where(LedgerEntry.teaching_id == Teaching.id, LedgerEntry.kind == kind, STANDING)
        begin = (
            select(
                Teaching.id,
                Teaching.teacher_id,
                Person.unit_id,
                literal(kind),
                literal(1),
                Teaching.taught_on,
                literal(now, LedgerEntry.at.type),
            )
            .join(Person, Person.id == Teaching.teacher_id)
            .where(counts, ~stands, *of_source)
            .order_by(Teaching.id)
        )
        end = (
            select(
                LedgerEntry.teaching_id,
                LedgerEntry.teacher_id,
                LedgerEntry.unit_id,
                LedgerEntry.kind,
                literal(-1),
                LedgerEntry.day,
                literal(now, LedgerEntry.at.type),
            )
            .join(Teaching, Teaching.id == LedgerEntry.teaching_id)
            .where(LedgerEntry.kind == kind, STANDING, ~counts, *of_source)
            .order_by(LedgerEntry.id)
        )
        for chosen in (end, begin):
            entries = NEW_ENTRY.from_select(columns, chosen, include_defaults=False)
            done = session.execute(entries, execution_options={"preserve_rowcount": True})
            added += cast(CursorResult[Any], done).rowcount
    return added


# ── the score rows ──────────────────────────────────────────────────────────────────────────────────────


def _adding(dialect: Any) -> Any:
    new = dialect.insert(UnitScore.__table__)
    sums = {
        "contacts": UnitScore.contacts + new.excluded.contacts,
        "learners": UnitScore.learners + new.excluded.learners,
    }
    return new.on_conflict_do_update(index_elements=["unit_id", "period"], set_=sums)


ADD_SCORES = {True: _adding(sqlite), False: _adding(postgresql)}
LOCK_SCORES = text("LOCK TABLE unit_score IN SHARE ROW EXCLUSIVE MODE")


def _add_scores(session: Session, rows: Iterable[tuple[int, str, int, int]]) -> None:
    values = [
        {"unit_id": unit_id, "period": period, "contacts": contacts, "learners": learners}
        for unit_id, period, contacts, learners in rows
    ]
    if values:
        session.execute(ADD_SCORES[is_sqlite(session)], values)


def _mend_scores(session: Session) -> list[Difference]:
    """Make the score rows what the ledger says; return what was wrong.

    A first look needs no lock. Only where something differs do writers wait (PostgreSQL), while the units in
    question are summed again: an act confirmed meanwhile would otherwise be lost or counted twice.
    """
    suspects = {found.unit_id for found in differences(session)}
    if not suspects:
        return []
    if not is_sqlite(session):
        session.execute(LOCK_SCORES)
    wrong = [found for part in _parts(suspects) for found in differences(session, part)]
    _add_scores(
        session,
        (
            (
                found.unit_id,
                found.period,
                found.ledger[0] - found.stored[0],
                found.ledger[1] - found.stored[1],
            )
            for found in wrong
        ),
    )
    return wrong


def _parts(units: Collection[int], size: int = 5_000) -> list[list[int]]:
    ordered = sorted(units)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


# ── how large units are ─────────────────────────────────────────────────────────────────────────────────


def _setting(dialect: Any) -> Any:
    new = dialect.insert(UnitSize.__table__)
    names = ("members", "reached_five", "counted_at")
    return new.on_conflict_do_update(
        index_elements=["unit_id"], set_={name: new.excluded[name] for name in names}
    )


SET_SIZES = {True: _setting(sqlite), False: _setting(postgresql)}

_is_member = and_(Person.unit_id.is_not(None), Person.anonymised_at.is_(None))
MEMBERS: Any = select(Person.unit_id, func.count()).where(_is_member).group_by(Person.unit_id)
_taught_five = select(Credit.teacher_id).group_by(Credit.teacher_id).having(func.count() >= FIVE).subquery()
REACHED: Any = (
    select(Person.unit_id, func.count())
    .join(_taught_five, _taught_five.c.teacher_id == Person.id)
    .where(_is_member)
    .group_by(Person.unit_id)
)
_of_unit = Person.unit_id == bindparam("unit_id")
MEMBERS_OF = select(func.count()).select_from(Person).where(_is_member, _of_unit)
_five_of_unit = (
    select(Credit.teacher_id)
    .join(Person, Person.id == Credit.teacher_id)
    .where(_is_member, _of_unit)
    .group_by(Credit.teacher_id)
    .having(func.count() >= FIVE)
    .subquery()
)
REACHED_OF = select(func.count()).select_from(_five_of_unit)
COUNTED_AT = select(UnitSize.counted_at).where(UnitSize.unit_id == bindparam("unit_id"))
# From the ledger, which grows entry by entry: many acts of one transaction may have their credit already.
TAUGHT = (
    select(func.coalesce(func.sum(LedgerEntry.amount), 0))
    .join(Teaching, Teaching.id == LedgerEntry.teaching_id)
    .where(Teaching.teacher_id == bindparam("teacher_id"), LedgerEntry.kind == "learner")
)


def _renew_size(session: Session, unit_id: int | None, teacher_id: int, now: datetime) -> None:
    """Count one unit again where its numbers are old, or where this teacher has just crossed five."""
    if unit_id is None:
        return
    counted_at = session.scalar(COUNTED_AT, {"unit_id": unit_id})
    taught = session.scalar(TAUGHT, {"teacher_id": teacher_id}) or 0
    if counted_at is not None and now - counted_at < SIZE_IS_FRESH and taught not in (FIVE - 1, FIVE):
        return
    members = session.scalar(MEMBERS_OF, {"unit_id": unit_id}) or 0
    reached = session.scalar(REACHED_OF, {"unit_id": unit_id}) or 0
    _set_sizes(session, [(unit_id, members, reached)], now)


def _count_sizes(session: Session, now: datetime) -> int:
    members: dict[int, int] = dict(session.execute(MEMBERS).all())
    reached: dict[int, int] = dict(session.execute(REACHED).all())
    session.execute(delete(UnitSize).where(UnitSize.unit_id.not_in(select(Person.unit_id).where(_is_member))))
    rows = [(unit_id, count, reached.get(unit_id, 0)) for unit_id, count in sorted(members.items())]
    _set_sizes(session, rows, now)
    return len(rows)


def _set_sizes(session: Session, rows: Iterable[tuple[int, int, int]], now: datetime) -> None:
    values = [
        {"unit_id": unit_id, "members": members, "reached_five": reached, "counted_at": now}
        for unit_id, members, reached in rows
    ]
    if values:
        session.execute(SET_SIZES[is_sqlite(session)], values)
