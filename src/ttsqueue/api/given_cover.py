"""The picture that comes with a new job, as a data URI."""

from __future__ import annotations

import base64
import binascii
import re

from ttsqueue.api.turns import Turns
from ttsqueue.covers import Cover, readable_cover, store_cover
from ttsqueue.errors import AudioError, InvalidJob, StoreUnavailable
from ttsqueue.storage import Storage

MOST_BYTES = 5_000_000
_DATA_URI = re.compile(r"data:image/(?:jpeg|jpg|png);base64,", re.IGNORECASE)


async def given_cover(data_uri: str, turns: Turns) -> Cover:
    """The picture, checked and encoded anew. InvalidJob."""
    original = picture_of(data_uri)
    try:
        async with turns.covers:
            return await readable_cover(original)
    except AudioError as error:
        raise InvalidJob(str(error)) from None


async def stored_cover(cover: Cover, work_id: str, storage: Storage) -> str:
    """The id of its file, which is there already or is made now. StoreUnavailable."""
    try:
        return await store_cover(cover, work_id, storage)
    except (AudioError, OSError) as error:
        raise StoreUnavailable(f"The cover cannot be stored: {error}") from error


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
