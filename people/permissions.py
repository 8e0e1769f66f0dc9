"""The whole access policy, on one page.

A role gives permissions; a coordinator's reach ends at the edge of the unit. Everything that writes calls
`ensure` first. What belongs to oneself (my own teachings, my own badges) is decided by `owner_id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.errors import NotAllowed, NotFound


class Role(StrEnum):
    """What somebody is here."""

    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    COMMUNICATION = "communication"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What somebody may do."""

    TEACHING_RECORD = "teaching.record"
    TEACHING_RECORD_FOR = "teaching.record_for"
    TEACHING_CORRECT = "teaching.correct"
    TEACHING_SEE = "teaching.see"
    TEACHING_VOID = "teaching.void"
    TEACHING_ANSWER = "teaching.answer"
    ROSTER_IMPORT = "roster.import"
    CLASS_HOLD = "class.hold"
    CLASS_SEE = "class.see"
    WAITING_ASK = "waiting.ask"
    WAITING_TAKE = "waiting.take"
    WAITING_SEE = "waiting.see"
    SKILL_MANAGE = "skill.manage"
    TREE_SEE = "tree.see"
    PERSON_SEE = "person.see"
    PERSON_CREATE = "person.create"
    PERSON_PLACE = "person.place"
    PHONE_REVEAL = "phone.reveal"
    UNIT_SEE = "unit.see"
    UNIT_MANAGE = "unit.manage"
    ACCOUNT_MANAGE = "account.manage"
    ACCOUNT_OWN = "account.own"
    CONSENT_TAKE = "consent.take"
    CONSENT_RECORD = "consent.record"
    HONOR_DISCOVER = "honor.discover"
    HONOR_PUBLISH = "honor.publish"
    AUDIT_WRITE = "audit.write"
    AUDIT_READ = "audit.read"
    SYSTEM_OPERATE = "system.operate"


P = Permission

POLICY: dict[Role, frozenset[Permission]] = {
    Role.VOLUNTEER: frozenset(
        {
            P.TEACHING_RECORD,
            P.ROSTER_IMPORT,
            P.CLASS_HOLD,
            P.WAITING_TAKE,
            P.PERSON_CREATE,
            P.CONSENT_TAKE,
            P.AUDIT_WRITE,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
            P.TEACHING_RECORD_FOR,
            P.TEACHING_CORRECT,
            P.TEACHING_SEE,
            P.TEACHING_VOID,
            P.ROSTER_IMPORT,
            P.CLASS_HOLD,
            P.CLASS_SEE,
            P.WAITING_SEE,
            P.TREE_SEE,
            P.PERSON_SEE,
            P.PERSON_CREATE,
            P.PERSON_PLACE,
            P.PHONE_REVEAL,
            P.CONSENT_TAKE,
            P.UNIT_SEE,
            P.AUDIT_WRITE,
        }
    ),
    Role.COMMUNICATION: frozenset(
        {
            P.HONOR_DISCOVER,
            P.HONOR_PUBLISH,
            P.CONSENT_TAKE,
            P.CONSENT_RECORD,
            P.TREE_SEE,
            P.UNIT_SEE,
            P.AUDIT_WRITE,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            P.ACCOUNT_MANAGE,
            P.UNIT_MANAGE,
            P.SKILL_MANAGE,
            P.UNIT_SEE,
            P.PERSON_CREATE,
            P.PERSON_PLACE,
            P.TEACHING_VOID,
            P.AUDIT_WRITE,
            P.AUDIT_READ,
            P.SYSTEM_OPERATE,
        }
    ),
}

# The person whom a record is about, or who made it, may do this with no role at all. Consent to the use of
# one's own data is one's own to give and to take back.
OWN: frozenset[Permission] = frozenset(
    {
        P.TEACHING_CORRECT,
        P.TEACHING_SEE,
        P.TEACHING_VOID,
        P.CLASS_SEE,
        P.TREE_SEE,
        P.PERSON_SEE,
        P.ACCOUNT_OWN,
        P.CONSENT_TAKE,
        P.CONSENT_RECORD,
        P.AUDIT_WRITE,
    }
)

# Anyone may, even without an account: whoever holds a learner's link may say whether it is right, and whoever
# wants to be taught may ask.
PUBLIC: frozenset[Permission] = frozenset({P.TEACHING_ANSWER, P.WAITING_ASK})

SCOPED: frozenset[Role] = frozenset({Role.COORDINATOR})


@dataclass(frozen=True)
class Actor:
    """Who acts: an account with roles, the house itself (a command, a job), or a learner without account.

    `units` holds the ids of all units that the coordinator roles reach, those below included.
    """

    account_id: int | None = None
    person_id: int | None = None
    roles: frozenset[Role] = frozenset()
    units: frozenset[int] = frozenset()
    is_house: bool = False

    @property
    def signed_in(self) -> bool:
        """Tell whether an account stands behind the actor."""
        return self.account_id is not None


ANYONE = Actor()
HOUSE = Actor(is_house=True)


def may(
    actor: Actor,
    permission: Permission,
    *,
    unit_id: int | None = None,
    owner_id: int | None = None,
    anywhere: bool = False,
) -> bool:
    """Tell whether the actor may do this.

    `unit_id` is the home unit of what is touched, `owner_id` the person it belongs to; `anywhere` asks only
    whether some unit would do, for menus and for lists that are then filtered.

    >>> lan = Actor(account_id=1, person_id=7, roles=frozenset({Role.VOLUNTEER}))
    >>> may(lan, Permission.TEACHING_RECORD), may(lan, Permission.HONOR_PUBLISH)
    (True, False)
    >>> may(lan, Permission.TREE_SEE, owner_id=7), may(lan, Permission.TREE_SEE, owner_id=8)
    (True, False)
    >>> hoa = Actor(account_id=2, person_id=9, roles=frozenset({Role.COORDINATOR}), units=frozenset({3}))
    >>> may(hoa, Permission.PERSON_SEE, unit_id=3), may(hoa, Permission.PERSON_SEE, unit_id=4)
    (True, False)
    >>> may(HOUSE, Permission.SYSTEM_OPERATE), may(ANYONE, Permission.TEACHING_RECORD)
    (True, False)
    """
    if actor.is_house or permission in PUBLIC:
        return True
    if owner_id is not None and owner_id == actor.person_id and permission in OWN:
        return True
    for role in actor.roles:
        if permission not in POLICY[role]:
            continue
        if role not in SCOPED or anywhere or (unit_id is not None and unit_id in actor.units):
            return True
    return False


def ensure(
    actor: Actor,
    permission: Permission,
    *,
    unit_id: int | None = None,
    owner_id: int | None = None,
    anywhere: bool = False,
) -> None:
    """Raise NotAllowed("not_allowed") unless the actor may do this. The first line of every service."""
    if not may(actor, permission, unit_id=unit_id, owner_id=owner_id, anywhere=anywhere):
        raise NotAllowed("not_allowed", permission=str(permission))


def ensure_seen(
    actor: Actor, permission: Permission, *, unit_id: int | None = None, owner_id: int | None = None
) -> None:
    """Raise NotFound unless the actor may see this: a foreign id looks like one that is not there."""
    if not may(actor, permission, unit_id=unit_id, owner_id=owner_id):
        raise NotFound("not_found")
