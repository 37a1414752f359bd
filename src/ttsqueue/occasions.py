"""When should whoever watches one job look at it?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

Changes = AsyncGenerator[frozenset[str], None]


async def occasions(job_id: str, changes: Changes, longest_silence: float) -> AsyncGenerator[bool, None]:
    """True when the job may have changed; False when nothing was heard of it for so many seconds.

    Ends with `changes`, and closes it.
    """
    async with aclosing(changes):
        hint = asyncio.create_task(_next_hint(job_id, changes))
        try:
            while True:
                await asyncio.wait([hint], timeout=longest_silence)
                if not hint.done():
                    yield False
                elif hint.result():
                    hint = asyncio.create_task(_next_hint(job_id, changes))
                    yield True
                else:
                    return
        finally:
            hint.cancel()
            await asyncio.gather(hint, return_exceptions=True)


async def _next_hint(job_id: str, changes: Changes) -> bool:
    """Wait until this job was named, or nobody knows which. False when nothing will be told any more."""
    async for changed in changes:
        if not changed or job_id in changed:
            return True
    return False
