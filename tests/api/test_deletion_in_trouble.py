"""What is deleted is gone in the end, also when the place for sound is away for a moment or a worker lingers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient

from tests.audio.test_cover import png
from tests.worker.samples import book_of, text
from ttsqueue.app import App
from ttsqueue.errors import StoreUnavailable
from ttsqueue.jobs import Claim, Job
from ttsqueue.removal import remove_job
from ttsqueue.storage import LocalStorage, audio_file_id

from .conftest import OWNER
from .test_covers import data_uri, job, stored
from .test_deletion import QUEUE, lying_there, with_cover


async def with_a_chapter(app: App) -> Job:
    """A cancelled job with a cover, of which a chapter was spoken."""
    added = await app.queue.provider.add(await with_cover(app, book_of([text(1)])))
    (claim,) = await app.queue.provider.claim("worker-1")
    await publish_chapter(app, claim)
    return await app.queue.cancel_job(added.id)


async def publish_chapter(app: App, claim: Claim) -> None:
    await app.storage.prepare()
    draft = app.storage.draft("m4a")
    draft.write_bytes(b"sound")
    await app.storage.publish(draft, audio_file_id(claim.lease, "c0001", "m4a"))


@pytest.mark.parametrize("what", ["delete_job", "delete_covers"])
@pytest.mark.parametrize("address", [f"{QUEUE}/{{}}", f"/api/tts/users/{OWNER}"], ids=["job", "user"])
async def test_what_could_not_be_deleted_can_be_deleted_again(
    app: App, client: AsyncClient, monkeypatch: pytest.MonkeyPatch, what: str, address: str
) -> None:
    spoken = await with_a_chapter(app)
    with monkeypatch.context() as trouble:
        trouble.setattr(LocalStorage, what, _away)
        assert (await client.delete(address.format(spoken.id))).status_code == 503
    assert (await client.delete(address.format(spoken.id))).status_code == 200
    assert lying_there(app) == set()


async def _away(self: LocalStorage, folder: str) -> None:
    raise StoreUnavailable(f"{self.folder} is away: {folder}")


async def test_a_user_is_forgotten_when_the_worker_of_a_book_that_was_just_stopped_has_let_go_of_it(
    app: App, client: AsyncClient
) -> None:
    added = await app.queue.provider.add(await with_cover(app, book_of([text(1)])))
    (claim,) = await app.queue.provider.claim("worker-1")
    await app.queue.cancel_job(added.id)

    async def linger() -> None:
        await asyncio.sleep(0.5)
        await publish_chapter(app, claim)

    async with asyncio.TaskGroup() as lingering:
        lingering.create_task(linger())
        assert (await client.delete(f"/api/tts/users/{OWNER}")).json()["deleted"] == 1
    assert lying_there(app) == set()


async def test_forgetting_a_user_whose_books_nobody_speaks_takes_no_time(app: App, client: AsyncClient) -> None:
    await app.queue.cancel_job((await app.queue.provider.add(await with_cover(app, book_of([text(1)])))).id)
    async with asyncio.timeout(2):
        assert (await client.delete(f"/api/tts/users/{OWNER}")).json()["deleted"] == 1


async def test_a_cover_is_there_for_a_new_job_whose_work_lost_its_last_one_meanwhile(
    app: App, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = job(data_uri(png(60, 90)))
    old = (await client.post(QUEUE, json=wish)).json()["jobId"]
    await app.queue.cancel_job(old)
    submit = app.queue.submit

    async def after_the_old_one_went(*args: Any, **kwargs: Any) -> Job:
        await remove_job(app.queue, app.storage, old)
        return await submit(*args, **kwargs)

    monkeypatch.setattr(app.queue, "submit", after_the_old_one_went)
    assert (await client.post(QUEUE, json=wish)).status_code == 202
    assert len(stored(app)) == 1
