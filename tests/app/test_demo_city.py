"""The built city: sound, signed in to, sealed, marked, and every page of it stands."""

from __future__ import annotations

import re
from collections import Counter, deque
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.demo.accounts import CAST, DEMO_PASSWORD, demo_accounts
from app.demo.plan import plan_city
from app.demo.stories import LEFT_WAITING, WANTED
from app.factory import create_app
from badges.models import Award
from core.clock import FixedClock, local_day
from core.database import Base
from core.web import house
from honors import queries as honor_queries
from honors.models import Nomination
from leaderboards import queries as board_queries
from people.consents import HONOR_WALL
from people.models import Account, Person, RoleGrant
from people.queries import consenting
from referrals.models.acts import Confirmation, Teaching
from referrals.models.tree import Lineage, PersonFigures
from referrals.queries import invariants
from tests.app.conftest import WISH, City
from tests.support.edge_laws import INLINE

PAGES_EACH = 60


# ── what was made ───────────────────────────────────────────────────────────────────────────────────────


def test_the_forest_is_sound(city: City) -> None:
    with city.work.begin(write=False) as session:
        assert invariants.problems(session) == []
        assert session.execute(select(func.count()).select_from(Lineage)).scalar_one() > WISH.people / 2


def test_scores_and_figures_are_those_of_a_recount(city: City) -> None:
    with city.work.begin(write=False) as session:
        assert board_queries.differences(session) == []
        parents = dict(session.execute(select(Lineage.learner_id, Lineage.teacher_id)).all())
        reach: Counter[int] = Counter()
        for learner in parents:
            above = parents.get(learner)
            while above is not None:
                reach[above] += 1
                above = parents.get(above)
        kept = session.execute(select(PersonFigures.person_id, PersonFigures.reach)).all()
    assert {person: many for person, many in kept if many} == dict(reach)


def test_it_made_what_it_says(city: City) -> None:
    with city.work.begin(write=False) as session:
        count = {
            table: session.scalar(select(func.count()).select_from(table)) for table in (Person, Teaching)
        }
    assert count == {Person: city.made.people, Teaching: city.made.teachings}
    assert str(city.made).startswith(f"{city.made.people} people, {city.made.units} units")


def test_every_state_that_a_year_leaves_is_there(city: City) -> None:
    with city.work.begin(write=False) as session:
        states = Counter(session.scalars(select(Teaching.state)))
        confirmed = session.scalar(select(func.count()).select_from(Confirmation))
    assert set(states) == {"recorded", "confirmed", "disputed", "expired", "voided"}
    assert confirmed == states["confirmed"]


def test_nothing_happens_after_today(city: City) -> None:
    now = FixedClock().now()
    with city.work.begin(write=False) as session:
        assert newest(session, Teaching.taught_on) <= local_day(now)
        assert newest(session, Teaching.confirmed_at) <= now
        assert newest(session, Award.awarded_at) <= now


def newest(session: Session, column: Any) -> Any:
    return session.execute(select(func.max(column))).scalar_one()


def test_everybody_is_marked_as_invented(city: City) -> None:
    with city.work.begin(write=False) as session:
        assert session.scalars(select(Person.full_name).where(Person.is_demo.is_not(True))).all() == []


# ── the accounts ────────────────────────────────────────────────────────────────────────────────────────


def test_there_is_an_account_for_each_role(city: City) -> None:
    with city.work.begin(write=False) as session:
        lines = demo_accounts(session)
        roles = dict(
            session.execute(
                select(Account.email, RoleGrant.role).join(RoleGrant, RoleGrant.account_id == Account.id)
            ).all()
        )
    assert [line.sign_in for line in lines] == [one.email for one in CAST]
    assert roles == {one.email: str(one.role) for one in CAST}
    assert set(roles.values()) == {"volunteer", "coordinator", "communication", "administrator"}


