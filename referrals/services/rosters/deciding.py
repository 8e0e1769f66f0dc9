"""Deciding: the sender says of rows in doubt whether it is the same person, somebody else, or nobody yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.secrets_box import SecretsBox
from people.permissions import Actor, Permission, ensure
from referrals.batches import Candidate, Choice
from referrals.models.rosters import RosterImport, RosterRow
from referrals.queries import rosters as queries
from referrals.queries.rosters import ShownRow
from referrals.rosters import Defaults, numbered
from referrals.services.batches import judge_lines

CHOICES: Final[tuple[Choice, ...]] = ("same", "apart", "skip")
MOST_AT_ONCE: Final = 200


@dataclass(frozen=True)
class RowChoice:
    """What was said of one row; `person_id` names which candidate is the same."""

    row_id: int
    choice: Choice
    person_id: int | None = None


def decide_rows(
    session: Session,
    actor: Actor,
    roster_id: int,
    choices: Sequence[RowChoice],
    now: datetime,
    box: SecretsBox,
) -> RosterImport:
    """Keep what was said of some rows in doubt. A candidate whom we would not have named is not taken.

    Raises NotFound, and Conflict("roster_started") once the list is being written.
    """
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    roster = _ready(session, actor, roster_id)
    wanted = {one.row_id: one for one in choices[:MOST_AT_ONCE]}
    rows = session.scalars(
        select(RosterRow).where(
            RosterRow.import_id == roster.id, RosterRow.verdict == "doubtful", RosterRow.id.in_(wanted)
        )
    ).all()
    named = {one.row_id for one in wanted.values() if one.person_id is not None}
    shown = [queries.shown_row(row, box) for row in rows if row.id in named]
    candidates = candidates_of(session, actor, roster, shown, now, box)
    for row in rows:
        said = wanted[row.id]
        offered = {one.person_id for one in candidates.get(row.id, ())}
        row.choice = said.choice
        if said.choice == "same" and said.person_id in offered:
            row.candidate_id = said.person_id
    session.flush()
    _count_choices(session, roster)
    return roster


def decide_all(session: Session, actor: Actor, roster_id: int, choice: Choice) -> RosterImport:
    """Say the same of all rows in doubt; "same" only of those that may be exactly one person or row.

    Raises NotFound, and Conflict("roster_started") once the list is being written.
    """
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    roster = _ready(session, actor, roster_id)
    session.execute(
        update(RosterRow)
        .where(RosterRow.import_id == roster.id, RosterRow.verdict == "doubtful")
        .values(choice=choice),
        execution_options={"synchronize_session": False},
    )
    _count_choices(session, roster)
    return roster


def candidates_of(
    session: Session,
    actor: Actor,
    roster: RosterImport,
    rows: Sequence[ShownRow],
    now: datetime,
    box: SecretsBox,
) -> Mapping[int, tuple[Candidate, ...]]:
    """Return, by row, the people whom the rows of one page may be about, as things stand now."""
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    if not rows:
        return {}
    frame = Defaults.from_json(roster.defaults).frame(roster.teacher_id, roster.class_id)
    lines = [numbered(row.kept, at) for at, row in enumerate(rows)]
    verdicts = judge_lines(session, actor, frame, lines, now, box)
    return {rows[one.line.row].id: one.candidates for one in verdicts}


def _ready(session: Session, actor: Actor, roster_id: int) -> RosterImport:
    roster = queries.roster_for(session, actor, roster_id, lock=True)
    if roster.state != "ready":
        raise Conflict("roster_started")
    return roster


def _count_choices(session: Session, roster: RosterImport) -> None:
    statement = (
        select(RosterRow.choice, func.count())
        .where(RosterRow.import_id == roster.id, RosterRow.verdict == "doubtful")
        .group_by(RosterRow.choice)
    )
    found = Counter({choice: number for choice, number in session.execute(statement) if choice})
    roster.counts = {**roster.counts, **{choice: found[choice] for choice in CHOICES}}
    session.flush()
