"""Pages of badges: mine, one with its reasons, and the celebration."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from badges import queries, services
from badges.catalogue import BY_CODE, CATALOGUE, Badge, progress
from badges.reasons import FROM_SNAPSHOT, RULES, reasons
from core.errors import NotFound
from core.web import access, db, now
from people.sessions import actor
from referrals.queries.facts import fresh_facts

blueprint = Blueprint("badges", __name__)


@blueprint.get("/huy-hieu")
@access.signed_in
def mine() -> str:
    """Show my badges, the next one, and those still ahead."""
    person_id = _me()
    earned = queries.earned_of(db(), person_id)
    facts = fresh_facts(db(), person_id)
    held = {one.badge.code for one in earned}
    return render_template(
        "badges/mine.html",
        earned=earned,
        shelf=[_on_shelf(one.badge, earned=True) for one in earned],
        locked=[_on_shelf(badge, earned=False) for badge in CATALOGUE if badge.code not in held],
        unseen=[one for one in earned if one.seen_at is None],
        next=queries.next_badge(db(), facts),
        record_href=url_for("referrals.record"),
    )


@blueprint.get("/huy-hieu/<string:code>")
@access.signed_in
def one(code: str) -> str:
    """Show why I have a badge, or why not yet: what counts, what does not, with numbers."""
    badge, person_id = BY_CODE.get(code), _me()
    if badge is None:
        raise NotFound("not_found")
    facts = fresh_facts(db(), person_id)
    found = progress(badge, facts)
    held = next((one for one in queries.earned_of(db(), person_id) if one.badge == badge), None)
    return render_template(
        "badges/one.html",
        badge=badge,
        facts=facts,
        found=found,
        held=held,
        rule=RULES[badge.fact],
        reasons=reasons(found, facts, queries.uncounted(db(), person_id)),
        from_snapshot=badge.fact in FROM_SNAPSHOT,
        as_of=now(),
        waiting_href=url_for("referrals.learners"),
        record_href=url_for("referrals.record"),
    )


@blueprint.get("/chuc-mung/<int:award_id>")
@access.signed_in
def celebrate(award_id: int) -> str:
    """Congratulate on a badge; somebody else's looks like one that is not there."""
    award = queries.award_by_id(db(), award_id)
    if award is None or award.person_id != _me():
        raise NotFound("not_found")
    others = [one for one in queries.unseen(db(), award.person_id) if one.award_id != award_id]
    return render_template("badges/celebrate.html", award=award, more=len(others))


@blueprint.post("/chuc-mung/<int:award_id>")
@access.signed_in
def seen(award_id: int) -> Response:
    """Remember that the celebration was seen; lead to the next one, or to my badges."""
    services.mark_seen(db(), actor(), award_id, now())
    waiting = queries.unseen(db(), _me())
    if waiting:
        return redirect(url_for("badges.celebrate", award_id=waiting[0].award_id), code=303)
    return redirect(url_for("badges.mine"), code=303)


def _me() -> int:
    person_id = actor().person_id
    if person_id is None:
        raise NotFound("not_found")
    return person_id


def _on_shelf(badge: Badge, *, earned: bool) -> dict[str, Any]:
    from_catalogue = {"family": badge.family, "level": badge.level, "glyph": badge.glyph}
    href = url_for("badges.one", code=badge.code)
    return from_catalogue | {"name": _(badge.name), "earned": earned, "href": href}
