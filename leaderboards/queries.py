"""Reads of the boards: standings, the place of one unit, why a number is what it is, the ledger's own sums.

Every statement is built once, when the module loads. A board is one statement over score and size rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, case, exists, extract, func, select
from sqlalchemy.orm import Session, aliased

from leaderboards.boards import CHAPTERS, MAIN, OF_UNIONS, Board
from leaderboards.metrics import Figures
from leaderboards.models import LedgerEntry, UnitScore, UnitSize
from leaderboards.periods import Kind, Period, current, periods_of, weeks_until
from leaderboards.ranking import Entrant, Gap, Place, Standings, Unranked, gap_to_next, standings
from people.models import Person, Unit
from referrals.models.acts import Teaching

FIRST_OF_ALL: Final = date.min
UNION_KINDS: Final = ("ward_union", "bloc")

Scores = dict[tuple[int, str], tuple[int, int]]


@dataclass(frozen=True)
class BoardView:
    """A board in a period; `below` limits it to what stands below one unit."""

    board: Board
    period: Period
    standings: Standings
    below: int | None = None

    @property
    def rows(self) -> tuple[Place, ...]:
        """Return the places, best first."""
        return self.standings.places

    @property
    def unranked(self) -> tuple[Unranked, ...]:
        """Return the units without a place."""
        return self.standings.unranked


@dataclass(frozen=True)
class UnitPlace:
    """Where one unit stands on its board, among `of` ranked units; without a place `reason` says why."""

    entrant: Entrant
    board: Board
    period: Period
    place: Place | None
    reason: str | None
    gap: Gap | None
    of: int


@dataclass(frozen=True)
class Difference:
    """A score row that disagrees with the ledger; both hold (contacts, learners)."""

    unit_id: int
    period: str
    ledger: tuple[int, int]
    stored: tuple[int, int]


@dataclass(frozen=True)
class UnitStory:
    """What stands behind the numbers of one unit, and of all below it, in a period.

    `given` and `taken` count the ledger's entries by kind; `people` are different learners, however many
    taught them; `waiting` acts are recorded and not yet confirmed: they count nowhere.
    """

    given: Mapping[str, int]
    taken: Mapping[str, int]
    people: int
    waiting: int
    declared_members: int | None
    members_on_record: int
    counted_at: datetime | None


def _larger(first: Any, second: Any) -> Any:
    return case((first > second, first), else_=second)


NOW = aliased(UnitScore)
BEFORE = aliased(UnitScore)
PARENT = aliased(Unit)
ROOT = aliased(Unit)

_scores_now = and_(NOW.unit_id == Unit.id, NOW.period == bindparam("period"))
_scores_before = and_(BEFORE.unit_id == Unit.id, BEFORE.period == bindparam("before"))

_under = select(Unit.id).where(Unit.id == bindparam("below")).cte("under", recursive=True)
UNDER = _under.union_all(select(Unit.id).join(_under, Unit.parent_id == _under.c.id))

CHAPTER_ROWS = (
    select(
        Unit.id,
        Unit.name,
        Unit.name_key,
        PARENT.name,
        Unit.declared_members,
        _larger(func.coalesce(UnitSize.members, 0), func.coalesce(Unit.declared_members, 0)),
        func.coalesce(UnitSize.reached_five, 0),
        func.coalesce(NOW.learners, 0),
        func.coalesce(NOW.contacts, 0),
        func.coalesce(BEFORE.learners, 0),
        func.coalesce(BEFORE.contacts, 0),
    )
    .outerjoin(PARENT, PARENT.id == Unit.parent_id)
    .outerjoin(UnitSize, UnitSize.unit_id == Unit.id)
    .outerjoin(NOW, _scores_now)
    .outerjoin(BEFORE, _scores_before)
    .where(Unit.kind == "chapter", Unit.closed_at.is_(None))
)
CHAPTER_ROWS_BELOW = CHAPTER_ROWS.where(Unit.id.in_(select(UNDER.c.id)))

# Every union with every unit below it, itself included: closed chapters keep their sums.
_of_union = (
    select(Unit.id.label("union_id"), Unit.id.label("unit_id"))
    .where(Unit.kind.in_(UNION_KINDS), Unit.closed_at.is_(None))
    .cte("of_union", recursive=True)
)
OF_UNION = _of_union.union_all(
    select(_of_union.c.union_id, Unit.id).join(_of_union, Unit.parent_id == _of_union.c.unit_id)
)
# What a union declares is its whole; so its own row adds only the members on record there.
_members = case(
    (Unit.id == ROOT.id, func.coalesce(UnitSize.members, 0)),
    else_=_larger(func.coalesce(UnitSize.members, 0), func.coalesce(Unit.declared_members, 0)),
)
_all_members = func.coalesce(func.sum(_members), 0)
UNION_ROWS = (
    select(
        ROOT.id,
        ROOT.name,
        ROOT.name_key,
        PARENT.name,
        ROOT.declared_members,
        _larger(_all_members, func.coalesce(ROOT.declared_members, 0)),
        func.coalesce(func.sum(UnitSize.reached_five), 0),
        func.coalesce(func.sum(NOW.learners), 0),
        func.coalesce(func.sum(NOW.contacts), 0),
        func.coalesce(func.sum(BEFORE.learners), 0),
        func.coalesce(func.sum(BEFORE.contacts), 0),
    )
    .select_from(OF_UNION)
    .join(ROOT, ROOT.id == OF_UNION.c.union_id)
    .join(Unit, Unit.id == OF_UNION.c.unit_id)
    .outerjoin(PARENT, PARENT.id == ROOT.parent_id)
    .outerjoin(UnitSize, UnitSize.unit_id == Unit.id)
    .outerjoin(NOW, _scores_now)
    .outerjoin(BEFORE, _scores_before)
    .group_by(ROOT.id, ROOT.name, ROOT.name_key, PARENT.name, ROOT.declared_members)
)
UNION_ROWS_BELOW = UNION_ROWS.where(ROOT.id.in_(select(UNDER.c.id)))

KIND_OF_UNIT = select(Unit.kind).where(Unit.id == bindparam("unit_id"), Unit.closed_at.is_(None))


def board(session: Session, chosen: Board, period: Period, below: int | None = None) -> BoardView:
    """Return a board in a period, everything ranked; one statement."""
    whole, part = (
        (CHAPTER_ROWS, CHAPTER_ROWS_BELOW) if chosen.who == CHAPTERS else (UNION_ROWS, UNION_ROWS_BELOW)
    )
    found = _entrants(session, whole if below is None else part, period, below)
    return BoardView(chosen, period, standings(found, chosen.metric), below)


def top_units(session: Session, day: date, limit: int = 5) -> BoardView:
    """Return the best of the shortest period around the day in which any unit stands: chapters or unions."""
    view = board(session, MAIN, current(Kind.MONTH, day))
    for kind in (Kind.MONTH, Kind.QUARTER, Kind.YEAR, Kind.ALL):
        for chosen in (MAIN, OF_UNIONS):
            view = board(session, chosen, current(kind, day))
            if view.rows:
                best = replace(view.standings, places=view.rows[:limit])
                return replace(view, standings=best)
    return view


def board_of_unit(session: Session, unit_id: int) -> Board | None:
    """Return the board on which a unit of this kind is ranked; None for the city, bases and closed units."""
    kind = session.scalar(KIND_OF_UNIT, {"unit_id": unit_id})
    return MAIN if kind == "chapter" else OF_UNIONS if kind in UNION_KINDS else None


def unit_place(session: Session, unit_id: int, period: Period) -> UnitPlace | None:
    """Return where a unit stands among its likes; None where units of its kind are not ranked."""
    chosen = board_of_unit(session, unit_id)
    if chosen is None:
        return None
    return place_on(board(session, chosen, period), unit_id)


def place_on(view: BoardView, unit_id: int) -> UnitPlace | None:
    """Return where a unit stands on a board that was read already; None where it is not on it."""
    of = len(view.rows)
    for place in view.rows:
        if place.unit_id == unit_id:
            gap = gap_to_next(view.standings, unit_id, view.board.metric)
            return UnitPlace(place.entrant, view.board, view.period, place, None, gap, of)
    for row in view.unranked:
        if row.entrant.unit_id == unit_id:
            return UnitPlace(row.entrant, view.board, view.period, None, row.reason, None, of)
    return None


def _entrants(session: Session, statement: Select[Any], period: Period, below: int | None) -> list[Entrant]:
    before = period.previous
    rows = session.execute(
        statement, {"period": period.code, "before": before.code if before else "", "below": below}
    )
    return [
        Entrant(
            unit_id,
            name,
            key,
            Figures(members, learners, contacts, five),
            Figures(members, learners_before, contacts_before, five),
            parent,
            declared,
        )
        for (
            unit_id, name, key, parent, declared, members, five,
            learners, contacts, learners_before, contacts_before,
        ) in rows
    ]  # fmt: skip


# ── why a number is what it is ──────────────────────────────────────────────────────────────────────────

LATER = aliased(LedgerEntry)
_of_period = and_(
    LedgerEntry.unit_id.in_(select(UNDER.c.id)),
    LedgerEntry.day.between(bindparam("start"), bindparam("end")),
)
# An act begins to count and stops counting by turns: its last entry tells whether it stands.
_last_of_its_kind = ~exists().where(
    LATER.teaching_id == LedgerEntry.teaching_id, LATER.kind == LedgerEntry.kind, LATER.id > LedgerEntry.id
)
STANDING: Final = and_(LedgerEntry.amount == 1, _last_of_its_kind)

ENTRIES = (
    select(LedgerEntry.kind, LedgerEntry.amount, func.count())
    .where(_of_period)
    .group_by(LedgerEntry.kind, LedgerEntry.amount)
)
DIFFERENT_PEOPLE = (
    select(func.count(Teaching.learner_id.distinct()))
    .join(LedgerEntry, LedgerEntry.teaching_id == Teaching.id)
    .where(_of_period, LedgerEntry.kind == "learner", STANDING)
)
WAITING = (
    select(func.count())
    .select_from(Teaching)
    .join(Person, Person.id == Teaching.teacher_id)
    .where(
        Person.unit_id.in_(select(UNDER.c.id)),
        Teaching.state == "recorded",
        Teaching.taught_on.between(bindparam("start"), bindparam("end")),
    )
)
SIZES = select(func.coalesce(func.sum(UnitSize.members), 0), func.min(UnitSize.counted_at)).where(
    UnitSize.unit_id.in_(select(UNDER.c.id))
)
LEARNERS_BY_DAY = (
    select(LedgerEntry.day, func.sum(LedgerEntry.amount))
    .where(_of_period, LedgerEntry.kind == "learner")
    .group_by(LedgerEntry.day)
)


def unit_story(session: Session, unit: Unit, period: Period) -> UnitStory:
    """Return what stands behind the numbers of a unit and of all below it."""
    within = {"below": unit.id, "start": period.start or FIRST_OF_ALL, "end": period.end or date.max}
    given: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for kind, amount, count in session.execute(ENTRIES, within):
        (given if amount > 0 else taken)[kind] += count
    members, counted_at = session.execute(SIZES, within).one()
    return UnitStory(
        given,
        taken,
        session.scalar(DIFFERENT_PEOPLE, within) or 0,
        session.scalar(WAITING, within) or 0,
        unit.declared_members,
        members,
        counted_at,
    )


def weekly_learners(session: Session, unit_id: int, day: date, weeks: int = 12) -> list[int]:
    """Return the learners that count, week by week up to the week of the day, oldest first."""
    spans = weeks_until(day, weeks)
    within = {"below": unit_id, "start": spans[0].start, "end": spans[-1].end}
    by_day = session.execute(LEARNERS_BY_DAY, within).all()
    return [sum(amount for on, amount in by_day if span.holds(on)) for span in spans]


def newest_count(session: Session) -> datetime | None:
    """Return when all units were last known to be counted: the oldest count that boards rest on."""
    return session.scalar(select(func.min(UnitSize.counted_at)))


# ── the ledger against the score rows ───────────────────────────────────────────────────────────────────

_signed = {
    kind: func.coalesce(func.sum(case((LedgerEntry.kind == kind, LedgerEntry.amount), else_=0)), 0)
    for kind in ("contact", "learner")
}
_year, _month = extract("year", LedgerEntry.day), extract("month", LedgerEntry.day)
LEDGER_SUMS: Select[Any] = (
    select(LedgerEntry.unit_id, _year, _month, _signed["contact"], _signed["learner"])
    .where(LedgerEntry.unit_id.is_not(None))
    .group_by(LedgerEntry.unit_id, _year, _month)
)
STORED_SCORES: Any = select(UnitScore.unit_id, UnitScore.period, UnitScore.contacts, UnitScore.learners)
_units: Any = bindparam("units", expanding=True)
LEDGER_SUMS_OF = LEDGER_SUMS.where(LedgerEntry.unit_id.in_(_units))
STORED_SCORES_OF = STORED_SCORES.where(UnitScore.unit_id.in_(_units))


def ledger_scores(session: Session, units: Collection[int] | None = None) -> Scores:
    """Return (contacts, learners) of each unit and period, summed from the ledger; zeros left out."""
    scores: Scores = {}
    for unit_id, year, month, contacts, learners in _for(session, LEDGER_SUMS, LEDGER_SUMS_OF, units):
        first = date.max if year == date.max.year else date(int(year), int(month), 1)
        for period in periods_of(first):
            sums = scores.get((unit_id, period), (0, 0))
            scores[unit_id, period] = (sums[0] + contacts, sums[1] + learners)
    return {key: sums for key, sums in scores.items() if sums != (0, 0)}


def stored_scores(session: Session, units: Collection[int] | None = None) -> Scores:
    """Return (contacts, learners) of each unit and period, as the boards read them; zeros left out."""
    rows = _for(session, STORED_SCORES, STORED_SCORES_OF, units)
    return {
        (unit_id, period): (contacts, learners)
        for unit_id, period, contacts, learners in rows
        if contacts or learners
    }


def differences(session: Session, units: Collection[int] | None = None) -> list[Difference]:
    """Return where the score rows do not say what the ledger says; none, when all is well."""
    true_scores, stored = ledger_scores(session, units), stored_scores(session, units)
    return [
        Difference(*key, true_scores.get(key, (0, 0)), stored.get(key, (0, 0)))
        for key in sorted(true_scores.keys() | stored.keys())
        if true_scores.get(key) != stored.get(key)
    ]


def _for(session: Session, every: Select[Any], some: Select[Any], units: Collection[int] | None) -> Any:
    return session.execute(every) if units is None else session.execute(some, {"units": list(units)})
