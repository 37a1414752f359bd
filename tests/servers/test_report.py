"""What operators are told about a server."""

from __future__ import annotations

import pytest

from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.server_view import server_view
from ttsqueue.servers.state import Permit, SpokenCall, Trouble
from ttsqueue.servers.words import calls, condition, figure, last_trouble, limits_in_words, number

from .samples import NOW, SECRETS, report


def test_a_server_that_nobody_has_called_yet_is_up_and_has_no_figures() -> None:
    fresh = report()
    assert (condition(fresh), calls(fresh), last_trouble(fresh)) == ("up", "0 of 4", "-")
    assert fresh.pace(50) is fresh.pace(95) is fresh.real_time_factor is None


def test_figures_are_those_of_the_last_calls() -> None:
    recent = tuple(SpokenCall(500, second, 10.0) for second in range(1, 21))
    told = report(recent=recent)
    assert (told.pace(50), told.pace(95)) == (20.0, 38.0)
    assert told.real_time_factor == pytest.approx(sum(range(1, 21)) / 200)
    assert report(recent=recent[:1]).pace(95) == 2.0


def test_a_call_of_a_word_or_two_says_nothing_about_a_thousand_characters() -> None:
    short = SpokenCall(1, 0.4, 0.2)
    assert report(recent=(short, SpokenCall(500, 2, 10.0))).pace(95) == 4.0
    assert report(recent=(short,)).pace(50) is None


def test_places_of_calls_that_ended_by_themselves_are_free() -> None:
    told = report(permits=(Permit("a", NOW + 1), Permit("b", NOW - 1)))
    assert calls(told) == "1 of 4"
    assert calls(report(limits=ServerLimits())) == "0"


def test_a_state_is_told_with_how_long() -> None:
    assert condition(report(refusals=1, paused_until=NOW + 90)) == "limited for 2 min"
    assert condition(report(refusals=1, paused_until=NOW - 1)) == "up"
    assert condition(report(failures=3, failing_since=NOW - 7200)) == "open for 2 h"
    assert last_trouble(report(last_trouble=Trouble("HTTP 503", NOW - 3))) == "HTTP 503, 3 s ago"


def test_limits_are_told_as_people_say_them() -> None:
    assert limits_in_words(ServerLimits()) == "no limit"
    assert limits_in_words(ServerLimits(4, 0.5, 50, 250_000.0)) == (
        "4 at once, 0.5 calls a second, 50 calls a minute, 250,000 characters a minute"
    )
    assert [number(value) for value in (10, 100, 0.25, 1234.5)] == ["10", "100", "0.25", "1,234.5"]
    assert [figure(value, " s") for value in (None, 0.034, 2.0, 12.4, 1234.0)] == [
        *("-", "0.034 s", "2 s", "12 s", "1,234 s")
    ]


def test_json_names_neither_address_nor_key() -> None:
    told = server_view(report(limits=ServerLimits(), last_trouble=Trouble("HTTP 503", NOW)))
    assert told["lastError"] == {"message": "HTTP 503", "at": "2027-01-15T08:00:00.000Z"}
    assert told["limits"]["maxConcurrent"] is None
    assert not [secret for secret in SECRETS if secret in str(told)]
