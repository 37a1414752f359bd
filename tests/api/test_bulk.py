"""One action on many jobs."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient

from ttsqueue.api.bulk import MOST_JOBS
from ttsqueue.api.caller import Caller
from ttsqueue.app import App
from ttsqueue.book import BookInfo

from .conftest import STRANGER, ClientOf
from .operators import ADMIN_SERVER, SERVER, USER, book, failed, waiting

NOBODY = "00000000-0000-7000-8000-000000000000"


async def bulk(client: AsyncClient, action: str, **rest: Any) -> dict[str, Any]:
    answer = await client.post("/api/tts/bulk", json={"action": action, **rest})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def statuses(app: App, job_ids: list[str]) -> list[str]:
    return [(await app.queue.get_job(job_id)).status for job_id in job_ids]


async def test_a_preview_counts_and_changes_nothing(app: App, client: AsyncClient) -> None:
    jobs = await waiting(app, 3)
    ways: list[dict[str, Any]] = [{"filter": {}}, {"jobIds": [*jobs, jobs[0], NOBODY]}]
    for which in ways:
        told = await bulk(client, "cancel", preview=True, **which)
        assert told == {"count": 3, "changed": 0, "refused": 0, "refusals": []}
    assert await statuses(app, jobs) == ["pending"] * 3


async def test_everything_that_matches_is_cancelled_and_nothing_else(app: App, client: AsyncClient) -> None:
    other = (await app.queue.provider.add(book(book=BookInfo("Der Wal")))).id
    jobs = [(await app.queue.provider.add(book(book=BookInfo(f"The Tide {n}")))).id for n in range(250)]
    told = await bulk(client, "cancel", filter={"text": "tide"})
    assert (told["count"], told["changed"], told["refused"]) == (250, 250, 0)
    assert set(await statuses(app, jobs)) == {"cancelled"}
    assert await statuses(app, [other]) == ["pending"]


async def test_failed_jobs_are_tried_again_by_their_reason(app: App, client: AsyncClient) -> None:
    disk, voice = (await failed(app, "disk")).id, (await failed(app, "voice")).id
    told = await bulk(client, "retry", filter={"errorCode": "disk"})
    assert (told["count"], told["changed"]) == (1, 1)
    assert await statuses(app, [disk, voice]) == ["pending", "failed"]


@pytest.mark.parametrize(("tier", "kept"), [("premium", 5), ("free", 4)])
async def test_a_tier_is_picked_by_priority(app: App, client: AsyncClient, tier: str, kept: int) -> None:
    jobs = {priority: (await waiting(app, priority=priority))[0] for priority in (4, 5)}
    assert (await bulk(client, "cancel", filter={"tier": tier}))["changed"] == 1
    assert await statuses(app, [jobs[kept]]) == ["pending"]


async def test_one_users_jobs_are_picked(app: App, client: AsyncClient) -> None:
    mine, theirs = await waiting(app, 2), await waiting(app, 1, user_id=STRANGER)
    assert (await bulk(client, "cancel", filter={"userId": STRANGER.upper()}))["changed"] == 1
    assert await statuses(app, mine + theirs) == ["pending", "pending", "cancelled"]


async def test_deleted_jobs_go_with_their_sound(app: App, client: AsyncClient) -> None:
    job = await failed(app)
    folder = app.storage.folder / job.id
    folder.mkdir(parents=True)
    (folder / f"{job.id}.c0001-1.m4a").write_bytes(b"sound")
    assert (await bulk(client, "delete", filter={"status": ["failed"]}))["changed"] == 1
    assert not folder.exists()
    assert (await client.get("/api/tts/queue", params={"jobId": job.id})).status_code == 404


async def test_named_jobs_that_cannot_be_changed_are_told_with_the_reason(app: App, client: AsyncClient) -> None:
    ended = (await failed(app)).id
    (job,) = await waiting(app)
    told = await bulk(client, "cancel", jobIds=[job, ended, NOBODY, job])
    assert (told["count"], told["changed"], told["refused"]) == (1, 1, 2)
    assert [(refusal["jobId"], refusal["code"]) for refusal in told["refusals"]] == [
        (ended, "not_cancellable"),
        (NOBODY, "job_not_found"),
    ]


async def test_a_state_that_the_action_is_not_for_matches_nothing(app: App, client: AsyncClient) -> None:
    await waiting(app)
    told = await bulk(client, "delete", filter={"status": ["pending"]})
    assert (told["count"], told["changed"], told["refused"]) == (0, 0, 0)


MALFORMED: list[dict[str, Any]] = [
    {"action": "cancel"},
    {"action": "cancel", "jobIds": [], "preview": True},
    {"action": "cancel", "jobIds": [NOBODY], "filter": {}},
    {"action": "explode", "filter": {}},
    {"action": "cancel", "filter": {"createdBefore": "2026-01-01T00:00:00"}},
    {"action": "cancel", "filter": {"tier": "gold"}},
    {"action": "cancel", "filter": {}, "preview": "yes"},
    {"action": "cancel", "jobIds": [NOBODY] * (MOST_JOBS + 1)},
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
async def test_what_is_malformed_changes_nothing(app: App, client: AsyncClient, body: dict[str, Any]) -> None:
    jobs = await waiting(app)
    assert (await client.post("/api/tts/bulk", json=body)).status_code == 400
    assert await statuses(app, jobs) == ["pending"]


async def test_a_moment_beyond_our_calendar_is_no_fault_of_ours(app: App, client: AsyncClient) -> None:
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        body = {"action": "cancel", "filter": {"createdBefore": moment}}
        assert (await client.post("/api/tts/bulk", json=body)).status_code in (200, 400)


async def test_a_user_id_that_is_none_is_refused(client: AsyncClient) -> None:
    answer = await client.post("/api/tts/bulk", json={"action": "cancel", "filter": {"userId": "me"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_job")


@pytest.mark.parametrize("caller", [USER, SERVER])
async def test_neither_users_nor_applications_may(app: App, client_of: ClientOf, caller: Caller) -> None:
    jobs = await waiting(app)
    answer = await client_of(caller).post("/api/tts/bulk", json={"action": "cancel", "filter": {}})
    assert answer.status_code == 403
    assert await statuses(app, jobs) == ["pending"]


async def test_a_key_with_admin_rights_may(app: App, client_of: ClientOf) -> None:
    jobs = await waiting(app, 2)
    assert (await bulk(client_of(ADMIN_SERVER), "cancel", filter={}))["changed"] == 2
    assert await statuses(app, jobs) == ["cancelled"] * 2
