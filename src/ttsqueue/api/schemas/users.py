"""Answers about a user as a whole."""

from __future__ import annotations

from typing import Literal

from ttsqueue.api.schemas.wire import Wire


class Forgotten(Wire):
    """How many jobs were deleted, with their sound."""

    success: Literal[True]
    deleted: int
