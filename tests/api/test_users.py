"""A user is forgotten: every job, all sound, and nothing comes back."""

from __future__ import annotations

import asyncio
from pathlib import Path

from httpx import AsyncClient

from ttsqueue.app import App
from ttsqueue.errors import AudioError, LeaseLost
from ttsqueue.jobs import Claim
from ttsqueue.listing import JobFilter
from ttsqueue.result import FinishedChapter
from ttsqueue.storage import audio_file_id

from .conftest import OWNER, STRANGER, ClientOf
from .operators import OTHER, SERVER, USER, failed, waiting


def put_sound(app: App, job_id: str) -> Path:
    folder = app.storage.folder / job_id
    folder.mkdir(parents=True)
    (folder / f"{job_id}.c0001-1.m4a").write_bytes(b"sound")
    return folder


async def test_all_jobs_of_a_user_go_with_their_sound_and_nobody_elses(app: App, client_of: ClientOf) -> None:
    ended = (await failed(app)).id
    folders = [put_sound(app, job_id) for job_id in [ended, *await waiting(app, 3)]]
    (theirs,) = await waiting(app, user_id=STRANGER)
    kept = put_sound(app, theirs)
    answer = await client_of(USER).delete(f"/api/tts/users/{OWNER.upper()}")
    assert (answer.status_code, answer.json()) == (200, {"success": True, "deleted": 4})
    assert not any(folder.exists() for folder in folders)
    assert kept.is_dir()
    assert await app.queue.count_jobs(JobFilter(user_id=OWNER)) == 0
    assert (await app.queue.get_job(theirs)).status == "pending"


async def speak_until_it_is_lost(app: App, claim: Claim) -> None:
    """As a worker does that looks at its lease once a second."""
    await app.storage.prepare()
    for index in range(100):
        file_id = audio_file_id(claim.lease, f"c{index + 1:04}", "m4a")
        draft = app.storage.draft("m4a")
        draft.write_bytes(b"sound")
        await app.storage.publish(draft, file_id)
        if index % 10 == 9 and await app.queue.provider.lost([claim.lease]):
            return
        try:
            await app.queue.provider.save_chapter(claim.lease, FinishedChapter(index, file_id, 1.0))
        except LeaseLost:
            pass
        except AudioError:
            return
        await asyncio.sleep(0.1)


async def test_a_worker_that_still_speaks_leaves_no_files_behind(app: App, client_of: ClientOf) -> None:
    (job_id,) = await waiting(app)
    (claim,) = await app.queue.provider.claim("worker-1")
    speech = asyncio.create_task(speak_until_it_is_lost(app, claim))
    await asyncio.sleep(0.25)
    assert (app.storage.folder / job_id).is_dir()
    answer = await client_of(USER).delete(f"/api/tts/users/{OWNER}")
    await speech
    assert answer.json()["deleted"] == 1
    assert not (app.storage.folder / job_id).exists()


async def test_a_user_may_not_do_it_to_another_and_a_server_may(app: App, client_of: ClientOf) -> None:
    await waiting(app)
    refusal = await client_of(OTHER).delete(f"/api/tts/users/{OWNER}")
    assert refusal.status_code == 403
    assert await app.queue.count_jobs(JobFilter(user_id=OWNER)) == 1
    assert (await client_of(SERVER).delete(f"/api/tts/users/{OWNER}")).json()["deleted"] == 1


async def test_who_has_no_jobs_is_forgotten_at_once(client: AsyncClient) -> None:
    assert (await client.delete(f"/api/tts/users/{STRANGER}")).json() == {"success": True, "deleted": 0}


async def test_a_user_id_that_is_none_is_refused(client: AsyncClient) -> None:
    assert (await client.delete("/api/tts/users/all")).status_code == 422
