"""Writing: what the preview promised becomes acts, a part at a time, each part whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.secrets_box import SecretsBox
from people.models import Person
from people.permissions import Actor, Permission, ensure
from people.services.audit import write_audit
from referrals.batches import Choice, Decided, Frame, Line, Verdict, Written
from referrals.models.rosters import RosterImport, RosterRow
from referrals.queries import rosters as queries
from referrals.rosters import PART, Defaults, KeptRow, added, numbered, will_write
from referrals.services.batches import judge_lines, write_lines

_ORDER = ("new", "known", "doubtful")
_TABLE = RosterRow.__table__
_KEPT = ("outcome", "reasons", "person_id", "teaching_id", "made_person")
_OUTCOMES = (
    update(_TABLE)  # type: ignore[arg-type]  # a mapped class has a table
    .where(_TABLE.c.id == bindparam("row_id"))
    .values({name: bindparam(f"new_{name}") for name in _KEPT})
)


def start_writing(session: Session, actor: Actor, roster_id: int) -> RosterImport:
    """Let a list be written that has been looked through. The rows follow by `write_part`.

    Of two who press at once one wins: the other gets Conflict("roster_started"). Raises NotFound, and
    Conflict("roster_nothing") where no row would be written.
    """
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    roster = queries.roster_for(session, actor, roster_id, lock=True)
    if roster.state != "ready":
        raise Conflict("roster_started")
    if not will_write(roster.counts):
        raise Conflict("roster_nothing")
    roster.state = "writing"
    roster.total = sum(roster.counts.get(name, 0) for name in _ORDER)
    roster.done = 0
    roster.counts = {**roster.counts, "at": [_ORDER[0], 0]}
    session.flush()
    return roster


def write_part(
    session: Session, actor: Actor, roster: RosterImport, now: datetime, box: SecretsBox, confirm_days: int
) -> bool:
    """Write the next rows; return whether more are left. The last part ends the list."""
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    verdict, after = roster.counts["at"]
    rows = queries.rows_after(session, roster.id, verdict, after, PART)
    if not rows:
        following = _ORDER[_ORDER.index(verdict) + 1 :]
        if not following:
            _end(session, actor, roster, now)
            return False
        roster.counts = {**roster.counts, "at": [following[0], 0]}
        return True
    frame = Defaults.from_json(roster.defaults).frame(roster.teacher_id, roster.class_id)
    part = _Part(session, actor, roster, frame, now, box, confirm_days)
    _keep(session, roster, rows, part.write(rows))
    roster.done += len(rows)
    roster.counts = {**roster.counts, "at": [verdict, rows[-1].id]}
    return True


@dataclass(frozen=True)
class _Part:
    """The rows of one transaction on their way into the tables of acts."""

    session: Session
    actor: Actor
    roster: RosterImport
    frame: Frame
    now: datetime
    box: SecretsBox
    confirm_days: int

    def write(self, rows: Sequence[RosterRow]) -> dict[int, Written]:
        """Write rows; return what became of each, by its place here."""
        lines = [numbered(KeptRow.unpack(self.box.open(row.cells_sealed)), at) for at, row in enumerate(rows)]
        apart = [at for at, row in enumerate(rows) if row.choice == "apart"]
        written = self._send(
            [_decided(row, lines[at]) for at, row in enumerate(rows) if row.choice != "apart"]
        )
        # The preview said "new", and now there is a namesake: one that this very list has made.
        late = [
            at
            for at, one in written.items()
            if rows[at].verdict == "new" and rows[at].choice is None and "undecided" in one.reasons
        ]
        here = {one.person_id for one in written.values() if one.made_person and one.person_id}
        written |= self._send(self._told_apart([lines[at] for at in apart], here, "seen"))
        return written | self._send(self._told_apart([lines[at] for at in late], here, "made_here"))

    def _send(self, decided: Sequence[Decided]) -> dict[int, Written]:
        if not decided:
            return {}
        done = write_lines(
            self.session, self.actor, self.frame, decided, self.now, self.box, self.confirm_days
        )
        return {one.row: one for one in done}

    def _told_apart(
        self, lines: Sequence[Line], here: set[int], whom: Literal["seen", "made_here"]
    ) -> list[Decided]:
        """Return lines as somebody else than the people whom the sender has seen beside them.

        For lines that nobody decided (`made_here`) that holds only where this list itself has made them all.
        """
        if not lines:
            return []
        verdicts = judge_lines(self.session, self.actor, self.frame, lines, self.now, self.box)
        ids = {one: _people(one) for one in verdicts}
        made = here | self._of_this_list({one for some in ids.values() for one in some}, whom)
        decided = []
        for verdict, people in ids.items():
            if whom == "seen" or people <= made:
                seen = tuple(one for one in verdict.candidates if one.person_id in made)
                person_id = verdict.person_id if verdict.person_id in made else None
                decided.append(Decided(replace(verdict, candidates=seen, person_id=person_id), "apart"))
        return decided

    def _of_this_list(self, person_ids: set[int], whom: Literal["seen", "made_here"]) -> set[int]:
        """Those of the people whom this list has made; with `seen` also those who were there before it."""
        if not person_ids:
            return set()
        made = (
            select(RosterRow.id)
            .where(
                RosterRow.person_id == Person.id,
                RosterRow.import_id == self.roster.id,
                RosterRow.made_person,
            )
            .exists()
        )
        before = Person.created_at <= self.roster.created_at if whom == "seen" else made
        statement = select(Person.id).where(Person.id.in_(sorted(person_ids)), or_(made, before))
        return set(self.session.scalars(statement))


def _decided(row: RosterRow, line: Line) -> Decided:
    """A row in doubt that nobody decided stays out, whatever became clear since: so it was shown."""
    choice = cast("Choice | None", row.choice)
    if row.verdict == "doubtful" and choice is None:
        choice = "skip"
    person_id = row.candidate_id if choice == "same" else None
    return Decided(Verdict(line, "new"), choice, person_id)


def _people(verdict: Verdict) -> set[int]:
    people = {one.person_id for one in verdict.candidates}
    return people | {verdict.person_id} if verdict.person_id is not None else people


def _keep(
    session: Session, roster: RosterImport, rows: Sequence[RosterRow], written: dict[int, Written]
) -> None:
    counts: Counter[str] = Counter()
    changes: list[dict[str, Any]] = []
    for at, row in enumerate(rows):
        done = written[at]
        counts[_name_of(done)] += 1
        counts["people"] += done.made_person
        stands = done.outcome == "written"
        why = [_why(row, code) for code in done.reasons]
        changes.append(
            {
                "row_id": row.id,
                "new_outcome": done.outcome,
                "new_reasons": list(dict.fromkeys((*row.reasons, *why))),
                "new_person_id": done.person_id,
                "new_teaching_id": done.teaching_id if stands else None,
                "new_made_person": done.made_person,
            }
        )
    session.connection().execute(_OUTCOMES, changes)
    roster.counts = added(roster.counts, counts)


def _why(row: RosterRow, code: str) -> str:
    return "undecided" if code == "skipped" and row.choice is None else code


def _name_of(done: Written) -> str:
    if done.outcome != "nothing":
        return "written" if done.outcome == "written" else "refused_late"
    return "stood" if "same_act" in done.reasons or "again" in done.reasons else "left"


def _end(session: Session, actor: Actor, roster: RosterImport, now: datetime) -> None:
    roster.state = "done"
    roster.ended_at = now
    told = {name: roster.counts.get(name, 0) for name in ("written", "people", "stood", "left")}
    details = {**told, "teacher": roster.teacher_id}
    write_audit(session, actor, "roster.written", "roster", roster.id, details, now)
