"""The rows of many acts at once: people, teachings, their history, their skills and their codes.

For the services of recording alone, which have asked for permission and judged every line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from core.bulk import among, insert_rows
from core.database import Base, is_sqlite
from core.errors import Unavailable
from core.secrets_box import SecretsBox
from core.vietnamese import clean_lines
from people.models import Person
from people.names import sort_key
from people.phones import tail
from referrals.batches import Frame
from referrals.codes import new_digits
from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove, TeachingSkill
from referrals.services.import_state import reserve_ids
from referrals.services.issuing import TRIES, digits_index
from referrals.states import State
from referrals.weighing import Reading

FEW: Final = 30
"""Up to so many acts get six digits at once. Of more they are drawn when asked for: a million is not many."""
NOTE_LENGTH: Final = 500
# On PostgreSQL a COPY pays from here on; fewer rows go in one prepared statement.
_COPY_FROM: Final = 20


@dataclass(slots=True)
class NewAct:
    """An act to be written. `person_id` below zero: a person still to be made, of that stand-in."""

    reading: Reading
    person_id: int
    makes_person: bool
    teaching_id: int = 0


def put_acts(
    session: Session,
    frame: Frame,
    acts: Sequence[NewAct],
    now: datetime,
    box: SecretsBox,
    confirm_days: int,
    *,
    recorded_by: int | None,
) -> None:
    """Store the acts, and the people they make; fill in the ids."""
    session.flush()
    _put_people(session, acts, now, box)
    for act, teaching_id in zip(acts, reserve_ids(session, Teaching, len(acts)), strict=True):
        act.teaching_id = teaching_id
    _put(
        session,
        Teaching,
        ("id", "teacher_id", "learner_id", "taught_on", "ward_code", "note", "client_uuid"),
        [
            (
                act.teaching_id,
                act.reading.teacher_id,
                act.person_id,
                act.reading.taught_on,
                frame.ward_code or act.reading.traits.ward_code,
                _note(act.reading.line.note),
                act.reading.line.client_uuid,
            )
            for act in acts
        ],
        {
            "taught_second": 0,
            "taught_precision": "day",
            "place": frame.place,
            "class_id": frame.class_id,
            "state": State.RECORDED.value,
            "recorded_by": recorded_by,
            "recorded_at": now,
            "source": frame.source,
        },
    )
    _put(
        session,
        TeachingMove,
        ("teaching_id",),
        [(act.teaching_id,) for act in acts],
        {
            "from_state": None,
            "to_state": State.RECORDED.value,
            "at": now,
            "account_id": recorded_by,
            "reason": "",
        },
    )
    _put(
        session,
        TeachingSkill,
        ("teaching_id", "skill_id"),
        [(act.teaching_id, skill_id) for act in acts for skill_id in act.reading.skill_ids],
        {},
    )
    _put_codes(session, [act.teaching_id for act in acts], now, box, confirm_days)


def _note(text: str) -> str | None:
    return (clean_lines(text[: NOTE_LENGTH * 4])[:NOTE_LENGTH] or None) if text else None


def _put_people(session: Session, acts: Sequence[NewAct], now: datetime, box: SecretsBox) -> None:
    makers = [act for act in acts if act.makes_person]
    ids = reserve_ids(session, Person, len(makers)) if makers else []
    made = {act.person_id: person_id for act, person_id in zip(makers, ids, strict=True)}
    for act in acts:
        act.person_id = made.get(act.person_id, act.person_id)
    rows = []
    for act in makers:
        reading, traits = act.reading, act.reading.traits
        rows.append(
            (
                act.person_id,
                reading.full_name,
                traits.name_key,
                sort_key(reading.full_name),
                traits.gender,
                traits.age_band,
                traits.ward_code,
                box.seal(reading.phone) if reading.phone else None,
                traits.phone_hash,
                tail(reading.phone) if reading.phone else None,
            )
        )
    columns = (
        "id", "full_name", "name_key", "sort_key", "gender", "age_band", "ward_code",
        "phone_sealed", "phone_hash", "phone_tail",
    )  # fmt: skip
    _put(session, Person, columns, rows, {"is_demo": False, "boards_opt_out": False, "created_at": now})


def _put_codes(
    session: Session, teaching_ids: Sequence[int], now: datetime, box: SecretsBox, days: int
) -> None:
    digits = draw_digits(session, len(teaching_ids), box) if len(teaching_ids) <= FEW else None
    rows: list[tuple[Any, ...]]
    if digits is None:
        rows = [(one, None, None) for one in teaching_ids]
    else:
        rows = [
            (teaching_id, digits_index(box, drawn), box.seal(drawn))
            for teaching_id, drawn in zip(teaching_ids, digits, strict=True)
        ]
    _put(
        session,
        ConfirmationCode,
        ("teaching_id", "digits_hash", "digits_sealed"),
        rows,
        {"serial": 1, "made_at": now, "expires_at": now + timedelta(days=days), "wrong_tries": 0},
    )


def draw_digits(session: Session, count: int, box: SecretsBox) -> list[str]:
    """Return so many digits that nobody uses. Raises Unavailable("no_free_digits")."""
    free: dict[str, str] = {}
    for _ in range(TRIES):
        drawn = {
            digits_index(box, digits): digits for digits in (new_digits() for _ in range(count - len(free)))
        }
        taken = session.scalars(
            select(ConfirmationCode.digits_hash).where(
                among(session, ConfirmationCode.digits_hash, sorted(drawn))
            )
        )
        for one in taken:
            drawn.pop(str(one))
        free |= drawn
        if len(free) == count:
            return list(free.values())
    raise Unavailable("no_free_digits")


def _put(
    session: Session,
    model: type[Base],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    same: dict[str, Any],
) -> None:
    if not rows:
        return
    if len(rows) >= _COPY_FROM or is_sqlite(session):
        insert_rows(session, model, columns, rows, same)
        return
    table = model.__table__
    assert isinstance(table, Table)
    session.connection().execute(insert(table), [dict(zip(columns, row, strict=True)) | same for row in rows])
