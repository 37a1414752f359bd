"""What a worker does beside its jobs: again and again, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ttsqueue.errors import StoreUnavailable
from ttsqueue.worker.log import log
from ttsqueue.worker.patience import Patience


async def repeat(duty: Callable[[], Awaitable[None]], period: float, patience: Patience) -> None:
    """Do it at once and then every `period` seconds, until cancelled. An error is logged and ends nothing."""
    while True:
        try:
            await duty()
            patience.answered()
        except StoreUnavailable as error:
            patience.noticed(error)
        except Exception:
            log.exception("a duty of the worker failed; it is tried again")
        await asyncio.sleep(period)
