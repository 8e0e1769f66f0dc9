"""Many people at once: the shape of lines as they come, of what is thought of them, and of what was written.

line
    one person as somebody typed, pasted or sent it; nothing in it is trusted.
frame
    what holds for all lines where a line says nothing else: teacher, day, skills, place.
verdict
    what we think of a line before anything is written:

    ``new``       nobody we know; a person will be made
    ``known``     exactly one person fits for certain; the line is a further contact of that person. With the
                  reason ``same_act`` this very act stands already, and writing it changes nothing
    ``doubtful``  it may be somebody we know: a human says so, or nothing is written
    ``refused``   cannot be written as it is; the reasons say why

    A verdict that is not refused may carry reasons too: what is left out of the line (an unreadable phone)
    does not cost anybody the record.
choice
    what a human said about a line: ``same`` (one of the candidates), ``apart`` (somebody else), ``skip``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Kind = Literal["new", "known", "doubtful", "refused"]
Choice = Literal["same", "apart", "skip"]
Outcome = Literal["written", "nothing", "refused"]

FIRST_DAY: Final = date(2020, 1, 1)
"""Nothing was taught before the programme was thought of: an older day is a slip of the pen."""


@dataclass(frozen=True)
class Line:
    """One person, as somebody typed or sent it. What is None or empty is taken from the frame.

    `row` is as the sender counts, from 1. `full_name` and `phone` are raw.
    """

    row: int
    full_name: str
    phone: str = ""
    gender: str | None = None
    age_band: str | None = None
    ward_code: str | None = None
    taught_on: date | None = None
    skill_ids: tuple[int, ...] = ()
    teacher_id: int | None = None
    note: str = ""
    client_uuid: str | None = None


@dataclass(frozen=True)
class Frame:
    """What holds for all lines."""

    teacher_id: int
    taught_on: date
    skill_ids: tuple[int, ...]
    place: str | None = None
    ward_code: str | None = None
    class_id: int | None = None
    source: str | None = None


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a line may be about: a hint, never an identity.

    A person who is none of the teacher's own shows only when name and phone agree, and then without where or
    by whom: `mine` is False, `ward_name` and `last_on` are None.
    """

    person_id: int
    full_name: str
    ward_name: str | None
    phone_tail: str | None
    last_on: date | None
    mine: bool


@dataclass(frozen=True)
class Verdict:
    """What is thought of a line. `same_as_row` names an earlier line of the list that is the same person."""

    line: Line
    kind: Kind
    reasons: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    person_id: int | None = None
    same_as_row: int | None = None


@dataclass(frozen=True)
class Decided:
    """A verdict with what a human said to it; `person_id` tells which candidate is "the same"."""

    verdict: Verdict
    choice: Choice | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class Written:
    """What became of a line. `nothing` is no failure: it stood already, or nobody decided."""

    row: int
    outcome: Outcome
    person_id: int | None
    teaching_id: int | None
    made_person: bool
    reasons: tuple[str, ...] = ()


def undecided(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return those that wait for a human.

    >>> lan, hoa = Line(1, "Lan"), Line(2, "Hoa")
    >>> [one.line.row for one in undecided([Verdict(lan, "new"), Verdict(hoa, "doubtful")])]
    [2]
    """
    return [verdict for verdict in verdicts if verdict.kind == "doubtful"]
