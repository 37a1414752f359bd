"""Live events when there are many listeners, slow ones, and ones that mean harm."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.api.live.jobs import CALLERS, OWNER, add_job, claim, complete, since_expiry
from tests.api.live.server import EVENTS, Running, closing_code, next_message
from ttsqueue.api.caller import Caller
from ttsqueue.api.live import tickets
from ttsqueue.queue import TTSQueue
from ttsqueue.result import ChapterSound, FinishedChapter, JobResult

SOCKETS = 200
LARGE = 1_000
"""Chapters of a result that is some 300 kB as JSON."""
BOOKS = 30


async def last_message(socket: ClientConnection) -> str:
    """Of a connection that the server closes in good order."""
    messages = [text async for text in socket]
    assert socket.close_code == 1000
    return str(messages[-1])


async def test_two_hundred_pages_all_learn_the_end(server: Running, queue: TTSQueue, worker: TTSQueue) -> None:
    job_id = await add_job(queue)
    job = await claim(worker)
    pages = await asyncio.gather(*(server.socket(f"?jobId={job_id}") for _ in range(SOCKETS)))
    for percent in range(10, 30):
        await worker.update_progress(job, progress_percent=percent)
    await complete(worker, job)
    async with asyncio.timeout(10):
        last = await asyncio.gather(*(last_message(page) for page in pages))
    assert {json.loads(text)["job"]["status"] for text in last} == {"completed"}


async def test_a_finished_chapter_is_told_even_if_nothing_else_of_the_job_changes(
    server: Running, queue: TTSQueue, worker: TTSQueue
) -> None:
    job_id = await add_job(queue)
    job = await claim(worker)
    async with server.socket(f"?jobId={job_id}") as page:
        before = await next_message(page)
        await worker.provider.save_chapter(job.lease, FinishedChapter(1, "audio-2", 12.5))
        assert await next_message(page) == before


def write_buffers(server: Running) -> list[int]:
    """Bytes that wait in this process for readers."""
    protocols = server.server.server_state.connections
    return [protocol.transport.get_write_buffer_size() for protocol in protocols]


async def test_a_reader_that_takes_nothing_costs_one_message_and_then_gets_the_newest_states(
    server: Running, queue: TTSQueue, worker: TTSQueue
) -> None:
    spoken = [await add_job(queue) for _ in range(BOOKS)]
    sounds = tuple(ChapterSound(f"ch{n}", os.urandom(100).hex(), "audio", 0.0, 1.0) for n in range(LARGE))
    result = JobResult((), 1.0, chapters=sounds)
    for _ in range(BOOKS - 1):
        await worker.complete_job(await claim(worker), result)
    last = await claim(worker)
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    host, port = server.host.split(":")
    narrow.connect((host, int(port)))
    slow = connect(
        f"ws://{server.host}{EVENTS}",
        sock=narrow,
        additional_headers={"Authorization": "Bearer owner"},
        compression=None,
        max_queue=1,
    )
    async with slow as page:
        while not max(write_buffers(server)):  # noqa: ASYNC110 - until all buffers on the way are full
            await asyncio.sleep(0.01)
        for percent in range(10, 60):
            await worker.update_progress(last, progress_percent=percent)
            await asyncio.sleep(0.02)
        await complete(worker, last)
        most = max(write_buffers(server))
        told: defaultdict[str, list[str]] = defaultdict(list)
        while len(told) < BOOKS or told[last.id][-1] != "completed":
            job = (await next_message(page))["job"]
            told[job["id"]].append(job["status"])
    assert set(told) == set(spoken)
    assert len(told[last.id]) <= 3
    assert most < 1_000_000


async def test_a_ticket_that_came_too_late_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, server: Running
) -> None:
    monkeypatch.setattr(tickets, "LIFETIME", -0.1)
    late = server.live.tickets.make(CALLERS["owner"])
    async with server.socket(f"?ticket={late}", who=None) as page:
        assert await closing_code(page) == 4401
        assert "older than" in (page.close_reason or "")


async def test_a_connection_by_ticket_ends_when_the_token_behind_it_expires(server: Running, queue: TTSQueue) -> None:
    await add_job(queue)
    caller = Caller(OWNER, expires_at=datetime.now(UTC) + timedelta(seconds=1))
    async with server.socket(f"?ticket={server.live.tickets.make(caller)}", who=None) as page:
        await next_message(page)
        assert await closing_code(page) == 1008
        assert timedelta(0) < since_expiry(caller) < timedelta(seconds=1)


@pytest.mark.parametrize("garbage", [b"\xff" * 200, b"\x81\x05hello", b"\x81\x82\0\0\0\0\xff\xfe", os.urandom(4_000)])
async def test_bytes_that_are_no_websocket_end_that_connection_and_no_other(
    server: Running, queue: TTSQueue, worker: TTSQueue, garbage: bytes
) -> None:
    job_id = await add_job(queue)
    async with server.socket(f"?jobId={job_id}") as good, server.socket(f"?jobId={job_id}") as bad:
        await next_message(good)
        await next_message(bad)
        bad.transport.write(garbage)
        bad.transport.write(bytes(20))
        assert await closing_code(bad) != 1000
        await complete(worker, await claim(worker))
        while (await next_message(good))["job"]["status"] != "completed":
            pass
        assert await closing_code(good) == 1000
