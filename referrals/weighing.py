"""What to think of each line of a list: new, known, doubtful or refused. No database, no clock.

A list is weighed from its first line to its last, and each line sees those before it. `Readings` go in with
what is known of the people whom they may be about; verdicts come out. `Weighing` remembers what the list
itself has taken so far, so that a name that stands twice in it is noticed, and so that an act that stands
already answers for one line only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from referrals.batches import Candidate, Choice, Line, Verdict
from referrals.likeness import Likeness, Traits, likeness, nothing_against

CANDIDATES: Final = 5
"""So many people are asked about at most; whoever teaches more namesakes tells them apart by the phone."""

_ORDER: Final[Mapping[Likeness, int]] = {"phone": 0, "certain": 1, "maybe": 2}


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody on record whom a line may be about. `acts` maps a day to this teacher's act on it."""

    candidate: Candidate
    traits: Traits
    acts: Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """A line, read: its parts made whole from the frame, and what is wrong with it.

    `refusals` keep it from being written; `losses` name what is left out of it.
    """

    line: Line
    teacher_id: int
    taught_on: date
    skill_ids: tuple[int, ...]
    full_name: str
    traits: Traits
    phone: str | None
    refusals: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What a line has come to within its list: a person on record, or None for one that the list makes."""

    reading: Reading
    person_id: int | None


@dataclass(slots=True)
class Weighing:
    """The lines of one list so far. `own_names` maps a teacher to the key of the own name."""

    own_names: Mapping[int, str] = field(default_factory=dict)
    _by_key: dict[str, list[Place]] = field(default_factory=dict)
    _acts: dict[tuple[int, int, date], int] = field(default_factory=dict)

    def verdict(self, reading: Reading, somebodies: Sequence[Somebody]) -> Verdict:
        """Return what is thought of the next line, and remember that it is taken so."""
        verdict = self.weigh(reading, somebodies)
        if verdict.kind in ("new", "known"):
            self.take(reading, verdict.person_id)
        return verdict

    def take(self, reading: Reading, person_id: int | None) -> None:
        """Remember that a line is about this person; None: about one whom the list makes."""
        self._by_key.setdefault(reading.traits.name_key, []).append(Place(reading, person_id))
        if person_id is not None:
            self._acts.setdefault((reading.teacher_id, person_id, reading.taught_on), reading.line.row)

    def taken(self, reading: Reading, person_id: int) -> bool:
        """Tell whether an earlier line of the list is this very act."""
        return (reading.teacher_id, person_id, reading.taught_on) in self._acts

    def standing(
        self, reading: Reading, somebodies: Sequence[Somebody], seen: frozenset[int]
    ) -> Somebody | None:
        """Return who of that name was taught that very day, by an act that answers for no line yet.

        `seen` are those of whom a human said that the line is not about them.
        """
        for one in somebodies:
            person_id = one.candidate.person_id
            free = person_id not in seen and not self.taken(reading, person_id)
            if free and reading.taught_on in one.acts and nothing_against(reading.traits, one.traits):
                return one
        return None

    def twin(self, reading: Reading) -> Place | None:
        """Return the line before this one that may be the same person."""
        for place in self._by_key.get(reading.traits.name_key, ()):
            if nothing_against(place.reading.traits, reading.traits):
                return place
        return None

    def weigh(self, reading: Reading, somebodies: Sequence[Somebody]) -> Verdict:
        """Return what is thought of a line, as things stand."""
        line, losses = reading.line, reading.losses
        if reading.refusals:
            return Verdict(line, "refused", (*reading.refusals, *losses))
        fits = _fitting(reading, somebodies)
        by_phone = [one for one, how in fits if how == "phone"]
        if any(one.candidate.person_id == reading.teacher_id for one in by_phone):
            return Verdict(line, "refused", ("teaches_oneself", *losses))
        if len(by_phone) == 1:
            return self._known(reading, by_phone[0])
        if standing := self.standing(reading, somebodies, frozenset()):
            return self._known(reading, standing)
        if twin := self.twin(reading):
            return self._twice(reading, twin)
        certain = [one for one, how in fits if how != "maybe"]
        if len(certain) == 1 and not by_phone:
            return self._known(reading, certain[0])
        if fits:
            asked = tuple(one.candidate for one, _ in fits[:CANDIDATES])
            why = "several_fit" if len(certain) > 1 else "maybe_same_person"
            return Verdict(line, "doubtful", (why, *losses), asked)
        if self.own_names.get(reading.teacher_id) == reading.traits.name_key:
            return Verdict(line, "doubtful", ("own_name", *losses))
        return Verdict(line, "new", losses)

    def _known(self, reading: Reading, one: Somebody) -> Verdict:
        person_id = one.candidate.person_id
        before = self._acts.get((reading.teacher_id, person_id, reading.taught_on))
        stands = before is not None or reading.taught_on in one.acts
        return Verdict(
            reading.line,
            "known",
            (*(("same_act",) if stands else ()), *reading.losses),
            (one.candidate,),
            person_id,
            before,
        )

    def _twice(self, reading: Reading, twin: Place) -> Verdict:
        ours, theirs = reading.traits, twin.reading.traits
        same_act = (reading.teacher_id, reading.taught_on) == (
            twin.reading.teacher_id,
            twin.reading.taught_on,
        )
        how = likeness(ours, theirs)
        row = twin.reading.line.row
        if how == "phone" or (how == "certain" and not same_act):
            reasons = ("same_act",) if same_act else ()
            return Verdict(
                reading.line, "known", (*reasons, *reading.losses), (), twin.person_id, same_as_row=row
            )
        return Verdict(reading.line, "doubtful", ("twice_in_list", *reading.losses), same_as_row=row)


def chosen(choice: Choice | None, verdict: Verdict) -> Choice | None:
    """Return what is to be done with a line: what a human said, or what is certain; None: nobody decided.

    >>> from referrals.batches import Line
    >>> chosen(None, Verdict(Line(1, "Lan"), "new")), chosen(None, Verdict(Line(1, "Lan"), "doubtful"))
    ('apart', None)
    >>> chosen("skip", Verdict(Line(1, "Lan"), "new"))
    'skip'
    """
    if choice is not None:
        return choice
    certain: dict[str, Choice] = {"new": "apart", "known": "same"}
    return certain.get(verdict.kind)


def _fitting(reading: Reading, somebodies: Sequence[Somebody]) -> list[tuple[Somebody, Likeness]]:
    """Who may be meant, the likeliest first.

    Of people who are none of the teacher's own, name and ward are no certainty: a ward has many namesakes.
    """
    fits: list[tuple[Somebody, Likeness]] = []
    for one in somebodies:
        how = likeness(reading.traits, one.traits)
        if how != "phone" and not one.candidate.mine:
            how = "maybe" if how == "certain" else "other"
        if how != "other":
            fits.append((one, how))
    return sorted(
        fits, key=lambda fit: (_ORDER[fit[1]], not fit[0].candidate.mine, fit[0].candidate.person_id)
    )
