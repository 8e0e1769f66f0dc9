"""The picture of the tree: nothing overlaps, everything can be read at 360 px, nothing breaks the file."""

from __future__ import annotations

import itertools
import math
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.drawing import Face, Picture, draw, initial, svg
from referrals.picture import text_width
from referrals.tree import TreeSlice, Twig, prune, slice_of

ANYTHING = st.text(st.characters(), max_size=20)


@st.composite
def trees(draw_: st.DrawFn, most: int = 120) -> TreeSlice:
    """Random trees, from bushes to beanstalks: each parent is chosen among the last `window` people."""
    size = draw_(st.integers(1, most))
    window = draw_(st.integers(1, size))
    dice = draw_(st.randoms(use_true_random=False))
    return slice_of(0, [(n, dice.randint(max(0, n - window), n - 1)) for n in range(1, size)])


def faces_for(part: TreeSlice) -> dict[int, Face]:
    return {
        node.id: Face(
            "ĐHMQ"[node.id % 4], f"Người {node.id}", f"Nguyễn Thị Minh {node.id}", f"/nguoi/{node.id}"
        )
        for node in part.nodes
    }


def fan(*counts: int) -> TreeSlice:
    """Everybody of generation g has counts[g] learners."""
    pairs: list[tuple[int, int]] = []
    last, number = [0], 0
    for count in counts:
        fresh = []
        for person in last:
            for _ in range(count):
                number += 1
                pairs.append((number, person))
                fresh.append(number)
        last = fresh
    return slice_of(0, pairs)


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


def assert_sound(picture: Picture, twigs: tuple[Twig, ...]) -> None:
    for a, b in itertools.combinations(picture.nodes, 2):
        assert math.hypot(a.x - b.x, a.y - b.y) >= a.r + b.r + 0.3, (a, b)
    for node in picture.nodes:
        assert node.r <= node.x <= picture.width - node.r
        assert node.r <= node.y <= picture.height - node.r
        if node.label:
            assert node.font >= 12
            assert text_width(node.label, node.font) <= 2 * node.r
        if node.href:
            assert 2 * node.r >= 24
    assert [node.id for node in picture.nodes] == [twig.id for twig in twigs]
    assert len(picture.links) == len(twigs) - 1
    for link in picture.links:
        assert re.fullmatch(r"M[-0-9. ]+(H[-0-9.]+)?C[-0-9. ]+", link.d)
        assert all(-1 <= number <= max(picture.width, picture.height) + 1 for number in numbers(link.d))


def assert_joined(picture: Picture, twigs: tuple[Twig, ...]) -> None:
    """Every link ends on the rim of its child."""
    ends = [numbers(link.d)[-2:] for link in picture.links]
    for node, twig in zip(picture.nodes, twigs, strict=True):
        if twig.parent >= 0:
            assert any(abs(math.hypot(x - node.x, y - node.y) - node.r) < 0.3 for x, y in ends)


@given(trees())
def test_no_two_circles_overlap_in_a_pruned_picture_of_360(part: TreeSlice) -> None:
    twigs = prune(part)
    picture = draw(twigs, faces_for(part))
    assert picture.width == 360
    assert_sound(picture, twigs)
    assert_joined(picture, twigs)


@given(trees(), st.sampled_from([200, 360, 900]))
def test_nor_in_the_picture_of_a_whole_tree_however_deep(part: TreeSlice, width: int) -> None:
    twigs = prune(part, nodes=10_000, generations=10_000, children=10_000)
    assert len(twigs) == len(part.nodes)
    assert_sound(draw(twigs, faces_for(part), width=width), twigs)


@given(trees())
def test_nor_with_names(part: TreeSlice) -> None:
    twigs = prune(part)
    picture = draw(twigs, faces_for(part), width=960, names=True)
    assert picture.kind == "sideways"
    assert_sound(picture, twigs)
    for node in picture.nodes:
        assert node.name_x + text_width(node.name, 14) <= picture.width
        # What stands right of the name: nobody of the same height.
        for other in picture.nodes:
            if other.level > node.level and abs(other.y - node.y) < other.r + 10:
                assert other.x - other.r >= node.name_x + text_width(node.name, 14)


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        (fan(), "layered"),
        (fan(1, 1, 1), "layered"),
        (fan(3, 2), "layered"),
        (fan(8), "layered"),
        (fan(12, 14), "radial"),
        (fan(12, 2, 8), "radial"),
        (fan(1, 12, 15), "radial"),
        (fan(200), "radial"),
        (fan(12, 13, 1), "radial"),
        (fan(13, 12, 12), "radial"),
        (fan(4, 4, 10), "radial"),
    ],
)
def test_the_widest_of_pruned_trees_fit_a_phone(part: TreeSlice, kind: str) -> None:
    twigs = prune(part)
    picture = draw(twigs, faces_for(part))
    assert (picture.kind, picture.width) == (kind, 360)
    assert picture.height <= 364
    assert_sound(picture, twigs)


