"""The worker: claims jobs, runs a handler on each, and gives back what is running when it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from ttsqueue.beside import beside
from ttsqueue.errors import StoreError
from ttsqueue.provider import QueueProvider
from ttsqueue.queue import Handler, TTSQueue
from ttsqueue.worker.duty import repeat
from ttsqueue.worker.lease_keeper import LeaseKeeper
from ttsqueue.worker.log import log
from ttsqueue.worker.options import WorkerOptions
from ttsqueue.worker.patience import Patience
from ttsqueue.worker.registration import Registration
from ttsqueue.worker.shelter import Shelter
from ttsqueue.worker.slots import PARTING, Slots
from ttsqueue.worker.upkeep import Upkeep

SHORTEST_WAIT = 0.05
"""Seconds; a job may become due between an empty claim and the look at when the next one is."""


async def run_worker(
    queue: TTSQueue, handler: Handler, options: WorkerOptions, on_ready: Callable[[str], None] | None = None
) -> None:
    """Run `handler` on job after job until this task is cancelled. `on_ready` gets the name of the worker.

    On the first cancellation every running job is given back with its finished chapters; a second one, while that
    goes on, abandons it. A handler must not block the event loop: heartbeats run on it, and a job without one for
    `stuck_after` goes to another worker. Blocking work belongs into `asyncio.to_thread`.
    """
    patience = Patience("running jobs go on and no new ones start")
    registration = Registration(queue, options)
    keeper = LeaseKeeper(queue.provider, options.heartbeat_interval)
    upkeep = Upkeep(queue, keeper, options.stuck_after, options.poll_interval)
    slots = Slots(queue, handler, options.slots, keeper, patience)
    try:
        await patience(registration.enter)
        async with beside(
            repeat(keeper.look, keeper.period, patience),
            repeat(registration.say_alive, options.heartbeat_interval.total_seconds(), patience),
            repeat(upkeep.round, upkeep.period, patience),
        ):
            if on_ready is not None:
                on_ready(registration.name)
            try:
                shelter = Shelter()
                await shelter.run(_work(queue.provider, slots, registration, options, patience, shelter))
            finally:
                await slots.give_back()
    finally:
        await _leave(registration)


async def _work(
    provider: QueueProvider,
    slots: Slots,
    registration: Registration,
    options: WorkerOptions,
    patience: Patience,
    shelter: Shelter,
) -> None:
    longest = options.poll_interval.total_seconds()

    async def claim() -> int:
        with shelter:  # a claim that was cut off would leave jobs that nobody speaks
            return await slots.claim(registration.name)

    while True:
        await slots.free()
        try:
            if not await patience(claim):
                await patience(lambda: _wait_for_work(provider, longest))
        except Exception:
            log.exception("claiming failed; it is tried again")
            await asyncio.sleep(longest)


async def _wait_for_work(provider: QueueProvider, longest: float) -> None:
    due = await provider.next_due()
    timeout = longest if due is None else min(longest, due.total_seconds())
    if timeout < SHORTEST_WAIT and await provider.is_paused():
        timeout = longest
    await provider.wait_for_work(max(timeout, SHORTEST_WAIT))


async def _leave(registration: Registration) -> None:
    with suppress(StoreError, TimeoutError):
        async with asyncio.timeout(PARTING):
            await registration.leave()
