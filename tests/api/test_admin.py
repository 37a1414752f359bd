"""What operators see and do."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from httpx import AsyncClient

from tests.conformance.test_workers import worker
from ttsqueue.app import App
from ttsqueue.jobs import Progress

from .conftest import ADMIN, OWNER, ClientOf
from .operators import ADMIN_SERVER, SERVER, USER, failed, waiting

QUEUE = "/api/tts/queue"
STATS = "/api/tts/stats"
LOOKS = ["/api/tts/workers", "/api/tts/activity"]
DEEDS = ["/api/tts/pause", "/api/tts/resume", "/api/tts/reset-stuck"]


async def test_stats_count_jobs_by_status(app: App, client: AsyncClient) -> None:
    await failed(app)
    await waiting(app, 2)
    await waiting(app, delay=timedelta(hours=1))
    answer = await client.get("/api/tts/stats")
    assert answer.status_code == 200
    assert answer.json() == {
        "pending": 3,
        "processing": 0,
        "completed": 0,
        "failed": 1,
        "delayed": 1,
        "cancelled": 0,
        "paused": False,
    }


async def test_a_paused_queue_hands_out_nothing_until_it_is_resumed(app: App, client: AsyncClient) -> None:
    await waiting(app)
    assert (await client.post("/api/tts/pause")).json() == {"success": True, "paused": True}
    assert (await client.get("/api/tts/stats")).json()["paused"] is True
    assert await app.queue.claim_next_job() is None
    assert (await client.post("/api/tts/resume")).json() == {"success": True, "paused": False}
    assert await app.queue.claim_next_job() is not None


async def test_workers_are_shown_with_the_book_and_chapter_they_are_on(app: App, client: AsyncClient) -> None:
    await app.queue.provider.register_worker(worker("worker-1"))
    (job_id,) = await waiting(app, chapters=3)
    (claim,) = await app.queue.provider.claim("worker-1")
    await app.queue.provider.update_progress(claim.lease, Progress(40, None, 2))
    (shown,) = (await client.get("/api/tts/workers")).json()["workers"]
    assert shown["name"] == "worker-1"
    assert shown["host"] == "büro.local"
    assert shown["heartbeatAt"].endswith("Z")
    assert shown["jobs"] == [
        {"id": job_id, "title": "", "currentChapter": 2, "totalChapters": 3, "progressPercent": 40}
    ]


async def test_a_job_that_is_not_stuck_is_not_reset(app: App, client: AsyncClient) -> None:
    await waiting(app)
    await app.queue.claim_next_job()
    assert (await client.post("/api/tts/reset-stuck")).json() == {"success": True, "reset": 0}


@pytest.mark.parametrize(("span", "steps", "seconds"), [("hour", 60, 60), ("day", 96, 900), ("week", 84, 7200)])
async def test_activity_comes_in_even_steps(app: App, client: AsyncClient, span: str, steps: int, seconds: int) -> None:
    await failed(app)
    activity = (await client.get("/api/tts/activity", params={"span": span})).json()
    assert (len(activity["buckets"]), activity["bucketSeconds"]) == (steps, seconds)
    assert sum(step["failed"] for step in activity["buckets"]) == 1
    assert sum(step["free"]["jobs"] for step in activity["buckets"]) == 1


async def test_an_unknown_span_is_refused(client: AsyncClient) -> None:
    answer = await client.get("/api/tts/activity", params={"span": "century"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


CALLS = [*(("GET", path) for path in LOOKS), *(("POST", path) for path in DEEDS)]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_only_admins_and_their_keys_operate_the_queue(client_of: ClientOf, method: str, path: str) -> None:
    for caller, sentence in ((USER, "Only an admin"), (SERVER, "ttsqueue keys create NAME --admin")):
        refusal = await client_of(caller).request(method, path)
        assert (refusal.status_code, refusal.json()["code"]) == (403, "forbidden")
        assert sentence in refusal.json()["error"]
    for caller in (ADMIN, ADMIN_SERVER):
        assert (await client_of(caller).request(method, path)).status_code == 200


async def test_an_application_sees_how_much_there_is_to_do_and_a_user_does_not(client_of: ClientOf) -> None:
    refusal = await client_of(USER).get(STATS)
    assert (refusal.status_code, refusal.json()["code"]) == (403, "forbidden")
    for caller in (SERVER, ADMIN, ADMIN_SERVER):
        assert (await client_of(caller).get(STATS)).json()["pending"] == 0


async def test_a_servers_key_does_everything_for_any_user_of_its_application(app: App, client_of: ClientOf) -> None:
    server, job_id = client_of(SERVER), (await waiting(app))[0]
    assert (await server.get(QUEUE, params={"jobId": job_id})).json()["job"]["userId"] == OWNER
    assert [job["id"] for job in (await server.get(QUEUE, params={"userId": OWNER})).json()["jobs"]] == [job_id]
    assert (await server.delete(QUEUE, params={"jobId": job_id})).status_code == 200
    assert (await server.post(f"{QUEUE}/{job_id}/retry")).json()["job"]["status"] == "pending"
    await app.queue.cancel_job(job_id)
    assert (await server.delete(f"{QUEUE}/{job_id}")).json() == {"success": True}


async def test_a_stuck_job_is_reset_at_once(app: App, client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.queue, "_stuck_after", timedelta(0))
    (job_id,) = await waiting(app)
    await app.queue.claim_next_job()
    await asyncio.sleep(0.01)
    assert (await client.post("/api/tts/reset-stuck")).json() == {"success": True, "reset": 1}
    assert (await app.queue.get_job(job_id)).status == "pending"
