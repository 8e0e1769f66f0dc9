"""Lists of a teacher: who waits for confirmation, and what each act was about. Rows, not objects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from learning.models import Skill
from people.models import Person
from referrals.learner_list import OPEN
from referrals.models.acts import ConfirmationCode, Teaching, TeachingSkill

# The words of the partial index, so that both databases see that it serves.
_IS_OPEN: Final = Teaching.state.in_([literal_column(f"'{state}'") for state in OPEN])


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
        .where(Teaching.teacher_id == teacher_id, _IS_OPEN)
        .order_by(Teaching.id.desc())
        .limit(limit)
    )
    rows = session.execute(statement).all()
    skills = skills_of(session, [row[0] for row in rows])
    return [WaitingRow(*row, skills.get(row[0], ())) for row in rows]


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
