"""Health for machines: alive, and ready to serve."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import DBAPIError

from app.migrations import newest, standing
from core.web import access, house, without_database

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
@access.public
@without_database
def live() -> Response:
    """Answer that the process runs; the database is not asked."""
    return jsonify(status="ok")


@blueprint.get("/ready")
@access.public
@without_database
def ready() -> tuple[Response, int]:
    """Answer 200 when the database is there and at the newest migration, else 503 with the reason."""
    try:
        stands_at = standing(house().work.database.engine)
    except DBAPIError:
        return jsonify(status="unavailable", database="unreachable"), 503
    if stands_at != newest():
        return jsonify(status="unavailable", database="behind", run="flask app migrate"), 503
    return jsonify(status="ok", database="ok"), 200
