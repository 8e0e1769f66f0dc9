"""The list of my learners."""

from __future__ import annotations

from flask import render_template, request

from core.web import access, db
from people.permissions import Permission
from people.sessions import actor
from referrals.queries import lists
from referrals.routes.blueprint import blueprint
from referrals.words import STATE_WORDS

# What the address says → the view of the list.
VIEWS: dict[str, lists.View] = {"": "all", "cho": "waiting", "xac-nhan": "confirmed", "day-tiep": "teachers"}


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
