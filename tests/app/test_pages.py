"""The pages that mix features, and the coordinator's desk against a naive recount."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import pages, unit_desk
from app.context import NAV, shown
from app.factory import create_app
from core.clock import FixedClock, local_day
from core.errors import NotFound
from core.secrets_box import SecretsBox
from core.settings import Settings
from core.web import house
from people.models import Person, Unit
from people.permissions import ANYONE, Actor, Role
from referrals.models.acts import Teaching
from referrals.models.tree import Credit, Lineage
from tests.app.conftest import City
from tests.support.application import SignIn
from tests.support.cast import Cast
from tests.support.story import Story

# ── the desk ────────────────────────────────────────────────────────────────────────────────────────────


def naive_desk(session: Session, unit_id: int) -> dict[str, int]:
    """Count the desk of a unit person by person."""
    below: dict[int | None, list[int]] = defaultdict(list)
    for child, parent in session.execute(select(Unit.id, Unit.parent_id)):
        below[parent].append(child)
    inside, waiting = {unit_id}, [unit_id]
    while waiting:
        children = below[waiting.pop()]
        inside.update(children)
        waiting += children
    members = {person.id for person in session.scalars(select(Person)) if person.unit_id in inside}
    acts = [act for act in session.scalars(select(Teaching)) if act.teacher_id in members]
    credit = Counter(row.teacher_id for row in session.scalars(select(Credit)))
    confirmed = [act for act in acts if act.state == "confirmed"]
    return {
        "members": len(members),
        "recorded": len({act.teacher_id for act in acts if act.state != "voided"}),
        "confirmed": sum(1 for member in members if credit[member]),
        "reached": sum(1 for member in members if credit[member] >= 5),
        "raised": sum(
            1
            for row in session.scalars(select(Lineage))
            if row.teacher_id in members and credit[row.learner_id]
        ),
        "contacts": len(confirmed),
        "learners": len({act.learner_id for act in confirmed}),
        "on_the_way": sum(1 for member in members if credit[member] < 5),
        "waiting": sum(1 for act in acts if act.state == "recorded" and credit[act.teacher_id] < 5),
    }


def told(desk: unit_desk.Desk) -> dict[str, int]:
    names = ("members", "recorded", "confirmed", "reached", "raised", "contacts", "learners")
    return {name: getattr(desk, name) for name in names} | {
        "on_the_way": len(desk.on_the_way) + desk.more,
        "waiting": sum(member.waiting for member in desk.on_the_way),
    }


def test_the_desk_of_every_unit_equals_a_recount(city: City) -> None:
    with city.work.begin(write=False) as session:
        units = session.scalars(select(Unit).order_by(Unit.id)).all()
        chosen = [unit for unit in units if unit.kind != "ward_union"] + list(units[:12])
        busy = 0
        for unit in chosen:
            desk = unit_desk.desk(session, unit.id)
            assert told(desk) == naive_desk(session, unit.id), unit.name
            busy += desk.contacts > 0
            taught = [member.taught for member in desk.on_the_way]
            assert taught == sorted(taught, reverse=True)
        assert busy > 5


def test_the_list_of_the_desk_ends_and_says_how_many_more(
    session: Session, cast: Cast, clock: FixedClock, box: SecretsBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_desk, "SHOWN", 2)
    desk = unit_desk.desk(session, cast.units["haichau"])
    assert (len(desk.on_the_way), desk.more) == (2, desk.members - 2)


def test_what_was_withdrawn_counts_nowhere_on_the_desk(
    session: Session, cast: Cast, clock: FixedClock, box: SecretsBox
) -> None:
    story = Story(session, clock, box)
    story.confirm(story.record(cast.alice, "Trần Thị Hoa"))
    story.record(cast.bob, "Lê Văn Tám").state = "voided"
    session.flush()
    desk = unit_desk.desk(session, cast.units["one"])
    assert (desk.recorded, desk.confirmed, desk.contacts, desk.learners) == (1, 1, 1, 1)
    assert unit_desk.desk(session, cast.units["students"]).recorded == 0


def test_a_closed_unit_is_not_offered(session: Session, cast: Cast, clock: FixedClock) -> None:
    session.get_one(Unit, cast.units["two"]).closed_at = clock.now()
    session.flush()
    names = [unit.name for unit in unit_desk.children(session, cast.units["haichau"])]
    assert names == ["Chi đoàn Một"]


# ── whose unit ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_coordinator_begins_at_the_own_unit_and_sees_no_other(
    session: Session, cast: Cast, clock: FixedClock
) -> None:
    today = local_day(clock.now())
    assert pages.my_unit(session, cast.carol.actor, None, today).unit.id == cast.units["haichau"]
    assert pages.my_unit(session, cast.carol.actor, cast.units["two"], today).unit.id == cast.units["two"]
    for foreign in (cast.units["students"], cast.units["city"], 999_999, 0):
        with pytest.raises(NotFound):
            pages.my_unit(session, cast.carol.actor, foreign, today)


def test_whoever_also_has_a_role_for_the_whole_city_sees_it_whole(
    session: Session, cast: Cast, clock: FixedClock
) -> None:
    both = replace(cast.carol.actor, roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}))
    seen = pages.my_unit(session, both, cast.units["students"], local_day(clock.now()))
    assert seen.unit.id == cast.units["students"]


def test_a_coordinator_whose_unit_was_taken_has_none(session: Session, cast: Cast, clock: FixedClock) -> None:
    without = replace(cast.carol.actor, units=frozenset())
    with pytest.raises(NotFound):
        pages.my_unit(session, without, None, local_day(clock.now()))


def test_a_foreign_unit_is_a_404_through_the_page(client: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    sign_in(client, cast.carol)
    assert client.get(f"/don-vi?don_vi={cast.units['two']}").status_code == 200
    assert client.get(f"/don-vi?don_vi={cast.units['students']}").status_code == 404


# ── home and today ──────────────────────────────────────────────────────────────────────────────────────


def test_the_home_page_of_an_empty_city_stands(client: FlaskClient) -> None:
    for language in ("vi", "en"):
        client.set_cookie("lang", language)
        assert client.get("/").status_code == 200


def test_the_home_page_counts_what_is_confirmed(city: City) -> None:
    with city.work.begin(write=False) as session:
        page = pages.home(session, local_day(FixedClock().now()))
        confirmed = select(func.count(), func.count(func.distinct(Teaching.learner_id))).where(
            Teaching.state == "confirmed"
        )
        contacts, people = session.execute(confirmed).one()
        credit = Counter(row.teacher_id for row in session.scalars(select(Credit)))
    assert (page.counters.contacts, page.counters.people) == (contacts, people)
    assert (page.counters.ambassadors, page.counters.five) == (
        len(credit),
        sum(1 for many in credit.values() if many >= 5),
    )
    assert contacts > people, "contacts and people are never mixed"
    assert len(page.honorees) == 3
    assert len(page.board.rows) <= 5


def test_today_tells_how_many_are_left(
    session: Session, cast: Cast, clock: FixedClock, box: SecretsBox
) -> None:
    story, day = Story(session, clock, box), local_day(clock.now())
    empty = pages.today(session, cast.alice.actor, day)
    assert (empty.left, empty.picture, empty.waiting) == (5, None, [])
    for name in ("Trần Thị Hoa", "Lê Bình", "Võ Minh Châu", "Đỗ Dũng", "Phan Thị Em", "Hồ Văn Giàu"):
        story.confirm(story.record(cast.alice, name))
    story.record(cast.alice, "Lê Văn Tám", taught_on=day - timedelta(days=1))
    page = pages.today(session, cast.alice.actor, day)
    assert (page.facts.taught, page.left, len(page.waiting)) == (6, 0, 1)
    assert page.picture is not None
    assert page.unit is not None
    assert page.unit.id == cast.units["one"]


def test_today_of_nobody_is_not_there(session: Session, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        pages.today(session, ANYONE, local_day(clock.now()))


# ── the way in, and the navigation ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "start", "places"),
    [
        ("alice", "/hom-nay", {"/hom-nay", "/nguoi-hoc", "/cay", "/huy-hieu", "/lop-hoc", "/cho-hoc"}),
        ("carol", "/don-vi", {"/don-vi", "/lop-hoc", "/danh-sach", "/cho-hoc/don-vi"}),
        ("frank", "/guong-sang", {"/guong-sang"}),
        (
            "olga",
            "/quan-tri/tai-khoan",
            {"/quan-tri/tai-khoan", "/quan-tri/don-vi", "/quan-tri/ky-nang", "/quan-tri/nhat-ky"},
        ),
    ],
)
def test_each_role_has_its_start_and_its_places(
    client: FlaskClient, cast: Cast, sign_in: SignIn, key: str, start: str, places: set[str]
) -> None:
    sign_in(client, cast[key])
    assert client.get("/bat-dau").location == start
    page = client.get(start).get_data(as_text=True)
    links = page.split('<nav class="nav"')[1].split("</nav>")[0]
    assert {part.split('"')[0] for part in links.split('href="')[1:]} == places | {
        "/bang-xep-hang",
        "/vinh-danh",
    }
    assert links.count('aria-current="page"') == 1


def test_a_guest_sees_what_is_public(client: FlaskClient) -> None:
    links = client.get("/").get_data(as_text=True).split('<nav class="nav"')[1].split("</nav>")[0]
    assert {part.split('"')[0] for part in links.split('href="')[1:]} == {"/", "/bang-xep-hang", "/vinh-danh"}


def test_nobody_is_shown_a_place_twice_or_one_that_refuses(app: Flask) -> None:
    for role in Role:
        who = Actor(account_id=1, person_id=1, roles=frozenset({role}))
        labels = [line.label for line in NAV if shown(line, who)]
        assert len(labels) == len(set(labels))
    assert {line.endpoint for line in NAV} <= set(app.view_functions)


def test_the_style_guide_is_not_for_production(
    settings: Settings, clock: FixedClock, client: FlaskClient
) -> None:
    assert client.get("/mau-giao-dien").status_code == 200
    production = replace(settings, mode="production", public_url="https://dai-su-so.example")
    app = create_app(production, clock, TESTING=True)
    assert app.test_client().get("/mau-giao-dien").status_code == 404
    assert app.test_client().get("/quyen-rieng-tu").status_code == 200
    house(app).work.database.dispose()


def test_an_address_that_leads_nowhere_still_knows_who_sits_there(client, cast, sign_in) -> None:
    assert "/dang-nhap" in client.get("/khong-co").get_data(as_text=True)
    page = sign_in(client, cast.alice).get("/khong-co")
    text = page.get_data(as_text=True)
    assert page.status_code == 404
    assert "/dang-nhap" not in text
    assert cast.alice.full_name in text
