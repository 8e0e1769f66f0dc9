"""Pages of the teaching tree."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext

from core.errors import NotFound
from core.web import access, db
from people import queries as people_queries
from people.permissions import Permission, ensure_seen
from people.sessions import actor
from referrals.drawing import draw
from referrals.faces import Telling, faces_of
from referrals.queries.tree_view import tree_view
from referrals.routes.blueprint import blueprint


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
