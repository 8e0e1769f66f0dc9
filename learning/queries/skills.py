"""Reads of learning: the skills that are taught."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.models import Skill


def active_skills(session: Session) -> list[Skill]:
    """Return the skills that can be chosen today, in their order."""
    return list(session.scalars(select(Skill).where(Skill.active).order_by(Skill.position, Skill.id)))


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
