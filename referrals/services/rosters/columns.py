"""Columns: what they were taken to mean, what was said about them, and what is remembered of that."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.secrets_box import SecretsBox
from people.permissions import Actor, Permission, ensure
from referrals.models.rosters import ColumnMemory, RosterImport
from referrals.roster_reading import ReadList, Said

MOST_REMEMBERED: Final = 200
_GUESSED: Final = ("shape", "guessed_row")


def keep_columns(roster: RosterImport, read: ReadList, box: SecretsBox) -> None:
    """Keep what a file's columns were taken to mean; the sample cells sealed, since people stand in them."""
    sealed = box.seal(json.dumps(read.samples))
    # What was guessed at the first reading stays the shape of the file, whatever was said since.
    before = {sheet["name"]: sheet for sheet in roster.mapping.get("sheets", ())}
    first = [{name: before.get(sheet["name"], sheet)[name] for name in _GUESSED} for sheet in read.sheets]
    roster.mapping = {
        "sheets": [sheet | guess for sheet, guess in zip(read.sheets, first, strict=True)],
        "samples": base64.b64encode(sealed).decode(),
        "said": roster.mapping.get("said", {}),
    }
    roster.shape = read.shape


def samples_of(roster: RosterImport, box: SecretsBox) -> dict[str, dict[str, list[str]]]:
    """Return the sample cells by place of the sheet and of the column; none once they are forgotten."""
    kept = roster.mapping.get("samples")
    if not kept:
        return {}
    found: dict[str, dict[str, list[str]]] = json.loads(box.open(base64.b64decode(kept)))
    return found


def memory_of(session: Session, account_id: int) -> dict[str, Mapping[str, Any]]:
    """Return what an account said of columns, by shape; the newest."""
    statement = (
        select(ColumnMemory.shape, ColumnMemory.mapping)
        .where(ColumnMemory.account_id == account_id)
        .order_by(ColumnMemory.used_at.desc())
        .limit(MOST_REMEMBERED)
    )
    return {row.shape: row.mapping for row in session.execute(statement)}


def remember_columns(session: Session, actor: Actor, roster: RosterImport, said: Said, now: datetime) -> None:
    """Remember, for the next file of each sheet's shape, what was said of its columns."""
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    for sheet in roster.mapping.get("sheets", ()):
        shape, about = sheet["shape"], said.get(sheet["name"])
        if not shape or not about or not about.get("fields"):
            continue
        session.execute(
            delete(ColumnMemory).where(
                ColumnMemory.account_id == roster.account_id, ColumnMemory.shape == shape
            )
        )
        mapping: dict[str, Any] = {"fields": about["fields"]}
        row, guessed = about.get("header_row"), sheet["guessed_row"] or 0
        if row == 0:
            mapping["header_row"] = 0
        elif row is not None and row != guessed:
            # Titles above a header come and go: what is remembered is how far below the guess it stands.
            mapping["below"] = row - guessed
        session.add(ColumnMemory(account_id=roster.account_id, shape=shape, mapping=mapping, used_at=now))
    session.flush()
