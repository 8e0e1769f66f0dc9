"""The macros of templates/components, and the layouts that use them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"


def environment(pages: dict[str, str] | None = None, **settings: object) -> Environment:
    """Return a bare environment: what the macros may rely on, and nothing of Flask."""
    loader = ChoiceLoader([DictLoader(pages or {}), FileSystemLoader(TEMPLATES)])
    made = Environment(
        loader=loader,
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        **settings,  # type: ignore[arg-type]
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: text, lambda one, many, n: one if n == 1 else many, newstyle=True
    )
    made.filters["number"] = lambda value: f"{value:,}".replace(",", ".")
    made.globals.update(
        csrf_token=lambda: "a-token",
        asset=lambda name: f"/static/{name}",
        url_for=lambda endpoint, **_values: f"/{endpoint}",
        get_flashed_messages=lambda **_wish: [("success", "Đã ghi nhận.")],
    )
    return made


def render(file: str, call: str, **values: object) -> str:
    """Return what one call of one component gives: `render("icons", 'icon("home")')`."""
    page = f'{{% import "components/{file}.html" as c %}}{{{{ c.{call} }}}}'
    return environment().from_string(page).render(**values)


def block(file: str, call: str, inner: str) -> str:
    """Return what a component that wraps markup gives."""
    page = f'{{% import "components/{file}.html" as c %}}{{% call c.{call} %}}{inner}{{% endcall %}}'
    return environment().from_string(page).render()


def xml(markup: str) -> ET.Element:
    """Parse a piece of markup that must be well-formed by itself."""
    return ET.fromstring(markup)


def svgs(markup: str) -> list[ET.Element]:
    """Return every drawing in some markup, parsed."""
    return [xml(found) for found in re.findall(r"<svg.*?</svg>", markup, re.DOTALL)]


# WTForms takes plain words for choices; the stubs know only pairs.
AGES: list[Any] = ["Dưới 18", "18–59"]
SKILLS: list[Any] = ["Mã QR", "Dịch vụ công"]
WARDS: list[Any] = ["Phường Hòa Cường"]


class Record(Form):
    """One field of each kind."""

    full_name = StringField("Họ và tên", [InputRequired("Hãy viết tên.")], description="Viết đủ họ tên.")
    age = RadioField(
        "Khoảng tuổi",
        [InputRequired("Hãy chọn.")],
        choices=AGES,
    )
    skills = SelectMultipleField("Kỹ năng", choices=SKILLS)
    ward = SelectField("Phường, xã", choices=WARDS)
    secret = PasswordField("Mật khẩu")
    note = TextAreaField("Ghi chú")
    agree = BooleanField("Tôi đồng ý")


# ── Macros ──────────────────────────────────────────────────────────────────────────────────────────────


def test_every_icon_is_a_drawing_and_silent_unless_it_has_a_label() -> None:
    names = list(environment().get_template("components/icons.html").module.PATHS)  # type: ignore[attr-defined]

    for name in names:
        assert xml(render("icons", f'icon("{name}")')).attrib["aria-hidden"] == "true"
    assert xml(render("icons", 'icon("home", "Trang đầu")')).attrib["aria-label"] == "Trang đầu"
    assert len(names) >= 30


@pytest.mark.parametrize(
    ("value", "of", "arc", "done"),
    [(0, 5, None, False), (3, 5, "60.0 100", False), (7, 5, "100.0 100", True)],
)
def test_the_ring_shows_the_share_and_turns_when_full(
    value: int, of: int, arc: str | None, done: bool
) -> None:
    drawing = xml(render("figures", "ring(value, of)", value=value, of=of))
    fills = [part for part in drawing if part.get("class") == "ring-fill"]

    assert [part.get("stroke-dasharray") for part in fills] == ([arc] if arc else [])
    assert ("ring-done" in drawing.attrib["class"]) is done
    assert drawing.attrib["aria-label"] == f"{value} trên {of}"


@pytest.mark.parametrize(
    ("value", "maximum", "width"), [(0, 10, None), (5, 10, "50.0%"), (12, 10, "100.0%"), (3, 0, "0%")]
)
def test_a_bar_never_leaves_its_track(value: int, maximum: int, width: str | None) -> None:
    drawing = svgs(render("figures", "bar(value, maximum, 'Tổ 12')", value=value, maximum=maximum))[0]
    fills = [part.get("width") for part in drawing if part.get("class") == "bar-fill"]

    assert fills == ([width] if width else [])


def test_figures_are_well_formed_and_say_their_numbers() -> None:
    line = svgs(render("figures", "sparkline([1, 4, 2], 'Mỗi tuần')"))[0]

    assert line.attrib["aria-label"] == "Mỗi tuần: 1; 4; 2"
    assert render("figures", "sparkline([1], 'Mỗi tuần')") == ""
    assert "1.204" in render("figures", "counter(1204, 'Số người đã học', '/cach-tinh')")
    assert svgs(render("figures", "gauge(63, 100, 'Chỉ tiêu', expected=58)"))
    assert (
        len(svgs(render("figures", "funnel([{'label': 'A', 'value': 3}, {'label': 'B', 'value': 0}])"))) == 2
    )


@pytest.mark.parametrize(("n", "word"), [(2, "lên"), (-1, "xuống"), (0, "giữ nguyên"), (None, "mới")])
def test_movement_is_told_in_words_too(n: int | None, word: str) -> None:
    assert word in render("figures", "movement(n)", n=n)


@pytest.mark.parametrize("family", ["path", "reach", "skill", "place", "team", "care", "campaign", "unheard"])
def test_a_medal_is_drawn_for_every_family_and_level(family: str) -> None:
    for level in (1, 2, 3, 4, 9):
        drawing = xml(
            render(
                "badge", "medal(family, level, 'sprout', 32, 'Người gieo hạt')", family=family, level=level
            )
        )
        dots = [part for part in drawing if part.get("class") == "medal-dots"]
        assert len(dots[0]) == min(level, 4)
    locked = xml(render("badge", "medal(family, 2, 'sprout', 32, 'Chưa đạt', false)", family=family))

    assert [part.get("stroke-dasharray") for part in locked if part.get("class") == "medal-ring"] == ["4 4"]
    assert "medal-locked" in locked.attrib["class"]


def picture(href: str | None) -> SimpleNamespace:
    """Return a teacher and one learner, as referrals draws them."""
    common = {"more": 0, "hidden": 0, "font": 12, "name": "", "href": href}
    return SimpleNamespace(
        width=320, height=120,
        nodes=[
            SimpleNamespace(x=160, y=20, r=16, label="L", level=0, title="Lan & <Minh>", **common),
            SimpleNamespace(x=160, y=80, r=12, label="", level=7, title="Minh", **common),
        ],
        links=[SimpleNamespace(d="M160 36V68", width=2.0)],
    )  # fmt: skip


@pytest.mark.parametrize(("href", "role"), [("/people/1", "group"), (None, "img")])
def test_the_tree_is_one_picture_or_a_group_of_links(href: str | None, role: str) -> None:
    drawing = svgs(render("tree_picture", "tree_picture(p, 'Cây', 'Hai người')", p=picture(href)))[0]

    assert drawing.attrib["role"] == role
    assert drawing.attrib["aria-labelledby"] == "tree-title tree-desc"
    assert len(drawing.findall(".//a")) == (2 if href else 0)
    assert len(drawing.findall(".//circle")) == 2


def test_a_field_carries_its_hint_and_its_error_to_the_control() -> None:
    form = Record(MultiDict({"ward": "Phường Hòa Cường"}))
    form.validate()
    page = render("forms", "field(form.full_name)", form=form)

    assert 'aria-describedby="full_name-hint full_name-error"' in page
    assert 'aria-invalid="true"' in page
    assert "Hãy viết tên." in page
    assert "không bắt buộc" not in page
    assert "không bắt buộc" in render("forms", "field(form.note)", form=form)


@pytest.mark.parametrize("name", list(Record()._fields))
def test_every_kind_of_field_is_drawn_with_a_label_for_its_control(name: str) -> None:
    page = render("forms", f"field(form.{name})", form=Record(MultiDict({"skills": "Dịch vụ công"})))
    ids = set(re.findall(r'\sid="([^"]+)"', page))

    assert set(re.findall(r'\sfor="([^"]+)"', page)) <= ids
    assert page.count("<label") >= 1
    assert (page.count(" checked") == 1) is (name == "skills")


def test_the_summary_links_to_each_wrong_control() -> None:
    form = Record(MultiDict({"ward": "Phường Hòa Cường"}))
    form.validate()
    page = render("forms", "errors_summary(form)", form=form)
    drawn = render("forms", "field(form.full_name)", form=form) + render(
        "forms", "field(form.age)", form=form
    )

    for target in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{target}"' in drawn
    assert 'role="alert"' in page
    assert render("forms", "errors_summary(form)", form=Record()) == ""


def test_every_post_form_carries_the_token() -> None:
    assert 'name="csrf_token" value="a-token"' in block("forms", "form_open('/x')", "…")
    assert 'name="csrf_token" value="a-token"' in render(
        "forms", "post_button('/x', 'Rút lại', fields={'a': 1})"
    )
    for path in sorted(TEMPLATES.rglob("*.html")):
        for form in re.findall(
            r'<form[^>]*method="post".*?</form>', path.read_text(encoding="utf-8"), re.DOTALL
        ):
            assert "csrf" in form, path.name


def test_a_table_keeps_its_meaning_when_it_becomes_cards() -> None:
    page = """{% import "components/table.html" as t %}{% call t.table("Hạng", columns) %}
    {% call t.row(mine=true) %}{{ t.head("Tổ 12", "31 đoàn viên") }}
    {{ t.cell("Số", 1204, number=true) }}{% endcall %}{% endcall %}"""
    table = xml(environment().from_string(page).render(columns=["Chi đoàn", {"label": "Số", "number": True}]))
    roles = {part.get("role") for part in table.iter()}

    assert {"table", "rowgroup", "row", "columnheader", "rowheader", "cell"} <= roles
    assert [cell.text for cell in table.iter("td")] == ["1.204"]
    assert [cell.get("data-label") for cell in table.iter("td")] == ["Số"]


def test_names_are_escaped_wherever_they_are_shown() -> None:
    evil = "<b>Lan</b>"
    pages = [
        render("person", "person_line(name, name, tone=3)", name=evil),
        render("person", "honoree_card(name, name, name, pills=[name])", name=evil),
        render("cards", "details([(name, name)])", name=evil),
        render("notice", "notice(name, 'success', name)", name=evil),
        render("empty", "empty(name, name, name, '/')", name=evil),
        render("cards", "timeline([{'title': name, 'when': name}])", name=evil),
    ]

    assert all("<b>" not in page and "&lt;b&gt;" in page for page in pages)


def test_wrapping_components_hold_what_they_are_given() -> None:
    for file, call in [
        ("cards", "card('Tiêu đề', '/x', count=2)"),
        ("cards", "hero('Chào Lan')"),
        ("cards", "page_head('Trang')"),
        ("notice", "celebration('Huy hiệu mới')"),
        ("notice", "notice('', 'info')"),
        ("empty", "empty('Chưa có')"),
    ]:
        assert "<i>bên trong</i>" in block(file, call, "<i>bên trong</i>")


def test_a_code_is_read_digit_by_digit() -> None:
    assert 'aria-label="Mã xác nhận: 4 8 2 9 1 3"' in render("cards", "digits('482913')")


def test_a_pager_without_pages_is_nothing() -> None:
    assert render("pager", "pager()") == ""
    assert 'rel="next"' in render("pager", "pager('/next')")


# ── Layouts ─────────────────────────────────────────────────────────────────────────────────────────────


def items(count: int) -> Iterable[SimpleNamespace]:
    """Return so many places of the navigation, the first one being the present page."""
    return [
        SimpleNamespace(label=f"Trang {n}", href=f"/{n}", icon="home", current=n == 0, count=n)
        for n in range(count)
    ]


LAN = SimpleNamespace(full_name="Nguyễn Thị Lan", given_name="Lan", letter="L", roles={"volunteer"})
EVERYWHERE = {
    "viewer": LAN, "nav": items(4), "lang": "vi", "is_demo_city": True,
    "links": {"home": "/", "sign_in": "/in", "sign_out": "/out", "profile": "/me", "privacy": "/p"},
}  # fmt: skip


def page_of(layout: str, **values: object) -> str:
    """Return an empty page on a layout."""
    pages = {"page.html": f'{{% extends "layout/{layout}.html" %}}{{% block title %}}Hôm nay{{% endblock %}}'}
    return environment(pages).get_template("page.html").render(**values)


def test_the_page_has_its_landmarks_and_one_present_place() -> None:
    page = page_of("base", **EVERYWHERE)

    for mark in (
        '<html lang="vi"',
        'href="#main"',
        '<main id="main"',
        'role="status"',
        "không phải người thật",
        "Đã ghi nhận.",
    ):
        assert mark in page
    assert page.count('aria-current="page"') == 1
    assert len(re.findall(r"<title>Hôm nay · ", page)) == 1


def test_many_places_fold_into_a_menu() -> None:
    assert "nav-more" not in page_of("base", **EVERYWHERE | {"nav": items(5)})
    assert "nav-more" in page_of("base", **EVERYWHERE | {"nav": items(8)})


def test_a_guest_is_offered_to_sign_in_and_nothing_else() -> None:
    page = page_of("base", **EVERYWHERE | {"viewer": None})

    assert "/in" in page
    assert "/out" not in page


def test_a_page_stands_even_when_nothing_is_known() -> None:
    """The page of an accident may be drawn before the viewer or the language could be read."""
    assert '<html lang="vi"' in page_of("base")


def test_the_focus_page_offers_no_way_to_get_lost() -> None:
    page = page_of("focus", **EVERYWHERE)

    assert "<nav" not in page
    assert 'class="language"' in page


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_every_refusal_has_its_page(status: int) -> None:
    page = (
        environment()
        .get_template("errors/error.html")
        .render(
            status=status,
            title="Có chỗ cần sửa",
            text="Hãy thử lại.",
            action={"label": "Thử lại", "href": "/x"},
            **EVERYWHERE,
        )
    )

    assert f"Mã lỗi {status}" in page
    assert "Thử lại" in page
    assert all(drawing is not None for drawing in svgs(page))


def test_the_macros_need_nothing_undeclared() -> None:
    """With strict undefined names a typing error in a macro cannot hide behind an empty string."""
    made = environment(undefined=StrictUndefined)
    for path in sorted((TEMPLATES / "components").glob("*.html")):
        assert made.get_template(f"components/{path.name}").make_module() is not None


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "img").glob("*.svg")), ids=lambda path: path.name)
def test_pictures_are_well_formed(path: Path) -> None:
    assert xml(path.read_text(encoding="utf-8")).tag.endswith("svg")


def test_every_imported_macro_exists() -> None:
    """A missing name would only show when it is called: on one branch of one page, some day."""
    made = environment()
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for file, names in re.findall(r'{%-? from "(components/[^"]+)" import (.*?)-?%}', text, re.DOTALL):
            macros = made.get_template(file).make_module()
            for name in names.split(","):
                assert hasattr(macros, name.split(" as ")[0].strip()), f"{path.name}: {name} of {file}"
