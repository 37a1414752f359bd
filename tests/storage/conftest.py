"""Both places for sound, and a real S3 server behind one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.s3_server import Bucket, S3Server, s3_server
from ttsqueue.storage import LocalStorage, Storage
from ttsqueue.storage.bucket import BucketStorage


@pytest.fixture(scope="session")
def server() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def bucket(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """A fresh one; the environment has the keys of it."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server.new_bucket()


@pytest.fixture
async def remote(bucket: Bucket, tmp_path: Path) -> BucketStorage:
    storage = BucketStorage.at(bucket.storage_url, tmp_path / "workbench")
    await storage.prepare()
    return storage


@pytest.fixture(params=["folder", "bucket"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """The same is asked of each."""
    chosen: Storage = LocalStorage(tmp_path / "audio")
    if request.param == "bucket":
        bucket: Bucket = request.getfixturevalue("bucket")
        chosen = BucketStorage.at(bucket.storage_url, tmp_path / "workbench")
    await chosen.prepare()
    return chosen
