"""What is special about a bucket: uploads, addresses for others, and a network in between."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.s3_server import Bucket, S3Server
from ttsqueue.audio import AudioFormat
from ttsqueue.storage import MEDIA_TYPES
from ttsqueue.storage.bucket import BucketStorage

from .files import CHAPTER, JOB, draft_of, ids, left_on_disk, put, read
from .gateway import gateway

LARGE = os.urandom(33 * 1024 * 1024)
ROOT = Path(__file__).parents[2]


async def publisher(bucket: Bucket, folder: Path, megabytes: int) -> Process:
    paths = os.pathsep.join([str(ROOT), *sys.path])
    return await create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.publisher", bucket.storage_url, str(folder), str(megabytes)),
        env={**os.environ, "PYTHONPATH": paths},
        stdout=PIPE,
    )


async def test_an_object_says_what_it_is_and_lies_below_the_prefix(remote: BucketStorage, bucket: Bucket) -> None:
    await put(remote)
    assert bucket.objects() == [f"books/sound/{JOB}/{CHAPTER}"]
    address = await remote.address(CHAPTER, timedelta(minutes=1))
    assert address is not None
    with urlopen(address) as answer:
        assert answer.headers["Content-Type"] == "audio/mp4"
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"


async def test_without_an_address_nobody_hears_it(remote: BucketStorage, bucket: Bucket) -> None:
    await put(remote)
    with pytest.raises(HTTPError, match="403"):
        urlopen(f"{bucket.server.url}/{bucket.name}/{bucket.objects()[0]}")


async def test_an_address_plays_for_anybody_and_takes_ranges(remote: BucketStorage) -> None:
    await put(remote, content=b"0123456789")
    address = await remote.address(CHAPTER, timedelta(minutes=1))
    assert address is not None
    request = Request(address, headers={"Range": "bytes=2-4"})

    def get() -> tuple[int, bytes, str]:
        with urlopen(request, timeout=10) as answer:
            return answer.status, answer.read(), answer.headers["Content-Range"]

    assert await asyncio.to_thread(get) == (206, b"234", "bytes 2-4/10")
    assert "X-Amz-Expires=60&" in address
    assert "secret-of-tests" not in address


async def test_a_process_killed_in_the_middle_of_an_upload_leaves_nothing_to_see(
    remote: BucketStorage, bucket: Bucket, tmp_path: Path
) -> None:
    process = await publisher(bucket, tmp_path / "other", 400)
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(bucket.unfinished):
            assert process.returncode is None
            await asyncio.sleep(0.005)
    process.kill()
    await process.wait()
    assert bucket.unfinished() == [f"books/sound/{JOB}/{CHAPTER}"]
    assert not await remote.exists(CHAPTER)
    assert await ids(remote) == []
    later = CHAPTER.replace("-1.", "-2.")
    await put(remote, later, LARGE)
    assert await ids(remote) == [later]
    await remote.delete_job(JOB)
    assert bucket.objects() == []


async def test_memory_stays_flat_for_a_large_book(bucket: Bucket, tmp_path: Path) -> None:
    process = await publisher(bucket, tmp_path / "other", 300)
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert int(out) < 100
    assert left_on_disk(BucketStorage.at(bucket.storage_url, tmp_path / "other")) == []


async def test_an_upload_that_fails_is_aborted(
    bucket: Bucket, server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gateway(server) as through:
        monkeypatch.setenv("AWS_ENDPOINT_URL", through.url)
        storage = BucketStorage.at(bucket.storage_url, tmp_path / "workbench")
        await storage.prepare()
        through.refuse["partNumber=3"] = (403, "AccessDenied")
        draft = draft_of(storage, LARGE)
        with pytest.raises(Exception, match="refuses our key"):
            await storage.publish(draft, CHAPTER)
        assert draft.exists()
        assert bucket.unfinished() == bucket.objects() == []
        through.refuse.clear()
        await storage.publish(draft, CHAPTER)
        assert await read(storage, CHAPTER) == LARGE


async def test_what_was_fetched_is_gone_afterwards(remote: BucketStorage) -> None:
    await put(remote)
    async with remote.at_hand([CHAPTER]) as files:
        assert left_on_disk(remote) == [files[CHAPTER]]
    assert left_on_disk(remote) == []


async def test_one_book_at_a_time_is_fetched(remote: BucketStorage) -> None:
    await put(remote)
    most = 0

    async def use() -> None:
        nonlocal most
        async with remote.at_hand([CHAPTER]):
            await asyncio.sleep(0.05)
            most = max(most, len(left_on_disk(remote)))

    await asyncio.gather(use(), use(), use())
    assert most == 1


async def test_what_a_killed_process_fetched_is_swept(remote: BucketStorage) -> None:
    folder = remote.bench / "killed"
    folder.mkdir()
    (folder / CHAPTER).write_bytes(b"sound")
    await remote.sweep_drafts(3600)
    assert folder.exists()
    os.utime(folder, (0, 0))
    await remote.sweep_drafts(3600)
    assert not folder.exists()


async def test_the_event_loop_runs_on_while_the_store_is_slow(remote: BucketStorage, bucket: Bucket) -> None:
    draft, beats = draft_of(remote, LARGE), 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    os.kill(bucket.server.process.pid, signal.SIGSTOP)
    try:
        calls = [
            remote.publish(draft, CHAPTER),
            remote.exists(CHAPTER),
            remote.files_of(JOB),
            remote.delete_covers(JOB),
        ]
        asking, beating = asyncio.gather(*calls), asyncio.create_task(beat())
        await asyncio.sleep(0.5)
        assert beats > 20
        assert not asking.done()
    finally:
        os.kill(bucket.server.process.pid, signal.SIGCONT)
    await asking
    beating.cancel()
    assert await remote.exists(CHAPTER)


async def test_a_store_that_knows_no_conditions_is_asked_before(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONDITIONAL_PUT", "disabled")
    storage = BucketStorage.at(bucket.storage_url, tmp_path / "workbench")
    await storage.prepare()
    for content in (b"sound", LARGE):
        await put(storage, content=content)
        with pytest.raises(Exception, match="exists already"):
            await put(storage, content=content)
        await storage.delete(CHAPTER)
    assert bucket.objects() == []


def test_the_kinds_of_files_are_those_of_the_audio_formats() -> None:
    for audio in AudioFormat:
        for suffix in (audio.book_suffix, audio.chapter_suffix):
            assert MEDIA_TYPES[suffix.removeprefix(".")] == audio.media_type()
