"""Find the person whom a command means: by number, by name, or by the id of the imported file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from people.models import Person
from people.names import name_key
from referrals.exports import PersonLine

_PART = 2_000
_LINES = select(Person.id, Person.source_id, Person.full_name)
_LINES_OF = _LINES.where(Person.id.in_(bindparam("ids", expanding=True)))
CANDIDATES = 20
"""So many are shown of those who could be meant."""


def by_number(session: Session, number: int) -> PersonLine | None:
    """The person of that number, which is the primary key."""
    row = session.execute(_LINES.where(Person.id == number)).first()
    return PersonLine(*row) if row else None


def by_name(session: Session, name: str) -> list[PersonLine]:
    """Everybody of that name, accents and case aside; at most one more than are shown."""
    query = _LINES.where(Person.name_key == name_key(name)).order_by(Person.id).limit(CANDIDATES + 1)
    return [PersonLine(*row) for row in session.execute(query)]


def by_source_id(session: Session, source_id: str, source: str | None = None) -> list[tuple[str, PersonLine]]:
    """Everybody who has that id in some imported source, each with the name of the source."""
    query = (
        select(Person.source, Person.id, Person.source_id, Person.full_name)
        .where(Person.source_id == source_id, Person.source.is_not(None))
        .order_by(Person.source)
        .limit(CANDIDATES + 1)
    )
    if source is not None:
        query = query.where(Person.source == source)
    return [(str(row[0]), PersonLine(*row[1:])) for row in session.execute(query)]


def lines_of(session: Session, ids: Iterable[int]) -> dict[int, PersonLine]:
    """What an export says of these people, by their numbers."""
    return {
        row[0]: PersonLine(*row)
        for part in _parts(sorted(set(ids)))
        for row in session.execute(_LINES_OF, {"ids": part})
    }


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]
