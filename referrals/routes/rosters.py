"""Pages of a list from Excel: upload, columns, preview, progress, result."""

from __future__ import annotations

from typing import Any, Final

from flask import Response as FlaskResponse
from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from core.clock import local_day
from core.errors import Conflict, Invalid, NotFound, TooLarge
from core.jobs import Jobs
from core.web import access, asked_id, db, house, now
from learning.queries import skills as skill_queries
from people import queries as people_queries
from people.permissions import Permission, Role
from people.phones import Phone, mask, read_phone
from people.sessions import actor
from referrals.forms.rosters import RosterForm, choices_said, columns_said, problem_words, reason_words
from referrals.forms.words import tell
from referrals.importing.rosters.mending import REASON, mending_book
from referrals.importing.rosters.refusals import REFUSALS
from referrals.importing.rosters.shapes import FIELDS
from referrals.importing.rosters.template import Choices, roster_template
from referrals.importing.rosters.words import FIELD_NAMES
from referrals.models.rosters import RosterImport
from referrals.queries import rosters as queries
from referrals.queries import teachings
from referrals.roster_errors import error_csv
from referrals.roster_words import STATE_NAMES, VERDICT_NAMES
from referrals.rosters import ENDED, LARGEST_FILE, SMALL, WORKING, will_write
from referrals.routes.blueprint import blueprint, language
from referrals.services.rosters import columns, deciding, intake, returning, undoing, writing
from referrals.words import AGE_WORDS

