"""The outbox of phones: what was written down without signal is taken in, once, in its writer's name.

An entry has a UUID of its own. The row that keeps the UUID is written first and in the same transaction as
the acts: of two that send the same entry at once, one waits for the other and then finds it done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Conflict, NotAllowed
from core.secrets_box import SecretsBox
from people.permissions import Actor, Permission, ensure
from referrals.entries import Entry, day_of, one_person
from referrals.models.acts import Teaching
from referrals.models.sent import SentEntry
from referrals.queries import teachings
from referrals.services import outbox_lists
from referrals.services.batches import CONFIRM_DAYS
from referrals.services.outbox_lists import Left
from referrals.services.recording import TeachingWish, record_teaching
from referrals.states import State

NEEDS: Final = {
    "one": Permission.TEACHING_RECORD,
    "several": Permission.TEACHING_RECORD,
    "class": Permission.CLASS_HOLD,
}


@dataclass(frozen=True)
class Taken:
    """An entry that stands: what came of it, and what of it still waits for a word of its writer.

    `again` tells that it had been taken before, and that nothing was written now.
    """

    sent: SentEntry
    again: bool
    left: tuple[Left, ...] = ()

    @property
    def teaching_ids(self) -> list[int]:
        """The acts that came of it."""
        return list(self.sent.answer["teaching_ids"])

    @property
    def class_id(self) -> int | None:
        """The class that came of it, or that its people were added to."""
        number: int | None = self.sent.answer.get("class_id")
        return number


def account_key(box: SecretsBox, account_id: int) -> str:
    """Return the name by which a phone knows an account: it tells two apart, and nothing else."""
    return box.blind_index("outbox", str(account_id))


def submit_entry(
    session: Session,
    actor: Actor,
    entry: Entry,
    now: datetime,
    box: SecretsBox,
    confirm_days: int = CONFIRM_DAYS,
) -> Taken:
    """Take an entry of a phone in, once.

    Raises NotAllowed("someone_else") for an entry that another account has written,
    Conflict("changed_resend") where the UUID stands for something else, Conflict("entry_voided") where all
    that came of it was taken back since, and whatever recording raises. Lines of a list that need a word of
    their writer are not written: they come back as `left`; where nothing else is there, Asked is raised.
    """
    ensure(actor, NEEDS[entry.kind], anywhere=True)
    if actor.account_id is None or entry.account != account_key(box, actor.account_id):
        raise NotAllowed("someone_else")
    found = _sent_before(session, actor, entry, now, box)
    if found is not None:
        return found
    # Whatever is refused on the way leaves nothing behind, the mark included.
    with session.begin_nested():
        sent = SentEntry(
            client_uuid=entry.uuid,
            account_id=actor.account_id,
            kind=entry.kind,
            content_hash=entry.content_hash,
            received_at=now,
            answer={"teaching_ids": []},
        )
        try:
            # A twin may be sending the very same entry: here one waits for the other.
            with session.begin_nested():
                session.add(sent)
        except IntegrityError:
            found = _sent_before(session, actor, entry, now, box)
            if found is None:
                raise
            return found
        sent.answer, left = _written(session, actor, entry, now, box, confirm_days)
    return Taken(sent, again=False, left=left)


def _sent_before(
    session: Session, actor: Actor, entry: Entry, now: datetime, box: SecretsBox
) -> Taken | None:
    sent = session.get(SentEntry, entry.uuid, populate_existing=True)
    if sent is None:
        return None
    if sent.account_id != actor.account_id:
        raise NotAllowed("someone_else")
    if sent.content_hash != entry.content_hash:
        raise Conflict("changed_resend")
    if _all_voided(session, sent.answer["teaching_ids"]):
        raise Conflict("entry_voided")
    left = outbox_lists.left_again(session, actor, entry, sent.answer, now, box)
    return Taken(sent, again=True, left=left)


def _all_voided(session: Session, ids: list[int]) -> bool:
    if not ids:
        return False
    standing = select(Teaching.id).where(Teaching.id.in_(ids), Teaching.state != State.VOIDED.value)
    return session.scalar(standing.limit(1)) is None


def _written(
    session: Session, actor: Actor, entry: Entry, now: datetime, box: SecretsBox, confirm_days: int
) -> tuple[dict[str, Any], tuple[Left, ...]]:
    if entry.kind == "one":
        return {"teaching_ids": [_one(session, actor, entry, now, box, confirm_days)]}, ()
    if entry.kind == "several":
        return outbox_lists.take_several(session, actor, entry, now, box, confirm_days)
    return outbox_lists.take_class(session, actor, entry, now, box, confirm_days)


def _one(
    session: Session, actor: Actor, entry: Entry, now: datetime, box: SecretsBox, confirm_days: int
) -> int:
    # The page may have reached us, and only its answer was lost: then the act has this very mark.
    before = teachings.by_client_uuid(session, entry.uuid)
    if before is not None and before.state == State.VOIDED.value and before.teacher_id == actor.person_id:
        raise Conflict("entry_voided")
    said = one_person(entry.content)
    wish = TeachingWish(
        full_name=said.full_name,
        taught_on=day_of(entry, entry.content.get("taught_on"), now),
        skill_ids=said.skill_ids,
        place=said.place,
        learner_id=said.learner_id,
        apart=said.apart,
        phone=said.phone,
        age_band=said.age_band,
        ward_code=said.ward_code,
        client_uuid=entry.uuid,
    )
    return record_teaching(session, actor, wish, now, box, confirm_days).teaching.id
