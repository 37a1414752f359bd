"""Whatever deletes a job leaves nothing of it in the data folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient

from tests.audio.test_cover import png
from tests.worker.at_work import at_work, eventually, final
from tests.worker.samples import book_of, text
from tests.worker.tone_engine import ToneEngine
from ttsqueue.api.caller import Caller
from ttsqueue.api.live.listener import Interest
from ttsqueue.api.server import make_server
from ttsqueue.app import App
from ttsqueue.covers import readable_cover, store_cover
from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.jobs import NewJob
from ttsqueue.storage import audio_file_id
from ttsqueue.worker import Narrator

from .conftest import ADMIN, OWNER, STRANGER, ClientOf, make_site
from .operators import waiting
from .test_covers import data_uri

QUEUE = "/api/tts/queue"

Delete = Callable[[AsyncClient, str], Awaitable[None]]


async def one(client: AsyncClient, job_id: str) -> None:
    assert (await client.delete(f"{QUEUE}/{job_id}")).status_code == 200


async def in_bulk_by_id(client: AsyncClient, job_id: str) -> None:
    answer = await client.post("/api/tts/bulk", json={"action": "delete", "jobIds": [job_id]})
    assert answer.json()["changed"] == 1


async def in_bulk_by_filter(client: AsyncClient, job_id: str) -> None:
    answer = await client.post("/api/tts/bulk", json={"action": "delete", "filter": {"userId": OWNER}})
    assert answer.json()["changed"] == 1


async def with_its_user(client: AsyncClient, job_id: str) -> None:
    assert (await client.delete(f"/api/tts/users/{OWNER}")).json()["deleted"] == 1


WAYS = pytest.mark.parametrize("delete", [one, in_bulk_by_id, in_bulk_by_filter, with_its_user])


async def with_cover(app: App, job: NewJob) -> NewJob:
    cover = await store_cover(await readable_cover(png(60, 90)), job.work_id, app.storage)
    return replace(job, user_id=OWNER, book=replace(job.book, cover_file_id=cover))


@asynccontextmanager
async def worker(app: App, tone: ToneEngine) -> AsyncIterator[None]:
    async with (
        Narrator(app.queue.provider, app.storage, VoiceCatalogue([tone]), 1) as narrator,
        at_work(app.queue, narrator.narrate),
    ):
        yield


def lying_there(app: App) -> set[str]:
    """Everything but the empty folder for drafts."""
    folder = app.storage.folder
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path != app.storage.drafts}


async def test_the_list_of_files_would_show_them(app: App) -> None:
    job = await app.queue.provider.add(await with_cover(app, book_of([text(1), text(2)])))
    async with worker(app, ToneEngine()):
        result = (await final(app.queue, job.id)).result
    assert result is not None
    sound = {f"{job.id}/{file_id}" for file_id in (*result.audio_file_ids, result.audiobook_file_id)}
    assert lying_there(app) > {job.id, job.work_id, *sound}
    assert len(lying_there(app)) == 6


@WAYS
async def test_a_finished_job_leaves_nothing(app: App, client: AsyncClient, delete: Delete) -> None:
    job = await app.queue.provider.add(await with_cover(app, book_of([text(1), text(2)])))
    async with worker(app, ToneEngine()):
        await final(app.queue, job.id)
    await delete(client, job.id)
    assert lying_there(app) == set()


@WAYS
async def test_a_job_that_is_being_spoken_leaves_nothing(app: App, client: AsyncClient, delete: Delete) -> None:
    job = await app.queue.provider.add(await with_cover(app, book_of([text(n, 1) for n in range(1, 200)])))
    async with worker(app, ToneEngine(pause=0.001)):
        await eventually(lambda: chapters_are_recorded(app, job.id))
        await client.delete(QUEUE, params={"jobId": job.id})
        await delete(client, job.id)
        await asyncio.sleep(1.2)  # in which the worker looks at its lease
        assert lying_there(app) == set()


async def chapters_are_recorded(app: App, job_id: str) -> bool:
    return sum(chapter.finished is not None for chapter in await app.queue.get_chapters(job_id)) > 2


@WAYS
async def test_a_cover_stays_for_other_jobs_of_its_work(app: App, client: AsyncClient, delete: Delete) -> None:
    job = await app.queue.provider.add(await with_cover(app, book_of([text(1)])))
    await waiting(app, user_id=STRANGER, work_id=job.work_id)
    await app.queue.cancel_job(job.id)
    await delete(client, job.id)
    assert {part.partition("/")[0] for part in lying_there(app)} == {job.work_id}


@WAYS
async def test_open_pages_hear_of_it(app: App, delete: Delete) -> None:
    site = make_site(app, ADMIN)
    job = await app.queue.provider.add(await with_cover(app, book_of([text(1)])))
    await app.queue.cancel_job(job.id)
    transport = ASGITransport(make_server(site))
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        with site.live.hub.listening(Interest(user_id=OWNER)) as listener:
            listener.take()
            await delete(client, job.id)
            assert listener.take() == job.id


async def test_many_jobs_of_one_work_go_together(app: App, client: AsyncClient) -> None:
    wish = await with_cover(app, book_of([text(1)]))
    for _ in range(100):
        await app.queue.cancel_job((await app.queue.provider.add(wish)).id)
    answer = await client.post("/api/tts/bulk", json={"action": "delete", "filter": {}})
    assert answer.status_code == 200, answer.text
    assert answer.json()["changed"] == 100
    assert lying_there(app) == set()


@WAYS
async def test_a_work_that_is_named_like_somebodys_job_takes_no_sound_of_it_away(
    app: App, client_of: ClientOf, client: AsyncClient, delete: Delete
) -> None:
    (theirs,) = await waiting(app, user_id=STRANGER)
    (claim,) = await app.queue.provider.claim("worker-1")
    sound = audio_file_id(claim.lease, "c0001", "m4a")
    await app.storage.prepare()
    draft = app.storage.draft("m4a")
    draft.write_bytes(b"sound")
    await app.storage.publish(draft, sound)
    mine = await app.queue.provider.add(await with_cover(app, book_of([text(1)], work_id=theirs)))
    await app.queue.cancel_job(mine.id)
    await delete(client, mine.id)
    assert lying_there(app) == {theirs, f"{theirs}/{sound}"}


@pytest.mark.parametrize("wrong", [{"voiceSettings": {"voiceId": "espeak:nobody"}}, {"priority": 11}])
async def test_a_cover_of_a_job_that_is_refused_is_not_kept(
    app: App, client: AsyncClient, wrong: dict[str, object]
) -> None:
    answer = await client.post(QUEUE, json=posted(**wrong))
    assert answer.status_code == 422
    assert lying_there(app) == set()


async def test_a_double_click_keeps_the_cover_of_the_first(app: App, client_of: ClientOf) -> None:
    client, wanted = client_of(Caller(OWNER)), posted()
    statuses = [(await client.post(QUEUE, json=wanted)).status_code for _ in range(2)]
    assert statuses == [202, 409]
    assert len(lying_there(app)) == 2


def posted(**changes: object) -> dict[str, object]:
    cover = data_uri(png(60, 90))
    return {"workId": str(uuid4()), "chapters": [{"id": "a", "text": "The fog came in."}], "cover": cover} | changes
