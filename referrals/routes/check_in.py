"""The code that turns on the teacher's screen, and the page where a learner checks in."""

from __future__ import annotations

import secrets

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.limiter import address, limiter
from core.web import access, db, house, now
from learning.models import ClassSession
from learning.queries import classes as class_queries
from learning.queries import skills as skill_queries
from people import queries as people_queries
from people.consents import LEARNING_RECORD, PURPOSES
from people.names import given_name
from people.permissions import Permission
from people.sessions import actor
from referrals.codes import clean_digits, link_token
from referrals.forms.classes import CheckInForm, DoorForm, ScreenCodeForm, row_id
from referrals.forms.words import FIELD_WORDS, tell
from referrals.qr import qr_svg
from referrals.queries import class_lists
from referrals.routes.blueprint import blueprint, language, whole_address
from referrals.services import check_in as service
from referrals.services.check_in import CheckInWish, WhoIsIt
from referrals.services.confirming import Shown
from referrals.turning_codes import (
    Refused,
    Screen,
    pass_of,
    read_pass,
    read_token,
    screens_of_digits,
    spoken_code,
    token_of,
    window_of,
)

DEVICE_COOKIE = "device"
DEVICE_SECONDS = 24 * 60 * 60
# A whole class sits behind one address, and a whole town behind one of a mobile network: there only misses
# are counted. One phone goes round among people who have none.
MISSES = "60/minute;300/hour"
OF_A_DEVICE = "60/hour"
OF_A_CLASS = "150/minute;600/hour"
CODE_LIMIT = "20/minute;100/hour"
NAMED = 4


# ── the teacher's screen ─────────────────────────────────────────────────────────────────────────────────


@blueprint.route("/lop-hoc/<int:class_id>/diem-danh", methods=["GET", "POST"])
@access.needs(Permission.CLASS_HOLD)
def check_in_screen(class_id: int) -> str | Response | tuple[str, int]:
    """Show the code to read and who has checked in; open the door for some hours."""
    form = DoorForm()
    form.offer()
    if request.method == "GET":
        return _screen_page(class_queries.class_for(db(), actor(), class_id), form)
    if not form.validate_on_submit():
        return _screen_page(class_queries.class_for(db(), actor(), class_id), form), 422
    service.open_door(db(), actor(), class_id, row_id(form.hours.data) or 0, now())
    return redirect(url_for("referrals.check_in_screen", class_id=class_id), code=303)


