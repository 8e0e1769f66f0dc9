"""Pages of the learner: type a code, answer, say no."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from core.errors import Conflict, NotAllowed, NotFound
from core.limiter import address, limiter
from core.web import access, db, house, now
from learning.queries import skills as skill_queries
from people.consents import LEARNING_RECORD, PURPOSES
from people.names import given_name, name_key
from people.sessions import actor
from referrals.codes import Door, clean_digits, link_token, read_token
from referrals.doors import Standing
from referrals.forms.answering import CodeForm, DisputeForm
from referrals.queries import teachings
from referrals.queries.teachings import AtTheDoor
from referrals.routes.blueprint import blueprint, language
from referrals.services import confirming, issuing
from referrals.services.confirming import Evidence, Shown

CODE_LIMIT = "10/minute;60/hour"
# However many addresses somebody has: the same six digits are not tried with name after name.
DIGITS_LIMIT = "10/hour"


def _typed_digits() -> str:
    return clean_digits(request.form.get("digits", "")) or ""


def _tried() -> str:
    return f"digits/{_typed_digits() or address()}"


def _failed(response: Response) -> bool:
    # A whole class behind one address may confirm in a minute: only misses are counted.
    return response.status_code == 422


@blueprint.route("/x", methods=["GET", "POST"])
@access.public
@limiter.limit(CODE_LIMIT, methods=["POST"], key_func=address, deduct_when=_failed)
@limiter.limit(DIGITS_LIMIT, methods=["POST"], key_func=_tried, deduct_when=_failed)
def type_code() -> str | Response | tuple[str, int]:
    """Take the six digits that the ambassador says, with one's own name; lead to the question."""
    form = CodeForm()
    if request.method == "GET":
        return render_template("referrals/type_code.html", form=form)
    if form.validate_on_submit():
        hashed = issuing.digits_index(house().box, _typed_digits())
        door = teachings.door_of_digits(db(), hashed, name_key(form.given_name.data or ""), now())
        if door is not None:
            return redirect(url_for("referrals.answer", token=link_token(house().box, door)), code=303)
        form.digits.errors = [
            gettext("Mã và tên chưa khớp, hoặc mã đã hết hạn. Hãy hỏi lại người đã chỉ bạn.")
        ]
    return render_template("referrals/type_code.html", form=form), 422


@blueprint.get("/x/<string:token>")
@access.public
def answer(token: str) -> Response:
    """Ask the learner whether it is right; or say how things stand. Looking changes nothing."""
    return _answer_page(teachings.at_the_door(db(), _door(token), now()), token)


@blueprint.post("/x/<string:token>")
@access.public
def confirm(token: str) -> Response:
    """Take the yes."""
    door = _door(token)
    try:
        confirming.confirm(db(), actor(), _evidence(door), now())
    except NotAllowed as refusal:
        return _answer_page(teachings.at_the_door(db(), door, now()), token, refusal.status)
    except Conflict as refusal:
        # Two taps: the second finds the first one's thanks.
        done = 200 if refusal.code == "already_confirmed" else refusal.status
        return _answer_page(teachings.at_the_door(db(), door, now()), token, done)
    return redirect(url_for("referrals.answer", token=token), code=303)


@blueprint.route("/x/<string:token>/khong-dung", methods=["GET", "POST"])
@access.public
def dispute(token: str) -> Response:
    """Ask what is not right, then take the no; a yes can be withdrawn here, too."""
    door = _door(token)
    found = teachings.at_the_door(db(), door, now())
    withdrawal = found.standing is Standing.CONFIRMED and found.code.used_at is not None
    if _is_teacher(found) or (found.standing is not Standing.OPEN and not withdrawal):
        return _answer_page(found, token, 403 if _is_teacher(found) else 200)
    form = DisputeForm()
    form.offer()
    if not form.validate_on_submit():
        refused = request.method == "POST"
        return _learner_page(
            "referrals/dispute.html", 422 if refused else 200, found=found, token=token, form=form,
            withdrawal=withdrawal,
        )  # fmt: skip
    confirming.dispute(db(), actor(), _evidence(door), form.reason(), now())
    return redirect(url_for("referrals.answer", token=token), code=303)


def _door(token: str) -> Door:
    door = read_token(house().box, token)
    if door is None:
        raise NotFound("link_unknown")
    return door


def _is_teacher(found: AtTheDoor) -> bool:
    return actor().person_id == found.teaching.teacher_id


def _evidence(door: Door) -> Evidence:
    return Evidence(
        door,
        device_hash=house().box.blind_index("device", request.user_agent.string),
        address_hash=house().box.blind_index("address", address()),
        consent=Shown(gettext(PURPOSES[LEARNING_RECORD].text), language()),
    )


def _answer_page(found: AtTheDoor, token: str, status: int = 200) -> Response:
    return _learner_page(
        "referrals/answer.html",
        status,
        found=found,
        token=token,
        own=_is_teacher(found),
        skills=[
            (skill_queries.skill_name(skill, language()), skill_queries.card_lines(skill, language()))
            for skill in found.teaching.skills
        ],
        consent_text=PURPOSES[LEARNING_RECORD].text,
    )


def _learner_page(template: str, status: int, found: AtTheDoor, **context: object) -> Response:
    page = render_template(
        template,
        teaching=found.teaching,
        code=found.code,
        standing=found.standing.value,
        learner_given=given_name(found.teaching.learner.full_name),
        teacher=found.teaching.teacher,
        **context,
    )
    answer_ = make_response(page, status)
    answer_.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer_
