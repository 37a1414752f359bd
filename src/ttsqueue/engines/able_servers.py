"""The servers that have a voice, and which of them is asked for the next piece."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence

from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.traffic import Traffic

Place = tuple[SpeechServer, Traffic]
"""A server, and all calls to it."""

_PASSED_OVER = 60.0
"""Seconds for which a server that refused a voice is not asked for it, while there is another."""


class AbleServers:
    """For one piece of text. A server that refused it is not asked for it again."""

    def __init__(self, places: Sequence[Place], passed_over: dict[str, float]) -> None:
        """`passed_over` is what all pieces in this voice share: until when, by the monotonic clock, of which server."""
        self._left = list(places)
        self._passed_over = passed_over

    @property
    def willing(self) -> list[Place]:
        """All that are left, when every one of them refused another piece lately."""
        now = time.monotonic()
        return [place for place in self._left if self._passed_over.get(place[0].name, now) <= now] or self._left

    @property
    def is_one(self) -> bool:
        """Nobody else can be asked."""
        return len(self.willing) == 1

    def refused_by(self, server: SpeechServer) -> bool:
        """Whether there is another one left to ask."""
        self._passed_over[server.name] = time.monotonic() + _PASSED_OVER
        self._left = [place for place in self._left if place[0] is not server]
        return bool(self._left)

    async def soonest(self) -> Place:
        """Chance decides between equals, or pieces that start together would all stand in line at the first."""
        able = self.willing
        if len(able) == 1:
            return able[0]
        delays = await asyncio.gather(*(traffic.delay() for _, traffic in able))
        return min(zip(delays, able, strict=True), key=lambda pair: (pair[0], random.random()))[1]  # noqa: S311

    async def pause(self) -> float:
        """Seconds until one may be asked again."""
        return min(await asyncio.gather(*(traffic.pause() for _, traffic in self.willing)))

    async def away_for(self) -> float:
        """Seconds for which all have been away; zero while one is not."""
        return min(await asyncio.gather(*(traffic.away_for() for _, traffic in self.willing)))
