"""Printed sheets and slips, and the page where they are typed in."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from core.clock import local_day
from core.errors import Invalid, NotAllowed, NotFound
from core.web import access, asked_id, db, house, now
from learning.queries import skills as skill_queries
from people import queries as people_queries
from people.permissions import Permission, may
from people.sessions import actor
from referrals.batches import Verdict
from referrals.forms.papers import NO_SHEET, PrintForm, SheetForm, mark_words, typed_lines
from referrals.forms.words import FIELD_WORDS, tell
from referrals.models.papers import PaperSheet
from referrals.papers import (
    CONSENT,
    LINES_AT_FIRST,
    SLIPS_A_PAGE,
    MarkProblem,
    box_letters,
    read_mark,
    spaced,
)
from referrals.qr import qr_svg
from referrals.queries import papers as sheets
from referrals.queries import teachings
from referrals.queries.ambassadors import ambassadors_of
from referrals.routes.blueprint import blueprint, language, whole_address
from referrals.services import papers as entering
from referrals.services.papers import AlreadyEntered, NotReady, SheetDone, TypedLine
from referrals.words import STATE_WORDS


@blueprint.route("/giay", methods=["GET", "POST"])
@access.signed_in
def papers() -> str | Response | tuple[str, int]:
    """Print a sheet, find one that came back by its code, list those that were printed."""
    _ensure_some()
    form = _print_form()
    if request.method == "POST":
        if form.validate_on_submit():
            try:
                sheet = entering.print_sheet(db(), actor(), form.wish(), now())
            except Invalid as refusal:
                tell(form, refusal.fields)
            else:
                return redirect(url_for("referrals.paper_print", serial=sheet.serial), code=303)
        return _papers_page(form, "", None), 422
    typed = request.args.get("ma", "")
    if "ma" not in request.args:
        return _papers_page(form, "", None)
    mark = read_mark(typed)
    if isinstance(mark, MarkProblem):
        return _papers_page(form, typed, mark_words(mark))
    place = sheets.place_of(db(), actor(), mark)
    if place is None:
        return _papers_page(form, typed, gettext(NO_SHEET))
    return redirect(_line_address(*place))


@blueprint.get("/giay/<string:serial>/in")
@access.signed_in
def paper_print(serial: str) -> str:
    """Show a sheet, or its slips, as it is printed."""
    sheet = sheets.sheet_for(db(), actor(), serial)
    as_slips = request.args.get("kieu") == "phieu"
    skills = skill_queries.active_skills(db())
    names = [skill_queries.skill_name(one, language()) for one in skills]
    return render_template(
        "referrals/paper_slips.html" if as_slips else "referrals/paper_print.html",
        sheet=sheet,
        serial=spaced(sheet.serial),
        type_at=whole_address(url_for("referrals.papers")).split("://", 1)[-1],
        qr_code=qr_svg(_paper_address(sheet.serial)),
        slips=[(slip.line, spaced(slip.code), qr_svg(_paper_address(slip.code))) for slip in sheet.slips]
        if as_slips
        else [],
        slips_a_page=SLIPS_A_PAGE,
        skills=list(zip(box_letters(len(names)), names, strict=True)),
        consent=CONSENT,
    )


@blueprint.route("/giay/<string:serial>", methods=["GET", "POST"])
@access.signed_in
def paper(serial: str) -> str | Response | tuple[str, int]:
    """Type a sheet in, line by line or all at once, and see what became of each line."""
    mark = read_mark(serial)
    if isinstance(mark, MarkProblem):
        _ensure_some()
        return redirect(url_for("referrals.papers", ma=serial[:40]))
    if mark.kind == "slip":
        place = sheets.place_of(db(), actor(), mark)
        if place is None:
            raise NotFound("not_found")
        return redirect(_line_address(*place))
    sheet = sheets.sheet_for(db(), actor(), mark.text)
    form = _sheet_form(sheet)
    if request.method == "GET":
        return _paper_page(sheet, form)
    numbers = range(1, sheet.lines + 1)
    typed = typed_lines(request.form, numbers)
    if not form.validate_on_submit():
        return _paper_page(sheet, form, typed), 422
    if not typed and not form.finished.data:
        form.form_errors.append(gettext("Hãy gõ tên ở ít nhất một dòng."))
        return _paper_page(sheet, form, typed), 422
    entry = form.entry(sheet.serial, typed)
    try:
        if request.form.get("lam") != "luu" and typed:
            verdicts = entering.preview_sheet(db(), actor(), entry, now(), house().box)
            return _paper_page(sheet, form, typed, verdicts)
        done = entering.enter_sheet(db(), actor(), entry, now(), house().box, house().settings.confirm_days)
    except NotReady as refusal:
        form.form_errors.append(gettext("Có dòng cần xem lại trước khi lưu."))
        return _paper_page(sheet, form, typed, refusal.verdicts), 422
    except AlreadyEntered as refusal:
        return _paper_page(sheet, form, typed, taken=[one.line for one in refusal.lines]), 409
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _paper_page(sheet, form, typed), 422
    _tell_done(done)
    return redirect(url_for("referrals.paper", serial=sheet.serial), code=303)


def _ensure_some() -> None:
    ways = (Permission.TEACHING_RECORD, Permission.TEACHING_RECORD_FOR)
    if not any(may(actor(), one, anywhere=True) for one in ways):
        raise NotAllowed("not_allowed")


def _print_form() -> PrintForm:
    form = PrintForm()
    me = actor().person_id or 0
    teachers = [
        (one.person_id, f"{one.full_name} · {one.unit_name}") for one in ambassadors_of(db(), actor().units)
    ]
    classes = sheets.classes_in(db(), actor().units)
    if may(actor(), Permission.TEACHING_RECORD):
        teachers = [(me, gettext("Cho tôi")), *(one for one in teachers if one[0] != me)]
        classes = list({one.id: one for one in (*sheets.classes_taught(db(), me), *classes)}.values())
    form.offer(teachers, [(one.id, f"{one.title} · {one.held_on:%d/%m/%Y}") for one in classes])
    if request.method == "GET":
        form.lines.data = LINES_AT_FIRST
        form.class_id.data = str(asked_id("lop") or "")
    return form


def _papers_page(form: PrintForm, typed: str, problem: str | None) -> str:
    return render_template(
        "referrals/papers.html",
        form=form,
        rows=sheets.sheets_of(db(), actor()),
        typed=typed,
        problem=problem,
        spaced=spaced,
        own_only=not actor().units,
    )


def _sheet_form(sheet: PaperSheet) -> SheetForm:
    form = SheetForm()
    skills = [
        (one.id, skill_queries.skill_name(one, language())) for one in skill_queries.active_skills(db())
    ]
    wards = [
        (ward.code, ward.full_name if language() == "vi" else ward.full_name_en)
        for ward in people_queries.ward_options(db())
    ]
    form.offer(skills, wards)
    if request.method == "GET":
        last = teachings.last_choices(db(), sheet.teacher_id)
        held = sheet.held_in
        form.taught_on.data = held.held_on if held else local_day(sheet.made_at)
        offered = {one for one, _ in skills}
        wanted = [one.id for one in held.skills] if held else list(last.skill_ids)
        form.skills.data = [one for one in wanted if one in offered]
        form.place.data = None if held else last.place
        form.ward_code.data = (held.ward_code if held else None) or last.ward_code or ""
    return form


def _paper_page(
    sheet: PaperSheet,
    form: SheetForm,
    typed: list[TypedLine] | None = None,
    verdicts: list[Verdict] | None = None,
    taken: list[int] | None = None,
) -> str:
    lines = sheets.sheet_lines(db(), sheet.id)
    only = asked_id("dong")
    return render_template(
        "referrals/paper.html",
        sheet=sheet,
        serial=spaced(sheet.serial),
        form=form,
        lines=lines,
        only=only if any(one.line == only for one in lines) else None,
        typed={one.line: one for one in typed or []},
        verdicts={one.line.row: one for one in verdicts or []},
        taken=taken or [],
        left=sum(one.entered_at is None for one in lines),
        spaced=spaced,
        state_words=STATE_WORDS,
        words=FIELD_WORDS,
    )


def _tell_done(done: SheetDone) -> None:
    count = done.written + done.stood
    said = ngettext("Đã nhập %(num)s dòng.", "Đã nhập %(num)s dòng.", count)
    if done.confirmed:
        said += " " + ngettext(
            "%(num)s người đã ký: tính là đã xác nhận.",
            "%(num)s người đã ký: tính là đã xác nhận.",
            done.confirmed,
        )
    flash(said if count else gettext("Đã ghi: các dòng còn lại để trống."), "success")
    for line, code in done.losses:
        words = FIELD_WORDS.get(code, FIELD_WORDS["not_a_choice"])
        flash(
            gettext("Dòng %(n)s đã lưu nhưng không có số điện thoại: %(why)s", n=line, why=words), "warning"
        )


def _paper_address(text: str) -> str:
    return whole_address(url_for("referrals.paper", serial=text))


def _line_address(serial: str, line: int | None) -> str:
    if line is None:
        return url_for("referrals.paper", serial=serial)
    return url_for("referrals.paper", serial=serial, dong=line, _anchor=f"dong-{line}")
