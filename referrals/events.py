"""What referrals announces. Reactions are listed in `app/wiring.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class TeachingRecorded:
    """A teacher recorded an act; nothing counts yet."""

    teaching_id: int
    teacher_id: int
    learner_id: int


@dataclass(frozen=True)
class TeachingConfirmed:
    """The learner's side is proved: the act is now a contact.

    `credited` tells that this act made the learner count for the teacher; `placed` that it gave the learner
    a place in the tree; `unit_id` is the teacher's home unit at this moment.
    """

    teaching_id: int
    teacher_id: int
    learner_id: int
    taught_on: date
    unit_id: int | None
    credited: bool
    placed: bool


@dataclass(frozen=True)
class TeachingVoided:
    """A confirmed act no longer counts. `uncredited` tells that the pair lost its credit by it.

    A credit that moved to another act of the same pair is announced as `CreditMoved`, after this.
    """

    teaching_id: int
    teacher_id: int
    learner_id: int
    uncredited: bool


@dataclass(frozen=True)
class CreditMoved:
    """After a void, the pair counts by another of its confirmed acts."""

    teaching_id: int
    teacher_id: int
    learner_id: int
    taught_on: date
    unit_id: int | None


@dataclass(frozen=True)
class NetworkImported:
    """Many acts of one source were confirmed in bulk; reactions catch up with set-based statements."""

    source: str