def test_the_five_sign_in_by_password_and_arrive_at_their_work(city: City) -> None:
    starts = {
        "lan": "/hom-nay",
        "bao": "/hom-nay",
        "ha": "/don-vi",
        "quan": "/guong-sang",
        "khanh": "/quan-tri/tai-khoan",
    }
    # The limiter of the process counts for the application that was made last: this one.
    app = create_app(house(city.app).settings, FixedClock(), TESTING=True, WTF_CSRF_ENABLED=False)
    for one in CAST:
        client = app.test_client()
        said = {"name": one.email, "password": DEMO_PASSWORD}
        assert client.post("/dang-nhap", data=said).status_code == 303
        page = client.get("/bat-dau", follow_redirects=True)
        assert (page.status_code, page.request.path) == (200, starts[one.key])
    assert client.post("/dang-nhap", data=said | {"password": "sai"}).status_code == 422
    house(app).work.database.dispose()


def test_lan_is_two_short_of_five_and_bao_has_the_badge(city: City) -> None:
    lan, bao = city.account("lan").person_id, city.account("bao").person_id
    with city.work.begin(write=False) as session:
        held = select(Award.badge_code).where(Award.person_id == bao, Award.revoked_at.is_(None))
        assert "five" in " ".join(session.scalars(held))
        waiting = select(func.count()).where(Teaching.teacher_id == lan, Teaching.state == "recorded")
        assert session.scalar(waiting) == 2


# ── honours and phones ──────────────────────────────────────────────────────────────────────────────────


def test_whoever_is_on_the_wall_agreed(city: City) -> None:
    with city.work.begin(write=False) as session:
        shown = honor_queries.wall(session).rows
        published = session.scalars(select(Nomination).where(Nomination.state == "published")).all()
        assert len(shown) == len(published) == city.made.honorees == WANTED
        for nomination in published:
            item = honor_queries.item_of(nomination)
            assert consenting(session, HONOR_WALL, [nomination.person_id], item) == {nomination.person_id}
        waiting = session.scalars(select(Nomination.person_id).where(Nomination.state == "shortlisted")).all()
    assert len(waiting) == LEFT_WAITING + 1
    assert city.account("bao").person_id in waiting, "the tour answers it"
    wall = city.app.test_client().get("/vinh-danh").get_data(as_text=True)
    assert all(one.name in wall for one in shown)


def test_no_phone_stands_plain_in_the_database(city: City) -> None:
    plan = plan_city(WISH.people, WISH.seed, local_day(FixedClock().now()))
    digits = {re.sub(r"\D", "", person.phone)[-9:] for person in plan.people if person.phone}
    assert len(digits) > 20
    dump = []
    with city.work.begin(write=False) as session:
        for table in Base.metadata.sorted_tables:
            dump += [repr(tuple(row)) for row in session.execute(select(table))]
        sealed = session.execute(select(Person.phone_sealed, Person.phone_hash, Person.phone_tail)).all()
    whole = "\n".join(dump)
    assert len(whole) > 50_000
    assert [number for number in digits if number in whole] == []
    box = house(city.app).box
    opened = {box.open(row[0])[-9:] for row in sealed if row[0]}
    assert opened
    assert opened <= digits
    assert all((row[0] is None) == (row[1] is None) == (row[2] is None) for row in sealed)


# ── the pages ───────────────────────────────────────────────────────────────────────────────────────────


def links_of(page: str) -> list[str]:
    """Addresses of our own pages on a page, without those that only sort or page further."""
    found = re.findall(r'<a [^>]*href="(/[^"#]*)', page)
    return [link.replace("&amp;", "&") for link in found if not link.startswith("/static/")]


def shape(address: str) -> str:
    """Addresses of one shape show one template: two of each are enough."""
    parts = urlsplit(address)
    keys = ",".join(sorted(part.split("=")[0] for part in parts.query.split("&")))
    named = re.sub(r"^/(huy-hieu|vinh-danh)/(?!cua-toi).+", r"/\1/x", re.sub(r"\d+", "9", parts.path))
    return f"{named}?{keys}"


