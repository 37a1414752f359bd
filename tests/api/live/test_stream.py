"""Live events as server-sent events: the same messages, on a real server and a real store."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from tests.api.live.jobs import CALLERS, add_job, claim, complete, expiring
from tests.api.live.server import Message, Running, live_server
from ttsqueue.api.live import feed
from ttsqueue.queue import TTSQueue

OWNER = {"Authorization": "Bearer owner"}


@dataclass(frozen=True)
class Stream:
    """An open one."""

    lines: AsyncIterator[str]

    async def block(self) -> list[str]:
        """The lines up to the next empty one; none at the end of the stream. Within five seconds."""
        block: list[str] = []
        async with asyncio.timeout(5):
            async for line in self.lines:
                if not line and block:
                    break
                block.append(line)
        return block

    async def message(self) -> Message:
        message: Message = json.loads((await self.block())[-1].removeprefix("data: "))
        return message


@asynccontextmanager
async def stream(server: Running, query: str = "", **headers: str) -> AsyncGenerator[Stream, None]:
    async with (
        httpx.AsyncClient() as client,
        client.stream("GET", server.http + query, headers=OWNER | headers) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        opened = Stream(answer.aiter_lines())
        assert await opened.block() == ["retry: 2000"]
        yield opened


async def refused(server: Running, query: str = "", **headers: str) -> tuple[int, str]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(server.http + query, headers=headers)
    return answer.status_code, answer.json()["code"]


async def test_the_current_state_comes_first_then_each_change_and_an_end_after_the_final_one(
    server: Running, queue: TTSQueue, worker: TTSQueue
) -> None:
    job_id = await add_job(queue)
    async with stream(server, f"?jobId={job_id}") as events:
        assert (await events.message())["job"]["status"] == "pending"
        job = await claim(worker)
        assert (await events.message())["job"]["status"] == "processing"
        await complete(worker, job)
        assert (await events.message())["job"]["status"] == "completed"
        assert (await events.block())[:2] == ["event: end", "id: end"]
        assert await events.block() == []


async def test_a_hundred_updates_become_no_more_than_ten_a_second(
    server: Running, queue: TTSQueue, worker: TTSQueue
) -> None:
    job_id = await add_job(queue)
    job = await claim(worker)
    messages = []
    start = time.monotonic()
    async with stream(server, f"?jobId={job_id}") as events:
        for number in range(100):
            await worker.update_progress(job, progress_percent=number)
            await asyncio.sleep(0.009)
        await complete(worker, job)
        while (block := await events.block())[0] != "event: end":
            messages.append(json.loads(block[-1].removeprefix("data: ")))
    assert 5 <= len(messages) <= 10 * (time.monotonic() - start) + 3
    assert messages[-1]["job"]["status"] == "completed"


async def test_a_browser_that_comes_back_after_the_end_is_told_to_stay_away(server: Running) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(server.http, headers=OWNER | {"Last-Event-ID": "end"})
    assert (answer.status_code, answer.content) == (204, b"")


async def test_who_may_not_listen_gets_an_ordinary_error(server: Running, queue: TTSQueue) -> None:
    job_id = await add_job(queue)
    assert await refused(server) == (401, "unauthenticated")
    assert await refused(server, f"?jobId={job_id}", Authorization="Bearer stranger") == (404, "job_not_found")
    assert await refused(server, Cookie="who=owner", Origin="https://evil.example") == (403, "forbidden")
    assert await refused(server, "?ticket=made-up") == (401, "unauthenticated")


async def test_a_ticket_opens_one_stream(server: Running, queue: TTSQueue) -> None:
    await add_job(queue)
    query = f"?ticket={server.live.tickets.make(CALLERS['owner'])}"
    async with stream(server, query, Authorization="") as events:
        assert (await events.message())["type"] == "job"
    assert await refused(server, query) == (401, "unauthenticated")


async def test_the_stream_ends_when_the_identity_expires(queue: TTSQueue) -> None:
    await add_job(queue)
    async with live_server(queue, expiring(1)) as server, stream(server) as events:
        await events.message()
        ended = await events.block()
        assert ended[0] == "event: end"
        assert json.loads(ended[-1].removeprefix("data: "))["reason"] == "expired"
        assert await events.block() == []


async def test_heartbeats_have_a_comment_for_proxies(
    monkeypatch: pytest.MonkeyPatch, server: Running, queue: TTSQueue
) -> None:
    monkeypatch.setattr(feed, "BEAT", 0.1)
    await add_job(queue)
    async with stream(server) as events:
        await events.message()
        assert await events.block() == [": heartbeat", 'data: {"type":"heartbeat"}']


async def test_a_stopping_server_breaks_streams_off_at_once(queue: TTSQueue) -> None:
    await add_job(queue)
    async with live_server(queue, CALLERS) as server, stream(server) as events:
        await events.message()
        start = time.monotonic()
        await server.stop()
        assert time.monotonic() - start < 1
        assert not any("end" in line for line in await events.block())
