"""The states of a teaching: the table of moves, and what follows from it."""

import pytest

from referrals.states import COUNTED, MOVES, WAITING, State, is_final, may_move

ALLOWED = {
    ("recorded", "confirmed"),
    ("recorded", "disputed"),
    ("recorded", "returned"),
    ("recorded", "expired"),
    ("recorded", "voided"),
    ("confirmed", "disputed"),
    ("confirmed", "voided"),
    ("disputed", "confirmed"),
    ("disputed", "returned"),
    ("disputed", "voided"),
    ("returned", "recorded"),
    ("returned", "voided"),
    ("expired", "recorded"),
    ("expired", "voided"),
}


@pytest.mark.parametrize("start", list(State))
@pytest.mark.parametrize("end", list(State))
def test_every_pair_of_states_is_decided(start: State, end: State) -> None:
    assert may_move(start, end) is ((start.value, end.value) in ALLOWED)


def test_the_table_speaks_of_every_state_and_cannot_be_changed() -> None:
    assert set(MOVES) == set(State)
    with pytest.raises(TypeError):
        MOVES[State.VOIDED] = (State.RECORDED,)  # type: ignore[index]


def test_anything_can_still_be_voided_and_voided_is_the_only_end() -> None:
    assert [state for state in State if is_final(state)] == [State.VOIDED]
    assert all(may_move(state, State.VOIDED) for state in State if state is not State.VOIDED)


def test_what_waits_is_not_over_and_does_not_count_yet() -> None:
    assert not any(is_final(state) for state in WAITING)
    assert not WAITING & COUNTED


@pytest.mark.parametrize(("start", "end"), [("recorded", "lost"), ("", "voided")])
def test_a_word_that_is_no_state_is_a_mistake(start: str, end: str) -> None:
    with pytest.raises(ValueError, match="not a valid State"):
        may_move(start, end)
