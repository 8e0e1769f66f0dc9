"""Reading files that strangers made: all the ways in which they differ, and in which they are broken."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from referrals.importing.reading import BadLine, FileProblem, Survey, rows, survey
from referrals.importing.rows import PEOPLE_COLUMNS, PEOPLE_REQUIRED, TAUGHT_COLUMNS, TAUGHT_REQUIRED

TEXT = "teacher_id,learner_id,date\n1,2,2026-01-15\n2,3,\n"


def look(path: Path, **limits: int) -> Survey:
    return survey(path, TAUGHT_COLUMNS, TAUGHT_REQUIRED, **limits)


def file(folder: Path, content: bytes | str, name: str = "taught.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def problem(path: Path, **limits: int) -> FileProblem:
    with pytest.raises(FileProblem) as refused:
        look(path, **limits)
    return refused.value


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        gzip.compress(TEXT.encode(), mtime=0),
        gzip.compress(b"\xef\xbb\xbf" + TEXT.encode()),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        b"sep=;\r\n" + TEXT.replace(",", ";").replace("\n", "\r\n").encode(),
        b"\n\n" + TEXT.encode(),
        TEXT.replace("teacher_id", " Teacher ID ").replace("learner_id", "LEARNER_ID").encode(),
        TEXT.replace("teacher_id", '"teacher_id"').replace("2026-01-15", '"2026-01-15"').encode(),
    ],
    ids=[
        "utf-8", "bom", "utf-16-le", "utf-16-be", "gzip", "gzip-bom", "semicolon", "tab", "crlf", "cr",
        "sep-line", "blank-lines-first", "headings-in-any-case", "quoted",
    ],
)  # fmt: skip
def test_the_same_rows_from_every_kind_of_file(tmp_path: Path, content: bytes) -> None:
    found = look(file(tmp_path, content))
    first = found.first_row
    assert list(rows(found)) == [(first, ["1", "2", "2026-01-15"]), (first + 1, ["2", "3", ""])]
    assert found.columns == {"teacher_id": 0, "learner_id": 1, "date": 2}


def test_extra_columns_do_not_matter_and_optional_ones_may_be_missing(tmp_path: Path) -> None:
    found = look(file(tmp_path, "x,learner_id,teacher_id\n9,2,1\n"))
    assert found.columns == {"teacher_id": 2, "learner_id": 1}


def test_a_name_column_may_be_called_name(tmp_path: Path) -> None:
    found = survey(file(tmp_path, "id,name\n1,Lan\n"), PEOPLE_COLUMNS, PEOPLE_REQUIRED)
    assert found.columns == {"id": 0, "full_name": 1}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n \n,,\n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"PK\x03\x04 a workbook", "workbook"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "workbook"),
        (b"%PDF-1.7", "binary"),
        (b"\x00\x01\x02", "binary"),
        (TEXT.encode("utf-16-le"), "binary"),
        (TEXT.encode("utf-32"), "binary"),
        (gzip.compress(TEXT.encode(), mtime=0)[:-9], "broken_gzip"),
        (b"\x1f\x8bnot really", "broken_gzip"),
        (gzip.compress(b"PK\x03\x04", mtime=0), "workbook"),
        (b"1,2,2026-01-15\n", "column_missing"),
        (b"id,name\n1,Lan\n", "column_missing"),
        (b"teacher_id,learner_id,Teacher_ID\n", "column_twice"),
    ],
)
def test_a_file_that_cannot_be_taken(tmp_path: Path, content: bytes, code: str) -> None:
    assert problem(file(tmp_path, content)).code == code


def test_a_missing_column_is_named_with_what_was_found(tmp_path: Path) -> None:
    values = problem(file(tmp_path, "id,họ tên\n1,Lan\n")).values
    assert values["missing"] == "teacher_id, learner_id"
    assert values["found"] == "id · họ tên"
    assert values["file"] == "taught.csv"


def test_no_file_a_folder_and_a_device(tmp_path: Path) -> None:
    assert problem(tmp_path / "none.csv").code == "missing_file"
    assert problem(tmp_path).code == "folder"
    assert problem(Path("/dev/null")).code == "not_a_file"
    assert problem(tmp_path / ("x" * 300)).code == "not_a_file"


def test_a_file_larger_than_the_limit_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as sparse:
        sparse.truncate(2 << 30)
    found = problem(path)
    assert (found.code, found.values["size"]) == ("too_large", "2,048 MiB")


def test_a_small_gzip_that_unpacks_beyond_the_limit(tmp_path: Path) -> None:
    bomb = file(tmp_path, gzip.compress(b"teacher_id,learner_id\n" + b"1,2\n" * 1_000_000))
    assert bomb.stat().st_size < 1 << 20
    assert problem(bomb, max_bytes=1 << 21).code == "too_large"


@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_without_an_end_is_no_csv(tmp_path: Path, end: bytes) -> None:
    path = file(tmp_path, TEXT.encode() + b"1," + b"x" * (3 << 20) + end)
    assert problem(path).code == "line_too_long"
    assert look(path, max_line=4 << 20).lines == 4


def test_only_the_broken_line_is_lost(tmp_path: Path) -> None:
    content = b"\n".join(
        [
            b"teacher_id,learner_id",
            "1,Văn".encode("cp1258"),
            b"2,3",
            b"4,\x00",
            b"5,6",
            "7,\ufffd".encode(),
            b"8,9",
        ]
    )
    assert list(rows(look(file(tmp_path, content)))) == [
        BadLine(2, "bad_encoding", "1,V�n"),
        (3, ["2", "3"]),
        BadLine(4, "nul_byte", "4,"),
        (5, ["5", "6"]),
        BadLine(6, "bad_encoding", "7,�"),
        (7, ["8", "9"]),
    ]


def test_half_a_character_in_utf_16(tmp_path: Path) -> None:
    content = (
        b"\xff\xfe"
        + "teacher_id,learner_id\n1,2\n3,".encode("utf-16-le")
        + b"\x00\xd8"
        + "\n5,6\n".encode("utf-16-le")
    )
    found = list(rows(look(file(tmp_path, content))))
    assert found[0] == (2, ["1", "2"])
    assert found[1][:2] == (3, "bad_encoding")
    assert found[2] == (4, ["5", "6"])


def test_a_quoted_cell_may_hold_a_comma_a_quote_and_a_line_end(tmp_path: Path) -> None:
    path = file(tmp_path, 'teacher_id,learner_id\n"a, b","c ""d"""\n"e\nf",g\nh "i" j,k\n')
    assert list(rows(look(path))) == [(2, ["a, b", 'c "d"']), (3, ["e\nf", "g"]), (5, ['h "i" j', "k"])]


def test_an_open_quote_costs_its_own_line_only(tmp_path: Path) -> None:
    plain = "".join(f"{n},{n + 1}\n" for n in range(200))
    found = list(rows(look(file(tmp_path, 'teacher_id,learner_id\n1,"2\n' + plain))))
    assert found[0] == BadLine(2, "open_quote", '1,"2')
    assert found[1:] == [(n + 3, [str(n), str(n + 1)]) for n in range(200)]


def test_a_quote_that_closes_in_the_middle_costs_its_own_line_only(tmp_path: Path) -> None:
    found = list(rows(look(file(tmp_path, 'teacher_id,learner_id\n1,"2" x\n3,4\n5,"6\n7,"8"\n'))))
    assert [one[:2] for one in found] == [
        (2, "bad_quote"),
        (3, ["3", "4"]),
        (4, "bad_quote"),
        (5, ["7", "8"]),
    ]


def test_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = file(tmp_path, "teacher_id,learner_id\n\n1,2\n ,\n,\n\n3,4")
    assert [one[0] for one in rows(look(path))] == [3, 4, 7]
