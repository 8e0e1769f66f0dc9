"""The boards: one entry a board, metric × who × which periods. Units are ranked, never persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.i18n import N_
from leaderboards.metrics import BY_CODE as METRICS
from leaderboards.metrics import Metric
from leaderboards.periods import Kind

CHAPTERS: Final = "chapters"
UNIONS: Final = "unions"
EVERY_PERIOD: Final = (Kind.MONTH, Kind.QUARTER, Kind.YEAR, Kind.ALL)


@dataclass(frozen=True)
class Board:
    """A board. `who`: chapters by their own entries, or unions with everything below them."""

    code: str
    name: str
    title: str
    metric: Metric
    who: str
    kinds: tuple[Kind, ...] = EVERY_PERIOD


BOARDS: Final[tuple[Board, ...]] = (
    Board("chi-doan", N_("Các chi đoàn"), N_("Xếp hạng chi đoàn"), METRICS["rate"], CHAPTERS),
    Board("phuong-xa", N_("Phường, xã, khối"), N_("Xếp hạng Đoàn phường, xã, khối"), METRICS["rate"], UNIONS),
    Board(
        "dat-nam",
        N_("Đạt năm người"),
        N_("Chi đoàn có nhiều đoàn viên đạt năm người"),
        METRICS["reached_five"],
        CHAPTERS,
        (Kind.ALL,),
    ),
)
BY_CODE: Final[dict[str, Board]] = {board.code: board for board in BOARDS}
MAIN: Final = BOARDS[0]
OF_UNIONS: Final = BOARDS[1]
