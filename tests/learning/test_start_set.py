"""The start set itself: complete in both languages, short enough for a chip."""

from learning.start_set import START_SET

NAMED_BY_THE_PROGRAMME = {"public_services", "payment", "health", "identity", "safety", "searching"}


def test_the_start_set() -> None:
    codes = [skill.code for skill in START_SET]
    assert len(set(codes)) == len(codes)
    assert set(codes) >= NAMED_BY_THE_PROGRAMME
    for skill in START_SET:
        assert skill.name_vi != skill.name_en
        assert 0 < len(skill.name_vi) <= 45
        assert 0 < len(skill.name_en) <= 45
        assert len(skill.code) <= 40
