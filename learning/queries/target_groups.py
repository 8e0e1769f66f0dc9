"""Reads of target groups."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from learning.models import TargetGroup
from learning.words import GroupWords


def active_groups(session: Session) -> list[TargetGroup]:
    """Return the groups that can be chosen today, in their order."""
    return [group for group in groups_in_order(session) if group.active]


def groups_in_order(session: Session, *, lock: bool = False) -> list[TargetGroup]:
    """Return every group in its order, those switched off too."""
    statement = select(TargetGroup).order_by(TargetGroup.position, TargetGroup.id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(statement))


def group_by_id(session: Session, group_id: int) -> TargetGroup:
    """Return a group. Raises NotFound."""
    group = session.get(TargetGroup, group_id)
    if group is None:
        raise NotFound("not_found")
    return group


def words_of_group(group: TargetGroup) -> GroupWords:
    """Return what an administrator writes about a group."""
    return GroupWords(group.name_vi, group.name_en)


def group_name(group: TargetGroup, language: str) -> str:
    """Return the name of a group in a language ('vi' or 'en')."""
    return group.name_en if language == "en" else group.name_vi
