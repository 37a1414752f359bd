"""Sound in a bucket over HTTP: whoever may hear it is sent to the bucket, and everything else comes through us."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from httpx import ASGITransport, AsyncClient

from tests.s3_server import Bucket
from ttsqueue.api.opening import make_application, open_site
from ttsqueue.api.site import Site
from ttsqueue.book import BookInfo, Chapter
from ttsqueue.jobs import Job, NewJob
from ttsqueue.local_user import LOCAL_USER_ID
from ttsqueue.server_settings import load_server_settings
from ttsqueue.settings import load_settings

from .files import draft_of

CONTENT = b"0123456789" * 1000
AUDIO = "/api/tts/audio/"


@asynccontextmanager
async def at_home(data: Path, **settings: str) -> AsyncIterator[tuple[Site, AsyncClient]]:
    server = load_server_settings({})
    async with open_site(load_settings({"TTSQUEUE_DATA": data, **settings}), server) as site:
        transport = ASGITransport(make_application(site, server))
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield site, client


@pytest.fixture
async def home(tmp_path: Path, bucket: Bucket) -> AsyncIterator[tuple[Site, AsyncClient]]:
    async with at_home(tmp_path / "data", TTSQUEUE_STORAGE=bucket.storage_url) as site_and_client:
        yield site_and_client


async def sound(site: Site, part: str = "c0001-1.m4a") -> tuple[Job, str]:
    new = NewJob("00000000-0000-4000-8000-0000000000f0", LOCAL_USER_ID, (Chapter("a", "Fog."),), book=BookInfo("Fog"))
    job = await site.app.queue.submit(new)
    await site.app.storage.prepare()
    file_id = f"{job.work_id if part.startswith('cover') else job.id}.{part}"
    await site.app.storage.publish(draft_of(site.app.storage, CONTENT), file_id)
    return job, file_id


async def test_a_listener_is_sent_to_the_bucket_and_may_ask_for_ranges(
    home: tuple[Site, AsyncClient], bucket: Bucket
) -> None:
    site, client = home
    _, file_id = await sound(site)
    answer = await client.get(AUDIO + file_id)
    assert (answer.status_code, answer.content) == (307, b"")
    assert answer.headers["cache-control"] == "private, max-age=1800"
    address = answer.headers["location"]
    assert address.startswith(f"{bucket.server.url}/{bucket.name}/books/sound/")
    assert "X-Amz-Expires=3600&" in address
    async with httpx.AsyncClient(trust_env=False) as anybody:
        part = await anybody.get(address, headers={"Range": "bytes=3-12"})
        assert (part.status_code, part.content) == (206, b"3456789012")
        assert part.headers["content-range"] == f"bytes 3-12/{len(CONTENT)}"
        assert part.headers["content-type"] == "audio/mp4"
        assert (await anybody.get(address.partition("?")[0])).status_code == 403


async def test_a_signed_address_of_ours_leads_there_too_and_a_forged_one_does_not(
    home: tuple[Site, AsyncClient],
) -> None:
    site, client = home
    _, file_id = await sound(site)
    address = site.audio_links.url(file_id)
    assert (await client.get(address)).status_code == 307
    stranger = site.audio_links.url(file_id.replace("c0001", "c0002"))
    answer = await client.get(stranger)
    assert (answer.status_code, answer.json()["code"]) == (404, "audio_not_found")


async def test_pages_may_play_sound_from_the_bucket(home: tuple[Site, AsyncClient], bucket: Bucket) -> None:
    _, client = home
    policy = (await client.get("/healthz")).headers["content-security-policy"]
    (media,) = [part for part in policy.split("; ") if part.startswith("media-src")]
    assert media == f"media-src 'self' blob: {bucket.server.url}"


async def test_a_download_keeps_its_name_and_its_ranges(home: tuple[Site, AsyncClient]) -> None:
    site, client = home
    _, file_id = await sound(site)
    answer = await client.get(AUDIO + file_id, params={"download": "1"})
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert "Fog - 1.m4a" in answer.headers["content-disposition"]
    part = await client.get(AUDIO + file_id, params={"download": "1"}, headers={"Range": "bytes=-4"})
    assert (part.status_code, part.content) == (206, CONTENT[-4:])


async def test_a_cover_and_a_head_request_are_answered_here(home: tuple[Site, AsyncClient]) -> None:
    site, client = home
    _, cover = await sound(site, "cover-0123456789abcdef.jpg")
    answer = await client.get(AUDIO + cover)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, CONTENT, "image/jpeg")
    head = await client.head(AUDIO + cover)
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(CONTENT)))


async def test_everything_comes_through_the_server_when_the_setting_says_so(tmp_path: Path, bucket: Bucket) -> None:
    settings = {"TTSQUEUE_STORAGE": bucket.storage_url, "TTSQUEUE_STORAGE_LINKS": "server"}
    async with at_home(tmp_path / "data", **settings) as (site, client):
        _, file_id = await sound(site)
        answer = await client.get(AUDIO + file_id, headers={"Range": "bytes=3-12"})
        assert (answer.status_code, answer.content) == (206, b"3456789012")
        assert bucket.server.url not in answer.headers["content-security-policy"]


async def test_what_is_gone_is_not_found_and_a_store_in_trouble_is_503_without_a_word_about_it(
    tmp_path: Path, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_home(tmp_path / "data", TTSQUEUE_STORAGE=bucket.storage_url) as (site, client):
        _, file_id = await sound(site)
        await site.app.storage.delete(file_id)
        assert (await client.get(AUDIO + file_id)).status_code == 404
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    async with at_home(tmp_path / "data", TTSQUEUE_STORAGE=bucket.storage_url) as (_, client):
        answer = await client.get(AUDIO + file_id)
        assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
        assert not {urlsplit(bucket.server.url).netloc, bucket.name} & set(answer.text.split("/"))


async def test_deleting_a_book_empties_the_bucket(home: tuple[Site, AsyncClient], bucket: Bucket) -> None:
    site, client = home
    job, _ = await sound(site)
    await site.app.storage.publish(draft_of(site.app.storage, b"\xff\xd8"), f"{job.work_id}.cover-0123456789abcdef.jpg")
    assert len(bucket.objects()) == 2
    await client.request("DELETE", "/api/tts/queue", json={"jobId": job.id})
    await site.app.queue.cancel_job(job.id)
    answer = await client.delete(f"/api/tts/queue/{job.id}")
    assert answer.status_code == 200, answer.text
    assert bucket.objects() == []
