"""Lists of a teacher: who waits for confirmation, and who was taught. Rows, not objects; pages by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session, aliased

from core.paging import Page, decode_key, encode_key
from core.vietnamese import fold
from learning.models import Skill
from people.models import Person, Ward
from referrals.models.acts import ConfirmationCode, Teaching, TeachingSkill
from referrals.models.tree import Credit
from referrals.states import WAITING, State

View = Literal["all", "waiting", "confirmed", "teachers"]

ROWS_A_PAGE: Final = 30
OPEN_STATES: Final = (*(state.value for state in sorted(WAITING)), State.EXPIRED.value)
_STANDING_STATES: Final = tuple(state.value for state in State if state is not State.VOIDED)
_STATES_OF: Final[Mapping[View, tuple[str, ...]]] = {
    "all": _STANDING_STATES,
    "waiting": OPEN_STATES,
    "confirmed": (State.CONFIRMED.value,),
    "teachers": (State.CONFIRMED.value,),
}


@dataclass(frozen=True)
class SkillName:
    """A skill by its names."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the name in this language; Vietnamese where there is no other."""
        return self.en if language == "en" and self.en else self.vi


@dataclass(frozen=True)
class WaitingRow:
    """A teaching for which somebody still has something to do."""

    teaching_id: int
    learner_id: int
    learner_name: str
    taught_on: date
    state: str
    expires_at: datetime | None
    skills: tuple[SkillName, ...]

    def skill_names(self, language: str) -> list[str]:
        """Return the names of the skills in this language."""
        return [skill.in_language(language) for skill in self.skills]


@dataclass(frozen=True)
class LearnerRow:
    """A learner of mine: the newest act that fits the view, and how many the learner taught in turn."""

    learner_id: int
    full_name: str
    ward_name: str | None
    teaching_id: int
    taught_on: date
    state: str
    counts: bool
    taught: int
    skills: tuple[SkillName, ...]

    def skill_names(self, language: str) -> list[str]:
        """Return the names of the skills in this language."""
        return [skill.in_language(language) for skill in self.skills]


@dataclass(frozen=True)
class LearnerCounts:
    """How many different learners each view of the list has."""

    all: int
    waiting: int
    confirmed: int
    teachers: int


def waiting(session: Session, teacher_id: int, limit: int = 5) -> list[WaitingRow]:
    """Return the newest teachings of this teacher that wait: to be confirmed, put right, or issued again."""
    newest = (
        select(func.max(ConfirmationCode.expires_at))
        .where(ConfirmationCode.teaching_id == Teaching.id)
        .correlate(Teaching)
        .scalar_subquery()
    )
    statement = (
        select(Teaching.id, Person.id, Person.full_name, Teaching.taught_on, Teaching.state, newest)
        .join(Person, Person.id == Teaching.learner_id)
        .where(Teaching.teacher_id == teacher_id, Teaching.state.in_(OPEN_STATES))
        .order_by(Teaching.id.desc())
        .limit(limit)
    )
    rows = session.execute(statement).all()
    skills = skills_of(session, [row[0] for row in rows])
    return [WaitingRow(*row, skills.get(row[0], ())) for row in rows]


def my_learners(
    session: Session, teacher_id: int, view: View = "all", search: str = "", after: str | None = None
) -> Page[LearnerRow]:
    """Return this teacher's learners, the newest act first, each learner once."""
    states = _STATES_OF[view]
    later = aliased(Teaching)
    own_learners = (
        select(func.count()).where(Credit.teacher_id == Person.id).correlate(Person).scalar_subquery()
    )
    counts = (
        select(Credit.teaching_id)
        .where(Credit.teacher_id == Teaching.teacher_id, Credit.learner_id == Teaching.learner_id)
        .correlate(Teaching)
        .exists()
    )
    statement = (
        select(
            Person.id,
            Person.full_name,
            Ward.full_name,
            Teaching.id,
            Teaching.taught_on,
            Teaching.state,
            counts,
            own_learners,
        )
        .select_from(Teaching)
        .join(Person, Person.id == Teaching.learner_id)
        .outerjoin(Ward, Ward.code == Person.ward_code)
        .where(
            Teaching.teacher_id == teacher_id,
            Teaching.state.in_(states),
            ~select(later.id)
            .where(
                later.teacher_id == Teaching.teacher_id,
                later.learner_id == Teaching.learner_id,
                later.state != State.VOIDED.value,
                later.state.in_(states),
                later.id > Teaching.id,
            )
            .correlate(Teaching)
            .exists(),
        )
        .order_by(Teaching.id.desc())
        .limit(ROWS_A_PAGE + 1)
    )
    if view == "teachers":
        statement = statement.where(own_learners > 0)
    for word in fold(search).split()[:6]:
        statement = statement.where(Person.name_key.contains(word, autoescape=True))
    key = decode_key(after)
    place = key[0] if key and isinstance(key[0], int) else None
    if place is not None:
        statement = statement.where(Teaching.id < place)
    rows = session.execute(statement).all()
    shown = rows[:ROWS_A_PAGE]
    skills = skills_of(session, [row[3] for row in shown])
    return Page(
        rows=[
            LearnerRow(
                learner_id=row[0],
                full_name=row[1],
                ward_name=row[2],
                teaching_id=row[3],
                taught_on=row[4],
                state=row[5],
                counts=bool(row[6]),
                taught=int(row[7]),
                skills=skills.get(row[3], ()),
            )
            for row in shown
        ],
        next=encode_key((shown[-1][3],)) if len(rows) > ROWS_A_PAGE else None,
        first=place is None,
    )


def learner_counts(session: Session, teacher_id: int) -> LearnerCounts:
    """Return how many different learners each view has, without a search."""
    acts = select(
        func.count(distinct(Teaching.learner_id)),
        func.count(distinct(case((Teaching.state.in_(OPEN_STATES), Teaching.learner_id)))),
        func.count(distinct(case((Teaching.state == State.CONFIRMED.value, Teaching.learner_id)))),
    ).where(Teaching.teacher_id == teacher_id, Teaching.state != State.VOIDED.value)
    everyone, open_ones, confirmed = session.execute(acts).one()
    inner = aliased(Credit)
    teach_on = select(func.count(distinct(Teaching.learner_id))).where(
        Teaching.teacher_id == teacher_id,
        Teaching.state == State.CONFIRMED.value,
        select(inner.teaching_id).where(inner.teacher_id == Teaching.learner_id).correlate(Teaching).exists(),
    )
    return LearnerCounts(everyone, open_ones, confirmed, session.scalar(teach_on) or 0)


def skills_of(session: Session, teaching_ids: Iterable[int]) -> dict[int, tuple[SkillName, ...]]:
    """Return the skills of each of these teachings, in the order of the list of skills."""
    ids = sorted(set(teaching_ids))
    if not ids:
        return {}
    statement = (
        select(TeachingSkill.teaching_id, Skill.name_vi, Skill.name_en)
        .join(Skill, Skill.id == TeachingSkill.skill_id)
        .where(TeachingSkill.teaching_id.in_(ids))
        .order_by(TeachingSkill.teaching_id, Skill.position)
    )
    found: dict[int, tuple[SkillName, ...]] = {}
    for teaching_id, vi, en in session.execute(statement):
        found[teaching_id] = (*found.get(teaching_id, ()), SkillName(vi, en))
    return found
