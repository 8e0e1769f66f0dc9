from __future__ import annotations

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from core.errors import AppError, Invalid, NotAllowed, NotFound
from core.events import deliver
from core.unit_of_work import conflict_of
from honors import queries, services
from honors.models import Nomination
from honors.stories import LONGEST
from people.models import AuditEntry, Consent
from people.permissions import HOUSE, Actor
from referrals.events import TeachingVoided
from referrals.models.acts import Teaching
from referrals.services import voiding
from tests.honors.conftest import WORDS, Scene
from tests.support.cast import Cast


def on_the_wall(scene: Scene) -> list[str]:
    return [one.name for one in queries.wall(scene.session).rows]


def refusal(code: str) -> pytest.RaisesExc[AppError]:
    return pytest.raises(AppError, match=f"^{code}$")


# ── nominating ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_nomination_keeps_the_reasons_of_its_day(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = services.nominate(scene.session, cast.frank.actor, cast.alice.person_id, scene.now)
    assert nomination.reasons == [{"code": "taught_five", "value": 5}]
    scene.learners(cast.alice, 2)
    scene.session.refresh(nomination)
    assert nomination.reasons == [{"code": "taught_five", "value": 5}]
    assert nomination.state == "shortlisted"
    assert nomination.slug is None


def test_a_second_tap_finds_the_first_nomination(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    first = services.nominate(scene.session, cast.frank.actor, cast.alice.person_id, scene.now)
    assert services.nominate(scene.session, cast.frank.actor, cast.alice.person_id, scene.now) is first
    assert scene.session.scalar(select(func.count()).select_from(Nomination)) == 1


def test_of_two_staff_at_once_the_database_takes_one(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    services.nominate(scene.session, cast.frank.actor, cast.alice.person_id, scene.now)
    twin = Nomination(person_id=cast.alice.person_id, reasons=[], story="", nominated_at=scene.now)
    scene.session.add(twin)
    with pytest.raises(IntegrityError) as caught, scene.session.begin_nested():
        scene.session.flush()
    assert conflict_of(caught.value).code == "already_nominated"


def test_who_was_withdrawn_may_be_nominated_anew(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    first = services.nominate(scene.session, cast.frank.actor, cast.alice.person_id, scene.now)
    services.withdraw(scene.session, cast.frank.actor, first.id, scene.now)
    second = services.nominate(scene.session, cast.frank.actor, cast.alice.person_id, scene.now)
    assert second.id != first.id


def test_four_learners_are_not_enough(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 4)
    with refusal("not_a_candidate"):
        services.nominate(scene.session, cast.frank.actor, cast.alice.person_id, scene.now)


def test_nobody_nominates_tells_or_publishes_themself(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.frank, 5)
    frank = cast.frank.actor
    with refusal("own_honor"):
        services.nominate(scene.session, frank, cast.frank.person_id, scene.now)
    nomination = services.nominate(scene.session, HOUSE, cast.frank.person_id, scene.now)
    with refusal("own_honor"):
        services.tell_story(scene.session, frank, nomination.id, WORDS, scene.now)
    services.tell_story(scene.session, HOUSE, nomination.id, WORDS, scene.now)
    scene.agrees(nomination, how="form")
    with refusal("own_honor"):
        services.publish(scene.session, frank, nomination.id, scene.now)
    assert on_the_wall(scene) == []


def test_an_unknown_person_and_an_anonymous_one_are_not_there(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    scene.person(cast.alice).anonymised_at = scene.now
    for person_id in (cast.alice.person_id, 999_999):
        with pytest.raises(NotFound):
            services.nominate(scene.session, cast.frank.actor, person_id, scene.now)


@pytest.mark.parametrize("who", ["alice", "carol", "olga"])
def test_only_the_communication_staff_nominate_and_publish(scene: Scene, cast: Cast, who: str) -> None:
    scene.learners(cast.bob, 5)
    nomination = scene.nominated(cast.bob)
    actor = cast[who].actor
    with pytest.raises(NotAllowed):
        services.nominate(scene.session, actor, cast.bob.person_id, scene.now)
    with pytest.raises(NotAllowed):
        services.tell_story(scene.session, actor, nomination.id, WORDS, scene.now)
    with pytest.raises(NotAllowed):
        services.publish(scene.session, actor, nomination.id, scene.now)
    with pytest.raises(NotAllowed):
        services.withdraw(scene.session, actor, nomination.id, scene.now)


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────


def test_words_are_cleaned_and_counted(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.nominated(cast.alice, "  Chỉ cho\u200b cô bác.\r\n\r\n\r\n\r\nAi cũng nhớ. ")
    assert nomination.story == "Chỉ cho cô bác.\n\nAi cũng nhớ."
    assert nomination.edition == 1
    services.tell_story(scene.session, cast.frank.actor, nomination.id, nomination.story, scene.now)
    assert nomination.edition == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [("a" * (LONGEST + 1), "too_long"), ("Gọi 0905 123 456", "has_phone"), ("www.example.org", "has_link")],
)
def test_words_that_may_not_stand_are_refused(scene: Scene, cast: Cast, words: str, code: str) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.nominated(cast.alice)
    with pytest.raises(Invalid) as caught:
        services.tell_story(scene.session, cast.frank.actor, nomination.id, words, scene.now)
    assert caught.value.fields == {"story": code}
    assert nomination.story == WORDS


def test_new_words_need_a_new_yes(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.published(cast.alice)
    assert on_the_wall(scene) == ["Nguyễn Thị An"]
    services.tell_story(scene.session, cast.frank.actor, nomination.id, WORDS + " Thật đấy.", scene.now)
    assert (nomination.state, on_the_wall(scene)) == ("shortlisted", [])
    with refusal("no_consent"):
        services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)
    services.tell_story(scene.session, cast.frank.actor, nomination.id, WORDS, scene.now)
    with refusal("no_consent"):
        services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)
    scene.agrees(nomination)
    services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)
    assert on_the_wall(scene) == ["Nguyễn Thị An"]


# ── consent ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_consent_holds_the_question_and_the_words(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.nominated(cast.alice)
    scene.agrees(nomination, how="paper")
    consent = scene.session.scalars(select(Consent)).one()
    assert (consent.purpose, consent.item) == ("honor_wall", f"{nomination.id}.1")
    assert consent.text_shown == f"Tôi đồng ý để bài này được đăng.\n\n{WORDS}"
    assert (consent.how, consent.given, consent.recorded_by) == ("paper", True, cast.frank.account_id)


def test_the_person_answers_without_any_role(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.nominated(cast.alice)
    answer = scene.answer(nomination, how="form")
    services.answer_consent(scene.session, cast.alice.actor, nomination.id, answer, scene.now)
    services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)
    assert on_the_wall(scene) == ["Nguyễn Thị An"]


@pytest.mark.parametrize("who", ["bob", "carol", "olga"])
def test_to_a_stranger_there_is_no_such_nomination(scene: Scene, cast: Cast, who: str) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.published(cast.alice)
    for given in (True, False):
        answer = scene.answer(nomination, given=given)
        with pytest.raises(NotFound):
            services.answer_consent(scene.session, cast[who].actor, nomination.id, answer, scene.now)
    assert on_the_wall(scene) == ["Nguyễn Thị An"]


def test_there_is_nothing_to_agree_to_before_there_are_words(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = services.nominate(scene.session, cast.frank.actor, cast.alice.person_id, scene.now)
    with refusal("no_story"):
        scene.agrees(nomination)


def test_a_yes_to_words_that_changed_meanwhile_is_no_yes(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.nominated(cast.alice)
    seen = scene.answer(nomination)
    services.tell_story(scene.session, cast.frank.actor, nomination.id, WORDS + " Và nữa.", scene.now)
    with refusal("words_changed"):
        services.answer_consent(scene.session, cast.alice.actor, nomination.id, seen, scene.now)


def test_a_no_is_taken_whatever_was_shown_and_at_once(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.published(cast.alice)
    no = scene.answer(nomination, given=False, edition=0, how="form")
    services.answer_consent(scene.session, cast.alice.actor, nomination.id, no, scene.now)
    assert (nomination.state, nomination.published_at) == ("shortlisted", None)
    assert on_the_wall(scene) == []
    assert queries.published(scene.session, limit=3) == []
    assert queries.honoree(scene.session, nomination.slug or "") is None
    with refusal("no_consent"):
        services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)


def test_a_change_of_mind_back_and_forth_is_kept_whole(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.published(cast.alice)
    for given in (False, True, False, True):
        answer = scene.answer(nomination, given=given, how="form")
        services.answer_consent(scene.session, cast.alice.actor, nomination.id, answer, scene.now)
    kept = scene.session.scalars(select(Consent.given).order_by(Consent.id)).all()
    assert kept == [True, False, True, False, True]
    services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)
    assert on_the_wall(scene) == ["Nguyễn Thị An"]


# ── children ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_child_needs_a_guardian_and_shows_a_given_name(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    scene.person(cast.alice).age_band = "under_16"
    nomination = scene.nominated(cast.alice)
    with pytest.raises(Invalid) as caught:
        scene.agrees(nomination, guardian_name=" \u200b ")
    assert caught.value.fields == {"guardian_name": "guardian_needed"}
    own = scene.answer(nomination, guardian_name="Mẹ")
    with refusal("guardian_speaks"):
        services.answer_consent(scene.session, cast.alice.actor, nomination.id, own, scene.now)
    scene.agrees(nomination, guardian_name="Nguyễn Thị Mẹ")
    services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)
    assert on_the_wall(scene) == ["An"]
    assert nomination.slug == f"an-{nomination.id}"


def test_a_child_takes_the_yes_back_alone(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    scene.person(cast.alice).age_band = "under_16"
    nomination = scene.published(cast.alice, guardian_name="Nguyễn Thị Mẹ")
    no = scene.answer(nomination, given=False, how="form")
    services.answer_consent(scene.session, cast.alice.actor, nomination.id, no, scene.now)
    assert on_the_wall(scene) == []


def test_a_guardians_word_makes_a_child_of_somebody_of_unknown_age(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    scene.published(cast.alice, guardian_name="Nguyễn Thị Mẹ")
    assert on_the_wall(scene) == ["An"]


def test_the_words_do_not_name_a_child_whole(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    scene.person(cast.alice).age_band = "under_16"
    nomination = scene.nominated(cast.alice, "Em NGUYEN THI AN, lớp 9, dạy cả bà nội lẫn bà ngoại.")
    scene.agrees(nomination, guardian_name="Nguyễn Thị Mẹ")
    with refusal("names_the_child"):
        services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)


# ── publishing and withdrawing ──────────────────────────────────────────────────────────────────────────


def test_publishing_twice_is_publishing_once(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.published(cast.alice)
    first = nomination.published_at
    scene.clock.advance(days=1)
    services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)
    assert nomination.published_at == first
    actions = scene.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["honor.nominated", "honor.told", "consent.given", "honor.published"]


def test_without_words_or_consent_nothing_is_published(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = services.nominate(scene.session, cast.frank.actor, cast.alice.person_id, scene.now)
    with refusal("no_story"):
        services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)
    services.tell_story(scene.session, cast.frank.actor, nomination.id, WORDS, scene.now)
    with refusal("no_consent"):
        services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)


def test_whose_learners_took_their_word_back_is_not_published(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.nominated(cast.alice)
    scene.agrees(nomination)
    act = scene.session.scalars(select(Teaching).limit(1)).one()
    voiding.void(scene.session, HOUSE, act.id, "Ghi nhầm người.", scene.now)
    with refusal("not_a_candidate"):
        services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)


@pytest.mark.parametrize(("learners", "left"), [(5, []), (6, ["Nguyễn Thị An"])])
def test_whoever_falls_below_five_leaves_the_wall(
    scene: Scene, cast: Cast, learners: int, left: list[str]
) -> None:
    scene.learners(cast.alice, learners)
    scene.published(cast.alice)
    act = scene.session.scalars(select(Teaching).order_by(Teaching.id).limit(1)).one()
    voiding.void(scene.session, HOUSE, act.id, "Ghi nhầm người.", scene.now)
    deliver(scene.session, {TeachingVoided: (services.on_teaching_voided,)}, scene.now)
    scene.session.flush()
    assert on_the_wall(scene) == left
    told = scene.session.scalars(select(AuditEntry.action)).all()
    assert ("honor.evidence_gone" in told) is (left == [])


def test_withdrawing_takes_off_the_wall_and_a_second_tap_changes_nothing(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.published(cast.alice)
    services.withdraw(scene.session, cast.frank.actor, nomination.id, scene.now)
    first = nomination.withdrawn_at
    assert on_the_wall(scene) == []
    scene.clock.advance(hours=1)
    services.withdraw(scene.session, cast.frank.actor, nomination.id, scene.now)
    assert nomination.withdrawn_at == first
    with pytest.raises(NotFound):
        services.publish(scene.session, cast.frank.actor, nomination.id, scene.now)
    with pytest.raises(NotFound):
        scene.agrees(nomination)


def test_foreign_ids_are_not_there(scene: Scene, cast: Cast) -> None:
    frank = cast.frank.actor
    for act in (services.publish, services.withdraw):
        with pytest.raises(NotFound):
            act(scene.session, frank, 999_999, scene.now)
    with pytest.raises(NotFound):
        services.tell_story(scene.session, frank, 999_999, WORDS, scene.now)


def test_the_database_refuses_a_publication_without_its_moment(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.nominated(cast.alice)
    with pytest.raises(IntegrityError), scene.session.begin_nested():
        scene.session.execute(
            update(Nomination).where(Nomination.id == nomination.id).values(state="published")
        )


def test_the_audit_log_holds_no_words(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    scene.published(cast.alice)
    stored = " ".join(str(row) for row in scene.session.execute(text("SELECT details FROM audit_entry")))
    assert "ghế" not in stored
    assert "Nguyễn" not in stored


def test_a_guest_may_do_nothing(scene: Scene, cast: Cast) -> None:
    scene.learners(cast.alice, 5)
    nomination = scene.published(cast.alice)
    guest = Actor()
    with pytest.raises(NotAllowed):
        services.withdraw(scene.session, guest, nomination.id, scene.now)
    with pytest.raises(NotFound):
        services.answer_consent(
            scene.session, guest, nomination.id, scene.answer(nomination, given=False), scene.now
        )
