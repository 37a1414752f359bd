"""A store that does not answer for a while ends nothing: its callers wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ttsqueue.errors import StoreUnavailable
from ttsqueue.worker.log import log

T = TypeVar("T")

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0


class Patience:
    """Tries again until the store answers. However many wait, the log says once that it is away, and once that it is
    back. `meanwhile` tells the operator what happens until then.
    """

    def __init__(self, meanwhile: str) -> None:
        self._meanwhile = meanwhile
        self._away = False

    async def __call__(self, call: Callable[[], Awaitable[T]]) -> T:
        pause = FIRST_PAUSE
        while True:
            try:
                answer = await call()
            except StoreUnavailable as error:
                self.noticed(error)
            else:
                self.answered()
                return answer
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def noticed(self, error: StoreUnavailable) -> None:
        """Somebody asked and got no answer."""
        if not self._away:
            log.warning("%s Until then %s.", error, self._meanwhile)
        self._away = True

    def answered(self) -> None:
        """Somebody asked and got an answer."""
        if self._away:
            log.info("the job store answers again")
        self._away = False
