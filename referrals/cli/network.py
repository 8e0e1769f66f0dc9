"""`flask referrals …`: load a network, print a tree and the figures, check that all of it holds together."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final, NoReturn

import click
from flask_babel import format_decimal, gettext
from sqlalchemy.orm import Session

from core.commands import spoken
from core.errors import Conflict
from core.i18n import N_
from core.web import house
from people.permissions import HOUSE
from referrals.cli.group import group
from referrals.drawing import draw
from referrals.exports import PersonLine, as_csv, as_graphml, as_json, as_table
from referrals.forest import CircleError
from referrals.importing.reading import FileProblem
from referrals.importing.rejects import RejectsFile, rejects_beside
from referrals.importing.words import FILE_WORDS, ROW_WORDS
from referrals.picture import faces_of
from referrals.progress import Progress
from referrals.queries import lookup
from referrals.queries.checks import everything
from referrals.queries.network import network_figures
from referrals.queries.slices import lineage_slice
from referrals.reports import ImportReport, figures_lines, figures_values, import_lines, import_values
from referrals.services.import_state import ImportWish
from referrals.services.network_import import import_network, source_of
from referrals.services.snapshot import rebuild_figures
from referrals.svg import svg
from referrals.tree import TreeSlice, prune

EXIT_DATABASE: Final = 1
EXIT_USAGE: Final = 2
EXIT_MISTAKES: Final = 3
EVERYBODY: Final = 2_000_000_000
WHOLE_PICTURE: Final = 400
"""Up to so many people a picture shows the whole tree; a larger one is pruned as on the page."""

STAGES: Final = {
    "people": N_("Người"),
    "taught": N_("Các lượt dạy"),
    "confirm": N_("Xác nhận"),
    "figures": N_("Số liệu, bảng, huy hiệu"),
}

_FILE = click.Path(path_type=Path)


@group.command("import-network")
@click.option(
    "--people", required=True, type=_FILE, help="CSV: id, full_name, gender, phone, unit_code, unit_name."
)
@click.option("--taught", required=True, type=_FILE, help="CSV: teacher_id, learner_id, date.")
@click.option(
    "--confirmed", is_flag=True, help="The acts are confirmed already: they count, and the tree grows."
)
@click.option(
    "--source", help="Name of the network; by default that of the files, without _people or _taught."
)
@click.option("--rejects", type=_FILE, help="File for refused rows; by default <taught>_rejects.csv here.")
@click.option("--as", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@spoken
def import_command(
    people: Path, taught: Path, confirmed: bool, source: str | None, rejects: Path | None, form: str
) -> None:
    """Load a network of two CSV files; a second run writes nothing.

    Files may be gzipped, in UTF-8 or UTF-16, with commas, semicolons or tabs. A date is empty, a year, a
    day or a moment; acts without a date come after all others. Each batch is written for good: a run that
    was stopped goes on where it was.

    \b
    Exit status:
      0  all that the rules allow is in; acts with oneself and repeated acts are refused, and listed
      1  the database is missing, behind or locked
      2  a file cannot be taken at all, or the command is wrong: nothing was written
      3  loaded, but some rows hold a mistake and were refused: see the rejects file
    """  # noqa: D301  # the escape is click's mark for lines that stay as they are
    wish = ImportWish(people, taught, source or source_of(people, taught), confirmed)
    told = Progress(sys.stderr, lambda stage: gettext(STAGES[stage]), bar=sys.stderr.isatty())
    try:
        with RejectsFile(rejects or rejects_beside(taught), (people, taught), gettext) as refused:
            report = import_network(house().work, HOUSE, house().box, wish, refused.add, told)
            path = str(refused.path) if refused.count else None
    except FileProblem as problem:
        words = FILE_WORDS[problem.code]
        _stop(
            gettext(words.reason) % problem.values + "\n" + gettext(words.advice) % problem.values, EXIT_USAGE
        )
    except Conflict:
        _stop(gettext("Có lệnh khác đang nạp cùng nguồn này. Đợi lệnh đó xong rồi chạy lại."), EXIT_DATABASE)
    except KeyboardInterrupt:
        _stop("\n" + gettext("Đã dừng. Chạy lại đúng lệnh này để làm tiếp từ chỗ dừng."), 130)
    _tell_import(report, path, form)
    if report.weights["mistake"]:
        sys.exit(EXIT_MISTAKES)


def _tell_import(report: ImportReport, rejects: str | None, form: str) -> None:
    if form == "json":
        _echo_json(import_values(report, rejects))
        return
    reasons = {code: words.reason for code, words in ROW_WORDS.items()}
    for line in import_lines(report, rejects, reasons, gettext, format_decimal):
        click.echo(line)


@group.command("figures")
@click.option("--as", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@spoken
def figures_command(form: str) -> None:
    """Print the figures of the whole network, counted now."""
    with house().work.begin(write=False) as session:
        try:
            found = network_figures(session)
        except CircleError as circle:
            _stop(str(circle), EXIT_DATABASE)
    if form == "json":
        _echo_json(figures_values(found))
        return
    for line in figures_lines(found, gettext, format_decimal):
        click.echo(line)


@group.command("tree")
@click.argument("person", required=False)
@click.option("--source-id", help="The id of the person in the imported file.")
@click.option("--source", help="The imported network, where several know that id.")
@click.option(
    "--as",
    "form",
    type=click.Choice(["table", "json", "csv", "graphml", "svg"]),
    default="table",
    show_default=True,
)
@click.option("-o", "--output", type=_FILE, help="Write into this file instead.")
@spoken
def tree_command(
    person: str | None, source_id: str | None, source: str | None, form: str, output: Path | None
) -> None:
    """Print the whole tree below a person: generations, reach, depth and direct learners.

    PERSON is the number of a person, or a name that only one person has.
    """
    if (person is None) == (source_id is None):
        raise click.UsageError(gettext("Cho biết PERSON hoặc --source-id, một trong hai."))
    with house().work.begin(write=False) as session:
        found = _meant(session, person, source_id, source)
        part = lineage_slice(session, found.id, nodes=EVERYBODY)
        people = lookup.lines_of(session, [*part.above, *(node.id for node in part.nodes)])
    text = _written(part, people, form)
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    try:
        # A spreadsheet knows UTF-8 by its mark; every line end stays as it is.
        output.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8", newline="")
    except OSError as error:
        _stop(
            gettext("Không ghi được tệp %(file)s: %(reason)s", file=output, reason=error.strerror), EXIT_USAGE
        )


def _written(part: TreeSlice, people: dict[int, PersonLine], form: str) -> str:
    if form == "json":
        return json.dumps(as_json(part, people), ensure_ascii=False, indent=2)
    if form == "csv":
        return as_csv(part, people)
    if form == "graphml":
        return as_graphml(part, people)
    if form == "svg":
        size = len(part.nodes)
        twigs = (
            prune(part, nodes=size, generations=size, children=size) if size <= WHOLE_PICTURE else prune(part)
        )
        names = {one: line.full_name for one, line in people.items()}
        return svg(draw(twigs, faces_of(names), width=1200), names.get(part.root, ""))
    return as_table(part, people, gettext)


def _meant(session: Session, person: str | None, source_id: str | None, source: str | None) -> PersonLine:
    """The one person whom the words mean; more or fewer end the command with a list of who could be."""
    if source_id is not None:
        return _of_source(lookup.by_source_id(session, source_id, source), source_id)
    assert person is not None
    if person.isdecimal() and len(person) < 19 and (line := lookup.by_number(session, int(person))):
        return line
    named = lookup.by_name(session, person)
    if len(named) == 1:
        return named[0]
    if not named:
        words = N_("Không tìm thấy “%(person)s”. Mã trong tệp đã nạp thì tìm bằng --source-id.")
        return _stop(gettext(words, person=person), EXIT_USAGE)
    shown = named[: lookup.CANDIDATES]
    lines = [f"  {line.id}  {line.full_name}  {line.source_id or ''}".rstrip() for line in shown]
    more = "\n  …" if len(named) > len(shown) else ""
    words = N_("Nhiều người cùng tên; hãy chọn theo mã số:")
    return _stop(gettext(words) + "\n" + "\n".join(lines) + more, EXIT_USAGE)


def _of_source(found: list[tuple[str, PersonLine]], source_id: str) -> PersonLine:
    if len(found) == 1:
        return found[0][1]
    if not found:
        words = N_("Không có ai mang mã %(id)s trong dữ liệu đã nạp.")
        return _stop(gettext(words, id=source_id), EXIT_USAGE)
    words = N_("Mã %(id)s có trong nhiều nguồn: %(sources)s. Thêm --source.")
    return _stop(gettext(words, id=source_id, sources=", ".join(name for name, _ in found)), EXIT_USAGE)


@group.command("verify")
@spoken
def verify_command() -> None:
    """Check what must hold between acts, evidence, history, tree, credit and figures; status 1 where not."""
    with house().work.begin(write=False) as session:
        findings = everything(session)
    for finding in findings[:100]:
        click.echo(f"{finding.kind}: {', '.join(map(str, finding.ids[:20]))}", err=True)
    if findings:
        _stop(gettext("%(n)s chỗ không khớp.", n=format_decimal(len(findings))), 1)
    click.echo(gettext("Mọi số liệu đều khớp."))


@group.command("rebuild-figures")
@spoken
def rebuild_command() -> None:
    """Take the snapshot of everybody's reach, depth and generation anew; only what changed is written."""
    with house().work.begin() as session:
        done = rebuild_figures(session, HOUSE, house().clock.now())
    click.echo(
        gettext(
            "Số liệu của %(people)s người: thêm %(added)s, đổi %(changed)s, bỏ %(dropped)s.",
            people=format_decimal(done.people),
            added=format_decimal(done.added),
            changed=format_decimal(done.changed),
            dropped=format_decimal(done.dropped),
        )
    )


def _echo_json(values: dict[str, Any]) -> None:
    click.echo(json.dumps(values, ensure_ascii=False, indent=2))


def _stop(sentence: str, status: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(status)
