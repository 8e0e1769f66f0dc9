"""The commands: what they print, in which language, and with which exit status they end."""

from __future__ import annotations

import csv
import gzip
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from core.database import Database
from core.web import house
from referrals.models.acts import Teaching

PEOPLE = (
    "id,full_name,gender,phone,unit_code,unit_name\n1,Trần Thị Lan,f,,,\n2,Lê Minh,m,,,\n3,Lê Minh,m,,,\n"
)
TAUGHT = "teacher_id,learner_id,date\n1,2,2026-01-15\n2,3,2026-01-16\n3,4,2026-01-17\n3,1,\n"

Say = Callable[..., Result]


@pytest.fixture
def say(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Run `flask referrals …` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def say(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=["referrals", *words])

    return say


@pytest.fixture
def load(say: Say, tmp_path: Path) -> Callable[..., Result]:
    def load(people: str | bytes = PEOPLE, taught: str | bytes = TAUGHT, *more: str) -> Result:
        for name, content in (("lan_people.csv", people), ("lan_taught.csv", taught)):
            (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return say(
            "import-network", "--people", "lan_people.csv", "--taught", "lan_taught.csv", "--confirmed", *more
        )

    return load


def values(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_loading_tells_what_it_did(load: Callable[..., Result], tmp_path: Path) -> None:
    done = values(load(PEOPLE, TAUGHT, "--as", "json"))
    assert done == {
        "source": "lan",
        "people": {"new": 3, "known": 0, "completed": 0, "named_only_in_taught": 1},
        "teachings": {"new": 4, "known": 0, "confirmed_now": 4, "total": 4},
        "contacts": 4,
        "unique_people": 4,
        "placed": 3,
        "refused": {},
        "mistakes": 0,
        "refused_by_rule": 0,
        "kept_without_a_value": 0,
        "rejects": None,
    }
    assert not list(tmp_path.glob("*_rejects.csv"))
    again = load()
    assert again.exit_code == 0
    assert "Không có dòng nào bị từ chối." in again.stdout


def test_what_the_rules_refuse_is_listed_and_no_failure(load: Callable[..., Result], tmp_path: Path) -> None:
    result = load(PEOPLE, TAUGHT + "4,4,\n1,2,2026-01-15\n")
    assert result.exit_code == 0, result.output
    raw = (tmp_path / "lan_taught_rejects.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert lines[0] == ["Tệp", "Dòng", "Giá trị", "Mã lỗi", "Lý do", "Cần làm gì"]
    assert [line[:4] for line in lines[1:]] == [
        ["lan_taught.csv", "6", "4", "teaches_oneself"],
        ["lan_taught.csv", "7", "1 → 2, 2026-01-15", "same_act_twice"],
    ]
    assert all(line[4] and line[5] for line in lines[1:])


def test_a_mistake_in_a_row_ends_with_three_and_the_others_go_in(
    load: Callable[..., Result], say: Say, tmp_path: Path
) -> None:
    result = load(
        PEOPLE + "=1+1,=cmd|' /C calc'!A0,,,99999,\n5,,,,,\n", TAUGHT + "1,5,31/02/2026\n1,5,2026-02-03\n"
    )
    assert result.exit_code == 3
    assert "lan_taught_rejects.csv" in result.stdout
    told = (tmp_path / "lan_taught_rejects.csv").read_text(encoding="utf-8-sig")
    lines = list(csv.reader(io.StringIO(told)))
    assert [line[3] for line in lines[1:]] == ["no_name", "unknown_unit", "no_such_day"]
    assert values(say("figures", "--as", "json"))["contacts"] == 5


def test_a_dangerous_cell_is_defused_in_the_rejects_file(load: Callable[..., Result], tmp_path: Path) -> None:
    load(PEOPLE, TAUGHT + '1,2,"=HYPERLINK(""http://x"")"\n')
    assert "'=HYPERLINK" in (tmp_path / "lan_taught_rejects.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("people", "taught", "words"),
    [
        (PEOPLE, "", "trống"),
        (PEOPLE, TAUGHT.encode("utf-16-le"), "không phải tệp chữ"),
        (b"PK\x03\x04", TAUGHT, "Excel"),
        (TAUGHT, TAUGHT, "teacher_id · learner_id · date"),
        (PEOPLE, PEOPLE, "thiếu cột teacher_id, learner_id"),
        (PEOPLE, gzip.compress(TAUGHT.encode(), mtime=0)[:-4], "tệp nén"),
    ],
    ids=["empty", "utf-16", "workbook", "swapped-people", "swapped-taught", "half-a-gzip"],
)
def test_a_file_that_cannot_be_taken_ends_with_two_and_nothing_is_written(
    people: str | bytes, taught: str | bytes, words: str, load: Callable[..., Result], say: Say
) -> None:
    result = load(people, taught)
    assert result.exit_code == 2
    assert words.lower() in result.stderr.lower()
    assert "Traceback" not in result.output
    assert values(say("figures", "--as", "json"))["people"] == 0


def test_no_file_a_folder_and_a_bad_place_for_rejects(load: Callable[..., Result], say: Say) -> None:
    assert say("import-network", "--people", "none.csv", "--taught", "none.csv").exit_code == 2
    assert say("import-network", "--people", ".", "--taught", ".").exit_code == 2
    assert load(PEOPLE, TAUGHT, "--rejects", "no/such/folder.csv").exit_code == 2
    assert load(PEOPLE, TAUGHT, "--rejects", "lan_taught.csv").exit_code == 2
    assert say("import-network", "--people", "none.csv").exit_code == 2
    assert values(say("figures", "--as", "json"))["people"] == 0


def test_the_figures_in_words(load: Callable[..., Result], say: Say) -> None:
    load()
    result = say("figures")
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["Người", "4"] in lines
    assert ["0", "1"] in lines
    figures = values(say("figures", "--as", "json"))
    assert figures["generations"] == [1, 1, 1, 1]
    assert figures["teachings"]["confirmed"] == figures["teachings"]["total"] == 4
    assert [(one["source_id"], one["direct"], one["reach"]) for one in figures["largest"]] == [
        ("1", 1, 3),
        ("2", 1, 2),
        ("3", 1, 1),
    ]


def test_figures_of_an_empty_house(say: Say) -> None:
    assert values(say("figures", "--as", "json"))["generations"] == []
    assert say("figures").exit_code == 0
    assert say("verify").exit_code == 0


def test_a_tree_in_every_form(load: Callable[..., Result], say: Say, tmp_path: Path) -> None:
    load()
    tree = values(say("tree", "--source-id", "2", "--as", "json"))
    assert (tree["reach"], tree["depth"], tree["direct"], tree["generations"]) == (2, 2, 1, [1, 1, 1])
    assert [one["source_id"] for one in tree["above"]] == ["1"]
    assert "Trần Thị Lan" in say("tree", "tran thi lan").stdout
    number = str(tree["above"][0]["id"])
    rows = list(csv.DictReader(io.StringIO(say("tree", number, "--as", "csv").stdout)))
    assert [row["source_id"] for row in rows] == ["1", "2", "3", "4"]
    graph = nx.parse_graphml(say("tree", number, "--as", "graphml").stdout, node_type=int)
    assert nx.is_arborescence(graph)
    assert ET.fromstring(say("tree", number, "--as", "svg").stdout).tag.endswith("svg")
    assert say("tree", number, "--as", "csv", "-o", "lan.csv").stdout == ""
    assert (tmp_path / "lan.csv").read_bytes().startswith(b"\xef\xbb\xbfgeneration,")
    assert say("tree", number, "-o", "no/such/file").exit_code == 2


def test_whom_do_you_mean(load: Callable[..., Result], say: Say) -> None:
    load()
    two = say("tree", "Lê Minh")
    assert two.exit_code == 2
    assert len([line for line in two.stderr.splitlines() if "Lê Minh" in line]) == 2
    assert say("tree", "Không Ai").exit_code == 2
    assert say("tree", "999999999").exit_code == 2
    assert say("tree", "9" * 40).exit_code == 2
    assert say("tree").exit_code == 2
    assert say("tree", "1", "--source-id", "1").exit_code == 2
    assert say("tree", "--source-id", "77").exit_code == 2
    load(PEOPLE, TAUGHT, "--source", "another")
    both = say("tree", "--source-id", "1")
    assert both.exit_code == 2
    assert "another, lan" in both.stderr
    assert values(say("tree", "--source-id", "1", "--source", "lan", "--as", "json"))["reach"] == 3


def test_verify_tells_what_is_broken(load: Callable[..., Result], say: Say, database: Database) -> None:
    load()
    assert say("verify").exit_code == 0
    with database.session(write=True) as session:
        session.execute(update(Teaching).values(state="recorded"))
        session.commit()
    result = say("verify")
    assert result.exit_code == 1
    assert "place_without_act" in result.stderr
    assert say("rebuild-figures").exit_code == 0


def test_a_database_that_is_not_there_is_one_sentence(app: Flask, say: Say, database_kind: str) -> None:
    if database_kind == "sqlite":
        file = house(app).work.database.engine.url.database
        assert file is not None
        Path(file).unlink()
        result = say("figures")
        assert not Path(file).exists()
        assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)


def test_a_database_without_tables_or_behind_is_one_sentence(
    app: Flask, say: Say, database: Database
) -> None:
    for statement, words in (
        ("UPDATE alembic_version SET version_num = '0001'", "0001"),
        ("UPDATE alembic_version SET version_num = 'of-the-future'", "of-the-future"),
        ("DELETE FROM alembic_version", "flask app migrate"),
    ):
        with database.engine.begin() as connection:
            connection.exec_driver_sql(statement)
        result = say("figures")
        assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
        assert words in result.stderr


def test_a_locked_database_is_one_sentence(
    load: Callable[..., Result], app: Flask, database_kind: str
) -> None:
    if database_kind != "sqlite":
        return
    engine = house(app).work.database.engine
    with engine.begin(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.database.SQLITE_BUSY_MILLISECONDS", 20)
        result = load()
    assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert len(result.stderr.splitlines()) == 1


def test_in_english(load: Callable[..., Result]) -> None:
    assert load(PEOPLE, TAUGHT, "--lang", "en").exit_code == 0
