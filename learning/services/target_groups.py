"""Writes of target groups: the start set, and what administrators make of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound
from core.vietnamese import fold
from learning.models import TargetGroup
from learning.queries.target_groups import groups_in_order, words_of_group
from learning.services.skills import EditedMeanwhile
from learning.start_set import START_GROUPS
from learning.words import GroupWords, clean_group, code_from, mark_of, moved, problems_of_names
from people.permissions import Actor, Permission, ensure
from people.services.audit import write_audit


def install_target_groups(session: Session, actor: Actor) -> int:
    """Add the groups of the start set whose codes are missing; return how many."""
    ensure(actor, Permission.SYSTEM_OPERATE)
    known = set(session.scalars(select(TargetGroup.code)))
    position = session.scalar(select(func.max(TargetGroup.position))) or 0
    missing = [group for group in START_GROUPS if group.code not in known]
    for place, group in enumerate(missing, start=position + 1):
        session.add(
            TargetGroup(
                code=group.code, name_vi=group.name_vi, name_en=group.name_en, position=place, active=True
            )
        )
    session.flush()
    return len(missing)


def create_group(session: Session, actor: Actor, wish: GroupWords, now: datetime) -> TargetGroup:
    """Add a group after the others. Raises Invalid("group_invalid") with fields."""
    ensure(actor, Permission.SKILL_MANAGE)
    words = _checked(session, wish, None)
    for last in (False, True):
        codes = list(session.scalars(select(TargetGroup.code)))
        group = TargetGroup(
            code=code_from(words.name_en, codes),
            name_vi=words.name_vi,
            name_en=words.name_en,
            position=(session.scalar(select(func.max(TargetGroup.position))) or 0) + 1,
            active=True,
        )
        try:
            # Another may take the code at the same moment: then the next one is ours.
            with session.begin_nested():
                session.add(group)
            break
        except IntegrityError:
            if last:
                raise
    write_audit(session, actor, "group.created", "target_group", group.id, {"code": group.code}, now)
    return group


def edit_group(
    session: Session, actor: Actor, group_id: int, wish: GroupWords, mark: str, now: datetime
) -> TargetGroup:
    """Give a group other names. Raises NotFound, Invalid("group_invalid") with fields, EditedMeanwhile."""
    ensure(actor, Permission.SKILL_MANAGE)
    group = _locked(session, group_id)
    words = _checked(session, wish, group)
    present = words_of_group(group)
    if words == present:
        return group
    if mark != mark_of(present):
        raise EditedMeanwhile(mark_of(present))
    group.name_vi, group.name_en = words.name_vi, words.name_en
    session.flush()
    write_audit(session, actor, "group.edited", "target_group", group.id, {}, now)
    return group


def move_group(session: Session, actor: Actor, group_id: int, step: int, now: datetime) -> None:
    """Put a group one place further down in its list, or up where `step` is below zero."""
    ensure(actor, Permission.SKILL_MANAGE)
    group = _locked(session, group_id)
    rows = [one for one in groups_in_order(session, lock=True) if one.active == group.active]
    order = moved([one.id for one in rows], group.id, step)
    if order == [one.id for one in rows]:
        return
    for one in rows:
        one.position = order.index(one.id) + 1
    session.flush()
    write_audit(session, actor, "group.ordered", "target_group", group.id, {}, now)


def switch_group(session: Session, actor: Actor, group_id: int, active: bool, now: datetime) -> TargetGroup:
    """Let a group be chosen, or no longer: old classes keep it. Twice is once. Raises NotFound."""
    ensure(actor, Permission.SKILL_MANAGE)
    group = _locked(session, group_id)
    if group.active == active:
        return group
    group.active = active
    session.flush()
    action = "group.switched_on" if active else "group.switched_off"
    write_audit(session, actor, action, "target_group", group.id, {}, now)
    return group


def _locked(session: Session, group_id: int) -> TargetGroup:
    group = session.get(TargetGroup, group_id, with_for_update=True, populate_existing=True)
    if group is None:
        raise NotFound("not_found")
    return group


def _checked(session: Session, wish: GroupWords, group: TargetGroup | None) -> GroupWords:
    words = clean_group(wish)
    fields = problems_of_names(words.name_vi, words.name_en)
    others = [one for one in groups_in_order(session) if group is None or one.id != group.id]
    if "name_vi" not in fields and fold(words.name_vi) in {fold(one.name_vi) for one in others}:
        fields["name_vi"] = "name_taken"
    if "name_en" not in fields and fold(words.name_en) in {fold(one.name_en) for one in others}:
        fields["name_en"] = "name_taken"
    if fields:
        raise Invalid("group_invalid", fields)
    return words
