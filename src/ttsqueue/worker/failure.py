"""What went wrong, as far as the job is concerned. Pure."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from ttsqueue.errors import BookError, EngineError, InvalidJob, LimitReached, TTSQueueError
from ttsqueue.retry import AttemptError
from ttsqueue.secrets import without_secrets
from ttsqueue.text import storable

_LONGEST = 300


def attempt_error(error: BaseException) -> AttemptError:
    """What the store, the user and the log are told. Never a stack trace: the log shows that by itself."""
    told = _told(error)
    return replace(told, message=storable(told.message))


def for_the_log(told: AttemptError) -> str:
    """Without the sentence that it quotes: whoever reads logs reads no books."""
    return told.message.partition(': "')[0]


def _told(error: BaseException) -> AttemptError:
    match error:
        case EngineError():
            return AttemptError(str(error), error.code, error.retryable, getattr(error, "retry_after", None))
        case InvalidJob() | BookError():
            return AttemptError(str(error), error.code, retryable=False)
        case LimitReached():
            return AttemptError(str(error), error.code, retry_after=error.retry_after)
        case TTSQueueError():
            return AttemptError(str(error), error.code)
        case asyncio.CancelledError():
            return AttemptError("The speech stopped by itself before the book was finished.")
        case _:
            code = getattr(error, "code", None)
            return AttemptError(_sentence(error), code if isinstance(code, str) else None)


def _sentence(error: BaseException) -> str:
    """The first line, short and without secrets; of system errors the reason alone, since they name paths."""
    said = error.strerror or "" if isinstance(error, OSError) else str(error)
    line = without_secrets(said.strip().partition("\n")[0])
    return f"{type(error).__name__}: {line}"[:_LONGEST] if line else f"The speech failed ({type(error).__name__})."