def walk(client: FlaskClient, start: str) -> dict[str, str]:
    """Open a page and what it links to, and so on; return the pages by their addresses."""
    seen: dict[str, str] = {}
    shapes: Counter[str] = Counter()
    waiting = deque([start])
    while waiting and len(seen) < PAGES_EACH:
        address = waiting.popleft()
        # The switch of the language would turn the rest of the walk.
        if address in seen or shapes[shape(address)] >= 2 or address.startswith("/ngon-ngu/"):
            continue
        shapes[shape(address)] += 1
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        if answer.mimetype == "text/html":
            seen[address] = answer.get_data(as_text=True)
            assert "'self'" in answer.headers["Content-Security-Policy"], address
            assert answer.headers["Cache-Control"] in ("private, no-store", "no-cache"), address
            waiting.extend(links_of(seen[address]))
    return seen


@pytest.mark.parametrize(
    ("key", "least"), [(None, 6), ("lan", 12), ("bao", 14), ("ha", 7), ("quan", 10), ("khanh", 9)]
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_one_can_walk_to(
    city: City, key: str | None, least: int, language: str, catalogues: None
) -> None:
    client = city.signed_in(key) if key else city.app.test_client()
    client.set_cookie("lang", language)
    pages = walk(client, "/bat-dau" if key else "/")
    assert len(pages) >= least, sorted(pages)
    for address, page in pages.items():
        assert f'<html lang="{language}"' in page, address
        assert 'class="ribbon"' in page, f"{address} is not marked as demonstration"
        for rule, sentence in INLINE:
            found = [
                hit for hit in rule.finditer(page) if "localhost" not in page[hit.start() : hit.end() + 40]
            ]
            assert not found, f"{address}: {sentence}: {page[found[0].start() :][:80]}"
        for leaked in ("Traceback", "None</", "{{", "%(", "+84"):
            assert leaked not in page, f"{address} shows {leaked}"


def test_a_page_that_is_not_there_is_marked_from_the_first_request(city: City) -> None:
    app: Flask = create_app(house(city.app).settings, FixedClock(), TESTING=True)
    answer = app.test_client().get("/khong-co")
    assert answer.status_code == 404
    assert 'class="ribbon"' in answer.get_data(as_text=True)
    house(app).work.database.dispose()


def test_the_focus_pages_of_learners_are_marked_too(city: City) -> None:
    assert 'class="ribbon"' in city.app.test_client().get("/x").get_data(as_text=True)


def test_a_city_without_demonstration_has_no_ribbon(client: FlaskClient) -> None:
    assert 'class="ribbon"' not in client.get("/").get_data(as_text=True)
    assert 'class="ribbon"' not in client.get("/khong-co").get_data(as_text=True)


# ── work on it ──────────────────────────────────────────────────────────────────────────────────────────


def figures(city: City) -> dict[str, object]:
    """All that the jobs may write, without the moment."""
    statements = {
        "awards": "SELECT person_id, badge_code, revoked_at FROM award ORDER BY 1, 2",
        "scores": "SELECT unit_id, period, contacts, learners FROM unit_score ORDER BY 1, 2",
        "ledger": "SELECT count(*), sum(amount) FROM ledger_entry",
        "figures": "SELECT person_id, reach, depth, generation FROM person_figures ORDER BY 1",
        "sizes": "SELECT unit_id, members, reached_five FROM unit_size ORDER BY 1",
        "acts": "SELECT id, state FROM teaching ORDER BY 1",
    }
    with city.work.begin(write=False) as session:
        return {name: session.execute(text(sql)).all() for name, sql in statements.items()}


def test_every_job_run_again_changes_nothing(city: City) -> None:
    jobs = city.app.extensions["jobs"]
    names = (
        "rebuild_figures",
        "count_sizes",
        "give_badges",
        "expire",
        "reconcile",
        "sweep_limits",
        "send_outbox",
    )
    before = figures(city)
    assert before["awards"]
    assert before["scores"]
    for _ in range(2):
        for name in names:
            jobs.run(name)
            assert figures(city) == before, name
