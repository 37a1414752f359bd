"""The picture that comes with a new job, as a data URI."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from uuid import UUID

from ttsqueue.api.turns import Turns
from ttsqueue.covers import readable_cover, store_cover
from ttsqueue.errors import AudioError, InvalidJob, StoreUnavailable
from ttsqueue.jobs import NewJob
from ttsqueue.storage import Storage

MOST_BYTES = 5_000_000
_DATA_URI = re.compile(r"data:image/(?:jpeg|jpg|png);base64,", re.IGNORECASE)


async def with_given_cover(new: NewJob, data_uri: str, storage: Storage, turns: Turns) -> NewJob:
    """The job with its cover checked, encoded anew and stored. InvalidJob, StoreUnavailable."""
    try:
        work_id = str(UUID(new.work_id))
        original = picture_of(data_uri)
        async with turns.covers:
            cover = await readable_cover(original)
    except AudioError as error:
        raise InvalidJob(str(error)) from None
    except ValueError:
        raise InvalidJob(f"workId must be a UUID, not {new.work_id!r}.") from None
    try:
        file_id = await store_cover(cover, work_id, storage)
    except (AudioError, OSError) as error:
        raise StoreUnavailable(f"The cover cannot be stored: {error}") from error
    return replace(new, book=replace(new.book, cover_file_id=file_id))


def picture_of(data_uri: str) -> bytes:
    """What the data URI holds, not yet looked at. InvalidJob."""
    head = _DATA_URI.match(data_uri)
    if head is None:
        raise InvalidJob("cover must be a data URI of a JPEG or PNG picture: data:image/jpeg;base64,...")
    text = data_uri[head.end() :]
    if len(text) * 3 // 4 > MOST_BYTES + 2:
        raise InvalidJob(f"The cover is larger than {MOST_BYTES // 1_000_000} MB; choose a smaller picture.")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidJob("The cover is not valid base64; the data URI is damaged or cut off.") from None
