"""Writes of skills: the start set, and what administrators make of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.vietnamese import fold
from learning.models import Skill, TargetGroup
from learning.queries.skills import skills_by_code, skills_in_order, words_of_skill
from learning.start_set import START_SET, StartSkill
from learning.words import SkillWords, clean_skill, code_from, mark_of, moved, problems_of_skill
from people.models import AuditEntry
from people.permissions import Actor, Permission, ensure
from people.services.audit import write_audit


class EditedMeanwhile(Conflict):
    """Somebody else saved other words after the page was opened; `mark` is that of what stands now."""

    def __init__(self, mark: str) -> None:
        super().__init__("edited_meanwhile")
        self.mark = mark


def install_skills(session: Session, actor: Actor) -> int:
    """Add the skills of the start set whose codes are missing, after those that are there; return how many.

    A skill of the start set that nobody has edited and that has no card or no question is given its own. One
    that an administrator renamed or switched off stays as it is.
    """
    ensure(actor, Permission.SYSTEM_OPERATE)
    known = skills_by_code(session)
    edited = set(
        session.scalars(
            select(AuditEntry.subject_id).where(
                AuditEntry.subject_kind == "skill", AuditEntry.action == "skill.edited"
            )
        )
    )
    position = session.scalar(select(func.max(Skill.position))) or 0
    added = 0
    for wanted in START_SET:
        skill = known.get(wanted.code)
        if skill is None:
            added += 1
            skill = Skill(
                code=wanted.code,
                name_vi=wanted.name_vi,
                name_en=wanted.name_en,
                position=position + added,
                active=True,
            )
            session.add(skill)
        elif str(skill.id) in edited:
            continue
        _fill(skill, wanted)
    session.flush()
    return added


def _fill(skill: Skill, wanted: StartSkill) -> None:
    """Give a skill the card and the question of the start set, where it has none."""
    if not skill.card_vi and not skill.card_en:
        skill.card_vi, skill.card_en = "\n".join(wanted.vi.card), "\n".join(wanted.en.card)
    if not skill.question_vi and not skill.question_en:
        skill.question_vi, skill.question_en = wanted.vi.question, wanted.en.question
        skill.options_vi, skill.options_en = list(wanted.vi.options), list(wanted.en.options)


def create_skill(session: Session, actor: Actor, wish: SkillWords, now: datetime) -> Skill:
    """Add a skill after the others. Raises Invalid("skill_invalid") with fields."""
    ensure(actor, Permission.SKILL_MANAGE)
    words = _checked(session, wish, None)
    for last in (False, True):
        position = session.scalar(select(func.max(Skill.position))) or 0
        code = code_from(words.name_en, list(skills_by_code(session)))
        skill = Skill(code=code, position=position + 1, active=True)
        _write(session, skill, words)
        try:
            # Another may take the code at the same moment: then the next one is ours.
            with session.begin_nested():
                session.add(skill)
            break
        except IntegrityError:
            if last:
                raise
    write_audit(session, actor, "skill.created", "skill", skill.id, {"code": skill.code}, now)
    return skill


def edit_skill(
    session: Session, actor: Actor, skill_id: int, wish: SkillWords, mark: str, now: datetime
) -> Skill:
    """Give a skill other words. `mark` is that of the words the page was opened with.

    Raises NotFound, Invalid("skill_invalid") with fields, and EditedMeanwhile: then nothing is written, and
    who still means it sends again with the mark of what stands now.
    """
    ensure(actor, Permission.SKILL_MANAGE)
    skill = _locked(session, skill_id)
    words = _checked(session, wish, skill)
    present = words_of_skill(skill)
    if words == present:
        return skill
    if mark != mark_of(present):
        raise EditedMeanwhile(mark_of(present))
    changed = [name for name in vars(words) if getattr(words, name) != getattr(present, name)]
    _write(session, skill, words)
    session.flush()
    write_audit(session, actor, "skill.edited", "skill", skill.id, {"fields": sorted(changed)}, now)
    return skill


def move_skill(session: Session, actor: Actor, skill_id: int, step: int, now: datetime) -> None:
    """Put a skill one place further down in its list, or up where `step` is below zero."""
    ensure(actor, Permission.SKILL_MANAGE)
    skill = _locked(session, skill_id)
    rows = [one for one in skills_in_order(session, lock=True) if one.active == skill.active]
    order = moved([one.id for one in rows], skill.id, step)
    if order == [one.id for one in rows]:
        return
    places = sorted(one.position for one in rows)
    if len(set(places)) < len(places):
        places = list(range(1, len(rows) + 1))
    for one in rows:
        one.position = places[order.index(one.id)]
    session.flush()
    write_audit(session, actor, "skill.ordered", "skill", skill.id, {"place": order.index(skill.id) + 1}, now)


def switch_skill(session: Session, actor: Actor, skill_id: int, active: bool, now: datetime) -> Skill:
    """Let a skill be chosen, or no longer: old teachings keep it. Twice is once.

    Raises NotFound, Conflict("last_skill") for the last one that can be chosen.
    """
    ensure(actor, Permission.SKILL_MANAGE)
    skill = _locked(session, skill_id)
    if skill.active == active:
        return skill
    others = [one for one in skills_in_order(session, lock=True) if one.active and one.id != skill.id]
    if not active and not others:
        raise Conflict("last_skill")
    skill.active = active
    session.flush()
    action = "skill.switched_on" if active else "skill.switched_off"
    write_audit(session, actor, action, "skill", skill.id, {}, now)
    return skill


def _locked(session: Session, skill_id: int) -> Skill:
    skill = session.get(Skill, skill_id, with_for_update=True, populate_existing=True)
    if skill is None:
        raise NotFound("not_found")
    return skill


def _checked(session: Session, wish: SkillWords, skill: Skill | None) -> SkillWords:
    words = clean_skill(wish)
    fields = problems_of_skill(words)
    others = [one for one in skills_in_order(session) if skill is None or one.id != skill.id]
    for field, taken in (
        ("name_vi", {fold(one.name_vi) for one in others}),
        ("name_en", {fold(one.name_en) for one in others}),
    ):
        if field not in fields and fold(getattr(words, field)) in taken:
            fields[field] = "name_taken"
    known = set(session.scalars(select(TargetGroup.id).where(TargetGroup.id.in_(words.group_ids))))
    if known != set(words.group_ids):
        fields["group_ids"] = "not_a_choice"
    if fields:
        raise Invalid("skill_invalid", fields)
    return words


def _write(session: Session, skill: Skill, words: SkillWords) -> None:
    skill.name_vi, skill.name_en = words.name_vi, words.name_en
    skill.card_vi, skill.card_en = words.card_vi, words.card_en
    skill.question_vi, skill.question_en = words.question_vi, words.question_en
    skill.options_vi, skill.options_en = list(words.options_vi), list(words.options_en)
    skill.groups = list(session.scalars(select(TargetGroup).where(TargetGroup.id.in_(words.group_ids))))
