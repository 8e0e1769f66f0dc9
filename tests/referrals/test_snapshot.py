"""The snapshot of everybody's figures: from one function, and only what changed is written."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import NotAllowed
from people.models import Person
from people.permissions import ANYONE, HOUSE
from referrals.models.acts import Teaching
from referrals.models.tree import Lineage, PersonFigures, Snapshot
from referrals.queries.checks import everything
from referrals.queries.facts import public_sums
from referrals.queries.network import FOREST
from referrals.services.snapshot import Rebuilt, rebuild_figures


def grow(session: Session, clock: FixedClock, pairs: list[tuple[int, int]]) -> None:
    """Place learners below teachers, without more than the tables demand."""
    for person in sorted({one for pair in pairs for one in pair}):
        if session.get(Person, person) is None:
            name = str(person)
            session.add(
                Person(id=person, full_name=name, name_key=name, sort_key=name, created_at=clock.now())
            )
    session.flush()
    for teacher, learner in pairs:
        act = Teaching(
            teacher_id=teacher,
            learner_id=learner,
            taught_on=clock.now().date(),
            state="confirmed",
            recorded_at=clock.now(),
            confirmed_at=clock.now(),
        )
        session.add(act)
        session.flush()
        session.add(Lineage(teacher_id=teacher, learner_id=learner, teaching_id=act.id, since=clock.now()))
        session.flush()


def stored(session: Session) -> dict[int, tuple[int, int, int, int]]:
    session.expire_all()
    rows = session.scalars(select(PersonFigures))
    return {row.person_id: (row.direct, row.reach, row.depth, row.generation) for row in rows}


def test_everybody_has_figures_also_who_is_alone(session: Session, clock: FixedClock) -> None:
    grow(session, clock, [(1, 2), (2, 3), (1, 4)])
    session.add(Person(id=9, full_name="9", name_key="9", sort_key="9", created_at=clock.now()))
    session.flush()
    assert rebuild_figures(session, HOUSE, clock.now()) == Rebuilt(people=5, added=5, changed=0, dropped=0)
    assert stored(session) == {
        1: (2, 3, 2, 0),
        2: (1, 1, 1, 1),
        3: (0, 0, 0, 2),
        4: (0, 0, 0, 1),
        9: (0, 0, 0, 0),
    }
    taken = session.get_one(Snapshot, FOREST)
    assert taken.taken_at == clock.now()
    assert taken.sums.pop("public") == public_sums(session)
    assert taken.sums == {"people": 5, "roots": 2, "placed": 3, "alone": 1, "generations": [2, 2, 1]}


def test_only_what_changed_is_written(session: Session, clock: FixedClock) -> None:
    grow(session, clock, [(1, 2), (5, 6)])
    rebuild_figures(session, HOUSE, clock.now())
    clock.advance(minutes=5)
    assert rebuild_figures(session, HOUSE, clock.now()) == Rebuilt(people=4, added=0, changed=0, dropped=0)
    assert session.get_one(Snapshot, FOREST).taken_at == clock.now()
    grow(session, clock, [(2, 3)])
    assert rebuild_figures(session, HOUSE, clock.now()) == Rebuilt(people=5, added=1, changed=2, dropped=0)
    session.execute(delete(Lineage).where(Lineage.learner_id == 6))
    assert rebuild_figures(session, HOUSE, clock.now()) == Rebuilt(people=5, added=0, changed=2, dropped=0)


def test_nobody_yet(session: Session, clock: FixedClock) -> None:
    assert rebuild_figures(session, HOUSE, clock.now()) == Rebuilt(people=0, added=0, changed=0, dropped=0)


def test_a_wrong_figure_is_found_and_mended(session: Session, clock: FixedClock) -> None:
    grow(session, clock, [(1, 2)])
    clock.advance(minutes=1)
    rebuild_figures(session, HOUSE, clock.now())
    session.get_one(PersonFigures, 1).reach = 7
    session.flush()
    assert ("figures_differ", (1,)) in [(one.kind, one.ids) for one in everything(session)]
    assert rebuild_figures(session, HOUSE, clock.now()).changed == 1
    assert "figures_differ" not in {one.kind for one in everything(session)}


def test_a_state_without_its_move_is_found(session: Session, clock: FixedClock) -> None:
    grow(session, clock, [(1, 2)])
    act = session.scalars(select(Teaching.id)).one()
    assert ("history_elsewhere", (act,)) in [(one.kind, one.ids) for one in everything(session)]


def test_only_who_operates_the_house(session: Session, clock: FixedClock) -> None:
    with pytest.raises(NotAllowed):
        rebuild_figures(session, ANYONE, clock.now())
