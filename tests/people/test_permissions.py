"""The whole policy, as a matrix that a reader can check against the page."""

import pytest

from core.errors import NotAllowed, NotFound
from people.permissions import (
    ANYONE,
    HOUSE,
    POLICY,
    PUBLIC,
    Actor,
    Permission,
    Role,
    ensure,
    ensure_seen,
    may,
)

V, C, S, A = Role.VOLUNTEER, Role.COORDINATOR, Role.COMMUNICATION, Role.ADMINISTRATOR

MATRIX: dict[Permission, set[Role]] = {
    Permission.TEACHING_RECORD: {V},
    Permission.TEACHING_RECORD_FOR: {C},
    Permission.TEACHING_CORRECT: {C},
    Permission.TEACHING_SEE: {C},
    Permission.ROSTER_IMPORT: {V, C},
    Permission.CLASS_HOLD: {V, C},
    Permission.CLASS_SEE: {C},
    Permission.WAITING_TAKE: {V},
    Permission.WAITING_SEE: {C},
    Permission.SKILL_MANAGE: {A},
    Permission.TEACHING_VOID: {C, A},
    Permission.TREE_SEE: {C, S},
    Permission.PERSON_SEE: {C},
    Permission.PERSON_CREATE: {V, C, A},
    Permission.PERSON_PLACE: {C, A},
    Permission.PHONE_REVEAL: {C},
    Permission.UNIT_SEE: {C, S, A},
    Permission.UNIT_MANAGE: {A},
    Permission.ACCOUNT_MANAGE: {A},
    Permission.ACCOUNT_OWN: set(),
    Permission.CONSENT_TAKE: {V, C, S},
    Permission.CONSENT_RECORD: {S},
    Permission.HONOR_DISCOVER: {S},
    Permission.HONOR_PUBLISH: {S},
    Permission.AUDIT_WRITE: {V, C, S, A},
    Permission.AUDIT_READ: {A},
    Permission.SYSTEM_OPERATE: {A},
}


def test_only_answering_a_link_and_asking_to_be_taught_are_for_anyone() -> None:
    assert {Permission.TEACHING_ANSWER, Permission.WAITING_ASK} == PUBLIC


def test_the_matrix_is_the_policy() -> None:
    assert set(MATRIX) | PUBLIC == set(Permission)
    assert {role: {p for p, roles in MATRIX.items() if role in roles} for role in Role} == POLICY


@pytest.mark.parametrize("permission", list(Permission))
def test_the_house_may_everything_and_nobody_nothing(permission: Permission) -> None:
    assert may(HOUSE, permission)
    if permission in PUBLIC:
        assert may(ANYONE, permission)
        return
    assert not may(ANYONE, permission)
    assert not may(ANYONE, permission, anywhere=True)
    assert not may(ANYONE, permission, owner_id=None, unit_id=1)


def test_a_coordinator_ends_at_the_edge_of_the_unit() -> None:
    carol = Actor(account_id=1, person_id=1, roles=frozenset({C}), units=frozenset({3, 4}))
    assert may(carol, Permission.PERSON_SEE, unit_id=4)
    assert not may(carol, Permission.PERSON_SEE, unit_id=5)
    assert not may(carol, Permission.PERSON_SEE)
    assert may(carol, Permission.PERSON_SEE, anywhere=True)
    # A wider role beside it is not narrowed.
    both = Actor(account_id=1, person_id=1, roles=frozenset({C, S}), units=frozenset({3}))
    assert may(both, Permission.TREE_SEE, unit_id=99)


def test_what_is_ones_own_needs_no_role() -> None:
    heidi = Actor(person_id=9)
    assert may(heidi, Permission.TREE_SEE, owner_id=9)
    assert may(heidi, Permission.CONSENT_RECORD, owner_id=9)
    assert not may(heidi, Permission.TREE_SEE, owner_id=8)
    assert not may(heidi, Permission.HONOR_PUBLISH, owner_id=9)


def test_refusals() -> None:
    with pytest.raises(NotAllowed, match="not_allowed"):
        ensure(ANYONE, Permission.TEACHING_RECORD)
    with pytest.raises(NotFound, match="not_found"):
        ensure_seen(Actor(account_id=1, person_id=1, roles=frozenset({V})), Permission.TREE_SEE, owner_id=2)
    ensure(HOUSE, Permission.SYSTEM_OPERATE)
    ensure_seen(Actor(person_id=2), Permission.TREE_SEE, owner_id=2)
