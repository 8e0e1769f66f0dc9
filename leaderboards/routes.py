"""Pages of the boards: the ranking of units, and why a unit stands where it stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from core.clock import local_day
from core.errors import NotFound
from core.i18n import N_
from core.web import access, asked_id, db, now, same_for_visitors
from leaderboards import queries
from leaderboards.boards import BY_CODE, EVERY_PERIOD, MAIN, Board
from leaderboards.metrics import Figures, RateSum, per_100, sum_of_rate, total_of
from leaderboards.periods import Kind, Period, current, parse
from leaderboards.queries import BoardView, UnitPlace
from people.models import Unit
from people.queries import unit_by_id, unit_path
from people.sessions import viewer

blueprint = Blueprint("leaderboards", __name__)

ROWS_A_PAGE = 50
UNRANKED_SHOWN = 60
KIND_LABELS = {Kind.MONTH: N_("Tháng"), Kind.QUARTER: N_("Quý"), Kind.YEAR: N_("Năm"), Kind.ALL: N_("Tất cả")}


@blueprint.get("/bang-xep-hang")
@access.public
@same_for_visitors
def board() -> str:
    """Show a board: units only, everything needed to redo the sum beside it."""
    today = local_day(now())
    chosen, period = _chosen_board(), _chosen_period(today)
    if period is None or period.kind not in chosen.kinds:
        period = current(chosen.kinds[0], today)
    below = _chosen_unit()
    view = queries.board(db(), chosen, period, below.id if below else None)
    first = ROWS_A_PAGE * (max(request.args.get("trang", 1, type=int), 1) - 1)
    mine = _my_units()
    own = next((place for unit in reversed(mine) if (place := queries.place_on(view, unit))), None)
    return render_template(
        "leaderboards/board.html",
        view=view,
        below=below,
        as_of=now(),
        rows=view.rows[first : first + ROWS_A_PAGE],
        top_value=view.rows[0].value if view.rows else 0,
        unranked=view.unranked[:UNRANKED_SHOWN],
        total=_total(view),
        common_rate=per_100(chosen.metric.counted(view.standings.every), view.standings.every.members),
        sizes_as_of=queries.newest_count(db()),
        mine=frozenset(mine),
        own=own,
        own_weeks=queries.weekly_learners(db(), own.entrant.unit_id, today) if own else [],
        unit_href=url_for("leaderboards.unit", unit_id=0)[:-1],
        unit_query=f"?ky={period.code}",
        **_links(view, today, first),
    )


@blueprint.get("/bang-xep-hang/<int:unit_id>")
@access.public
@same_for_visitors
def unit(unit_id: int) -> str:
    """Show why a unit stands where it stands: the ledger's sums, its members, the formula filled in."""
    today = local_day(now())
    period = _chosen_period(today) or current(Kind.MONTH, today)
    shown = unit_by_id(db(), unit_id)
    if shown is None:
        raise NotFound("not_found")
    chosen = queries.board_of_unit(db(), unit_id)
    view = queries.board(db(), chosen, period) if chosen else None
    story = queries.unit_story(db(), shown, period)
    return render_template(
        "leaderboards/unit.html",
        unit=shown,
        above=unit_path(db(), unit_id)[:-1],
        period=period,
        story=story,
        learners=story.given["learner"] - story.taken["learner"],
        contacts=story.given["contact"] - story.taken["contact"],
        place=(place := queries.place_on(view, unit_id) if view else None),
        rate=_rate(view, place),
        weeks=queries.weekly_learners(db(), unit_id, today),
        as_of=now(),
        period_tabs=_period_tabs(period, today, EVERY_PERIOD, "leaderboards.unit", unit_id=unit_id),
        board_href=url_for("leaderboards.board", bang=(chosen or MAIN).code, ky=period.code),
        below_href=None if shown.kind == "chapter" else _board_href(MAIN, period, unit_id),
    )


# ── what was asked for ──────────────────────────────────────────────────────────────────────────────────


def _chosen_board() -> Board:
    board = BY_CODE.get(request.args.get("bang", MAIN.code))
    if board is None:
        raise NotFound("not_found")
    return board


def _chosen_period(today: date) -> Period | None:
    """Return the period of the address, None without one. The future has no board."""
    code = request.args.get("ky")
    if not code:
        return None
    try:
        period = parse(code)
    except ValueError as error:
        raise NotFound("not_found") from error
    if period.kind is Kind.WEEK or (period.start is not None and period.start > today):
        raise NotFound("not_found")
    return period


def _chosen_unit() -> Unit | None:
    unit_id = asked_id("duoi")
    if unit_id is None:
        return None
    found = unit_by_id(db(), unit_id)
    if found is None:
        raise NotFound("not_found")
    return found


def _my_units() -> list[int]:
    """Return the ids of the viewer's home unit and those above it, uppermost first; empty for guests."""
    who = viewer()
    return [above.id for above in unit_path(db(), who.unit_id)] if who and who.unit_id else []


# ── what the templates need beside the standings ────────────────────────────────────────────────────────


def _total(view: BoardView) -> Figures:
    figures = [place.figures for place in view.rows] + [row.entrant.figures for row in view.unranked]
    return total_of(figures)


def _rate(view: BoardView | None, place: UnitPlace | None) -> RateSum | None:
    if view is None or place is None or place.place is None:
        return None
    own, every = place.entrant.figures, view.standings.every
    return sum_of_rate(own.learners, own.members, every.learners, every.members)


def _links(view: BoardView, today: date, first: int) -> dict[str, Any]:
    board, period, below = view.board, view.period, view.below
    earlier = period.previous
    page = first // ROWS_A_PAGE + 1
    more = first + ROWS_A_PAGE < len(view.rows)
    return {
        "board_tabs": [
            {"label": _(other.name), "href": _board_href(other, period, below), "current": other is board}
            for other in BY_CODE.values()
        ],
        "period_tabs": _period_tabs(
            period, today, board.kinds, "leaderboards.board", bang=board.code, duoi=below
        ),
        "previous_period_href": _board_href(board, earlier, below) if earlier else None,
        "all_time_href": None if period.kind is Kind.ALL else _board_href(board, parse("all"), below),
        "everywhere_href": _board_href(board, period, None),
        "next_href": _board_href(board, period, below, page + 1) if more else None,
        "previous_href": _board_href(board, period, below, page - 1) if first else None,
    }


def _board_href(board: Board, period: Period, below: int | None, page: int | None = None) -> str:
    return url_for("leaderboards.board", bang=board.code, ky=period.code, duoi=below, trang=page)


def _period_tabs(
    period: Period, today: date, kinds: tuple[Kind, ...], endpoint: str, **values: Any
) -> list[dict[str, Any]]:
    return [
        {
            "label": _(KIND_LABELS[kind]),
            "href": url_for(endpoint, ky=current(kind, today).code, **values),
            "current": kind is period.kind,
        }
        for kind in kinds
    ]
