"""What goes wrong with the server, in words for the one who runs it."""

from __future__ import annotations

from ssl import SSLCertVerificationError

from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    MasterDownError,
    MovedError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer

from ttsqueue.errors import StoreUnavailable, TTSQueueError

_SILENT = "does not answer; check that the server runs and that REDIS_URL names it"

_FULL = "max number of clients reached"
"""What a new connection is told; for redis-py a connection that fails."""

_NO_RIGHT = "can't run this command"
"""What a script is told."""

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (AuthenticationError, "refuses the user name or password in REDIS_URL or REDIS_TOKEN"),
    (BusyLoadingError, "is still loading its data; try again in a moment"),
    (ReadOnlyError, "takes no writes; point REDIS_URL at the primary"),
    (MasterDownError, "has lost its primary; point REDIS_URL at the primary"),
    (OutOfMemoryError, "is full; give it more memory, and the maxmemory-policy noeviction"),
    (NoPermissionError, "refuses us a command that we need; see docs/bullmq.md for the rights"),
    (NoAnswer, _SILENT),
    (NoConnection, _SILENT),
    (OSError, _SILENT),
)


_PASSING = ("OOM", "MISCONF", "NOREPLICAS", "READONLY")
"""In what a script raised: troubles of the server."""

_OF_A_REPLICA = ("-READONLY ", "UNBLOCKED ")


def is_passing(error: BaseException) -> bool:
    """Whether the same call may succeed in a moment, on a new connection. It may have been done, too."""
    is_about_us = isinstance(error, AuthenticationError) and not isinstance(error, BusyLoadingError)
    if _distrust(error):
        return False
    return is_from_a_replica(error) or (isinstance(error, NoConnection | NoAnswer | OSError) and not is_about_us)


def is_from_a_replica(answer: object) -> bool:
    """Whether the server has become one, as the primary does after a failover. Redis 6 says so within the error of a
    script, and to whom it has wait for news.
    """
    is_said = isinstance(answer, ReadOnlyError | MasterDownError)
    return is_said or (isinstance(answer, ResponseError) and any(word in str(answer) for word in _OF_A_REPLICA))


def is_refusal(error: BaseException) -> bool:
    """Whether the server cannot do this very call: what comes after it may well be done."""
    cause = error.__cause__
    is_of_the_script = type(cause) is ResponseError and "user_script" in str(cause)
    return is_of_the_script and not any(word in str(cause) for word in (_NO_RIGHT, *_PASSING))


def explained(error: Exception) -> Exception:
    """What the caller gets to see: StoreUnavailable for trouble with the server, else the error itself."""
    if isinstance(error, TTSQueueError) or not isinstance(error, RedisError | OSError):
        return error
    unavailable = StoreUnavailable(f"Redis {_reason(error)}.")
    unavailable.__cause__ = error
    return unavailable


def _distrust(error: BaseException | None) -> SSLCertVerificationError | None:
    """It lies somewhere below what redis-py makes of it."""
    while error is not None and not isinstance(error, SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error


def _reason(error: Exception) -> str:
    if isinstance(error, MovedError):
        return f"has the queue on another node of the cluster; point REDIS_URL at {error.host}:{error.port}"
    if distrust := _distrust(error):
        return f"has a certificate that we cannot trust ({distrust.verify_message}); see docs/bullmq.md, TLS"
    if isinstance(error, ResponseError) and _NO_RIGHT in str(error):
        error = NoPermissionError(str(error))
    if isinstance(error, ResponseError) and "OOM" in str(error):
        error = OutOfMemoryError(str(error))
    if isinstance(error, ResponseError) and "-READONLY" in str(error):
        error = ReadOnlyError(str(error))
    if _FULL in str(error):
        return "has as many clients as it allows; raise maxclients: each of our programs needs three connections"
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return f"refused a command: {error}"
