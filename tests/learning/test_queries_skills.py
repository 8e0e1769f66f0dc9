"""Reads of skills."""

from sqlalchemy.orm import Session

from learning.models import Skill
from learning.queries import skills as queries
from learning.services.skills import install_skills
from people.permissions import HOUSE


def test_inactive_skills_stay_readable_on_old_teachings(session: Session) -> None:
    install_skills(session, HOUSE)
    first, second, *_ = queries.active_skills(session)
    first.active = False
    session.flush()
    found = queries.skills_by_ids(session, [first.id, second.id, 999_999])
    assert set(found) == {first.id, second.id}
    assert first not in queries.active_skills(session)
    assert queries.skills_by_ids(session, []) == {}


def test_a_skill_speaks_both_languages() -> None:
    skill = Skill(name_vi="Thanh toán không dùng tiền mặt", name_en="Paying without cash")
    assert queries.skill_name(skill, "vi") == "Thanh toán không dùng tiền mặt"
    assert queries.skill_name(skill, "en") == "Paying without cash"
