"""Judging: read the lines of a list, and look up whom they may be about.

The part that every way of recording is made of, for one person and for many. A `Desk` holds the lines as they
were read and everybody they may be about, looked up in a few queries however many lines there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import local_day
from core.secrets_box import SecretsBox
from learning.queries import skills as skill_queries
from people.age_bands import AGE_BANDS
from people.models import Person, Ward
from people.names import NameProblem, clean_name, name_key
from people.permissions import Actor
from people.phones import Phone, read_phone
from people.services.persons import GENDERS, NAME_KEY_LENGTH
from referrals.batches import FIRST_DAY, Candidate, Frame, Line
from referrals.likeness import NearNames, Traits
from referrals.places import PLACES
from referrals.queries import matching
from referrals.queries.matching import Act, Known
from referrals.weighing import Reading, Somebody, Weighing

PHONE_CELL: Final = 200
"""Longer than any phone with its note: what is longer is no phone, and is not worth reading."""


@dataclass
class Desk:
    """The lines of one list as they were read, and whom they may be about.

    `frame_fields` names what is wrong with the frame. `acts` are the acts of these teachers with everybody
    here, by (teacher, learner).
    """

    frame_fields: dict[str, str]
    readings: list[Reading]
    weighing: Weighing
    acts: Mapping[tuple[int, int], list[Act]]
    _people: _People

    def about(self, reading: Reading) -> list[Somebody]:
        """Return everybody whom a line may be about; the weighing says how likely."""
        if reading.refusals:
            return []
        return [
            self._somebody(reading.teacher_id, known, mine)
            for known, mine in self._people.of(reading.teacher_id, reading.traits)
        ]

    def act(self, teacher_id: int, person_id: int, day: date) -> Act | None:
        """Return the act of that day without an hour: the one that a second record would collide with."""
        acts = self.acts.get((teacher_id, person_id), ())
        return next((one for one in acts if one.taught_on == day and one.taught_second == 0), None)

    def _somebody(self, teacher_id: int, known: Known, mine: bool) -> Somebody:
        acts = self.acts.get((teacher_id, known.person_id), ())
        last = max((one.taught_on for one in acts if one.taught_on != date.max), default=None)
        ward = known.ward_name if mine or known.person_id in self._people.reached else None
        return Somebody(
            Candidate(known.person_id, known.traits.full_name, ward, known.phone_tail, last, mine),
            known.traits,
            {one.taught_on: one.teaching_id for one in acts if one.taught_second == 0},
        )


class _People:
    """Everybody who was looked up, to be found by name."""

    def __init__(self, reached: Iterable[Known], by_phone: Iterable[Known]) -> None:
        self._own: dict[int, dict[str, list[Known]]] = {}
        self._near: dict[int, NearNames] = {}
        reached = list(reached)
        self.reached = frozenset(one.person_id for one in reached)
        self._others: dict[str, list[Known]] = _by_key([*reached, *by_phone])

    def add_own(self, teacher_id: int, learners: Sequence[Known]) -> None:
        """Take in a teacher's own learners."""
        self._own[teacher_id] = _by_key(learners)
        self._near[teacher_id] = NearNames(self._own[teacher_id])

    def of(self, teacher_id: int, traits: Traits) -> list[tuple[Known, bool]]:
        """Return who has this name, or a near one among the teacher's own, and whether each is an own."""
        own = self._own[teacher_id]
        found: dict[int, tuple[Known, bool]] = {}
        for key in (traits.name_key, *self._near[teacher_id].of(traits.name_key)):
            for known in own.get(key, ()):
                found.setdefault(known.person_id, (known, True))
        for known in self._others.get(traits.name_key, ()):
            found.setdefault(known.person_id, (known, False))
        return list(found.values())

    def ids(self, readings: Sequence[Reading]) -> set[int]:
        """Return everybody whom these lines may be about."""
        return {
            known.person_id
            for reading in readings
            if not reading.refusals
            for known, _ in self.of(reading.teacher_id, reading.traits)
        }


def _by_key(people: Iterable[Known]) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = defaultdict(list)
    for known in people:
        found[known.traits.name_key].append(known)
    return found


