"""The network to measure on: `twitter16` beside the checkout, or one of that size made here."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

TREES = Path(__file__).resolve().parents[2] / "shared" / "data" / "trees"
PEOPLE = 289_675
ACTS = 351_806


def files(folder: Path) -> tuple[str, Path, Path]:
    """Return the name of the network and its two files, made in `folder` where the real one is absent."""
    people, taught = TREES / "twitter16_people.csv.gz", TREES / "twitter16_edges.csv.gz"
    if people.exists() and taught.exists():
        return "twitter16", people, taught
    return "invented, of that size", *_invent(folder)


def _invent(folder: Path) -> tuple[Path, Path]:
    """Some teach thousands, most nobody; a sixth of the acts go to somebody who has a teacher already."""
    chance = random.Random(2026)
    people, taught = folder / "invented_people.csv.gz", folder / "invented_taught.csv.gz"
    with gzip.open(people, "wt", encoding="utf-8") as out:
        out.write("id,name\n")
        out.writelines(f"{n},User {n}\n" for n in range(1, PEOPLE + 1))
    ends = [1]
    with gzip.open(taught, "wt", encoding="utf-8") as out:
        out.write("teacher_id,learner_id,date\n")
        for n in range(2, PEOPLE + 1):
            teacher = chance.choice(ends) if chance.random() < 0.9 else chance.randrange(1, n)
            ends += (teacher, n) if chance.random() < 0.2 else (teacher,)
            out.write(f"{teacher},{n},2014-08-{n % 28 + 1:02}T10:{n % 60:02}:{n * 7 % 60:02}Z\n")
        for _ in range(ACTS - PEOPLE + 1):
            teacher, learner = chance.randrange(1, PEOPLE + 1), chance.randrange(1, PEOPLE + 1)
            out.write(f"{teacher},{learner},2014-09-{teacher % 28 + 1:02}\n")
    return people, taught
