"""The events over WebSocket.

A page cannot see why a handshake failed, but it can read the code and reason of a close. So a refused connection is
accepted and closed at once, with 4000 + the HTTP status and the sentence: 4401 no identity, 4403, 4404 no such job
or somebody else's, 4429 too many connections, 4503 the store does not answer. Only a page of a foreign origin is
refused before, with HTTP 403 and the usual body: it shall learn nothing.

Later it ends with 1000 when the one job that is watched is in its final state (sent before), 1008 when the identity
has expired, 1012 when the server stops, 1009 or 1003 when the client sends something large; anything small that it
sends is ignored.
"""

from __future__ import annotations

import asyncio
import logging

from starlette.websockets import WebSocket, WebSocketDisconnect

from ttsqueue.api.live.feed import End, Ended, Feed
from ttsqueue.api.live.first_of import first_of
from ttsqueue.api.live.live import Identify, Live
from ttsqueue.api.problems import problem, status_of
from ttsqueue.errors import Forbidden, StoreError, TTSQueueError

_log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds that a client may take to take one message."""

LARGEST = 4_096
"""Characters or bytes of a message that is ignored; more end the connection."""

_LULL = 0.01
"""Seconds between two messages of a client: whoever floods us fills the network's buffers, not our time."""

_CODES = {End.FINISHED: 1000, End.EXPIRED: 1008, End.STOPPING: 1012}

Close = tuple[int, str]


async def serve_websocket(websocket: WebSocket, live: Live, identify: Identify) -> None:
    """From handshake to close."""
    try:
        live.check_origin(websocket)
    except Forbidden as error:
        await websocket.send_denial_response(problem(403, error.code, str(error)))
        return
    await websocket.accept()
    try:
        code, reason = await _converse(websocket, live, identify)
        await websocket.close(code, _short(reason))
    except WebSocketDisconnect:
        pass  # the client has left, or takes nothing any more


async def _converse(websocket: WebSocket, live: Live, identify: Identify) -> Close:
    try:
        caller = await live.caller(websocket, identify, websocket.query_params.get("ticket"))
        async with live.feed(caller, websocket.query_params.get("jobId")) as feed:
            return await first_of(_send(websocket, feed), _receive(websocket))
    except StoreError as error:
        _log.warning("%s: %s", error.code, error)
        return 4503, "The job store does not answer; try again in a moment."
    except TTSQueueError as error:
        return 4000 + status_of(error), str(error)


async def _send(websocket: WebSocket, feed: Feed) -> Close:
    try:
        while True:
            text = await feed.next()
            async with asyncio.timeout(PATIENCE):
                await websocket.send_text(text)
    except Ended as ended:
        return _CODES[ended.end], ended.end.value
    except TimeoutError:
        return 1008, "Messages were not taken in time."


async def _receive(websocket: WebSocket) -> Close:
    """Ends when the client leaves or sends something large."""
    while True:
        event = await websocket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1006))
        if len(event.get("text") or "") > LARGEST:
            return 1009, "Messages to this address are ignored; this one was too long even for that."
        if len(event.get("bytes") or b"") > LARGEST:
            return 1003, "Messages to this address are ignored; this one was too long even for that."
        await asyncio.sleep(_LULL)


def _short(reason: str) -> str:
    """The protocol has room for 123 bytes."""
    return reason.encode()[:123].decode(errors="ignore")
