"""Reads of honours: candidates with reasons, nominations, and what stands on the public wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, and_, cast, distinct, func, or_, select
from sqlalchemy.orm import Session

from core.paging import Page, decode_key, encode_key
from honors.criteria import BY_CODE, THE_FIVE, Reason, from_stored, reasons, weight
from honors.models import Nomination
from honors.stories import is_told
from people.age_bands import is_minor_band
from people.consents import HONOR_WALL
from people.models import Consent, Person, Unit, Ward
from people.names import name_key, public_name
from people.queries import newest_consent
from referrals.facts import PersonFacts
from referrals.models.acts import Teaching, TeachingSkill
from referrals.models.tree import Credit, Lineage, PersonFigures
from referrals.queries import facts as fact_queries

CONSIDERED = 400
"""At most so many of those with the most learners are weighed for one list."""
NOMINATIONS = 300
ON_ONE_WALL = 24


@dataclass(frozen=True)
class Located:
    """Somebody's unit and place, for one line below the name."""

    unit: str | None
    ward: str | None
    ward_en: str | None

    def where_in(self, language: str) -> str:
        """Return the line in a language.

        >>> home = Located("Chi đoàn Tổ 12", "Phường Hoà Cường", "Hoa Cuong Ward")
        >>> home.where_in("vi"), home.where_in("en"), Located(None, None, None).where_in("vi")
        ('Chi đoàn Tổ 12 · Phường Hoà Cường', 'Chi đoàn Tổ 12 · Hoa Cuong Ward', '')
        """
        ward = self.ward_en if language == "en" else self.ward
        return " · ".join(part for part in (self.unit, ward) if part)

    @property
    def where(self) -> str:
        """The line in Vietnamese."""
        return self.where_in("vi")


@dataclass(frozen=True)
class Candidate(Located):
    """Somebody worth honouring, with the reasons; `declined`: said no the last time somebody asked."""

    person_id: int
    full_name: str
    facts: PersonFacts
    reasons: list[Reason]
    declined: bool


@dataclass(frozen=True)
class NominationLine(Located):
    """A nomination in a list of the staff; `answer` is the person's word about the present words."""

    id: int
    person_id: int
    full_name: str
    state: str
    told: bool
    answer: bool | None
    reasons: list[Reason]
    nominated_at: datetime

    @property
    def shown(self) -> bool:
        """Whether the public sees it now."""
        return self.state == "published" and self.answer is True


@dataclass(frozen=True)
class Honoree(Located):
    """What the public sees of somebody who agreed to it."""

    person_id: int
    name: str
    story: str
    slug: str
    reasons: list[Reason]
    published_at: datetime


# ── candidates ──────────────────────────────────────────────────────────────────────────────────────────


