"""Who is it that checks in? The learner types a name; here it is decided which act that name confirms.

attendee
    somebody of that very name who is on the list of this class already.
earlier learner
    somebody of that very name whom one of the class's teachers taught before.

The same person must not become two, and two people of one name must not become one. What cannot be known is
asked, once and plainly, of the one person who knows: the learner.

>>> decide(Said(), [], [])
Take(person_id=None)
>>> waits = Attendee(teaching_id=7, confirmed=False)
>>> decide(Said(), [waits], [Earlier(person_id=3)])
Confirm(teaching_id=7)
>>> decide(Said(), [Attendee(7, confirmed=True, same_device=True)], [])
Thank(teaching_id=7, same_device=True)
>>> decide(Said(), [Attendee(7, confirmed=True)], [])
Ask(code='already_here')
>>> decide(Said(who="apart"), [Attendee(7, confirmed=True)], [])
Take(person_id=None)
>>> decide(Said(tail="512"), [waits, Attendee(8, confirmed=False, phone_tail="512")], [])
Confirm(teaching_id=8)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Who = Literal["", "same", "apart"]
Question = Literal["already_here", "several_here", "learned_before"]


@dataclass(frozen=True)
class Said:
    """What the learner said beside the name. `who` answers a question that was asked before."""

    ward_code: str | None = None
    age_band: str | None = None
    tail: str = ""
    who: Who = ""


@dataclass(frozen=True)
class Attendee:
    """Somebody of this name on the list of the class."""

    teaching_id: int
    confirmed: bool
    phone_tail: str | None = None
    same_device: bool = False


@dataclass(frozen=True)
class Earlier:
    """Somebody of this name whom a teacher of the class taught before."""

    person_id: int
    ward_code: str | None = None
    age_band: str | None = None
    phone_tail: str | None = None


@dataclass(frozen=True)
class Thank:
    """The act stands confirmed already."""

    teaching_id: int
    same_device: bool = False


@dataclass(frozen=True)
class Confirm:
    """An act of the list is the one."""

    teaching_id: int


@dataclass(frozen=True)
class Take:
    """No act stands: take one down, of this person or of a new one."""

    person_id: int | None = None


@dataclass(frozen=True)
class Ask:
    """Only the learner can tell."""

    code: Question


Decision = Thank | Confirm | Take | Ask


def decide(said: Said, here: Sequence[Attendee], earlier: Sequence[Earlier]) -> Decision:
    """Return what a check-in of this name does. `here` and `earlier` all bear the name.

    >>> two = [Attendee(7, confirmed=False), Attendee(8, confirmed=False)]
    >>> decide(Said(), two, []), decide(Said(), [*two, Attendee(9, confirmed=False, phone_tail="512")], [])
    (Confirm(teaching_id=7), Ask(code='several_here'))
    >>> decide(Said(), [], [Earlier(3)])
    Ask(code='learned_before')
    >>> decide(Said(who="same"), [], [Earlier(3)]), decide(Said(who="apart"), [], [Earlier(3)])
    (Take(person_id=3), Take(person_id=None))
    >>> decide(Said(ward_code="a"), [], [Earlier(3, "a"), Earlier(4, "b")])
    Take(person_id=3)
    >>> decide(Said(ward_code="c"), [], [Earlier(3, "a"), Earlier(4, "b")])
    Take(person_id=None)
    >>> decide(Said(who="same"), [], [Earlier(3), Earlier(4, phone_tail="512")])
    Ask(code='several_here')
    >>> decide(Said(who="same", tail="123"), [], [Earlier(3), Earlier(4, phone_tail="123")])
    Take(person_id=4)
    """
    if said.tail:
        by_tail = [one for one in here if one.phone_tail == said.tail]
        if len(by_tail) == 1:
            return _of(by_tail[0])
    if said.who != "apart":
        mine = [one for one in here if one.confirmed and one.same_device]
        if mine:
            return Thank(mine[0].teaching_id, same_device=True)
    if here and said.who != "apart":
        return _among(said, here)
    return _before(said, earlier) if said.who != "apart" and not here else Take()


def _among(said: Said, here: Sequence[Attendee]) -> Decision:
    waiting = [one for one in here if not one.confirmed]
    # Of several on the list whom nothing tells apart, one is as good as the other.
    alike = [one for one in waiting if one.phone_tail is None]
    if len(waiting) == 1 or (waiting and len(alike) == len(waiting)):
        return Confirm(waiting[0].teaching_id)
    if said.tail:
        # The tail fits nobody: one of whom no number is known, or somebody else of that name.
        return Confirm(alike[0].teaching_id) if alike else Take()
    if waiting:
        return Ask("several_here")
    return Thank(here[0].teaching_id) if said.who == "same" else Ask("already_here")


def _before(said: Said, earlier: Sequence[Earlier]) -> Decision:
    if said.tail:
        by_tail = [one for one in earlier if one.phone_tail == said.tail]
        if len(by_tail) == 1:
            return Take(by_tail[0].person_id)
    likely = [one for one in earlier if not _contradicts(said, one)]
    same_ward = [one for one in likely if said.ward_code and one.ward_code == said.ward_code]
    if len(same_ward) == 1:
        return Take(same_ward[0].person_id)
    alike = all(one.phone_tail is None for one in likely)
    if said.who == "same" and likely and (len(likely) == 1 or alike):
        return Take(likely[0].person_id)
    if not likely or said.tail:
        return Take()
    return Ask("several_here" if said.who == "same" else "learned_before")


def _contradicts(said: Said, one: Earlier) -> bool:
    pairs = (
        (said.ward_code, one.ward_code),
        (said.age_band, one.age_band),
        (said.tail, one.phone_tail),
    )
    return any(told and known and told != known for told, known in pairs)


def _of(one: Attendee) -> Decision:
    return Thank(one.teaching_id, one.same_device) if one.confirmed else Confirm(one.teaching_id)
