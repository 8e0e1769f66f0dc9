"""Writes of people: who may, what is refused, what is kept and what is logged."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.database import Database
from core.errors import AppError, BadRequest, Conflict, Invalid, NotAllowed, NotFound, TooMany
from core.secrets_box import SecretsBox
from people import queries
from people.consents import CONTACT, HONOR_WALL, LEARNING_RECORD, PURPOSES
from people.models import Account, AuditEntry, Consent, Person, RoleGrant, Unit, Ward
from people.passwords import CHEAP
from people.permissions import ANYONE, HOUSE, Actor, Role
from people.places_danang import PLACES
from people.services.accounts import (
    AccountWish,
    OpenAccountWish,
    PasswordWish,
    change_password,
    create_account,
    open_account,
    reset_password,
    set_active,
    set_language,
)
from people.services.audit import write_audit
from people.services.consents import ConsentWish, record_consent, withdraw_consent
from people.services.persons import REVEALS_AN_HOUR, PersonWish, create_person, place_person, reveal_phone
from people.services.places import Installed, install_places
from people.services.roles import GrantWish, grant_role, revoke_role
from people.services.units import UnitWish, close_unit, create_unit, move_unit
from tests.support.cast import PASSWORD, Cast

GOOD_PASSWORD = "con mèo trèo cây cau"


def actions(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


# ── persons ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_is_cleaned_sealed_and_keyed(
    session: Session, cast: Cast, clock: FixedClock, box: SecretsBox
) -> None:
    wish = PersonWish("  ĐỖ THỊ   HOÀ ", phone="0163 123 4567", gender="f", age_band="60_74")
    person = create_person(session, cast.alice.actor, wish, clock.now(), box)

    assert person.full_name == "Đỗ Thị Hoà"
    assert person.name_key == "do thi hoa"
    assert person.phone_sealed is not None
    assert b"331234567" not in person.phone_sealed
    assert box.open(person.phone_sealed) == "+84331234567"
    assert person.phone_hash == box.blind_index("phone", "+84331234567")
    assert person.phone_tail == "567"
    assert person.unit_id is None


def test_two_people_may_share_a_phone(
    session: Session, cast: Cast, clock: FixedClock, box: SecretsBox
) -> None:
    first, second = (
        create_person(session, cast.alice.actor, PersonWish(name, phone="0905123456"), clock.now(), box)
        for name in ("Lê Thị Mận", "Lê Văn Đào")
    )
    assert first.phone_hash == second.phone_hash


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        (PersonWish(""), {"full_name": "name_empty"}),
        (PersonWish("0905123456"), {"full_name": "name_no_letters"}),
        (PersonWish("Lan", phone="O905123456"), {"phone": "phone_letters"}),
        (PersonWish("Lan", gender="female"), {"gender": "not_a_choice"}),
        (PersonWish("Lan", age_band="old"), {"age_band": "not_a_choice"}),
        (PersonWish("Lan", ward_code="99999"), {"ward_code": "not_a_choice"}),
        (PersonWish("Lan", unit_id=999_999), {"unit_id": "not_a_choice"}),
        (PersonWish("", phone="x1", gender="?"), None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_person_is_told_field_by_field(
    session: Session,
    cast: Cast,
    clock: FixedClock,
    box: SecretsBox,
    wish: PersonWish,
    fields: dict[str, str] | None,
) -> None:
    with pytest.raises(Invalid) as refused:
        create_person(session, HOUSE, wish, clock.now(), box)
    if fields is None:
        assert set(refused.value.fields) == {"full_name", "phone", "gender"}
    else:
        assert refused.value.fields == fields


def test_a_stand_in_name_passes_only_from_a_file(
    session: Session, clock: FixedClock, box: SecretsBox
) -> None:
    wish = PersonWish("735", source="net", source_id="735")
    with pytest.raises(Invalid):
        create_person(session, HOUSE, wish, clock.now(), box)
    assert (
        create_person(session, HOUSE, replace(wish, allow_digits=True), clock.now(), box).full_name == "735"
    )


def test_the_longest_keys_fit_their_columns(session: Session, clock: FixedClock, box: SecretsBox) -> None:
    # One character of this name folds into eighteen.
    create_person(session, HOUSE, PersonWish("\ufdfa" * 100), clock.now(), box)


def test_who_may_make_a_person_where(
    session: Session, cast: Cast, clock: FixedClock, box: SecretsBox
) -> None:
    def make(actor: Actor, unit: str | None) -> Person:
        unit_id = cast.units[unit] if unit else None
        return create_person(session, actor, PersonWish("Lan", unit_id=unit_id), clock.now(), box)

    assert make(cast.alice.actor, None).id
    assert make(cast.carol.actor, "two").unit_id == cast.units["two"]
    assert make(cast.olga.actor, "students").id
    for actor, unit in (
        (cast.alice.actor, "one"),
        (cast.carol.actor, "students"),
        (cast.frank.actor, None),
        (ANYONE, None),
        (cast.grace.actor, None),
    ):
        with pytest.raises(NotAllowed):
            make(actor, unit)


def test_placing_needs_both_ends(session: Session, cast: Cast, clock: FixedClock) -> None:
    moved = place_person(session, cast.carol.actor, cast.alice.person_id, cast.units["two"], clock.now())
    assert moved.unit_id == cast.units["two"]
    assert actions(session) == ["person.placed"]
    # Erin belongs to another union: Carol may not pull her over.
    with pytest.raises(NotAllowed):
        place_person(session, cast.carol.actor, cast.erin.person_id, cast.units["two"], clock.now())
    with pytest.raises(NotFound):
        place_person(session, cast.olga.actor, 999_999, cast.units["two"], clock.now())


def test_a_whole_phone_is_shown_rarely_and_logged(
    session: Session, cast: Cast, clock: FixedClock, box: SecretsBox
) -> None:
    def reveal(actor: Actor, person_id: int) -> str:
        return reveal_phone(session, actor, person_id, clock.now(), box)

    for _ in range(REVEALS_AN_HOUR):
        assert reveal(cast.carol.actor, cast.grace.person_id) == cast.grace.phone
    with pytest.raises(TooMany):
        reveal(cast.carol.actor, cast.grace.person_id)
    clock.advance(hours=1, seconds=1)
    assert reveal(cast.carol.actor, cast.grace.person_id) == cast.grace.phone

    log = session.scalars(select(AuditEntry)).all()
    assert {entry.action for entry in log} == {"phone.revealed"}
    assert cast.grace.phone is not None
    assert all(cast.grace.phone[-9:] not in str(entry.details) for entry in log)
    # A stranger's and a missing phone look the same.
    for person_id in (cast.erin.person_id, cast.heidi.person_id, 999_999):
        with pytest.raises(NotFound):
            reveal(cast.carol.actor, person_id)
    with pytest.raises(NotAllowed):
        reveal(cast.alice.actor, cast.grace.person_id)


# ── accounts ────────────────────────────────────────────────────────────────────────────────────────


def test_an_account_is_opened_whole(session: Session, cast: Cast, clock: FixedClock, box: SecretsBox) -> None:
    wish = OpenAccountWish(
        "Ngô Thị Lý",
        GOOD_PASSWORD,
        "coordinator",
        email=" Ly@Example.ORG ",
        phone="+84 905 777 888",
        unit_id=cast.units["one"],
    )
    account = open_account(session, cast.olga.actor, wish, clock.now(), box, CHEAP)

    assert account.email == "ly@example.org"
    assert account.person.phone_tail == "888"
    assert account.password_hash.startswith("$argon2id$")
    assert GOOD_PASSWORD not in account.password_hash
    for name in ("LY@example.org", "0905777888", "84905777888", "905 777 888"):
        assert queries.account_by_sign_in_name(session, name, box) is account
    actor = queries.actor_of(session, account)
    assert actor.roles == {Role.COORDINATOR}
    assert actor.units == {cast.units["one"]}
    assert actions(session) == ["account.created", "role.granted"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"email": "alice@example.org"}, {"email": "email_taken"}),
        ({"email": "alice"}, {"email": "email_malformed"}),
        ({"phone": "0905000001"}, {"phone": "phone_taken"}),
        ({"phone": "02363822222"}, {"phone": "phone_landline"}),
        ({"email": None, "phone": None}, {"phone": "phone_or_email_required"}),
        ({"password": "ngắn"}, {"password": "password_too_short"}),
    ],
)
def test_what_is_wrong_with_an_account_is_told(
    session: Session,
    cast: Cast,
    clock: FixedClock,
    box: SecretsBox,
    change: dict[str, str],
    fields: dict[str, str],
) -> None:
    base = AccountWish(cast.heidi.person_id, GOOD_PASSWORD, email="heidi@example.org")
    with pytest.raises(Invalid) as refused:
        create_account(session, HOUSE, replace(base, **change), clock.now(), box, CHEAP)  # type: ignore[arg-type]
    assert refused.value.fields == fields


def test_one_person_one_account(session: Session, cast: Cast, clock: FixedClock, box: SecretsBox) -> None:
    wish = AccountWish(cast.alice.person_id, GOOD_PASSWORD, email="second@example.org")
    with pytest.raises(Conflict, match="person_has_account"):
        create_account(session, cast.olga.actor, wish, clock.now(), box, CHEAP)


def test_a_new_password_signs_other_devices_out(session: Session, cast: Cast, clock: FixedClock) -> None:
    account = session.get_one(Account, cast.alice.account_id)
    stamp = account.session_stamp
    change_password(session, cast.alice.actor, PasswordWish(PASSWORD, GOOD_PASSWORD), clock.now(), CHEAP)
    assert account.session_stamp != stamp
    assert CHEAP.verify(account.password_hash, GOOD_PASSWORD)
    assert actions(session) == ["password.changed"]


@pytest.mark.parametrize(
    ("old", "new", "fields"),
    [
        ("wrong", GOOD_PASSWORD, {"old": "wrong_password"}),
        (PASSWORD, "ngắn", {"new": "password_too_short"}),
        (PASSWORD, "1234567890", {"new": "password_too_common"}),
    ],
)
def test_a_password_is_changed_only_by_its_owner_and_to_a_good_one(
    session: Session, cast: Cast, clock: FixedClock, old: str, new: str, fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        change_password(session, cast.alice.actor, PasswordWish(old, new), clock.now(), CHEAP)
    assert refused.value.fields == fields


def test_an_administrator_resets_and_locks(session: Session, cast: Cast, clock: FixedClock) -> None:
    account = session.get_one(Account, cast.alice.account_id)
    stamps = {account.session_stamp}
    reset_password(session, cast.olga.actor, account.id, GOOD_PASSWORD, clock.now(), CHEAP)
    stamps.add(account.session_stamp)
    set_active(session, cast.olga.actor, account.id, False, clock.now())
    stamps.add(account.session_stamp)
    set_active(session, cast.olga.actor, account.id, False, clock.now())
    assert len(stamps) == 3
    assert not account.active
    assert actions(session) == ["password.reset", "account.locked"]
    with pytest.raises(NotFound):
        set_active(session, cast.olga.actor, 999_999, False, clock.now())


def test_the_last_administrator_stays(session: Session, cast: Cast, clock: FixedClock) -> None:
    olga = cast.olga.account_id
    assert olga is not None
    grant = session.scalars(select(RoleGrant).where(RoleGrant.account_id == olga)).one()
    with pytest.raises(Conflict, match="last_administrator"):
        revoke_role(session, cast.olga.actor, olga, grant.id, clock.now())
    with pytest.raises(Conflict, match="own_account"):
        set_active(session, cast.olga.actor, olga, False, clock.now())
    with pytest.raises(Conflict, match="last_administrator"):
        set_active(session, HOUSE, olga, False, clock.now())
    assert cast.frank.account_id is not None
    grant_role(session, cast.olga.actor, GrantWish(cast.frank.account_id, "administrator"), clock.now())
    assert revoke_role(session, cast.olga.actor, olga, grant.id, clock.now()).revoked_at == clock.now()


def test_a_language_is_remembered(session: Session, cast: Cast) -> None:
    assert set_language(session, cast.alice.actor, "en").language == "en"
    with pytest.raises(Invalid):
        set_language(session, cast.alice.actor, "fr")
    with pytest.raises(NotAllowed):
        set_language(session, ANYONE, "en")


# ── roles ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_role_is_given_once(session: Session, cast: Cast, clock: FixedClock) -> None:
    assert cast.alice.account_id is not None
    wish = GrantWish(cast.alice.account_id, "coordinator", cast.units["haichau"])
    first = grant_role(session, cast.olga.actor, wish, clock.now())
    assert grant_role(session, cast.olga.actor, wish, clock.now()) is first
    actor = queries.actor_of(session, session.get_one(Account, cast.alice.account_id))
    assert actor.roles == {Role.VOLUNTEER, Role.COORDINATOR}
    assert actor.units == {cast.units[code] for code in ("haichau", "one", "two")}
    revoke_role(session, cast.olga.actor, cast.alice.account_id, first.id, clock.now())
    assert queries.actor_of(session, session.get_one(Account, cast.alice.account_id)).units == frozenset()
    assert grant_role(session, cast.olga.actor, wish, clock.now()) is not first
    assert actions(session) == ["role.granted", "role.revoked", "role.granted"]


@pytest.mark.parametrize(
    ("role", "unit", "fields"),
    [
        ("king", None, {"role": "not_a_choice"}),
        ("coordinator", None, {"unit_id": "unit_required"}),
        ("coordinator", 999_999, {"unit_id": "unit_required"}),
    ],
)
def test_a_role_that_cannot_be(
    session: Session, cast: Cast, clock: FixedClock, role: str, unit: int | None, fields: dict[str, str]
) -> None:
    assert cast.alice.account_id is not None
    with pytest.raises(Invalid) as refused:
        grant_role(session, cast.olga.actor, GrantWish(cast.alice.account_id, role, unit), clock.now())
    assert refused.value.fields == fields


def test_a_grant_of_another_account_is_not_found(session: Session, cast: Cast, clock: FixedClock) -> None:
    assert cast.alice.account_id is not None
    foreign = session.scalars(select(RoleGrant).where(RoleGrant.account_id == cast.bob.account_id)).one()
    with pytest.raises(NotFound):
        revoke_role(session, cast.olga.actor, cast.alice.account_id, foreign.id, clock.now())
    with pytest.raises(NotFound):
        grant_role(session, cast.olga.actor, GrantWish(999_999, "volunteer"), clock.now())


@pytest.mark.parametrize("who", ["alice", "carol", "frank", "grace"])
def test_only_administrators_manage_accounts_and_units(
    session: Session, cast: Cast, clock: FixedClock, box: SecretsBox, who: str
) -> None:
    actor, now = cast[who].actor, clock.now()
    unit = cast.units["one"]
    tries = (
        lambda: open_account(
            session, actor, OpenAccountWish("Lan", GOOD_PASSWORD, "volunteer"), now, box, CHEAP
        ),
        lambda: create_account(session, actor, AccountWish(cast.heidi.person_id, GOOD_PASSWORD), now, box),
        lambda: grant_role(session, actor, GrantWish(1, "administrator"), now),
        lambda: revoke_role(session, actor, 1, 1, now),
        lambda: reset_password(session, actor, 1, GOOD_PASSWORD, now),
        lambda: set_active(session, actor, 1, False, now),
        lambda: create_unit(session, actor, UnitWish("Chi đoàn Ba", "chapter", cast.units["haichau"]), now),
        lambda: move_unit(session, actor, unit, cast.units["schools"], now),
        lambda: close_unit(session, actor, unit, now),
        lambda: install_places(session, actor, now),
    )
    for attempt in tries:
        with pytest.raises(NotAllowed):
            attempt()


# ── units and places ────────────────────────────────────────────────────────────────────────────────


def test_a_unit_gets_a_code_of_its_name(session: Session, cast: Cast, clock: FixedClock) -> None:
    wish = UnitWish("  Chi đoàn  Tổ 12 ", "chapter", cast.units["haichau"], declared_members=15)
    first = create_unit(session, cast.olga.actor, wish, clock.now())
    second = create_unit(session, cast.olga.actor, wish, clock.now())
    assert (first.name, first.code) == ("Chi đoàn Tổ 12", "CHI-DOAN-TO-12")
    assert second.code == "CHI-DOAN-TO-12-2"
    assert [unit.code for unit in queries.unit_path(session, first.id)][-1] == first.code
    assert actions(session) == ["unit.created", "unit.created"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name": "  "}, {"name": "required"}),
        ({"name": "x" * 151}, {"name": "too_long"}),
        ({"kind": "family"}, {"kind": "not_a_choice"}),
        ({"kind": "ward_union"}, {"kind": "kind_does_not_fit"}),
        ({"code": "chi đoàn"}, {"code": "code_malformed"}),
        ({"code": "TAKEN"}, {"code": "code_taken"}),
        ({"ward_code": "1"}, {"ward_code": "not_a_choice"}),
        ({"declared_members": -1}, {"declared_members": "not_negative"}),
    ],
)
def test_what_is_wrong_with_a_unit_is_told(
    session: Session, cast: Cast, clock: FixedClock, change: dict[str, str], fields: dict[str, str]
) -> None:
    base = UnitWish("Chi đoàn Ba", "chapter", cast.units["haichau"])
    create_unit(session, HOUSE, replace(base, code="taken"), clock.now())
    with pytest.raises(Invalid) as refused:
        create_unit(session, HOUSE, replace(base, **change), clock.now())  # type: ignore[arg-type]
    assert refused.value.fields == fields


def test_a_unit_never_stands_below_itself(session: Session, cast: Cast, clock: FixedClock) -> None:
    outer = create_unit(session, HOUSE, UnitWish("Đoàn cơ sở A", "base", cast.units["haichau"]), clock.now())
    inner = create_unit(session, HOUSE, UnitWish("Đoàn cơ sở B", "base", outer.id), clock.now())
    for parent in (outer, inner):
        with pytest.raises(Conflict, match="unit_circle"):
            move_unit(session, HOUSE, outer.id, parent.id, clock.now())
    with pytest.raises(Conflict, match="unit_kind_does_not_fit"):
        move_unit(session, HOUSE, outer.id, cast.units["one"], clock.now())
    with pytest.raises(NotFound):
        move_unit(session, HOUSE, outer.id, 999_999, clock.now())
    assert (
        move_unit(session, HOUSE, outer.id, cast.units["schools"], clock.now()).parent_id
        == cast.units["schools"]
    )
    assert inner.id in queries.units_below(session, [cast.units["schools"]])


def test_two_moves_at_once_make_no_circle(database: Database, cast: Cast, clock: FixedClock) -> None:
    with database.session(write=True) as session:
        ids = [
            create_unit(session, HOUSE, UnitWish(name, "base", cast.units["haichau"]), clock.now()).id
            for name in ("Đoàn cơ sở A", "Đoàn cơ sở B")
        ]
        session.commit()
    start = threading.Barrier(2)
    refused: list[str] = []

    def move(unit_id: int, parent_id: int) -> None:
        start.wait(timeout=20)
        with database.session(write=True) as session:
            try:
                move_unit(session, HOUSE, unit_id, parent_id, clock.now())
                session.commit()
            except AppError as error:
                refused.append(error.code)

    threads = [threading.Thread(target=move, args=pair) for pair in (tuple(ids), tuple(reversed(ids)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert refused == ["unit_circle"]


def test_a_unit_is_closed_from_the_leaves(session: Session, cast: Cast, clock: FixedClock) -> None:
    for code in ("haichau", "city"):
        with pytest.raises(Conflict, match="unit_has_units_below"):
            close_unit(session, HOUSE, cast.units[code], clock.now())
    assert close_unit(session, HOUSE, cast.units["one"], clock.now()).closed_at == clock.now()
    with pytest.raises(NotFound):
        close_unit(session, HOUSE, cast.units["one"], clock.now())
    assert cast.units["one"] not in {option.id for option in queries.unit_options(session)}


def test_the_places_are_installed_once(session: Session, clock: FixedClock) -> None:
    assert install_places(session, HOUSE, clock.now()) == Installed(94, 95)
    assert install_places(session, HOUSE, clock.now()) == Installed(0, 0)
    assert session.scalar(select(func.count()).select_from(Ward)) == 94
    names = dict(session.execute(select(Unit.code, Unit.name)).all())
    assert names["DU-48"] == "Thành Đoàn Đà Nẵng"
    assert names["DU-20194"] == "Đoàn phường Hải Vân"
    assert names["DU-20333"] == "Đoàn đặc khu Hoàng Sa"
    assert {f"DU-{place.code}" for place in PLACES} | {"DU-48"} == set(names)
    assert actions(session) == ["places.installed"]


def test_places_that_were_renamed_stay_so(session: Session, clock: FixedClock) -> None:
    install_places(session, HOUSE, clock.now())
    unit = queries.unit_by_code(session, "DU-20194")
    assert unit is not None
    unit.name = "Đoàn phường Hải Vân (mới)"
    session.delete(session.scalars(select(Unit).where(Unit.code == "DU-20333")).one())
    session.flush()
    assert install_places(session, HOUSE, clock.now()) == Installed(0, 1)
    assert unit.name == "Đoàn phường Hải Vân (mới)"


# ── consents and the audit log ──────────────────────────────────────────────────────────────────────


def consent_to(purpose: str, person_id: int, **more: str) -> ConsentWish:
    return ConsentWish(person_id, purpose, PURPOSES[purpose].text, "vi", "in_person", **more)


def test_consents_are_added_and_the_newest_holds(session: Session, cast: Cast, clock: FixedClock) -> None:
    wish = consent_to(HONOR_WALL, cast.alice.person_id, item="nomination:7")
    record_consent(session, cast.frank.actor, wish, clock.now())
    assert queries.has_consent(session, cast.alice.person_id, HONOR_WALL, "nomination:7")
    assert not queries.has_consent(session, cast.alice.person_id, HONOR_WALL)
    withdraw_consent(session, cast.alice.actor, wish, clock.now())
    assert not queries.has_consent(session, cast.alice.person_id, HONOR_WALL, "nomination:7")
    rows = session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [(row.given, row.recorded_by) for row in rows] == [
        (True, cast.frank.account_id),
        (False, cast.alice.account_id),
    ]
    assert rows[0].text_shown == PURPOSES[HONOR_WALL].text
    # What one decides about oneself is no act of staff.
    assert actions(session) == ["consent.given"]


def test_who_may_take_a_consent_down(session: Session, cast: Cast, clock: FixedClock) -> None:
    heidi = cast.heidi.person_id
    record_consent(session, cast.alice.actor, consent_to(LEARNING_RECORD, heidi), clock.now())
    record_consent(session, cast.heidi.actor, consent_to(HONOR_WALL, heidi), clock.now())
    for actor, purpose in (
        (cast.alice.actor, HONOR_WALL),
        (cast.carol.actor, HONOR_WALL),
        (cast.grace.actor, LEARNING_RECORD),
        (ANYONE, CONTACT),
    ):
        with pytest.raises(NotAllowed):
            record_consent(session, actor, consent_to(purpose, heidi), clock.now())


def test_a_consent_without_its_proof_is_refused(session: Session, cast: Cast, clock: FixedClock) -> None:
    good = consent_to(CONTACT, cast.alice.person_id)
    for wish, error in (
        (replace(good, text=" "), Invalid),
        (replace(good, how="telepathy"), BadRequest),
        (replace(good, language="fr"), BadRequest),
        (replace(good, purpose="everything"), BadRequest),
        (replace(good, item="x" * 81), BadRequest),
        (replace(good, person_id=999_999), NotFound),
    ):
        with pytest.raises(error):
            record_consent(session, HOUSE, wish, clock.now())


def test_the_log_names_who_did_it(session: Session, cast: Cast, clock: FixedClock) -> None:
    entry = write_audit(session, cast.carol.actor, "class.held", "class", 7, {"seats": 12}, clock.now())
    session.flush()
    assert (entry.account_id, entry.subject_id, entry.details) == (cast.carol.account_id, "7", {"seats": 12})
    with pytest.raises(NotAllowed):
        write_audit(session, ANYONE, "class.held", "class", 7, {}, clock.now())
