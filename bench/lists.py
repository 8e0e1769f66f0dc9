"""A list of people from the file to the last act: opened, judged, agreed to and written; rows a second."""

from __future__ import annotations

import io
import json
import random
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from bench.ground import City, a_name, build
from bench.measure import Line, show
from bench.postgres import Server
from core.database import make_engine
from referrals.importing.rosters.opening import open_book

ROOT = Path(__file__).resolve().parent.parent
CITY = City(ambassadors=50, learners=1_000, popular=100)
SIZES = (1_000, 100_000)
HEADER = ("STT", "Họ và tên", "Năm sinh", "Giới tính", "Số điện thoại", "Phường/xã", "Lớp", "Ghi chú")
WARDS = ("Phường Hải Châu", "Phường Sơn Trà", "Xã Hòa Vang", "Phường Tam Kỳ", "Phường Hội An")
READER = """
import sys
from bench.measure import peak
from core.database import make_engine
from referrals.importing.rosters import child
child.main()
sys.stderr.write(str(peak()))
"""
TABLES = ("person", "teaching", "teaching_move", "teaching_skill", "confirmation_code")


def run(folder: Path, server: Server | None) -> None:
    """Measure the reader alone, then the whole way on each database, and print."""
    lines, files = [], {}
    for size in SIZES:
        files[size] = workbook(folder / f"list-{size}.xlsx", size)
        data = files[size].read_bytes()
        start = time.perf_counter()
        rows = len(open_book(data, "list.xlsx").sheets[0].rows)
        seconds = time.perf_counter() - start
        start = time.perf_counter()
        CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
        lines.append(
            Line(f"{size:,} rows", rows / seconds, rows / (time.perf_counter() - start), "rows/s",
                 more=f"{seconds:.2f} s, {len(data) / 1e6:.1f} MB; its child holds {held(data):.0f} MiB")
        )  # fmt: skip
    show(
        "Opening a workbook of 8 columns in its child process (floor: calamine alone, in this process)", lines
    )
    for name in ("SQLite", "PostgreSQL"):
        if name == "PostgreSQL" and server is None:
            continue
        ground = server.database() if server and name == "PostgreSQL" else f"sqlite:///{folder}/lists.db"
        build(ground, CITY)
        show(
            f"Import of a list, from the file to its last act ({name})",
            [line for size in SIZES for line in one(files[size], size, ground, folder, server)],
        )


def held(data: bytes) -> float:
    """Peak memory of the reader's child process, in MiB."""
    done = subprocess.run(
        [sys.executable, "-c", READER, "x"], cwd=ROOT, input=data, capture_output=True, check=True
    )
    return float(done.stderr)


def one(file: Path, size: int, ground: str, folder: Path, server: Server | None) -> list[Line]:
    """Import one list into a copy of the ground."""
    url = copy(ground, folder, server)
    done = subprocess.run(
        [sys.executable, "-m", "bench.roster_once", url, str(file)],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    written = found["counts"].get("written", 0)
    seconds = found["judging"] + found["writing"]
    more = f"{found['judging']:.1f} s read and judged, {found['writing']:.1f} s written; {found['state']}"
    floor = bare(url, copy(ground, folder, server, "floor"))
    return [
        Line(f"{size:,} rows, {written:,} acts", written / seconds, floor, "rows/s", "", more),
        Line("  by processor time", written / found["worked"], floor, "rows/s"),
        Line("  peak memory", found["peak"], found["start"], "MiB", "≤ 300"),
    ]  # fmt: skip


def copy(ground: str, folder: Path, server: Server | None, name: str = "list") -> str:
    """A copy of the ground, to be written into."""
    if not ground.startswith("sqlite"):
        assert server is not None
        return server.database(ground)
    for left in folder.glob(f"{name}.db*"):
        left.unlink()
    shutil.copyfile(ground.removeprefix("sqlite:///"), folder / f"{name}.db")
    return f"sqlite:///{folder}/{name}.db"


def workbook(path: Path, size: int) -> Path:
    """A list as people send it: a title, a header in row 3, phones as texts."""
    chance = random.Random(2026)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_row(0, 0, ["DANH SÁCH NGƯỜI HỌC"])
        sheet.write_row(2, 0, HEADER)
        for place in range(size):
            values = (
                place + 1, a_name(chance), 1940 + place % 70, "Nam" if place % 2 else "Nữ", f"09{place:08}",
                WARDS[place % 5], f"Lớp {place % 30}", "",
            )  # fmt: skip
            sheet.write_row(place + 3, 0, values)
    return path


def bare(source: str, target: str) -> float:
    """Acts a second of inserting the same rows by bare statements, 500 rows in each transaction."""
    seconds = acts = 0.0
    mark = "?" if target.startswith("sqlite") else "%s"
    here, there = make_engine(source), make_engine(target)
    with closing(here.raw_connection()) as reader, closing(there.raw_connection()) as writer:
        reading, writing = reader.cursor(), writer.cursor()
        for table in TABLES:
            key = "teaching_id" if table == "teaching_skill" else "id"
            writing.execute(f"SELECT coalesce(max({key}), 0) FROM {table}")
            [(last,)] = writing.fetchall()
            reading.execute(f"SELECT * FROM {table} WHERE {key} > {mark} ORDER BY {key}", (last,))
            names = [column[0] for column in reading.description or ()]
            statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"
            while part := reading.fetchmany(500):
                start = time.perf_counter()
                if mark == "?":
                    writing.execute("BEGIN IMMEDIATE")
                writing.executemany(statement, part)
                writer.commit()
                seconds += time.perf_counter() - start
                acts += len(part) * (table == "teaching")
    here.dispose()
    there.dispose()
    return acts / seconds if seconds else float("nan")
