"""Real workers speak real books by a real TTS server: they keep its limits, and its troubles cost no attempt."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.engines.remote import Remote, remote_server, servers_toml
from tests.worker.at_work import final
from tests.worker.processes import worker_process
from tests.worker.samples import book_of
from ttsqueue.book import VoiceSettings
from ttsqueue.jobs import Job, JobStatus, NewJob
from ttsqueue.provider import QueueProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.traffic import Traffic

from .store import Store

log = logging.getLogger(__name__)

WORKERS = 4
LIMITS = ("max_concurrent = 4", "calls_per_second = 10")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


def settings_of(store: Store) -> dict[str, str]:
    match store.kind.name:
        case "redis":
            return {"QUEUE_PROVIDER": "redis", "REDIS_URL": store.url}
        case "sqlite":
            return {"DATABASE_URL": f"sqlite:///{store.url}"}
        case _:
            return {"DATABASE_URL": store.url}


@asynccontextmanager
async def workers_at(store: Store, data: Path, number: int = WORKERS, **more: str) -> AsyncIterator[None]:
    settings = {**settings_of(store), "TTSQUEUE_CHAPTERS": "2", **more}
    async with AsyncExitStack() as stack:
        await asyncio.gather(
            *(stack.enter_async_context(worker_process(data, f"worker-{n}", **settings)) for n in range(number))
        )
        yield


def books(sentences: int, number: int = WORKERS) -> list[NewJob]:
    """Every sentence is a chapter, and so a call of its own."""
    each = sentences // number
    return [
        replace(
            book_of([f"On night {at} of year {year} the lamp was lit." for at in range(each)]),
            voice_settings=VoiceSettings("openai:bella"),
        )
        for year in range(number)
    ]


async def spoken(queue: TTSQueue, jobs: Sequence[NewJob], within: float = 120) -> list[Job]:
    ids = [await queue.add_job(job) for job in jobs]
    return await asyncio.gather(*(final(queue, job_id, within) for job_id in ids))


def check_whole(jobs: Sequence[Job], wanted: Sequence[NewJob]) -> None:
    """Completed at the first attempt, with every chapter."""
    assert [(job.status, job.attempts) for job in jobs] == [(JobStatus.COMPLETED, 1)] * len(jobs)
    assert [len(job.result.audio_file_ids) for job in jobs if job.result] == [len(job.chapters) for job in wanted]


def most_within_a_second(starts: Sequence[float]) -> int:
    """In any second, as the server saw it."""
    return max((sum(start <= other < start + 1 for other in starts) for start in starts), default=0)


def rate(starts: Sequence[float]) -> float:
    """Calls a second, from the first to the last; in a short run the beginning weighs a lot."""
    return (len(starts) - 1) / (max(starts) - min(starts))


# On a busy machine calls reach the server later than they set out, and closer together: the drill has it to itself.
@pytest.mark.parametrize(
    ("calls", "most", "least"),
    [pytest.param(60, 13, 5, id="short"), pytest.param(400, 11, 9, id="long", marks=pytest.mark.drill)],
)
async def test_four_workers_keep_the_limits_of_a_server_and_use_nine_tenths_of_them(
    store: Store, provider: QueueProvider, data: Path, calls: int, most: int, least: float
) -> None:
    wanted = books(calls)
    with remote_server() as remote:
        (data / "servers.toml").write_text(servers_toml(remote, *LIMITS))
        await remote.told(reads=60, seconds=0.2)
        async with workers_at(store, data):
            jobs = await spoken(TTSQueue(provider), wanted, within=calls)
        seen = await remote.record()
    starts = [call["at"] for call in seen["calls"]]
    within, per_second = most_within_a_second(starts), rate(starts)
    log.info("%d calls: %d at once, %d within a second, %.2f a second", calls, seen["most_busy"], within, per_second)
    log.info("seconds between starts: %s", [round(later - sooner, 2) for sooner, later in pairwise(sorted(starts))])
    check_whole(jobs, wanted)
    assert len(starts) == calls
    assert seen["most_busy"] <= 4
    assert within <= most
    assert per_second >= least


@pytest.mark.parametrize("down", [pytest.param(6, id="short"), pytest.param(60, id="long", marks=pytest.mark.drill)])
async def test_a_server_that_is_down_in_the_middle_costs_no_attempt_and_is_probed_once_a_second(
    store: Store, provider: QueueProvider, data: Path, down: float
) -> None:
    wanted = books(80)
    with remote_server() as remote:
        (data / "servers.toml").write_text(servers_toml(remote, *LIMITS))
        await remote.told(reads=60, seconds=0.2, down=(3, down))
        async with workers_at(store, data):
            await remote.told(reads=60, seconds=0.2, down=(3, down))
            jobs = await spoken(TTSQueue(provider), wanted, within=down + 60)
        seen = await remote.record()
    refused = sorted(call["at"] for call in seen["calls"] if call["trick"] == "status 503")
    # Those that were under way when it went down, then three that opened the circuit.
    probes = refused[WORKERS + 3 :]
    back = min(call["at"] for call in seen["calls"] if call["at"] > seen["down"][1]) - seen["down"][1]
    words = "down for %d s: %d refusals, %d probes, at most %d of them within a second, a call %.1f s after it was back"
    log.info(words, down, len(refused), len(probes), most_within_a_second(probes), back)
    check_whole(jobs, wanted)
    assert len(probes) >= down / 6 - 1
    assert most_within_a_second(probes) <= 1
    assert back < 8


async def test_a_server_that_is_gone_and_comes_back_costs_no_attempt(
    store: Store, provider: QueueProvider, data: Path
) -> None:
    wanted = books(40)
    with remote_server() as remote:
        (data / "servers.toml").write_text(servers_toml(remote, *LIMITS))
        await remote.told(reads=60, seconds=0.2)
        async with workers_at(store, data, 2):
            speaking = asyncio.create_task(spoken(TTSQueue(provider), wanted))
            await asyncio.sleep(2)
            remote.kill()
            await asyncio.sleep(3)
            remote.start()
            check_whole(await speaking, wanted)
        state, _ = await Traffic(provider, "attic", ServerLimits()).state()
    assert state.failed > 0
    assert state.last_trouble is not None
    assert state.last_trouble.words.startswith("it ")


async def test_any_number_of_429_costs_no_attempt(store: Store, provider: QueueProvider, data: Path) -> None:
    wanted = books(12, 1)
    with remote_server() as remote:
        (data / "servers.toml").write_text(servers_toml(remote, *LIMITS))
        await remote.told(*["busy 0.6", "busy", "speak", "busy 0", "busy tomorrow"] * 2)
        async with workers_at(store, data, 1):
            check_whole(await spoken(TTSQueue(provider), wanted), wanted)
        state, _ = await Traffic(provider, "attic", ServerLimits()).state()
    assert state.limited == 8


@pytest.mark.drill
async def test_a_killed_worker_takes_nobody_else_s_place_for_long(
    store: Store, provider: QueueProvider, data: Path
) -> None:
    """Its place is free for whoever asks next, and the book is spoken by another."""
    (wanted,) = books(3, 1)
    queue = TTSQueue(provider, stuck_after=timedelta(seconds=1))
    with remote_server() as remote:
        (data / "servers.toml").write_text(servers_toml(remote, "max_concurrent = 1"))
        await remote.told(seconds=30)
        async with worker_process(data, "first", **settings_of(store)) as first:
            job_id = await queue.add_job(wanted)
            await has_calls(remote, 1)
            await first.kill()
        await remote.told()
        assert len((await Traffic(provider, "attic", ServerLimits()).state())[0].permits) == 1
        await asyncio.sleep(1.1)
        assert await queue.reset_stuck_jobs() == 1
        async with workers_at(store, data, 1):
            job = await final(queue, job_id, within=45)
    assert job.status is JobStatus.COMPLETED


async def has_calls(remote: Remote, number: int) -> None:
    async with asyncio.timeout(20):
        while len((await remote.record())["calls"]) < number:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
