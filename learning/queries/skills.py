"""Reads of learning: the skills that are taught."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from learning.models import Skill
from learning.words import SkillWords


def active_skills(session: Session) -> list[Skill]:
    """Return the skills that can be chosen today, in their order."""
    return list(session.scalars(select(Skill).where(Skill.active).order_by(Skill.position, Skill.id)))


def skills_in_order(session: Session, *, lock: bool = False) -> list[Skill]:
    """Return every skill in its order, those switched off too."""
    statement = select(Skill).order_by(Skill.position, Skill.id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(statement))


def skill_by_id(session: Session, skill_id: int) -> Skill:
    """Return a skill. Raises NotFound."""
    skill = session.get(Skill, skill_id)
    if skill is None:
        raise NotFound("not_found")
    return skill


def skills_by_ids(session: Session, ids: Iterable[int]) -> dict[int, Skill]:
    """Return the skills with these ids, inactive ones too; unknown ids are missing."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {skill.id: skill for skill in session.scalars(select(Skill).where(Skill.id.in_(wanted)))}


def skills_by_code(session: Session) -> dict[str, Skill]:
    """Return every skill by its code, inactive ones too."""
    return {skill.code: skill for skill in session.scalars(select(Skill))}


def skill_name(skill: Skill, language: str) -> str:
    """Return the name of a skill in a language ('vi' or 'en').

    >>> skill_name(Skill(name_vi="Dịch vụ công", name_en="Public services"), "en")
    'Public services'
    """
    return skill.name_en if language == "en" else skill.name_vi


def card_lines(skill: Skill, language: str) -> list[str]:
    r"""Return what the card of a skill says, in a language; in Vietnamese where there is no other.

    >>> card_lines(Skill(card_vi="Một.\nHai.", card_en=""), "en")
    ['Một.', 'Hai.']
    """
    card = (skill.card_en if language == "en" else "") or skill.card_vi or ""
    return [line for line in card.split("\n") if line]


def words_of_skill(skill: Skill) -> SkillWords:
    """Return everything that an administrator writes about a skill."""
    return SkillWords(
        name_vi=skill.name_vi,
        name_en=skill.name_en,
        card_vi=skill.card_vi,
        card_en=skill.card_en,
        question_vi=skill.question_vi,
        question_en=skill.question_en,
        options_vi=tuple(skill.options_vi),
        options_en=tuple(skill.options_en),
        group_ids=tuple(sorted(group.id for group in skill.groups)),
    )
