"""The list of my learners, all about one of them, and the list to take along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from core.clock import local_day
from core.web import access, db, house, now
from learning.queries import skills as skill_queries
from people import queries as people_queries
from people.names import given_name
from people.permissions import Permission
from people.phones import Phone, mask, read_phone
from people.sessions import actor
from referrals.learner_list import Filters, address_of, next_step, read_filters
from referrals.learner_sheet import HEADS, NOTHING, SheetRow, csv_lines, write_xlsx
from referrals.queries import learners as learner_queries
from referrals.queries.learner_sums import PART, LearnerSums, every_sum
from referrals.queries.learners import every_learner
from referrals.routes.blueprint import blueprint, language
from referrals.words import AGE_WORDS, ORDER_WORDS, PERIOD_WORDS, STATE_WORDS, VIEW_WORDS

MOST_IN_A_BOOK: Final = 20_000
# A book up to so many bytes never touches the disk.
KEPT_IN_MEMORY: Final = 1 << 20
"""A workbook of more rows takes longer than one waits for a page; CSV has no end."""


@blueprint.get("/nguoi-hoc")
@access.needs(Permission.TEACHING_RECORD)
def learners() -> str:
    """List the people I taught, by what is still to do."""
    me = actor().person_id or 0
    filters = read_filters(request.args)
    today = local_day(now())
    page = learner_queries.my_learners(
        db(), me, filters, today, phone_hash=_phone_hash(filters), after=request.args.get("sau")
    )
    asked = address_of(filters)
    return render_template(
        "referrals/learners.html",
        page=page,
        counts=learner_queries.learner_counts(db(), me),
        counted_to=learner_queries.COUNTED_TO,
        filters=filters,
        asked=asked,
        steps={row.teaching_id: next_step(row.state, row.expires_at, now()) for row in page.rows},
        days={row.teaching_id: (today - local_day(row.recorded_at)).days for row in page.rows},
        skills=[
            (skill.id, skill_queries.skill_name(skill, language()))
            for skill in skill_queries.skills_in_order(db())
        ],
        wards=[
            (ward.code, ward.full_name if language() == "vi" else ward.full_name_en)
            for ward in people_queries.ward_options(db())
        ],
        state_words=STATE_WORDS,
        view_words=VIEW_WORDS,
        order_words=ORDER_WORDS,
        period_words=PERIOD_WORDS,
        mask=mask,
    )


def _phone_hash(filters: Filters) -> str | None:
    """Return the keyed hash of a whole number that was searched for."""
    phone = read_phone(filters.search)
    return house().box.blind_index("phone", phone.e164) if isinstance(phone, Phone) else None


@blueprint.get("/nguoi-hoc/<int:person_id>")
@access.needs(Permission.TEACHING_RECORD)
def learner(person_id: int) -> str:
    """Show one of my learners: what is known, and every act with me."""
    found = learner_queries.learner_of_mine(db(), actor().person_id or 0, person_id)
    return render_template(
        "referrals/learner.html",
        person=found.person,
        acts=found.acts,
        taught=found.taught,
        given=given_name(found.person.full_name),
        phone=mask(found.person.phone_tail) if found.person.phone_tail else None,
        steps={row.teaching_id: next_step(row.state, row.expires_at, now()) for row in found.acts},
        state_words=STATE_WORDS,
        age_words=AGE_WORDS,
    )


@blueprint.get("/nguoi-hoc/tai-ve")
@access.needs(Permission.TEACHING_RECORD)
def download_learners() -> Response:
    """Give the list as it is filtered, as a workbook or as CSV; row by row, phones masked."""
    me, filters, today = actor().person_id or 0, read_filters(request.args), local_day(now())
    rows = _sheet_rows(me, filters, today)
    heads, nothing = [gettext(head) for head in HEADS], gettext(NOTHING)
    name = f"nguoi-hoc-{today.isoformat()}"
    if request.args.get("dang") == "csv":
        return _file(csv_lines(heads, rows, nothing), f"{name}.csv", "text/csv; charset=utf-8")
    acts = sum(map(len, every_learner(db(), me, filters, today, phone_hash=_phone_hash(filters), part=PART)))
    if acts > MOST_IN_A_BOOK:
        flash(gettext("Danh sách này dài. Hãy tải tệp CSV, mở được bằng Excel."), "warning")
        asked = "?" + urlencode(address_of(filters))
        return redirect(url_for("referrals.learners") + asked, code=303)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    if request.method == "HEAD":
        return _file(iter(()), f"{name}.xlsx", kind)
    book = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115  # closed when it was read, or with the answer
    write_xlsx(book, gettext("Người học"), heads, rows, nothing)
    book.seek(0)
    answer = _file(_pieces(book), f"{name}.xlsx", kind)
    answer.call_on_close(book.close)
    return answer


def _sheet_rows(teacher_id: int, filters: Filters, today: date) -> Iterator[SheetRow]:
    """Read the list in a session of its own: a file that streams outlives its request."""
    speech, work, phone_hash = language(), house().work, _phone_hash(filters)
    ages = {code: gettext(words) for code, words in AGE_WORDS.items()}
    states = {code: gettext(words.short) for code, words in STATE_WORDS.items()}

    def told(row: LearnerSums) -> SheetRow:
        return SheetRow(
            full_name=row.full_name,
            ward=(row.ward_name_en if speech == "en" else row.ward_name) or "",
            age=ages.get(row.age_band or "", ""),
            phone=mask(row.phone_tail) if row.phone_tail else "",
            people=row.people,
            contacts=row.contacts,
            waiting=row.waiting,
            taught=row.taught,
            last_on=row.last_on,
            skills=", ".join(skill.in_language(speech) for skill in row.skills),
            state=states.get(row.state, ""),
        )

    def read() -> Iterator[SheetRow]:
        with work.begin(write=False) as session:
            sums = every_sum(session, teacher_id, filters, today, phone_hash=phone_hash)
            yield from map(told, sums)

    return read()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(65_536):
            yield piece


def _file(pieces: Iterator[str] | Iterator[bytes], name: str, kind: str) -> Response:
    answer = Response(pieces, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
