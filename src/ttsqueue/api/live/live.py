"""Everything live of one server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from ttsqueue.api.caller import Caller
from ttsqueue.api.live.feed import Feed
from ttsqueue.api.live.hub import Hub
from ttsqueue.api.live.listener import Interest
from ttsqueue.api.live.tickets import Tickets
from ttsqueue.api.origins import Addresses
from ttsqueue.api.signing import AudioLinks
from ttsqueue.errors import Forbidden, JobNotFound
from ttsqueue.jobs import Job
from ttsqueue.queue import TTSQueue

Identify = Callable[[HTTPConnection], Awaitable[Caller]]

Connected = Callable[[Caller], AbstractContextManager[None]]
"""Counts a connection of this caller while it is open. Raises LimitReached."""


def _uncounted(_: Caller) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Live:
    """Made by `open_live`."""

    hub: Hub
    tickets: Tickets
    addresses: Addresses
    connected: Connected = _uncounted

    def check_origin(self, connection: HTTPConnection) -> None:
        """Forbidden for a page of another site, unless it brings what a browser does not send by itself.

        Browsers let any page open a WebSocket to us, with our cookie; with identity off not even that is needed.
        """
        brings_proof = "ticket" in connection.query_params or (
            "authorization" in connection.headers and "cookie" not in connection.headers
        )
        if not brings_proof and not self.addresses.welcomes(connection.headers):
            raise Forbidden(
                "A page of another site may not listen here; TTSQUEUE_ALLOWED_ORIGINS names those that may."
            )

    async def caller(self, connection: HTTPConnection, identify: Identify, ticket: str | None) -> Caller:
        """By the ticket, or else as for every request. Unauthenticated."""
        return await identify(connection) if ticket is None else self.tickets.take(ticket)

    @asynccontextmanager
    async def feed(self, caller: Caller, job_id: str | None) -> AsyncGenerator[Feed, None]:
        """One job, or all that the caller may see. JobNotFound, LimitReached, StoreError."""
        with self.connected(caller):
            interest = await self._interest(caller, job_id)
            with self.hub.listening(interest) as listener:
                yield Feed(self.hub, listener, caller.expires_at)

    def deleted(self, job: Job) -> None:
        """To be called by whoever deleted a job in this process."""
        self.hub.deleted(job)

    def end(self) -> None:
        """Every connection ends; to be called when the server begins to stop, before it waits for connections."""
        self.hub.end()

    async def _interest(self, caller: Caller, job_id: str | None) -> Interest:
        if job_id is None:
            return Interest() if caller.acts_for_all else Interest(user_id=caller.user_id)
        job = (await self.hub.state(job_id)).job
        if job is None:
            raise JobNotFound(job_id)
        caller.check_sees(job)
        return Interest(job_id=job_id)


@asynccontextmanager
async def open_live(
    queue: TTSQueue,
    links: AudioLinks,
    allowed_origins: frozenset[str] = frozenset(),
    connected: Connected = _uncounted,
) -> AsyncGenerator[Live, None]:
    """Runs the hub in the background. Tickets are signed with a key made from the secret of `links`."""
    live = Live(Hub(queue, links), Tickets(links.secret), Addresses(frozenset(), allowed_origins), connected)
    running = asyncio.create_task(live.hub.run())
    try:
        yield live
    finally:
        live.end()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
