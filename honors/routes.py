"""Pages of honours: discover, the shortlist, a nomination, the person's own answer, the public wall."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import format_decimal, get_locale, gettext
from werkzeug.wrappers import Response

from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.vietnamese import clean_text
from core.web import access, db, now, same_for_visitors
from honors import queries, services
from honors.criteria import BY_CODE, CRITERIA, Reason, from_stored, reasons
from honors.forms import AnswerForm, ConsentForm, StoryForm
from honors.models import Nomination
from honors.slugs import is_slug
from honors.stories import is_told
from people import queries as people_queries
from people.age_bands import is_minor_band
from people.consents import HONOR_WALL, PURPOSES, WAYS
from people.permissions import Permission
from people.sessions import actor
from referrals.queries.facts import facts_of

blueprint = Blueprint("honors", __name__)

ON_ONE_PAGE = 20

REFUSALS = {
    "no_consent": N_("Người được đề cử chưa đồng ý với câu chuyện này nên chưa thể đăng."),
    "no_story": N_("Hãy viết câu chuyện trước, ít nhất một câu trọn vẹn."),
    "own_honor": N_("Bạn không thể tự đề cử hay tự đăng cho chính mình. Hãy nhờ đồng nghiệp."),
    "not_a_candidate": N_("Người này hiện chưa đủ năm người học xác nhận nên chưa thể vinh danh."),
    "names_the_child": N_(
        "Câu chuyện có ghi cả họ tên của một bạn nhỏ. Hãy chỉ gọi bằng tên, rồi hỏi ý lại."
    ),
    "words_changed": N_("Câu chuyện vừa được sửa. Hãy đọc lại lời mới rồi trả lời."),
    "guardian_speaks": N_("Bạn dưới 16 tuổi nên cán bộ truyền thông sẽ hỏi cả bạn và người giám hộ."),
}

STORY_WORDS = {
    "too_long": N_("Hãy rút gọn, nhiều nhất 1.200 ký tự."),
    "has_phone": N_("Trong câu chuyện có số điện thoại. Ai cũng đọc được trang này, hãy bỏ số đi."),
    "has_link": N_("Hãy bỏ đường dẫn trang mạng ra khỏi câu chuyện."),
}


@blueprint.app_template_filter("reason_pill")
def reason_pill(reason: Reason) -> str:
    """Write a reason as short as a pill."""
    return str(gettext(reason.criterion.short, n=format_decimal(reason.value)))


# ── communication staff ─────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/guong-sang")
@access.needs(Permission.HONOR_DISCOVER)
def discover() -> str:
    """List candidates with their reasons, and the nominations under way."""
    ward = _ward()
    criterion = _criterion()
    search = clean_text(request.args.get("q", "")[:100])
    found = queries.candidates(
        db(),
        ward_code=ward,
        criterion=criterion,
        search=search,
        without=actor().person_id,
        limit=queries.CONSIDERED,
    )
    shown = min(max(request.args.get("so", ON_ONE_PAGE, type=int), ON_ONE_PAGE), queries.CONSIDERED)
    return render_template(
        "honors/discover.html",
        candidates=found[:shown],
        total=len(found),
        more=shown + ON_ONE_PAGE if len(found) > shown else None,
        considered=queries.CONSIDERED,
        nominations=queries.nominations(db(), limit=8),
        wards=people_queries.ward_options(db()),
        criteria=CRITERIA,
        ward=ward,
        criterion=criterion,
        search_text=search,
    )


@blueprint.get("/de-cu")
@access.needs(Permission.HONOR_DISCOVER)
def shortlist() -> str:
    """Compare the nominations under way, side by side, by their numbers of today."""
    lines = queries.nominations(db())
    facts = facts_of(db(), [line.person_id for line in lines])
    return render_template("honors/shortlist.html", lines=lines, facts=facts)


@blueprint.post("/guong-sang/<int:person_id>/de-cu")
@access.needs(Permission.HONOR_DISCOVER)
def nominate(person_id: int) -> Response:
    """Put a candidate forward."""
    nomination = services.nominate(db(), actor(), person_id, now())
    return redirect(url_for("honors.nomination", nomination_id=nomination.id), code=303)


@blueprint.get("/de-cu/<int:nomination_id>")
@access.needs(Permission.HONOR_DISCOVER)
def nomination(nomination_id: int) -> str:
    """Show a nomination: evidence, words, consent, and what is left before it can be published."""
    return _nomination_page(_found(nomination_id))


@blueprint.post("/de-cu/<int:nomination_id>/cau-chuyen")
@access.needs(Permission.HONOR_DISCOVER)
def story(nomination_id: int) -> Response | tuple[str, int]:
    """Keep the words for the wall."""
    found = _found(nomination_id)
    form = StoryForm()
    if not form.validate_on_submit():
        return _nomination_page(found, story_form=form), 422
    was_published = found.state == "published"
    try:
        services.tell_story(db(), actor(), nomination_id, form.words, now())
    except Invalid as refusal:
        words = STORY_WORDS[refusal.fields["story"]]
        form.story.errors = [gettext(words)]
        return _nomination_page(found, story_form=form), 422
    except Conflict as refusal:
        return _refused(refusal, found)
    if was_published and found.state != "published":
        flash(gettext("Đã lưu. Lời đã khác nên bài tạm rời bảng vinh danh, hãy hỏi ý lại."), "warning")
    else:
        flash(gettext("Đã lưu câu chuyện."), "success")
    return redirect(url_for("honors.nomination", nomination_id=nomination_id), code=303)


@blueprint.post("/de-cu/<int:nomination_id>/dong-y")
@access.needs(Permission.CONSENT_RECORD)
def consent(nomination_id: int) -> Response | tuple[str, int]:
    """Note the answer that the staff heard."""
    found = _found(nomination_id)
    form = ConsentForm()
    if not form.validate_on_submit():
        return _nomination_page(found, consent_form=form), 422
    try:
        wish = form.wish(_consent_text(), _language())
        services.answer_consent(db(), actor(), nomination_id, wish, now())
    except Invalid:
        form.guardian_name.errors = [gettext("Người dưới 16 tuổi cần có tên người giám hộ.")]
        return _nomination_page(found, consent_form=form), 422
    except Conflict as refusal:
        return _refused(refusal, found)
    flash(gettext("Đã ghi lại câu trả lời."), "success")
    return redirect(url_for("honors.nomination", nomination_id=nomination_id), code=303)


@blueprint.post("/de-cu/<int:nomination_id>/dang")
@access.needs(Permission.HONOR_PUBLISH)
def publish(nomination_id: int) -> Response | tuple[str, int]:
    """Put the nomination on the public wall."""
    found = _found(nomination_id)
    try:
        done = services.publish(db(), actor(), nomination_id, now())
    except Conflict as refusal:
        return _refused(refusal, found)
    flash(gettext("Đã đăng lên bảng vinh danh."), "celebrate")
    return redirect(url_for("honors.honoree", slug=done.slug), code=303)


@blueprint.route("/de-cu/<int:nomination_id>/rut", methods=["GET", "POST"])
@access.needs(Permission.HONOR_PUBLISH)
def withdraw(nomination_id: int) -> Response | str:
    """Ask once, then take the nomination back and off the wall."""
    if request.method == "GET":
        return render_template("honors/withdraw.html", nomination=_found(nomination_id))
    services.withdraw(db(), actor(), nomination_id, now())
    flash(gettext("Đã rút đề cử. Nếu đã đăng thì tên đã được gỡ khỏi bảng vinh danh."), "success")
    return redirect(url_for("honors.shortlist"), code=303)


# ── the person ──────────────────────────────────────────────────────────────────────────────────────────


@blueprint.route("/vinh-danh/cua-toi", methods=["GET", "POST"])
@access.signed_in
def my_answer() -> Response | str | tuple[str, int]:
    """Ask the person for consent to publish, or show the answer given; it may be changed at any time."""
    asked = {each.id: each for each in queries.asks_of(db(), actor().person_id or 0)}
    if request.method == "GET":
        return _my_page(asked)
    form = AnswerForm()
    if not form.validate_on_submit():
        abort(400)
    if form.nomination.data not in asked:
        raise NotFound("not_found")
    try:
        wish = form.wish(_consent_text(), _language())
        services.answer_consent(db(), actor(), form.nomination.data, wish, now())
    except Conflict as refusal:
        flash(_words(refusal), "error")
        return _my_page(asked), 409
    flash(gettext("Đã ghi lại câu trả lời của bạn. Bạn đổi ý lúc nào cũng được."), "success")
    return redirect(url_for("honors.my_answer"), code=303)


# ── the public ──────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/vinh-danh")
@access.public
@same_for_visitors
def wall() -> str:
    """Show the public honor wall."""
    ward, criterion = _ward(), _criterion()
    page = queries.wall(db(), ward_code=ward, criterion=criterion, after=request.args.get("sau"))
    return render_template(
        "honors/wall.html",
        page=page,
        ward=ward,
        wards=queries.wards_of_the_wall(db()),
        criterion=criterion,
        criteria=CRITERIA,
    )


@blueprint.get("/vinh-danh/<string:slug>")
@access.public
def honoree(slug: str) -> str:
    """Show one honoree, with the evidence in plain numbers."""
    found = queries.honoree(db(), slug) if is_slug(slug) else None
    if found is None:
        raise NotFound("not_found")
    return render_template("honors/honoree.html", one=found)


# ── parts of views ──────────────────────────────────────────────────────────────────────────────────────


def _language() -> str:
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "vi"


def _consent_text() -> str:
    return str(gettext(PURPOSES[HONOR_WALL].text))


def _ward() -> str | None:
    chosen = request.args.get("phuong-xa", "")
    return chosen if chosen.isascii() and chosen.isalnum() else None


def _criterion() -> str | None:
    chosen = request.args.get("ly-do", "")
    return chosen if chosen in BY_CODE else None


def _found(nomination_id: int) -> Nomination:
    found = queries.nomination_by_id(db(), nomination_id)
    if found is None or found.state == "withdrawn":
        raise NotFound("not_found")
    return found


def _words(refusal: Conflict) -> str:
    """Return the words of a refusal; one without words of ours is shown by the error page."""
    if refusal.code not in REFUSALS:
        raise refusal
    return str(gettext(REFUSALS[refusal.code]))


def _refused(refusal: Conflict, found: Nomination) -> tuple[str, int]:
    flash(_words(refusal), "error")
    return _nomination_page(found), 409


def _nomination_page(
    found: Nomination, story_form: StoryForm | None = None, consent_form: ConsentForm | None = None
) -> str:
    facts = facts_of(db(), [found.person_id])[found.person_id]
    return render_template(
        "honors/nomination.html",
        nomination=found,
        reasons=from_stored(found.reasons),
        today=reasons(facts),
        facts=facts,
        answer=queries.answer_to(db(), found),
        ways=WAYS,
        told=is_told(found.story),
        minor=is_minor_band(found.person.age_band),
        own=found.person_id == actor().person_id,
        consent_text=_consent_text(),
        story_form=story_form or StoryForm(formdata=None, data={"story": found.story}),
        consent_form=consent_form or ConsentForm(formdata=None, data={"edition": found.edition}),
    )


def _my_page(asked: dict[int, Nomination]) -> str:
    return render_template(
        "honors/my_answer.html",
        asked=[(each, queries.answer_to(db(), each), from_stored(each.reasons)) for each in asked.values()],
        consent_text=_consent_text(),
    )
