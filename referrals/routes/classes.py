"""Pages of classes and home visits: list them, open one, put it right, say how many came, call it off."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from core.clock import local_day
from core.errors import Conflict, Invalid, NotAllowed
from core.web import access, db, now
from learning.classes import COUNTS, KINDS, ClassState
from learning.models import ClassSession
from learning.queries import classes as class_queries
from learning.queries import skills as skill_queries
from learning.services import classes as class_services
from people import queries as people_queries
from people.names import name_key
from people.permissions import Permission, Role, may
from people.sessions import actor
from referrals.forms.classes import CallOffForm, ClassForm, CountsForm, row_id
from referrals.forms.words import tell
from referrals.queries import class_lists, teachings
from referrals.routes.blueprint import blueprint, language
from referrals.services import check_in, class_attendance
from referrals.words import STATE_WORDS


@blueprint.get("/lop-hoc")
@access.needs(Permission.CLASS_HOLD)
def classes() -> str:
    """List the classes that I teach in, and those of the units that I answer for."""
    page = class_queries.classes_page(db(), actor(), request.args.get("sau"))
    return render_template(
        "referrals/classes.html",
        page=page,
        tallies=class_lists.tallies(db(), [row.id for row in page.rows]),
        kinds=KINDS,
        today=local_day(now()),
        me=actor().person_id,
    )


@blueprint.route("/lop-hoc/moi", methods=["GET", "POST"])
@access.needs(Permission.CLASS_HOLD)
def new_class() -> str | Response | tuple[str, int]:
    """Ask what is to be taught, where and with whom; open the class."""
    form = _class_form(None)
    if request.method == "GET":
        _fill_in(form)
        _offer_people(form, None)
        return _form_page(form, None)
    _offer_people(form, None)
    if request.form.get("find"):
        _find(form, request.form["find"], None)
        return _form_page(form, None)
    if not form.validate_on_submit():
        return _form_page(form, None), 422
    try:
        opened = class_services.open_class(db(), actor(), form.wish(), now())
    except Invalid as refusal:
        fields = dict(refusal.fields)
        if fields.pop("lead", None):
            fields["lead_name"] = "choose_lead"
        tell(form, fields)
        return _form_page(form, None), 422
    except Conflict as refusal:
        if refusal.code != "changed_resend":
            raise
        form.renew()
        flash(gettext("Lớp này khác với lần bấm trước. Hãy bấm “Mở lớp” lần nữa để lưu."), "warning")
        return _form_page(form, None), refusal.status
    if not opened.again:
        flash(gettext("Đã mở lớp. Giờ ghi những người đến."), "success")
    return redirect(url_for("referrals.class_page", class_id=opened.held.id), code=303)


@blueprint.get("/lop-hoc/<int:class_id>")
@access.signed_in
def class_page(class_id: int) -> str:
    """Show a class: who came, the ways to write it down, how many, and what can be done."""
    held = class_queries.class_for(db(), actor(), class_id)
    form = CountsForm()
    form.fill_from(held)
    return _page(held, form)


@blueprint.route("/lop-hoc/<int:class_id>/sua", methods=["GET", "POST"])
@access.needs(Permission.CLASS_HOLD)
def edit_class(class_id: int) -> str | Response | tuple[str, int]:
    """Put right what is said of a class."""
    held = _mine(class_id)
    form = _class_form(held)
    if request.method == "GET":
        form.fill_from(held)
        _offer_people(form, held)
        return _form_page(form, held)
    _offer_people(form, held)
    if request.form.get("find"):
        _find(form, request.form["find"], held)
        return _form_page(form, held)
    if not form.validate_on_submit():
        return _form_page(form, held), 422
    try:
        changed = class_attendance.change_class(db(), actor(), class_id, form.wish(), now())
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _form_page(form, held), 422
    flash(gettext("Đã sửa lớp."), "success")
    if changed.moved:
        text = ngettext(
            "%(num)s lượt chưa xác nhận đổi ngày theo lớp.",
            "%(num)s lượt chưa xác nhận đổi ngày theo lớp.",
            changed.moved,
        )
        flash(text, "success")
    if changed.stayed:
        text = ngettext(
            "%(num)s lượt giữ ngày cũ, vì ngày mới đã có một lượt của cùng người.",
            "%(num)s lượt giữ ngày cũ, vì ngày mới đã có một lượt của cùng người.",
            changed.stayed,
        )
        flash(text, "warning")
    return redirect(url_for("referrals.class_page", class_id=class_id), code=303)


@blueprint.post("/lop-hoc/<int:class_id>/so-nguoi")
@access.needs(Permission.CLASS_HOLD)
def class_counts(class_id: int) -> Response | tuple[str, int]:
    """Keep how many came, and the anonymous counts."""
    form = CountsForm()
    held = class_queries.class_for(db(), actor(), class_id)
    if not form.validate_on_submit():
        return _page(held, form), 422
    try:
        class_attendance.say_who_came(db(), actor(), class_id, form.counts())
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _page(held, form), 422
    flash(gettext("Đã lưu số người."), "success")
    return redirect(url_for("referrals.class_page", class_id=class_id), code=303)


@blueprint.post("/lop-hoc/<int:class_id>/xong")
@access.needs(Permission.CLASS_HOLD)
def close_class(class_id: int) -> Response:
    """Say that a class is done."""
    class_services.close_class(db(), actor(), class_id, now())
    flash(gettext("Lớp đã xong. Cảm ơn bạn!"), "success")
    return redirect(url_for("referrals.class_page", class_id=class_id), code=303)


@blueprint.post("/lop-hoc/<int:class_id>/mo-lai")
@access.needs(Permission.CLASS_HOLD)
def reopen_class(class_id: int) -> Response:
    """Take back that a class is done."""
    class_services.reopen_class(db(), actor(), class_id)
    flash(gettext("Đã mở lại lớp."), "success")
    return redirect(url_for("referrals.class_page", class_id=class_id), code=303)


@blueprint.route("/lop-hoc/<int:class_id>/huy", methods=["GET", "POST"])
@access.needs(Permission.CLASS_HOLD)
def call_off(class_id: int) -> str | Response | tuple[str, int]:
    """Ask once, then call a class off."""
    held = _mine(class_id)
    form = CallOffForm()
    tally = class_lists.tallies(db(), [class_id]).get(class_id, class_lists.Tally())
    if request.method == "GET":
        return render_template("referrals/class_call_off.html", held=held, form=form, tally=tally)
    if not form.validate_on_submit():
        return render_template("referrals/class_call_off.html", held=held, form=form, tally=tally), 422
    try:
        done = class_attendance.call_off(db(), actor(), class_id, form.reason.data or "", now())
    except Invalid as refusal:
        tell(form, refusal.fields)
        return render_template("referrals/class_call_off.html", held=held, form=form, tally=tally), 422
    flash(gettext("Đã hủy lớp."), "success")
    if done.voided:
        text = ngettext(
            "%(num)s lượt chưa xác nhận đã được rút lại.",
            "%(num)s lượt chưa xác nhận đã được rút lại.",
            done.voided,
        )
        flash(text, "success")
    if done.kept:
        text = ngettext(
            "%(num)s lượt đã được người học xác nhận nên vẫn còn.",
            "%(num)s lượt đã được người học xác nhận nên vẫn còn.",
            done.kept,
        )
        flash(text, "warning")
    return redirect(url_for("referrals.class_page", class_id=class_id), code=303)


# ── the page of a class ──────────────────────────────────────────────────────────────────────────────────


def _mine(class_id: int) -> ClassSession:
    """Return a class that the actor may change: a helper is told so before anything is typed."""
    held = class_queries.class_for(db(), actor(), class_id)
    if not class_queries.answers_for(held, actor()):
        raise NotAllowed("not_your_class")
    return held


def _page(held: ClassSession, form: CountsForm) -> str:
    who, rows = actor(), class_lists.who_came(db(), held.id)
    parts = [(one, [row for row in rows if row.teacher_id == one.id]) for one in held.teachers]
    return render_template(
        "referrals/class.html",
        held=held,
        kind=KINDS[held.kind],
        counts=COUNTS,
        skills=[skill_queries.skill_name(skill, language()) for skill in held.skills],
        parts=[(one, came) for one, came in parts if came],
        tally=class_lists.tallies(db(), [held.id]).get(held.id, class_lists.Tally()),
        form=form,
        state_words=STATE_WORDS,
        mine=class_queries.answers_for(held, who),
        me=who.person_id,
        overseen={one.id for one in held.teachers if may(who, Permission.TEACHING_VOID, unit_id=one.unit_id)},
        fills=bool(class_lists.teachers_for(who, held)),
        may_import=may(who, Permission.ROSTER_IMPORT, anywhere=True),
        is_open=held.state == ClassState.OPEN.value,
        has_come=held.held_on <= local_day(now()),
        door_until=held.check_in_until if check_in.door_is_open(held, now()) else None,
        may_check_in=check_in.may_check_in_on(held, now()),
    )


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────


def _class_form(held: ClassSession | None) -> ClassForm:
    form = ClassForm()
    vi = language() == "vi"
    active = skill_queries.active_skills(db())
    kept = [skill for skill in held.skills if skill not in active] if held else []
    form.offer(
        [(skill.id, skill_queries.skill_name(skill, language())) for skill in (*active, *kept)],
        [(one.code, one.full_name if vi else one.full_name_en) for one in people_queries.ward_options(db())],
        [(str(one.id), one.name_vi if vi else one.name_en) for one in class_queries.groups(db())],
    )
    return form


def _fill_in(form: ClassForm) -> None:
    me = actor().person_id or 0
    last = class_queries.last_class(db(), me)
    before = teachings.last_choices(db(), me)
    active = {int(choice[0]) for choice in form.skills.choices or ()}
    chosen = tuple(skill.id for skill in last.skills) if last else before.skill_ids
    form.kind.data = last.kind if last else "mobile_class"
    form.skills.data = [one for one in chosen if one in active]
    form.held_on.data = local_day(now())
    form.place.data = last.place if last else ""
    form.ward_code.data = (last.ward_code if last else before.ward_code) or ""
    form.group_id.data, form.helpers.data = "", []
    form.lead.data = str(me) if Role.VOLUNTEER in actor().roles else ""
    form.renew()


def _offer_people(form: ClassForm, held: ClassSession | None) -> None:
    """Offer the ambassadors of the lead's own unit, and whoever is chosen already."""
    who = actor()
    lead_id = held.lead_id if held else row_id(form.lead.data) or who.person_id or 0
    chosen = {one for one in form.helpers.data or () if 0 < one < 2**63}
    near = class_queries.ambassadors_near(db(), lead_id)
    others = chosen - {one.person_id for one in near} - {lead_id}
    home = near[0].unit_name if near else None
    form.offer_helpers([*class_queries.ambassadors_by_ids(db(), others), *near], home)
    if held is None and Role.COORDINATOR in who.roles:
        leads = {lead_id} | ({who.person_id} if who.person_id else set())
        form.offer_leads(class_queries.ambassadors_by_ids(db(), leads), who.person_id)


