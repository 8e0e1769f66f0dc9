"""What an import remembers between its batches, and what it did: the only memory that grows with people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.database import is_sqlite
from core.secrets_box import SecretsBox
from people.models import Person, Unit
from referrals.importing.rows import Refusal
from referrals.models.acts import Teaching
from referrals.reports import ImportReport

BATCH = 5_000
"""Rows a transaction: large enough for speed, small enough that another writer never waits long."""


IMPORTED = "network.imported"
"""The action in the audit log; it stands there once figures, boards and badges have caught up."""


@dataclass(frozen=True)
class ImportWish:
    """Two files, the name of their source, and whether the acts are confirmed already."""

    people: Path
    taught: Path
    source: str
    confirmed: bool = False


class Marks:
    """One byte for each id met, however many there are.

    >>> marks = Marks()
    >>> marks.first_time(7), marks.first_time(7), marks.first_time(3)
    (True, False, True)
    """

    def __init__(self) -> None:
        self._bytes = bytearray()

    def first_time(self, key: int) -> bool:
        """Mark a key; tell whether it was unmarked before."""
        if key >= len(self._bytes):
            self._bytes.extend(bytes(key + 1 - len(self._bytes) + (len(self._bytes) >> 2)))
        if self._bytes[key]:
            return False
        self._bytes[key] = 1
        return True


@dataclass
class ImportState:
    """One running import. `ids` maps an id of the files to a person; `units` a code to (unit, ward)."""

    source: str
    box: SecretsBox
    now: datetime
    refuse_row: Callable[[Refusal], object]
    report: ImportReport
    ids: dict[str, int] = field(default_factory=dict)
    units: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    people_seen: Marks = field(default_factory=Marks)
    acts_seen: Marks = field(default_factory=Marks)

    def refuse(self, refusal: Refusal) -> None:
        """Count a refusal, and hand it on."""
        self.report.refused[refusal.code] += 1
        self.report.weights[refusal.weight] += 1
        self.refuse_row(refusal)


def load_ids(session: Session, source: str) -> dict[str, int]:
    """The people of a source who are stored already, by their id there."""
    rows = session.execute(
        select(Person.source_id, Person.id).where(Person.source == source),
        execution_options={"yield_per": BATCH},
    )
    return {source_id: person_id for source_id, person_id in rows if source_id is not None}


def load_units(session: Session) -> dict[str, tuple[int, str | None]]:
    """Open units by their code; a ward's code stands for the union of that ward."""
    units: dict[str, tuple[int, str | None]] = {}
    rows = session.execute(
        select(Unit.code, Unit.id, Unit.kind, Unit.ward_code)
        .where(Unit.closed_at.is_(None))
        .order_by(Unit.id)
    ).all()
    for _, unit_id, kind, ward_code in rows:
        if kind == "ward_union" and ward_code is not None:
            units.setdefault(ward_code, (unit_id, ward_code))
    units.update({code: (unit_id, ward_code) for code, unit_id, _, ward_code in rows})
    return units


def reserve_ids(session: Session, model: type[Person | Teaching], count: int) -> list[int]:
    """Take ids for rows that are about to be inserted, so that nobody has to ask for them afterwards.

    On SQLite the write lock is held, and the next ids are those after the largest.
    """
    if is_sqlite(session):
        largest = session.scalar(select(func.max(model.id))) or 0
        return list(range(largest + 1, largest + 1 + count))
    query = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    return list(session.scalars(query, {"name": model.__tablename__, "count": count}))
