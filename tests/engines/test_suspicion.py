"""Whether it is the server that fails, or one text."""

from __future__ import annotations

from collections.abc import Callable

from ttsqueue.engines.suspicion import Suspicion


def asked(text_fails: bool, harmless_fails: Callable[[int], bool], most: int = 30, *, slow: bool = False) -> str:
    """What a server is asked for until there is a verdict: T is the text, a the harmless one; ! is the verdict."""
    suspicion, asked = Suspicion(), ""
    while len(asked) < most:
        if suspicion.wants_proof:
            fails = harmless_fails(asked.count("a"))
            asked += "a"
            suspicion.refuted() if fails else suspicion.proved()
        else:
            asked += "T"
            if not text_fails:
                return asked
            suspicion.failed(slow=slow)
            if suspicion.convicts:
                return asked + "!"
    return asked


def test_a_text_is_the_cause_when_the_server_speaks_something_else_twice() -> None:
    assert asked(True, lambda _: False) == "TTTaTaTaT!"


def test_a_text_that_takes_too_long_is_asked_for_twice_in_all() -> None:
    assert asked(True, lambda _: False, slow=True) == "TaT!"


def test_a_server_that_speaks_nothing_convicts_no_text() -> None:
    assert asked(True, lambda _: True, most=40).count("!") == 0


def test_a_server_that_comes_back_and_goes_away_again_convicts_no_text() -> None:
    told = asked(True, lambda number: number % 2 == 1, most=40)
    assert "!" not in told
    assert "TaTaTTT" in told


def test_what_is_spoken_needs_no_proof() -> None:
    assert asked(False, lambda _: True) == "T"
