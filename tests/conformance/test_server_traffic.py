"""One server, many workers: together they keep its limits, and use what it allows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

import pytest

from ttsqueue.provider import QueueProvider
from ttsqueue.servers.endings import Failed, Limited
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.traffic import Traffic
from ttsqueue.servers.turns import Wait, asked

from .processes import children_on
from .store import Store


@dataclass
class Recorder:
    """A server that notes when it is called, and takes its time."""

    seconds: float
    starts: list[float] = field(default_factory=list)
    now_busy: int = 0
    most_busy: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(3)
        self.starts.append(monotonic())
        self.now_busy += 1
        self.most_busy = max(self.most_busy, self.now_busy)
        await asyncio.sleep(self.seconds)
        self.now_busy -= 1
        writer.close()

    @property
    def most_in_a_second(self) -> int:
        return max(sum(start <= other < start + 1 for other in self.starts) for start in self.starts)

    @property
    def per_second(self) -> float:
        """Of the calls after the first."""
        return (len(self.starts) - 1) / (self.starts[-1] - self.starts[0])


@asynccontextmanager
async def recorder(seconds: float) -> AsyncIterator[tuple[Recorder, int]]:
    record = Recorder(seconds)
    server = await asyncio.start_server(record.serve, "127.0.0.1", 0)
    async with server:
        yield record, server.sockets[0].getsockname()[1]


async def call_from_four_processes(store: Store, port: int, calls: int, limits: dict[str, float]) -> None:
    async with children_on(store, 4) as children:
        each = calls // len(children)
        await asyncio.gather(*(child.ask("call_server", port=port, number=each, limits=limits) for child in children))


@pytest.mark.parametrize("calls", [pytest.param(60, id="short"), pytest.param(400, id="long", marks=pytest.mark.drill)])
async def test_four_workers_keep_the_limits_of_a_server_and_use_nine_tenths_of_them(store: Store, calls: int) -> None:
    async with recorder(seconds=0.2) as (record, port):
        await call_from_four_processes(store, port, calls, {"max_concurrent": 4, "calls_per_second": 10})
    assert len(record.starts) == calls
    assert record.most_busy <= 4
    assert record.most_in_a_second <= 11
    assert record.per_second >= 9


async def test_a_server_that_is_slow_is_kept_busy_and_not_more_than_that(store: Store) -> None:
    async with recorder(seconds=0.3) as (record, port):
        await call_from_four_processes(store, port, 24, {"max_concurrent": 2})
    assert record.most_busy == 2
    assert record.per_second >= 0.7 * 2 / 0.3


async def test_what_one_worker_is_told_holds_all_of_them_back(provider: QueueProvider, other: QueueProvider) -> None:
    told, waiting = (Traffic(store, "attic", ServerLimits()) for store in (provider, other))
    async with told.call(100) as call:
        call.ending = Limited(retry_after=0.8)
    begun = monotonic()
    async with waiting.call(100):
        assert 0.7 < monotonic() - begun < 1.6


async def test_after_three_failures_anywhere_everybody_leaves_the_server_alone(
    provider: QueueProvider, other: QueueProvider
) -> None:
    for store in (provider, other, provider):
        async with Traffic(store, "attic", ServerLimits()).call(100) as call:
            call.ending = Failed()
    state, now = await Traffic(other, "attic", ServerLimits()).state()
    assert state.is_open
    assert state.calls == state.failed == 3
    assert isinstance(asked(state, ServerLimits(), 100, "next", now)[1], Wait)


async def test_a_call_that_is_cancelled_gives_its_place_back(provider: QueueProvider, other: QueueProvider) -> None:
    limits = ServerLimits(max_concurrent=1)
    held, waiting = Traffic(provider, "attic", limits), Traffic(other, "attic", limits)

    async def hold() -> None:
        async with held.call(100):
            await asyncio.sleep(60)

    holder = asyncio.create_task(hold())
    await asyncio.sleep(0.2)
    assert len((await held.state())[0].permits) == 1
    waiter = asyncio.create_task(waiting.call(100).__aenter__())
    await asyncio.sleep(0.2)
    assert not waiter.done()
    holder.cancel()
    await asyncio.wait_for(waiter, 2)


async def test_somebody_who_stops_waiting_leaves_no_trace(provider: QueueProvider, other: QueueProvider) -> None:
    limits = ServerLimits(max_concurrent=1)
    async with Traffic(provider, "attic", limits).call(100):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3), Traffic(other, "attic", limits).call(100):
                pass
        state, _ = await Traffic(other, "attic", limits).state()
        assert len(state.permits) == 1


async def test_limits_may_be_changed_while_all_is_running(provider: QueueProvider, other: QueueProvider) -> None:
    traffic = Traffic(provider, "attic", ServerLimits(calls_per_minute=1))
    async with traffic.call(100):
        pass
    await Traffic(other, "attic", ServerLimits()).set_limits(ServerLimits(calls_per_second=100))
    state, _ = await traffic.state()
    assert state.limits == ServerLimits(calls_per_second=100)
