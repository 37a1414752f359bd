"""Sound in an object store: whoever may hear it gets it from there, past us."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from ttsqueue.api.site import Site
from ttsqueue.storage import Storage

LIFETIME = timedelta(hours=1)
"""A player that was silent for longer asks us again."""

REDIRECT_HEADERS = {
    "Cache-Control": f"private, max-age={int(LIFETIME.total_seconds() / 2)}",
    "Referrer-Policy": "no-referrer",
}

_ANY = "00000000-0000-0000-0000-000000000000.book-0.m4b"
"""Every file lies at the same origin."""


async def origin_of_sound(storage: Storage) -> str | None:
    """`https://bucket.example.org` where sound can be fetched past us; None where it comes through this server."""
    address = await storage.address(_ANY, LIFETIME)
    if address is None:
        return None
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


async def sound_address(site: Site, file_id: str) -> str | None:
    """None for what comes through this server: always for covers, which are small."""
    if site.sound_origin is None or ".cover-" in file_id:
        return None
    return await site.app.storage.address(file_id, LIFETIME)
