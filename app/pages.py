"""What the mixed pages show, gathered from the features' queries; no rule and no writing here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import unit_desk
from badges import queries as badge_queries
from badges.catalogue import Progress
from badges.queries import EarnedBadge
from core.errors import NotFound
from honors import queries as honor_queries
from honors.queries import Honoree
from leaderboards import periods
from leaderboards import queries as board_queries
from leaderboards.queries import BoardView, UnitPlace
from people import queries as people_queries
from people.models import Unit
from people.permissions import Actor, Permission, Role, ensure_seen
from referrals import tree as tree_rules
from referrals.drawing import draw
from referrals.facts import PersonFacts
from referrals.picture import Picture, faces_of
from referrals.queries import facts, lists, slices
from referrals.queries import waiting as waiting_queries
from referrals.queries.facts import NetworkCounters
from referrals.queries.lists import WaitingRow

GOAL = 5
"""Each ambassador teaches at least five people (the programme of 5 June 2025)."""


@dataclass(frozen=True)
class HomePage:
    """The public home."""

    counters: NetworkCounters
    board: BoardView
    honorees: list[Honoree]


@dataclass(frozen=True)
class TodayPage:
    """An ambassador's day."""

    facts: PersonFacts
    goal: int
    left: int
    waiting: list[WaitingRow]
    picture: Picture | None
    next_badge: Progress | None
    unseen: list[EarnedBadge]
    place: UnitPlace | None
    unit: Unit | None
    want_to_learn: int
    asked: bool


@dataclass(frozen=True)
class UnitPage:
    """A coordinator's unit."""

    unit: Unit
    path: list[Unit]
    below: list[Unit]
    desk: unit_desk.Desk
    place: UnitPlace | None


def home(session: Session, today: date) -> HomePage:
    """Gather the public home."""
    return HomePage(
        counters=facts.network_counters(session),
        board=board_queries.top_units(session, today, limit=5),
        honorees=honor_queries.published(session, limit=3),
    )


def today(session: Session, actor: Actor, day: date) -> TodayPage:
    """Gather an ambassador's day. Raises NotFound for an actor without a person."""
    person = people_queries.person_by_id(session, actor.person_id or 0)
    if person is None:
        raise NotFound("not_found")
    own = facts.fresh_facts(session, person.id)
    part = slices.lineage_slice(session, person.id)
    twigs = tree_rules.prune(part, generations=2)
    names = slices.names_for(session, actor, part, [twig.id for twig in twigs if twig.id is not None])
    month = periods.current("month", day)
    return TodayPage(
        facts=own,
        goal=GOAL,
        left=max(0, GOAL - own.taught),
        waiting=lists.waiting(session, person.id),
        picture=draw(twigs, faces_of(names)) if own.reach else None,
        next_badge=badge_queries.next_badge(session, own),
        unseen=badge_queries.unseen(session, person.id),
        place=board_queries.unit_place(session, person.unit_id, month) if person.unit_id else None,
        unit=person.unit,
        want_to_learn=waiting_queries.offers_count(session, person.id),
        asked=any(not known for known in honor_queries.answers_of(session, person.id)),
    )


def my_unit(session: Session, actor: Actor, chosen: int | None, day: date) -> UnitPage:
    """Gather a coordinator's unit; `chosen` is a unit below it. Raises NotFound for a foreign one."""
    unit_id = chosen if chosen is not None else first_unit(session, actor)
    if unit_id is None:
        raise NotFound("not_found")
    ensure_seen(actor, Permission.UNIT_SEE, unit_id=unit_id)
    unit = people_queries.unit_by_id(session, unit_id)
    if unit is None:
        raise NotFound("not_found")
    return UnitPage(
        unit=unit,
        path=people_queries.unit_path(session, unit_id),
        below=unit_desk.children(session, unit_id),
        desk=unit_desk.desk(session, unit_id),
        place=board_queries.unit_place(session, unit_id, periods.current("month", day)),
    )


def first_unit(session: Session, actor: Actor) -> int | None:
    """Return the highest unit that this actor looks after; the root for those without a unit of their own."""
    if Role.COORDINATOR not in actor.roles:
        root = people_queries.root_unit(session)
        return root.id if root else None
    rows = session.execute(select(Unit.id, Unit.parent_id).where(Unit.id.in_(actor.units)).order_by(Unit.id))
    return next((unit_id for unit_id, above in rows if above not in actor.units), None)


def start_of(actor: Actor) -> str:
    """Return the endpoint where this actor's work begins.

    >>> start_of(Actor(account_id=1, roles=frozenset({Role.COMMUNICATION})))
    'honors.discover'
    """
    for role, endpoint in STARTS:
        if role in actor.roles:
            return endpoint
    return "app.home"


STARTS: tuple[tuple[Role, str], ...] = (
    (Role.COORDINATOR, "app.my_unit"),
    (Role.COMMUNICATION, "honors.discover"),
    (Role.ADMINISTRATOR, "people.accounts"),
    (Role.VOLUNTEER, "app.today"),
)
