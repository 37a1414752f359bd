"""Who may call a server, and when."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import inf

import pytest

from ttsqueue.servers.endings import Abandoned, Answered, Ending, Failed, Limited, Spoken, ended
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.state import Condition, Permit, ServerState, SpokenCall, state_of, state_text
from ttsqueue.servers.turns import PERMIT_LASTS, Go, Wait, asked, renewed

NOW = 1_000_000.0
SPOKEN = Spoken(SpokenCall(characters=100, seconds=0.5, audio_seconds=6.0))


def ask(
    state: ServerState, limits: ServerLimits, now: float = NOW, characters: int = 100, who: str = "a"
) -> ServerState:
    after, turn = asked(state, limits, characters, who, now)
    assert isinstance(turn, Go), turn
    return after


def end(state: ServerState, ending: Ending, now: float = NOW, who: str = "a", chance: float = 1.0) -> ServerState:
    return ended(state, who, ending, now, chance)


def after_failures(number: int, now: float = NOW) -> ServerState:
    """One after the other, the last of them now."""
    state = ServerState()
    for ago in reversed(range(number)):
        state = end(state, Failed(), now - 60 * ago)
    return state


@pytest.mark.parametrize(
    ("limits", "seconds"),
    [
        (ServerLimits(), 0.0),
        (ServerLimits(max_concurrent=1), 0.0),
        (ServerLimits(calls_per_second=10), 0.1),
        (ServerLimits(calls_per_minute=30), 2.0),
        (ServerLimits(characters_per_minute=6000), 1.0),
        (ServerLimits(calls_per_second=10, calls_per_minute=30, characters_per_minute=6000), 2.0),
    ],
)
def test_calls_are_spread_evenly_by_the_tightest_limit(limits: ServerLimits, seconds: float) -> None:
    assert limits.spacing(characters=100) == pytest.approx(seconds, rel=0.081)
    assert limits.spacing(characters=100) >= seconds
    assert ask(ServerState(), limits).next_call_at == NOW + limits.spacing(characters=100)


def test_a_server_without_limits_takes_any_number_of_calls_at_once() -> None:
    state = ServerState()
    for number in range(50):
        state, turn = asked(state, ServerLimits(), 100, str(number), NOW)
        assert turn == Go(0.0, inf)
    assert len(state.permits) == 50


def test_the_next_call_is_promised_for_its_time_when_that_is_near() -> None:
    state = ask(ServerState(), ServerLimits(calls_per_second=10))
    after, turn = asked(state, ServerLimits(calls_per_second=10), 100, "b", NOW)
    assert isinstance(turn, Go)
    assert turn.seconds == pytest.approx(0.108)
    assert after.next_call_at == pytest.approx(NOW + 0.216)


def test_who_must_wait_for_long_holds_no_place_meanwhile() -> None:
    limits = ServerLimits(calls_per_minute=6, max_concurrent=4)
    state = ask(ServerState(), limits)
    after, turn = asked(state, limits, 100, "b", NOW)
    assert isinstance(turn, Wait)
    assert 0 < turn.seconds <= 1
    assert after == state


def test_no_more_calls_run_at_once_than_the_server_takes() -> None:
    limits = ServerLimits(max_concurrent=2)
    state = ask(ask(ServerState(), limits, who="a"), limits, who="b")
    assert isinstance(asked(state, limits, 100, "c", NOW)[1], Wait)
    assert ask(end(state, SPOKEN, who="b"), limits, who="c").permits == (
        Permit("a", NOW + PERMIT_LASTS),
        Permit("c", NOW + PERMIT_LASTS),
    )


def test_the_place_of_a_worker_that_died_is_free_after_a_while_and_a_renewed_one_is_not() -> None:
    limits = ServerLimits(max_concurrent=1)
    state = ask(ServerState(), limits)
    later = NOW + PERMIT_LASTS + 1
    assert isinstance(asked(renewed(state, "a", NOW + 20), limits, 100, "b", later)[1], Wait)
    assert [permit.id for permit in ask(state, limits, later, who="b").permits] == ["b"]


def test_retry_after_holds_everybody_back_for_as_long_as_the_server_said() -> None:
    state = end(ask(ServerState(), ServerLimits()), Limited(retry_after=7.0))
    assert state.paused_until == NOW + 7
    assert isinstance(asked(state, ServerLimits(), 100, "b", NOW + 6)[1], Wait)
    assert asked(state, ServerLimits(), 100, "b", NOW + 7)[1] == Go(0.0, inf)
    assert state.condition(NOW + 6) is Condition.LIMITED
    assert state.condition(NOW + 8) is Condition.UP


def test_without_retry_after_each_429_in_a_row_waits_longer_up_to_half_a_minute() -> None:
    state, pauses = ServerState(), []
    for _ in range(12):
        state = end(replace(state, paused_until=0), Limited())
        pauses.append(state.paused_until - NOW)
    assert pauses[:4] == [0.5, 1, 2, 4]
    assert max(pauses) == 30
    assert end(state, SPOKEN).refusals == 0
    assert state.limited == 12


def test_a_server_that_asks_for_a_week_is_asked_again_after_an_hour() -> None:
    assert end(ServerState(), Limited(604_800.0)).paused_until == NOW + 3600


def test_half_of_a_pause_is_left_to_chance() -> None:
    pauses = [end(ServerState(), Limited(), chance=chance).paused_until - NOW for chance in (0.0, 1.0)]
    assert pauses == [0.25, 0.5]


def test_calls_that_fail_together_do_not_shorten_the_pause_of_the_first() -> None:
    state = end(ServerState(), Limited(retry_after=20.0))
    assert end(state, Failed()).paused_until == NOW + 20


def in_flight(calls: int) -> ServerState:
    state = ServerState()
    for number in range(calls):
        state = ask(state, ServerLimits(), who=str(number))
    return state


def all_end(state: ServerState, ending: Ending, now: float = NOW, chance: float = 1.0) -> ServerState:
    for permit in state.permits:
        state = end(state, ending, now, permit.id, chance)
    return state


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_calls_that_are_refused_together_are_one_refusal(chance: float) -> None:
    state = all_end(in_flight(8), Limited(), chance=chance)
    assert (state.refusals, state.limited) == (1, 8)
    assert state.paused_until - NOW <= 0.5
    assert end(state, Limited(), state.paused_until).refusals == 2


def test_what_a_server_asks_for_counts_also_when_another_call_was_refused_just_before() -> None:
    assert end(end(ServerState(), Limited()), Limited(retry_after=7.0)).paused_until == NOW + 7


def test_calls_that_one_blip_cuts_are_one_failure() -> None:
    state = all_end(in_flight(8), Failed())
    assert (state.failures, state.failed) == (1, 8)
    assert not state.is_open
    assert state.paused_until - NOW <= 0.5


def test_calls_that_hang_together_for_minutes_are_no_blip() -> None:
    assert all_end(in_flight(3), Failed(was_slow=True)).is_open


@pytest.mark.parametrize("seconds", [0.0, 0.3, 2.0])
def test_a_server_at_which_every_call_fails_is_open_soon_with_any_number_of_calls_in_flight(seconds: float) -> None:
    """Eight at a time, each of which takes so long to fail."""
    state, now, calls = ServerState(), NOW, dict[str, float]()
    while not state.is_open:
        for who in [who for who, ends in calls.items() if ends <= now]:
            del calls[who]
            state = end(state, Failed(), now, who)
        state, turn = asked(state, ServerLimits(max_concurrent=8), 100, f"at {now}", now)
        if isinstance(turn, Go):
            calls[f"at {now}"] = now + turn.seconds + seconds
        now += 0.05
    assert now - NOW < 2 + 3 * seconds


def test_three_failures_in_a_row_open_the_circuit_and_an_answer_closes_it() -> None:
    assert after_failures(2).condition(NOW) is Condition.UP
    broken = after_failures(3)
    assert broken.condition(NOW) is Condition.OPEN
    for ending in (SPOKEN, Answered(), Limited()):
        assert not end(broken, ending).is_open
    assert end(broken, Abandoned()).is_open


def test_an_open_circuit_lets_one_probe_through_at_a_time_and_at_most_one_in_a_second() -> None:
    state, now, probes = after_failures(3), NOW, []
    while now < NOW + 120:
        state, turn = asked(state, ServerLimits(max_concurrent=8), 100, "probe", now)
        if isinstance(turn, Go):
            probes.append(now + turn.seconds)
            assert isinstance(asked(state, ServerLimits(), 100, "other", now + turn.seconds)[1], Wait)
            state = end(state, Failed(), now + turn.seconds, "probe", chance=0.0)
        now += 0.05
    assert len(probes) > 4
    assert min(later - earlier for earlier, later in pairwise(probes)) >= 1.0


def test_two_who_came_too_late_for_their_turns_do_not_wait_for_each_other() -> None:
    state = replace(after_failures(3), permits=(Permit("a", NOW + 20), Permit("b", NOW + 20)))
    waiting, turn = asked(state, ServerLimits(), 100, "a", NOW + 10)
    assert isinstance(turn, Wait)
    assert [permit.id for permit in ask(waiting, ServerLimits(), NOW + 10, who="b").permits] == ["b"]


def test_a_late_turn_is_one_that_comes_nearer_to_the_next_than_half_way() -> None:
    for limits, tolerance in (
        (ServerLimits(calls_per_minute=6), 5.4),
        (ServerLimits(calls_per_second=100), 0.05),
        (ServerLimits(max_concurrent=1), inf),
    ):
        turn = asked(ServerState(), limits, 100, "a", NOW)[1]
        assert isinstance(turn, Go)
        assert turn.tolerance == pytest.approx(tolerance)


def test_what_we_hung_up_on_says_nothing_about_the_server() -> None:
    state = ask(ServerState(), ServerLimits())
    assert end(state, Abandoned()) == replace(state, permits=())


def test_limits_that_an_operator_set_win_over_those_of_the_file() -> None:
    state = ServerState(limits=ServerLimits(calls_per_second=1))
    assert ask(state, ServerLimits(calls_per_second=100)).next_call_at == pytest.approx(
        NOW + ServerLimits(calls_per_second=1).spacing(0)
    )


def test_a_state_comes_back_from_its_text_and_what_a_newer_version_added_is_left_out() -> None:
    state = end(ask(ask(ServerState(limits=ServerLimits(4, 10.5)), ServerLimits()), ServerLimits(), who="b"), SPOKEN)
    assert state_of(state_text(state)) == state
    assert state_of('{"mood": "fine", ' + state_text(state)[1:]) == state
    assert state_of("") == ServerState()


def test_the_text_of_a_busy_server_stays_small() -> None:
    state = ServerState()
    for number in range(500):
        state = end(ask(state, ServerLimits(), who=str(number)), SPOKEN, who=str(number))
    assert len(state_text(state)) < 6000
