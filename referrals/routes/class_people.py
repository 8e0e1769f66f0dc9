"""Pages where it is written down who came to a class: names typed, or earlier learners ticked."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from core.errors import Invalid
from core.web import access, db, house, now
from learning.models import ClassSession
from learning.queries import classes as class_queries
from people.permissions import Permission
from people.sessions import actor
from referrals.batches import Choice, Decided, Line, Verdict, Written
from referrals.forms.classes import AttendanceForm, TickForm, row_id
from referrals.forms.words import FIELD_WORDS, tell
from referrals.name_lists import read_names
from referrals.queries import class_lists
from referrals.routes.blueprint import blueprint
from referrals.services import class_attendance

CHOICES: dict[str, Choice] = {"same": "same", "apart": "apart", "skip": "skip"}


@blueprint.route("/lop-hoc/<int:class_id>/danh-sach", methods=["GET", "POST"])
@access.needs(Permission.CLASS_HOLD)
def class_list(class_id: int) -> str | Response | tuple[str, int]:
    """Take names, one a line; show what is thought of each; write them once that was seen."""
    held = class_queries.class_for(db(), actor(), class_id)
    form = AttendanceForm()
    form.offer(_teachers(held))
    if request.method == "GET":
        form.teacher_id.data = _part(held)
        return _list_page(held, form, [])
    if not form.validate_on_submit():
        return _list_page(held, form, []), 422
    lines = [Line(one.row, one.full_name, one.phone) for one in read_names(form.people.data or "")]
    teacher_id = _teacher(held, form.teacher_id.data)
    try:
        verdicts = class_attendance.judge_list(db(), actor(), class_id, teacher_id, lines, now(), house().box)
        decided = [_decided(verdict) for verdict in verdicts]
        waits = any(one.verdict.kind == "doubtful" and one.choice is None for one in decided)
        if not verdicts:
            raise Invalid("class_invalid", {"people": "choose_somebody"})
        if request.form.get("seen") != _mark(form) or waits:
            return _list_page(held, form, decided)
        written = class_attendance.write_list(
            db(), actor(), class_id, teacher_id, decided, now(), house().box, house().settings.confirm_days
        )
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _list_page(held, form, []), 422
    _say(written)
    return redirect(url_for("referrals.class_page", class_id=class_id), code=303)


@blueprint.route("/lop-hoc/<int:class_id>/chon", methods=["GET", "POST"])
@access.needs(Permission.CLASS_HOLD)
def class_ticks(class_id: int) -> str | Response | tuple[str, int]:
    """Let earlier learners who came be ticked."""
    held = class_queries.class_for(db(), actor(), class_id)
    form = TickForm()
    teacher_id = _teacher(held, request.values.get("teacher_id") or _part(held))
    search = request.args.get("q", "")[:200]
    rows = class_lists.ticks(db(), teacher_id, class_id, search)
    form.offer(_teachers(held), [(one.person_id, one.full_name) for one in rows])
    if request.method == "GET":
        form.teacher_id.data = str(teacher_id)
        return _ticks_page(held, form, rows, search)
    if not form.validate_on_submit():
        return _ticks_page(held, form, rows, search), 422
    try:
        written = class_attendance.tick(
            db(), actor(), class_id, teacher_id, form.chosen(), now(), house().box,
            house().settings.confirm_days,
        )  # fmt: skip
    except Invalid as refusal:
        tell(form, refusal.fields)
        return _ticks_page(held, form, rows, search), 422
    _say(written)
    return redirect(url_for("referrals.class_page", class_id=class_id), code=303)


def _teachers(held: ClassSession) -> list[tuple[str, str]]:
    me = actor().person_id
    return [
        (str(one.id), gettext("Tôi") if one.id == me else one.full_name)
        for one in class_lists.teachers_for(actor(), held)
    ]


def _part(held: ClassSession) -> str:
    """Whose part is filled in unless something else is said: my own, or the lead's."""
    mine = actor().person_id
    return str(mine if any(one.id == mine for one in held.teachers) else held.lead_id)


def _teacher(held: ClassSession, chosen: str | None) -> int:
    return row_id(chosen) or int(_part(held))


def _decided(verdict: Verdict) -> Decided:
    """A verdict with the answer that came with the page: "apart", "skip", "same", or "same:<person>"."""
    said, _, person = request.form.get(f"row-{verdict.line.row}", "").partition(":")
    return Decided(verdict, CHOICES.get(said), row_id(person))


def _mark(form: AttendanceForm) -> str:
    """Stand for the list that was looked through: another one, or another teacher, is shown first."""
    return house().box.blind_index("seen list", f"{form.teacher_id.data}\0{form.people.data}")


def _list_page(held: ClassSession, form: AttendanceForm, decided: Sequence[Decided]) -> str:
    kinds = [one.verdict.kind for one in decided]
    return render_template(
        "referrals/class_list.html",
        held=held,
        form=form,
        decided=decided,
        typed={one.row: one.raw for one in read_names(form.people.data or "")} if decided else {},
        seen=_mark(form) if decided else "",
        count={kind: kinds.count(kind) for kind in ("new", "known", "doubtful", "refused")},
        asked_before=request.form.get("seen") == _mark(form),
        words=FIELD_WORDS,
    )


def _ticks_page(held: ClassSession, form: TickForm, rows: Sequence[class_lists.Tick], search: str) -> str:
    return render_template("referrals/class_ticks.html", held=held, form=form, rows=rows, search_text=search)


def _say(written: Sequence[Written]) -> None:
    done = sum(1 for one in written if one.outcome == "written")
    stood = sum(1 for one in written if one.outcome == "nothing" and one.teaching_id is not None)
    refused = sum(1 for one in written if one.outcome == "refused")
    if done:
        text = ngettext("Đã ghi %(num)s người.", "Đã ghi %(num)s người.", done)
        flash(text, "success")
    if stood:
        text = ngettext(
            "%(num)s người đã có sẵn, không ghi lần nữa.",
            "%(num)s người đã có sẵn, không ghi lần nữa.",
            stood,
        )
        flash(text, "message")
    if refused:
        text = ngettext("%(num)s dòng chưa ghi được.", "%(num)s dòng chưa ghi được.", refused)
        flash(text, "warning")
    if not (done or stood or refused):
        flash(gettext("Không có ai được ghi thêm."), "message")
