"""A thread that serves the event loop: errands are handed over in batches, and answered in one call.

Of many callers, all that one turn of the loop brings goes over together: with one by one, the thread would start on
the first while the loop still runs, and the two would fight for the interpreter lock, at a quarter of the speed.

The way to the thread and back takes a lone caller as long as a commit on a quick disk. While the thread is idle, a
lone errand is therefore offered to `serve_here` first, which serves it on the loop if that takes no waiting.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Generic, TypeVar

from ttsqueue.errors import StoreUnavailable

LARGEST_BATCH = 500
"""More would make the first of them wait too long."""

C = TypeVar("C")
T = TypeVar("T")


@dataclass(slots=True)
class Errand(Generic[C]):
    """One piece of work, and what became of it."""

    work: Callable[[C], object]
    future: asyncio.Future[object]
    result: object = None
    error: Exception | None = None


class Lane(Generic[C]):
    """Belongs to the event loop in which it was made. Errands are served in order.

    `serve` fills in result or error of each errand; `end` runs in the thread after the last one. `serve_here` does
    as `serve` on the loop's own thread, or refuses with False; the two never run at the same time.
    """

    def __init__(
        self,
        name: str,
        serve: Callable[[Sequence[Errand[C]]], None],
        end: Callable[[], None] = lambda: None,
        serve_here: Callable[[Errand[C]], bool] = lambda _: False,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._collected: list[Errand[C]] = []
        self._under_way = 0
        self._queue: SimpleQueue[list[Errand[C]] | None] = SimpleQueue()
        self._serve = serve
        self._end = end
        self._serve_here = serve_here
        self._pid = os.getpid()
        self._closed = False
        self._ended = self._loop.create_future()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def run(self, work: Callable[[C], T]) -> asyncio.Future[T]:
        """Queue the work at once; the future brings its result. A caller that goes away does not stop it."""
        if self._closed:
            raise StoreUnavailable("The job store is closed; open it before using it.")
        if os.getpid() != self._pid:
            raise StoreUnavailable("This process was forked after the job store was opened; open a new one in it.")
        future: asyncio.Future[T] = self._loop.create_future()
        self._collected.append(Errand(work, future))  # type: ignore[arg-type]
        if len(self._collected) == 1:
            self._loop.call_soon(self._hand_over)
        return future

    async def aclose(self) -> None:
        """Serve what waits, then end the thread."""
        if not self._closed:
            self._closed = True
            self._hand_over()
            self._queue.put(None)
        if os.getpid() == self._pid:
            await asyncio.shield(self._ended)

    def _hand_over(self) -> None:
        if not self._collected:
            return
        batch, self._collected = self._collected, []
        is_idle, self._under_way = not self._under_way, self._under_way + len(batch)
        if is_idle and len(batch) == 1 and self._serve_here(batch[0]):
            self._answer(batch)
        else:
            self._queue.put(batch)

    def _run(self) -> None:
        open_for_more = True
        while open_for_more:
            waiting = [self._queue.get(), *(self._queue.get() for _ in range(self._queue.qsize()))]
            open_for_more = None not in waiting
            self._serve_all([errand for batch in waiting if batch is not None for errand in batch])
        self._end()
        self._tell(self._ended.set_result, None)

    def _serve_all(self, errands: Sequence[Errand[C]]) -> None:
        for start in range(0, len(errands), LARGEST_BATCH):
            batch = errands[start : start + LARGEST_BATCH]
            self._serve(batch)
            self._tell(self._answer, batch)

    def _tell(self, call: Callable[..., object], argument: object) -> None:
        with suppress(RuntimeError):  # the loop has gone: nobody waits for the answer
            self._loop.call_soon_threadsafe(call, argument)

    def _answer(self, batch: Sequence[Errand[C]]) -> None:
        self._under_way -= len(batch)
        for errand in batch:
            if errand.future.done():
                continue
            if errand.error is None:
                errand.future.set_result(errand.result)
            else:
                errand.future.set_exception(errand.error)
