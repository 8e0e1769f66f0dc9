"""People who wait for somebody to teach them: ask, take, give back."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.limiter import address, limiter
from core.web import access, db, house, now
from learning.queries import skills as skill_queries
from people import queries as people_queries
from people.permissions import Permission, Role, may
from people.sessions import actor
from referrals.forms.waiting import AskForm, GiveBackForm, GiveForm
from referrals.forms.words import tell
from referrals.models.waiting import WaitingLearner
from referrals.queries import ambassadors
from referrals.queries import waiting as waits
from referrals.routes.blueprint import blueprint, language
from referrals.services import waiting
from referrals.waiting import CAME_BY, MOST_TAKEN, REASONS, read_wish_token, wish_token
from referrals.words import AGE_WORDS

# A family behind one address may ask for several of its own; a program should not.
ASK_LIMIT = "10/hour;30/day"
TRY_LIMIT = "60/hour"


def _accepted(response: FlaskResponse) -> bool:
    return response.status_code == 303


@blueprint.route("/muon-hoc", methods=["GET", "POST"])
@access.public
@limiter.limit(ASK_LIMIT, methods=["POST"], key_func=address, deduct_when=_accepted)
@limiter.limit(TRY_LIMIT, methods=["POST"], key_func=address)
def ask_to_learn() -> str | Response | tuple[str, int]:
    """Ask who wants to be taught, and put them on the list of their ward."""
    form = AskForm()
    _offer(form)
    if request.method == "GET":
        return render_template("referrals/ask_to_learn.html", form=form)
    if form.is_from_a_program:
        # It is thanked and told nothing: what it learns from a refusal it would use the next time.
        return render_template("referrals/waiting_thanks.html", wish=None, token=None)
    row = _asked(form, "form")
    if row is None:
        return render_template("referrals/ask_to_learn.html", form=form), 422
    return redirect(url_for("referrals.my_wish", token=wish_token(house().box, row.id)), code=303)


@blueprint.get("/muon-hoc/<string:token>")
@access.public
def my_wish(token: str) -> FlaskResponse:
    """Thank whoever asked, say how things stand, and offer to take the wish back. Looking changes nothing."""
    row = waits.by_id(db(), _wish_id(token))
    if row is None:
        raise NotFound("link_unknown")
    page = make_response(render_template("referrals/waiting_thanks.html", wish=row, token=token))
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    return page


@blueprint.post("/muon-hoc/<string:token>/rut")
@access.public
def withdraw_wish(token: str) -> Response:
    """Take a wish back."""
    waiting.take_back_wish(db(), actor(), _wish_id(token), now())
    return redirect(url_for("referrals.my_wish", token=token), code=303)


@blueprint.get("/cho-hoc")
@access.signed_in
def waiting_offers() -> str | Response:
    """Show an ambassador who waits in the own ward, and whom one has taken."""
    if not may(actor(), Permission.WAITING_TAKE):
        if may(actor(), Permission.WAITING_SEE, anywhere=True):
            return redirect(url_for("referrals.waiting_desk"))
        raise NotAllowed("not_allowed")
    me = actor().person_id or 0
    return render_template(
        "referrals/waiting.html",
        taken=waits.taken_by(db(), me, house().box),
        offers=waits.offers(db(), me),
        most=MOST_TAKEN,
        reasons=REASONS,
        age_words=AGE_WORDS,
        coordinates=Role.COORDINATOR in actor().roles,
    )


@blueprint.route("/cho-hoc/them", methods=["GET", "POST"])
@access.signed_in
def add_waiting() -> str | Response | tuple[str, int]:
    """Write down somebody whom an ambassador met, or who called the ward."""
    came_by = _came_by()
    form = AskForm()
    _offer(form, came_by)
    if request.method == "GET":
        return render_template("referrals/waiting_add.html", form=form, came_by=came_by)
    row = _asked(form, came_by)
    if row is None:
        return render_template("referrals/waiting_add.html", form=form, came_by=came_by), 422
    flash(gettext("Đã ghi vào danh sách chờ."), "success")
    return redirect(_list_of(came_by), code=303)


@blueprint.post("/cho-hoc/<int:wish_id>/nhan")
@access.needs(Permission.WAITING_TAKE)
def take_waiting(wish_id: int) -> Response:
    """Take somebody who waits; say so if another was quicker."""
    try:
        waiting.take(db(), actor(), wish_id, now())
    except Conflict as refusal:
        flash(_words(refusal.code), "warning")
        return redirect(url_for("referrals.waiting_offers"), code=303)
    flash(gettext("Đã nhận. Giờ hãy gọi hẹn ngày dạy."), "success")
    return redirect(url_for("referrals.waiting_offers", _anchor=f"nhan-{wish_id}"), code=303)


@blueprint.post("/cho-hoc/<int:wish_id>/tra")
@access.needs(Permission.WAITING_TAKE)
def give_back_waiting(wish_id: int) -> Response:
    """Give back what one has taken."""
    form = GiveBackForm()
    form.offer()
    if not form.validate_on_submit():
        flash(gettext("Hãy chọn vì sao trả lại."), "error")
        return redirect(url_for("referrals.waiting_offers", _anchor=f"nhan-{wish_id}"), code=303)
    row = waiting.give_back(db(), actor(), wish_id, form.reason.data or "", now())
    if row.state == "withdrawn":
        flash(gettext("Đã ghi: người ấy không cần nữa. Tên và số sẽ được xóa."), "success")
    else:
        flash(gettext("Đã trả lại danh sách. Người ấy vẫn giữ chỗ chờ của mình."), "success")
    return redirect(url_for("referrals.waiting_offers"), code=303)


@blueprint.get("/cho-hoc/don-vi")
@access.needs(Permission.WAITING_SEE)
def waiting_desk() -> str:
    """Show a coordinator who waits longest in the wards of the units, and who has taken whom."""
    seen = waits.wards_seen(db(), actor())
    chosen = request.args.get("phuong-xa", "")
    if chosen and chosen not in seen:
        raise NotFound("not_found")
    return render_template(
        "referrals/waiting_desk.html",
        wards=waits.ward_waits(db(), seen),
        lines=waits.desk_lines(db(), [chosen] if chosen else list(seen)),
        chosen=chosen,
        has_wards=bool(seen),
        age_words=AGE_WORDS,
        came_words=CAME_BY,
        teaches=may(actor(), Permission.WAITING_TAKE),
    )


@blueprint.route("/cho-hoc/<int:wish_id>/giao", methods=["GET", "POST"])
@access.needs(Permission.WAITING_SEE)
def give_waiting(wish_id: int) -> str | Response | tuple[str, int]:
    """Give somebody who waits to an ambassador of one's units."""
    line = waits.desk_line(db(), actor(), wish_id)
    form = GiveForm()
    form.offer(ambassadors.ambassadors_of(db(), actor().units))
    if not form.validate_on_submit():
        page = render_template("referrals/waiting_give.html", form=form, line=line, age_words=AGE_WORDS)
        return (page, 422) if request.method == "POST" else page
    try:
        waiting.give_to(db(), actor(), wish_id, form.person_id.data, now())
    except Conflict as refusal:
        flash(_words(refusal.code), "warning")
    else:
        flash(gettext("Đã giao. Người nhận sẽ thấy tên và số điện thoại ở trang Chờ học."), "success")
    return redirect(url_for("referrals.waiting_desk"), code=303)


