"""What every template may use: the viewer, the navigation, the language, addresses of static files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext, ngettext
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import DBAPIError

from app.assets import Assets
from app.formats import language
from core.i18n import N_
from core.web import ACCESS_MARK, house
from people.permissions import Actor, Permission, Role, may
from people.sessions import actor, viewer
from referrals.models.tree import Snapshot
from referrals.services.outbox import account_key

DEMO_CITY = "demo_city"


@dataclass(frozen=True)
class NavLine:
    """A place in the navigation. No roles: everybody sees it."""

    endpoint: str
    label: str
    icon: str
    roles: frozenset[Role] = frozenset()
    for_guests: bool = False


@dataclass(frozen=True)
class NavItem:
    """A place in the navigation as one viewer sees it on one page."""

    label: str
    href: str
    icon: str
    current: bool
    count: int | None = None


VOLUNTEER = frozenset({Role.VOLUNTEER})

NAV: tuple[NavLine, ...] = (
    NavLine("app.home", N_("Trang đầu"), "home", for_guests=True),
    NavLine("app.today", N_("Hôm nay"), "home", VOLUNTEER),
    NavLine("referrals.learners", N_("Người học"), "people", VOLUNTEER),
    NavLine("referrals.my_tree", N_("Cây"), "tree", VOLUNTEER),
    NavLine("badges.mine", N_("Huy hiệu"), "medal", VOLUNTEER),
    NavLine("app.my_unit", N_("Đơn vị"), "building", frozenset({Role.COORDINATOR})),
    NavLine("referrals.classes", N_("Lớp học"), "calendar", frozenset({Role.VOLUNTEER, Role.COORDINATOR})),
    NavLine("referrals.rosters", N_("Danh sách Excel"), "upload", frozenset({Role.COORDINATOR})),
    NavLine("referrals.waiting_offers", N_("Chờ học"), "bell", VOLUNTEER),
    NavLine("referrals.waiting_desk", N_("Người chờ học"), "bell", frozenset({Role.COORDINATOR})),
    NavLine("honors.discover", N_("Gương sáng"), "star", frozenset({Role.COMMUNICATION})),
    NavLine("people.accounts", N_("Tài khoản"), "people", frozenset({Role.ADMINISTRATOR})),
    NavLine("people.units", N_("Đơn vị"), "building", frozenset({Role.ADMINISTRATOR})),
    NavLine("learning.skills", N_("Kỹ năng"), "book", frozenset({Role.ADMINISTRATOR})),
    NavLine("people.audit_log", N_("Nhật ký"), "list", frozenset({Role.ADMINISTRATOR})),
    NavLine("leaderboards.board", N_("Xếp hạng"), "chart"),
    NavLine("honors.wall", N_("Vinh danh"), "trophy"),
)

LINKS: dict[str, str] = {
    "home": "app.home",
    "sign_in": "people.sign_in",
    "sign_out": "people.sign_out",
    "profile": "people.profile",
    "privacy": "app.privacy",
    "wall": "honors.wall",
    "outbox": "referrals.outbox",
}


def navigation(who: Actor) -> list[NavItem]:
    """Return the places this actor may go to, the present one marked."""
    return [
        NavItem(gettext(line.label), url_for(line.endpoint), line.icon, request.endpoint == line.endpoint)
        for line in NAV
        if shown(line, who)
    ]


def shown(line: NavLine, who: Actor) -> bool:
    """Tell whether this line of the navigation is for this actor."""
    if line.for_guests:
        return not who.signed_in
    return not line.roles or bool(line.roles & who.roles)


def has_page(endpoint: str) -> bool:
    """Tell whether there is such a page, and this actor may open it."""
    view = current_app.view_functions.get(endpoint)
    declared = getattr(view, ACCESS_MARK, None)
    return view is not None and (
        not isinstance(declared, Permission) or may(actor(), declared, anywhere=True)
    )


def demo_city() -> bool:
    """Tell whether the people here are invented. Once true it stays so for this process."""
    kept: dict[str, bool] = current_app.extensions.setdefault("demo_city", {})
    if not kept.get("is") and "session" in g:
        kept["is"] = g.session.get(Snapshot, DEMO_CITY) is not None
    elif "is" not in kept:
        # A process may begin with a page that is not there, which has no session.
        with suppress(DBAPIError), house().work.begin(write=False) as session:
            kept["is"] = session.get(Snapshot, DEMO_CITY) is not None
    return kept.get("is", False)


def init_context(app: Flask, assets: Assets) -> None:
    """Make the common names known to every template."""
    shared: dict[str, Callable[..., Any]] = {
        "asset": assets,
        "csrf_token": generate_csrf,
        "has_page": has_page,
        "_": gettext,
        "ngettext": ngettext,
    }
    app.jinja_env.globals.update(shared)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def common() -> dict[str, Any]:
        who = viewer()
        return {
            "viewer": who,
            # The name of the account for its phone: what waits there is sent in this name alone.
            "outbox_key": account_key(house().box, who.account_id) if who else "",
            "roles": {str(role) for role in actor().roles},
            "nav": navigation(actor()),
            "links": {name: url_for(endpoint) for name, endpoint in LINKS.items()},
            "lang": language(),
            "is_demo_city": demo_city(),
            # The address that people open; what a request calls us is believed in development alone.
            "site": house().settings.public_url or request.url_root.rstrip("/"),
        }
