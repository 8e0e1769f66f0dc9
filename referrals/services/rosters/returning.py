"""Returning: the rows that were not written, as they stood in the file, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.secrets_box import SecretsBox
from people.permissions import Actor, Permission, ensure
from referrals.importing.rosters.grids import Row, Sheet
from referrals.importing.rosters.mending import MendSheet
from referrals.importing.rosters.opening import open_book
from referrals.models.rosters import RosterImport
from referrals.queries import rosters as queries
from referrals.roster_reading import sheet_names


def rows_to_mend(
    session: Session, actor: Actor, roster_id: int, box: SecretsBox, words: Callable[[str], str]
) -> list[MendSheet]:
    """Return the rows of a list that were not written, by sheet; `words` says a reason to a person.

    Raises NotFound for a list that is another's, that has no such row, or whose file is forgotten.
    """
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    roster = queries.roster_for(session, actor, roster_id)
    sealed = session.scalar(select(RosterImport.file_sealed).where(RosterImport.id == roster_id))
    left = queries.rows_left_out(session, roster_id)
    if sealed is None or not left:
        raise NotFound("not_found")
    book = open_book(box.open_bytes(sealed), roster.file_name)
    originals = sheet_names([sheet.name for sheet in book.sheets])
    reasons: dict[str, dict[int, str]] = {}
    for kept, row, codes in left:
        told = " ".join(dict.fromkeys(words(code) for code in codes))
        of_sheet = reasons.setdefault(originals.get(kept, kept), {})
        of_sheet[row] = " ".join(filter(None, (of_sheet.get(row), told)))
    headers = {sheet["name"]: sheet["header_row"] for sheet in roster.mapping.get("sheets", ())}
    return [
        _sheet(sheet, headers.get(sheet.name), reasons[sheet.name])
        for sheet in book.sheets
        if sheet.name in reasons
    ]


def _sheet(sheet: Sheet, header_row: int | None, reasons: Mapping[int, str]) -> MendSheet:
    return MendSheet(
        sheet.name,
        _header(sheet, header_row or 0),
        [(sheet.rows[row - 1], reasons[row]) for row in sorted(reasons) if 0 < row <= len(sheet.rows)],
    )


def _header(sheet: Sheet, header_row: int) -> list[Row]:
    """The header as it stood; of two lines where the one above it names columns, too, and is no title."""
    lines = sheet.rows[max(header_row - 2, 0) : header_row]
    if len(lines) == 2 and sum(cell is not None for cell in lines[0]) < 2:
        return lines[1:]
    return lines
