"""Who a name may stand for: among a teacher's own learners, among those in reach, and by name and phone.

All reads are of sets and go through an index, so they cost the same among a hundred people and a million.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, select
from sqlalchemy.orm import Session, aliased

from core.bulk import among
from people.models import Person, Ward
from referrals.likeness import NearNames, Traits
from referrals.models.acts import Teaching
from referrals.states import State

REMEMBERED: Final = 2_000
"""Of a teacher with more learners than this, near spellings are looked for among the newest alone."""

_NOT_VOIDED = Teaching.state != State.VOIDED.value
_COLUMNS = (
    Person.id,
    Person.name_key,
    Person.full_name,
    Person.phone_hash,
    Person.ward_code,
    Person.gender,
    Person.age_band,
    Person.phone_tail,
    Ward.full_name.label("ward_name"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on record, as far as matching needs to know."""

    person_id: int
    traits: Traits
    phone_tail: str | None
    ward_name: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """An act of one teacher with one learner on one day, that is not voided."""

    teaching_id: int
    taught_on: date
    taught_second: int


@dataclass(frozen=True, slots=True)
class Marked:
    """What a form's mark has made already."""

    teaching_id: int
    teacher_id: int
    learner_id: int
    taught_on: date
    name_key: str


def own_learners(session: Session, teacher_id: int, keys: Collection[str]) -> list[Known]:
    """Return a teacher's learners of these keys, and those of near ones.

    Near ones among all learners up to `REMEMBERED`; of a teacher with more, among the newest.
    """
    mine = select(Teaching.learner_id).where(Teaching.teacher_id == teacher_id, _NOT_VOIDED)
    names = select(Person.id, Person.name_key)
    rows = session.execute(names.where(Person.id.in_(mine.distinct().limit(REMEMBERED + 1)))).all()
    if len(rows) > REMEMBERED:
        newest = session.scalars(mine.order_by(Teaching.id.desc()).limit(REMEMBERED)).all()
        taught = mine.where(Teaching.learner_id == Person.id).correlate(Person).exists()
        rows = [
            *session.execute(names.where(_one_of(session, Person.name_key, keys), taught)),
            *session.execute(names.where(among(session, Person.id, newest))),
        ]
    near = NearNames(row.name_key for row in rows)
    wanted = {*keys, *(one for key in keys for one in near.of(key))}
    ids = {row.id for row in rows if row.name_key in wanted}
    if not ids:
        return []
    return list(map(_known, session.execute(_people().where(among(session, Person.id, sorted(ids))))))


def with_phones(session: Session, keys: Collection[str], phone_hashes: Collection[str]) -> list[Known]:
    """Return people of any of these keys with any of these phones; the caller looks at the pairs."""
    if not phone_hashes:
        return []
    statement = _people().where(_one_of(session, Person.phone_hash, phone_hashes))
    wanted = set(keys)
    return [_known(row) for row in session.execute(statement) if row.name_key in wanted]


def in_reach(
    session: Session, units: Collection[int], keys: Collection[str], wards: Collection[str]
) -> list[Known]:
    """Return people of these keys in these wards whom somebody of these units has taught."""
    if not units or not wards:
        return []
    teacher = aliased(Person)
    taught = (
        select(Teaching.id)
        .join(teacher, teacher.id == Teaching.teacher_id)
        .where(Teaching.learner_id == Person.id, _NOT_VOIDED, among(session, teacher.unit_id, sorted(units)))
        .correlate(Person)
        .exists()
    )
    statement = _people().where(
        _one_of(session, Person.name_key, keys), _one_of(session, Person.ward_code, wards), taught
    )
    return list(map(_known, session.execute(statement)))


def acts_between(
    session: Session, teachers: Iterable[int], learners: Iterable[int]
) -> dict[tuple[int, int], list[Act]]:
    """Return the acts of these teachers with these learners, by (teacher, learner)."""
    taught: dict[tuple[int, int], list[Act]] = {}
    wanted = sorted(set(learners))
    if not wanted:
        return taught
    columns = (
        Teaching.teacher_id, Teaching.learner_id, Teaching.id, Teaching.taught_on, Teaching.taught_second
    )  # fmt: skip
    for teacher_id in sorted(set(teachers)):
        statement = select(*columns).where(
            Teaching.teacher_id == teacher_id, among(session, Teaching.learner_id, wanted), _NOT_VOIDED
        )
        for row in session.execute(statement):
            act = Act(row.id, row.taught_on, row.taught_second)
            taught.setdefault((row.teacher_id, row.learner_id), []).append(act)
    return taught


def marks_taken(session: Session, marks: Sequence[str]) -> dict[str, Marked]:
    """Return what the forms with these marks have made, voided or not, by mark."""
    if not marks:
        return {}
    statement = (
        select(
            Teaching.client_uuid,
            Teaching.id,
            Teaching.teacher_id,
            Teaching.learner_id,
            Teaching.taught_on,
            Person.name_key,
        )
        .join(Person, Person.id == Teaching.learner_id)
        .where(_one_of(session, Teaching.client_uuid, marks))
    )
    return {str(row[0]): Marked(*row[1:]) for row in session.execute(statement)}


def _people() -> Select[*tuple[Any, ...]]:
    people = select(*_COLUMNS).outerjoin(Ward, Ward.code == Person.ward_code)
    return people.where(Person.anonymised_at.is_(None))


def _known(row: Any) -> Known:
    traits = Traits(row.name_key, row.full_name, row.phone_hash, row.ward_code, row.gender, row.age_band)
    return Known(row.id, traits, row.phone_tail, row.ward_name)


def _one_of(
    session: Session, column: SQLColumnExpression[Any], texts: Collection[str]
) -> ColumnElement[bool]:
    return among(session, column, sorted(set(texts)))
