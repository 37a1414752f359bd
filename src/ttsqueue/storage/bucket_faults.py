"""What goes wrong with an object store, in sentences: no key and no address of a server is in them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, UnauthenticatedError

from ttsqueue.errors import AlreadyStored, StoreUnavailable

PATIENCE = 60.0
"""Seconds that anything but an upload may take."""

_NO_BUCKET = ("NoSuchBucket", "ContainerNotFound", "The specified bucket does not exist")
_REFUSED = ("status code: 401", "status code: 403")
BUCKET_MISSING = "The bucket of the audio storage does not exist; make it, or correct TTSQUEUE_STORAGE."
_KEY_REFUSED = "The audio storage refuses our key; check its keys, and what they may do in the bucket."
_AWAY = "The audio storage does not answer; try again in a moment."


@asynccontextmanager
async def explained_by_store(file_id: str = "", patience: float | None = PATIENCE) -> AsyncIterator[None]:
    """Errors become StoreUnavailable, AlreadyStored for an id that is taken; FileNotFoundError stays.

    The original error is kept as the cause.
    """
    try:
        async with asyncio.timeout(patience):
            yield
    except AlreadyExistsError as error:
        raise AlreadyStored(file_id) from error
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise StoreUnavailable(_KEY_REFUSED) from error
    except FileNotFoundError as error:
        if _is_about_the_bucket(error):
            raise StoreUnavailable(BUCKET_MISSING) from error
        raise
    except (BaseError, TimeoutError) as error:
        raise StoreUnavailable(_what_it_means(error)) from error


def _what_it_means(error: Exception) -> str:
    """Lists and uploads in parts have one kind of error for everything: their words tell more."""
    if _is_about_the_bucket(error):
        return BUCKET_MISSING
    return _KEY_REFUSED if any(words in str(error) for words in _REFUSED) else _AWAY


def _is_about_the_bucket(error: Exception) -> bool:
    return any(words in str(error) for words in _NO_BUCKET)
