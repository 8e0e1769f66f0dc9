"""The page of one act, and what its teacher may do with it."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from core.errors import Invalid, NotFound
from core.web import access, db, house, now
from learning.queries import skills as skill_queries
from people.names import given_name
from people.permissions import Permission
from people.sessions import actor
from referrals.codes import Door
from referrals.forms.teaching import WithdrawForm
from referrals.models.acts import Teaching
from referrals.qr import qr_svg
from referrals.queries import correctable, facts, papers, teachings
from referrals.routes.blueprint import answer_link, blueprint, language, whole_address
from referrals.services import issuing, voiding
from referrals.states import State
from referrals.words import AGE_WORDS, STATE_WORDS


@blueprint.get("/luot-day/<int:teaching_id>")
@access.signed_in
def teaching(teaching_id: int) -> str:
    """Show one act: the ways for the learner to confirm it, what was done, its history."""
    found = teachings.teaching_for(db(), actor(), teaching_id)
    mine = found.teacher_id == actor().person_id
    code = teachings.newest_code(db(), teaching_id) if mine else None
    waits = code is not None and found.state == State.RECORDED.value and code.expires_at > now()
    link = answer_link(Door(teaching_id, code.serial)) if code is not None and waits else None
    return render_template(
        "referrals/teaching.html",
        teaching=found,
        learner_given=given_name(found.learner.full_name),
        mine=mine,
        link=link,
        qr_code=qr_svg(link) if link else None,
        code_digits=issuing.open_digits(db(), actor(), teaching_id, house().box) if link else None,
        type_at=whole_address(url_for("referrals.type_code")).split("://", 1)[-1],
        expires_at=code.expires_at if code else None,
        can_reissue=mine and State(found.state) in issuing.REISSUABLE,
        can_correct=correctable.may_correct(actor(), found),
        can_void=teachings.may_void(actor(), found),
        skills=[skill_queries.skill_name(skill, language()) for skill in found.skills],
        cards=[
            (skill_queries.skill_name(skill, language()), skill_queries.card_lines(skill, language()))
            for skill in found.skills
            if skill.card_vi
        ],
        paper=papers.paper_evidence(db(), teaching_id),
        moves=teachings.history(db(), teaching_id),
        return_reason=teachings.last_reason(db(), teaching_id, State.RETURNED),
        dispute_reason=teachings.last_reason(db(), teaching_id, State.DISPUTED),
        facts=facts.facts_of(db(), [found.teacher_id])[found.teacher_id],
        state_words=STATE_WORDS,
        age_words=AGE_WORDS,
    )


@blueprint.get("/luot-day/<int:teaching_id>/trang-thai")
@access.signed_in
def status(teaching_id: int) -> Response:
    """Tell the page that waits for the learner how things stand: a few bytes of JSON."""
    found = teachings.teaching_for(db(), actor(), teaching_id)
    return jsonify(state=found.state)


@blueprint.post("/luot-day/<int:teaching_id>/ma-moi")
@access.needs(Permission.TEACHING_RECORD)
def reissue(teaching_id: int) -> Response:
    """Make a new link and new digits; the old ones stop working."""
    issuing.reissue(db(), actor(), teaching_id, now(), house().box, house().settings.confirm_days)
    flash(gettext("Đã có mã mới. Mã cũ không dùng được nữa."), "success")
    return redirect(url_for("referrals.teaching", teaching_id=teaching_id), code=303)


@blueprint.route("/luot-day/<int:teaching_id>/rut-lai", methods=["GET", "POST"])
@access.signed_in
def withdraw(teaching_id: int) -> str | Response | tuple[str, int]:
    """Ask once, then take an act back."""
    found = teachings.teaching_for(db(), actor(), teaching_id)
    if not teachings.may_void(actor(), found):
        raise NotFound("not_found")
    form = WithdrawForm()
    form.offer()
    if request.method == "GET":
        return _withdraw_page(found, form)
    if not form.validate_on_submit():
        return _withdraw_page(found, form), 422
    try:
        voiding.void(db(), actor(), teaching_id, form.reason_kept(), now())
    except Invalid:
        form.why.errors = [gettext("Hãy chọn hoặc viết một lý do.")]
        return _withdraw_page(found, form), 422
    flash(gettext("Đã rút lại lượt dạy này. Nếu rút nhầm, hãy ghi nhận lại."), "success")
    mine = found.teacher_id == actor().person_id
    back = url_for("referrals.learners") if mine else url_for("referrals.teaching", teaching_id=teaching_id)
    if mine and found.class_id is not None:
        back = url_for("referrals.class_page", class_id=found.class_id)
    return redirect(back, code=303)


def _withdraw_page(found: Teaching, form: WithdrawForm) -> str:
    # The service asks others than the teacher for a reason, and everybody once the learner has confirmed.
    own = found.teacher_id == actor().person_id and found.state != State.CONFIRMED.value
    return render_template("referrals/withdraw.html", teaching=found, form=form, needs_reason=not own)
