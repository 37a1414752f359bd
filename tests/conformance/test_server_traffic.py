"""One server, many workers: together they keep its limits, and use what it allows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, cast

import pytest

from ttsqueue.errors import StoreUnavailable
from ttsqueue.provider import QueueProvider
from ttsqueue.servers.endings import Failed, Limited, Spoken
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.state import ServerState, SpokenCall, state_text
from ttsqueue.servers.traffic import NoTurn, Traffic
from ttsqueue.servers.turns import Go, Wait, asked

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
        with suppress(TimeoutError):  # or the caller hangs up
            await asyncio.wait_for(reader.read(), self.seconds)
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


async def test_who_comes_too_late_for_a_turn_takes_another_and_keeps_nobody_out(
    provider: QueueProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every process is late now and then, and all are at once when the machine is busy."""
    traffic = Traffic(provider, "attic", ServerLimits(max_concurrent=2, calls_per_second=20))
    real_turn, late = traffic._turn, iter([True, True, False] * 4)

    async def turn(*asked: Any) -> tuple[float, Go]:
        at, its_turn = await real_turn(*asked)
        return (at - 1 if next(late, False) else at), its_turn

    monkeypatch.setattr(traffic, "_turn", turn)
    async with asyncio.timeout(10):
        await asyncio.gather(*(_one_call(traffic) for _ in range(10)))
    assert (await traffic.state())[0].calls == 10


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


