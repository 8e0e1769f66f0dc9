"""Pages where an ambassador writes down whom they taught."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from core.clock import local_day
from core.dates import When, read_when
from core.errors import Conflict, Invalid, NotFound
from core.web import access, asked_id, db, house, now
from learning.queries import skills as skill_queries
from people import queries as people_queries
from people.permissions import Permission
from people.sessions import actor
from referrals.batches import Candidate
from referrals.forms.recording import RecordForm
from referrals.forms.words import tell
from referrals.models.acts import Teaching
from referrals.queries import teachings
from referrals.queries import waiting as waits
from referrals.routes.blueprint import blueprint, language
from referrals.services import hinting, recording, waiting
from referrals.services.recording import MaybeSamePerson


@blueprint.route("/ghi-nhan", methods=["GET", "POST"])
@access.needs(Permission.TEACHING_RECORD)
def record() -> str | Response | tuple[str, int]:
    """Ask whom I taught; write it down and go to the page with the code."""
    form = _record_form()
    if request.method == "GET":
        return _record_page(form)
    if not form.validate_on_submit():
        return _record_page(form), 422
    try:
        done = recording.record_teaching(
            db(), actor(), form.wish(), now(), house().box, house().settings.confirm_days
        )
    except MaybeSamePerson as question:
        form.ask_who(question.candidates)
        tell(form, question.fields)
        return _record_page(form), 422
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _record_page(form), 422
    except Conflict as refusal:
        return _collided(form, refusal)
    if form.waiting_id is not None:
        _end_wait(form.waiting_id, done.teaching.id)
    if request.form.get("then") == "next":
        day = form.taught_on.data if form.taught_on.data != local_day(now()) else None
        return redirect(url_for("referrals.record", vua=done.teaching.id, ngay=day), code=303)
    if not done.again:
        flash(gettext("Đã ghi nhận. Giờ nhờ người học xác nhận là xong."), "success")
    return redirect(url_for("referrals.teaching", teaching_id=done.teaching.id), code=303)


def _record_form() -> RecordForm:
    form = RecordForm()
    skills = [
        (skill.id, skill_queries.skill_name(skill, language())) for skill in skill_queries.active_skills(db())
    ]
    wards = [
        (ward.code, ward.full_name if language() == "vi" else ward.full_name_en)
        for ward in people_queries.ward_options(db())
    ]
    form.offer(skills, wards)
    if request.method == "GET":
        _fill_in(form, {skill_id for skill_id, _ in skills})
    elif form.learner.data:
        # The question stood on the page before; what is wrong elsewhere must not lose the answer.
        form.ask_who(_asked_about(form))
    return form


def _fill_in(form: RecordForm, active: set[int]) -> None:
    me = actor().person_id or 0
    last = teachings.last_choices(db(), me)
    form.taught_on.data = _day_before() or local_day(now())
    form.skills.data = [one for one in last.skill_ids if one in active]
    form.place.data = last.place or "home"
    form.ward_code.data = last.ward_code or ""
    wish_id = asked_id("cho")
    if wish_id is not None:
        _fill_in_wish(form, waits.taken_one(db(), me, wish_id, house().box), active)
    form.renew()


def _fill_in_wish(form: RecordForm, wish: waits.Taken, active: set[int]) -> None:
    form.waiting.data = str(wish.id)
    form.full_name.data = wish.full_name
    form.phone.data = wish.phone_shown
    form.ward_code.data = wish.ward_code
    form.age_band.data = wish.age_band
    if wish.skill is not None and wish.skill.id in active:
        form.skills.data = [wish.skill.id]


def _end_wait(wish_id: int, teaching_id: int) -> None:
    # A wish that was withdrawn, or went back to the list meanwhile, costs nobody the record.
    with suppress(NotFound):
        waiting.taught(db(), actor(), wish_id, teaching_id, now())


def _asked_about(form: RecordForm) -> tuple[Candidate, ...]:
    wish = form.wish()
    return hinting.hint(db(), actor(), hinting.HintWish.of(wish), now(), house().box).candidates


def _day_before() -> date | None:
    """The day of the record before, where several of one day are written down in a row."""
    when = read_when(request.args.get("ngay", ""))
    return when.day if isinstance(when, When) and when.precision == "day" else None


def _just_recorded() -> Teaching | None:
    """What was written down just now, for the line above the empty form."""
    written = asked_id("vua")
    if written is None:
        return None
    try:
        return teachings.teaching_for(db(), actor(), written)
    except NotFound:
        return None


def _collided(form: RecordForm, refusal: Conflict) -> Response | tuple[str, int]:
    if refusal.code == "same_act":
        stands = refusal.values.get("teaching_id")
        if isinstance(stands, int):
            flash(gettext("Ngày ấy bạn đã ghi lượt dạy người này rồi. Lượt ấy ở ngay đây."), "info")
            return redirect(url_for("referrals.teaching", teaching_id=stands), code=303)
        tell(form, {"taught_on": "same_act"})
    elif refusal.code == "changed_resend":
        form.renew()
        flash(gettext("Tên này khác với lần bấm trước. Hãy bấm “Ghi nhận” lần nữa để lưu."), "warning")
    else:
        raise refusal
    return _record_page(form), refusal.status


def _record_page(form: RecordForm) -> str:
    return render_template(
        "referrals/record.html", form=form, today=local_day(now()), just_recorded=_just_recorded()
    )
