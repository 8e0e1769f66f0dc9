"""Pages of an ambassador (record, a teaching, learners, tree) and of the learner (answer, type a code)."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from core.clock import local_day
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.limiter import address, limiter
from core.web import access, db, house, now
from learning import queries as learning_queries
from people import queries as people_queries
from people.consents import LEARNING_RECORD, PURPOSES
from people.names import given_name, name_key
from people.permissions import Permission, ensure_seen
from people.sessions import actor
from referrals.codes import Door, clean_digits, link_token, read_token
from referrals.doors import Standing
from referrals.drawing import draw
from referrals.faces import Telling, faces_of
from referrals.forms import CodeForm, DisputeForm, RecordForm, WithdrawForm, tell
from referrals.models import Teaching
from referrals.qr import qr_svg
from referrals.queries import facts, lists, teachings
from referrals.queries.teachings import AtTheDoor, Namesake
from referrals.queries.tree_view import tree_view
from referrals.services import confirming, issuing, recording, voiding
from referrals.services.confirming import Evidence, Shown
from referrals.services.recording import MaybeSamePerson
from referrals.states import State
from referrals.words import AGE_WORDS, STATE_WORDS

blueprint = Blueprint("referrals", __name__)

CODE_LIMIT = "10/minute;60/hour"
# However many addresses somebody has: the same six digits are not tried with name after name.
DIGITS_LIMIT = "10/hour"

# What the address says → the view of the list.
VIEWS: dict[str, lists.View] = {"": "all", "cho": "waiting", "xac-nhan": "confirmed", "day-tiep": "teachers"}


# ── record ───────────────────────────────────────────────────────────────────────────────────────────────


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
    if not done.again:
        flash(gettext("Đã ghi nhận. Giờ nhờ người học xác nhận là xong."), "success")
    return redirect(url_for("referrals.teaching", teaching_id=done.teaching.id), code=303)


def _record_form() -> RecordForm:
    form = RecordForm()
    skills = [
        (skill.id, learning_queries.skill_name(skill, _language()))
        for skill in learning_queries.active_skills(db())
    ]
    wards = [
        (ward.code, ward.full_name if _language() == "vi" else ward.full_name_en)
        for ward in people_queries.ward_options(db())
    ]
    form.offer(skills, wards)
    if request.method == "GET":
        _fill_in(form, {skill_id for skill_id, _ in skills})
    elif form.learner.data:
        # The question stood on the page before; what is wrong elsewhere must not lose the answer.
        form.ask_who(_namesakes(form))
    return form


def _fill_in(form: RecordForm, active: set[int]) -> None:
    me = actor().person_id or 0
    last = teachings.last_choices(db(), me)
    form.taught_on.data = local_day(now())
    form.skills.data = [one for one in last.skill_ids if one in active]
    form.place.data = last.place or "home"
    form.ward_code.data = last.ward_code or ""
    form.renew()


def _namesakes(form: RecordForm) -> list[Namesake]:
    from_name = name_key(form.full_name.data or "")
    return teachings.namesakes(db(), actor().person_id or 0, from_name, ward_code=None, phone_hash=None)


def _collided(form: RecordForm, refusal: Conflict) -> tuple[str, int]:
    if refusal.code == "same_act":
        tell(form, {"taught_on": "same_act"})
    elif refusal.code == "changed_resend":
        form.renew()
        flash(gettext("Tên này khác với lần bấm trước. Hãy bấm “Ghi nhận” lần nữa để lưu."), "warning")
    else:
        raise refusal
    return _record_page(form), refusal.status


def _record_page(form: RecordForm) -> str:
    return render_template("referrals/record.html", form=form, today=local_day(now()))


# ── one teaching ─────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/luot-day/<int:teaching_id>")
@access.signed_in
def teaching(teaching_id: int) -> str:
    """Show one act: the ways for the learner to confirm it, what was done, its history."""
    found = teachings.teaching_for(db(), actor(), teaching_id)
    mine = found.teacher_id == actor().person_id
    code = teachings.newest_code(db(), teaching_id) if mine else None
    waits = code is not None and found.state == State.RECORDED.value and code.expires_at > now()
    link = _link(Door(teaching_id, code.serial)) if code is not None and waits else None
    return render_template(
        "referrals/teaching.html",
        teaching=found,
        learner_given=given_name(found.learner.full_name),
        mine=mine,
        link=link,
        qr_code=qr_svg(link) if link else None,
        code_digits=issuing.open_digits(db(), actor(), teaching_id, house().box) if link else None,
        type_at=_address(url_for("referrals.type_code")).split("://", 1)[-1],
        expires_at=code.expires_at if code else None,
        can_reissue=mine and State(found.state) in issuing.REISSUABLE,
        can_void=teachings.may_void(actor(), found),
        skills=[learning_queries.skill_name(skill, _language()) for skill in found.skills],
        moves=teachings.history(db(), teaching_id),
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
    if request.method == "GET":
        return _withdraw_page(found, form)
    if not form.validate_on_submit():
        return _withdraw_page(found, form), 422
    try:
        voiding.void(db(), actor(), teaching_id, form.reason.data or "", now())
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _withdraw_page(found, form), 422
    flash(gettext("Đã rút lại lượt dạy này."), "success")
    mine = found.teacher_id == actor().person_id
    back = url_for("referrals.learners") if mine else url_for("referrals.teaching", teaching_id=teaching_id)
    return redirect(back, code=303)


def _withdraw_page(found: Teaching, form: WithdrawForm) -> str:
    own = found.teacher_id == actor().person_id
    return render_template("referrals/withdraw.html", teaching=found, form=form, needs_reason=not own)


def _link(door: Door) -> str:
    return _address(url_for("referrals.answer", token=link_token(house().box, door)))


def _address(path: str) -> str:
    """Return the whole address of a path, as people outside open it."""
    return (house().settings.public_url or request.url_root.rstrip("/")) + path


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "vi"


# ── my learners ──────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/nguoi-hoc")
@access.needs(Permission.TEACHING_RECORD)
def learners() -> str:
    """List the people I taught, by what is still to do."""
    me = actor().person_id or 0
    chosen = request.args.get("xem", "")
    chosen = chosen if chosen in VIEWS else ""
    search = request.args.get("q", "")[:100]
    return render_template(
        "referrals/learners.html",
        page=lists.my_learners(db(), me, VIEWS[chosen], search, request.args.get("sau")),
        counts=lists.learner_counts(db(), me),
        chosen=chosen,
        search_text=search,
        state_words=STATE_WORDS,
    )


# ── trees ────────────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/cay")
@access.needs(Permission.TEACHING_RECORD)
def my_tree() -> str:
    """Show my tree: picture, list, figures."""
    return _tree_page(actor().person_id or 0, mine=True)


@blueprint.get("/cay/<int:person_id>")
@access.signed_in
def person_tree(person_id: int) -> str:
    """Show somebody's tree to whoever may see it."""
    person = people_queries.person_by_id(db(), person_id)
    if person is None:
        raise NotFound("not_found")
    ensure_seen(actor(), Permission.TREE_SEE, unit_id=person.unit_id, owner_id=person_id)
    return _tree_page(person_id, mine=person_id == actor().person_id)


def _tree_page(person_id: int, *, mine: bool) -> str:
    view = tree_view(db(), actor(), person_id)
    picture = draw(view.twigs, faces_of(view.told, _title)) if view.facts.reach else None
    return render_template("referrals/tree.html", view=view, picture=picture, mine=mine, title_of=_title)


def _title(one: Telling) -> str:
    if one.name:
        return one.name
    if one.through:
        return str(gettext("Người học của %(name)s", name=one.through))
    return str(gettext("Một người học"))


# ── the learner ──────────────────────────────────────────────────────────────────────────────────────────


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
        consent=Shown(gettext(PURPOSES[LEARNING_RECORD].text), _language()),
    )


def _answer_page(found: AtTheDoor, token: str, status: int = 200) -> Response:
    return _learner_page(
        "referrals/answer.html",
        status,
        found=found,
        token=token,
        own=_is_teacher(found),
        skills=[learning_queries.skill_name(skill, _language()) for skill in found.teaching.skills],
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
