"""Entries of a phone's outbox: what was written down without signal, read back into typed values.

Words used here:

* *entry*: one thing somebody wrote down on a phone (one person, several, a class) under a UUID of its own;
* *content*: what was typed; the same UUID stands for the same content for ever, told by its hash;
* *made at*, *sent at*: what the clock of the phone said then. That clock may be wrong.

Whatever arrives is judged here once, so that nothing of the wrong shape gets any further.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, cast

from core.clock import local_day
from core.errors import BadRequest, Invalid
from learning.classes import COUNTS, Counts

Kind = Literal["one", "several", "class"]

KINDS: Final = ("one", "several", "class")
# The shape of the content that the pages of today write; older ones are still taken.
VERSION: Final = 1
LONGEST_TEXT: Final = 40_000
MOST_IDS: Final = 50
LARGEST_ID: Final = 2**62
# A clock that is off by less is right; the difference is the way over the network.
RIGHT_CLOCK: Final = timedelta(minutes=5)
SOMEBODY_ELSE: Final = "other"

# NUL, other controls but tab and line end, and halves of characters: no database takes them all.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Entry:
    """One entry as it was sent. `account` is the key of whoever wrote it, "" where nobody was signed in."""

    uuid: str
    kind: Kind
    account: str
    made_at: datetime
    sent_at: datetime | None
    content: Mapping[str, Any]
    content_hash: str


@dataclass(frozen=True)
class OnePerson:
    """The content of an entry about one person."""

    full_name: str
    skill_ids: tuple[int, ...]
    place: str | None
    ward_code: str | None
    age_band: str | None
    phone: str | None
    learner_id: int | None
    apart: bool


@dataclass(frozen=True)
class Chosen:
    """What somebody answered about one line: the same person as this one, somebody else, or leave it out."""

    choice: Literal["same", "apart", "skip"]
    person_id: int | None = None


@dataclass(frozen=True)
class SeveralPeople:
    """The content of an entry about several people; `class_id` where they belong to a class."""

    lines: str
    skill_ids: tuple[int, ...]
    place: str | None
    ward_code: str | None
    class_id: int | None
    chosen: Mapping[int, Chosen]


@dataclass(frozen=True)
class HeldClass:
    """The content of an entry about a class: what it was, the anonymous counts, who was there."""

    title: str
    kind: str
    place: str
    note: str
    group_id: int | None
    lead_id: int | None
    helper_ids: tuple[int, ...]
    counts: Counts
    people: SeveralPeople


def read_entry(uuid: str, body: object) -> Entry:
    """Return the entry that was sent under a UUID.

    Raises BadRequest("entry_unreadable") for what is no entry, and Invalid("entry_newer") for one that a
    newer page has written than this server knows.

    >>> entry = read_entry("u", {"kind": "one", "version": 1, "made_at": "2026-11-22T03:00:00.000Z",
    ...                          "content": {"full_name": "Lan"}})
    >>> entry.kind, entry.account, entry.made_at.hour, entry.sent_at
    ('one', '', 3, None)
    >>> read_entry("u", [1])
    Traceback (most recent call last):
    core.errors.BadRequest: entry_unreadable
    """
    if not isinstance(body, dict):
        raise BadRequest("entry_unreadable")
    kind, version, content = body.get("kind"), body.get("version"), body.get("content")
    made_at = _moment(body.get("made_at"))
    # A dictionary asked for a list as its key would break.
    if not isinstance(kind, str) or kind not in KINDS or not isinstance(content, dict) or made_at is None:
        raise BadRequest("entry_unreadable")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BadRequest("entry_unreadable")
    if version > VERSION:
        raise Invalid("entry_newer")
    account = body.get("account")
    return Entry(
        uuid=uuid,
        kind=cast(Kind, kind),
        account=account if isinstance(account, str) else "",
        made_at=made_at,
        sent_at=_moment(body.get("sent_at")),
        content=content,
        content_hash=hash_of(kind, content),
    )


def hash_of(kind: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of kind and content, in hexadecimal.

    >>> hash_of("one", {"a": 1, "b": "đ"}) == hash_of("one", {"b": "đ", "a": 1})
    True
    >>> hash_of("one", {"a": 1}) == hash_of("several", {"a": 1})
    False
    """
    # In ASCII, so that half a character has a hash, too.
    canonical = json.dumps([kind, content], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _moment(sent: object) -> datetime | None:
    if not isinstance(sent, str) or len(sent) > 40:
        return None
    try:
        moment = datetime.fromisoformat(sent)
    except ValueError:
        return None
    # Sums with the first and the last days of the calendar fail.
    usable = moment.tzinfo is not None and 1970 <= moment.year <= 9000
    return moment if usable else None


def day_of(entry: Entry, chosen: object, now: datetime) -> date:
    """Return the day of what was written down: the chosen one, else the day it was made.

    The phone says what time it believes it is; how far that is off is taken out of the moment when the entry
    was made. Never later than today. Raises Invalid("entry_invalid") for a chosen day that is none.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 22, 10, tzinfo=UTC)
    >>> wrong = {"kind": "one", "version": 1, "content": {},
    ...          "made_at": "2031-01-01T08:00:00Z", "sent_at": "2031-01-02T10:00:00Z"}
    >>> day_of(read_entry("u", wrong), "", now)
    datetime.date(2026, 11, 21)
    >>> day_of(read_entry("u", wrong), "2026-11-20", now)
    datetime.date(2026, 11, 20)
    """
    if isinstance(chosen, str) and chosen:
        try:
            return date.fromisoformat(chosen)
        except ValueError:
            raise Invalid("entry_invalid", {"taught_on": "not_a_date"}) from None
    off = now - entry.sent_at if entry.sent_at is not None else timedelta()
    made_at = entry.made_at + off if abs(off) > RIGHT_CLOCK else entry.made_at
    return local_day(min(made_at, now))


def one_person(content: Mapping[str, Any]) -> OnePerson:
    """Return what an entry says of one person.

    >>> one_person({"full_name": " Lan", "skills": [2, "x", 2], "learner": "other", "place": ""}).skill_ids
    (2,)
    """
    learner = _text(content, "learner", 20)
    return OnePerson(
        full_name=_text(content, "full_name", 400),
        skill_ids=_ids(content, "skills"),
        place=_text(content, "place", 20) or None,
        ward_code=_text(content, "ward_code", 20) or None,
        age_band=_text(content, "age_band", 20) or None,
        phone=_text(content, "phone", 100) or None,
        learner_id=_id(learner),
        apart=learner == SOMEBODY_ELSE,
    )


def several_people(content: Mapping[str, Any]) -> SeveralPeople:
    """Return what an entry says of several people.

    >>> several_people({"lines": "Lan", "chosen": {"1": {"choice": "same", "person_id": 7}}}).chosen[1]
    Chosen(choice='same', person_id=7)
    """
    return SeveralPeople(
        lines=_text(content, "lines", LONGEST_TEXT),
        skill_ids=_ids(content, "skills"),
        place=_text(content, "place", 20) or None,
        ward_code=_text(content, "ward_code", 20) or None,
        class_id=_id(content.get("class_id")),
        chosen=_chosen(content.get("chosen")),
    )


def held_class(content: Mapping[str, Any]) -> HeldClass:
    """Return what an entry says of a class.

    >>> held = held_class({"title": "Lớp ở chợ", "kind": "market_stand", "elderly": "4", "lines": "Lan"})
    >>> held.title, held.counts, held.people.lines
    ('Lớp ở chợ', Counts(headcount=None, elderly=4, disabled=0, poor=0, minority=0), 'Lan')
    """
    return HeldClass(
        title=_text(content, "title", 400),
        kind=_text(content, "kind", 20),
        place=_text(content, "place", 400),
        note=_text(content, "note", 2_000),
        group_id=_id(content.get("group_id")),
        lead_id=_id(content.get("lead")),
        helper_ids=_ids(content, "helpers"),
        counts=Counts(
            headcount=_count(content, "headcount"),
            **{name: _count(content, name) or 0 for name in COUNTS},
        ),
        people=several_people({**content, "place": ""}),
    )


def _text(content: Mapping[str, Any], name: str, longest: int) -> str:
    """Return a text of the content; another kind of value is no text. Raises Invalid for one too long."""
    value = content.get(name)
    if not isinstance(value, str):
        return ""
    if len(value) > longest:
        raise Invalid("entry_invalid", {name: "too_long"})
    return _NOT_TEXT.sub("", value)


def _ids(content: Mapping[str, Any], name: str) -> tuple[int, ...]:
    sent = content.get(name)
    numbers = [_id(one) for one in sent[:MOST_IDS]] if isinstance(sent, list) else []
    return tuple(dict.fromkeys(one for one in numbers if one is not None))


def _id(sent: object) -> int | None:
    if isinstance(sent, str) and sent.isascii() and sent.isdecimal() and len(sent) < 19:
        sent = int(sent)
    whole = isinstance(sent, int) and not isinstance(sent, bool)
    return cast(int, sent) if whole and 0 < cast(int, sent) < LARGEST_ID else None


def _count(content: Mapping[str, Any], name: str) -> int | None:
    """Return a count of people, None where nobody said. Raises Invalid for what is no number."""
    sent = content.get(name)
    if isinstance(sent, str):
        sent = sent.strip()
        if not sent:
            return None
        sent = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 8 else -1
    if sent is None:
        return None
    if not isinstance(sent, int) or isinstance(sent, bool) or abs(sent) > LARGEST_ID:
        raise Invalid("entry_invalid", {name: "not_a_count"})
    return sent


def _chosen(sent: object) -> dict[int, Chosen]:
    answers: dict[int, Chosen] = {}
    for row, answer in sent.items() if isinstance(sent, dict) else ():
        number = _id(row)
        if number is None or not isinstance(answer, dict):
            continue
        if answer.get("choice") in ("same", "apart", "skip"):
            answers[number] = Chosen(answer["choice"], _id(answer.get("person_id")))
    return answers
