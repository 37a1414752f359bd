"""The store's clock is set back, or another computer with another clock takes the store over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ttsqueue.servers.clock import by_clock
from ttsqueue.servers.endings import Failed, Limited, ended
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.report import ServerReport
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.state import Condition, Permit, ServerState, state_of, state_text
from ttsqueue.servers.turns import Go, Wait, asked

NOW = 1_000_000.0
SET_BACK = NOW - 3600
LIMITS = ServerLimits(max_concurrent=1, calls_per_minute=60)


def test_who_asks_after_the_clock_was_set_back_waits_no_longer_than_before() -> None:
    state, _ = asked(ServerState(), LIMITS, 100, "a", NOW)
    state = replace(ended(state, "a", Limited(), NOW, 1.0), written_at=NOW)
    state, turn = asked(by_clock(state, SET_BACK), LIMITS, 100, "b", SET_BACK)
    assert isinstance(turn, Wait)
    assert turn.paused == 0.5
    assert isinstance(asked(by_clock(state, SET_BACK), LIMITS, 100, "b", SET_BACK + 1.08)[1], Go)


def test_what_a_server_asked_for_holds_by_the_clock_that_was_set_back() -> None:
    state = by_clock(ServerState(paused_until=NOW + 1800, written_at=NOW), SET_BACK)
    assert state.paused_until == SET_BACK + 1800


def test_the_place_of_a_worker_that_died_is_free_in_time_by_the_clock_that_was_set_back() -> None:
    state = by_clock(ServerState(permits=(Permit("a", NOW + 30),), written_at=NOW), SET_BACK)
    assert isinstance(asked(state, LIMITS, 100, "b", SET_BACK + 29)[1], Wait)
    assert isinstance(asked(state, LIMITS, 100, "b", SET_BACK + 31)[1], Go)


def test_operators_read_since_when_by_the_clock_that_was_set_back() -> None:
    state = ServerState()
    for ago in (120, 60, 0):
        state = ended(state, "a", Failed("HTTP 500"), NOW - ago, 1.0)
    report = ServerReport(
        SpeechServer("attic", "openai", ""), by_clock(replace(state, written_at=NOW), NOW - 10), NOW - 10
    )
    assert report.condition is Condition.OPEN
    assert report.now - report.state.failing_since == 120
    assert report.state.last_trouble
    assert report.now == report.state.last_trouble.at


@pytest.mark.parametrize("text", [state_text(ServerState(paused_until=NOW)), ""], ids=["no time", "nothing"])
def test_a_state_that_does_not_say_when_it_was_written_stays_as_it_is(text: str) -> None:
    assert by_clock(state_of(text), SET_BACK) == state_of(text)


def test_a_clock_that_goes_on_changes_nothing() -> None:
    state = ServerState(permits=(Permit("a", NOW + 30),), paused_until=NOW + 5, written_at=NOW)
    assert by_clock(state, NOW) is state
    assert by_clock(state, NOW + 1) is state