def test_a_small_tree_stands_as_one_would_draw_it() -> None:
    part = fan(2, 2)
    picture = draw(prune(part), faces_for(part))
    root, left, right, *leaves = picture.nodes
    assert root.x == 180 == (left.x + right.x) / 2
    assert left.x == (leaves[0].x + leaves[1].x) / 2
    assert root.y < left.y == right.y < leaves[0].y
    assert [node.label for node in picture.nodes] == list("ĐHMQĐHM")
    assert root.href == "/nguoi/0"


@given(trees(most=40))
def test_the_mirror_image_of_a_tree_is_drawn_as_the_mirror_image(part: TreeSlice) -> None:
    twigs = prune(part)
    mirrored = prune(slice_of(0, [(n.id, n.parent_id) for n in reversed(part.nodes)]))
    picture, mirror = draw(twigs, {}), draw(mirrored, {})
    if picture.kind == "layered" and not any(twig.more for twig in twigs):
        there = {node.id: node.x for node in mirror.nodes}
        assert all(node.x + there[node.id] == pytest.approx(360, abs=0.21) for node in picture.nodes)


def test_names_wait_for_room_and_for_permission() -> None:
    part = fan(3)
    faces = faces_for(part)
    assert all(node.name == "" for node in draw(prune(part), faces).nodes)
    assert draw(prune(part), faces, width=360, names=True).kind == "layered"
    nameless = {person: Face(face.letter) for person, face in faces.items()}
    picture = draw(prune(part), nameless, width=960, names=True)
    assert all(node.name == "" and node.title == "" and node.href is None for node in picture.nodes)


def test_people_without_a_face_are_circles() -> None:
    assert {node.label for node in draw(prune(fan(3)), {}).nodes} == {""}


def test_a_stub_tells_how_many_and_gets_the_room_for_it() -> None:
    part = slice_of(0, [(n, 0) for n in range(1, 7)], direct={0: 5_006})
    picture = draw(prune(part), {})
    stub = picture.nodes[-1]
    assert (stub.id, stub.label, stub.more) == (None, "+5k", 5_000)
    assert_sound(picture, prune(part))
    assert 'class="stub"' in svg(picture)


@pytest.mark.parametrize(
    ("name", "letter"),
    [("Nguyễn Văn Đức", "Đ"), ("Y", "Y"), ("Lê Thị A\u0301nh", "Á"), ("", ""), (" \t", "")],
)
def test_the_letter_is_that_of_the_given_name(name: str, letter: str) -> None:
    assert initial(name) == letter


@given(trees(most=15), ANYTHING, ANYTHING, ANYTHING)
def test_the_file_is_xml_whatever_people_are_called(
    part: TreeSlice, letter: str, name: str, title: str
) -> None:
    faces = {node.id: Face(letter, title, name, "javascript:alert(1)") for node in part.nodes}
    for picture in (draw(prune(part), faces), draw(prune(part), faces, width=960, names=True)):
        text = svg(picture, title)
        root = ET.fromstring(text.encode())
        assert root.get("viewBox") == picture.view_box
        assert len(root.findall("{*}g")) == len(picture.nodes)
        assert len(root.findall("{*}path")) == len(picture.links)
        assert "script" not in {element.tag.partition("}")[2] for element in root.iter()}
        assert "javascript:alert(1)" not in text or "javascript:alert(1)" in letter + name + title


def test_the_title_is_read_instead_of_the_picture() -> None:
    text = svg(draw(prune(fan(1)), {}), 'Cây của <Lan> & "Minh"')
    root = ET.fromstring(text.encode())
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext("{*}title") == 'Cây của <Lan> & "Minh"'