async def test_a_turn_that_is_cancelled_while_it_is_written_down_leaves_no_permit(
    provider: QueueProvider, other: QueueProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a store has begun to write it writes to its end, whether or not anybody still waits for that."""
    write_note, begun, writes = provider.write_note, asyncio.Event(), list[asyncio.Task[bool]]()

    async def slowly(name: str, text: str, version: int) -> bool:
        await asyncio.sleep(0.2)
        return await write_note(name, text, version)

    async def write_to_the_end(name: str, text: str, version: int) -> bool:
        writes.append(asyncio.create_task(slowly(name, text, version)))
        begun.set()
        return await asyncio.shield(writes[-1])

    monkeypatch.setattr(provider, "write_note", write_to_the_end)
    call = asyncio.create_task(Traffic(provider, "attic", ServerLimits(max_concurrent=1)).call(100).__aenter__())
    await begun.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert all(await asyncio.gather(*writes))
    assert (await Traffic(other, "attic", ServerLimits()).state())[0].permits == ()


async def test_somebody_who_stops_waiting_leaves_no_trace(provider: QueueProvider, other: QueueProvider) -> None:
    limits = ServerLimits(max_concurrent=1)
    async with Traffic(provider, "attic", limits).call(100):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3), Traffic(other, "attic", limits).call(100):
                pass
        state, _ = await Traffic(other, "attic", limits).state()
        assert len(state.permits) == 1


async def test_limits_may_be_changed_while_all_is_running(provider: QueueProvider, other: QueueProvider) -> None:
    """Also for those who wait already, within a second or so; and back."""
    of_file = ServerLimits(calls_per_minute=1)
    traffic, operator = Traffic(provider, "attic", of_file), Traffic(other, "attic", of_file)
    async with traffic.call(100):
        pass
    waiter = asyncio.create_task(_one_call(traffic))
    await asyncio.sleep(0.3)
    assert not waiter.done()
    begun = monotonic()
    await operator.set_limits(ServerLimits(calls_per_second=100))
    await waiter
    assert monotonic() - begun < 2
    assert (await traffic.state())[0].limits == ServerLimits(calls_per_second=100)
    await _one_call(traffic)
    await operator.set_limits(None)
    await _one_call(traffic)
    with pytest.raises(NoTurn):
        async with traffic.call(100, patience=0.5):
            pass


async def _one_call(traffic: Traffic) -> None:
    async with traffic.call(100) as call:
        call.ending = Spoken(SpokenCall(100, 0.1, 6.0))


async def test_who_cannot_wait_for_so_long_is_told_at_once(provider: QueueProvider, other: QueueProvider) -> None:
    told, waiting = (Traffic(store, "attic", ServerLimits()) for store in (provider, other))
    async with told.call(100) as call:
        call.ending = Limited(retry_after=3000)
    begun = monotonic()
    with pytest.raises(NoTurn) as refusal:
        async with waiting.call(100, patience=600):
            pass
    assert refusal.value.paused == pytest.approx(3000, abs=5)
    assert monotonic() - begun < 1


async def test_somebody_in_line_behind_others_of_the_same_process_gives_up_in_time(provider: QueueProvider) -> None:
    traffic = Traffic(provider, "attic", ServerLimits(max_concurrent=1))
    async with traffic.call(100):
        first = asyncio.create_task(_one_call(traffic))
        await asyncio.sleep(0.1)
        begun = monotonic()
        with pytest.raises(NoTurn):
            async with traffic.call(100, patience=0.3):
                pass
        assert 0.2 < monotonic() - begun < 1
    await first


async def test_a_killed_process_keeps_nobody_out(store: Store, provider: QueueProvider) -> None:
    """Whoever runs on the same machine sees that it is dead, and need not wait until its permit has lapsed."""
    traffic = Traffic(provider, "attic", ServerLimits(max_concurrent=1))
    async with recorder(seconds=60) as (record, port), children_on(store, 1) as (child,):
        await child.start("call_server", port=port, number=1, limits={"max_concurrent": 1})
        async with asyncio.timeout(20):
            while not record.starts:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        with pytest.raises(NoTurn):
            async with traffic.call(100, patience=0.2):
                pass
        await child.kill()
        async with asyncio.timeout(5):
            await _one_call(traffic)


async def test_a_process_that_lives_keeps_its_permit_for_as_long_as_it_calls(
    store: Store, provider: QueueProvider
) -> None:
    traffic = Traffic(provider, "attic", ServerLimits(max_concurrent=1))
    async with recorder(seconds=60) as (record, port), children_on(store, 1) as (child,):
        await child.start("call_server", port=port, number=1, limits={"max_concurrent": 1}, lasts=2.0)
        async with asyncio.timeout(20):
            while not record.starts:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await asyncio.sleep(2.5)
        with pytest.raises(NoTurn):
            async with traffic.call(100, patience=0.2):
                pass
        await child.kill()  # or it would call for a minute


async def test_a_clock_that_was_set_back_keeps_nobody_waiting(provider: QueueProvider) -> None:
    traffic = Traffic(provider, "attic", ServerLimits(max_concurrent=1))
    _, now = await traffic.state()
    an_hour_ahead = ServerState(next_call_at=now + 3600, paused_until=now + 3600.5, written_at=now + 3600)
    note = await provider.note("server:attic")
    assert await provider.write_note(note.name, state_text(an_hour_ahead), note.version)
    assert 0 < await traffic.pause() <= 0.5
    async with asyncio.timeout(5):
        await _one_call(traffic)
    state, now = await traffic.state()
    assert now - 5 < state.written_at <= now


class Away:
    """A store that goes away when it is told to; all else is the real one."""

    def __init__(self, store: QueueProvider) -> None:
        self._store = store
        self.is_away = False

    def __getattr__(self, name: str) -> Any:
        if self.is_away:
            raise StoreUnavailable("The store is away.")
        return getattr(self._store, name)


async def test_a_store_that_is_away_is_waited_for_and_costs_no_sound(
    provider: QueueProvider, other: QueueProvider
) -> None:
    away = Away(provider)
    traffic = Traffic(cast("QueueProvider", away), "attic", ServerLimits(max_concurrent=1))
    async with traffic.call(100) as call:
        away.is_away = True
        call.ending = Limited(retry_after=1.5)
    waiter = asyncio.create_task(_one_call(traffic))
    await asyncio.sleep(0.5)
    assert not waiter.done()
    assert await traffic.delay() == 0
    assert len((await Traffic(other, "attic", ServerLimits()).state())[0].permits) == 1
    away.is_away = False
    begun = monotonic()
    await asyncio.wait_for(waiter, 8)
    assert monotonic() - begun > 1, "how the call ended was told as soon as the store was back"
    state, _ = await traffic.state()
    assert (state.permits, state.limited, state.calls) == ((), 1, 2)
