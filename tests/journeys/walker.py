"""Somebody at a browser without scripts: opens pages, follows links, fills in and sends forms.

What a form carries (its token, its mark, what is ticked and chosen) is sent as it stands in the page: a page
that forgets its token or a field fails the journey.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

Values = Mapping[str, str | list[str]]


@dataclass
class Sheet:
    """A form of a page: where it goes, and what it sends when nothing is changed."""

    action: str
    method: str
    fields: MultiDict[str, str] = field(default_factory=MultiDict)
    known: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Choice:
    """A select: the option that is selected, else the first."""

    name: str
    first: str | None = None
    chosen: str | None = None


class Reader(HTMLParser):
    """Reads the forms and links of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self.links: list[str] = []
        self._sheet: Sheet | None = None
        self._select: Choice | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        elif tag == "form":
            self._sheet = Sheet(has.get("action", ""), has.get("method", "get").lower())
            self.sheets.append(self._sheet)
        elif self._sheet is not None:
            self._control(self._sheet, tag, has)

    def _control(self, sheet: Sheet, tag: str, has: dict[str, str]) -> None:
        name = has.get("name", "")
        if tag in ("input", "select", "textarea"):
            sheet.known.add(name)
        if tag == "input":
            kind = has.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in has:
                sheet.fields.add(name, has.get("value", ""))
        elif tag == "button" and has.get("type", "submit") == "submit":
            sheet.buttons.append((name, has.get("value", "")))
        elif tag == "select":
            self._select = Choice(name)
        elif tag == "option" and self._select is not None:
            if self._select.first is None:
                self._select.first = has.get("value", "")
            if "selected" in has:
                self._select.chosen = has.get("value", "")
        elif tag == "textarea":
            self._area = name
            sheet.fields.setlist(name, [""])

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._sheet is not None:
            # HTML drops one line end right after the opening tag.
            self._sheet.fields[self._area] = (self._sheet.fields[self._area] + data).removeprefix("\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._sheet = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select" and self._select is not None and self._sheet is not None:
            value = self._select.chosen if self._select.chosen is not None else self._select.first
            self._sheet.fields.add(self._select.name, value or "")
            self._select = None


@dataclass
class Page:
    """A page as it came: its status, its address after redirects, its source."""

    status: int
    url: str
    source: str

    @functools.cached_property
    def _read(self) -> Reader:
        reader = Reader()
        reader.feed(self.source)
        return reader

    @property
    def sheets(self) -> list[Sheet]:
        """The forms."""
        return self._read.sheets

    @property
    def links(self) -> list[str]:
        """Where the links lead."""
        return self._read.links

    @property
    def words(self) -> str:
        """What a reader sees, without markup."""
        bare = re.sub(r"<(script|style)\b.*?</\1>", " ", self.source, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())

    @property
    def title(self) -> str:
        """The heading."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.source, re.DOTALL)
        assert found, f"{self.url} has no heading"
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[1])).split())

    def link(self, pattern: str) -> str:
        """The first link that fits."""
        found = next((link for link in self.links if re.search(pattern, link)), None)
        assert found is not None, f"{self.url} has no link like {pattern}; it has {self.links}"
        return found

    def has_sheet(self, action: str) -> bool:
        """Tell whether a form goes there."""
        return any(re.search(action, sheet.action) for sheet in self.sheets)

    def sheet(self, action: str) -> Sheet:
        """The form whose address fits."""
        found = next((sheet for sheet in self.sheets if re.search(action, sheet.action)), None)
        assert found is not None, f"{self.url} has no form for {action}; {self.status}: {self.words[:300]}"
        return found


class Walker:
    """One person with one browser; its cookies stay between pages."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, url: str, **options: object) -> Page:
        """Open a page, following redirects."""
        return self._arrived(url, self.client.get(url, **options))

    def send(self, page: Page, action: str, values: Values | None = None) -> Page:
        """Change some values of a form of this page and send it, following redirects."""
        sheet = page.sheet(action)
        assert sheet.method == "post", f"{sheet.action} is sent by {sheet.method}"
        data = sheet.fields.copy()
        for name, value in (values or {}).items():
            assert name in sheet.known or name in dict(sheet.buttons), f"no field {name} in {sheet.action}"
            data.setlist(name, [value] if isinstance(value, str) else list(value))
        return self.post(urljoin(page.url, sheet.action), data)

    def post(self, url: str, data: MultiDict[str, str] | Mapping[str, str]) -> Page:
        """Send these values, following redirects."""
        return self._arrived(url, self.client.post(url, data=data, headers={"Referer": "http://localhost/"}))

    def _arrived(self, url: str, answer: object) -> Page:
        for _ in range(5):
            if answer.status_code not in (301, 302, 303):  # type: ignore[attr-defined]
                break
            url = urljoin(url, answer.location)  # type: ignore[attr-defined]
            assert urlsplit(url).hostname in (None, "localhost"), f"sent away to {url}"
            answer = self.client.get(url)
        return Page(answer.status_code, url, answer.get_data(as_text=True))  # type: ignore[attr-defined]
