"""The events as server-sent events, for `EventSource`.

Every message is a `data` line with the same JSON as over WebSocket. A heartbeat has a comment line too, for proxies.
After the final state of the one job that is watched comes `event: end` with `id: end`, and the stream ends. An
EventSource that nobody closes connects again, with that id, and is answered 204, which ends it for good. When the
identity expires `event: end` comes without an id, and connecting again is answered 401, which ends it as well. When
the server stops the stream breaks off, and EventSource connects again by itself.

EventSource cannot connect again with a ticket, which is good for one use: after `onerror`, ask for a new one.
"""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ttsqueue.api.caller import Caller
from ttsqueue.api.live.feed import HEARTBEAT, End, Ended, Feed
from ttsqueue.api.live.first_of import first_of
from ttsqueue.api.live.job_state import message
from ttsqueue.api.live.live import Live

MEDIA_TYPE = "text/event-stream"

LAST_ID = "end"
"""What EventSource sends as Last-Event-ID when it comes back after the end."""

PATIENCE = 60.0
"""Seconds that a client may take to take one message."""

_RETRY = "retry: 2000\n\n"
"""Milliseconds after which EventSource connects again."""


class EventStream(Response):
    """Refusals of the feed are raised before anything is sent, and answered as everywhere."""

    media_type = MEDIA_TYPE

    def __init__(self, live: Live, caller: Caller, job_id: str | None, status_code: int = 200) -> None:
        super().__init__(status_code=status_code, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["Content-Length"]
        self._live = live
        self._caller = caller
        self._job_id = job_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        async with self._live.feed(self._caller, self._job_id) as feed:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await first_of(_send_all(send, feed), _until_it_leaves(receive))


async def _send_all(send: Send, feed: Feed) -> None:
    await _send(send, _RETRY)
    try:
        while True:
            await _send(send, _event(await feed.next()))
    except Ended as ended:
        await _send(send, _end(ended.end), more=False)


async def _send(send: Send, text: str, more: bool = True) -> None:
    """TimeoutError breaks the connection off."""
    async with asyncio.timeout(PATIENCE):
        await send({"type": "http.response.body", "body": text.encode(), "more_body": more})


async def _until_it_leaves(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(text: str) -> str:
    comment = ": heartbeat\n" if text == HEARTBEAT else ""
    return f"{comment}data: {text}\n\n"


def _end(end: End) -> str:
    if end is End.STOPPING:
        return ""
    id_line = f"id: {LAST_ID}\n" if end is End.FINISHED else ""
    return (
        f"event: end\n{id_line}data: {message({'type': 'end', 'reason': end.name.lower(), 'message': end.value})}\n\n"
    )