# What is read and dropped of an upload that is too large, so that its sender sees a page, no broken line.
DRAINED: Final = 128 * 1024 * 1024
TAKES_FILES: Final = "referrals.take_roster"
TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@blueprint.url_value_preprocessor
def allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let one page take files of 20 MB; every other keeps the small limit. Raises TooLarge.

    It runs before anything reads the body, the check against forgery included.
    """
    if endpoint != TAKES_FILES:
        return
    request.max_content_length = LARGEST_FILE + (house().settings.max_request_bytes)
    if (request.content_length or 0) > request.max_content_length:
        left = DRAINED
        while left > 0 and (piece := request.environ["wsgi.input"].read(min(left, 1 << 20))):
            left -= len(piece)
        raise TooLarge("file_too_large")


def _jobs() -> Jobs:
    jobs: Jobs = current_app.extensions["jobs"]
    return jobs


def _wake(roster: RosterImport) -> None:
    if roster.state in WORKING:
        _jobs().enqueue_after_commit(db(), "work_on_rosters")


def _to(roster_id: int) -> Response:
    return redirect(url_for("referrals.roster", roster_id=roster_id), code=303)


# ── send a list ─────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/danh-sach")
@access.needs(Permission.ROSTER_IMPORT)
def rosters() -> str:
    """Show the template, the form to send a list, and the lists so far."""
    return _upload_page(_upload_form())


@blueprint.post("/danh-sach")
@access.needs(Permission.ROSTER_IMPORT)
def take_roster() -> str | Response | tuple[str, int]:
    """Take a list in; go to the page where it is looked through."""
    form = _upload_form()
    if not form.validate_on_submit():
        return _upload_page(form), 422
    try:
        roster = intake.take_roster(db(), actor(), form.wish(actor().person_id), now(), house().box)
    except Invalid as refusal:
        tell(form, {name: code for name, code in refusal.fields.items() if code not in REFUSALS})
        for code in refusal.fields.values():
            if code in REFUSALS:
                form.file.errors = [*form.file.errors, problem_words(code)[1]]
        return _upload_page(form), 422
    _wake(roster)
    return _to(roster.id)


def _upload_form() -> RosterForm:
    form = RosterForm()
    skills = [
        (skill.id, skill_queries.skill_name(skill, language())) for skill in skill_queries.active_skills(db())
    ]
    wards = [
        (ward.code, ward.full_name if language() == "vi" else ward.full_name_en)
        for ward in people_queries.ward_options(db())
    ]
    classes = queries.classes_for(db(), actor())
    teachers = _teachers()
    form.offer(teachers, [(one.id, one.title) for one in classes], skills, wards)
    if request.method == "GET":
        form.taught_on.data = local_day(now())
        named = [one.person_id for one in teachers]
        me = actor().person_id or 0
        form.teacher.data = str(me if me in named else named[0] if len(named) == 1 else "")
        last = teachings.last_choices(db(), me)
        chosen = next((one for one in classes if one.id == asked_id("lop")), None)
        form.skills.data = [one for one, _ in skills if one in last.skill_ids]
        form.place.data, form.ward_code.data = last.place or "home", last.ward_code or ""
        if chosen is not None:
            form.class_id.data, form.taught_on.data = str(chosen.id), chosen.held_on
            form.ward_code.data = chosen.ward_code or form.ward_code.data
            form.skills.data = [skill.id for skill in chosen.skills if skill.active] or form.skills.data
            if chosen.lead_id in named:
                form.teacher.data = str(chosen.lead_id)
    return form


def _teachers() -> list[queries.TeacherOption]:
    """Whom the sender may name: oneself, or ambassadors of the own units whose name was searched for."""
    if Role.COORDINATOR not in actor().roles:
        return []
    found = queries.teachers_like(db(), actor(), request.args.get("ten", "")[:100])
    return found[: queries.TEACHERS_OFFERED]


def _upload_page(form: RosterForm) -> str:
    return render_template(
        "referrals/rosters.html",
        form=form,
        lists=queries.my_rosters(db(), actor()),
        state_names=STATE_NAMES,
        for_others=Role.COORDINATOR in actor().roles,
        search_text=request.args.get("ten", "")[:100],
        will_write=will_write,
    )


@blueprint.get("/danh-sach/mau.xlsx")
@access.needs(Permission.ROSTER_IMPORT)
def roster_template_file() -> FlaskResponse:
    """Give the workbook to fill in, in the language of the page."""
    choices = Choices(
        [gettext("Nam"), gettext("Nữ")],
        [gettext(words) for words in AGE_WORDS.values()],
        [ward.full_name for ward in people_queries.ward_options(db())],
        [skill.name_vi for skill in skill_queries.active_skills(db())],
    )
    answer = FlaskResponse(roster_template(choices, gettext), content_type=TYPES["xlsx"])
    answer.headers["Content-Disposition"] = 'attachment; filename="mau-danh-sach.xlsx"'
    return answer


# ── look through, decide, write ─────────────────────────────────────────────────────────────────────────


@blueprint.get("/danh-sach/<int:roster_id>")
@access.needs(Permission.ROSTER_IMPORT)
def roster(roster_id: int) -> str:
    """Show how a list stands: its columns, its rows to look through, its progress, what came of it."""
    found = queries.roster_for(db(), actor(), roster_id)
    if found.state in WORKING:
        return render_template("referrals/roster_working.html", roster=found)
    counts = found.counts
    chosen = request.args.get("xem", "")
    views = [name for name in ("doubtful", "new", "known", "refused") if counts.get(name)]
    if chosen not in views:
        chosen = views[0] if views else "new"
    kept = not counts.get("forgotten")
    page = queries.rows_page(db(), found, chosen, request.args.get("sau"), house().box) if kept else None
    doubtful = page.rows if page and chosen == "doubtful" and found.state == "ready" else []
    wards = {ward.code: ward.full_name if language() == "vi" else ward.full_name_en
             for ward in people_queries.ward_options(db())}  # fmt: skip
    return render_template(
        "referrals/roster.html",
        roster=found,
        counts=counts,
        page=page,
        chosen=chosen,
        views=views,
        candidates=deciding.candidates_of(db(), actor(), found, doubtful, now(), house().box),
        writes=will_write(counts),
        left_out=counts.get("refused", 0) + counts.get("refused_late", 0) + counts.get("left", 0),
        earlier=queries.taken_before(db(), found) if found.state in ("ready", "uploaded") else None,
        sheets=found.mapping.get("sheets", []),
        samples=columns.samples_of(found, house().box),
        fields=FIELD_NAMES,
        offered=FIELDS,
        verdict_names=VERDICT_NAMES,
        words=reason_words,
        problem=problem_words(found.problem) if found.problem else None,
        mask=_masked,
        mask_tail=mask,
        wards=wards,
        ended=found.state in ENDED,
    )


def _masked(phone: str) -> str:
    read = read_phone(phone)
    return mask(read.e164) if isinstance(read, Phone) else ""


@blueprint.post("/danh-sach/<int:roster_id>/cot")
@access.needs(Permission.ROSTER_IMPORT)
def roster_columns(roster_id: int) -> Response:
    """Read the list again with what its sender says of its columns."""
    found = queries.roster_for(db(), actor(), roster_id)
    said = columns_said(request.form, found.mapping.get("sheets", ()))
    changed = intake.correct_columns(db(), actor(), roster_id, said, now(), house().box)
    _wake(changed)
    flash(gettext("Đã đọc lại danh sách theo các cột bạn chọn, và nhớ cho những tệp cùng kiểu."), "success")
    return _to(roster_id)


@blueprint.post("/danh-sach/<int:roster_id>/chon")
@access.needs(Permission.ROSTER_IMPORT)
def roster_choose(roster_id: int) -> Response:
    """Keep what was said of rows in doubt: of those on the page, or of all."""
    for choice in deciding.CHOICES:
        if request.form.get("all") == choice:
            deciding.decide_all(db(), actor(), roster_id, choice)
            break
    else:
        deciding.decide_rows(db(), actor(), roster_id, choices_said(request.form), now(), house().box)
    flash(gettext("Đã giữ lựa chọn của bạn. Chưa có gì được ghi."), "success")
    after = request.form.get("sau") or None
    back = url_for("referrals.roster", roster_id=roster_id, xem="doubtful", sau=after)
    return redirect(back, code=303)


@blueprint.post("/danh-sach/<int:roster_id>/ghi")
@access.needs(Permission.ROSTER_IMPORT)
def roster_write(roster_id: int) -> Response:
    """Write what was looked through: a short list at once, a long one in the background."""
    choices = choices_said(request.form)
    try:
        if choices:
            deciding.decide_rows(db(), actor(), roster_id, choices, now(), house().box)
        found = writing.start_writing(db(), actor(), roster_id)
    except Conflict as refusal:
        # Two tabs: the second finds what the first has begun.
        if refusal.code != "roster_started":
            raise
        return _to(roster_id)
    if found.total <= SMALL:
        _write_now(found)
    _wake(found)
    return _to(roster_id)


def _write_now(found: RosterImport) -> None:
    days = house().settings.confirm_days
    while writing.write_part(db(), actor(), found, now(), house().box, days):
        pass
    written = found.counts.get("written", 0)
    flash(ngettext("Đã ghi nhận %(num)s người.", "Đã ghi nhận %(num)s người.", written), "success")


# ── progress, cancelling, another try, the rows to mend ─────────────────────────────────────────────────


@blueprint.get("/danh-sach/<int:roster_id>/tien-do")
@access.needs(Permission.ROSTER_IMPORT)
def roster_progress(roster_id: int) -> FlaskResponse:
    """Say how far a list came, as JSON for the script of its page."""
    found = queries.progress_of(db(), actor(), roster_id)
    answer = jsonify(state=found.state, done=found.done, total=found.total)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.route("/danh-sach/<int:roster_id>/thoi", methods=["GET", "POST"])
@access.needs(Permission.ROSTER_IMPORT)
def roster_cancel(roster_id: int) -> str | Response:
    """Ask once, then end a list; what it has written is taken out again."""
    if request.method == "GET":
        found = queries.roster_for(db(), actor(), roster_id)
        return render_template("referrals/roster_cancel.html", roster=found, counts=found.counts)
    found = undoing.cancel(db(), actor(), roster_id, now())
    if found.state == "cancelling" and found.total <= SMALL:
        while undoing.undo_part(db(), actor(), found, now()):
            pass
    _wake(found)
    return _to(roster_id)


@blueprint.post("/danh-sach/<int:roster_id>/thu-lai")
@access.needs(Permission.ROSTER_IMPORT)
def roster_retry(roster_id: int) -> Response:
    """Put a list that failed back to work."""
    _wake(intake.try_again(db(), actor(), roster_id))
    return _to(roster_id)


@blueprint.get("/danh-sach/<int:roster_id>/can-sua.<string:kind>")
@access.needs(Permission.ROSTER_IMPORT)
def roster_errors(roster_id: int, kind: str) -> FlaskResponse:
    """Give the rows that were not written, as they were sent, each with its reason."""
    if kind not in TYPES:
        raise NotFound("not_found")
    left = returning.rows_to_mend(db(), actor(), roster_id, house().box, reason_words)
    write = mending_book if kind == "xlsx" else error_csv
    data = write(left, gettext(REASON))
    answer = FlaskResponse(data, content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="can-sua-{roster_id}.{kind}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
