"""One list in a process of its own: `python -m bench.roster_once URL FILE` prints JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from sqlalchemy import select

from bench.ground import BOX, DAY, NOW, actor_of, work_on
from bench.measure import peak
from learning.models import Skill
from people.permissions import HOUSE
from referrals.models.rosters import RosterImport
from referrals.rosters import Defaults
from referrals.services.rosters.intake import RosterWish, take_roster
from referrals.services.rosters.working import Desk, work_part
from referrals.services.rosters.writing import start_writing

TEACHER = 2


def main() -> None:
    """Take the file in, judge it in the background, agree, write it in the background."""
    url, file = sys.argv[1], Path(sys.argv[2])
    work, desk, actor = work_on(url), Desk(), actor_of(TEACHER)
    start, began, worked = peak(), time.perf_counter(), time.process_time()
    with work.begin() as session:
        skill = session.scalars(select(Skill.id).order_by(Skill.id)).first()
        assert skill is not None
        wish = RosterWish(file.name, file.read_bytes(), TEACHER, Defaults(DAY, (skill,)))
        roster = take_roster(session, actor, wish, NOW, BOX)
    more = True
    while more:
        with work.begin() as session:
            more = work_part(session, HOUSE, desk, NOW, BOX)
    judged = time.perf_counter()
    with work.begin() as session:
        start_writing(session, actor, roster.id)
    more = True
    while more:
        with work.begin() as session:
            more = work_part(session, HOUSE, desk, NOW, BOX)
    ended = time.perf_counter()
    with work.begin(write=False) as session:
        done = session.get_one(RosterImport, roster.id)
        found = {"state": done.state, "problem": done.problem, "counts": dict(done.counts)}
    reader = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            found
            | {
                "judging": judged - began,
                "writing": ended - judged,
                "worked": time.process_time() - worked + reader.ru_utime + reader.ru_stime,
                "start": start,
                "peak": peak(),
            }
        )
    )


if __name__ == "__main__":
    main()
