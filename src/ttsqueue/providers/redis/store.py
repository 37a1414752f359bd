"""One open store: a lane for writes, one for reads, and those who wait for what the writes bring."""

from __future__ import annotations

import logging
from datetime import timedelta

from ttsqueue.errors import StoreTooNew
from ttsqueue.providers.redis.adoption import Adoption
from ttsqueue.providers.redis.condition import Condition, condition
from ttsqueue.providers.redis.connection import connect
from ttsqueue.providers.redis.lane import Lane
from ttsqueue.providers.redis.lines import Lines
from ttsqueue.providers.redis.listening import Listening
from ttsqueue.providers.redis.missing import Missing
from ttsqueue.providers.redis.schema import SCHEMA_VERSION, USABLE_FROM, schema_state
from ttsqueue.providers.redis.wire import Wire
from ttsqueue.providers.waiting import Waiting
from ttsqueue.providers.watching import Watching

_log = logging.getLogger("ttsqueue.redis")


class Store:
    """Belongs to the event loop in which it was made."""

    def __init__(
        self, url: str, token: str | None, lock_for: timedelta, patience: timedelta, look_every: timedelta
    ) -> None:
        """For news we wait so long in one call; what nobody tells is looked for so often."""
        self._url = url
        self._client = connect(url, token)
        lines = Lines()
        self.writing = Lane(self._client, lines)
        self.reading = Lane(connect(url, token), lines)
        self.adoption = Adoption(self.writing, lock_for)
        wire = Wire(connect(url, token), patience.total_seconds() + 10, lines)
        missing = Missing(self.reading, self.adoption, look_every)
        self._listening = Listening(wire, self.reading, self._heard, self._missed, self.adoption, missing, patience)
        self.waiting = Waiting(self._listening)
        self.watching = Watching(self._listening)

    async def open(self) -> None:
        """StoreUnavailable, StoreTooNew."""
        state = await schema_state(self.reading)
        if state.is_too_new:
            raise StoreTooNew("The queue in this Redis was made by a newer ttsqueue; upgrade ttsqueue to use it.")
        if state.is_behind:
            await self.writing.run("install", {"version": SCHEMA_VERSION, "usable_from": USABLE_FROM})

        for danger in (await self.condition()).dangers:
            _log.warning(danger)

    async def condition(self) -> Condition:
        """StoreUnavailable."""
        return await condition(self._client, self._url)

    async def aclose(self) -> None:
        self.watching.end()
        self.waiting.end()
        await self._listening.aclose()
        await self.writing.aclose()
        await self.reading.aclose()

    def _missed(self) -> None:
        self.watching.look_again()
        self.waiting.wake()

    def _heard(self, job_ids: frozenset[str], wakes: bool) -> None:
        self.watching.tell(job_ids)
        if wakes:
            self.waiting.wake()
