"""What a TTS server's answer means. What it says is not trusted: it may hold keys and addresses."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import responses

_SECRETS = re.compile(r"\b\w+://\S+|\b(?:sk|key|Bearer)[-_ ]\S+|\b\d{1,3}(?:\.\d{1,3}){3}\b", re.IGNORECASE)
_LONGEST = 200
_SOUND = ("audio/", "application/octet-stream")


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds, from a number or a date; None when there is none that can be read."""
    if header is None:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", header.strip()):
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - (now or datetime.now(UTC))).total_seconds(), 0.0)


def is_sound(content_type: str) -> bool:
    return content_type.lower().startswith(_SOUND)


def reason_of(status: int, body: bytes) -> str:
    """One short line of what the server says, without addresses and keys; else what its status is called."""
    said = _message_in(body).partition("\n")[0].strip()
    if said:
        return _SECRETS.sub("(hidden)", said)[:_LONGEST]
    return f"HTTP {status} {responses.get(status, '')}".rstrip()


def _message_in(body: bytes) -> str:
    """OpenAI: error.message; FastAPI: detail."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(told, dict):
        return ""
    inner = told.get("error", told.get("detail", told.get("message")))
    if isinstance(inner, dict):
        inner = inner.get("message")
    return inner if isinstance(inner, str) else ""
