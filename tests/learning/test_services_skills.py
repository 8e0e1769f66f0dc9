"""What administrators do with skills and target groups."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from learning.models import Skill, TargetGroup
from learning.queries import skills as queries
from learning.queries.skills import skills_by_code, skills_in_order, words_of_skill
from learning.queries.target_groups import active_groups, groups_in_order, words_of_group
from learning.services import skills, target_groups
from learning.services.skills import EditedMeanwhile
from learning.start_set import START_GROUPS, START_SET
from learning.words import GroupWords, SkillWords, mark_of
from people.models import AuditEntry
from people.permissions import HOUSE, Actor, Role
from tests.support.cast import Cast

WORDS = SkillWords(
    "Đọc báo trên mạng",
    "Reading news online",
    "Mở trang báo, phóng chữ to.\nBiết báo nào của nhà nước.",
    "Opening a paper.\nKnowing whose it is.",
    "Muốn đọc báo thì mở gì?",
    "What do you open?",
    ("Trình duyệt", "Máy ảnh", "Đồng hồ"),
    ("The browser", "The camera", "The clock"),
)


@pytest.fixture
def installed(cast: Cast, session: Session) -> dict[str, Skill]:
    skills.install_skills(session, HOUSE)
    target_groups.install_target_groups(session, HOUSE)
    return skills_by_code(session)


def done(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_skills_are_installed_once_and_in_order(session: Session) -> None:
    assert skills.install_skills(session, HOUSE) == len(START_SET)
    assert skills.install_skills(session, HOUSE) == 0
    assert [skill.code for skill in queries.active_skills(session)] == [skill.code for skill in START_SET]


def test_what_an_administrator_changed_stays(session: Session) -> None:
    skills.install_skills(session, HOUSE)
    known = queries.skills_by_code(session)
    known["selling"].active = False
    known["payment"].name_vi = "Chuyển khoản"
    session.delete(known["health"])
    session.flush()
    assert skills.install_skills(session, HOUSE) == 1
    again = queries.active_skills(session)
    assert "selling" not in {skill.code for skill in again}
    assert again[-1].code == "health"
    assert queries.skills_by_code(session)["payment"].name_vi == "Chuyển khoản"


def test_only_the_house_and_administrators_install(session: Session) -> None:
    with pytest.raises(NotAllowed):
        skills.install_skills(session, Actor(account_id=1, person_id=1, roles=frozenset({Role.VOLUNTEER})))


def test_the_start_set_fills_what_has_no_words_yet(cast: Cast, session: Session, clock: FixedClock) -> None:
    bare = Skill(code="payment", name_vi="Chuyển khoản", name_en="Transfers", position=1, active=False)
    written = Skill(
        code="health", name_vi="Khám bệnh", name_en="Doctor", position=2, active=True, card_vi="Của tôi."
    )
    session.add_all([bare, written])
    session.flush()
    assert skills.install_skills(session, HOUSE) == len(START_SET) - 2
    assert (bare.name_vi, bare.active, len(bare.options_vi)) == ("Chuyển khoản", False, 3)
    assert bare.card_en.count("\n") == 1
    assert (written.card_vi, written.card_en) == ("Của tôi.", "")
    assert written.question_vi.endswith("?")
    # What an administrator emptied on purpose stays empty.
    present = words_of_skill(bare)
    emptied = replace(
        present, card_vi="", card_en="", question_vi="", question_en="", options_vi=(), options_en=()
    )
    skills.edit_skill(session, cast.olga.actor, bare.id, emptied, mark_of(present), clock.now())
    assert skills.install_skills(session, HOUSE) == 0
    assert (bare.card_vi, bare.question_vi) == ("", "")


def test_a_skill_is_added_after_the_others(
    installed: dict[str, Skill], cast: Cast, session: Session, clock: FixedClock
) -> None:
    made = skills.create_skill(session, cast.olga.actor, WORDS, clock.now())
    assert skills_in_order(session)[-1] is made
    assert (made.code, made.active) == ("reading_news_online", True)
    assert words_of_skill(made) == WORDS
    again = replace(WORDS, name_vi="Đọc báo khác", name_en="Reading news, online!")
    assert skills.create_skill(session, cast.olga.actor, again, clock.now()).code == "reading_news_online_2"
    assert done(session)[-2:] == ["skill.created", "skill.created"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name_vi": " "}, {"name_vi": "required"}),
        ({"name_en": "x" * 121}, {"name_en": "too_long"}),
        ({"name_vi": "😀 123"}, {"name_vi": "no_letters"}),
        ({"name_vi": "THANH TOÁN KHÔNG DÙNG TIỀN MẶT"}, {"name_vi": "name_taken"}),
        ({"card_vi": "1\n2\n3"}, {"card_vi": "too_many_lines"}),
        ({"card_en": "x" * 301}, {"card_en": "too_long"}),
        ({"question_vi": ""}, {"question_vi": "question_missing"}),
        ({"options_vi": ("Một", "", "Hai")}, {"options_vi": "options_missing"}),
        ({"options_vi": ("Một", "MỘT", "Hai")}, {"options_vi": "options_equal"}),
        ({"options_en": ("x" * 81, "b", "c")}, {"options_en": "too_long"}),
        ({"group_ids": (999,)}, {"group_ids": "not_a_choice"}),
    ],
)
def test_words_that_have_to_be_put_right(
    installed: dict[str, Skill],
    cast: Cast,
    session: Session,
    clock: FixedClock,
    change: dict[str, object],
    fields: dict[str, str],
) -> None:
    with pytest.raises(Invalid) as refused:
        skills.create_skill(session, cast.olga.actor, replace(WORDS, **change), clock.now())  # type: ignore[arg-type]
    assert refused.value.fields == fields


def test_english_may_wait(
    installed: dict[str, Skill], cast: Cast, session: Session, clock: FixedClock
) -> None:
    words = replace(WORDS, card_en="", question_en="", options_en=("", "", ""))
    made = skills.create_skill(session, cast.olga.actor, words, clock.now())
    assert made.options_en == []


def test_the_later_of_two_edits_is_told_and_nothing_is_lost(
    installed: dict[str, Skill], cast: Cast, session: Session, clock: FixedClock
) -> None:
    skill = installed["payment"]
    before = words_of_skill(skill)
    mark = mark_of(before)
    first = replace(before, name_vi="Trả tiền bằng điện thoại")
    second = replace(before, card_vi="Một dòng.")
    skills.edit_skill(session, cast.olga.actor, skill.id, first, mark, clock.now())
    with pytest.raises(EditedMeanwhile) as refused:
        skills.edit_skill(session, cast.olga.actor, skill.id, second, mark, clock.now())
    assert words_of_skill(skill) == first
    # Sent again, knowing what stands there.
    skills.edit_skill(session, cast.olga.actor, skill.id, second, refused.value.mark, clock.now())
    assert words_of_skill(skill) == second
    # A double tap finds its own words and writes nothing.
    skills.edit_skill(session, cast.olga.actor, skill.id, second, mark, clock.now())
    assert done(session) == ["skill.edited", "skill.edited"]


def test_what_another_transaction_saved_meanwhile_is_seen(
    installed: dict[str, Skill], cast: Cast, session: Session, clock: FixedClock
) -> None:
    skill = installed["payment"]
    before = words_of_skill(skill)
    # As if it had been committed between the reading of the page and the lock.
    session.execute(text("UPDATE skill SET name_vi = 'Trả tiền' WHERE code = 'payment'"))
    words = replace(before, card_vi="Một dòng.")
    with pytest.raises(EditedMeanwhile):
        skills.edit_skill(session, cast.olga.actor, skill.id, words, mark_of(before), clock.now())
    assert skill.name_vi == "Trả tiền"


def test_groups_of_a_skill(
    installed: dict[str, Skill], cast: Cast, session: Session, clock: FixedClock
) -> None:
    skill = installed["payment"]
    groups = active_groups(session)
    assert [group.code for group in groups] == [group.code for group in START_GROUPS]
    words = replace(words_of_skill(skill), group_ids=(groups[1].id, groups[0].id))
    skills.edit_skill(session, cast.olga.actor, skill.id, words, mark_of(words_of_skill(skill)), clock.now())
    session.expire_all()
    assert [group.id for group in skill.groups] == [groups[0].id, groups[1].id]


def test_the_order(installed: dict[str, Skill], cast: Cast, session: Session, clock: FixedClock) -> None:
    first, second, third = skills_in_order(session)[:3]
    skills.switch_skill(session, cast.olga.actor, second.id, False, clock.now())
    # One that is switched off is stepped over.
    skills.move_skill(session, cast.olga.actor, third.id, -1, clock.now())
    assert [one.id for one in skills_in_order(session) if one.active][:2] == [third.id, first.id]
    skills.move_skill(session, cast.olga.actor, third.id, -1, clock.now())
    assert skills_in_order(session)[0].id == third.id
    first.position = third.position = 1
    session.flush()
    skills.move_skill(session, cast.olga.actor, first.id, -1, clock.now())
    assert [one.id for one in skills_in_order(session) if one.active][:2] == [first.id, third.id]


def test_switching_off_and_on(
    installed: dict[str, Skill], cast: Cast, session: Session, clock: FixedClock
) -> None:
    rows = skills_in_order(session)
    for skill in rows[1:]:
        skills.switch_skill(session, cast.olga.actor, skill.id, False, clock.now())
    with pytest.raises(Conflict, match="last_skill"):
        skills.switch_skill(session, cast.olga.actor, rows[0].id, False, clock.now())
    skills.switch_skill(session, cast.olga.actor, rows[1].id, True, clock.now())
    skills.switch_skill(session, cast.olga.actor, rows[1].id, True, clock.now())
    assert done(session).count("skill.switched_on") == 1


def test_groups_are_edited_alike(
    installed: dict[str, Skill], cast: Cast, session: Session, clock: FixedClock
) -> None:
    olga = cast.olga.actor
    made = target_groups.create_group(session, olga, GroupWords("Ngư dân", "Fishers"), clock.now())
    assert groups_in_order(session)[-1] is made
    mark = mark_of(words_of_group(made))
    target_groups.edit_group(
        session, olga, made.id, GroupWords("Bà con ngư dân", "Fishers"), mark, clock.now()
    )
    with pytest.raises(EditedMeanwhile):
        target_groups.edit_group(session, olga, made.id, GroupWords("Ngư", "Fishers"), mark, clock.now())
    with pytest.raises(Invalid) as refused:
        target_groups.create_group(session, olga, GroupWords("NGƯỜI DÂN", ""), clock.now())
    assert refused.value.fields == {"name_vi": "name_taken", "name_en": "required"}
    target_groups.move_group(session, olga, made.id, -1, clock.now())
    assert groups_in_order(session)[-2] is made
    target_groups.switch_group(session, olga, made.id, False, clock.now())
    assert made not in active_groups(session)
    with pytest.raises(NotFound):
        target_groups.switch_group(session, olga, 999, True, clock.now())
    assert session.get(TargetGroup, made.id) is made


def test_only_administrators(
    installed: dict[str, Skill], cast: Cast, session: Session, clock: FixedClock
) -> None:
    skill, now = installed["payment"], clock.now()
    for member in (cast.alice, cast.carol, cast.frank):
        who: Actor = member.actor
        with pytest.raises(NotAllowed):
            skills.create_skill(session, who, WORDS, now)
        with pytest.raises(NotAllowed):
            skills.edit_skill(session, who, skill.id, WORDS, "", now)
        with pytest.raises(NotAllowed):
            skills.move_skill(session, who, skill.id, 1, now)
        with pytest.raises(NotAllowed):
            skills.switch_skill(session, who, skill.id, False, now)
        with pytest.raises(NotAllowed):
            target_groups.create_group(session, who, GroupWords("A", "B"), now)
        with pytest.raises(NotAllowed):
            target_groups.switch_group(session, who, 1, False, now)
