"""The main job from end to end, page by page and without scripts, on both databases, forgery check on."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from badges.models import Award
from core.database import Database
from leaderboards.models import LedgerEntry
from people.models import Consent
from tests.journeys.story import LEARNERS, TALE, Act, csrf, digits_of, leaves, link_of, ring, say
from tests.journeys.walker import Page, Walker
from tests.support.cast import Cast


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_whole_thread(act: Act, cast: Cast, database: Database, language: str) -> None:
    alice = act.signed_in(cast.alice, language)
    today = alice.open("/hom-nay")
    assert ring(today) == "0"
    assert say(language, "Cây của bạn bắt đầu từ một người") in today.words
    assert (
        say(language, "Chưa có đơn vị nào trên bảng này")
        in act.somebody(language).open("/bang-xep-hang").words
    )

    for number, name in enumerate(LEARNERS, start=1):
        given = name.split()[-1]
        page = act.record(alice, name)
        assert page.title == name
        assert "<svg" in page.source
        assert len(digits_of(page)) == 6
        assert name in alice.open("/hom-nay").words
        link = link_of(page)

        learner = act.somebody(language)
        question = learner.open(link)
        assert question.title == say(language, "Chào %(name)s. Có đúng như thế này không?", name=given)
        assert "Nguyễn Thị An" in question.words
        assert learner.client.head(link).status_code == 200
        assert ring(alice.open("/hom-nay")) == str(number - 1), "looking confirms nothing"

        thanks = learner.send(question, "/x/")
        assert thanks.title == say(language, "Cảm ơn %(name)s!", name=given)
        today = alice.open("/hom-nay")
        assert ring(today) == str(number)
        assert leaves(today) == set(LEARNERS[:number])
        assert leaves(alice.open("/cay")) == set(LEARNERS[:number])

    assert say(language, "Bạn đã là Đại sứ số trọn vẹn") in today.words
    celebrate(act, alice, today, database, cast, language)
    on_the_boards(act, database, cast, language)
    on_the_wall(act, alice, database, cast, language)


def celebrate(act: Act, alice: Walker, today: Page, database: Database, cast: Cast, language: str) -> None:
    badge = say(language, "Người gieo hạt")
    assert say(language, "Huy hiệu mới: %(name)s", name=badge) in today.words
    party = alice.open(today.link("/chuc-mung/"))
    assert party.title == badge
    assert "data-celebrate" in party.source
    first = alice.send(party, "/chuc-mung/")
    assert first.title == say(language, "Người khơi mạch")
    shelf = alice.send(first, "/chuc-mung/")
    assert shelf.url.endswith("/huy-hieu")
    assert not any("/chuc-mung/" in link for link in alice.open("/hom-nay").links)
    with database.session(write=False) as session:
        held = session.execute(select(Award.badge_code).filter_by(person_id=cast.alice.person_id)).scalars()
        assert set(held) == {"first_learner", "five_learners"}


def on_the_boards(act: Act, database: Database, cast: Cast, language: str) -> None:
    board = act.somebody(language).open("/bang-xep-hang")
    assert "Chi đoàn Một" in board.words
    assert not any(name in board.words for name in LEARNERS), "boards rank units, never persons"
    assert "Chi đoàn Một" in act.somebody(language).open(board.link(r"/bang-xep-hang/\d+")).words
    with database.session(write=False) as session:
        sums = session.execute(
            select(LedgerEntry.unit_id, LedgerEntry.kind, func.sum(LedgerEntry.amount)).group_by(
                LedgerEntry.unit_id, LedgerEntry.kind
            )
        )
        one = cast.units["one"]
        assert {tuple(row) for row in sums} == {(one, "contact", 5), (one, "learner", 5)}
    home = act.somebody(language).open("/")
    assert "Chi đoàn Một" in home.words


def on_the_wall(act: Act, alice: Walker, database: Database, cast: Cast, language: str) -> None:
    frank = act.signed_in(cast.frank, language)
    candidates = frank.open("/guong-sang")
    reason = say(language, "%(n)s người học tự xác nhận đã học được", n="5")
    assert reason in candidates.words
    nomination = frank.send(candidates, rf"/guong-sang/{cast.alice.person_id}/de-cu")
    assert nomination.title == "Nguyễn Thị An"
    assert reason in nomination.words
    assert not nomination.has_sheet("/dang$"), "nothing is published without a story and a consent"

    nomination = frank.send(nomination, "/cau-chuyen$", {"story": TALE})
    assert "cười cả buổi" in nomination.words
    assert not nomination.has_sheet("/dang$")
    assert frank.post(f"{nomination.url}/dang", csrf(nomination)).status == 409

    asked = alice.open("/hom-nay")
    answer = alice.open(asked.link("/vinh-danh/cua-toi$"))
    assert "cười cả buổi" in answer.words
    assert alice.send(answer, "/vinh-danh/cua-toi$", {"answer": "yes"}).status == 200

    published = frank.send(frank.open(nomination.url), "/dang$")
    assert "/vinh-danh/" in published.url
    stranger = act.somebody(language)
    wall = stranger.open("/vinh-danh")
    assert "Nguyễn Thị An" in wall.words
    story = stranger.open(wall.link(r"/vinh-danh/[a-z]"))
    assert story.url == published.url
    assert "cười cả buổi" in story.words
    assert "Nguyễn Thị An" in stranger.open("/").words

    answer = alice.send(alice.open("/vinh-danh/cua-toi"), "/vinh-danh/cua-toi$", {"answer": "no"})
    assert answer.status == 200
    assert "Nguyễn Thị An" not in stranger.open("/vinh-danh").words
    assert "Nguyễn Thị An" not in stranger.open("/").words
    assert stranger.open(published.url).status == 404
    assert not frank.open(nomination.url).has_sheet("/dang$")
    with database.session(write=False) as session:
        given = session.execute(
            select(Consent.given)
            .filter_by(person_id=cast.alice.person_id, purpose="honor_wall")
            .order_by("id")
        ).scalars()
        assert list(given) == [True, False]
