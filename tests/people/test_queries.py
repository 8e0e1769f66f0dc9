"""Reads of people."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.database import Database
from core.errors import NotFound
from core.secrets_box import SecretsBox
from people import queries
from people.consents import CONTACT
from people.models import Account, AuditEntry, Person
from people.permissions import HOUSE, Role
from people.services.consents import ConsentWish, record_consent, withdraw_consent
from people.services.persons import PersonWish, create_person
from people.services.places import install_places
from people.services.units import UnitWish, close_unit, create_unit
from tests.support.cast import Cast


def test_an_account_is_found_by_any_spelling(session: Session, cast: Cast, box: SecretsBox) -> None:
    for name in ("ALICE@example.org", " alice@example.org ", "0905000001", "+84 905 000 001", "905000001"):
        found = queries.account_by_sign_in_name(session, name, box)
        assert found is not None
        assert found.id == cast.alice.account_id
    # Grace has a phone, but no account; the others are nobody's.
    for name in ("0905000008", "nobody@example.org", "", "x", "'; --", "@"):
        assert queries.account_by_sign_in_name(session, name, box) is None


def test_who_acts_costs_three_statements(database: Database, session: Session, cast: Cast) -> None:
    account = session.get_one(Account, cast.carol.account_id)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert queries.actor_of(session, account) == cast.carol.actor
    assert len(statements) == 2
    assert sum("RECURSIVE" in statement for statement in statements) == 1


def test_a_volunteer_reaches_no_unit(session: Session, cast: Cast) -> None:
    account = session.get_one(Account, cast.alice.account_id)
    actor = queries.actor_of(session, account)
    assert (actor.roles, actor.units) == (frozenset({Role.VOLUNTEER}), frozenset())


def test_units_below_and_the_path_above(session: Session, cast: Cast) -> None:
    units = cast.units
    assert queries.units_below(session, [units["haichau"]]) == {units[c] for c in ("haichau", "one", "two")}
    assert queries.units_below(session, [units["city"]]) == set(units.values())
    assert queries.units_below(session, [units["one"], units["students"]]) == {
        units["one"],
        units["students"],
    }
    assert queries.units_below(session, []) == queries.units_below(session, [999_999]) == frozenset()
    assert [unit.id for unit in queries.unit_path(session, units["one"])] == [
        units["city"],
        units["haichau"],
        units["one"],
    ]
    assert queries.unit_path(session, 999_999) == []


def test_unit_options_follow_the_tree_in_vietnamese_order(
    session: Session, cast: Cast, clock: FixedClock
) -> None:
    for name in ("Chi đoàn 10", "Chi đoàn 9", "Chi đoàn Ánh", "Chi đoàn An"):
        create_unit(session, HOUSE, UnitWish(name, "chapter", cast.units["haichau"]), clock.now())
    options = [(option.depth, option.label) for option in queries.unit_options(session)]
    assert options == [
        (0, "Thành đoàn Đà Nẵng"),
        (1, "Đoàn phường Hải Châu"),
        (2, "Chi đoàn 9"),
        (2, "Chi đoàn 10"),
        (2, "Chi đoàn An"),
        (2, "Chi đoàn Ánh"),
        (2, "Chi đoàn Hai"),
        (2, "Chi đoàn Một"),
        (1, "Khối các trường"),
        (2, "Chi đoàn Sinh viên"),
    ]
    mine = queries.unit_options(session, within=cast.carol.actor.units)
    assert mine[0].label == "Đoàn phường Hải Châu"
    assert mine[0].depth == 0
    assert "Chi đoàn Sinh viên" not in {option.label for option in mine}


def test_unit_lines_count_what_stands_below(session: Session, cast: Cast, clock: FixedClock) -> None:
    lines = queries.unit_lines(session, cast.units["haichau"])
    assert [(line.unit.name, line.children, line.people) for line in lines] == [
        ("Chi đoàn Hai", 0, 1),
        ("Chi đoàn Một", 0, 3),
    ]
    close_unit(session, HOUSE, cast.units["two"], clock.now())
    assert [line.children for line in queries.unit_lines(session, cast.units["city"])] == [1, 1]
    assert len(queries.unit_lines(session, cast.units["haichau"])) == 1


def test_wards_come_in_vietnamese_order(session: Session, clock: FixedClock) -> None:
    assert queries.root_unit(session) is None
    install_places(session, HOUSE, clock.now())
    names = [ward.name for ward in queries.ward_options(session)]
    assert len(names) == 94
    assert names.index("An Hải") < names.index("Bà Nà") < names.index("Cẩm Lệ") < names.index("Đại Lộc")
    assert names.index("Duy Nghĩa") < names.index("Đại Lộc")
    assert queries.wards_by_code(session)["20333"].kind == "special_zone"
    root = queries.root_unit(session)
    assert root is not None
    assert root.code == "DU-48"


def test_persons_are_fetched_in_goes(session: Session, clock: FixedClock, box: SecretsBox) -> None:
    ids = [
        create_person(session, HOUSE, PersonWish(f"Lan {i}", allow_digits=True), clock.now(), box).id
        for i in range(queries.IN_ONE_GO + 3)
    ]
    assert set(queries.persons_by_ids(session, [*ids, *ids, 999_999])) == set(ids)
    assert queries.persons_by_ids(session, []) == {}


def test_accounts_are_paged_by_name(session: Session, cast: Cast, clock: FixedClock) -> None:
    for number in range(queries.ROWS_A_PAGE):
        person = Person(
            full_name="Lê An", name_key="le an", sort_key="a0n0", created_at=clock.now(), is_demo=False
        )
        session.add(person)
        session.flush()
        session.add(
            Account(
                person_id=person.id,
                email=f"an{number}@example.org",
                password_hash="x",
                session_stamp="x",
                created_at=clock.now(),
            )
        )
    session.flush()
    first = queries.accounts_page(session)
    assert (len(first.rows), first.first) == (queries.ROWS_A_PAGE, True)
    second = queries.accounts_page(session, first.next)
    assert (second.first, second.next) == (False, None)
    seen = [line.id for line in (*first.rows, *second.rows)]
    assert len(seen) == len(set(seen)) == queries.ROWS_A_PAGE + 7
    (carol,) = [line for line in (*first.rows, *second.rows) if line.id == cast.carol.account_id]
    assert [(grant.role, grant.unit_name) for grant in carol.grants] == [
        ("coordinator", "Đoàn phường Hải Châu")
    ]
    assert [line.full_name for line in queries.accounts_page(session, None, "binh").rows] == ["Trần Văn Bình"]
    assert queries.accounts_page(session, None, "100%_").rows == []


@pytest.mark.parametrize("token", ["", "nonsense", "WyJhIl0", "WzEsMiwzXQ", "x" * 700])
def test_a_token_of_nonsense_is_the_first_page(session: Session, cast: Cast, token: str) -> None:
    assert queries.accounts_page(session, token).first
    assert queries.audit_page(session, token).first


def test_an_account_that_is_not_there(session: Session, cast: Cast) -> None:
    with pytest.raises(NotFound):
        queries.account_details(session, 999_999)
    assert queries.account_of_person(session, cast.heidi.person_id) is None
    found = queries.account_of_person(session, cast.alice.person_id)
    assert found is not None
    assert found.id == cast.alice.account_id


def test_the_audit_log_is_paged_newest_first(session: Session, cast: Cast, clock: FixedClock) -> None:
    for number in range(queries.ROWS_A_PAGE * 2 + 1):
        session.add(
            AuditEntry(
                at=clock.now(),
                account_id=cast.olga.account_id if number % 2 else None,
                action="unit.created",
                subject_kind="unit",
                subject_id=str(number),
                details={},
            )
        )
        session.flush()
    seen: list[str] = []
    token: str | None = None
    for _ in range(3):
        page = queries.audit_page(session, token)
        seen += [line.entry.subject_id for line in page.rows]
        token = page.next
    assert token is None
    assert seen == [str(number) for number in reversed(range(queries.ROWS_A_PAGE * 2 + 1))]
    assert {line.who for line in page.rows} <= {None, cast.olga.full_name}


def test_consent_is_what_was_said_last(session: Session, cast: Cast, clock: FixedClock) -> None:
    def wish(person_id: int) -> ConsentWish:
        return ConsentWish(person_id, CONTACT, "Tôi đồng ý.", "vi", "form")

    people = [cast.alice.person_id, cast.bob.person_id, cast.heidi.person_id]
    record_consent(session, HOUSE, wish(people[0]), clock.now())
    record_consent(session, HOUSE, wish(people[1]), clock.now())
    withdraw_consent(session, HOUSE, wish(people[1]), clock.now())
    assert queries.consenting(session, CONTACT, people) == {people[0]}
    assert queries.consenting(session, CONTACT, people, item="other") == frozenset()
    assert [row.given for row in queries.consents_of(session, people[1])] == [False, True]
    assert queries.newest_consent(session, people[2], CONTACT) is None
    assert not queries.has_consent(session, people[2], CONTACT)
