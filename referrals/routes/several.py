"""Pages where several people are written down at once, and hints while a name is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from core.clock import local_day
from core.dates import When, read_when
from core.errors import Invalid
from core.limiter import address, limiter
from core.web import access, db, house, now
from learning.queries import skills as skill_queries
from people import queries as people_queries
from people.permissions import Permission
from people.sessions import actor
from referrals.batches import Written
from referrals.forms import several as forms
from referrals.forms.recording import described
from referrals.forms.several import SeveralForm, Shown
from referrals.forms.words import tell
from referrals.name_lists import MOST_LINES
from referrals.queries import teachings
from referrals.routes.blueprint import blueprint, language, whole_address
from referrals.services import batches, hinting
from referrals.services import several as several_acts
from referrals.services.hinting import HintWish
from referrals.words import STATE_WORDS

# Soft: a hint that does not come costs nothing, and the question is asked again when the form is sent.
HINT_LIMIT: Final = "90 per minute"


def _who() -> str:
    return f"hint:{actor().account_id or address()}"


@blueprint.get("/ghi-nhan/goi-y")
@access.needs(Permission.TEACHING_RECORD)
@limiter.limit(HINT_LIMIT, key_func=_who)
def hint() -> Response:
    """Say whom the name in the form may stand for, as JSON for the script of the record page."""
    when = read_when(request.args.get("taught_on", "")[:40])
    wish = HintWish(
        request.args.get("full_name", "")[:300],
        request.args.get("phone", "")[:60],
        request.args.get("ward_code") or None,
        request.args.get("age_band") or None,
        when.day if isinstance(when, When) and when.precision == "day" else None,
    )
    found = hinting.hint(db(), actor(), wish, now(), house().box)
    question = ""
    if found.candidates:
        question = (
            gettext("Có phải một người không?")
            if len(found.candidates) == 1
            else gettext("Là ai trong số này?")
        )
    elif found.own_name:
        question = gettext("Đây là tên của chính bạn. Có đúng là một người khác không?")
    return jsonify(
        question=question,
        stands=gettext("Ngày này bạn đã ghi lượt dạy người ấy rồi.") if found.same_act else "",
        candidates=[{"id": one.person_id, "text": described(one)} for one in found.candidates],
    )


@dataclass(frozen=True)
class Saved:
    """What became of a list that was sent, for the notice above what is left of it."""

    written: int
    mark: str
    left: Sequence[Shown]


@blueprint.route("/ghi-nhan/nhieu-nguoi", methods=["GET", "POST"])
@access.needs(Permission.TEACHING_RECORD)
def several() -> str | Response | tuple[str, int]:
    """Take a list of people, show what is thought of each, and write down those that are decided."""
    form = _several_form()
    if request.method == "GET":
        return _several_page(form)
    people = form.typed() if form.validate_on_submit() else []
    if form.errors:
        return _several_page(form), 422
    frame = form.frame(actor().person_id or 0)
    try:
        verdicts = batches.judge_lines(db(), actor(), frame, form.lines(people), now(), house().box)
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _several_page(form), 422
    lines = forms.shown(people, verdicts, request.form)
    if request.form.get("step") != "save":
        return _several_page(form, lines)
    if waiting := [line for line in lines if line.waits]:
        words = ngettext(
            "Còn %(num)s dòng cần bạn trả lời.", "Còn %(num)s dòng cần bạn trả lời.", len(waiting)
        )
        form.form_errors.append(words)
        return _several_page(form, lines), 422
    decided = [line.decided for line in lines]
    box, days = house().box, house().settings.confirm_days
    written = batches.write_lines(db(), actor(), frame, decided, now(), box, days)
    return _saved(form, lines, written)


@blueprint.get("/ghi-nhan/nhieu-nguoi/<uuid:mark>")
@access.needs(Permission.TEACHING_RECORD)
def several_done(mark: UUID) -> str:
    """Show the people of a list that was written down, with their codes, to be read aloud or printed."""
    lines = several_acts.codes_of(db(), actor(), str(mark), house().box)
    return render_template(
        "referrals/several_done.html",
        lines=lines,
        mark=mark,
        without=sum(line.digits is None and line.state == "recorded" for line in lines),
        type_at=whole_address(url_for("referrals.type_code")).split("://", 1)[-1],
        state_words=STATE_WORDS,
    )


@blueprint.post("/ghi-nhan/nhieu-nguoi/<uuid:mark>/ma")
@access.needs(Permission.TEACHING_RECORD)
def several_digits(mark: UUID) -> Response:
    """Draw six digits for those of a long list who have none yet."""
    several_acts.deal_digits(db(), actor(), str(mark), now(), house().box)
    return redirect(url_for("referrals.several_done", mark=mark), code=303)


def _several_form() -> SeveralForm:
    form = SeveralForm()
    skills = [
        (skill.id, skill_queries.skill_name(skill, language())) for skill in skill_queries.active_skills(db())
    ]
    wards = [
        (ward.code, ward.full_name if language() == "vi" else ward.full_name_en)
        for ward in people_queries.ward_options(db())
    ]
    form.offer(skills, wards)
    if request.method == "GET":
        last = teachings.last_choices(db(), actor().person_id or 0)
        form.taught_on.data = local_day(now())
        form.skills.data = [one for one in last.skill_ids if one in dict(skills)]
        form.place.data = last.place or "home"
        form.ward_code.data = last.ward_code or ""
        form.renew()
    return form


def _saved(form: SeveralForm, lines: Sequence[Shown], written: Sequence[Written]) -> str | Response:
    """Go on to the codes; or, where lines are left, show them again: nothing that was typed is lost."""
    stands = {"same_act", "again"}
    left = [
        line
        for line, one in zip(lines, written, strict=True)
        if one.outcome != "written" and not stands.intersection(one.reasons)
    ]
    made = sum(one.outcome == "written" or "again" in one.reasons for one in written)
    saved = Saved(made, form.mark, left)
    if left:
        form.names.data = "\n".join(line.typed.raw for line in left)
        form.renew()
        return _several_page(form, saved=saved)
    if not made:
        flash(gettext("Những người này đều đã được ghi trong ngày ấy rồi, không ghi lại."), "info")
        return redirect(url_for("referrals.learners"), code=303)
    flash(
        ngettext("Đã ghi nhận %(num)s người.", "Đã ghi nhận %(num)s người.", made),
        "success",
    )
    return redirect(url_for("referrals.several_done", mark=saved.mark), code=303)


def _several_page(form: SeveralForm, lines: Sequence[Shown] = (), saved: Saved | None = None) -> str:
    by_kind = {kind: [line for line in lines if line.verdict.kind == kind] for kind in forms.KINDS}
    return render_template(
        "referrals/several.html",
        form=form,
        today=local_day(now()),
        lines=lines,
        by_kind=by_kind,
        to_write=sum(line.writes for line in lines),
        saved=saved,
        most_lines=MOST_LINES,
    )
