"""The one snapshot of derived figures: everybody's direct learners, reach, depth and generation.

Read everything into arrays, compute, and write only what changed: a quiet hour writes one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from core.bulk import insert_rows
from core.database import is_sqlite
from people.permissions import Actor, Permission, ensure
from referrals.models.tree import PersonFigures, Snapshot
from referrals.queries import facts
from referrals.queries.network import FOREST, read_forest

SNAPSHOT_LOCK: Final = 7_220_415_002

_BATCH: Final = 10_000
_FIGURES: Final = ("direct", "reach", "depth", "generation")
_TABLE: Final = PersonFigures.__table__
_UPDATE: Final = (
    update(_TABLE)  # type: ignore[arg-type]
    .where(_TABLE.c.person_id == bindparam("person"))
    .values({name: bindparam(name) for name in _FIGURES})
)
_DELETE: Final = delete(_TABLE).where(_TABLE.c.person_id == bindparam("person"))  # type: ignore[arg-type]

Table = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild wrote: rows added, changed and dropped, among so many people."""

    people: int
    added: int
    changed: int
    dropped: int


def rebuild_figures(session: Session, actor: Actor, now: datetime) -> Rebuilt:
    """Bring the snapshot up to date from one function; safe to run at any time, and twice.

    Raises forest.CircleError where the tables hold a circle.
    """
    ensure(actor, Permission.SYSTEM_OPERATE)
    if not is_sqlite(session):
        # Two rebuilds at once would add the same rows. Not the lock of the tree: confirming goes on.
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SNAPSHOT_LOCK})
    found = read_forest(session)
    new = np.column_stack([found.people, found.direct, found.reach, found.depth, found.generation]).astype(
        np.int64
    )
    old = _stored(session)
    # Both are in the order of the ids.
    common_new = np.isin(new[:, 0], old[:, 0], assume_unique=True)
    common_old = np.isin(old[:, 0], new[:, 0], assume_unique=True)
    both = new[common_new]
    changed = both[(both != old[common_old]).any(axis=1)]
    added, dropped = new[~common_new], old[~common_old]
    connection = session.connection()
    for part in _parts(dropped):
        connection.execute(_DELETE, [{"person": person} for person in part[:, 0].tolist()])
    for part in _parts(changed):
        connection.execute(
            _UPDATE, [dict(zip(("person", *_FIGURES), row, strict=True)) for row in part.tolist()]
        )
    for part in _parts(added):
        insert_rows(session, PersonFigures, ("person_id", *_FIGURES), part.tolist())
    _tell(
        session,
        now,
        {
            "people": len(new),
            "roots": found.roots,
            "placed": found.placed,
            "alone": found.alone,
            "generations": list(found.generations),
            facts.PUBLIC: facts.public_sums(session),
        },
    )
    return Rebuilt(len(new), len(added), len(changed), len(dropped))


def _stored(session: Session) -> Table:
    rows = session.execute(
        select(PersonFigures.person_id, *(_TABLE.c[name] for name in _FIGURES)).order_by(
            PersonFigures.person_id
        ),
        execution_options={"yield_per": 2 * _BATCH},
    )
    return np.fromiter((value for row in rows for value in row), dtype=np.int64).reshape(
        -1, 1 + len(_FIGURES)
    )


def _parts(rows: Table) -> Iterator[Table]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]


def _tell(session: Session, now: datetime, sums: dict[str, object]) -> None:
    row = session.get(Snapshot, FOREST)
    if row is None:
        session.add(Snapshot(name=FOREST, taken_at=now, sums=sums))
    else:
        row.taken_at, row.sums = now, sums
