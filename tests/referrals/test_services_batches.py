"""Many people at once: what is thought of each line, what is written, and what writing twice changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.clock import local_day
from core.errors import Invalid, NotAllowed, NotFound
from people.models import Person
from referrals.batches import Decided, Frame, Line, Verdict, Written
from referrals.events import TeachingRecorded
from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove, TeachingSkill
from referrals.services import batches
from tests.support.cast import Cast, Member
from tests.support.story import Story


def frame_of(story: Story, teacher: Member, **changes: Any) -> Frame:
    frame = Frame(teacher.person_id, local_day(story.clock.now()), (story.skill.id,), place="home")
    return replace(frame, **changes)


def judge(story: Story, who: Member, *lines: Line, **changes: Any) -> list[Verdict]:
    frame = frame_of(story, who, **changes)
    return batches.judge_lines(story.session, who.actor, frame, lines, story.clock.now(), story.box)


def write(story: Story, who: Member, decided: list[Decided], **changes: Any) -> list[Written]:
    frame = frame_of(story, who, **changes)
    return batches.write_lines(story.session, who.actor, frame, decided, story.clock.now(), story.box)


def write_all(story: Story, who: Member, *lines: Line, **changes: Any) -> list[Written]:
    return write(story, who, [Decided(one) for one in judge(story, who, *lines, **changes)], **changes)


def count(story: Story, table: Any) -> int:
    return story.session.scalar(select(func.count()).select_from(table)) or 0


def kinds(verdicts: list[Verdict]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.reasons) for one in verdicts]


def test_a_list_is_written_whole(story: Story, cast: Cast):
    story.ward()
    done = write_all(
        story,
        cast.alice,
        Line(
            1, "TRẦN THỊ HOA", "0905 123 456", gender="f", age_band="60_74", ward_code="20194", note=" nhanh "
        ),
        Line(2, "lê văn mười"),
    )

    assert [(one.row, one.outcome, one.made_person) for one in done] == [
        (1, "written", True),
        (2, "written", True),
    ]
    first = story.session.get(Teaching, done[0].teaching_id)
    assert first is not None
    assert (first.teacher_id, first.learner_id, first.state) == (
        cast.alice.person_id,
        done[0].person_id,
        "recorded",
    )
    assert (first.place, first.note, first.taught_precision) == ("home", "nhanh", "day")
    learner = story.session.get(Person, done[0].person_id)
    assert learner is not None
    assert (learner.full_name, learner.phone_tail, learner.gender) == ("Trần Thị Hoa", "456", "f")
    assert story.box.open(learner.phone_sealed or b"") == "+84905123456"
    assert count(story, TeachingMove) == count(story, TeachingSkill) == count(story, ConfirmationCode) == 2
    code = story.session.scalars(select(ConfirmationCode)).first()
    assert code is not None
    assert code.digits_sealed is not None
    assert code.expires_at == story.clock.now() + timedelta(days=30)
    assert story.told() == [
        TeachingRecorded(one.teaching_id or 0, cast.alice.person_id, one.person_id or 0) for one in done
    ]


def test_a_long_list_draws_no_digits(story: Story, cast: Cast):
    lines = [Line(row, f"Trần Thị {'H' + 'o' * row}") for row in range(1, 32)]
    write_all(story, cast.alice, *lines)
    assert story.session.scalars(select(ConfirmationCode.digits_hash)).all() == [None] * 31


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (Line(1, "  "), "name_empty"),
        (Line(1, "0905123456"), "name_no_letters"),
        (Line(1, "x" * 300), "name_too_long"),
        (Line(1, "😀😀"), "name_no_letters"),
        (Line(1, "Lan", taught_on=date(2026, 11, 23)), "in_future"),
        (Line(1, "Lan", taught_on=date(2019, 1, 1)), "too_early"),
        (Line(1, "Lan", skill_ids=(999,)), "skill_unknown"),
    ],
)
def test_what_cannot_be_written_is_refused_alone(story: Story, cast: Cast, line: Line, reason: str):
    verdicts = judge(story, cast.alice, line, Line(2, "Lê Văn Mười"))
    assert kinds(verdicts) == [("refused", (reason,)), ("new", ())]
    done = write(story, cast.alice, [Decided(one) for one in verdicts])
    assert [one.outcome for one in done] == ["refused", "written"]


def test_nobody_loses_a_line_because_of_its_parts(story: Story, cast: Cast):
    line = Line(1, "Lê Văn Mười", "O9051", age_band="old", gender="?", ward_code="00000")
    (verdict,) = judge(story, cast.alice, line)
    assert verdict.kind == "new"
    assert verdict.reasons == ("phone_letters", "ward_unknown", "gender_unknown", "age_unknown")
    (done,) = write(story, cast.alice, [Decided(verdict)])
    assert (done.outcome, done.reasons) == ("written", verdict.reasons)


@pytest.mark.parametrize(
    ("line", "kind", "reasons"),
    [
        (Line(1, "tran thi hoa", "+84905123456"), "known", ()),
        (Line(1, "Trần Thị Hòa", ward_code="20194"), "known", ()),
        (Line(1, "Trần Thị Hoà", "0905999999", ward_code="20194"), "doubtful", ("maybe_same_person",)),
        (Line(1, "Trần Thị Hoà"), "doubtful", ("maybe_same_person",)),
        (Line(1, "Trần Thị Hoa", ward_code="20194"), "doubtful", ("maybe_same_person",)),
        (Line(1, "Trần Thị Hoa", ward_code="20200"), "new", ()),
        (Line(1, "Trần Thij Hoà", ward_code="20194"), "doubtful", ("maybe_same_person",)),
        (Line(1, "Trần Thị Hoàng", ward_code="20194"), "new", ()),
        (Line(1, "Trần Thị Hoà", "0905999999", ward_code="20200"), "new", ()),
    ],
)
def test_my_own_learners_are_known_by_name_and_phone_or_ward(
    story: Story, cast: Cast, line: Line, kind: str, reasons: tuple[str, ...]
):
    story.ward("20194", "Hải Vân")
    story.ward("20200", "Liên Chiểu")
    first = Line(1, "Trần Thị Hoà", "0905123456", ward_code="20194")
    (before,) = write_all(story, cast.alice, first, taught_on=date(2026, 11, 1))
    (verdict,) = judge(story, cast.alice, line)
    assert (verdict.kind, verdict.reasons) == (kind, reasons)
    assert verdict.person_id == (before.person_id if kind == "known" else None)
    assert [one.last_on for one in verdict.candidates] == ([] if kind == "new" else [date(2026, 11, 1)])


def test_of_strangers_nothing_is_told_but_what_the_sender_proved(story: Story, cast: Cast):
    story.ward()
    write_all(story, cast.bob, Line(1, "Trần Thị Hoà", "0905123456", ward_code="20194"))
    assert kinds(judge(story, cast.alice, Line(1, "Trần Thị Hoà", ward_code="20194"))) == [("new", ())]
    assert kinds(judge(story, cast.alice, Line(1, "Lê Thị Hoà", "0905123456"))) == [("new", ())]
    (verdict,) = judge(story, cast.alice, Line(1, "Trần Thị Hoà", "0905123456"))
    assert verdict.kind == "known"
    (candidate,) = verdict.candidates
    assert (candidate.mine, candidate.ward_name, candidate.last_on) == (False, None, None)


def test_a_coordinator_is_asked_about_the_learners_within_reach(story: Story, cast: Cast):
    story.ward()
    write_all(story, cast.bob, Line(1, "Trần Thị Hoà", ward_code="20194"))
    frame = frame_of(story, cast.alice)
    line = Line(1, "Trần Thị Hoà", ward_code="20194")
    (verdict,) = batches.judge_lines(
        story.session, cast.carol.actor, frame, [line], story.clock.now(), story.box
    )
    assert (verdict.kind, verdict.reasons) == ("doubtful", ("maybe_same_person",))


def test_a_name_twice_in_a_list(story: Story, cast: Cast):
    story.ward()
    verdicts = judge(
        story,
        cast.alice,
        Line(1, "Nguyễn Văn An"),
        Line(2, "Nguyễn Văn An"),
        Line(3, "Lê Thị Lan", "0905123456"),
        Line(4, "Lê Thị Lan", "0905123457"),
        Line(5, "Lê Thị Lan", "0905123456"),
        Line(6, "Võ Thị Ba", ward_code="20194", taught_on=date(2026, 11, 1)),
        Line(7, "Võ Thị Ba", ward_code="20194"),
    )
    assert kinds(verdicts) == [
        ("new", ()),
        ("doubtful", ("twice_in_list",)),
        ("new", ()),
        ("new", ()),
        ("known", ("same_act",)),
        ("new", ()),
        ("known", ()),
    ]
    assert [one.same_as_row for one in verdicts] == [None, 1, None, None, 3, None, 6]
    done = write(story, cast.alice, [Decided(one) for one in verdicts])
    assert [one.outcome for one in done] == [
        "written", "nothing", "written", "written", "nothing", "written", "written",
    ]  # fmt: skip
    assert done[4].person_id == done[2].person_id
    assert done[4].teaching_id == done[2].teaching_id
    assert done[6].person_id == done[5].person_id
    assert (count(story, Teaching), done[1].reasons) == (5, ("undecided", "twice_in_list"))


def test_what_a_human_says_is_done(story: Story, cast: Cast):
    (before,) = write_all(story, cast.alice, Line(1, "Trần Thị Hoà"), taught_on=date(2026, 11, 1))
    lines = [Line(1, "Trần Thị Hoà"), Line(2, "Trần Thị Hoà", "0905123456")]
    one, other = judge(story, cast.alice, *lines)
    assert (one.kind, other.kind) == ("doubtful", "doubtful")
    same = Decided(one, "same", before.person_id)
    done = write(story, cast.alice, [same, Decided(other, "apart")])
    assert [(each.outcome, each.made_person) for each in done] == [("written", False), ("written", True)]
    assert done[0].person_id == before.person_id

    skipped = write(story, cast.alice, [Decided(judge(story, cast.alice, Line(1, "Bùi Tư"))[0], "skip")])
    assert [(each.outcome, each.reasons) for each in skipped] == [("nothing", ("skipped",))]


def test_nobody_can_be_named_who_was_not_asked_about(story: Story, cast: Cast):
    (verdict,) = judge(story, cast.alice, Line(1, "Trần Thị Hoà"))
    for person, reason in ((cast.heidi.person_id, "not_a_choice"), (cast.alice.person_id, "teaches_oneself")):
        (done,) = write(story, cast.alice, [Decided(verdict, "same", person)])
        assert (done.outcome, done.reasons) == ("refused", (reason,))


def test_writing_twice_changes_nothing(story: Story, cast: Cast):
    write_all(story, cast.alice, Line(1, "Bùi Thị Tư", "0905000001"), taught_on=date(2026, 11, 1))
    verdicts = judge(
        story,
        cast.alice,
        Line(1, "Nguyễn Văn An"),
        Line(2, "Nguyễn Văn An"),
        Line(3, "Nguyễn Văn An"),
        Line(4, "Bùi Thị Tư"),
        Line(5, "Bùi Thị Tư", "0905000001"),
        Line(6, "Lê Thị Lan", client_uuid="11111111-1111-4111-8111-111111111111"),
    )
    choices: list[Any] = [None, "apart", "apart", "apart", None, None]
    decided = [Decided(one, choice) for one, choice in zip(verdicts, choices, strict=True)]
    first = write(story, cast.alice, decided)
    assert [one.outcome for one in first] == ["written"] * 6
    tables = (Person, Teaching, TeachingMove, TeachingSkill, ConfirmationCode)
    before = [count(story, table) for table in tables]
    for _ in range(2):
        again = write(story, cast.alice, decided)
        assert [one.outcome for one in again] == ["nothing"] * 6
        assert [count(story, table) for table in tables] == before
    assert [one.teaching_id for one in again][4:] == [one.teaching_id for one in first][4:]


def test_a_mark_used_for_something_else_is_refused(story: Story, cast: Cast):
    mark = "11111111-1111-4111-8111-111111111111"
    write_all(story, cast.alice, Line(1, "Lê Thị Lan", client_uuid=mark))
    done = write_all(
        story, cast.alice, Line(1, "Lê Thị Cúc", client_uuid=mark), Line(2, "Lê Thị Lan", client_uuid=mark)
    )
    assert [(one.outcome, one.reasons) for one in done] == [
        ("refused", ("changed_resend",)),
        ("nothing", ("again",)),
    ]


def test_one_does_not_teach_oneself(story: Story, cast: Cast):
    alice = story.session.get(Person, cast.alice.person_id)
    assert alice is not None
    assert alice.phone_sealed is not None
    line = Line(1, alice.full_name, story.box.open(alice.phone_sealed))
    assert kinds(judge(story, cast.alice, line, Line(2, alice.full_name))) == [
        ("refused", ("teaches_oneself",)),
        ("doubtful", ("own_name",)),
    ]


def test_a_frame_that_cannot_be_is_refused_whole(story: Story, cast: Cast):
    for changes, field in (
        ({"place": "moon"}, "place"),
        ({"skill_ids": (999,)}, "skills"),
        ({"ward_code": "0"}, "ward_code"),
    ):
        with pytest.raises(Invalid) as refusal:
            judge(story, cast.alice, Line(1, "Lan"), **changes)
        assert refusal.value.fields == {field: "not_a_choice"}


def test_who_may_record_for_whom(story: Story, cast: Cast):
    def ask(who: Member, teacher: int) -> int:
        return batches.ensure_may_record(story.session, who.actor, teacher).id

    assert ask(cast.alice, cast.alice.person_id) == cast.alice.person_id
    assert ask(cast.carol, cast.alice.person_id) == cast.alice.person_id
    with pytest.raises(NotAllowed):
        ask(cast.alice, cast.bob.person_id)
    with pytest.raises(NotAllowed):
        ask(cast.frank, cast.alice.person_id)
    with pytest.raises(NotFound):
        ask(cast.carol, 10**9)
