"""Writes of honours: nominate, tell the story, note consent, publish, withdraw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.vietnamese import clean_text
from honors.criteria import as_stored, is_candidate, reasons
from honors.models import Nomination
from honors.queries import answer_to, is_child, item_of, open_nomination, shown_name
from honors.slugs import slug_of
from honors.stories import clean_story, is_told, names_whole, problem_of
from people.age_bands import is_minor_band
from people.consents import HONOR_WALL
from people.permissions import HOUSE, Actor, Permission, ensure, ensure_seen
from people.queries import person_by_id
from people.services.audit import write_audit
from people.services.consents import ConsentWish, record_consent, withdraw_consent
from referrals.events import TeachingVoided
from referrals.queries.facts import fresh_facts


@dataclass(frozen=True)
class ConsentAnswer:
    """What somebody answered to the question whether the wall may show them.

    `edition` is that of the words they were shown, `text_shown` the question itself; `how` is one of the ways
    of people.consents. A guardian's name says that the person is a child, whatever their age band.
    """

    given: bool
    text_shown: str
    language: str
    how: str
    edition: int
    guardian_name: str = ""


def nominate(session: Session, actor: Actor, person_id: int, now: datetime) -> Nomination:
    """Put a candidate forward, with the reasons as they stand now; a second tap finds the first one's.

    Raises NotFound for nobody, Conflict("not_a_candidate") below five learners, Conflict("own_honor") for
    oneself; the database refuses a second open nomination where two staff come at once.
    """
    ensure(actor, Permission.HONOR_DISCOVER)
    person = person_by_id(session, person_id)
    if person is None or person.anonymised_at is not None:
        raise NotFound("not_found")
    if person.id == actor.person_id:
        raise Conflict("own_honor")
    standing = open_nomination(session, person_id)
    if standing is not None:
        return standing
    facts = fresh_facts(session, person_id)
    if not is_candidate(facts):
        raise Conflict("not_a_candidate")
    nomination = Nomination(
        person_id=person_id,
        state="shortlisted",
        reasons=as_stored(reasons(facts)),
        story="",
        edition=0,
        nominated_by=actor.account_id,
        nominated_at=now,
    )
    session.add(nomination)
    session.flush()
    _note(session, actor, "honor.nominated", nomination, now)
    return nomination


def tell_story(session: Session, actor: Actor, nomination_id: int, story: str, now: datetime) -> Nomination:
    """Keep the text for the wall. New words need a new consent: what stood there with the old ones leaves.

    Raises Invalid with the field `story` (honors.stories.problem_of), Conflict("own_honor") for oneself.
    """
    ensure(actor, Permission.HONOR_DISCOVER)
    nomination = _open(session, nomination_id)
    if nomination.person_id == actor.person_id:
        raise Conflict("own_honor")
    cleaned = clean_story(story)
    problem = problem_of(cleaned)
    if problem is not None:
        raise Invalid("story_invalid", {"story": problem})
    if cleaned == nomination.story:
        return nomination
    nomination.story = cleaned
    nomination.edition += 1
    _take_down(nomination)
    _note(session, actor, "honor.told", nomination, now)
    return nomination


def answer_consent(
    session: Session, actor: Actor, nomination_id: int, answer: ConsentAnswer, now: datetime
) -> Nomination:
    """Note the person's own answer, or one that the staff heard; a no takes the person off the wall at once.

    Communication staff write down what they heard; the person answers alone, except that a child's yes is
    taken by the staff, from the child and the guardian. What is stored is the question and the words.

    Raises NotFound for a stranger. For a yes: Conflict("no_story") without words, Conflict("words_changed")
    where these are no longer the words that were shown, Conflict("guardian_speaks") for a child alone,
    Invalid with the field `guardian_name` without a guardian.
    """
    nomination = _open(session, nomination_id)
    ensure_seen(actor, Permission.CONSENT_RECORD, owner_id=nomination.person_id)
    guardian = clean_text(answer.guardian_name)
    if answer.given:
        _may_say_yes(nomination, actor, answer, guardian)
    wish = ConsentWish(
        person_id=nomination.person_id,
        purpose=HONOR_WALL,
        text=f"{answer.text_shown}\n\n{nomination.story}".strip(),
        language=answer.language,
        how=answer.how,
        item=item_of(nomination),
        guardian_name=guardian or None,
    )
    if answer.given:
        record_consent(session, actor, wish, now)
    else:
        withdraw_consent(session, actor, wish, now)
        _take_down(nomination)
    return nomination


def _may_say_yes(nomination: Nomination, actor: Actor, answer: ConsentAnswer, guardian: str) -> None:
    if not is_told(nomination.story):
        raise Conflict("no_story")
    if answer.edition != nomination.edition:
        raise Conflict("words_changed")
    if is_minor_band(nomination.person.age_band):
        if actor.person_id == nomination.person_id:
            raise Conflict("guardian_speaks")
        if not guardian:
            raise Invalid("consent_invalid", {"guardian_name": "guardian_needed"})


def publish(session: Session, actor: Actor, nomination_id: int, now: datetime) -> Nomination:
    """Put a nomination on the public wall; a second tap changes nothing.

    Raises Conflict: "own_honor" for oneself (others decide), "no_story" without words, "no_consent" without a
    yes to these very words, "names_the_child" where they hold a child's whole name, "not_a_candidate" where
    confirmations were taken back since.
    """
    ensure(actor, Permission.HONOR_PUBLISH)
    nomination = _open(session, nomination_id)
    person = nomination.person
    if person.id == actor.person_id:
        raise Conflict("own_honor")
    if not is_told(nomination.story):
        raise Conflict("no_story")
    consent = answer_to(session, nomination)
    if consent is None or not consent.given:
        raise Conflict("no_consent")
    if is_child(person, consent) and names_whole(nomination.story, person.full_name):
        raise Conflict("names_the_child")
    if nomination.state == "published":
        return nomination
    if not is_candidate(fresh_facts(session, person.id)):
        raise Conflict("not_a_candidate")
    nomination.state = "published"
    nomination.slug = slug_of(shown_name(person, consent), nomination.id)
    nomination.published_at = now
    nomination.published_by = actor.account_id
    _note(session, actor, "honor.published", nomination, now)
    return nomination


def withdraw(session: Session, actor: Actor, nomination_id: int, now: datetime) -> Nomination:
    """Take a nomination back; what was published leaves the wall at once. A second tap changes nothing."""
    ensure(actor, Permission.HONOR_PUBLISH)
    nomination = session.get(Nomination, nomination_id, with_for_update=True)
    if nomination is None:
        raise NotFound("not_found")
    if nomination.state == "withdrawn":
        return nomination
    nomination.state = "withdrawn"
    nomination.withdrawn_at = now
    _note(session, actor, "honor.withdrawn", nomination, now)
    return nomination


def on_teaching_voided(session: Session, event: TeachingVoided, now: datetime) -> None:
    """Take somebody off the wall whose confirmed learners are fewer than five now; staff look again."""
    published = session.scalars(
        select(Nomination)
        .where(Nomination.person_id == event.teacher_id, Nomination.state == "published")
        .with_for_update()
    )
    for nomination in published:
        if not is_candidate(fresh_facts(session, event.teacher_id)):
            _take_down(nomination)
            _note(session, HOUSE, "honor.evidence_gone", nomination, now)


def _take_down(nomination: Nomination) -> None:
    if nomination.state == "published":
        nomination.state = "shortlisted"
        nomination.published_at = None
        nomination.published_by = None


def _open(session: Session, nomination_id: int) -> Nomination:
    # Locked: words may not change between a yes to them and its being written down.
    nomination = session.get(Nomination, nomination_id, with_for_update=True)
    if nomination is None or nomination.state == "withdrawn" or nomination.person.anonymised_at is not None:
        raise NotFound("not_found")
    return nomination


def _note(session: Session, actor: Actor, action: str, nomination: Nomination, now: datetime) -> None:
    details = {"person": nomination.person_id, "edition": nomination.edition}
    write_audit(session, actor, action, "nomination", nomination.id, details, now)
