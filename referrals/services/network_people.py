"""Import, first stage: the people of a file, in batches; who is known already is left as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from core.bulk import insert_rows
from people.models import Person
from people.names import name_key, sort_key
from people.permissions import Actor, Permission, ensure
from people.phones import tail
from referrals.importing.rows import PersonRow, Refusal
from referrals.services.import_state import ImportState, reserve_ids

_VALUES = (
    "full_name",
    "name_key",
    "sort_key",
    "gender",
    "phone_sealed",
    "phone_hash",
    "phone_tail",
    "unit_id",
    "ward_code",
)
_NO_PHONE = (None, None, None)
_COMPLETED = (
    update(Person.__table__)  # type: ignore[arg-type]
    .where(Person.__table__.c.id == bindparam("person_id"))
    .values({name: bindparam(name) for name in _VALUES})
)


def put_people(
    session: Session, actor: Actor, state: ImportState, file: str, batch: Sequence[PersonRow]
) -> None:
    """Store the people of one batch who are not stored yet.

    Somebody who was only named in a file of teachings until now gets the name and the rest of the row.
    """
    ensure(actor, Permission.SYSTEM_OPERATE)
    fresh: list[PersonRow] = []
    known: dict[int, PersonRow] = {}
    unseen: set[str] = set()
    for row in batch:
        if row.unit_code and row.unit_code not in state.units:
            value = f"{row.unit_code} ({row.unit_name})" if row.unit_name else row.unit_code
            state.refuse(Refusal(file, row.line, "unknown_unit", value))
            continue
        person_id = state.ids.get(row.source_id)
        if person_id is None:
            if row.source_id in unseen:
                state.refuse(Refusal(file, row.line, "duplicate_id", row.source_id))
                continue
            unseen.add(row.source_id)
            fresh.append(row)
        elif state.people_seen.first_time(person_id):
            known[person_id] = row
        else:
            state.refuse(Refusal(file, row.line, "duplicate_id", row.source_id))
            continue
        for note in row.notes:
            state.refuse(note)
    _insert(session, state, fresh)
    completed = _complete(session, state, known)
    state.report.people_new += len(fresh)
    state.report.people_completed += completed
    state.report.people_known += len(known) - completed


def put_named_only(session: Session, actor: Actor, state: ImportState, source_ids: Sequence[str]) -> None:
    """Store people of whom only an id is known, with that id as their name."""
    ensure(actor, Permission.SYSTEM_OPERATE)
    rows = [PersonRow(0, source_id, None, None, None, "", "") for source_id in source_ids]
    _insert(session, state, rows)
    state.report.people_named_only_in_taught += len(rows)


def _insert(session: Session, state: ImportState, rows: Sequence[PersonRow]) -> None:
    if not rows:
        return
    taken = reserve_ids(session, Person, len(rows))
    insert_rows(
        session,
        Person,
        ("id", "source_id", *_VALUES),
        (
            (person_id, row.source_id, *_values(state, row))
            for person_id, row in zip(taken, rows, strict=True)
        ),
        same={"source": state.source, "is_demo": False, "boards_opt_out": False, "created_at": state.now},
    )
    for person_id, row in zip(taken, rows, strict=True):
        state.ids[row.source_id] = person_id
        # People who were only named in the acts have no line of their own: a later one is no duplicate.
        if row.line:
            state.people_seen.first_time(person_id)


def _complete(session: Session, state: ImportState, known: dict[int, PersonRow]) -> int:
    """Give a name to those who had only their id, and who are named now."""
    named = [person_id for person_id, row in known.items() if row.full_name not in (None, row.source_id)]
    if not named:
        return 0
    nameless = session.scalars(
        select(Person.id).where(
            Person.id.in_(named), Person.full_name == Person.source_id, Person.anonymised_at.is_(None)
        )
    ).all()
    if nameless:
        session.connection().execute(
            _COMPLETED,
            [
                {"person_id": person_id, **dict(zip(_VALUES, _values(state, known[person_id]), strict=True))}
                for person_id in nameless
            ],
        )
    return len(nameless)


def _values(state: ImportState, row: PersonRow) -> tuple[Any, ...]:
    """The values of `_VALUES`, in that order."""
    name = row.full_name or row.source_id
    unit_id, ward_code = state.units[row.unit_code] if row.unit_code else (None, None)
    phone = row.phone
    sealed = (
        (state.box.seal(phone), state.box.blind_index("phone", phone), tail(phone)) if phone else _NO_PHONE
    )
    return (name, name_key(name), sort_key(name), row.gender, *sealed, unit_id, ward_code)