def _offer(form: AskForm, came_by: str = "form") -> None:
    seen = waits.wards_seen(db(), actor()) if came_by == "call" else None
    wards = [
        (ward.code, ward.full_name if language() == "vi" else ward.full_name_en)
        for ward in people_queries.ward_options(db())
        if seen is None or ward.code in seen
    ]
    skills = [
        (one.id, skill_queries.skill_name(one, language())) for one in skill_queries.active_skills(db())
    ]
    form.offer(skills, wards)
    if came_by != "form":
        form.written_down_by(came_by)
    if request.method == "GET" and came_by == "walk_in":
        near = ambassadors.reach_of(db(), actor().person_id or 0).near
        form.ward_code.data = near[0] if near else ""


def _asked(form: AskForm, came_by: str) -> WaitingLearner | None:
    if not form.validate_on_submit():
        return None
    try:
        return waiting.ask_to_learn(db(), actor(), form.wish(came_by), now(), house().box)
    except Invalid as refusal:
        tell(form, refusal.fields)
        return None


def _came_by() -> str:
    if may(actor(), Permission.WAITING_SEE, anywhere=True):
        return "call"
    if may(actor(), Permission.WAITING_TAKE):
        return "walk_in"
    raise NotAllowed("not_allowed")


def _list_of(came_by: str) -> str:
    return url_for("referrals.waiting_desk" if came_by == "call" else "referrals.waiting_offers")


def _wish_id(token: str) -> int:
    wish_id = read_wish_token(house().box, token)
    if wish_id is None:
        raise NotFound("link_unknown")
    return wish_id


def _words(code: str) -> str:
    if code == "too_many_taken":
        return str(
            gettext("Mỗi người nhận nhiều nhất năm người một lúc. Hãy dạy hoặc trả lại một người trước.")
        )
    return str(gettext("Người này vừa có người nhận dạy. Hãy chọn người khác đang chờ."))
