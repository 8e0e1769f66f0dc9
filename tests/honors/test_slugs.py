from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honors.slugs import LONGEST, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Nguyễn Thị Lan", "nguyen-thi-lan-3"),
        ("Đỗ Thị Hoà", "do-thi-hoa-3"),
        ("H'Hen Niê", "h-hen-nie-3"),
        ("Linh", "linh-3"),
        ("L.", "l-3"),
        ("<script>", "script-3"),
        ("…", "guong-sang-3"),
        ("", "guong-sang-3"),
    ],
)
def test_names_become_addresses(name: str, slug: str) -> None:
    assert slug_of(name, 3) == slug


@given(st.text(max_size=200), st.integers(1, 2**63 - 1))
def test_any_name_gives_a_plain_address_that_its_column_holds(name: str, number: int) -> None:
    slug = slug_of(name, number)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= LONGEST + 20
    assert slug.endswith(f"-{number}")
