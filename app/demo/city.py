"""Builds the demonstration city through the same services as everybody: the rules hold for it too."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy.orm import Session

from app.context import DEMO_CITY
from app.demo import gatherings, stories
from app.demo.accounts import CAST, DEMO_PASSWORD
from app.demo.plan import CityPlan, PlannedAct, PlannedPerson, PlannedUnit, plan_city
from app.reference import install_reference_data
from badges import services as badge_services
from core.clock import local_day
from core.web import House
from leaderboards import services as board_services
from learning.queries.skills import active_skills
from people.models import Person, Unit
from people.passwords import CHEAP
from people.permissions import ANYONE, HOUSE, Actor, Role
from people.queries import unit_by_code
from people.services.accounts import AccountWish, create_account
from people.services.persons import PersonWish, create_person, place_person
from people.services.roles import GrantWish, grant_role
from people.services.units import UnitWish, create_unit
from referrals.codes import Door
from referrals.models.tree import Snapshot
from referrals.queries import teachings
from referrals.services import confirming, expiring, recording, snapshot, voiding

ACTS_A_BATCH = 60
HOUR = 9


@dataclass(frozen=True)
class CityWish:
    """How large a city, and the seed that makes it the same each time."""

    people: int = 600
    seed: int = 2026


@dataclass
class CityMade:
    """What was made."""

    units: int = 0
    people: int = 0
    teachings: int = 0
    honorees: int = 0
    classes: int = 0
    waiting: int = 0

    def __str__(self) -> str:
        return (
            f"{self.people} people, {self.units} units, {self.teachings} teachings, "
            f"{self.classes} classes, {self.waiting} waiting, {self.honorees} honorees"
        )


@dataclass
class _Site:
    """The city under construction: ids of what stands already, by the keys of the plan."""

    house: House
    plan: CityPlan
    now: datetime
    made: CityMade = field(default_factory=CityMade)
    units: dict[str, int] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    skills: list[int] = field(default_factory=list)

    def moment(self, day: date, hour: int = HOUR) -> datetime:
        """Return a moment of a civil day in Da Nang (seven hours ahead of UTC the whole year), never a later
        one than the present.
        """
        return min(self.now, datetime.combine(day, time(hour), UTC) - timedelta(hours=7))


def build_city(house: House, wish: CityWish) -> CityMade:
    """Build the city in an empty database, several batches of acts a transaction; return what was made."""
    now = house.clock.now()
    site = _Site(house, plan_city(wish.people, wish.seed, local_day(now)), now)
    with house.work.begin() as session:
        install_reference_data(session, HOUSE, now)
        session.add(Snapshot(name=DEMO_CITY, taken_at=now, sums={"seed": wish.seed}))
        for unit in site.plan.units:
            _unit(session, site, unit, now)
        site.skills = [skill.id for skill in active_skills(session)]
    with house.work.begin() as session:
        _cast(session, site, now)
    acts = sorted(site.plan.acts, key=lambda act: act.day)
    for _, batch in groupby(enumerate(acts), key=lambda pair: pair[0] // ACTS_A_BATCH):
        with house.work.begin() as session:
            for _, act in batch:
                _act(session, site, act)
    with house.work.begin() as session:
        lan, bao = (site.people[site.plan.named[key].key] for key in ("lan", "bao"))
        more = gatherings.gather(
            session, house.box, now, wish.seed, session.get_one(Person, bao), session.get_one(Person, lan)
        )
        site.made.classes, site.made.waiting = more.classes, more.waiting
        site.made.people += more.people
        site.made.teachings += more.people
    with house.work.begin() as session:
        expiring.expire(session, now)
        snapshot.rebuild_figures(session, HOUSE, now)
    with house.work.begin() as session:
        badge_services.reconcile(session, HOUSE, now)
        board_services.count_sizes(session, HOUSE, now)
    with house.work.begin() as session:
        site.made.honorees = stories.honour_some(
            session, now, wish.seed, asked=site.people[site.plan.named["bao"].key]
        )
    return site.made


def _unit(session: Session, site: _Site, planned: PlannedUnit, now: datetime) -> None:
    above = unit_by_code(session, planned.parent)
    assert above is not None, f"the plan puts {planned.code} below {planned.parent}, which is not there"
    unit = create_unit(
        session,
        HOUSE,
        UnitWish(
            name=planned.name,
            kind=planned.kind,
            parent_id=above.id,
            code=planned.code,
            ward_code=planned.ward_code,
            declared_members=planned.members or None,
        ),
        now,
    )
    site.units[planned.code] = unit.id
    site.made.units += 1


def _cast(session: Session, site: _Site, now: datetime) -> None:
    """Open the accounts; the two volunteers stand in the plan already, under their keys."""
    homes: dict[str, int | None] = {
        "ha": _id(session, "DU-20257"),
        "quan": _id(session, "DU-48"),
        "khanh": _id(session, "DU-48"),
    }
    for one in CAST:
        planned = site.plan.named.get(one.key)
        unit_id = site.units[planned.chapter or ""] if planned else homes[one.key]
        person = create_person(
            session,
            HOUSE,
            PersonWish(
                full_name=one.full_name,
                gender=planned.gender if planned else None,
                age_band="25_44",
                ward_code=planned.ward_code if planned else None,
                unit_id=unit_id,
                is_demo=True,
            ),
            now,
            site.house.box,
        )
        wish = AccountWish(person.id, DEMO_PASSWORD, email=one.email)
        account = create_account(session, HOUSE, wish, now, site.house.box, CHEAP)
        reach = unit_id if one.role is Role.COORDINATOR else None
        grant_role(session, HOUSE, GrantWish(account.id, one.role, reach), now)
        site.made.people += 1
        if planned:
            site.people[planned.key] = person.id


def _id(session: Session, code: str) -> int:
    unit: Unit | None = unit_by_code(session, code)
    assert unit is not None, code
    return unit.id


def _teacher(session: Session, site: _Site, planned: PlannedPerson, now: datetime) -> int:
    """Return the id of a planned teacher: a root is made on first sight, others were learners before."""
    known = site.people.get(planned.key)
    if known is not None:
        return known
    made = create_person(
        session,
        HOUSE,
        PersonWish(
            full_name=planned.full_name,
            phone=planned.phone,
            gender=planned.gender,
            age_band=planned.age_band,
            ward_code=planned.ward_code,
            unit_id=site.units[planned.chapter] if planned.chapter else None,
            is_demo=True,
        ),
        now,
        site.house.box,
    )
    site.people[planned.key] = made.id
    site.made.people += 1
    return made.id


def _act(session: Session, site: _Site, act: PlannedAct) -> None:
    """Record one act at its moment, and let come of it what the plan says."""
    recorded_at = site.moment(act.day)
    teacher_id = _teacher(session, site, site.plan.people[act.teacher], recorded_at)
    teacher = Actor(person_id=teacher_id, roles=frozenset({Role.VOLUNTEER}))
    learner = site.plan.people[act.learner]
    known = site.people.get(learner.key)
    if known is not None and not teachings.is_my_learner(session, teacher_id, known):
        # The first act of the pair was voided since: there is nobody of mine to teach again.
        return
    wish = recording.TeachingWish(
        full_name=learner.full_name,
        learner_id=known,
        phone=learner.phone,
        age_band=learner.age_band,
        ward_code=learner.ward_code,
        skill_ids=tuple(site.skills[index % len(site.skills)] for index in act.skills),
        taught_on=act.day,
        place=act.place,
        apart=True,
    )
    done = recording.record_teaching(session, teacher, wish, recorded_at, site.house.box).teaching
    if known is None:
        _mark(session, site, learner, done.learner, recorded_at)
    site.made.teachings += 1
    answered_at = site.moment(act.day + timedelta(days=act.answer_after_days), HOUR + 2)
    if act.state == "confirmed":
        confirming.confirm_by_house(session, HOUSE, done.id, answered_at, kind=act.evidence)
    elif act.state == "disputed":
        evidence = confirming.Evidence(Door(done.id, 1, "link"))
        confirming.dispute(session, ANYONE, evidence, "", answered_at)
    elif act.state == "voided":
        voiding.void(session, HOUSE, done.id, "Ghi nhầm người", answered_at)


def _mark(session: Session, site: _Site, planned: PlannedPerson, person: Person, now: datetime) -> None:
    """Mark a recorded learner as invented, and give a member the home unit."""
    person.is_demo = True
    person.gender = planned.gender
    site.people[planned.key] = person.id
    site.made.people += 1
    if planned.chapter:
        place_person(session, HOUSE, person.id, site.units[planned.chapter], now)
