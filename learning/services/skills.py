"""Writes of learning: the start set of skills."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.models import Skill
from learning.queries.skills import skills_by_code
from learning.start_set import START_SET
from people.permissions import Actor, Permission, ensure


def install_skills(session: Session, actor: Actor) -> int:
    """Add the skills of the start set whose codes are missing, after those that are there; return how many.

    A skill that an administrator renamed or switched off stays as it is.
    """
    ensure(actor, Permission.SYSTEM_OPERATE)
    known = skills_by_code(session)
    position = session.scalar(select(func.max(Skill.position))) or 0
    added = 0
    for wanted in START_SET:
        if wanted.code in known:
            continue
        added += 1
        session.add(
            Skill(
                code=wanted.code,
                name_vi=wanted.name_vi,
                name_en=wanted.name_en,
                position=position + added,
                active=True,
            )
        )
    session.flush()
    return added
