"""Every error this package raises, in one tree.

TTSQueueError
├── SettingsError             a setting is wrong; the program stops before it starts
├── InvalidJob                what was handed in cannot become a job
│   ├── UnknownVoice          ... because no engine here has that voice
│   └── TooCostly             ... because it costs more than may be spent in a day
├── JobNotFound
├── NotCancellable            the job has completed or failed already
├── NotRetryable              the job has not failed and was not cancelled
├── NotDeletable              the job is still waiting or being spoken
├── DuplicateJob              the same book is already waiting or being spoken for this user
├── IdempotencyMismatch       the same Idempotency-Key came with another body
├── LeaseLost                 the job was taken away: stop, nothing more can be written
├── LeaseRequired             a bare job id, and this object did not claim that job
├── WorkerNameTaken           another live process registered under this name
├── KeyNameTaken              there is a server key of this name already
├── ServerNotFound            servers.toml names no TTS server so
├── Unauthenticated           HTTP: nobody we know, or a token that is forged or has expired
├── Forbidden                 HTTP: somebody we know, who may not do this
├── LimitReached              a limit of this user, or of all together; `retry_after` says when to come back
├── TooLarge                  HTTP: more bytes than the server takes
├── StoreError
│   ├── StoreUnavailable      the store does not answer, is locked, or is full
│   └── StoreTooNew           the store was made by a newer version
├── BookError                 a book file cannot be read; the message names the reason
├── EngineError               speech failed; `code` says how, `retryable` whether later may be better
│   ├── RateLimited           the engine or server asked us to slow down
│   └── TextRefused           the voice does not take this text, and will say so again
└── AudioError                sound could not be encoded, joined or stored
    └── AlreadyStored         ... because a file of this id is there

`code` is the machine word that REST and the CLI show; the message is a sentence for a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta


class TTSQueueError(Exception):
    """Anything that can go wrong in ttsqueue."""

    code = "internal_error"


class SettingsError(TTSQueueError):
    """A setting is missing, malformed or contradicts another."""

    code = "bad_setting"


class InvalidJob(TTSQueueError):
    """The job is well-formed but wrong: speed 99, two chapters with one id, no text at all."""

    code = "invalid_job"


class UnknownVoice(InvalidJob):
    """No engine here has that voice; the message names some that exist."""

    code = "unknown_voice"


class TooCostly(InvalidJob):
    """It costs more than the ceiling of a whole day; waiting does not help."""

    code = "too_costly"


class JobNotFound(TTSQueueError):
    """There is no job with this id."""

    code = "job_not_found"

    def __init__(self, job_id: str) -> None:
        super().__init__(f"There is no job {job_id}.")
        self.job_id = job_id


class NotCancellable(TTSQueueError):
    """A job that has completed or failed cannot be cancelled."""

    code = "not_cancellable"

    def __init__(self, job_id: str, status: str) -> None:
        super().__init__(f"Job {job_id} is already {status} and cannot be cancelled.")
        self.job_id = job_id
        self.status = status


class NotRetryable(TTSQueueError):
    """Only failed and cancelled jobs can be retried."""

    code = "not_retryable"

    def __init__(self, job_id: str, status: str) -> None:
        super().__init__(f"Job {job_id} is {status}; only failed and cancelled jobs can be retried.")
        self.job_id = job_id
        self.status = status


class NotDeletable(TTSQueueError):
    """Only jobs in a final state can be deleted."""

    code = "not_deletable"

    def __init__(self, job_id: str, status: str) -> None:
        super().__init__(f"Job {job_id} is {status}; cancel it before deleting it.")
        self.job_id = job_id
        self.status = status


class DuplicateJob(TTSQueueError):
    """The caller already has an active job for these chapters; `job_id` and `status` name it."""

    code = "duplicate_job"

    def __init__(self, job_id: str, status: str) -> None:
        super().__init__(f"This book is already {status} as job {job_id}.")
        self.job_id = job_id
        self.status = status


class IdempotencyMismatch(TTSQueueError):
    """The same Idempotency-Key was used within 24 hours with another body."""

    code = "idempotency_mismatch"

    def __init__(self, key: str) -> None:
        super().__init__(f"The Idempotency-Key {key!r} was already used with a different request.")
        self.key = key


class LeaseLost(TTSQueueError):
    """The job was reset, taken over, cancelled or retried: this worker may write nothing more."""

    code = "lease_lost"

    def __init__(self, job_id: str) -> None:
        super().__init__(f"Job {job_id} is no longer held by this worker.")
        self.job_id = job_id


class LeaseRequired(TTSQueueError):
    """A job id alone works only on the TTSQueue object that claimed the job."""

    code = "lease_required"

    def __init__(self, job_id: str) -> None:
        super().__init__(f"This object did not claim job {job_id}; pass the job that claim_next_job returned.")
        self.job_id = job_id


class WorkerNameTaken(TTSQueueError):
    """Another worker is registered under this name."""

    code = "worker_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"A worker named {name} is already registered.")
        self.name = name


class KeyNameTaken(TTSQueueError):
    """Another server key has this name, or is the same key."""

    code = "key_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a key named {name} already; choose another name, or remove that key first.")
        self.name = name


class ServerNotFound(TTSQueueError):
    """servers.toml names no TTS server so; the message names those that there are."""

    code = "server_not_found"

    def __init__(self, name: str, there_are: Iterable[str]) -> None:
        names = ", ".join(there_are)
        super().__init__(f"There is no TTS server {name!r}; " + (f"there are {names}." if names else "there is none."))


class Unauthenticated(TTSQueueError):
    """The request names nobody, or its token is forged, expired or meant for another server."""

    code = "unauthenticated"


class Forbidden(TTSQueueError):
    """We know who asks, and they may not do this."""

    code = "forbidden"


class LimitReached(TTSQueueError):
    """A limit of this user, or of all together, is used up; `retry_after` says when asking again may help."""

    code = "limit_reached"

    def __init__(self, message: str, *, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooLarge(TTSQueueError):
    """The body has more bytes than the server takes."""

    code = "too_large"


class StoreError(TTSQueueError):
    """The job store failed."""

    code = "store_error"


class StoreUnavailable(StoreError):
    """The store does not answer, is locked by another program, or its disk is full."""

    code = "store_unavailable"


class StoreTooNew(StoreError):
    """The store's schema was made by a newer version of ttsqueue; nothing was touched."""

    code = "store_too_new"


class BookError(TTSQueueError):
    """A book cannot be read; the message names the reason and, where there is one, the way out."""

    code = "unreadable_book"


class EngineError(TTSQueueError):
    """Speech failed. `code` tells how; `retryable` tells whether a later try may go better."""

    code = "ENGINE_FAILED"
    retryable = True

    def __init__(self, message: str, *, code: str | None = None, retryable: bool | None = None) -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.retryable = type(self).retryable if retryable is None else retryable


class RateLimited(EngineError):
    """The engine asked us to slow down; `retry_after` is its own wish, if it named one."""

    code = "RATE_LIMIT"

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TextRefused(EngineError):
    """A server or model does not take this text; the message is its reason. Or any text: another one tells."""

    code = "REFUSED"
    retryable = False


class AudioError(TTSQueueError):
    """Sound could not be encoded, joined or stored."""

    code = "audio_failed"


class AlreadyStored(AudioError):
    """A file is never replaced."""

    def __init__(self, file_id: str) -> None:
        super().__init__(f"The file {file_id} exists already.")
