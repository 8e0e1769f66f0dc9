"""Judging: each row of a list is compared with who is known. Only the table of rows is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.bulk import insert_rows
from core.secrets_box import SecretsBox
from core.vietnamese import fold
from learning.queries import skills as skill_queries
from people.names import name_key
from people.permissions import Actor, Permission, ensure
from people.phones import Phone, read_phone
from referrals.batches import Frame, Kind, Line, Verdict
from referrals.likeness import Traits, nothing_against
from referrals.models.rosters import RosterImport, RosterRow
from referrals.queries import rosters as queries
from referrals.roster_reading import ReadRow
from referrals.rosters import Defaults, KeptRow, added, numbered
from referrals.services.batches import judge_lines

_COLUMNS = (
    "import_id", "sheet", "row", "cells_sealed", "verdict", "reasons", "candidate_id", "choice", "outcome",
    "person_id", "teaching_id", "made_person",
)  # fmt: skip
_ROWS_DELETED_AT_ONCE = 5_000
# Namesakes in one list that a name is compared with.
_TWINS = 50


@dataclass
class Seen:
    """Who stands in a list so far: a list in parts still finds who stands in it twice."""

    people: dict[str, dict[Traits, None]] = field(default_factory=dict)

    def again(self, traits: Traits) -> tuple[Kind, str] | None:
        """Tell whether this is somebody from an earlier part, or may be, and why; None: it is not."""
        for earlier in list(self.people.get(traits.name_key, ()))[:_TWINS]:
            if nothing_against(earlier, traits):
                same = traits.phone_hash is not None and traits.phone_hash == earlier.phone_hash
                return ("known", "same_act") if same else ("doubtful", "twice_in_list")
        return None

    def remember(self, people: Iterable[Traits]) -> None:
        """Keep the people of a part."""
        for traits in people:
            self.people.setdefault(traits.name_key, {})[traits] = None


def judge_part(
    session: Session,
    actor: Actor,
    roster: RosterImport,
    part: Sequence[ReadRow],
    seen: Seen,
    now: datetime,
    box: SecretsBox,
) -> None:
    """Judge the next rows of a list and keep them with what is thought of them; count them."""
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    kept = [KeptRow.unpack(row.packed) for row in part]
    problems = _resolve(session, actor, part, kept)
    frame = Defaults.from_json(roster.defaults).frame(roster.teacher_id, roster.class_id)
    lines = [
        numbered(row, at)
        for at, (read, row, problem) in enumerate(zip(part, kept, problems, strict=True))
        if not read.refused and not _stops(problem)
    ]
    verdicts = _compared(judge_lines(session, actor, frame, lines, now, box), seen, frame)
    counts: Counter[str] = Counter()
    rows = []
    for at, (read, row) in enumerate(zip(part, kept, strict=True)):
        verdict = verdicts.get(at) or Verdict(row.line, "refused")
        twin = part[verdict.same_as_row].row if verdict.same_as_row is not None else 0
        reasons = list(dict.fromkeys((*verdict.reasons, *problems[at], *read.reasons)))
        counts += _counted(verdict.kind, reasons)
        rows.append(_stored(roster.id, read, box.seal(replace(row, twin=twin).pack()), verdict, reasons))
    insert_rows(session, RosterRow, _COLUMNS, rows)
    roster.counts = added(roster.counts, counts)
    roster.done += len(part)


def _compared(verdicts: Sequence[Verdict], seen: Seen, frame: Frame) -> dict[int, Verdict]:
    """Return the verdicts by their lines, compared with earlier parts; this part is remembered."""
    found: dict[int, Verdict] = {}
    here = []
    for alone in verdicts:
        traits = traits_of(alone.line, frame)
        again = seen.again(traits) if _counts(alone) else None
        verdict = replace(alone, kind=again[0], reasons=(again[1], *alone.reasons)) if again else alone
        found[verdict.line.row] = verdict
        if verdict.kind in ("new", "known"):
            here.append(traits)
    seen.remember(here)
    return found


def _counts(verdict: Verdict) -> bool:
    return verdict.kind in ("new", "known") and "same_act" not in verdict.reasons


def traits_of(line: Line, frame: Frame) -> Traits:
    """Return what a line tells of a person, to be compared with other lines of its list."""
    phone = read_phone(line.phone)
    return Traits(
        name_key(line.full_name),
        line.full_name,
        phone.e164 if isinstance(phone, Phone) else None,
        line.ward_code or frame.ward_code,
        line.gender,
        line.age_band,
    )


def _counted(kind: str, reasons: Sequence[str]) -> Counter[str]:
    counts = Counter({kind: 1})
    counts["same_act"] += kind == "known" and "same_act" in reasons
    counts["phones"] += kind != "refused" and any(reason.startswith("phone_") for reason in reasons)
    return counts


def _stored(
    roster_id: int, read: ReadRow, sealed: bytes, verdict: Verdict, reasons: list[str]
) -> tuple[object, ...]:
    candidate = verdict.person_id
    if candidate is None and len(verdict.candidates) == 1:
        candidate = verdict.candidates[0].person_id
    outcome = "refused" if verdict.kind == "refused" else None
    told = (roster_id, read.sheet, read.row, sealed, verdict.kind, reasons, candidate)
    return (*told, None, outcome, None, None, False)


def _stops(problem: tuple[str, ...]) -> bool:
    return any(code.startswith("teacher_") for code in problem)


def _resolve(
    session: Session, actor: Actor, part: Sequence[ReadRow], kept: list[KeptRow]
) -> list[tuple[str, ...]]:
    """Put the ids of skills and ambassadors that rows name into their lines; return what was not found."""
    named = {name_key(row.teacher) for row in kept if row.teacher}
    teachers = queries.teachers_by_name(session, actor, named) if named else {}
    skills = _skills(session) if any(row.skills for row in kept) else {}
    problems: list[tuple[str, ...]] = []
    for at, row in enumerate(kept):
        found: list[str] = []
        line = row.line
        if row.teacher:
            ids = teachers.get(name_key(row.teacher), [])
            if len(ids) == 1:
                line = replace(line, teacher_id=ids[0])
            else:
                found.append("teacher_several" if ids else "teacher_unknown")
        if row.skills:
            chosen = tuple(dict.fromkeys(skills[key] for key in map(fold, row.skills) if key in skills))
            line = replace(line, skill_ids=chosen)
            if any(fold(text) not in skills for text in row.skills):
                found.append("skill_unknown")
        kept[at] = replace(row, line=line)
        problems.append(() if part[at].refused else tuple(found))
    return problems


def _skills(session: Session) -> Mapping[str, int]:
    active = skill_queries.active_skills(session)
    names = {fold(skill.name_vi): skill.id for skill in active}
    names |= {fold(skill.name_en): skill.id for skill in active}
    return names | {fold(skill.code): skill.id for skill in active}


def clear_rows(session: Session, roster_id: int, limit: int = _ROWS_DELETED_AT_ONCE) -> int:
    """Delete rows of a list, at most so many; return how many went."""
    some = select(RosterRow.id).where(RosterRow.import_id == roster_id).limit(limit)
    deleted = session.execute(
        delete(RosterRow).where(RosterRow.id.in_(some)), execution_options={"synchronize_session": False}
    )
    return int(deleted.rowcount)  # type: ignore[attr-defined]  # a DELETE has a count
