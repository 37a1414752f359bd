"""Public keys of whoever makes the access tokens: remembered, renewed, and never fetched in a storm."""

from __future__ import annotations

import asyncio
import logging
import time

from jwt import PyJWK

from ttsqueue.api.identity.jwks_download import check_jwks_url, download_keys
from ttsqueue.errors import Unauthenticated

_RETRY = 5.0
"""Seconds until the next fetch after one that failed."""

_log = logging.getLogger(__name__)


class Jwks:
    """One per server. A key that was withdrawn is refused after `lifespan` seconds.

    However many tokens name keys that nobody knows, the set is fetched at most once in `pause` seconds, and by one
    request at a time, the others waiting for it. While it cannot be fetched, the keys from before stay.
    """

    def __init__(self, url: str, *, lifespan: float = 600, pause: float = 30) -> None:
        """SettingsError when the URL is not https."""
        check_jwks_url(url)
        self._url = url
        self._lifespan = lifespan
        self._pause = pause
        self._keys: dict[str, PyJWK] = {}
        self._fresh_until = 0.0
        self._next_fetch = 0.0
        self._fetching: asyncio.Task[None] | None = None

    async def key(self, kid: str) -> PyJWK | None:
        """None for a key that is not in the set. Unauthenticated while there is no set."""
        if kid not in self._keys or time.monotonic() >= self._fresh_until:
            await self._renew()
        if not self._keys:
            raise Unauthenticated("The keys to check access tokens with are out of reach; try again in a moment.")
        return self._keys.get(kid)

    async def _renew(self) -> None:
        if self._fetching is None:
            if time.monotonic() < self._next_fetch:
                return
            self._next_fetch = time.monotonic() + self._pause
            self._fetching = asyncio.create_task(self._fetch())
        await asyncio.shield(self._fetching)  # who gives up waiting must not end it for the others

    async def _fetch(self) -> None:
        try:
            self._keys = await asyncio.to_thread(download_keys, self._url)
            self._fresh_until = time.monotonic() + self._lifespan
        except Exception as error:
            self._next_fetch = time.monotonic() + min(self._pause, _RETRY)
            _log.warning("the keys of access tokens cannot be fetched from TTSQUEUE_JWKS_URL: %s", error)
        finally:
            self._fetching = None
