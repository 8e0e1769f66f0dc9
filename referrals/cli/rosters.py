"""`flask referrals read-roster`: what the importer reads in a list, without writing anything."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import click
from flask_babel import force_locale, gettext

from core.clock import local_day
from core.errors import Invalid
from core.web import house
from referrals.cli.group import group
from referrals.importing.rosters.opening import open_book
from referrals.importing.rosters.refusals import REFUSALS
from referrals.importing.rosters.shapes import Roster
from referrals.importing.rosters.telling import as_json, mapping_of
from referrals.importing.rosters.understanding import read_book

EXIT_REFUSED: Final = 2


@group.command("read-roster")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Ngôn ngữ / language."
)
def read_roster_command(file: Path, form: str, lang: str) -> None:
    """Print what the importer reads in FILE: headers, columns, people, refused rows. Nothing is written.

    FILE is a spreadsheet or a text with columns, as people send them. What a list may not tell of a person
    (ethnicity, religion, identity cards, health) is never printed: such columns are named under "ignored".

    \b
    Exit status:
      0  the file was read; it may hold nobody
      2  the file is not there, or is no list that can be read
    """  # noqa: D301  # the escape is click's mark for lines that stay as they are
    with force_locale(lang):
        try:
            data = file.read_bytes()
        except OSError as error:
            click.echo(
                gettext("Không đọc được tệp %(file)s: %(reason)s", file=file, reason=error.strerror), err=True
            )
            sys.exit(EXIT_REFUSED)
        try:
            book = open_book(data, file.name)
        except Invalid as refused:
            words = REFUSALS[refused.code]
            click.echo(f"{refused.code}: {gettext(words.title)}. {gettext(words.advice)}", err=True)
            sys.exit(EXIT_REFUSED)
        roster = read_book(book, today=local_day(house().clock.now()))
        if form == "json":
            click.echo(json.dumps(as_json(roster), ensure_ascii=False, indent=2))
        else:
            _tell(roster)


def _tell(roster: Roster) -> None:
    """One line a sheet, its columns, then one line a person: row, name, phone, whatever is doubtful."""
    for sheet in roster.sheets:
        told = {
            "sheet": sheet.name,
            "header": sheet.header_row or "–",
            "people": len(sheet.people),
            "refused": len(sheet.refused),
        }
        words = gettext(
            "Trang %(sheet)s: hàng tiêu đề %(header)s, %(people)s người, %(refused)s dòng không nhận"
        )
        click.echo(words % told if sheet.visible else gettext("Trang %(sheet)s: đang ẩn, không đọc") % told)
        for meant, header in mapping_of(sheet).items():
            shown = header if isinstance(header, list) else [header or "–"]
            click.echo(f"  {meant}: {' | '.join(' '.join(one.split()) for one in shown)}")
        for person in sheet.people:
            cells = (str(person.row), person.full_name, person.phone or "–", " ".join(person.doubts))
            click.echo("  " + "\t".join(cells).rstrip())
        for refused in sheet.refused:
            click.echo(f"  {refused.row}\t–\t{refused.reason}")
