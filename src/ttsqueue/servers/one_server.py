"""Is one TTS server written down twice? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from ttsqueue.servers.server import SpeechServer

_USUAL_PORTS = {"http": 80, "https": 443}


def written_twice(servers: Iterable[SpeechServer]) -> str | None:
    """A sentence about the first one; None if there is none.

    Each entry keeps limits of its own, so the server would be asked for twice as much as it takes. Not so when model or
    key differ: those who rent servers out count each for itself (OpenAI's limits are those of a model and a project).
    """
    first: dict[tuple[object, ...], SpeechServer] = {}
    for server in servers:
        before = first.setdefault((server.engine, server.model, server.api_key, *_place(server.url)), server)
        if before is not server:
            return (
                f"the servers {before.name!r} and {server.name!r} have one url, and each would have limits of its own. "
                'Make one of them: a voice of another language is written { name = "ff_siwis", language = "fr" }. Only '
                "servers that differ in model or key may have one url."
            )
    return None


def _place(url: str) -> tuple[object, ...]:
    """However it is written."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _USUAL_PORTS.get(parts.scheme), parts.path.rstrip("/")
