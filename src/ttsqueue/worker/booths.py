"""Where chapters are spoken: a fixed number of places for all books of a worker, each with an encoder."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from ttsqueue.audio import Encoder


class Booths:
    """Books that wait for a booth get one in turn, so that a long book does not keep a short one waiting."""

    def __init__(self, number: int, temp_folder: Path) -> None:
        self._encoders = [Encoder(temp_folder) for _ in range(number)]
        # The last one used is the first one taken: its child is warm, and the others need none.
        self._free: asyncio.LifoQueue[Encoder] = asyncio.LifoQueue()
        for encoder in self._encoders:
            self._free.put_nowait(encoder)

    async def take(self) -> Encoder:
        """Wait for a free booth; give it back afterwards."""
        return await self._free.get()

    def give_back(self, encoder: Encoder) -> None:
        """Free for the next chapter."""
        self._free.put_nowait(encoder)

    async def aclose(self) -> None:
        """End the encoders' children."""
        async with AsyncExitStack() as children:
            for encoder in self._encoders:
                children.push_async_exit(encoder)
