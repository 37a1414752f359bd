"""What kinds of files there are, as HTTP names them."""

from __future__ import annotations

from collections.abc import Mapping

MEDIA_TYPES: Mapping[str, str] = {
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "jpg": "image/jpeg",
    "png": "image/png",
}


def media_type(file_id: str) -> str:
    """By the suffix; what is none of ours is bytes, and no browser runs it."""
    return MEDIA_TYPES.get(file_id.rpartition(".")[2], "application/octet-stream")