@blueprint.get("/lop-hoc/<int:class_id>/diem-danh/ma")
@access.needs(Permission.CLASS_HOLD)
def check_in_now(class_id: int) -> FlaskResponse:
    """Return the part of the screen that turns: the code of this minute, and who has checked in."""
    held = class_queries.class_for(db(), actor(), class_id)
    answer = make_response(render_template("referrals/check_in_now.html", **_turning(held)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/lop-hoc/<int:class_id>/diem-danh/dong")
@access.needs(Permission.CLASS_HOLD)
def close_door(class_id: int) -> Response:
    """Let nobody check in any more."""
    service.close_door(db(), actor(), class_id)
    flash(gettext("Đã đóng điểm danh."), "success")
    return redirect(url_for("referrals.class_page", class_id=class_id), code=303)


def _screen_page(held: ClassSession, form: DoorForm) -> str:
    return render_template(
        "referrals/check_in_screen.html",
        form=form,
        may_open=service.may_check_in_on(held, now()) and held.state == "open",
        **_turning(held),
    )


def _turning(held: ClassSession) -> dict[str, object]:
    is_open = service.door_is_open(held, now())
    me = actor().person_id
    teacher = next((one for one in held.teachers if one.id == me), held.lead)
    screen, window = Screen(held.id, teacher.id), window_of(now())
    link = whole_address(url_for("referrals.check_in", token=token_of(house().box, screen, window)))
    return {
        "held": held,
        "teacher": teacher,
        "is_open": is_open,
        "link": link if is_open else None,
        "qr_code": qr_svg(link) if is_open else None,
        "code": spoken_code(house().box, screen, window) if is_open else None,
        "type_at": whole_address(url_for("referrals.check_in_code")).split("://", 1)[-1],
        "here": class_lists.at_the_screen(db(), held.id),
        "tally": class_lists.tallies(db(), [held.id]).get(held.id, class_lists.Tally()),
    }


# ── the learner ──────────────────────────────────────────────────────────────────────────────────────────


def _failed(response: FlaskResponse) -> bool:
    return response.status_code >= 400


def _taken(response: FlaskResponse) -> bool:
    # What opens nothing must not use up what a class is allowed.
    return response.status_code == 303


def _device() -> str:
    return f"check-in/{request.cookies.get(DEVICE_COOKIE, '')[:40] or address()}"


def _class_of_link() -> str:
    return f"check-in-class/{str((request.view_args or {}).get('token', ''))[:13].partition('-')[0]}"


@blueprint.route("/l", methods=["GET", "POST"])
@access.public
@limiter.limit(CODE_LIMIT, methods=["POST"], key_func=address, deduct_when=_failed)
def check_in_code() -> str | Response | tuple[str, int]:
    """Take the six digits of a screen, for a phone that cannot scan."""
    form = ScreenCodeForm()
    if request.method == "GET":
        return render_template("referrals/check_in_code.html", form=form)
    if form.validate_on_submit():
        box, window = house().box, window_of(now())
        digits = clean_digits(form.digits.data or "") or ""
        found = screens_of_digits(box, digits, class_lists.open_screens(db(), now()), window)
        if len(found) == 1:
            token = token_of(box, found[0], window)
            return redirect(url_for("referrals.check_in", token=token), code=303)
        form.digits.errors = [gettext("Mã này không đúng hoặc đã đổi. Hãy gõ mã đang hiện trên màn hình.")]
    return render_template("referrals/check_in_code.html", form=form), 422


@blueprint.get("/l/<string:token>")
@access.public
def check_in(token: str) -> FlaskResponse:
    """Ask the learner who is here. Looking changes nothing."""
    screen = read_token(house().box, token, window_of(now()))
    if isinstance(screen, Refused):
        return _closed_page("check_in_old" if screen is Refused.OLD else "check_in_unknown", 404)
    form = _form()
    form.given_pass.data = pass_of(house().box, screen, window_of(now()))
    answer = _learner_page(screen, token, form)
    if DEVICE_COOKIE not in request.cookies:
        answer.set_cookie(
            DEVICE_COOKIE,
            secrets.token_urlsafe(16),
            max_age=DEVICE_SECONDS,
            path="/l",
            httponly=True,
            samesite="Lax",
            secure=house().settings.secure_cookies,
        )
    return answer


@blueprint.post("/l/<string:token>")
@access.public
@limiter.limit(MISSES, key_func=address, deduct_when=_failed)
@limiter.limit(OF_A_DEVICE, key_func=_device)
@limiter.limit(OF_A_CLASS, key_func=_class_of_link, deduct_when=_taken)
def take_check_in(token: str) -> Response:
    """Take down that the learner is here."""
    form = _form()
    screen = read_pass(house().box, form.given_pass.data or "", window_of(now()))
    if isinstance(screen, Refused):
        screen = read_token(house().box, token, window_of(now()))
    if isinstance(screen, Refused):
        return _closed_page("check_in_old" if screen is Refused.OLD else "check_in_unknown", 404)
    if not form.validate_on_submit():
        return _learner_page(screen, token, form, 422)
    try:
        done = service.check_in(db(), actor(), _wish(screen, form), now(), house().box)
    except WhoIsIt as question:
        _ask(form, question, screen)
        return _learner_page(screen, token, form, 422)
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _learner_page(screen, token, form, 422)
    except (Conflict, NotAllowed, NotFound) as refusal:
        return _closed_page(refusal.code, refusal.status)
    if done.door is not None:
        return redirect(url_for("referrals.answer", token=link_token(house().box, done.door)), code=303)
    page = render_template("referrals/check_in_done.html", name=given_name(done.teaching.learner.full_name))
    return _quiet(make_response(page))


def _form() -> CheckInForm:
    form = CheckInForm()
    vi = language() == "vi"
    wards = people_queries.ward_options(db())
    form.offer([(one.code, one.full_name if vi else one.full_name_en) for one in wards])
    return form


def _wish(screen: Screen, form: CheckInForm) -> CheckInWish:
    device = request.cookies.get(DEVICE_COOKIE, "")
    box = house().box
    return CheckInWish(
        screen=screen,
        full_name=form.full_name.data or "",
        said=form.said(),
        consent=Shown(gettext(PURPOSES[LEARNING_RECORD].text), language()),
        device_hash=box.blind_index("device", device) if device else None,
        address_hash=box.blind_index("address", address()),
    )


def _ask(form: CheckInForm, question: WhoIsIt, screen: Screen) -> None:
    if question.question == "several_here":
        form.tail.errors = [FIELD_WORDS["several_here"]]
        return
    held = class_queries.class_for_everybody(db(), screen.class_id)
    names = [given_name(one.full_name) for one in held.teachers] if held else []
    form.ask(question.question, ", ".join(names[:NAMED]))


def _learner_page(screen: Screen, token: str, form: CheckInForm, status: int = 200) -> FlaskResponse:
    held = class_queries.class_for_everybody(db(), screen.class_id)
    teacher = next((one for one in held.teachers if one.id == screen.teacher_id), None) if held else None
    if held is None or teacher is None:
        return _closed_page("check_in_unknown", 404)
    if not service.door_is_open(held, now()):
        return _closed_page("check_in_closed", 409)
    if class_queries.teaches_in(held, actor()):
        return _closed_page("own_class", 403)
    page = render_template(
        "referrals/check_in.html",
        form=form,
        token=token,
        held=held,
        teacher=teacher,
        skills=[skill_queries.skill_name(skill, language()) for skill in held.skills],
        consent_text=PURPOSES[LEARNING_RECORD].text,
    )
    return _quiet(make_response(page, status))


def _closed_page(code: str, status: int) -> FlaskResponse:
    return _quiet(make_response(render_template("referrals/check_in_closed.html", code=code), status))


def _quiet(answer: FlaskResponse) -> FlaskResponse:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
