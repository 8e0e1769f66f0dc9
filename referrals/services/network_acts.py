"""Import, second stage: the acts of a file, as *recorded*; none is stored twice, not even a voided one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, literal, select, text
from sqlalchemy.orm import Session

from core.bulk import among, insert_rows
from core.database import is_sqlite
from people.permissions import Actor, Permission, ensure
from referrals.importing.rows import ActRow, Refusal
from referrals.models.acts import Teaching, TeachingMove
from referrals.services.import_state import ImportState, reserve_ids
from referrals.services.network_people import put_named_only

ActKey = tuple[int, int, date, int]

# Each half of the question has its index: the one that forbids the same act twice, and that of the learner.
_FOUND = """
  SELECT asked.place, act.id FROM asked CROSS JOIN teaching act
  WHERE act.teacher_id = asked.teacher AND act.learner_id = asked.learner
    AND act.taught_on = asked.day AND act.taught_second = asked.second AND act.state <> 'voided'
  UNION ALL
  SELECT asked.place, act.id FROM asked CROSS JOIN teaching act
  WHERE act.learner_id = asked.learner AND act.state = 'voided' AND act.teacher_id = asked.teacher
    AND act.taught_on = asked.day AND act.taught_second = asked.second
"""
_FOUND_SQLITE = text(
    f"""
    WITH asked AS (
      SELECT key AS place, json_extract(value, '$[0]') AS teacher, json_extract(value, '$[1]') AS learner,
        json_extract(value, '$[2]') AS day, json_extract(value, '$[3]') AS second
      FROM json_each(:batch)
    ) {_FOUND}
    """  # noqa: S608  # constants of this module
)
_FOUND_POSTGRESQL = text(
    f"""
    WITH asked AS (
      SELECT place - 1 AS place, teacher, learner, day, second
      FROM unnest(
        CAST(:teachers AS bigint[]), CAST(:learners AS bigint[]),
        CAST(:days AS date[]), CAST(:seconds AS integer[])
      ) WITH ORDINALITY AS given (teacher, learner, day, second, place)
    ) {_FOUND}
    """  # noqa: S608  # constants of this module
)


def put_acts(session: Session, actor: Actor, state: ImportState, file: str, batch: Sequence[ActRow]) -> None:
    """Store the acts of one batch that are not stored yet, and the people whom nobody named before."""
    ensure(actor, Permission.SYSTEM_OPERATE)
    ids = state.ids
    named = dict.fromkeys(one for row in batch for one in (row.teacher, row.learner) if one not in ids)
    put_named_only(session, actor, state, list(named))
    keys: list[ActKey] = [(ids[row.teacher], ids[row.learner], row.day, row.second) for row in batch]
    stored = _stored(session, keys)
    fresh: dict[ActKey, ActRow] = {}
    for row, key in zip(batch, keys, strict=True):
        act_id = stored.get(key)
        if act_id is None:
            again = key in fresh
            fresh.setdefault(key, row)
        else:
            again = not state.acts_seen.first_time(act_id)
            state.report.teachings_known += not again
        if again:
            state.refuse(
                Refusal(file, row.line, "same_act_twice", f"{row.teacher} → {row.learner}{_day(row)}")
            )
    _insert(session, state, fresh)
    state.report.teachings_new += len(fresh)


def _stored(session: Session, keys: Sequence[ActKey]) -> dict[ActKey, int]:
    """Which of these acts are in the database, and under which id."""
    if is_sqlite(session):
        asked = json.dumps(
            [(teacher, learner, day.isoformat(), second) for teacher, learner, day, second in keys]
        )
        rows = session.execute(_FOUND_SQLITE, {"batch": asked})
    else:
        columns = list(zip(*keys, strict=True)) or [(), (), (), ()]
        names = ("teachers", "learners", "days", "seconds")
        rows = session.execute(
            _FOUND_POSTGRESQL, {name: list(values) for name, values in zip(names, columns, strict=True)}
        )
    found: dict[ActKey, int] = {}
    for place, act_id in rows:
        key = keys[place]
        found[key] = min(act_id, found.get(key, act_id))
    return found


def _insert(session: Session, state: ImportState, fresh: dict[ActKey, ActRow]) -> None:
    if not fresh:
        return
    taken = reserve_ids(session, Teaching, len(fresh))
    insert_rows(
        session,
        Teaching,
        ("id", "teacher_id", "learner_id", "taught_on", "taught_second", "taught_precision"),
        ((act_id, *key, row.precision) for act_id, (key, row) in zip(taken, fresh.items(), strict=True)),
        same={"state": "recorded", "recorded_at": state.now, "source": state.source},
    )
    put_moves(session, taken, None, "recorded", state)
    for act_id in taken:
        state.acts_seen.first_time(act_id)


def put_moves(
    session: Session, act_ids: Sequence[int], from_state: str | None, to_state: str, state: ImportState
) -> None:
    """Write the history of many acts that moved alike; for the house alone, inside a service that asked."""
    act = Teaching.__table__
    session.connection().execute(
        insert(TeachingMove.__table__).from_select(  # type: ignore[arg-type]
            ["teaching_id", "from_state", "to_state", "at", "reason"],
            select(
                act.c.id,
                literal(from_state, TeachingMove.from_state.type),
                literal(to_state),
                literal(state.now, TeachingMove.at.type),
                literal("import"),
            )
            .where(among(session, act.c.id, act_ids))
            .order_by(act.c.id),
        )
    )


def _day(row: ActRow) -> str:
    if row.precision == "none":
        return ""
    if row.precision == "time":
        return f", {row.day} {row.second // 3600:02}:{row.second // 60 % 60:02}:{row.second % 60:02}"
    return f", {row.day.year if row.precision == 'year' else row.day}"
