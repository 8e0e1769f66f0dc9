"""What the picture of a tree and its list say of each person: the name where it may be seen.

>>> from referrals.tree import prune, slice_of
>>> twigs = prune(slice_of(1, [(2, 1), (3, 2)]))
>>> told = tellings(twigs, {1: "Nguyễn Thị Lan", 2: "Trần Văn Minh"})
>>> [(one.name, one.through) for one in told.values()]
[('Nguyễn Thị Lan', ''), ('Trần Văn Minh', 'Lan'), ('', 'Minh')]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from people.names import avatar_letter, given_name
from referrals.picture import Face
from referrals.tree import Twig


class Telling(NamedTuple):
    """What may be said of a person: the name or "", the given name of the teacher or "", the reach."""

    name: str
    through: str
    reach: int


def tellings(twigs: Sequence[Twig], names: Mapping[int, str]) -> dict[int, Telling]:
    """Return what may be said of each person of a picture; `names` holds those that may be seen."""
    told: dict[int, Telling] = {}
    for twig in twigs:
        if twig.id is None:
            continue
        above = twigs[twig.parent].id if twig.parent >= 0 else None
        teacher = names.get(above, "") if above is not None else ""
        told[twig.id] = Telling(names.get(twig.id, ""), given_name(teacher) if teacher else "", twig.reach)
    return told


def faces_of(
    told: Mapping[int, Telling],
    title_of: Callable[[Telling], str],
    href_of: Callable[[int], str | None] = lambda _: None,
) -> dict[int, Face]:
    """Return the faces for `referrals.drawing.draw`; the edge gives the words and the addresses."""
    return {
        person: Face(
            avatar_letter(one.name) if one.name else "",
            title_of(one),
            given_name(one.name) if one.name else "",
            href_of(person),
        )
        for person, one in told.items()
    }
