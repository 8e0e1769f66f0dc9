"""Pages where administrators keep the skills and the target groups."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from core.errors import Conflict, Invalid
from core.web import access, db, now
from learning.forms import GroupForm, SkillForm, tell
from learning.models import Skill, TargetGroup
from learning.queries import skills as skill_queries
from learning.queries import target_groups as group_queries
from learning.services import skills as skill_services
from learning.services import target_groups as group_services
from learning.services.skills import EditedMeanwhile
from learning.words import SkillWords, clean_skill, mark_of, problems_of_skill
from people.permissions import Permission
from people.sessions import actor

blueprint = Blueprint("learning", __name__)


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "vi"


def _step() -> int:
    return -1 if request.form.get("huong") == "len" else 1


# ── skills ──────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/quan-tri/ky-nang")
@access.needs(Permission.SKILL_MANAGE)
def skills() -> str:
    """List the skills in their order, and those that are switched off."""
    rows = skill_queries.skills_in_order(db())
    return render_template(
        "learning/skills.html",
        chosen=[row for row in rows if row.active],
        resting=[row for row in rows if not row.active],
    )


@blueprint.route("/quan-tri/ky-nang/moi", methods=["GET", "POST"])
@access.needs(Permission.SKILL_MANAGE)
def new_skill() -> str | Response | tuple[str, int]:
    """Add a skill."""
    form = _skill_form(None)
    if request.method == "GET":
        return _skill_page(form, None)
    if not form.validate_on_submit():
        return _skill_page(form, None), 422
    if "xem" in request.form:
        return _preview(form, None)
    try:
        skill = skill_services.create_skill(db(), actor(), form.wish(), now())
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _skill_page(form, None), 422
    flash(gettext("Đã thêm %(name)s.", name=skill.name_vi), "success")
    return redirect(url_for("learning.skills"), code=303)


@blueprint.route("/quan-tri/ky-nang/<int:skill_id>", methods=["GET", "POST"])
@access.needs(Permission.SKILL_MANAGE)
def skill(skill_id: int) -> str | Response | tuple[str, int]:
    """Change the words of a skill; what another saved meanwhile is shown, and nothing is written over it."""
    found = skill_queries.skill_by_id(db(), skill_id)
    form = _skill_form(found)
    if request.method == "GET":
        return _skill_page(form, found)
    if not form.validate_on_submit():
        return _skill_page(form, found), 422
    if "xem" in request.form:
        return _preview(form, found)
    try:
        mark = form.mark.data or ""
        skill_services.edit_skill(db(), actor(), skill_id, form.wish(), mark, now())
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _skill_page(form, found), 422
    except EditedMeanwhile as refusal:
        form.mark.data = refusal.mark
        return _skill_page(form, found, meanwhile=True), refusal.status
    flash(gettext("Đã lưu %(name)s.", name=found.name_vi), "success")
    return redirect(url_for("learning.skills"), code=303)


@blueprint.post("/quan-tri/ky-nang/<int:skill_id>/thu-tu")
@access.needs(Permission.SKILL_MANAGE)
def move_skill(skill_id: int) -> Response:
    """Put a skill one place up or down."""
    skill_services.move_skill(db(), actor(), skill_id, _step(), now())
    return redirect(url_for("learning.skills", _anchor=f"ky-nang-{skill_id}"), code=303)


@blueprint.post("/quan-tri/ky-nang/<int:skill_id>/bat-tat")
@access.needs(Permission.SKILL_MANAGE)
def switch_skill(skill_id: int) -> Response | tuple[str, int]:
    """Let a skill be chosen, or no longer."""
    active = request.form.get("bat") == "1"
    try:
        found = skill_services.switch_skill(db(), actor(), skill_id, active, now())
    except Conflict as refusal:
        flash(gettext("Đây là kỹ năng cuối cùng còn chọn được. Hãy bật một kỹ năng khác trước."), "error")
        return skills(), refusal.status
    said = (
        gettext("Đã bật %(name)s.")
        if active
        else gettext("Đã tắt %(name)s. Các lượt dạy cũ vẫn giữ tên này.")
    )
    flash(said % {"name": found.name_vi}, "success")
    return redirect(url_for("learning.skills"), code=303)


def _skill_form(found: Skill | None) -> SkillForm:
    form = SkillForm()
    kept = {group.id for group in found.groups} if found else set()
    form.offer(
        [
            (group.id, group_queries.group_name(group, _language()))
            for group in group_queries.groups_in_order(db())
            if group.active or group.id in kept
        ]
    )
    if found is not None and request.method == "GET":
        words = skill_queries.words_of_skill(found)
        form.show(words, mark_of(words))
    return form


def _preview(form: SkillForm, found: Skill | None) -> str | tuple[str, int]:
    """Show the words as learners would see them; nothing is written."""
    words = clean_skill(form.wish())
    if fields := problems_of_skill(words):
        tell(form, fields)
        return _skill_page(form, found), 422
    return _skill_page(form, found, words=words)


def _skill_page(
    form: SkillForm, found: Skill | None, *, words: SkillWords | None = None, meanwhile: bool = False
) -> str:
    stored = skill_queries.words_of_skill(found) if found else None
    return render_template(
        "learning/skill.html",
        form=form,
        skill=found,
        shown=words or stored,
        typed=words is not None,
        stored=stored if meanwhile else None,
        turn=(found.id if found else 0) % 3,
    )


# ── target groups ───────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/quan-tri/nhom-doi-tuong")
@access.needs(Permission.SKILL_MANAGE)
def groups() -> str:
    """List the target groups in their order, and those that are switched off."""
    rows = group_queries.groups_in_order(db())
    return render_template(
        "learning/groups.html",
        chosen=[row for row in rows if row.active],
        resting=[row for row in rows if not row.active],
    )


@blueprint.route("/quan-tri/nhom-doi-tuong/moi", methods=["GET", "POST"])
@access.needs(Permission.SKILL_MANAGE)
def new_group() -> str | Response | tuple[str, int]:
    """Add a target group."""
    form = GroupForm()
    if request.method == "GET":
        return _group_page(form, None)
    if form.validate_on_submit():
        try:
            made = group_services.create_group(db(), actor(), form.wish(), now())
        except Invalid as refusal:
            tell(form, refusal.fields)
        else:
            flash(gettext("Đã thêm %(name)s.", name=made.name_vi), "success")
            return redirect(url_for("learning.groups"), code=303)
    return _group_page(form, None), 422


@blueprint.route("/quan-tri/nhom-doi-tuong/<int:group_id>", methods=["GET", "POST"])
@access.needs(Permission.SKILL_MANAGE)
def group(group_id: int) -> str | Response | tuple[str, int]:
    """Change the names of a target group."""
    found = group_queries.group_by_id(db(), group_id)
    form = GroupForm()
    if request.method == "GET":
        words = group_queries.words_of_group(found)
        form.show(words, mark_of(words))
        return _group_page(form, found)
    if not form.validate_on_submit():
        return _group_page(form, found), 422
    try:
        group_services.edit_group(db(), actor(), group_id, form.wish(), form.mark.data or "", now())
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _group_page(form, found), 422
    except EditedMeanwhile as refusal:
        form.mark.data = refusal.mark
        return _group_page(form, found, meanwhile=True), refusal.status
    flash(gettext("Đã lưu %(name)s.", name=found.name_vi), "success")
    return redirect(url_for("learning.groups"), code=303)


@blueprint.post("/quan-tri/nhom-doi-tuong/<int:group_id>/thu-tu")
@access.needs(Permission.SKILL_MANAGE)
def move_group(group_id: int) -> Response:
    """Put a group one place up or down."""
    group_services.move_group(db(), actor(), group_id, _step(), now())
    return redirect(url_for("learning.groups", _anchor=f"nhom-{group_id}"), code=303)


@blueprint.post("/quan-tri/nhom-doi-tuong/<int:group_id>/bat-tat")
@access.needs(Permission.SKILL_MANAGE)
def switch_group(group_id: int) -> Response:
    """Let a group be chosen, or no longer."""
    active = request.form.get("bat") == "1"
    found = group_services.switch_group(db(), actor(), group_id, active, now())
    said = gettext("Đã bật %(name)s.") if active else gettext("Đã tắt %(name)s. Các lớp cũ vẫn giữ tên này.")
    flash(said % {"name": found.name_vi}, "success")
    return redirect(url_for("learning.groups"), code=303)


def _group_page(form: GroupForm, found: TargetGroup | None, *, meanwhile: bool = False) -> str:
    return render_template("learning/group.html", form=form, group=found, stored=found if meanwhile else None)