def lay_out(
    session: Session,
    reach: Actor | None,
    frame: Frame,
    lines: Sequence[Line],
    now: datetime,
    box: SecretsBox,
    named: Iterable[int] = (),
    *,
    whoever: bool = False,
) -> Desk:
    """Return the desk of a list. For services that asked for permission; reads only.

    `reach` is whoever acts for these teachers and leads units of their own; `named` are people whom somebody
    has named as the ones that lines are about. `whoever`: only who they are is asked, not what was taught.
    """
    wards = _wards(session, frame, lines)
    skills = set() if whoever else _active_skills(session, frame, lines)
    readings = _read(frame, lines, local_day(now), wards, None if whoever else skills, box)
    sound = [one for one in readings if not one.refusals]
    teachers = {frame.teacher_id, *(one.teacher_id for one in readings)}
    keys = {one.traits.name_key for one in sound}
    phones = {one.traits.phone_hash for one in sound if one.traits.phone_hash}
    reached: list[Known] = []
    if reach is not None:
        places = {one.traits.ward_code for one in sound if one.traits.ward_code}
        reached = matching.in_reach(session, reach.units, keys, places)
    people = _People(reached, matching.with_phones(session, keys, phones))
    for teacher_id in sorted(teachers):
        own = {one.traits.name_key for one in sound if one.teacher_id == teacher_id}
        people.add_own(teacher_id, matching.own_learners(session, teacher_id, own) if own else [])
    return Desk(
        _frame_fields(frame, wards, skills),
        readings,
        Weighing(_names_of(session, teachers)),
        matching.acts_between(session, teachers, people.ids(sound) | set(named)),
        people,
    )


def _names_of(session: Session, teachers: set[int]) -> dict[int, str]:
    rows = session.execute(select(Person.id, Person.name_key).where(Person.id.in_(teachers)))
    return {row.id: row.name_key for row in rows}


def _wards(session: Session, frame: Frame, lines: Sequence[Line]) -> set[str]:
    wanted = {code for code in (frame.ward_code, *(line.ward_code for line in lines)) if code is not None}
    return set(session.scalars(select(Ward.code).where(Ward.code.in_(wanted)))) if wanted else set()


def _active_skills(session: Session, frame: Frame, lines: Sequence[Line]) -> set[int]:
    wanted = {*frame.skill_ids, *(one for line in lines for one in line.skill_ids)}
    found = skill_queries.skills_by_ids(session, wanted)
    return {skill_id for skill_id, skill in found.items() if skill.active}


def _frame_fields(frame: Frame, wards: set[str], skills: set[int]) -> dict[str, str]:
    fields: dict[str, str] = {}
    if frame.place is not None and frame.place not in PLACES:
        fields["place"] = "not_a_choice"
    if frame.ward_code is not None and frame.ward_code not in wards:
        fields["ward_code"] = "not_a_choice"
    if not set(frame.skill_ids) <= skills:
        fields["skills"] = "not_a_choice"
    return fields


def _read(
    frame: Frame,
    lines: Sequence[Line],
    today: date,
    wards: set[str],
    skills: set[int] | None,
    box: SecretsBox,
) -> list[Reading]:
    return [_reading(frame, line, today, wards, skills, box) for line in lines]


def _reading(
    frame: Frame, line: Line, today: date, wards: set[str], skills: set[int] | None, box: SecretsBox
) -> Reading:
    refusals: list[str] = []
    losses: list[str] = []
    name = clean_name(line.full_name)
    if isinstance(name, NameProblem):
        refusals.append(f"name_{name.code}")
        name = ""
    day = line.taught_on or frame.taught_on
    if day > today:
        refusals.append("in_future")
    elif day < FIRST_DAY:
        refusals.append("too_early")
    skill_ids = tuple(dict.fromkeys(line.skill_ids or frame.skill_ids))
    if skills is not None and not skill_ids:
        refusals.append("choose_one")
    elif skills is not None and not skills.issuperset(skill_ids):
        refusals.append("skill_unknown")
    phone = _phone(line.phone, losses)
    traits = Traits(
        name_key(name)[:NAME_KEY_LENGTH],
        name,
        box.blind_index("phone", phone) if phone else None,
        _kept(line.ward_code, wards, "ward_unknown", losses) or frame.ward_code,
        _kept(line.gender, GENDERS, "gender_unknown", losses),
        _kept(line.age_band, AGE_BANDS, "age_unknown", losses),
    )
    return Reading(
        line,
        frame.teacher_id if line.teacher_id is None else line.teacher_id,
        day,
        skill_ids,
        name,
        traits,
        phone,
        tuple(refusals),
        tuple(losses),
    )


def _phone(text: str, losses: list[str]) -> str | None:
    if not text:
        return None
    if len(text) > PHONE_CELL:
        losses.append("phone_too_long")
        return None
    phone = read_phone(text)
    if isinstance(phone, Phone):
        return phone.e164
    if phone.code != "empty":
        losses.append(f"phone_{phone.code}")
    return None


def _kept(value: str | None, choices: Iterable[str], loss: str, losses: list[str]) -> str | None:
    if value is None or value in choices:
        return value
    losses.append(loss)
    return None
