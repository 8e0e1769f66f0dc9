"""The start set of skills: installed once, never fought over with an administrator."""

import pytest
from sqlalchemy.orm import Session

from core.errors import NotAllowed
from learning.queries import skills as queries
from learning.services.skills import install_skills
from learning.start_set import START_SET
from people.permissions import HOUSE, Actor, Role


def test_skills_are_installed_once_and_in_order(session: Session) -> None:
    assert install_skills(session, HOUSE) == len(START_SET)
    assert install_skills(session, HOUSE) == 0
    assert [skill.code for skill in queries.active_skills(session)] == [skill.code for skill in START_SET]


def test_what_an_administrator_changed_stays(session: Session) -> None:
    install_skills(session, HOUSE)
    skills = queries.skills_by_code(session)
    skills["selling"].active = False
    skills["payment"].name_vi = "Chuyển khoản"
    session.delete(skills["health"])
    session.flush()
    assert install_skills(session, HOUSE) == 1
    again = queries.active_skills(session)
    assert "selling" not in {skill.code for skill in again}
    assert again[-1].code == "health"
    assert queries.skills_by_code(session)["payment"].name_vi == "Chuyển khoản"


def test_only_the_house_and_administrators_install(session: Session) -> None:
    with pytest.raises(NotAllowed):
        install_skills(session, Actor(account_id=1, person_id=1, roles=frozenset({Role.VOLUNTEER})))
