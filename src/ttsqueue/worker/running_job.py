"""One claimed job on its way through a handler, and how its attempt ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from enum import Enum, auto
from time import monotonic
from typing import Any

from ttsqueue.errors import LeaseLost
from ttsqueue.jobs import ClaimedJob
from ttsqueue.queue import Handler, TTSQueue
from ttsqueue.result import JobResult
from ttsqueue.worker.failure import attempt_error, for_the_log
from ttsqueue.worker.log import log
from ttsqueue.worker.patience import Patience

GRACE = 1.0
"""Seconds that a handler has to stop once it is cancelled."""

Result = JobResult | Mapping[str, Any]


class Stop(Enum):
    """Why we stop a handler."""

    HAND_BACK = auto()
    """The worker stops."""
    LOST = auto()
    """The job was cancelled or taken away."""


class RunningJob:
    """The handler runs in a task of its own: whatever it does to that task, the worker lives on."""

    def __init__(
        self, queue: TTSQueue, handler: Handler, job: ClaimedJob, patience: Patience, on_over: Callable[[], None]
    ) -> None:
        """`on_over` is called when the handler ends."""
        self.job = job
        self._queue = queue
        self._patience = patience
        self._on_over = on_over
        self._began = monotonic()
        self._why: Stop | None = None
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._speech = asyncio.create_task(self._speak(handler))

    @property
    def is_at_work(self) -> bool:
        """Whether the handler is."""
        return not self._speech.done()

    def stop(self, why: Stop) -> None:
        """Cancel the handler; the first reason counts."""
        if self._why is not None:
            return
        self._why = why
        self._speech.cancel()
        self._speech.add_done_callback(lambda _: self._end())  # one that was never begun
        asyncio.get_running_loop().call_later(GRACE, self._end)

    async def run(self) -> None:
        """Wait for the handler, then settle. Raises nothing."""
        await self._over
        try:
            await self._settle()
        except LeaseLost:
            self._let_go()
        except Exception:
            log.exception("the end of job %s could not be recorded", self.job.id)

    async def _settle(self) -> None:
        error = _error_of(self._speech)
        if self._why is Stop.LOST:
            self._let_go()
        elif error is None:
            await self._complete(self._speech.result())
        elif self._why is Stop.HAND_BACK:
            await self._hand_back()
        else:
            await self._fail(error)

    async def _complete(self, result: Result) -> None:
        try:
            await self._patience(lambda: self._queue.complete_job(self.job, result))
        except LeaseLost:
            raise
        except Exception as error:  # a handler of the user's may return anything
            await self._fail(error)
        else:
            log.info("finished job %s in %.1f s", self.job.id, monotonic() - self._began)

    async def _fail(self, error: BaseException) -> None:
        told = attempt_error(error)
        settled = await self._patience(
            lambda: self._queue.fail_job(self.job, told.message, told.retryable, told.retry_after, told.code)
        )
        # Our own errors say it all; of others the operator needs to see where they came from.
        trace = error if told.code is None else None
        log.warning(
            "an attempt failed, job %s is %s: %s", self.job.id, settled.status, for_the_log(told), exc_info=trace
        )

    async def _hand_back(self) -> None:
        await self._patience(lambda: self._queue.hand_back(self.job))
        log.info("handed back job %s", self.job.id)

    def _let_go(self) -> None:
        self._queue.forget(self.job.lease)
        log.info("job %s was cancelled or taken away; stopped speaking it", self.job.id)

    async def _speak(self, handler: Handler) -> Result:
        try:
            return await _spoken(handler, self.job)
        finally:
            self._end()

    def _end(self) -> None:
        if not self._over.done():
            self._over.set_result(None)
            self._on_over()


async def _spoken(handler: Handler, job: ClaimedJob) -> Result:
    try:
        result = await handler(job)
    except SystemExit as error:
        raise RuntimeError(f"The handler called sys.exit({error.code!r}).") from error
    if not isinstance(result, JobResult | Mapping):
        raise TypeError(f"The handler must return a JobResult or a mapping like it, not {type(result).__name__}.")
    return result


def _error_of(speech: asyncio.Task[Result]) -> BaseException | None:
    """CancelledError also stands for a handler that does not stop."""
    if not speech.done() or speech.cancelled():
        return asyncio.CancelledError()
    return speech.exception()
