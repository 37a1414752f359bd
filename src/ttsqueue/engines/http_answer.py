"""What a TTS server's answer means. What it says is not trusted: it may hold keys and addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import responses

import httpx

from ttsqueue.secrets import HIDDEN, without_secrets

_LONGEST = 200
_SOUND = ("audio/", "application/octet-stream")
_FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectError, "it cannot be reached"),
    (httpx.ConnectTimeout, "it cannot be reached"),
    (httpx.TimeoutException, "it does not answer"),
    (TimeoutError, "its answer takes too long"),
    (httpx.DecodingError, "its answer is damaged"),
    (httpx.NetworkError, "it hung up in the middle of a call"),
    (httpx.RemoteProtocolError, "it hung up in the middle of a call"),
)


def in_words(error: Exception) -> str:
    """Of httpx; its own words name addresses."""
    return next((words for kind, words in _FAULTS if isinstance(error, kind)), "the call failed")


def retry_after(header: str | None, date: str | None = None) -> float | None:
    """Seconds, from a number or a moment; None when there is none that can be read.

    `date` is what the server says the time is: its clock may differ from ours.
    """
    if header is None:
        return None
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", header.strip()):
        return float(header)
    if (until := _moment(header)) is None:
        return None
    return max((until - (_moment(date or "") or datetime.now(UTC))).total_seconds(), 0.0)


def is_sound(headers: Mapping[str, str]) -> bool:
    """What is packed is none: nobody asked for that, and a small packet may hold any amount of bytes."""
    packed = headers.get("content-encoding", "identity").lower() != "identity"
    return not packed and headers.get("content-type", "").lower().startswith(_SOUND)


def reason_of(status: int, body: bytes, hidden: Iterable[str] = ()) -> str:
    """One short line of what the server says, without addresses and keys; else what its status is called.

    `hidden` are further words that nobody may see.
    """
    said = _message_in(body).strip()
    for word in filter(None, hidden):
        said = said.replace(word, HIDDEN)
    if said:
        return without_secrets(said)[:_LONGEST]
    return f"HTTP {status} {responses.get(status, '')}".rstrip()


def is_out_of_quota(body: bytes) -> bool:
    """OpenAI's 429 that no waiting helps against: there is no money left."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    error = told.get("error") if isinstance(told, dict) else None
    return isinstance(error, dict) and "insufficient_quota" in (error.get("code"), error.get("type"))


def _moment(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _message_in(body: bytes) -> str:
    """OpenAI: error.message; FastAPI: detail."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(told, dict):
        return ""
    inner = told.get("error", told.get("detail", told.get("message")))
    if isinstance(inner, dict):
        inner = inner.get("message")
    return inner if isinstance(inner, str) else ""
