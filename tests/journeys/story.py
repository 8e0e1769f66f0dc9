"""What the people of a journey do, in a line each, and how the product says a thing in each language."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from sqlalchemy import func, select

from core.database import Database
from tests.journeys.walker import Page, Walker
from tests.support.cast import PASSWORD, Cast, Member

ENGLISH = Path(__file__).resolve().parents[2] / "translations" / "en" / "LC_MESSAGES" / "messages.po"
LEARNERS = ("Trần Thị Hoa", "Lê Văn Tám", "Phạm Thị Sáu", "Võ Văn Bảy", "Huỳnh Thị Chín")
TALE = (
    "Chiều thứ Bảy nào An cũng mang ghế ra đầu kiệt, chỉ cho từng cô bác cách trả tiền bằng mã QR.\r\n"
    "Có bác lần đầu tự trả tiền chợ bằng điện thoại, cười cả buổi."
)


@functools.cache
def _catalogue() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def say(language: str, text: str, **values: object) -> str:
    """How the product says a Vietnamese text in a language; a number `num` chooses the plural."""
    if language == "en":
        message = _catalogue().get(text)
        assert message is not None, f"{text!r} is in no page"
        told = message.string
        if isinstance(told, tuple | list):
            told = told[0 if values.get("num") == 1 else 1]
        assert told, f"{text!r} has no English"
        text = str(told)
    return text % values if values else text


class Act:
    """Signs in, records, confirms."""

    def __init__(self, walker: Callable[[], Walker], cast: Cast) -> None:
        self.walker = walker
        self.cast = cast

    def somebody(self, language: str = "vi") -> Walker:
        """Somebody with a browser of their own that speaks a language."""
        person = self.walker()
        if language != "vi":
            person.client.set_cookie("lang", language)
        return person

    def signed_in(self, member: Member, language: str = "vi") -> Walker:
        """Somebody who came through the sign-in page."""
        person = self.somebody(language)
        page = person.send(
            person.open("/dang-nhap"), "/dang-nhap", {"name": member.email or "", "password": PASSWORD}
        )
        assert page.status == 200, page.words
        assert not page.url.endswith("/dang-nhap")
        return person

    def record(self, teacher: Walker, full_name: str, **changes: str | list[str]) -> Page:
        """Record somebody taught, by the form as it comes with a skill ticked; the page of the teaching."""
        form = teacher.open("/ghi-nhan")
        page = teacher.send(form, "/ghi-nhan$", {"full_name": full_name, "skills": skill_of(form), **changes})
        assert re.search(r"/luot-day/\d+$", page.url), page.words
        return page

    def confirm(self, link: str, language: str = "vi") -> Page:
        """The learner, on a phone without any cookie, opens the link and says yes; the thanks."""
        learner = self.somebody(language)
        page = learner.send(learner.open(link), "/x/")
        assert page.status == 200, page.words
        return page

    def taught(self, teacher: Walker, full_name: str) -> Page:
        """Record and confirm."""
        page = self.record(teacher, full_name)
        self.confirm(link_of(page))
        return page

    def taught_five(self, teacher: Walker) -> None:
        """Walk the whole path to five."""
        for name in LEARNERS:
            self.taught(teacher, name)


def skill_of(form: Page) -> str:
    """The first skill that the form offers."""
    found = re.search(r'name="skills" value="(\d+)"', form.source)
    assert found, form.words
    return found[1]


def link_of(page: Page) -> str:
    """The path of the link that a teaching page shows to be sent to the learner."""
    return urlsplit(page.link(r"/x/[0-9a-z]+-\d+-[a-z2-7]{16}$")).path


def digits_of(page: Page) -> str:
    """The six digits that a teaching page shows to be read aloud."""
    return "".join(re.findall(r'<span class="digit">(\d)</span>', page.source))


def id_of(page: Page) -> int:
    """The number at the end of the address."""
    return int(page.url.rstrip("/").rsplit("/", 1)[-1])


def leaves(page: Page) -> set[str]:
    """The names in the picture of the tree, the root left out."""
    return set(re.findall(r'class="tree-node tree-level-[1-9][^"]*"><title>([^<]*)</title>', page.source))


def ring(page: Page) -> str:
    """The number in the ring."""
    found = re.search(r'<text class="ring-value"[^>]*>(\d+)</text>', page.source)
    assert found, page.words
    return found[1]


def count(database: Database, table: type) -> int:
    """How many rows a table has."""
    with database.session(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def csrf(page: Page) -> dict[str, str]:
    """The token of a page, to be sent by hand."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.source)
    assert found
    return {"csrf_token": found[1]}
