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
_MOST_FAULTS = 3
"""Of a list of them."""
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


def reason_of(status: int, body: bytes, hidden: Iterable[str] = (), content_type: str = "") -> str:
    """One short line of what the server says, without addresses and keys; else what its status is called.

    `hidden` are further words that nobody may see.
    """
    said = "".join(filter(_is_shown, _words_in(body, content_type))).strip()
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


def _is_shown(character: str) -> bool:
    return character.isprintable() or character.isspace()


def _words_in(body: bytes, content_type: str) -> str:
    try:
        return _message_in(json.loads(body))
    except (ValueError, RecursionError):
        return _first_line(body) if content_type.startswith("text/plain") else ""


def _message_in(told: object) -> str:
    """OpenAI: error.message; FastAPI: detail, which is a list when the request was wrong."""
    if not isinstance(told, dict):
        return ""
    inner = told.get("error", told.get("detail", told.get("message")))
    if isinstance(inner, list):
        return "; ".join(filter(None, map(_fault_in, inner[:_MOST_FAULTS])))
    if isinstance(inner, dict):
        inner = inner.get("message")
    return inner if isinstance(inner, str) else ""


def _fault_in(told: object) -> str:
    """FastAPI: what is wrong, and where. The text itself stands there as well, and is left out."""
    if not isinstance(told, dict) or not isinstance(words := told.get("msg"), str):
        return ""
    place = told.get("loc")
    return f"{'.'.join(map(str, place))}: {words}" if isinstance(place, list) and place else words


def _first_line(body: bytes) -> str:
    """Of words; what looks like a page or like broken JSON is none."""
    line = next(iter(body.decode(errors="ignore").strip().splitlines()), "").strip()
    return "" if line.startswith(("<", "{", "[")) else line
