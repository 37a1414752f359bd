"""Where the next page of a list begins, as callers carry it around."""

from __future__ import annotations

import base64
import binascii

from ttsqueue.errors import InvalidJob

NEWEST = 2**53
"""Above every number of arrival: the first page begins below it."""

_PREFIX = b"before:"
_NOT_OURS = "This cursor was not made by this queue; start again without one."


def cursor_before(seq: int) -> str:
    """For the page that begins below this number of arrival."""
    return base64.urlsafe_b64encode(_PREFIX + str(seq).encode()).decode()


def place_of(cursor: str | None) -> int:
    """The number of arrival below which the page begins. InvalidJob when the cursor is not ours."""
    if cursor is None:
        return NEWEST
    try:
        prefix, _, number = base64.b64decode(cursor, b"-_", validate=True).partition(_PREFIX)
        seq = int(number)
    except (ValueError, binascii.Error):
        raise InvalidJob(_NOT_OURS) from None
    if prefix or not 0 < seq <= NEWEST:
        raise InvalidJob(_NOT_OURS)
    return seq
