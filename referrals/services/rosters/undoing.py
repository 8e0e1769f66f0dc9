"""Cancelling: what has not begun ends at once; what a list has written is taken out again by parts.

Only what nobody has touched since is taken out: an act that is still only recorded, has moved nowhere and
that nothing else points at; then the people whom the list made and who have nothing else here. What a learner
confirmed meanwhile stays, and the report says how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Table, and_, delete, func, not_, select, update
from sqlalchemy.orm import Session

from core.bulk import among
from core.database import Base
from core.errors import Conflict
from people.models import Person
from people.permissions import Actor, Permission, ensure
from people.services.audit import write_audit
from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove, TeachingSkill
from referrals.models.rosters import RosterImport, RosterRow
from referrals.models.tree import PersonFigures
from referrals.queries import rosters as queries
from referrals.rosters import PART, added
from referrals.states import State

_ORDER = ("new", "known", "doubtful")
# What hangs on an act, or on a person, and goes with it.
_GOES_WITH: Final[tuple[type[Base], ...]] = (
    TeachingMove,
    TeachingSkill,
    ConfirmationCode,
    RosterRow,
    PersonFigures,
)
_IN_BULK = {"synchronize_session": False}


def cancel(session: Session, actor: Actor, roster_id: int, now: datetime) -> RosterImport:
    """End a list: at once where nothing was written; where something was, `undo_part` takes it out again.

    A list that is done can be taken out as long as its rows are kept. Raises NotFound, and
    Conflict("roster_ended") for one that has ended otherwise.
    """
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    roster = queries.roster_for(session, actor, roster_id, lock=True)
    if roster.state == "cancelling":
        return roster
    written = roster.counts.get("written", 0)
    forgotten = roster.counts.get("forgotten", 0)
    if roster.state == "cancelled" or (roster.state in ("done", "failed") and (not written or forgotten)):
        raise Conflict("roster_ended")
    if written:
        roster.state = "cancelling"
        roster.done = 0
        roster.ended_at = None
        roster.total = roster.counts.get("written", 0) + roster.counts.get("people", 0)
        roster.counts = {**roster.counts, "at": ["acts", _ORDER[0], 0]}
    else:
        roster.state = "cancelled"
        roster.ended_at = now
    session.flush()
    return roster


def undo_part(session: Session, actor: Actor, roster: RosterImport, now: datetime) -> bool:
    """Take the next rows out again: first all acts, then the people; return whether more are left."""
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    what, verdict, after = roster.counts["at"]
    outcome = "written" if what == "acts" else "undone"
    rows = queries.rows_after(session, roster.id, verdict, after, PART, outcome)
    if rows:
        if what == "acts":
            _take_acts_out(session, roster, rows)
        else:
            _take_people_out(session, roster, [row for row in rows if row.made_person])
        roster.counts = {**roster.counts, "at": [what, verdict, rows[-1].id]}
        return True
    steps = [(each, one) for each in ("acts", "people") for one in _ORDER]
    following = steps[steps.index((what, verdict)) + 1 :]
    if following:
        roster.counts = {**roster.counts, "at": [*following[0], 0]}
        return True
    roster.state = "cancelled"
    roster.ended_at = now
    told = {name: roster.counts.get(name, 0) for name in ("written", "undone", "stays")}
    write_audit(session, actor, "roster.undone", "roster", roster.id, told, now)
    return False


def _take_acts_out(session: Session, roster: RosterImport, rows: Sequence[RosterRow]) -> None:
    ids = [row.teaching_id for row in rows if row.teaching_id is not None]
    moved = (
        select(TeachingMove.teaching_id)
        .where(among(session, TeachingMove.teaching_id, ids))
        .group_by(TeachingMove.teaching_id)
        .having(func.count() > 1)
    )
    untouched = select(Teaching.id).where(
        among(session, Teaching.id, ids),
        Teaching.state == State.RECORDED.value,
        Teaching.id.not_in(moved),
        _nothing_points_at(Teaching),
    )
    # Locked, so that nobody confirms an act while it goes.
    gone = list(session.scalars(untouched.with_for_update()))
    session.execute(
        update(RosterRow)
        .where(RosterRow.import_id == roster.id, among(session, RosterRow.teaching_id, gone))
        .values(teaching_id=None, outcome="undone"),
        execution_options=_IN_BULK,
    )
    for model, column in (
        (TeachingMove, TeachingMove.teaching_id),
        (TeachingSkill, TeachingSkill.teaching_id),
        (ConfirmationCode, ConfirmationCode.teaching_id),
        (Teaching, Teaching.id),
    ):
        session.execute(delete(model).where(among(session, column, gone)), execution_options=_IN_BULK)
    roster.counts = added(roster.counts, Counter(undone=len(gone), stays=len(rows) - len(gone)))
    roster.done += len(rows)


def _take_people_out(session: Session, roster: RosterImport, rows: Sequence[RosterRow]) -> None:
    ids = [row.person_id for row in rows if row.person_id is not None]
    if not ids:
        return
    alone = select(Person.id).where(among(session, Person.id, ids), _nothing_points_at(Person))
    gone = list(session.scalars(alone.with_for_update()))
    # A list may point at somebody whom another list made: judged, not written; it is judged again.
    for column in (RosterRow.person_id, RosterRow.candidate_id):
        session.execute(
            update(RosterRow).where(among(session, column, gone)).values({column: None}),
            execution_options=_IN_BULK,
        )
    session.execute(
        delete(PersonFigures).where(among(session, PersonFigures.person_id, gone)), execution_options=_IN_BULK
    )
    session.execute(delete(Person).where(among(session, Person.id, gone)), execution_options=_IN_BULK)
    roster.counts = added(roster.counts, Counter(people_undone=len(gone)))
    roster.done += len(ids)


def _nothing_points_at(model: type[Base]) -> ColumnElement[bool]:
    """The condition that no other row, of whatever table of the house, points at this one."""
    table = model.__table__
    assert isinstance(table, Table)
    own = {one.__table__ for one in _GOES_WITH}
    pointing = (
        key.parent
        for other in Base.metadata.sorted_tables
        if other not in own
        for key in other.foreign_keys
        if key.column.table is table
    )
    return and_(
        *(not_(select(column).where(column == table.c.id).correlate(table).exists()) for column in pointing)
    )
