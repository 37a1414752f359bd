"""What the store and the user hear of an error."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from ttsqueue.errors import AudioError, BookError, EngineError, InvalidJob, RateLimited, StoreUnavailable, UnknownVoice
from ttsqueue.retry import AttemptError
from ttsqueue.worker.failure import attempt_error

HALF_A_MINUTE = timedelta(seconds=30)


class OwnError(Exception):
    """As the guide's example has it: an error of the user's service with a code."""

    code = "RATE_LIMIT"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (EngineError("Hoarse."), AttemptError("Hoarse.", "ENGINE_FAILED")),
        (EngineError("No.", code="REFUSED", retryable=False), AttemptError("No.", "REFUSED", retryable=False)),
        (
            RateLimited("Slow down.", retry_after=HALF_A_MINUTE),
            AttemptError("Slow down.", "RATE_LIMIT", retry_after=HALF_A_MINUTE),
        ),
        (InvalidJob("Empty."), AttemptError("Empty.", "invalid_job", retryable=False)),
        (UnknownVoice("Nobody."), AttemptError("Nobody.", "unknown_voice", retryable=False)),
        (BookError("Torn."), AttemptError("Torn.", "unreadable_book", retryable=False)),
        (AudioError("The disk is full."), AttemptError("The disk is full.", "audio_failed")),
        (StoreUnavailable("Locked."), AttemptError("Locked.", "store_unavailable")),
        (OwnError("Too fast."), AttemptError("OwnError: Too fast.", "RATE_LIMIT")),
        (ValueError("first\nsecond"), AttemptError("ValueError: first")),
        (ValueError(), AttemptError("The speech failed (ValueError).")),
        (FileNotFoundError(2, "No such file", "/srv/secret"), AttemptError("FileNotFoundError: No such file")),
        (RuntimeError("see redis://:pw@10.0.0.1/0 now"), AttemptError("RuntimeError: see (hidden) now")),
        (
            ConnectionRefusedError(111, "Connect call failed ('10.0.0.7', 8880)"),
            AttemptError("ConnectionRefusedError: Connect call failed ('(hidden)', 8880)"),
        ),
        (
            RuntimeError("Incorrect API key provided: sk-proj-abcdef; host='10.0.0.7'"),
            AttemptError("RuntimeError: Incorrect API key provided: (hidden) host='(hidden)'"),
        ),
        (asyncio.CancelledError(), AttemptError("The speech stopped by itself before the book was finished.")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_becomes_one_sentence(error: BaseException, told: AttemptError) -> None:
    assert attempt_error(error) == told


def test_a_long_message_is_cut() -> None:
    assert len(attempt_error(ValueError("x " * 5_000)).message) == 300


def test_a_message_without_an_end_and_without_a_space_is_none() -> None:
    assert attempt_error(ValueError("x" * 10_000)).message == "ValueError: (hidden)"
