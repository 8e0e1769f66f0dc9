"""The states of a teaching, and the moves between them that are allowed.

A teaching is one dated act. Its life:

``recorded``
    written down by the teacher (or for them); nobody has confirmed it yet.
``confirmed``
    the learner said "yes, this is right". Only a confirmed teaching counts anywhere.
``disputed``
    the learner said "no, that is wrong"; a person decides.
``returned``
    sent back to whoever recorded it, with a reason, to be put right.
``expired``
    nobody confirmed in time. It may be issued again.
``voided``
    withdrawn. The end: the row stays for the history, and counts nowhere.

>>> may_move("recorded", "confirmed")
True
>>> may_move("voided", "confirmed")
False
>>> [state.value for state in MOVES[State.CONFIRMED]]
['disputed', 'voided']
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """A state of a teaching; the value is what the database keeps."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    RETURNED = "returned"
    EXPIRED = "expired"
    VOIDED = "voided"


MOVES: Final[Mapping[State, tuple[State, ...]]] = MappingProxyType(
    {
        State.RECORDED: (State.CONFIRMED, State.DISPUTED, State.RETURNED, State.EXPIRED, State.VOIDED),
        State.CONFIRMED: (State.DISPUTED, State.VOIDED),
        State.DISPUTED: (State.CONFIRMED, State.RETURNED, State.VOIDED),
        State.RETURNED: (State.RECORDED, State.VOIDED),
        State.EXPIRED: (State.RECORDED, State.VOIDED),
        State.VOIDED: (),
    }
)
"""From each state, the states it may move to."""

WAITING: Final = frozenset({State.RECORDED, State.RETURNED, State.DISPUTED})
"""Somebody still has something to do: confirm, put right, or decide."""

COUNTED: Final = frozenset({State.CONFIRMED})
"""A teaching in one of these is a contact, earns credit and may found a place in the tree."""


def may_move(start: State | str, end: State | str) -> bool:
    """Whether a teaching in state `start` may move to `end`.

    Staying where one is is no move. A word that is no state raises ValueError: it is a mistake in the
    program, and must not pass as a quiet "no".

    >>> may_move(State.EXPIRED, State.RECORDED)
    True
    >>> may_move("recorded", "recorded")
    False
    >>> may_move("recorded", "lost")
    Traceback (most recent call last):
    ...
    ValueError: 'lost' is not a valid State
    """
    return State(end) in MOVES[State(start)]


def is_final(state: State | str) -> bool:
    """Whether nothing can happen to a teaching in this state any more.

    >>> is_final("voided"), is_final("expired")
    (True, False)
    """
    return not MOVES[State(state)]