def _find(form: ClassForm, what: str, held: ClassSession | None) -> None:
    """Look somebody up by the whole name, and offer who is found."""
    field, within = (form.lead_name, actor().units) if what == "lead" else (form.helper_name, None)
    found = class_queries.ambassadors_named(db(), name_key(field.data or ""), within)
    if not found:
        field.errors = [gettext("Chưa thấy Đại sứ số nào tên như vậy. Hãy viết đủ họ và tên.")]
        return
    if what == "lead" and held is None:
        form.lead.data = str(found[0].person_id) if len(found) == 1 else ""
        _offer_people(form, held)
        form.offer_leads(found, actor().person_id)
    else:
        if len(found) == 1:
            form.helpers.data = [*(form.helpers.data or ()), found[0].person_id]
        _offer_people(form, held)
        known = {int(choice[0]) for choice in form.helpers.choices or ()}
        form.helpers.choices = [
            *((one.person_id, f"{one.full_name} ({one.unit_name})") for one in found
              if one.person_id not in known),
            *(form.helpers.choices or ()),
        ]  # fmt: skip
    field.data = ""


def _form_page(form: ClassForm, held: ClassSession | None) -> str:
    address = (
        url_for("referrals.edit_class", class_id=held.id)
        if held is not None
        else url_for("referrals.new_class")
    )
    return render_template(
        "referrals/class_form.html",
        form=form,
        held=held,
        address=address,
        looking=request.form.get("find") == "helper",
        for_others=held is None and Role.COORDINATOR in actor().roles,
    )
