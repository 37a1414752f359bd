"""A store in trouble is told in one sentence, without keys and addresses; what was finished stays."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.s3_server import Bucket, S3Server
from ttsqueue.errors import SettingsError, StoreUnavailable
from ttsqueue.storage.bucket import BucketStorage

from .files import CHAPTER, JOB, draft_of, put
from .gateway import Gateway, gateway

CALLS: dict[str, Callable[[BucketStorage], Awaitable[object]]] = {
    "publish": lambda storage: put(storage),
    "about": lambda storage: storage.about(CHAPTER),
    "exists": lambda storage: storage.exists(CHAPTER),
    "list": lambda storage: storage.files_of(JOB),
    "delete": lambda storage: storage.delete(CHAPTER),
    "delete job": lambda storage: storage.delete_job(JOB),
}


@pytest.fixture
def through(server: S3Server, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with gateway(server) as through:
        monkeypatch.setenv("AWS_ENDPOINT_URL", through.url)
        yield through


@pytest.fixture
async def troubled(through: Gateway, bucket: Bucket, tmp_path: Path) -> BucketStorage:
    storage = BucketStorage.at(bucket.storage_url, tmp_path / "workbench")
    await storage.prepare()
    return storage


def is_plain(error: BaseException) -> bool:
    words = str(error)
    return words.endswith(".") and not any(part in words for part in ("http", "127.0.0.1", "tests-", "\n", "Code"))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "InvalidAccessKeyId", "refuses our key"),
        (401, "Unauthorized", "refuses our key"),
        (400, "Strange", "does not answer"),
    ],
)
async def test_a_refusal_is_one_sentence(
    troubled: BucketStorage, through: Gateway, call: str, status: int, code: str, words: str
) -> None:
    through.refuse[" /"] = (status, code)
    with pytest.raises(StoreUnavailable, match=words) as caught:
        await CALLS[call](troubled)
    assert is_plain(caught.value)


@pytest.mark.parametrize("call", ["publish", "list", "delete"])
async def test_a_bucket_that_is_not_there_is_told(bucket: Bucket, tmp_path: Path, call: str) -> None:
    storage = BucketStorage.at("s3://no-such-bucket/sound", tmp_path / "workbench")
    await storage.prepare()
    if call == "delete":  # nothing is there to be deleted
        await CALLS[call](storage)
        return
    with pytest.raises(StoreUnavailable, match="bucket of the audio storage does not exist") as caught:
        await CALLS[call](storage)
    assert is_plain(caught.value)


async def test_a_hiccup_is_not_noticed(troubled: BucketStorage, through: Gateway) -> None:
    through.refuse["PUT"] = (503, "SlowDown")
    draft = draft_of(troubled, b"sound")
    publishing = asyncio.create_task(troubled.publish(draft, CHAPTER))
    await asyncio.to_thread(through.asked.wait, 10)
    through.refuse.clear()
    await publishing
    assert await troubled.exists(CHAPTER)
    assert len([line for line in through.requests if line.startswith("PUT")]) >= 2


async def test_a_store_that_stays_away_is_told_and_the_draft_stays(troubled: BucketStorage, through: Gateway) -> None:
    through.refuse[" /"] = (503, "SlowDown")
    draft = draft_of(troubled, b"sound")
    with pytest.raises(StoreUnavailable, match="does not answer"):
        await troubled.publish(draft, CHAPTER)
    assert draft.exists()


async def test_a_network_that_is_gone_is_told(bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(StoreUnavailable, match="does not answer"):
        await BucketStorage.at(bucket.storage_url, tmp_path).files_of(JOB)


@pytest.mark.parametrize(
    "url", ["", "books", "ftp://bucket", "s3://", "s3://key:secret@bucket", "s3://bucket?x=y", "https://bucket.example"]
)
def test_an_address_that_is_none_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"TTSQUEUE_STORAGE must be s3://bucket/prefix") as caught:
        BucketStorage.at(url, tmp_path)
    assert "secret" not in str(caught.value)


async def test_keys_may_stand_in_the_env_file_and_the_environment_wins(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(f"AWS_ENDPOINT_URL={bucket.server.url}\nAWS_REGION=eu-nowhere-1\nAWS_UNHEARD_OF=1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    storage = BucketStorage.at(bucket.storage_url, tmp_path / "workbench")
    await storage.prepare()
    await put(storage)
    assert len(bucket.objects()) == 1
