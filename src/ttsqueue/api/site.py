"""What every route works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.identity import Identity
from ttsqueue.api.limits import Limits
from ttsqueue.api.live import Live
from ttsqueue.api.signing import AudioLinks
from ttsqueue.app import App


@dataclass(frozen=True, slots=True)
class Site:
    """One per server; lives as long as it."""

    app: App
    identity: Identity
    limits: Limits
    audio_links: AudioLinks
    live: Live
    sound_origin: str | None = None
    """The object store from which browsers fetch sound; None when it comes through this server."""

    async def identify(self, connection: HTTPConnection) -> Caller:
        """Who sent this request? Unauthenticated, Forbidden."""
        return await self.identity.identify(connection)


def the_site(connection: HTTPConnection) -> Site:
    site: Site = connection.app.state.site
    return site


async def the_caller(connection: HTTPConnection) -> Caller:
    """Unauthenticated."""
    return await the_site(connection).identify(connection)


TheSite = Annotated[Site, Depends(the_site)]
TheCaller = Annotated[Caller, Depends(the_caller)]
