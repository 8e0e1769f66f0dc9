"""The practice set through the command: what a careful human reads in each file, the importer reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

ROSTERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "rosters"
EXPECTED: dict[str, Any] = (
    json.loads((ROSTERS / "expected.json").read_text(encoding="utf-8")) if ROSTERS.exists() else {}
)
FILES = sorted(name for name in EXPECTED if name != "note")

Say = Callable[..., Result]


@pytest.fixture
def say(app: Flask) -> Say:
    """Run `flask referrals read-roster …`."""

    def say(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=["referrals", "read-roster", *words])

    return say


@pytest.mark.skipif(not FILES, reason="../shared/data is not here")
@pytest.mark.parametrize("name", FILES)
def test_each_practice_list_is_read_as_a_careful_human_reads_it(say: Say, name: str) -> None:
    result = say(str(ROSTERS / name), "--as", "json")
    assert result.exit_code == 0, result.output
    sheets = [sheet for sheet in json.loads(result.output)["sheets"] if not sheet["hidden"]]
    expected = EXPECTED[name]
    rows = expected["header_row"]

    assert [sheet["header_row"] for sheet in sheets] == (
        rows if isinstance(rows, list) else [rows] * len(sheets)
    )
    assert sum(len(sheet["people"]) for sheet in sheets) == expected["people"]
    assert sheets[0]["mapping"]["full_name"] == expected["name"]
    assert sheets[0]["mapping"]["phone"] == expected["phone"]
    assert not [refused for sheet in sheets for refused in sheet["refused"]]
    for sheet in sheets:
        for person in sheet["people"]:
            assert person["row"] > sheet["header_row"]
            assert person["full_name"]
            assert person["phone"] is None or person["phone"].startswith("+84")


@pytest.mark.skipif(not FILES, reason="../shared/data is not here")
def test_the_bug_of_1969_keeps_nobody_s_birth_and_secrets_are_only_named(say: Say) -> None:
    output = say(str(ROSTERS / "05_doanvien_system_export_13_cols.xlsx"), "--as", "json").output
    sheet = json.loads(output)["sheets"][0]
    of_1969 = [one for one in sheet["people"] if "birth_unbelievable" in one.get("doubts", ())]
    assert len(of_1969) > 5
    assert not any("age_band" in one for one in of_1969)
    assert {one["age_band"] for one in sheet["people"] if "age_band" in one} == {"25_44"}
    assert {"Dân Tộc", "Tôn giáo"} <= set(sheet["mapping"]["ignored"])
    assert "Kinh" not in output
    assert [one["full_name"] for one in sheet["people"]][-1] == "Trúc"
    assert [one.get("ward_code") for one in sheet["people"]][-1] == "20242"


@pytest.mark.skipif(not FILES, reason="../shared/data is not here")
def test_the_hidden_sheet_is_named_and_not_read(say: Say) -> None:
    sheets = json.loads(say(str(ROSTERS / "19_three_classes_hidden_sheet.xlsx"), "--as", "json").output)[
        "sheets"
    ]
    assert [(sheet["name"], sheet["hidden"], len(sheet["people"])) for sheet in sheets] == [
        ("Lớp sáng", False, 6),
        ("Lớp chiều", False, 6),
        ("Lớp tối", False, 6),
        ("nhap", True, 0),
    ]


def test_a_table_for_people_names_each_row(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "lop.csv"
    file.write_text("STT;Họ tên;SĐT\n1;Lê Thị Lan;0905123456\n2;;0905123457\n3;Minh;O905\n", encoding="utf-8")
    told = say(str(file)).output
    assert "2\tLê Thị Lan\t+84905123456" in told
    assert "3\t–\tno_name" in told
    assert "4\tMinh\t–\tphone_letters" in told


def test_what_is_no_list_ends_with_a_sentence_and_status_2(say: Say, tmp_path: Path) -> None:
    picture = tmp_path / "anh.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    for file in (picture, tmp_path / "khong-co.xlsx"):
        result = say(str(file), "--as", "json")
        assert result.exit_code == 2
        assert result.output.strip()
        assert "Traceback" not in result.output