def candidates(
    session: Session,
    *,
    ward_code: str | None = None,
    criterion: str | None = None,
    search: str = "",
    without: int | None = None,
    limit: int = 30,
) -> list[Candidate]:
    """Return people with five or more credited learners who are not nominated yet, weightiest first.

    Of those who fit the filters, the `CONSIDERED` with the most learners are weighed. `criterion` is a code
    of honors.criteria; `without` leaves out one person, the one who looks.
    """
    counted = (
        select(Credit.teacher_id, func.count().label("taught"))
        .group_by(Credit.teacher_id)
        .having(func.count() >= THE_FIVE)
        .subquery()
    )
    place = func.coalesce(Person.ward_code, Unit.ward_code)
    statement = (
        select(Person.id, Person.full_name, Unit.name, Ward.full_name, Ward.full_name_en)
        .join(counted, counted.c.teacher_id == Person.id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(Ward, Ward.code == place)
        .where(Person.anonymised_at.is_(None), Person.id.not_in(_nominated()))
        .order_by(counted.c.taught.desc(), Person.id)
        .limit(CONSIDERED)
    )
    if ward_code:
        statement = statement.where(place == ward_code)
    if search.strip():
        statement = statement.where(Person.name_key.contains(name_key(search), autoescape=True))
    if criterion:
        statement = statement.where(Person.id.in_(_meeting(criterion)))
    if without is not None:
        statement = statement.where(Person.id != without)
    rows = session.execute(statement).all()
    known = fact_queries.facts_of(session, [row[0] for row in rows])
    ranked = sorted(rows, key=lambda row: (weight(known[row[0]]), -row[0]), reverse=True)[:limit]
    declined = _declined(session, [row[0] for row in ranked])
    return [
        Candidate(
            unit=unit,
            ward=ward,
            ward_en=ward_en,
            person_id=person_id,
            full_name=full_name,
            facts=known[person_id],
            reasons=reasons(known[person_id]),
            declined=person_id in declined,
        )
        for person_id, full_name, unit, ward, ward_en in ranked
    ]


def _meeting(code: str) -> Select[Any]:
    """Select the ids of those who meet a criterion, over the whole network, the way its fact is counted.

    Raises KeyError for a criterion without a way to count it; a test asks for each.
    """
    learners = select(Credit.teacher_id).group_by(Credit.teacher_id)
    with_learners = learners.join(Person, Person.id == Credit.learner_id)
    with_skills = (
        select(Teaching.teacher_id)
        .join(TeachingSkill, TeachingSkill.teaching_id == Teaching.id)
        .where(Teaching.state == "confirmed")
        .group_by(Teaching.teacher_id)
    )
    of_five = learners.having(func.count() >= THE_FIVE)
    least = BY_CODE[code].threshold
    return {
        "taught": learners.having(func.count() >= least),
        "elders": with_learners.where(Person.age_band.in_(fact_queries.ELDERS)).having(func.count() >= least),
        "wards": with_learners.having(func.count(distinct(Person.ward_code)) >= least),
        "skills": with_skills.having(func.count(distinct(TeachingSkill.skill_id)) >= least),
        "reach": select(PersonFigures.person_id).where(PersonFigures.reach >= least),
        "depth": select(PersonFigures.person_id).where(PersonFigures.depth >= least),
        "raised": select(Lineage.teacher_id)
        .where(Lineage.learner_id.in_(of_five))
        .group_by(Lineage.teacher_id)
        .having(func.count() >= least),
    }[BY_CODE[code].fact]


def _nominated() -> Select[Any]:
    return select(Nomination.person_id).where(Nomination.state != "withdrawn")


def _declined(session: Session, person_ids: list[int]) -> set[int]:
    """Return those whose last word about the wall was a no."""
    last = (
        select(func.max(Consent.id))
        .where(Consent.purpose == HONOR_WALL, Consent.person_id.in_(person_ids))
        .group_by(Consent.person_id)
    )
    return set(
        session.scalars(select(Consent.person_id).where(Consent.id.in_(last), Consent.given.is_(False)))
    )


# ── nominations ─────────────────────────────────────────────────────────────────────────────────────────


def item_of(nomination: Nomination) -> str:
    """Return what a consent to publish is about: this nomination, in this edition of its words."""
    return f"{nomination.id}.{nomination.edition}"


def answer_to(session: Session, nomination: Nomination) -> Consent | None:
    """Return the person's newest word about the present words of a nomination, or None."""
    return newest_consent(session, nomination.person_id, HONOR_WALL, item_of(nomination))


def _standing() -> ScalarSelect[Any]:
    """Select the id of the newest consent about the present words of a nomination."""
    item: ColumnElement[str] = cast(Nomination.id, String) + "." + cast(Nomination.edition, String)
    return (
        select(func.max(Consent.id))
        .where(Consent.person_id == Nomination.person_id, Consent.purpose == HONOR_WALL, Consent.item == item)
        .correlate(Nomination)
        .scalar_subquery()
    )


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(Nomination, Person, Unit.name, Ward.full_name, Ward.full_name_en, Consent)
        .join(Person, Person.id == Nomination.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(Ward, Ward.code == func.coalesce(Person.ward_code, Unit.ward_code))
        .outerjoin(Consent, Consent.id == _standing())
    )


def nominations(
    session: Session, states: tuple[str, ...] = ("shortlisted", "published"), limit: int = NOMINATIONS
) -> list[NominationLine]:
    """Return nominations in these states, newest first, with the answer of the person."""
    rows = session.execute(
        _lines().where(Nomination.state.in_(states)).order_by(Nomination.id.desc()).limit(limit)
    ).all()
    return [
        NominationLine(
            unit=unit,
            ward=ward,
            ward_en=ward_en,
            id=one.id,
            person_id=person.id,
            full_name=person.full_name,
            state=one.state,
            told=is_told(one.story),
            answer=consent.given if consent else None,
            reasons=from_stored(one.reasons),
            nominated_at=one.nominated_at,
        )
        for one, person, unit, ward, ward_en, consent in rows
    ]


def nomination_by_id(session: Session, nomination_id: int) -> Nomination | None:
    """Return a nomination, or None."""
    return session.get(Nomination, nomination_id)


def open_nomination(session: Session, person_id: int) -> Nomination | None:
    """Return the nomination of a person that is not withdrawn, or None; there is at most one."""
    return session.scalar(
        select(Nomination).where(Nomination.person_id == person_id, Nomination.state != "withdrawn")
    )


def asks_of(session: Session, person_id: int) -> list[Nomination]:
    """Return nominations of this person that can be answered: there are words to say yes or no to."""
    one = open_nomination(session, person_id)
    return [one] if one is not None and is_told(one.story) else []


def answers_of(session: Session, person_id: int) -> list[bool]:
    """Tell for each nomination that can be answered whether it has an answer, yes or no."""
    return [answer_to(session, each) is not None for each in asks_of(session, person_id)]


# ── the wall ────────────────────────────────────────────────────────────────────────────────────────────


def wall(
    session: Session, *, ward_code: str | None = None, criterion: str | None = None, after: str | None = None
) -> Page[Honoree]:
    """Return a page of the honor wall, newest first: published, and the consent to these words holds now."""
    statement = _wall()
    if ward_code:
        statement = statement.where(func.coalesce(Person.ward_code, Unit.ward_code) == ward_code)
    if criterion:
        # The stored reasons are text on both databases; a code stands there between its quotes.
        mark = f'"code": "{criterion}"'
        statement = statement.where(cast(Nomination.reasons, String).contains(mark, autoescape=True))
    key = _moment_key(after)
    if key is not None:
        moment, last_id = key
        statement = statement.where(
            or_(
                Nomination.published_at < moment,
                and_(Nomination.published_at == moment, Nomination.id < last_id),
            )
        )
    rows = session.execute(statement.limit(ON_ONE_WALL + 1)).all()
    following = None
    if len(rows) > ON_ONE_WALL:
        last: Nomination = rows[ON_ONE_WALL - 1][0]
        assert last.published_at is not None, "what is published has its moment"
        following = encode_key((last.published_at.isoformat(), last.id))
    return Page([_honoree(*row) for row in rows[:ON_ONE_WALL]], following, first=key is None)


def published(session: Session, *, limit: int) -> list[Honoree]:
    """Return the newest honorees of the wall, for a preview."""
    return [_honoree(*row) for row in session.execute(_wall().limit(limit)).all()]


def honoree(session: Session, slug: str) -> Honoree | None:
    """Return one honoree of the wall, or None where there is none or the consent is gone."""
    row = session.execute(_wall().where(Nomination.slug == slug)).first()
    return _honoree(*row) if row else None


def wards_of_the_wall(session: Session) -> list[Ward]:
    """Return the wards and communes that have somebody on the wall, in Vietnamese order."""
    codes = _wall().with_only_columns(func.coalesce(Person.ward_code, Unit.ward_code)).order_by(None)
    return list(session.scalars(select(Ward).where(Ward.code.in_(codes)).order_by(Ward.sort_key)))


def is_child(person: Person, consent: Consent | None) -> bool:
    """Tell whether strangers may read the given name alone: a child by age band, or by a guardian's word."""
    return is_minor_band(person.age_band) or (consent is not None and consent.guardian_name is not None)


def shown_name(person: Person, consent: Consent | None) -> str:
    """Return the name that the public sees."""
    return public_name(person.full_name, minor=is_child(person, consent))


def _wall() -> Select[*tuple[Any, ...]]:
    return (
        _lines()
        .where(Nomination.state == "published", Person.anonymised_at.is_(None), Consent.given.is_(True))
        .order_by(Nomination.published_at.desc(), Nomination.id.desc())
    )


def _honoree(
    nomination: Nomination,
    person: Person,
    unit: str | None,
    ward: str | None,
    ward_en: str | None,
    consent: Consent,
) -> Honoree:
    assert nomination.slug is not None, "what is published has an address"
    assert nomination.published_at is not None, "what is published has its moment"
    return Honoree(
        unit=unit,
        ward=ward,
        ward_en=ward_en,
        person_id=person.id,
        name=shown_name(person, consent),
        story=nomination.story,
        slug=nomination.slug,
        reasons=from_stored(nomination.reasons),
        published_at=nomination.published_at,
    )


def _moment_key(token: str | None) -> tuple[datetime, int] | None:
    """Return the key of a token; whatever no page of ours gave out is no key."""
    match decode_key(token):
        case (str(moment), int(last_id)) if abs(last_id) < 2**63:
            try:
                return datetime.fromisoformat(moment).astimezone(UTC), last_id
            except (ValueError, OverflowError):
                return None
        case _:
            return None
