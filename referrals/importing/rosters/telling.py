"""A list that was read, as JSON: for programs, and for whoever wants to see what the importer sees."""

from __future__ import annotations

from typing import Any

from referrals.importing.rosters.shapes import Roster, RosterPerson, RosterSheet

_OPTIONAL = ("gender", "age_band", "ward_code", "ward_text", "taught_on", "teacher_text", "note")


def as_json(roster: Roster) -> dict[str, Any]:
    """All sheets: `name`, `hidden`, `header_row`, `mapping`, `people`, `refused`, `skipped`.

    `mapping` gives for each field the header as it stands, or a list where several columns make it up;
    `ignored` lists the headers of columns that were not read. A person has `row`, `full_name`, `phone`.
    """
    return {"sheets": [_sheet(sheet) for sheet in roster.sheets]}


def _sheet(sheet: RosterSheet) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": sheet.name,
        "hidden": not sheet.visible,
        "header_row": sheet.header_row,
        "mapping": mapping_of(sheet),
        "people": [_person(person) for person in sheet.people],
        "refused": [{"row": one.row, "reason": one.reason} for one in sheet.refused],
        "skipped": dict(sheet.skipped),
    }
    if len(sheet.header_rows) > 1:
        told["header_rows"] = list(sheet.header_rows)
    if sheet.title:
        told["title"] = sheet.title
    return told


def mapping_of(sheet: RosterSheet) -> dict[str, str | list[str] | None]:
    """For each field the header of its column; several as a list; None for a name or phone not found."""
    found: dict[str, list[str]] = {}
    for column in sheet.columns:
        meant = "full_name" if column.field in {"family_part", "given_part"} else column.field
        if column.header and column.header not in found.setdefault(meant, []):
            found[meant].append(column.header)
    told: dict[str, str | list[str] | None] = {"full_name": None, "phone": None}
    for meant, headers in found.items():
        if headers:
            told[meant] = headers[0] if len(headers) == 1 and meant != "ignored" else headers
    return told if sheet.columns else {}


def _person(person: RosterPerson) -> dict[str, Any]:
    told: dict[str, Any] = {"row": person.row, "full_name": person.full_name, "phone": person.phone}
    if person.other_phones:
        told["other_phones"] = list(person.other_phones)
    for name in _OPTIONAL:
        value = getattr(person, name)
        if value:
            told[name] = value if isinstance(value, str) else value.isoformat()
    if person.skill_texts:
        told["skills"] = list(person.skill_texts)
    if person.doubts:
        told["doubts"] = list(person.doubts)
    return told
