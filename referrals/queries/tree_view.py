"""Everything that a page about a tree shows, gathered once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from people.models import Person
from people.permissions import Actor
from referrals.faces import Telling, tellings
from referrals.facts import PersonFacts
from referrals.models.tree import Snapshot
from referrals.queries import facts, slices
from referrals.tree import Figures, Item, Twig, figures, nested, prune


@dataclass(frozen=True)
class TreeView:
    """A tree as one viewer may see it.

    `told` says of each person shown what may be said; `teacher` is who taught the person in the middle, where
    that may be seen. `exact` figures were counted now; the others are of the snapshot taken at `as_of`.
    """

    person_id: int
    full_name: str
    facts: PersonFacts
    figures: Figures
    twigs: tuple[Twig, ...]
    told: Mapping[int, Telling]
    root: Item
    teacher: str
    above: int
    as_of: datetime | None


def tree_view(session: Session, actor: Actor, person_id: int, *, nodes: int = slices.MOST_NODES) -> TreeView:
    """Return what a page about this person's tree shows to an actor who may see trees.

    Raises NotFound for a learner who taught nobody and whose name the actor may not see: whoever teaches is
    known to the programme, whoever only learnt is not to be found by trying numbers.
    """
    part = slices.lineage_slice(session, person_id, nodes=nodes)
    twigs = prune(part)
    shown = [twig.id for twig in twigs if twig.id is not None]
    teacher = part.above[-1] if part.above else None
    names = slices.names_for(session, actor, part, [*shown, teacher] if teacher is not None else shown)
    own_name = session.scalar(select(Person.full_name).where(Person.id == person_id)) or ""
    known = facts.fresh_facts(session, person_id, part)
    if person_id not in names and not known.taught:
        raise NotFound("not_found")
    counted = figures(part)
    taken = None if counted.exact else session.get(Snapshot, facts.FOREST)
    return TreeView(
        person_id=person_id,
        full_name=own_name,
        facts=known,
        figures=counted,
        twigs=twigs,
        told=tellings(twigs, {**names, person_id: own_name}),
        root=nested(twigs),
        teacher=names.get(teacher, "") if teacher is not None else "",
        above=len(part.above),
        as_of=taken.taken_at if taken else None,
    )
