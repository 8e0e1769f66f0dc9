"""Lists of people as they are really typed and pasted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from referrals.name_lists import read_names

BLNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"


@pytest.mark.parametrize(
    ("line", "name", "phone"),
    [
        ("Nguyễn Văn A", "Nguyễn Văn A", ""),
        ("Nguyễn Văn A 0905123456", "Nguyễn Văn A", "0905123456"),
        ("Nguyễn Văn A 0905 123 456", "Nguyễn Văn A", "0905 123 456"),
        ("Nguyễn Văn A (0905.123.456)", "Nguyễn Văn A", "0905.123.456"),
        ("Nguyễn Văn A +84 905 123 456", "Nguyễn Văn A", "+84 905 123 456"),
        ("1. Trần Thị B – 0912345678", "Trần Thị B", "0912345678"),
        ("1) Trần Thị B - 0912345678", "Trần Thị B", "0912345678"),
        ("01/ Trần Thị B: 0912345678", "Trần Thị B", "0912345678"),
        ("12 Trần Thị B", "Trần Thị B", ""),
        ("- Trần Thị B,", "Trần Thị B", ""),
        ("• Trần Thị B;0912345678", "Trần Thị B", "0912345678"),
        ("* 3. Trần Thị B , 0912-345-678 ,", "Trần Thị B", "0912-345-678"),
        ("3\tTrần Thị B\t912345678", "Trần Thị B", "912345678"),
        ("3\tTrần Thị B\tNữ\t912345678", "Trần Thị B", "912345678"),
        ("0912345678 Trần Thị B", "Trần Thị B", "0912345678"),
        ("0912345678\tTrần Thị B", "Trần Thị B", "0912345678"),
        ("Lê Thị C O905123456", "Lê Thị C", "O905123456"),
        ("H'Hen Niê; 0912345678", "H'Hen Niê", "0912345678"),
        ("Nguyễn-Lê Anh", "Nguyễn-Lê Anh", ""),
        ("Lan 2", "Lan 2", ""),
        ("Lan 1956", "Lan 1956", ""),
        ("Phan Thị Sáu 12345", "Phan Thị Sáu", "12345"),
        ("0912345678", "", "0912345678"),
        ("Nguyễn Văn A 905,123,456", "Nguyễn Văn A", "905,123,456"),
    ],
)
def test_a_line_is_a_name_and_a_phone(line: str, name: str, phone: str):
    (typed,) = read_names(line)
    assert (typed.full_name, typed.phone, typed.raw) == (name, phone, line.strip())


def test_what_fits_nowhere_is_handed_on():
    (typed,) = read_names("Lê Văn Mười; 0905123456; tổ 5; sinh 1956")
    assert typed.rest == "tổ 5; sinh 1956"


@pytest.mark.parametrize("head", ["Họ và tên", "STT\tHọ tên\tSố điện thoại", "TT; HỌ VÀ TÊN; SĐT"])
def test_a_heading_is_no_person(head: str):
    assert [one.full_name for one in read_names(f"{head}\nLê Văn Mười")] == ["Lê Văn Mười"]


def test_lines_keep_their_numbers():
    assert [one.row for one in read_names("\r\nLan\r\n\r\n---\nHoa\rCúc")] == [2, 5, 6]


def test_nothing_that_is_typed_makes_it_fall(bad_texts: list[str]):
    for text in bad_texts:
        for typed in read_names(text):
            assert typed.raw in text


@pytest.fixture
def bad_texts() -> list[str]:
    texts = json.loads(BLNS.read_text("utf-8")) if BLNS.exists() else []
    hostile = ["\x00", "\u202eLan", "1" * 5000, "1 " * 3000 + "a", "- " * 3000, "😀 0905123456", ", ; \t|"]
    return [*texts, *hostile]
