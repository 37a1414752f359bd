"""Live events over WebSocket, on a real server and a real store."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from websockets.exceptions import InvalidStatus

from tests.api.live.jobs import CALLERS, OWNER, STRANGER, add_job, claim, complete, expiring, since_expiry
from tests.api.live.server import Message, Running, closing_code, live_server, next_message
from ttsqueue.api.caller import Caller
from ttsqueue.api.live import feed
from ttsqueue.errors import LimitReached
from ttsqueue.queue import TTSQueue


async def messages_until_close(socket: object) -> list[Message]:
    return [json.loads(text) async for text in socket]  # type: ignore[attr-defined]


async def test_the_current_state_comes_first_then_each_change_and_the_final_one_ends_it(
    server: Running, queue: TTSQueue, worker: TTSQueue
) -> None:
    job_id = await add_job(queue)
    async with server.socket(f"?jobId={job_id}") as socket:
        first = await next_message(socket)
        assert (first["type"], first["job"]["id"], first["job"]["status"]) == ("job", job_id, "pending")
        assert first["position"] == 0
        job = await claim(worker)
        second = await next_message(socket)
        assert (second["job"]["status"], second["position"]) == ("processing", None)
        await complete(worker, job)
        last = await next_message(socket)
        assert (last["job"]["status"], last["job"]["progressPercent"]) == ("completed", 100)
        assert await closing_code(socket) == 1000


async def test_a_hundred_updates_become_no_more_than_ten_a_second_and_the_last_one_is_right(
    server: Running, queue: TTSQueue, worker: TTSQueue
) -> None:
    job_id = await add_job(queue)
    job = await claim(worker)
    begin = time.monotonic()
    async with server.socket(f"?jobId={job_id}") as socket:
        for number in range(100):
            await worker.update_progress(job, progress_percent=number, current_chapter=1)
            await asyncio.sleep(0.009)
        await complete(worker, job)
        messages = await messages_until_close(socket)
    seconds = time.monotonic() - begin
    percents = [message["job"]["progressPercent"] for message in messages]
    assert 5 <= len(messages) <= 10 * seconds + 3
    assert percents == sorted(percents)
    assert messages[-1]["job"]["status"] == "completed"


async def test_a_change_arrives_in_less_than_a_tenth_of_a_second(
    server: Running, queue: TTSQueue, worker: TTSQueue
) -> None:
    job_id = await add_job(queue)
    job = await claim(worker)
    async with server.socket(f"?jobId={job_id}") as socket:
        await next_message(socket)
        seconds = []
        for percent in range(10, 15):
            await asyncio.sleep(0.15)
            start = time.monotonic()
            await worker.update_progress(job, progress_percent=percent)
            await next_message(socket)
            seconds.append(time.monotonic() - start)
    assert min(seconds) < 0.1


async def test_without_a_job_id_come_all_jobs_of_the_caller_and_nobody_elses(
    server: Running, queue: TTSQueue, worker: TTSQueue
) -> None:
    mine = await add_job(queue, OWNER)
    await add_job(queue, STRANGER)
    async with server.socket() as socket:
        assert (await next_message(socket))["job"]["id"] == mine
        await add_job(queue, STRANGER)
        later = await add_job(queue, OWNER)
        assert (await next_message(socket))["job"]["id"] == later
        await complete(worker, await claim(worker))
        while (job := (await next_message(socket))["job"])["status"] != "completed":
            assert job["userId"] == OWNER
        assert job["id"] == mine


async def test_news_behind_what_is_no_news_is_told_at_once(server: Running, queue: TTSQueue) -> None:
    ids = [await add_job(queue) for _ in range(5)]
    jobs = [await queue.get_job(job_id) for job_id in ids]
    async with server.socket() as socket:
        for _ in ids:
            await next_message(socket)
        for job in jobs:
            server.live.deleted(job)  # it is still there, as it was
        await queue.cancel_job(ids[-1])
        assert (await next_message(socket))["job"]["status"] == "cancelled"


async def test_a_connection_remembers_no_more_than_the_newest_that_it_told(
    monkeypatch: pytest.MonkeyPatch, server: Running, queue: TTSQueue
) -> None:
    monkeypatch.setattr(feed, "REMEMBERED", 1)
    first, second = [await queue.get_job(await add_job(queue)) for _ in range(2)]
    await asyncio.sleep(0.5)  # nothing of that is news any more
    async with server.socket() as socket:
        told = [(await next_message(socket))["job"]["id"] for _ in range(2)]
        forgotten = next(job for job in (first, second) if job.id == told[0])
        server.live.deleted(forgotten)  # it is still there, as it was
        assert (await next_message(socket))["job"]["id"] == forgotten.id


async def test_an_admin_hears_of_everybodys_jobs_the_active_ones_first(server: Running, queue: TTSQueue) -> None:
    ended = await add_job(queue, OWNER)
    await queue.cancel_job(ended)
    spoken = await add_job(queue, OWNER)
    await claim(queue)
    waiting = await add_job(queue, STRANGER)
    await asyncio.sleep(0.5)  # nothing of that is news any more
    async with server.socket(who="admin") as socket:
        ids = [(await next_message(socket))["job"]["id"] for _ in range(3)]
        assert ids == [spoken, waiting, ended]
        await queue.cancel_job(waiting)
        assert (await next_message(socket))["job"]["status"] == "cancelled"


async def test_what_changed_just_before_somebody_came_is_told_once(server: Running, queue: TTSQueue) -> None:
    for number in range(5):
        await add_job(queue, title=str(number))
        async with server.socket() as socket:
            told = [(await next_message(socket))["job"]["id"] for _ in range(number + 1)]
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await socket.recv()
        assert len(set(told)) == number + 1


async def test_a_deleted_job_is_announced_to_its_owner_and_to_admins(server: Running, queue: TTSQueue) -> None:
    job_id = await add_job(queue)
    await queue.cancel_job(job_id)
    async with server.socket() as mine, server.socket(who="admin") as admins, server.socket(who="stranger") as other:
        await next_message(mine)
        await next_message(admins)
        job = await queue.get_job(job_id)
        await queue.delete_job(job_id)
        server.live.deleted(job)
        for socket in (mine, admins):
            assert await next_message(socket) == {"type": "deleted", "jobId": job_id}
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await other.recv()


async def test_somebody_elses_job_is_as_unknown_as_no_job(server: Running, queue: TTSQueue) -> None:
    job_id = await add_job(queue)
    reasons = []
    for wanted in (job_id, "nothing"):
        async with server.socket(f"?jobId={wanted}", who="stranger") as socket:
            assert await closing_code(socket) == 4404
            assert socket.close_reason is not None
            reasons.append(socket.close_reason.replace(wanted, "ID"))
    assert reasons[0] == reasons[1] == "There is no job ID."


async def test_two_servers_on_one_store_tell_the_same(server: Running, queue: TTSQueue, worker: TTSQueue) -> None:
    job_id = await add_job(queue)
    async with live_server(worker, CALLERS) as other:
        query = f"?jobId={job_id}"
        async with server.socket(query) as here, other.socket(query) as there:
            await next_message(here)
            await next_message(there)
            await queue.cancel_job(job_id)
            assert (await next_message(here))["job"]["status"] == "cancelled"
            assert (await next_message(there))["job"]["status"] == "cancelled"


async def test_a_lost_connection_misses_nothing(server: Running, queue: TTSQueue, worker: TTSQueue) -> None:
    job_id = await add_job(queue)
    async with server.socket(f"?jobId={job_id}") as socket:
        await next_message(socket)
    await complete(worker, await claim(worker))
    async with server.socket(f"?jobId={job_id}") as one, server.socket() as all_of_mine:
        assert (await next_message(one))["job"]["status"] == "completed"
        assert (await next_message(all_of_mine))["job"]["status"] == "completed"


@pytest.mark.parametrize(("who", "code"), [(None, 4401), ("nobody", 4401)])
async def test_strangers_to_the_server_are_turned_away(server: Running, who: str | None, code: int) -> None:
    async with server.socket(who=who) as socket:
        assert await closing_code(socket) == code


async def test_a_ticket_opens_one_connection(server: Running, queue: TTSQueue) -> None:
    job_id = await add_job(queue)
    ticket = server.live.tickets.make(CALLERS["owner"])
    query = f"?jobId={job_id}&ticket={ticket}"
    async with server.socket(query, who=None) as socket:
        assert (await next_message(socket))["job"]["id"] == job_id
    async with server.socket(query, who=None) as socket:
        assert await closing_code(socket) == 4401


async def test_a_page_of_another_site_is_refused_before_it_is_let_in(server: Running) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        with pytest.raises(InvalidStatus) as refused:
            async with server.socket(who=None, Cookie="who=owner", Origin=origin):
                pass
        assert refused.value.response.status_code == 403
        assert json.loads(refused.value.response.body)["code"] == "forbidden"


async def test_pages_of_our_own_and_of_allowed_sites_are_let_in(queue: TTSQueue) -> None:
    await add_job(queue)
    async with live_server(queue, CALLERS, frozenset({"https://app.example"})) as server:
        for origin in (f"http://{server.host}", "https://app.example"):
            async with server.socket(who=None, Cookie="who=owner", Origin=origin) as socket:
                assert (await next_message(socket))["type"] == "job"


async def test_the_connection_ends_when_the_identity_expires(queue: TTSQueue) -> None:
    await add_job(queue)
    callers = expiring(1)
    async with live_server(queue, callers) as server, server.socket() as socket:
        await next_message(socket)
        assert await closing_code(socket) == 1008
        assert timedelta(0) < since_expiry(callers["owner"]) < timedelta(seconds=1)


async def test_heartbeats_come_and_bring_the_place_in_the_queue(
    monkeypatch: pytest.MonkeyPatch, server: Running, queue: TTSQueue
) -> None:
    monkeypatch.setattr(feed, "BEAT", 0.3)
    monkeypatch.setattr("ttsqueue.api.live.newest.PENDING_GOOD_FOR", 0.1)
    await add_job(queue)
    job_id = await add_job(queue, title="Two")
    async with server.socket(f"?jobId={job_id}") as socket:
        assert (await next_message(socket))["position"] == 1
        await claim(queue)
        seen = [await next_message(socket) for _ in range(2)]
        assert {"type": "heartbeat"} in seen
        assert [message["position"] for message in seen if message["type"] == "job"] == [0]


async def test_small_talk_is_ignored_and_large_ends_the_connection(server: Running, queue: TTSQueue) -> None:
    job_id = await add_job(queue)
    for large, code in (("x" * 5_000, 1009), (b"x" * 5_000, 1003)):
        async with server.socket(f"?jobId={job_id}") as socket:
            await next_message(socket)
            for small in ("{", b"\x00\xff", "", "null"):
                await socket.send(small)
            assert await (await socket.ping()) >= 0
            await socket.send(large)
            assert await closing_code(socket) == code


async def test_a_limit_of_connections_is_told_and_counted_back(queue: TTSQueue) -> None:
    await add_job(queue)
    open_now = 0

    @contextmanager
    def one_at_a_time(_: Caller):  # type: ignore[no-untyped-def]
        nonlocal open_now
        if open_now:
            raise LimitReached("Too many connections are open; close one.", retry_after=timedelta(seconds=5))
        open_now += 1
        try:
            yield
        finally:
            open_now -= 1

    async with live_server(queue, CALLERS, connected=one_at_a_time) as server:
        async with server.socket() as first:
            await next_message(first)
            async with server.socket() as second:
                assert await closing_code(second) == 4429
        await asyncio.sleep(0.05)
        assert open_now == 0
        async with server.socket() as third:
            await next_message(third)


async def test_a_stopping_server_ends_connections_at_once(queue: TTSQueue) -> None:
    await add_job(queue)
    async with live_server(queue, CALLERS) as server, server.socket() as socket:
        await next_message(socket)
        start = time.monotonic()
        await server.stop()
        assert time.monotonic() - start < 1
        assert await closing_code(socket) == 1012
