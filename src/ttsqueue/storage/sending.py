"""A file on its way into an object store, where nobody may have made one of this name before.

A small file goes in one request, which the store refuses when the name is taken. A larger one goes in parts, so that
memory stays flat and a broken connection costs one part; stores refuse nothing there, so an empty object beside it
says that the name is taken. Stores without such refusals are asked before, which is as good while nobody else writes
the same name, and names hold the lease of their writer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Literal

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError

from ttsqueue.errors import StoreUnavailable
from ttsqueue.storage.bucket_faults import BUCKET_MISSING, explained_by_store
from ttsqueue.storage.bucket_store import BucketStore
from ttsqueue.storage.media_types import media_type

ONE_REQUEST = 16 * 1024 * 1024
"""Bytes of the largest file that goes in one request; so many are held in memory, for each file on its way."""
_PART = 8 * 1024 * 1024
_PARTS_AT_ONCE = 4
_TAKEN = ".taken"
"""Ends the name of the empty object. One that a killed process left goes with its job."""

_CACHE_CONTROL = "private, max-age=31536000, immutable"


async def send(store: BucketStore, draft: Path, size: int, key: str) -> None:
    """`size` in bytes. AudioError when the name is taken, StoreUnavailable."""
    try:
        async with explained_by_store(key.rpartition("/")[2], patience=None):
            if size <= ONE_REQUEST:
                await _create(store, key, draft)
            else:
                async with _taken(store, key):
                    await _send_in_parts(store, key, draft)
    except FileNotFoundError as error:  # where else should it be put?
        raise StoreUnavailable(BUCKET_MISSING) from error


async def _create(store: BucketStore, key: str, content: Path | bytes) -> None:
    try:
        await _put(store, key, content, "create")
    except NotImplementedError:  # AWS_CONDITIONAL_PUT=disabled
        await _check_is_free(store, key)
        await _put(store, key, content, "overwrite")


async def _put(store: BucketStore, key: str, content: Path | bytes, mode: Literal["create", "overwrite"]) -> None:
    await obstore.put_async(store, key, content, mode=mode, use_multipart=False, attributes=_attributes(key))


async def _send_in_parts(store: BucketStore, key: str, draft: Path) -> None:
    await obstore.put_async(
        store,
        key,
        draft,
        use_multipart=True,
        chunk_size=_PART,
        max_concurrency=_PARTS_AT_ONCE,
        attributes=_attributes(key),
    )


@asynccontextmanager
async def _taken(store: BucketStore, key: str) -> AsyncIterator[None]:
    """Nobody else sends a file of this name meanwhile. AlreadyExistsError."""
    await _create(store, key + _TAKEN, b"")
    try:
        await _check_is_free(store, key)
        yield
    finally:
        with suppress(BaseError, FileNotFoundError):
            await obstore.delete_async(store, key + _TAKEN)


async def _check_is_free(store: BucketStore, key: str) -> None:
    with suppress(FileNotFoundError):
        await obstore.head_async(store, key)
        raise AlreadyExistsError


def _attributes(key: str) -> dict[str, str]:
    return {"Content-Type": media_type(key), "Cache-Control": _CACHE_CONTROL}
