"""Facts and counters against a story told by hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from people.models import Person
from people.permissions import HOUSE
from referrals.facts import PersonFacts
from referrals.models.tree import PersonFigures, Snapshot
from referrals.queries import facts, invariants
from referrals.services import voiding
from tests.support.story import Story


def test_everybody_asked_for_has_facts(story: Story, cast):
    assert facts.facts_of(story.session, []) == {}
    assert facts.facts_of(story.session, [cast.alice.person_id, 999]) == {
        cast.alice.person_id: PersonFacts(cast.alice.person_id),
        999: PersonFacts(999),
    }


def test_the_facts_of_a_teacher(story: Story, cast):
    story.ward("20194", "Hải Vân")
    alice = cast.alice.person_id
    old, young = story.person("Trần Thị Hoa"), story.person("Lê Văn Mười")
    for person, band, ward in ((old, "75_plus", "20194"), (young, "25_44", None)):
        row = story.session.get(Person, person)
        row.age_band, row.ward_code = band, ward
    story.taught(alice, old, date(2026, 1, 5))
    again = story.taught(alice, old, date(2026, 3, 5))
    story.taught(alice, young, date(2026, 2, 5))
    story.record(cast.alice, "Phan Thị Bốn")
    for number in range(5):
        story.taught(young, story.person(f"Học {'abcde'[number]}"))
    story.taught(young, alice)  # above: a contact only

    found = facts.facts_of(story.session, [alice, young])
    assert found[alice] == PersonFacts(
        person_id=alice, taught=2, contacts=3, waiting=1, direct=2, reach=2, depth=1, raised=1, elders=1,
        skills=1, wards=1, first_on=date(2026, 1, 5), last_on=date(2026, 3, 5),
    )  # fmt: skip
    assert (found[young].taught, found[young].contacts) == (5, 6)

    fresh = facts.fresh_facts(story.session, alice)
    assert (fresh.reach, fresh.depth, fresh.direct) == (7, 2, 2)

    voiding.void(story.session, HOUSE, again.id, "", story.clock.now())
    assert facts.facts_of(story.session, [alice])[alice].contacts == 2


def test_reach_and_depth_come_from_the_snapshot(story: Story, cast):
    alice = cast.alice.person_id
    story.session.add(PersonFigures(person_id=alice, direct=3, reach=40, depth=6, generation=0))
    story.session.flush()
    found = facts.facts_of(story.session, [alice])[alice]
    assert (found.reach, found.depth, found.direct) == (40, 6, 0)


def test_unknown_days_are_no_first_day(story: Story, cast):
    alice = cast.alice.person_id
    act = story.taught(alice, story.person("Hoa"))
    act.taught_on, act.taught_precision = date.max, "none"
    story.session.flush()
    found = facts.facts_of(story.session, [alice])[alice]
    assert (found.contacts, found.first_on, found.last_on) == (1, None, None)


def test_one_statement_for_many(story: Story, cast):
    seen: list[str] = []
    event.listen(story.session.get_bind(), "before_cursor_execute", lambda *args: seen.append(args[2]))
    facts.facts_of(story.session, range(1, 500))
    assert len([one for one in seen if not one.startswith("BEGIN")]) == 1


def test_teachers_by_key(story: Story, cast):
    learner = story.person("Hoa")
    for teacher in (cast.bob.person_id, cast.alice.person_id, cast.dave.person_id):
        story.taught(teacher, learner)
    everyone = sorted((cast.bob.person_id, cast.alice.person_id, cast.dave.person_id))
    assert facts.teachers(story.session, limit=2) == everyone[:2]
    assert facts.teachers(story.session, after=everyone[1]) == everyone[2:]


def test_the_counters_never_mix_people_and_contacts(story: Story, cast):
    alice, bob = cast.alice.person_id, cast.bob.person_id
    hoa = story.person("Hoa")
    story.taught(alice, hoa, date(2026, 1, 1))
    story.taught(alice, hoa, date(2026, 1, 2))
    story.taught(bob, hoa, date(2026, 1, 3))
    for number in range(4):
        story.taught(alice, story.person(f"Học {'abcd'[number]}"))
    story.record(cast.alice, "Phan Thị Bốn")
    assert facts.network_counters(story.session) == facts.NetworkCounters(
        people=5, contacts=7, ambassadors=2, five=1
    )


def test_large_networks_are_read_from_the_snapshot(story: Story, cast, monkeypatch: pytest.MonkeyPatch):
    story.taught(cast.alice.person_id, story.person("Hoa"))
    monkeypatch.setattr(facts, "COUNTED_LIVE", 0)
    live = facts.network_counters(story.session)
    assert live.as_of is None
    sums = {facts.PUBLIC: facts.public_sums(story.session) | {"people": 7}}
    story.session.add(Snapshot(name=facts.FOREST, taken_at=story.clock.now(), sums=sums))
    story.session.flush()
    kept = facts.network_counters(story.session)
    assert (kept.people, kept.contacts, kept.as_of) == (7, 1, story.clock.now())


def test_what_does_not_hold_is_found(story: Story, cast):
    one, two = story.person("Một"), story.person("Hai")
    act = story.taught(one, two)
    assert invariants.problems(story.session) == []
    act.state = "disputed"
    story.session.flush()
    assert {finding.kind for finding in invariants.problems(story.session)} == {
        "place_without_act",
        "credit_without_act",
    }


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        ("lineage", {"place_missing"}),
        ("credit", {"place_without_credit"}),
        ("confirmation", {"confirmed_without_evidence"}),
        ("lineage credit", {"credit_missing"}),
    ],
)
def test_what_is_missing_is_found(story: Story, cast, table: str, kinds: set[str]):
    story.taught(story.person("Một"), story.person("Hai"))
    for name in table.split():
        story.session.connection().exec_driver_sql(f"DELETE FROM {name}")
    story.session.expire_all()
    assert {finding.kind for finding in invariants.problems(story.session)} == kinds
