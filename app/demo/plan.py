"""The plan of the demonstration city: who, where, who taught whom and when. Pure and deterministic.

The tree grows as a branching process: an ambassador teaches a skewed number of people, a part of the
learners become ambassadors some weeks later, and so on until the wanted number of people is there. The
offspring are skewed as in real recruitment networks: most teach a few, a few teach many.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from app.demo.names import make_name
from people.places_danang import PLACE_BY_CODE

DAYS = 360

# Ward codes of the demonstration: a few wards of the city, a commune of the plain and one of the mountains.
WARDS = ("20257", "20260", "20209", "20242", "20197", "20332", "20698")

CHAPTERS: tuple[tuple[str, int], ...] = (
    # name, with room for a number that differs by ward; members the unit declares
    ("Chi đoàn Tổ {0}", 31),
    ("Chi đoàn Tổ {1}", 26),
    ("Chi đoàn Chợ {2}", 18),
    ("Chi đoàn Trường THPT {2}", 214),
    ("Chi đoàn Công an {2}", 42),
)

PLACES = ("home", "home", "home", "market", "hamlet_house", "school", "office", "online")
ADULT = ("16_24", "25_44", "25_44", "45_59")
LEARNER = ("16_24", "25_44", "45_59", "45_59", "60_74", "60_74", "60_74", "75_plus")

PREFIXES = ("090", "091", "093", "094", "096", "097", "098", "032", "035", "038", "070", "077", "081", "086")
EVIDENCE = ("link", "link", "link", "code", "code", "paper")

OFFSPRING = (1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 6, 6, 7, 8, 9, 12, 16)
"""How many people an ambassador teaches in the year, drawn evenly from this list."""

BECOMES_AMBASSADOR = {"16_24": 0.5, "25_44": 0.4, "45_59": 0.25, "60_74": 0.08, "75_plus": 0.02}


@dataclass(frozen=True)
class PlannedUnit:
    """A base or chapter; `parent` is the code of the unit above."""

    code: str
    name: str
    kind: str
    parent: str
    ward_code: str | None
    members: int


@dataclass(frozen=True)
class PlannedPerson:
    """A person; `chapter` is the code of the home unit of those who are members."""

    key: int
    full_name: str
    gender: str
    age_band: str
    ward_code: str
    chapter: str | None
    phone: str | None


@dataclass(frozen=True)
class PlannedAct:
    """A teaching with what becomes of it; `answer_after_days` is how long the learner took to answer."""

    teacher: int
    learner: int
    day: date
    place: str
    skills: tuple[int, ...]
    state: str
    answer_after_days: int
    evidence: str = "link"


@dataclass
class CityPlan:
    """Everything to be made, people before acts, acts in the order of their days."""

    units: list[PlannedUnit] = field(default_factory=list)
    people: list[PlannedPerson] = field(default_factory=list)
    acts: list[PlannedAct] = field(default_factory=list)
    named: dict[str, PlannedPerson] = field(default_factory=dict)


# The two volunteers whom the tour follows: name, gender, chapter, and the outcomes of their acts by days ago.
NAMED: dict[str, tuple[str, str, str, tuple[tuple[int, str], ...]]] = {
    "lan": (
        "Nguyễn Thị Lan",
        "f",
        "TD-20257-1",
        ((75, "confirmed"), (61, "confirmed"), (12, "confirmed"), (4, "recorded"), (1, "recorded")),
    ),
    "bao": (
        "Trần Quốc Bảo",
        "m",
        "TD-20260-1",
        tuple((days, "confirmed") for days in (190, 171, 150, 96, 80, 44, 20)),
    ),
}


def plan_units() -> list[PlannedUnit]:
    """Return the bases and chapters: five chapters in each ward, and a bloc with schools that have no ward.

    >>> len(plan_units()) == 5 * len(WARDS) + 4
    True
    """
    units = [
        PlannedUnit(
            f"TD-{ward}-{number}",
            name.format(12 + 3 * index, 7 + 2 * index, PLACE_BY_CODE[ward].name),
            "chapter",
            f"DU-{ward}",
            ward,
            members + 5 * index,
        )
        for index, ward in enumerate(WARDS)
        for number, (name, members) in enumerate(CHAPTERS, start=1)
    ]
    units.append(PlannedUnit("TD-KHOI", "Đoàn khối Đại học", "bloc", "DU-48", None, 0))
    units.append(PlannedUnit("TD-KHOI-1", "Đoàn trường Sư phạm", "base", "TD-KHOI", None, 0))
    units.append(PlannedUnit("TD-KHOI-1-1", "Chi đoàn Tin học K21", "chapter", "TD-KHOI-1", None, 38))
    units.append(PlannedUnit("TD-KHOI-1-2", "Chi đoàn Toán K22", "chapter", "TD-KHOI-1", None, 44))
    return units


def _day(draft: tuple[int, int, date, str | None]) -> date:
    return draft[2]


class _Grower:
    """Grows the plan; one generator of random numbers, asked in one order."""

    def __init__(self, people: int, seed: int, today: date) -> None:
        self.wanted = people
        self.random = Random(seed)
        self.today = today
        self.plan = CityPlan(units=plan_units())
        self.chapters = [unit for unit in self.plan.units if unit.kind == "chapter"]
        # Chapters differ: some are keen, some sleep.
        self.keen = [self.random.choice((1, 2, 2, 3, 5, 8)) for _ in self.chapters]
        self.begin = today - timedelta(days=DAYS)
        self.waiting: list[tuple[date, int]] = []
        # The two of the tour and all below them keep their days; the rest is spread over the year at the end.
        self.pinned: set[int] = set()
        self.drafts: list[tuple[int, int, date, str | None]] = []

    def person(self, bands: tuple[str, ...], chapter: PlannedUnit | None, ward: str) -> PlannedPerson:
        """Plan one person."""
        gender = self.random.choice("mf")
        band = self.random.choice(bands)
        phone = None
        if self.random.random() < 0.7:
            phone = f"{self.random.choice(PREFIXES)}{self.random.randrange(10**7):07d}"
        made = PlannedPerson(
            key=len(self.plan.people),
            full_name=make_name(self.random, gender, band),
            gender=gender,
            age_band=band,
            ward_code=ward,
            chapter=chapter.code if chapter else None,
            phone=phone,
        )
        self.plan.people.append(made)
        return made

    def follow_named(self) -> None:
        """Plan the two volunteers of the tour with exactly the acts that the tour tells of."""
        for name, (full_name, gender, code, acts) in NAMED.items():
            chapter = next(unit for unit in self.chapters if unit.code == code)
            ward = chapter.ward_code or WARDS[0]
            one = PlannedPerson(len(self.plan.people), full_name, gender, "25_44", ward, code, None)
            self.plan.people.append(one)
            self.plan.named[name] = one
            self.pinned.add(one.key)
            for number, (days, state) in enumerate(acts):
                learner = self.person(("45_59", "60_74"), None, ward)
                day = self.today - timedelta(days=days)
                if number < 2:
                    learner = self.join(learner, ward)
                self.draft(one, learner, day, state)
                if number < 2:
                    self.teach(learner, day + timedelta(days=2), number + 2)

    def grow(self) -> CityPlan:
        """Grow until the wanted number of people is there or the year is over."""
        self.follow_named()
        for _ in range(max(8, self.wanted // 14)):
            chapter = self.random.choices(self.chapters, self.keen)[0]
            root = self.person(ADULT, chapter, chapter.ward_code or self.random.choice(WARDS))
            heapq.heappush(self.waiting, (self.begin + timedelta(days=self.random.randrange(150)), root.key))
        while self.waiting and len(self.plan.people) < self.wanted:
            day, key = heapq.heappop(self.waiting)
            self.teach(self.plan.people[key], day)
        for teacher, learner, day, settled in self.spread():
            self.act(teacher, learner, day, settled)
        return self.plan

    def spread(self) -> list[tuple[int, int, date, str | None]]:
        """Return the drafts by their days, those not pinned spread over the year in their order.

        A day's place comes from its rank, and a little from its own distance: growth stays visible, and the
        last weeks are not empty.
        """
        loose = sorted((draft for draft in self.drafts if draft[0] not in self.pinned), key=_day)
        ages = [(draft[2] - self.begin).days for draft in loose]
        late = max(1, ages[int(len(ages) * 0.9)]) if ages else 1
        placed = [draft for draft in self.drafts if draft[0] in self.pinned]
        for rank, (teacher, learner, day, settled) in enumerate(loose, start=1):
            share = 0.2 * min(1.0, (day - self.begin).days / late) + 0.8 * rank / len(loose)
            placed.append((teacher, learner, self.begin + timedelta(days=round(share * DAYS)), settled))
        return sorted(placed, key=_day)

    def teach(self, teacher: PlannedPerson, day: date, many: int | None = None) -> None:
        """Let one ambassador teach, and some of the learners become ambassadors."""
        for _ in range(many or self.random.choice(OFFSPRING)):
            day += timedelta(days=self.random.choice((0, 1, 3, 5, 7, 9, 14, 20)))
            if (teacher.key in self.pinned and day > self.today) or len(self.plan.people) >= self.wanted:
                return
            ward = teacher.ward_code if self.random.random() < 0.85 else self.random.choice(WARDS)
            chance = self.random.random()
            learner = self.person(LEARNER, None, ward)
            if chance < BECOMES_AMBASSADOR[learner.age_band]:
                learner = self.join(learner, ward)
                later = day + timedelta(days=self.random.randrange(5, 50))
                heapq.heappush(self.waiting, (later, learner.key))
            self.draft(teacher, learner, day)
            if self.random.random() < 0.18:
                self.draft(teacher, learner, day + timedelta(days=self.random.randrange(7, 40)))

    def join(self, learner: PlannedPerson, ward: str) -> PlannedPerson:
        """Give a learner who becomes an ambassador a chapter of the ward."""
        near = [unit for unit in self.chapters if unit.ward_code == ward]
        weights = [self.keen[self.chapters.index(unit)] for unit in near]
        chapter = self.random.choices(near, weights)[0]
        joined = PlannedPerson(
            learner.key,
            learner.full_name,
            learner.gender,
            learner.age_band,
            learner.ward_code,
            chapter.code,
            learner.phone,
        )
        self.plan.people[learner.key] = joined
        return joined

    def draft(
        self, teacher: PlannedPerson, learner: PlannedPerson, day: date, settled: str | None = None
    ) -> None:
        """Note an act whose day may still move; whoever learns from a pinned person is pinned too."""
        if teacher.key in self.pinned:
            if day > self.today:
                return
            self.pinned.add(learner.key)
        self.drafts.append((teacher.key, learner.key, day, settled))

    def act(self, teacher: int, learner: int, day: date, settled: str | None) -> None:
        """Plan one act with its outcome: older acts are settled, recent ones may still wait."""
        age = (self.today - day).days
        outcomes: tuple[tuple[str, ...], tuple[int, ...]] = (
            (("confirmed", "recorded"), (55, 45))
            if age < 24
            else (("confirmed", "disputed", "expired", "voided"), (90, 3, 4, 3))
        )
        state = settled or self.random.choices(*outcomes)[0]
        skills = tuple(sorted(self.random.sample(range(8), self.random.choice((1, 1, 1, 2, 2, 3)))))
        self.plan.acts.append(
            PlannedAct(
                teacher=teacher,
                learner=learner,
                day=day,
                place=self.random.choice(PLACES),
                skills=skills,
                state=state,
                answer_after_days=min(age, self.random.choice((0, 0, 0, 0, 1, 2, 5))),
                evidence=self.random.choice(EVIDENCE),
            )
        )


def plan_city(people: int, seed: int, today: date) -> CityPlan:
    """Return the plan of a city with about `people` people; the same seed and day give the same plan.

    >>> plan_city(200, 7, date(2026, 11, 22)) == plan_city(200, 7, date(2026, 11, 22))
    True
    """
    return _Grower(people, seed, today).grow()
