"""The report of an import and the figures of the network: what they hold, and how they are printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from core.i18n import N_
from referrals.exports import text_columns

Translate = Callable[[str], str]

STATES: Final[Mapping[str, str]] = {
    "recorded": N_("chờ xác nhận"),
    "confirmed": N_("đã xác nhận"),
    "disputed": N_("người học báo không đúng"),
    "returned": N_("trả lại để sửa"),
    "expired": N_("quá hạn xác nhận"),
    "voided": N_("đã hủy"),
}

WEIGHTS: Final[Mapping[str, str]] = {
    "mistake": N_("Dòng có lỗi, không nạp"),
    "rule": N_("Dòng bị quy tắc từ chối"),
    "kept": N_("Dòng nạp được, thiếu một giá trị"),
}


@dataclass
class ImportReport:
    """What an import did. `contacts`, `unique_people` and `placed` are those of the whole source."""

    source: str
    people_new: int = 0
    people_known: int = 0
    people_completed: int = 0
    people_named_only_in_taught: int = 0
    teachings_new: int = 0
    teachings_known: int = 0
    confirmed_now: int = 0
    credited_now: int = 0
    placed_now: int = 0
    teachings: int = 0
    contacts: int = 0
    unique_people: int = 0
    placed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    weights: Counter[str] = field(default_factory=Counter)

    @property
    def wrote(self) -> bool:
        """Whether anything at all was written."""
        return bool(
            self.people_new
            or self.people_completed
            or self.people_named_only_in_taught
            or self.teachings_new
            or self.confirmed_now
        )


@dataclass(frozen=True, slots=True)
class LargeBranch:
    """One of the largest branches: who stands at its head, and the figures of that person."""

    person_id: int
    source_id: str | None
    full_name: str
    direct: int
    reach: int


@dataclass(frozen=True, slots=True)
class NetworkFigures:
    """The whole network. `roots` count everybody without a parent, `alone` those of them who taught nobody.

    roots + placed = people = sum(generations); `contacts` are confirmed acts, `unique_people` distinct
    learners with one; `taught_five` counts people with five or more credited learners.
    """

    people: int
    teachings: dict[str, int]
    contacts: int
    unique_people: int
    roots: int
    placed: int
    alone: int
    generations: tuple[int, ...]
    taught_five: int
    largest: tuple[LargeBranch, ...]


def import_values(report: ImportReport, rejects: str | None) -> dict[str, Any]:
    """The report of an import for JSON."""
    return {
        "source": report.source,
        "people": {
            "new": report.people_new,
            "known": report.people_known,
            "completed": report.people_completed,
            "named_only_in_taught": report.people_named_only_in_taught,
        },
        "teachings": {
            "new": report.teachings_new,
            "known": report.teachings_known,
            "confirmed_now": report.confirmed_now,
            "total": report.teachings,
        },
        "contacts": report.contacts,
        "unique_people": report.unique_people,
        "placed": report.placed,
        "refused": dict(sorted(report.refused.items())),
        "mistakes": report.weights["mistake"],
        "refused_by_rule": report.weights["rule"],
        "kept_without_a_value": report.weights["kept"],
        "rejects": rejects,
    }


def import_lines(
    report: ImportReport,
    rejects: str | None,
    reasons: Mapping[str, str],
    translate: Translate,
    number: Callable[[int], str],
) -> Iterator[str]:
    """The report of an import for the terminal; `reasons` are the words of each code of refusal."""
    yield translate(N_("Nguồn: %(source)s")) % {"source": report.source}
    rows = [
        (N_("Người mới"), report.people_new),
        (N_("Người mới, chỉ có mã trong tệp lượt dạy"), report.people_named_only_in_taught),
        (N_("Người đã có, nay được bổ sung họ tên"), report.people_completed),
        (N_("Người đã có từ trước"), report.people_known),
        (N_("Lượt dạy mới"), report.teachings_new),
        (N_("Lượt dạy đã có từ trước"), report.teachings_known),
        (N_("Lượt dạy vừa được xác nhận"), report.confirmed_now),
    ]
    yield from _counts(rows, translate, number)
    yield ""
    yield translate(N_("Cả nguồn này bây giờ"))
    rows = [
        (N_("Lượt (đã xác nhận)"), report.contacts),
        (N_("Số người (người học khác nhau)"), report.unique_people),
        (N_("Người học có chỗ trong cây lan tỏa"), report.placed),
    ]
    yield from _counts(rows, translate, number)
    yield ""
    if not report.refused:
        yield translate(N_("Không có dòng nào bị từ chối."))
        return
    rows = [(words, report.weights[weight]) for weight, words in WEIGHTS.items() if report.weights[weight]]
    yield from _counts(rows, translate, number)
    lines = [
        ("  " + code, number(count), translate(reasons[code]))
        for code, count in sorted(report.refused.items())
    ]
    yield from text_columns(lines, right=(1,))
    yield translate(N_("Từng dòng, với lý do và cách sửa: %(file)s")) % {"file": rejects}


def figures_values(figures: NetworkFigures) -> dict[str, Any]:
    """The figures of the network for JSON."""
    return {
        "people": figures.people,
        "teachings": dict(figures.teachings),
        "contacts": figures.contacts,
        "unique_people": figures.unique_people,
        "roots": figures.roots,
        "placed": figures.placed,
        "alone": figures.alone,
        "generations": list(figures.generations),
        "taught_five": figures.taught_five,
        "largest": [
            {
                "id": large.person_id,
                "source_id": large.source_id,
                "full_name": large.full_name,
                "direct": large.direct,
                "reach": large.reach,
            }
            for large in figures.largest
        ],
    }


def figures_lines(
    figures: NetworkFigures, translate: Translate, number: Callable[[int], str]
) -> Iterator[str]:
    """The figures of the network for the terminal."""
    rows = [
        (N_("Người"), figures.people),
        (N_("Lượt dạy, mọi trạng thái"), figures.teachings["total"]),
        *(("  " + translate(words), figures.teachings[state]) for state, words in STATES.items()),
        (N_("Lượt (đã xác nhận)"), figures.contacts),
        (N_("Số người (người học khác nhau)"), figures.unique_people),
        (N_("Gốc cây: không có ai ở trên"), figures.roots),
        (N_("Trong đó chưa dạy ai"), figures.alone),
        (N_("Người học có chỗ trong cây lan tỏa"), figures.placed),
        (N_("Người đã dạy từ năm người trở lên"), figures.taught_five),
    ]
    yield from _counts(rows, translate, number)
    yield ""
    yield translate(N_("Người theo thế hệ, bắt đầu từ gốc"))
    yield from text_columns(
        [(f"  {generation}", number(count)) for generation, count in enumerate(figures.generations)]
        or [("  0", number(0))],
        right=(0, 1),
    )
    if figures.largest:
        yield ""
        yield translate(N_("Mười nhánh lớn nhất"))
        heads = [N_("Họ và tên"), N_("Mã"), N_("Mã ở nguồn"), N_("Trực tiếp"), N_("Sức lan tỏa")]
        lines = [
            (
                large.full_name,
                str(large.person_id),
                large.source_id or "",
                number(large.direct),
                number(large.reach),
            )
            for large in figures.largest
        ]
        yield from text_columns([[translate(head) for head in heads], *lines], right=(1, 3, 4))


def _counts(
    rows: Sequence[tuple[str, int]], translate: Translate, number: Callable[[int], str]
) -> Iterator[str]:
    """Lines of words and a count, one below another."""
    yield from text_columns([("  " + translate(words), number(count)) for words, count in rows], right=(1,))
