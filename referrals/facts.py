"""The facts about a person that badges, boards and honours may speak of. One field a fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PersonFacts:
    """Figures of one teacher, all from confirmed acts.

    `taught` counts distinct credited learners, `contacts` confirmed acts; the two are never mixed.
    `reach`, `depth` and `direct` come from the tree below the person; `raised` counts direct learners in the
    tree who have themselves taught five or more; `elders` counts credited learners of 60 and over;
    `skills` counts distinct skills taught; `wards` counts distinct wards of credited learners.
    """

    person_id: int
    taught: int = 0
    contacts: int = 0
    waiting: int = 0
    direct: int = 0
    reach: int = 0
    depth: int = 0
    raised: int = 0
    elders: int = 0
    skills: int = 0
    wards: int = 0
    first_on: date | None = None
    last_on: date | None = None
