"""Mend a typing mistake before the learner confirms."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from core.clock import local_day
from core.errors import Conflict, Invalid, NotFound
from core.web import access, db, house, now
from learning.queries import skills as skill_queries
from people import queries as people_queries
from people.permissions import Permission, may
from people.phones import mask
from people.sessions import actor
from referrals.forms.correcting import CorrectForm
from referrals.forms.words import tell
from referrals.models.acts import Teaching
from referrals.queries import correctable, teachings
from referrals.routes.blueprint import blueprint, language
from referrals.services import correcting
from referrals.services.correcting import ChangedMeanwhile


@blueprint.route("/luot-day/<int:teaching_id>/sua", methods=["GET", "POST"])
@access.signed_in
def correct(teaching_id: int) -> str | Response | tuple[str, int]:
    """Put right what was typed wrong; a confirmed act stays as the learner confirmed it."""
    found = teachings.teaching_for(db(), actor(), teaching_id)
    unit_id, owner_id = found.teacher.unit_id, found.teacher_id
    if not may(actor(), Permission.TEACHING_CORRECT, unit_id=unit_id, owner_id=owner_id):
        raise NotFound("not_found")
    here = url_for("referrals.teaching", teaching_id=teaching_id)
    if not correctable.may_correct(actor(), found):
        flash(gettext("Lượt này không còn sửa được nữa. Nếu sai, hãy rút lại rồi ghi nhận lại."), "warning")
        return redirect(here, code=303)
    form = _form(found)
    if request.method == "GET":
        form.show(correcting.as_it_stands(found), correcting.mark_of(found))
        return _page(found, form)
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        wish, mark = form.wish(correcting.as_it_stands(found)), form.mark.data or ""
        correcting.correct_teaching(db(), actor(), teaching_id, wish, mark, now(), house().box)
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _page(found, form), 422
    except ChangedMeanwhile as refusal:
        form.mark.data = refusal.mark
        return _page(found, form, meanwhile=True), refusal.status
    except Conflict as refusal:
        flash(gettext("Lượt này vừa được trả lời, nên không sửa được nữa."), "warning")
        return _page(found, form), refusal.status
    flash(gettext("Đã sửa. Mã và đường dẫn đã gửi vẫn dùng được."), "success")
    return redirect(here, code=303)


def _form(found: Teaching) -> CorrectForm:
    form = CorrectForm()
    kept = {skill.id for skill in found.skills}
    known = {skill.id: skill for skill in (*skill_queries.active_skills(db()), *found.skills)}
    wards = [
        (ward.code, ward.full_name if language() == "vi" else ward.full_name_en)
        for ward in people_queries.ward_options(db())
    ]
    form.offer(
        [
            (skill.id, skill_queries.skill_name(skill, language()))
            for skill in known.values()
            if skill.active or skill.id in kept
        ],
        wards,
        person=correctable.bound(db(), found) is None,
        act=found.class_id is None,
    )
    return form


def _page(found: Teaching, form: CorrectForm, *, meanwhile: bool = False) -> str:
    return render_template(
        "referrals/correct.html",
        teaching=found,
        form=form,
        bound=correctable.bound(db(), found),
        meanwhile=meanwhile,
        phone=mask(found.learner.phone_tail) if found.learner.phone_tail else None,
        skills=[skill_queries.skill_name(skill, language()) for skill in found.skills],
        today=local_day(now()),
    )
