"""Writes of badges: giving, taking back, the reconcile, and that a celebration was seen.

A confirmation moves the facts of three people at most beside the tree's figures: the teacher, the teacher's
parent (who may have raised somebody to five now) and the learner's parent. Those are decided in the same
transaction. Reach and depth of everybody above come from the snapshot, so their badges come with the next
reconcile, and only a reconcile takes them back. Giving never fails where a twin was quicker.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from badges.catalogue import BY_CODE, earned
from badges.models import Award
from badges.reasons import FROM_SNAPSHOT
from core.database import is_sqlite
from core.errors import NotFound
from people.permissions import Actor, Permission, ensure
from referrals.events import NetworkImported, TeachingConfirmed, TeachingVoided
from referrals.models.acts import Teaching
from referrals.models.tree import Credit, Lineage
from referrals.queries.facts import facts_of, teachers

IN_ONE_GO = 500


@dataclass(frozen=True)
class Report:
    """What a reconcile found: people looked at, badges given and taken, by code."""

    people: int
    given: dict[str, int]
    taken: dict[str, int]


# ── reactions ───────────────────────────────────────────────────────────────────────────────────────────


def on_teaching_confirmed(session: Session, event: TeachingConfirmed, now: datetime) -> None:
    """Give what the confirmation earned to the teacher and to those right above."""
    people = _touched(session, event.teacher_id, event.learner_id)
    _settle(session, people, now, teaching_id=event.teaching_id, take=False)


def on_teaching_voided(session: Session, event: TeachingVoided, now: datetime) -> None:
    """Take back what is no longer earned; the learner's new parent may earn something by it."""
    people = _touched(session, event.teacher_id, event.learner_id)
    _settle(session, people, now, keep=FROM_SNAPSHOT)


def on_network_imported(session: Session, event: NetworkImported, now: datetime) -> None:
    """Settle the badges of all teachers of one source, and of their parents."""
    of_source = (
        select(Credit.teacher_id)
        .join(Teaching, Teaching.id == Credit.teaching_id)
        .where(Teaching.source == event.source)
    )
    people = set(session.scalars(of_source.distinct()))
    parents = select(Lineage.teacher_id).where(Lineage.learner_id.in_(of_source))
    people.update(session.scalars(parents.distinct()))
    for part in _parts(sorted(people)):
        _settle(session, part, now, keep=FROM_SNAPSHOT)


# ── services ────────────────────────────────────────────────────────────────────────────────────────────


def reconcile(session: Session, actor: Actor, now: datetime) -> Report:
    """Give everybody the badges that are due, take those that are not, and say how many of each."""
    ensure(actor, Permission.SYSTEM_OPERATE)
    report = Report(0, {}, {})
    looked_at = 0
    for part in _everybody(session):
        looked_at += len(part)
        given, taken = _settle(session, part, now)
        for codes, counts in ((given, report.given), (taken, report.taken)):
            for code in codes:
                counts[code] = counts.get(code, 0) + 1
    return Report(looked_at, report.given, report.taken)


def mark_seen(session: Session, actor: Actor, award_id: int, now: datetime) -> Award:
    """Remember that somebody saw the celebration of an own badge. Raises NotFound for another's."""
    ensure(actor, Permission.PERSON_SEE, owner_id=actor.person_id)
    award = session.get(Award, award_id)
    if award is None or award.person_id != actor.person_id:
        raise NotFound("not_found")
    if award.seen_at is None:
        award.seen_at = now
        session.flush()
    return award


# ── what is due ─────────────────────────────────────────────────────────────────────────────────────────

PARENTS = select(Lineage.teacher_id).where(Lineage.learner_id.in_(bindparam("learners", expanding=True)))
HELD: Any = select(Award.person_id, Award.badge_code).where(
    Award.person_id.in_(bindparam("people", expanding=True)), Award.revoked_at.is_(None)
)


def _touched(session: Session, teacher_id: int, learner_id: int) -> list[int]:
    return sorted({teacher_id, *session.scalars(PARENTS, {"learners": [teacher_id, learner_id]})})


def _everybody(session: Session) -> Iterator[list[int]]:
    """Yield all who teach, and after them all who hold a badge without teaching any more, some at a time."""
    seen: set[int] = set()
    after = 0
    while part := teachers(session, after, IN_ONE_GO):
        seen.update(part)
        after = part[-1]
        yield part
    holders = select(Award.person_id).where(Award.revoked_at.is_(None)).distinct()
    yield from _parts(sorted(set(session.scalars(holders)) - seen))


def _parts(people: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(people)
    while part := list(islice(rest, IN_ONE_GO)):
        yield part


def _settle(
    session: Session,
    people: Collection[int],
    now: datetime,
    *,
    teaching_id: int | None = None,
    take: bool = True,
    keep: frozenset[str] = frozenset(),
) -> tuple[list[str], list[str]]:
    """Give and take for these people; return the codes given and taken.

    Badges on facts in `keep` are not taken. One that the catalogue dropped is left alone.
    """
    # What is held first: a badge that a confirmation gives in between must not look like one not earned.
    held = {(person, code) for person, code in session.execute(HELD, {"people": list(people)})}
    due = {
        (person, badge.code) for person, facts in facts_of(session, people).items() for badge in earned(facts)
    }
    give = sorted(due - held)
    gone = [
        (person, code)
        for person, code in sorted(held - due)
        if take and code in BY_CODE and BY_CODE[code].fact not in keep
    ]
    _give(session, give, teaching_id, now)
    _take(session, gone, now)
    return [code for _, code in give], [code for _, code in gone]


def _giving(dialect: Any) -> Any:
    return dialect.insert(Award.__table__).on_conflict_do_nothing()


GIVE = {True: _giving(sqlite), False: _giving(postgresql)}
_award: Any = Award.__table__
TAKE = (
    update(_award)
    .where(
        _award.c.person_id == bindparam("holder"),
        _award.c.badge_code == bindparam("code"),
        _award.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("moment"))
)


def _give(session: Session, wanted: list[tuple[int, str]], teaching_id: int | None, now: datetime) -> None:
    rows = [
        {"person_id": person, "badge_code": code, "awarded_at": now, "teaching_id": teaching_id}
        for person, code in wanted
    ]
    if rows:
        session.execute(GIVE[is_sqlite(session)], rows)


def _take(session: Session, gone: list[tuple[int, str]], now: datetime) -> None:
    rows = [{"holder": person, "code": code, "moment": now} for person, code in gone]
    if rows:
        session.execute(TAKE, rows)
