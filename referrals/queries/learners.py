"""My learners: the list with its filters, how many each view has, and all about one of them.

A list is read in two steps: the ids of its rows in their order, then what the rows show. So nothing is
worked out for rows that are not shown, whatever the number of learners.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from core.errors import NotFound
from core.paging import Page, decode_key, encode_key
from core.vietnamese import fold
from people.models import Person, Ward
from referrals.learner_list import OPEN, SEARCH_WORDS, STATES_OF, Filters, View, first_day
from referrals.models.acts import ConfirmationCode, Teaching, TeachingSkill
from referrals.models.tree import Credit
from referrals.queries.lists import SkillName, skills_of
from referrals.states import State

ROWS_A_PAGE: Final = 30
COUNTED_TO: Final = 1_000
"""Beyond so many a view is not counted any further: "more than 1,000"."""
ACTS_SHOWN: Final = 100

# The words of the partial index, so that both databases see that it serves.
_IS_OPEN: Final = Teaching.state.in_([literal_column(f"'{state}'") for state in OPEN])


@dataclass(frozen=True)
class LearnerRow:
    """A learner of mine: the act that fits the filters, and how many the learner taught in turn."""

    learner_id: int
    full_name: str
    ward_name: str | None
    ward_name_en: str | None
    phone_tail: str | None
    teaching_id: int
    taught_on: date
    state: str
    recorded_at: datetime
    expires_at: datetime | None
    counts: bool
    taught: int
    skills: tuple[SkillName, ...]

    def skill_names(self, language: str) -> list[str]:
        """Return the names of the skills in this language."""
        return [skill.in_language(language) for skill in self.skills]


@dataclass(frozen=True)
class LearnerCounts:
    """How many different learners each view of the list has; never more than one above COUNTED_TO."""

    all: int
    waiting: int
    confirmed: int
    teachers: int


@dataclass(frozen=True)
class ActRow:
    """One act with a learner of mine."""

    teaching_id: int
    taught_on: date
    state: str
    place: str | None
    recorded_at: datetime
    expires_at: datetime | None
    counts: bool
    skills: tuple[SkillName, ...]

    def skill_names(self, language: str) -> list[str]:
        """Return the names of the skills in this language."""
        return [skill.in_language(language) for skill in self.skills]


@dataclass(frozen=True)
class Learner:
    """A learner of mine with all my acts, the newest first; `taught` counts whom they taught in turn."""

    person: Person
    acts: list[ActRow]
    taught: int


def my_learners(
    session: Session,
    teacher_id: int,
    filters: Filters,
    today: date,
    *,
    phone_hash: str | None = None,
    after: str | None = None,
) -> Page[LearnerRow]:
    """Return a page of this teacher's learners, each once, in the order that was asked for.

    `phone_hash` is the keyed hash of a whole number that was searched for.
    """
    statement, keys = _ids(teacher_id, filters, today, phone_hash)
    key = decode_key(after)
    if key is not None and _fits(key, len(keys)):
        statement = statement.where(_beyond(keys, key, descending=filters.order == "newest"))
    else:
        key = None
    found = session.execute(statement.limit(ROWS_A_PAGE + 1)).all()
    shown = found[:ROWS_A_PAGE]
    more = len(found) > ROWS_A_PAGE
    return Page(
        rows=rows_of(session, teacher_id, [row.act for row in shown]),
        next=encode_key(tuple(shown[-1][2:])) if more else None,
        first=key is None,
    )


def _fits(key: Sequence[object], parts: int) -> bool:
    """Tell whether a key is of this order: an id; of names the place in the alphabet before it."""
    return len(key) == parts and isinstance(key[-1], int) and (parts == 1 or isinstance(key[0], str))


def _beyond(
    keys: Sequence[ColumnElement[Any]], key: Sequence[object], *, descending: bool
) -> ColumnElement[bool]:
    """What comes after a key: (sort key, id) upwards, or an id alone in one direction."""
    if len(keys) == 1:
        return keys[0] < key[0] if descending else keys[0] > key[0]
    return or_(keys[0] > key[0], (keys[0] == key[0]) & (keys[1] > key[1]))


def every_learner(
    session: Session,
    teacher_id: int,
    filters: Filters,
    today: date,
    *,
    phone_hash: str | None = None,
    part: int,
) -> Iterator[list[int]]:
    """Yield the acts of the whole list in its order, so many at a time, without holding the list."""
    statement, _ = _ids(teacher_id, filters, today, phone_hash)
    result = session.execute(statement, execution_options={"yield_per": part})
    for rows in result.partitions():
        yield [row.act for row in rows]


def _ids(
    teacher_id: int, filters: Filters, today: date, phone_hash: str | None
) -> tuple[Select[Any], list[ColumnElement[Any]]]:
    """The (act, learner, key…) of the list in its order, and the columns of the key."""
    by_person = _of_the_person(filters, phone_hash)
    if filters.order == "newest" and filters.view in ("all", "confirmed") and not filters.narrowed:
        return _newest(teacher_id, STATES_OF[filters.view])
    pick = func.min(Teaching.id) if filters.order == "longest" else func.max(Teaching.id)
    acts = select(pick.label("act"), Teaching.learner_id.label("learner")).where(
        *_of_the_act(teacher_id, filters, today)
    )
    if by_person:
        acts = acts.join(Person, Person.id == Teaching.learner_id).where(*by_person)
    chosen = acts.group_by(Teaching.learner_id).subquery()
    if filters.order == "name":
        named = aliased(Person)
        statement = (
            select(chosen.c.act, chosen.c.learner, named.sort_key, named.id)
            .join(named, named.id == chosen.c.learner)
            .order_by(named.sort_key, named.id)
        )
        return statement, [named.sort_key, named.id]  # type: ignore[list-item]
    direction = chosen.c.act if filters.order == "longest" else chosen.c.act.desc()
    key = chosen.c.act.label("key")
    return select(chosen.c.act, chosen.c.learner, key).order_by(direction), [chosen.c.act]


def _newest(teacher_id: int, states: tuple[str, ...]) -> tuple[Select[Any], list[ColumnElement[Any]]]:
    """The commonest list walks the index from its end, and stops after a page."""
    later = aliased(Teaching)
    statement = (
        select(Teaching.id.label("act"), Teaching.learner_id.label("learner"), Teaching.id.label("key"))
        .where(
            Teaching.teacher_id == teacher_id,
            Teaching.state.in_(states),
            ~select(later.id)
            .where(
                later.teacher_id == Teaching.teacher_id,
                later.learner_id == Teaching.learner_id,
                later.state != State.VOIDED.value,
                later.state.in_(states),
                later.id > Teaching.id,
            )
            .correlate(Teaching)
            .exists(),
        )
        .order_by(Teaching.id.desc())
    )
    return statement, [Teaching.id]  # type: ignore[return-value,list-item]


def _of_the_act(teacher_id: int, filters: Filters, today: date) -> list[ColumnElement[bool]]:
    states = STATES_OF[filters.view]
    wanted: list[ColumnElement[bool]] = [Teaching.teacher_id == teacher_id]
    if set(states) <= set(OPEN):
        wanted.append(_IS_OPEN)
    if states == STATES_OF["all"]:
        wanted.append(Teaching.state != literal_column(f"'{State.VOIDED.value}'"))
    elif states != OPEN:
        wanted.append(Teaching.state.in_(states))
    if filters.skill_id is not None:
        taught = select(TeachingSkill.skill_id).where(
            TeachingSkill.teaching_id == Teaching.id, TeachingSkill.skill_id == filters.skill_id
        )
        wanted.append(taught.correlate(Teaching).exists())
    since = first_day(filters.period, today)
    if since is not None:
        # An unknown day is 9999-12-31.
        wanted += [Teaching.taught_on >= since, Teaching.taught_on <= today]
    return wanted


def _of_the_person(filters: Filters, phone_hash: str | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.ward_code:
        wanted.append(Person.ward_code == filters.ward_code)
    if filters.view == "teachers":
        taught = select(Credit.learner_id).where(Credit.teacher_id == Person.id)
        wanted.append(taught.correlate(Person).exists())
    if phone_hash is not None:
        wanted.append(Person.phone_hash == phone_hash)
        return wanted
    for word in fold(filters.search).replace("•", " ").split()[:SEARCH_WORDS]:
        named = Person.name_key.contains(word, autoescape=True)
        # "hoa 512": three digits are the end of a phone, or stand in an imported name.
        tail = word.isascii() and word.isdecimal() and len(word) == 3
        wanted.append(or_(named, Person.phone_tail == word) if tail else named)
    return wanted


def rows_of(session: Session, teacher_id: int, acts: Sequence[int]) -> list[LearnerRow]:
    """Return what the list shows of these acts of one teacher, in their order."""
    own_learners = (
        select(func.count()).where(Credit.teacher_id == Person.id).correlate(Person).scalar_subquery()
    )
    statement = (
        select(
            Person.id,
            Person.full_name,
            Ward.full_name,
            Ward.full_name_en,
            Person.phone_tail,
            Teaching.id,
            Teaching.taught_on,
            Teaching.state,
            Teaching.recorded_at,
            _counts(),
            own_learners,
        )
        .select_from(Teaching)
        .join(Person, Person.id == Teaching.learner_id)
        .outerjoin(Ward, Ward.code == Person.ward_code)
        .where(Teaching.id.in_(acts), Teaching.teacher_id == teacher_id)
    )
    skills, ends = skills_of(session, acts), _ends_of_codes(session, acts)
    found = {
        row[5]: LearnerRow(*row[:9], ends.get(row[5]), bool(row[9]), int(row[10]), skills.get(row[5], ()))
        for row in session.execute(statement)
    }
    return [found[act] for act in acts if act in found]


def _counts() -> ColumnElement[bool]:
    """Whether the learner of an act counts for its teacher."""
    return (
        select(Credit.teaching_id)
        .where(Credit.teacher_id == Teaching.teacher_id, Credit.learner_id == Teaching.learner_id)
        .correlate(Teaching)
        .exists()
    )


def _ends_of_codes(session: Session, acts: Sequence[int]) -> dict[int, datetime]:
    """When the present code of each act ends."""
    rows = session.execute(
        select(ConfirmationCode.teaching_id, ConfirmationCode.expires_at)
        .where(ConfirmationCode.teaching_id.in_(acts))
        .order_by(ConfirmationCode.teaching_id, ConfirmationCode.serial)
    )
    return {row[0]: row[1] for row in rows}


def learner_counts(session: Session, teacher_id: int) -> LearnerCounts:
    """Return how many different learners each view has, without a search; none is counted beyond a limit."""

    def count(view: View) -> int:
        filters, today = Filters(view), date.max
        acts = select(Teaching.learner_id).where(*_of_the_act(teacher_id, filters, today))
        if by_person := _of_the_person(filters, None):
            acts = acts.join(Person, Person.id == Teaching.learner_id).where(*by_person)
        limited = acts.distinct().limit(COUNTED_TO + 1).subquery()
        return session.scalar(select(func.count()).select_from(limited)) or 0

    everyone = count("all")
    # Of very many nobody counts those few who went on to teach: that would read all of them.
    teachers = count("teachers") if everyone <= COUNTED_TO else 0
    return LearnerCounts(everyone, count("waiting"), count("confirmed"), teachers)


def learner_of_mine(session: Session, teacher_id: int, learner_id: int) -> Learner:
    """Return a learner of this teacher with all their acts, those taken back too. Raises NotFound."""
    statement = (
        select(
            Teaching.id, Teaching.taught_on, Teaching.state, Teaching.place, Teaching.recorded_at, _counts()
        )
        .where(Teaching.teacher_id == teacher_id, Teaching.learner_id == learner_id)
        .order_by(Teaching.taught_on.desc(), Teaching.id.desc())
        .limit(ACTS_SHOWN)
    )
    rows = session.execute(statement).all()
    person = session.get(Person, learner_id)
    if person is None or all(row.state == State.VOIDED.value for row in rows):
        raise NotFound("not_found")
    ids = [row[0] for row in rows]
    skills, ends = skills_of(session, ids), _ends_of_codes(session, ids)
    taught = session.scalar(select(func.count()).where(Credit.teacher_id == learner_id)) or 0
    return Learner(
        person,
        [ActRow(*row[:5], ends.get(row[0]), bool(row[5]), skills.get(row[0], ())) for row in rows],
        taught,
    )
